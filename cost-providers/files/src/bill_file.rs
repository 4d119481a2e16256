//! [`BillFile`]: one file of a bill, its format, and its name in messages.

use std::borrow::Cow;
use std::fs;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::time::SystemTime;

use cost_provider_api::ProviderError;
use percent_encoding::percent_decode_str;

use crate::unpack::Packing;

/// Format of a bill file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Apache Parquet.
    Parquet,
    /// Text table, compressed or not.
    Text(Packing),
}

impl Format {
    /// Returns the format by the file name extension, for places where opening a file is expensive.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let ends = [
            (".csv", Self::Text(Packing::Plain)),
            (".csv.gz", Self::Text(Packing::Gzip)),
            (".zip", Self::Text(Packing::Zip)),
            (".csv.zst", Self::Text(Packing::Zstd)),
            (".parquet", Self::Parquet),
        ];
        ends.into_iter().find_map(|(end, format)| name.ends_with(end).then_some(format))
    }

    /// Returns the name of the format for messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Parquet => "Parquet",
            Self::Text(Packing::Plain) => "CSV",
            Self::Text(Packing::Gzip) => "CSV in gzip",
            Self::Text(Packing::Zip) => "CSV in a ZIP archive",
            Self::Text(Packing::Zstd) => "CSV in zstd",
        }
    }
}

/// One file of a bill.
#[derive(Clone, Debug)]
pub struct BillFile {
    /// Path of the file.
    pub path: PathBuf,
    /// Format of the file.
    pub format: Format,
    /// `key=value` folders in its path, as Hive-partitioned exports have them.
    pub partitions: Vec<(String, String)>,
    /// Row count in its manifest, if stated.
    pub rows: Option<u64>,
    /// Run that wrote it, from its manifest or its pull. Files of one run are parts of one bill, so
    /// equal charges in them are real.
    pub run: Option<String>,
}

impl BillFile {
    /// Returns the name of the file for messages.
    #[must_use]
    pub fn label(&self) -> String {
        slashes(&self.path)
    }
}

/// Returns a file as a bill file, with the partitions in its path.
#[must_use]
pub fn bill_file(path: PathBuf, format: Format) -> BillFile {
    let part = |c: &std::ffi::OsStr| {
        let (key, value) = c.to_str()?.split_once('=')?;
        (!key.is_empty()).then(|| (key.to_owned(), partition_value(value)))
    };
    let partitions = path.parent().into_iter().flat_map(Path::iter).filter_map(part).collect();
    BillFile { path, format, partitions, rows: None, run: None }
}

/// Folder of rows without a value. Source: Apache Hive, `hive.exec.default.partition.name`; Spark
/// writes the same.
const NO_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";

/// Returns the value in a `key=value` folder name. Hive and Spark percent-encode special
/// characters, such as `%3A`, and have a name for missing values.
fn partition_value(text: &str) -> String {
    let text = if text == NO_VALUE { "" } else { text };
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), Cow::into_owned)
}

/// Returns a path for messages and for the file column, with `/` between folders as in polars.
pub(crate) fn slashes(path: &Path) -> String {
    with_slashes(&path.to_string_lossy(), MAIN_SEPARATOR)
}

/// Where `\` is not a separator, it stays as it is.
fn with_slashes(path: &str, separator: char) -> String {
    path.replace(separator, "/")
}

/// Returns when a file was last modified.
///
/// # Errors
/// [`ProviderError::Unreadable`] if the time cannot be read: then the file is neither older nor
/// newer than others.
pub(crate) fn modified(path: &Path) -> Result<SystemTime, ProviderError> {
    fs::metadata(path).and_then(|m| m.modified()).map_err(|e| {
        let problem = format!(
            "the time of its last change cannot be read ({e}), so the newest file cannot \
                be determined: choose files with --only GLOB"
        );
        unreadable(path, &problem)
    })
}

pub(crate) fn unreadable(path: &Path, problem: &impl ToString) -> ProviderError {
    ProviderError::Unreadable { location: slashes(path), problem: problem.to_string() }
}

#[cfg(test)]
mod tests {
    use super::{partition_value, with_slashes};

    #[test]
    fn partitions_have_the_values_that_were_written() {
        for (text, value) in [
            ("2026-09", "2026-09"),
            ("BoxUsage%3Am5.large", "BoxUsage:m5.large"),
            ("100%", "100%"),
            ("%FF", "%FF"),
            ("__HIVE_DEFAULT_PARTITION__", ""),
        ] {
            assert_eq!(partition_value(text), value);
        }
    }

    #[test]
    fn folders_are_parted_by_slashes_on_every_system() {
        assert_eq!(with_slashes(r"bills\2026-05\may.csv", '\\'), "bills/2026-05/may.csv");
        assert_eq!(with_slashes(r"bills/a\b.csv", '/'), r"bills/a\b.csv");
    }
}
