//! Files of charges that a pull writes, and the list that identifies them later.
//!
//! A pull writes each charge once, so identical charges in two of its files are real. A file counts
//! as written by a pull only if the pull's list contains it with the same size in bytes; its name
//! is not enough.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::layout::{BILLING, CHUNKS, MAX_LIST_BYTES};
use crate::file::read_text;

/// File that a pull wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chunk {
    /// Path below `billing`, with `/` between folders.
    pub(super) file: String,
    /// Size in bytes.
    pub(super) bytes: u64,
    /// Number of charges.
    pub(super) line_items: u64,
}

/// Returns the file name for charges of a billing period, such as
/// `BILLING_PERIOD=2026-10/00001.parquet`.
pub(super) fn chunk_name(period: &str, number: usize) -> String {
    format!("BILLING_PERIOD={period}/{number:05}.parquet")
}

/// Lists of estates. Each is read once.
#[derive(Debug, Default)]
pub struct Chunks(BTreeMap<PathBuf, BTreeMap<String, u64>>);

impl Chunks {
    /// Returns the `billing` folder of the pull that wrote a file; `None` if no pull wrote it, or
    /// if the file has changed since. If a list cannot be read, its files are compared like any
    /// others.
    pub fn pull_of(&mut self, file: &Path) -> Option<String> {
        let period = file.parent()?;
        let billing =
            period.parent().filter(|b| b.file_name().is_some_and(|name| name == BILLING))?;
        let name = format!("{}/{}", period.file_name()?.to_str()?, file.file_name()?.to_str()?);
        let listed = self
            .0
            .entry(billing.to_owned())
            .or_insert_with(|| list(&billing.with_file_name(CHUNKS)));
        let bytes = listed.get(&name)?;
        let is_as_written = fs::metadata(file).is_ok_and(|m| m.len() == *bytes);
        is_as_written.then(|| billing.to_string_lossy().into_owned())
    }
}

fn list(path: &Path) -> BTreeMap<String, u64> {
    let all = read_list(path).unwrap_or_default();
    all.into_iter().map(|chunk| (chunk.file, chunk.bytes)).collect()
}

/// Reads a list of files that a pull wrote; `None` if it cannot be read.
pub(super) fn read_list(path: &Path) -> Option<Vec<Chunk>> {
    serde_json::from_str(&read_text(path, MAX_LIST_BYTES).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::super::{Estate, EstateWriter, FORMAT, Manifest};
    use super::*;
    use polars::prelude::*;

    #[test]
    fn a_chunk_is_known_by_the_list_and_not_by_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("estate");
        let mut writer = EstateWriter::create(&root).expect("a writer");
        for number in [1, 2] {
            let mut frame = df!("BilledCost" => [number, 7]).expect("a column");
            writer
                .chunk("2026-10", number.try_into().expect("small"), &mut frame)
                .expect("written");
        }
        writer.list_chunks().expect("written");
        let as_of = "2026-11-01".parse().expect("a day");
        let manifest = Manifest {
            format: FORMAT,
            name: "x".to_owned(),
            as_of,
            tag_keys: Vec::new(),
            partial: Vec::new(),
            notes: Vec::new(),
        };
        writer.commit(&manifest).expect("moved");
        let billing =
            PathBuf::from(Estate::open(&root.to_string_lossy()).expect("an estate").billing);
        let file = |number| billing.join(chunk_name("2026-10", number));
        fs::copy(file(1), file(3)).expect("copied");
        fs::write(file(2), "other").expect("written");
        let pull_of = |number| Chunks::default().pull_of(&file(number));
        assert_eq!(pull_of(1), Some(billing.to_string_lossy().into_owned()));
        assert_eq!((pull_of(2), pull_of(3)), (None, None), "changed, and copied there");
        assert_eq!(Chunks::default().pull_of(Path::new("00001.parquet")), None);
    }
}
