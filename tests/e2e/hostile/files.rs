//! Things that are no files, damaged files, and files of another kind.

use super::case::{Case, Kind, Thing, case};
use crate::support::{HEADER, ROW};

/// Commands with a file that is not what it should be; `FILE` stands for it.
const PLACES: [&[&str]; 6] = [
    &["review", "FILE"],
    &["validate", "FILE"],
    &["review", "{}/bill.csv", "--config", "FILE"],
    &["review", "{}/bill.csv", "--decisions", "FILE"],
    &["anomalies", "{}/bill.csv", "--state", "FILE"],
    &["review", "{}/bill.csv", "--report-currency", "EUR", "--rates", "FILE"],
];

/// Contents that no reader expects.
fn contents() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("zeros", vec![0; 4096]),
        ("random bytes", (0..4096_u32).map(|n| u8::try_from(n * 97 % 251).unwrap_or(0)).collect()),
        ("JSON", b"{\"version\": 1, \"format\": 99}".to_vec()),
        ("deep JSON", [b"[".repeat(100_000), b"]".repeat(100_000)].concat()),
        ("a number", b"1".to_vec()),
        ("Parquet magic", b"PAR1\0\0\0\0PAR1".to_vec()),
        ("gzip magic", b"\x1f\x8b\x08\0\0\0\0\0".to_vec()),
        ("zstd magic", b"\x28\xb5\x2f\xfd\x00".to_vec()),
        ("zip magic", b"PK\x03\x04\0\0\0\0".to_vec()),
        ("HTML", b"<html><body>Sign in</body></html>".to_vec()),
        (
            "an error as XML",
            b"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>".to_vec(),
        ),
        ("controls", b"\x1b[31m,\x1b]0;x\x07\n\x9b,\x85\n".to_vec()),
        ("bidi header", "\u{202e}BilledCost,\u{200b}Tags\n1,2\n".as_bytes().to_vec()),
        ("a quote without end", b"BilledCost,\"a\n1,2\n".to_vec()),
        ("UTF-16", "BilledCost,x\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    let bill = format!("{HEADER}\n{ROW}\n");
    let mut all = Vec::new();
    for place in PLACES {
        let args: Vec<String> = place.iter().map(|a| a.replace("FILE", "{}/thing.csv")).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let of = |what: &str| {
            let name = format!("{what}: {}", place.join(" "));
            case(Kind::Files, &name, &args, &[1, 3]).file("bill.csv", bill.clone())
        };
        all.extend(contents().into_iter().map(|(what, bytes)| of(what).file("thing.csv", bytes)));
        all.push(of("folder").thing("thing.csv", Thing::Folder));
        // Bills are regular files; the others are not refused yet.
        if args.len() == 2 {
            all.push(of("pipe").thing("thing.csv", Thing::Pipe));
            all.push(of("device").thing("thing.csv", Thing::Link("/dev/zero".to_owned())));
        }
        all.push(of("link to itself").thing("thing.csv", Thing::Link("thing.csv".to_owned())));
    }
    all
}
