//! Any text is read or refused, without a panic. (Not Parquet with internal damage: polars trusts
//! its page headers and can request more memory than available. Truncated or invalid Parquet is
//! refused: see `broken`.) Longer: `PROPTEST_CASES=200000 cargo test --release --workspace --test
//! e2e fuzz`.

use std::fs;
use std::io::Write;

use cost_core::focus::conformance::validate;
use cost_core::rollup::roll_up;
use cost_provider_focus::FocusFiles;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use crate::support::{HEADER, ROW};

/// Opens, rolls up and validates whatever is in the file.
fn read(name: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("written");
    let files = FocusFiles::new(path.to_str().expect("UTF-8"));
    if let Ok(bill) = files.bill(&["team".to_owned()]) {
        let _ = roll_up(&bill);
    }
    if let Ok((origins, _)) = files.raw() {
        let _ = validate(&origins, None, 3);
    }
}

/// Cells that are nearly right, and cells that are not.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just(String::new()),
        4 => "-?[0-9]{0,12}(\\.[0-9]{0,14})?([eE][-+]?[0-9]{1,3})?",
        4 => "20[0-9]{2}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-6][0-9]:00Z)?",
        2 => prop_oneof![Just("USD"), Just("Usage"), Just("Credit"), Just("NULL"), Just("\""), Just("\"\"")]
            .prop_map(ToOwned::to_owned),
        3 => "\\{(\"[a-z]{1,4}\":(\"[^\"\\\\]{0,6}\"|[0-9]{1,3}|null|\\[\\]|\\{\\}),?){0,3}\\}?",
        2 => "\\PC{0,12}",
    ]
}

/// A good bill with some of its bytes replaced, inserted or cut off.
fn damaged(good: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let changes =
        proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>(), 0_u8..3), 0..12);
    changes.prop_map(move |changes| {
        let mut bytes = good.clone();
        for (at, byte, how) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => bytes.truncate(at.max(1)),
            }
        }
        bytes
    })
}

fn good() -> Vec<u8> {
    format!("{HEADER}\n{}", format!("{ROW}\n").repeat(4)).into_bytes()
}

fn gzipped() -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(&good()).expect("written");
    gz.finish().expect("finished")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fuzz_cells(rows in proptest::collection::vec(proptest::collection::vec(cell(), 20), 1..6), quoted in any::<bool>()) {
        let line = |cells: &Vec<String>| {
            let quote = |c: &String| if quoted { format!("\"{}\"", c.replace('"', "\"\"")) } else { c.clone() };
            cells.iter().map(quote).collect::<Vec<_>>().join(",")
        };
        let text = format!("{HEADER}\n{}\n", rows.iter().map(line).collect::<Vec<_>>().join("\n"));
        read("bill.csv", text.as_bytes());
    }

    #[test]
    fn fuzz_damaged_csv(bytes in damaged(good())) {
        read("bill.csv", &bytes);
    }

    #[test]
    fn fuzz_damaged_gzip(bytes in damaged(gzipped())) {
        read("bill.csv.gz", &bytes);
    }

    #[test]
    fn fuzz_anything(bytes in proptest::collection::vec(any::<u8>(), 0..400), kind in 0_usize..3) {
        read(["bill.csv", "bill.csv.gz", "bill.parquet"][kind], &bytes);
    }
}
