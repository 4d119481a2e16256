//! [`BillFile`]: one file of a bill, how it is written, and what it is called.

use std::borrow::Cow;
use std::fs;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::time::SystemTime;

use cost_provider_api::ProviderError;
use percent_encoding::percent_decode_str;

use crate::unpack::Packing;

/// How a bill file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Apache Parquet.
    Parquet,
    /// A table of text, packed or not.
    Text(Packing),
}

impl Format {
    /// By the end of a file's name: for places where looking into a file costs.
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

    /// For people.
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
    /// Where it is.
    pub path: PathBuf,
    /// How it is written.
    pub format: Format,
    /// `key=value` folders on the way to it, as hive-partitioned exports have them.
    pub partitions: Vec<(String, String)>,
    /// Rows it has by its manifest, if that says.
    pub rows: Option<u64>,
    /// The run that wrote it, by its manifest or its pull: files of one run are parts of one bill,
    /// and alike charges in them are real.
    pub run: Option<String>,
}

impl BillFile {
    /// What to call it in messages.
    #[must_use]
    pub fn label(&self) -> String {
        slashes(&self.path)
    }
}

/// A file as a bill file, with the partitions its path names.
#[must_use]
pub fn bill_file(path: PathBuf, format: Format) -> BillFile {
    let part = |c: &std::ffi::OsStr| {
        let (key, value) = c.to_str()?.split_once('=')?;
        (!key.is_empty()).then(|| (key.to_owned(), partition_value(value)))
    };
    let partitions = path.parent().into_iter().flat_map(Path::iter).filter_map(part).collect();
    BillFile { path, format, partitions, rows: None, run: None }
}

/// The folder of the rows without a value. Source: Apache Hive, `hive.exec.default.partition.name`;
/// Spark writes the same.
const NO_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";

/// The value that a folder `key=value` stands for: Hive and Spark write what is no plain letter of
/// a path as `%3A`, and have a name for none.
fn partition_value(text: &str) -> String {
    let text = if text == NO_VALUE { "" } else { text };
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), Cow::into_owned)
}

/// A path as it is called in messages and in the column of files: with `/` between folders, as the
/// engine has it.
pub(crate) fn slashes(path: &Path) -> String {
    with_slashes(&path.to_string_lossy(), MAIN_SEPARATOR)
}

/// `\` is a letter like others where it is no separator.
fn with_slashes(path: &str, separator: char) -> String {
    path.replace(separator, "/")
}

/// When a file was last changed.
///
/// # Errors
/// [`ProviderError::Unreadable`] if that cannot be told: it is neither older nor newer than others
/// then.
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
