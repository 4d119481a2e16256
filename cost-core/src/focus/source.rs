//! [`SourceFile`]: a file at a bill's location, and whether it is part of the figures.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Description of a file that describes the bills next to it, such as `README.md`. Notes do not
/// mention that it was not read; the data quality of a review lists all of them in one line.
pub const PAGE: &str = "a page of text";

/// A file at a bill's location, and whether it is part of the figures.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct SourceFile {
    /// Path of the file.
    pub path: String,
    /// Whether the file is part of the figures.
    pub status: FileStatus,
    /// Format of the file, such as `FOCUS, Parquet` or `an Excel workbook`.
    pub what: String,
    /// Why the file is not part of the figures, and how to include it. For a file that was read:
    /// the part that was not, such as a title.
    pub reason: Option<String>,
    /// Line items read. In a bill with several currencies, only those in the report's currency.
    /// `None` if the file is not part of the figures.
    pub line_items: Option<u64>,
    /// Line items that the footer or the manifest states, if any.
    #[serde(skip)]
    pub expected_rows: Option<u64>,
    /// Exporter's schema. Files with the same schema count as parts of one export.
    #[serde(skip)]
    pub source: Source,
    /// Export run that wrote the file, if a manifest states it. Files of one run are parts of one
    /// bill, with each charge written once.
    #[serde(skip)]
    pub run: Option<String>,
}

/// Export run of each file.
pub(crate) struct Runs<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Runs<'a> {
    /// Returns the runs of the files whose run is known.
    pub(crate) fn of(files: &'a [SourceFile]) -> Self {
        Self(files.iter().filter_map(|f| Some((f.path.as_str(), f.run.as_deref()?))).collect())
    }

    /// Returns whether two files are parts of one run.
    pub(crate) fn are_one(&self, a: &str, b: &str) -> bool {
        self.0.get(a).is_some_and(|run| self.0.get(b) == Some(run))
    }
}

/// An exporter's schema.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Format of the bill, such as `FOCUS` or `AWS Cost and Usage Report`.
    pub kind: String,
    /// Number that identifies its set of columns.
    pub schema: usize,
}

/// Whether a file is part of the figures.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum FileStatus {
    /// Read: part of the figures.
    Read,
    /// Not read: a newer version of it was read.
    Superseded,
    /// Not read: the same file was read under another name.
    Duplicate,
    /// Not read: it is not a bill, or it was not selected.
    #[serde(rename = "left-out")]
    Excluded,
}

impl FileStatus {
    /// Returns the label for reports.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Superseded => "superseded",
            Self::Duplicate => "duplicate",
            Self::Excluded => "excluded",
        }
    }
}

/// Largest number of files that a note names for one reason.
const FILES_NAMED: usize = 3;

/// Returns notes about files that are not part of the figures, one per reason, and about files of
/// which a part was not read.
#[must_use]
pub fn unread(files: &[SourceFile]) -> Vec<String> {
    let partly = files.iter().filter(|f| f.status == FileStatus::Read);
    let partly = partly
        .filter_map(|f| Some(format!("{}: {}", f.path, f.reason.as_deref()?)))
        .collect::<Vec<_>>();
    let mut reasons: BTreeMap<(FileStatus, &str, &str), Vec<&str>> = BTreeMap::new();
    for file in files.iter().filter(|f| f.status != FileStatus::Read && f.what != PAGE) {
        let reason = (file.status, file.what.as_str(), file.reason.as_deref().unwrap_or_default());
        reasons.entry(reason).or_default().push(&file.path);
    }
    let line = |((status, what, reason), paths): (&(FileStatus, &str, &str), &Vec<&str>)| {
        let named = paths.iter().take(FILES_NAMED).copied().collect::<Vec<_>>().join(", ");
        let more = paths.len().saturating_sub(FILES_NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("not read ({}): {named}{more}: {what}; {reason}", status.label())
    };
    reasons.iter().map(line).chain(partly).collect()
}
