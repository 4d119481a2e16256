//! Cases: files, and the allowed results.

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::bill::{Bill, Sums, bill};
use crate::damage;
use crate::export::{export, is_newer};
use crate::pack::{Form, Result, gzip, parquet, zipped, zstd};
use crate::text::Style;

/// Change to a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Written in another form, split, renamed, packed: the same total.
    Same,
    /// With duplicate charges in other files: the same total, or an error.
    Copied,
    /// Damaged text.
    Text,
    /// Damaged compressed text, which has checksums: the same total, or an error.
    Packed,
    /// Parquet with damage at any position.
    Parquet,
    /// Parquet with a changed footer.
    Footer,
    /// Parquet with changed page headers.
    Page,
    /// Exports with manifests: the newer version.
    Export,
    /// Exports with damaged manifests: one of the versions, or an error.
    Manifest,
    /// Few bytes that decompress to many.
    Bomb,
}

pub(crate) const KINDS: [Kind; 10] = [
    Kind::Same,
    Kind::Copied,
    Kind::Text,
    Kind::Packed,
    Kind::Parquet,
    Kind::Footer,
    Kind::Page,
    Kind::Export,
    Kind::Manifest,
    Kind::Bomb,
];

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Copied => "copied",
            Self::Text => "text",
            Self::Packed => "packed",
            Self::Parquet => "parquet",
            Self::Footer => "footer",
            Self::Page => "page",
            Self::Export => "export",
            Self::Manifest => "manifest",
            Self::Bomb => "bomb",
        }
    }
}

/// Allowed results. An error must name a file or the folder.
#[derive(Clone, Debug)]
pub(crate) enum Want {
    /// These totals, and no error.
    Sums(Sums),
    /// One of these totals, or an error.
    SumsOrError(Vec<Sums>),
    /// One of these totals, an error, or other totals with a note that one of these files was not
    /// read.
    SumsOrSaid(Vec<Sums>, Vec<String>),
    /// Any totals, or an error: the damaged file may be another valid bill.
    Anything,
}

pub(crate) struct Case {
    pub(crate) kind: Kind,
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) want: Want,
    /// Description of the change.
    pub(crate) how: String,
}

/// Creates the case of a number: the same each time.
pub(crate) fn case(seed: u64, number: u64, only: Option<Kind>) -> Result<Case> {
    let at = usize::try_from(number % 10).unwrap_or(0);
    let kind = only.unwrap_or(KINDS[at]);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(number);
    let rng = &mut rng;
    match kind {
        Kind::Same => same(rng),
        Kind::Copied => copied(rng),
        Kind::Export => {
            let export = export(rng)?;
            let manifests = export
                .manifests
                .into_iter()
                .map(|(path, json)| (path, json.to_string().into_bytes()));
            let files = export.files.into_iter().chain(manifests).collect();
            Ok(Case {
                kind,
                files,
                want: Want::Sums(export.newer.sums),
                how: "an export".to_owned(),
            })
        }
        Kind::Manifest => manifest(rng),
        Kind::Bomb => bomb(rng),
        Kind::Text | Kind::Packed | Kind::Parquet | Kind::Footer | Kind::Page => damaged(kind, rng),
    }
}

/// Creates a bill, small in most cases.
fn some_bill(rng: &mut ChaCha8Rng) -> Bill {
    let rows =
        if rng.random_bool(0.1) { rng.random_range(60..400) } else { rng.random_range(1..40) };
    bill(rng, rows)
}

const FOLDERS: [&str; 5] = ["", "2026/05/", "May 2026/", "ü/", "a/b/c/d/"];

/// Writes the bill to some files, as one writer does: the same columns, each file with its own
/// compression.
fn files(bill: &Bill, name: &str, rng: &mut ChaCha8Rng) -> Result<Vec<(String, Vec<u8>)>> {
    let parts = if rng.random_bool(0.5) { 1 } else { rng.random_range(2..5) };
    let mut files = Vec::new();
    let (of_all, style, types) = (Form::any(rng), Style::any(rng), rng.clone());
    for (at, mut sheet) in bill.sheet.split(rng, parts).into_iter().enumerate() {
        sheet.respell(rng);
        let form = if of_all == Form::Parquet { of_all } else { Form::any_text(rng) };
        let bytes = match form {
            Form::Parquet => parquet(&sheet, &mut types.clone())?,
            _ => form.file(&sheet, &style, rng)?,
        };
        let ending = if rng.random_bool(0.2) { ".dat" } else { form.ending() };
        let folder = FOLDERS[rng.random_range(0..FOLDERS.len())];
        files.push((format!("{folder}{name}{at}{ending}"), bytes));
    }
    Ok(files)
}

fn same(rng: &mut ChaCha8Rng) -> Result<Case> {
    let mut bill = some_bill(rng);
    bill.sheet.shuffle(rng);
    let files = files(&bill, "bill", rng)?;
    Ok(Case {
        kind: Kind::Same,
        files,
        want: Want::Sums(bill.sums),
        how: "written otherwise".to_owned(),
    })
}

/// All charges, or more than half of them, a second time.
fn copied(rng: &mut ChaCha8Rng) -> Result<Case> {
    let rows = rng.random_range(6..40);
    let bill = bill(rng, rows);
    let mut copy = bill.clone();
    copy.sheet.rows.shuffle(rng);
    // If an account and month have one or two charges, it cannot be determined whether they are
    // part of a larger file: 18 rows are three for each of six of them.
    if rows >= 24 {
        copy.sheet.rows.truncate(rows * 3 / 4);
    }
    let form = Form::any(rng);
    let first = form.file(&bill.sheet, &Style::any(rng), rng)?;
    let mut files = vec![(format!("bill{}", form.ending()), first)];
    if rng.random_bool(0.2) {
        let again = files[0].1.clone();
        files.push(("bill (1).csv".to_owned(), again));
    } else {
        let form = Form::any(rng);
        let again = form.file(&copy.sheet, &Style::any(rng), rng)?;
        files.push((
            format!("{}again{}", FOLDERS[rng.random_range(0..FOLDERS.len())], form.ending()),
            again,
        ));
    }
    Ok(Case {
        kind: Kind::Copied,
        files,
        want: Want::SumsOrError(vec![bill.sums]),
        how: "a copy beside it".to_owned(),
    })
}

fn damaged(kind: Kind, rng: &mut ChaCha8Rng) -> Result<Case> {
    let mut bill = some_bill(rng);
    bill.sheet.rows.truncate(60);
    let sheet = &bill.sheet;
    let (name, mut bytes, want) = match kind {
        Kind::Text => ("bill.csv", Form::Plain.file(sheet, &Style::any(rng), rng)?, Want::Anything),
        Kind::Packed => {
            let text = Form::Plain.file(sheet, &Style::PLAIN, rng)?;
            let (name, bytes) = match rng.random_range(0..3) {
                0 => ("bill.csv.gz", gzip(&text)?),
                1 => ("bill.csv.zst", zstd(&text)?),
                _ => ("bill.zip", zipped(&text, rng.random_bool(0.5))?),
            };
            (name, bytes, Want::SumsOrError(Vec::new()))
        }
        _ => ("bill.parquet", parquet(sheet, rng)?, Want::Anything),
    };
    let how = match kind {
        Kind::Packed if rng.random_bool(0.7) => damage::flip(&mut bytes, rng),
        Kind::Packed => {
            let at = rng.random_range(0..bytes.len());
            bytes.truncate(at);
            format!("cut at {at}")
        }
        Kind::Footer => damage::parquet_footer(&mut bytes, rng).unwrap_or_default(),
        Kind::Page => damage::parquet_page(&mut bytes, rng).unwrap_or_default(),
        Kind::Text => damage::bytes(&mut bytes, 6, rng),
        _ if rng.random_bool(0.5) => damage::flip(&mut bytes, rng),
        _ => damage::bytes(&mut bytes, 4, rng),
    };
    let sums = sums_of(&bill);
    let want = if matches!(want, Want::Anything) { want } else { Want::SumsOrError(vec![sums]) };
    Ok(Case { kind, files: vec![(name.to_owned(), bytes)], want, how })
}

/// Returns the totals of rows that may be fewer than the original bill had.
fn sums_of(bill: &Bill) -> Sums {
    let sum = |column: &str| {
        let at = bill.sheet.column(column).unwrap_or(0);
        bill.sheet.rows.iter().filter_map(|r| r[at].parse::<rust_decimal::Decimal>().ok()).sum()
    };
    Sums {
        billed: sum("BilledCost"),
        effective: sum("EffectiveCost"),
        line_items: u64::try_from(bill.sheet.rows.len()).unwrap_or(0),
    }
}

fn manifest(rng: &mut ChaCha8Rng) -> Result<Case> {
    let mut export = export(rng)?;
    let at = rng.random_range(0..export.manifests.len());
    let (path, json) = &mut export.manifests[at];
    let mut how = format!("{path}: {}", damage::json(json, rng));
    let mut manifests: Vec<(String, Vec<u8>)> = export
        .manifests
        .iter()
        .map(|(path, json)| (path.clone(), json.to_string().into_bytes()))
        .collect();
    match rng.random_range(0..6) {
        0 => {
            how = format!("without {}", manifests.remove(at).0);
        }
        1 => {
            let (path, bytes) = &mut manifests[at];
            how = format!("{path}: {}", damage::bytes(bytes, 3, rng));
        }
        2 => {
            let gone = rng.random_range(0..export.files.len());
            how = format!("{how}; without {}", export.files.remove(gone).0);
        }
        _ => {}
    }
    let newer = export.files.iter().map(|(path, _)| path.clone()).filter(|p| is_newer(p)).collect();
    let want = Want::SumsOrSaid(vec![export.newer.sums, export.older.sums], newer);
    let files = export.files.into_iter().chain(manifests).collect();
    Ok(Case { kind: Kind::Manifest, files, want, how })
}

/// Up to 256 MiB of one byte, or of one line, in some kilobytes.
fn bomb(rng: &mut ChaCha8Rng) -> Result<Case> {
    let bill = bill(rng, 3);
    let mut text = Form::Plain.file(&bill.sheet, &Style::PLAIN, rng)?;
    if rng.random_bool(0.2) {
        text.clear();
    }
    let unit: &[u8] = [&b"x"[..], b",", b"\"", b"\n", b"x,", b"\"\",", b"\0", b"\n\n,", b"\xff"]
        [rng.random_range(0..9_usize)];
    let mib = [1, 17, 64, 256][rng.random_range(0..4_usize)];
    text.extend(unit.repeat((mib << 20) / unit.len()));
    let (name, bytes) = match rng.random_range(0..3) {
        0 => ("bill.csv.gz", gzip(&text)?),
        1 => ("bill.csv.zst", zstd(&text)?),
        _ => ("bill.zip", zipped(&text, false)?),
    };
    // Blank lines at the end have no meaning.
    let want = Want::SumsOrError(vec![bill.sums]);
    let how = format!("{mib} MiB of {:?}", String::from_utf8_lossy(unit));
    Ok(Case { kind: Kind::Bomb, files: vec![(name.to_owned(), bytes)], want, how })
}
