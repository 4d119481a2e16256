//! [`SourceFile`]: what became of each file of a bill.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a file for people is, such as a page that explains the bills beside it: that it is not read
/// is no news.
pub const PAGE: &str = "a page of text";

/// One file of a bill's location, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct SourceFile {
    /// Where it is.
    pub path: String,
    /// Whether it is in the figures.
    pub status: FileStatus,
    /// What it is, such as `FOCUS, Parquet` or `an Excel workbook`.
    pub what: String,
    /// Why it is not in the figures, and what to do if it should be; of a file that is, what of it
    /// is not, such as a title.
    pub reason: Option<String>,
    /// Line items read, of a bill in several currencies those in the currency of the report; `None`
    /// if it is not in the figures.
    pub line_items: Option<u64>,
    /// Line items it has by its footer or its manifest, if that says.
    #[serde(skip)]
    pub expected_rows: Option<u64>,
    /// Which exporter's schema it has: files of one are parts of one export, as far as can be told.
    #[serde(skip)]
    pub source: Source,
    /// The run that wrote it, if what names the run's files says so: files of one run are parts of
    /// one bill, each charge written once.
    #[serde(skip)]
    pub run: Option<String>,
}

/// Which run each file is of.
pub(crate) struct Runs<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Runs<'a> {
    /// Those of files that say so.
    pub(crate) fn of(files: &'a [SourceFile]) -> Self {
        Self(files.iter().filter_map(|f| Some((f.path.as_str(), f.run.as_deref()?))).collect())
    }

    /// Whether two files are parts of one run.
    pub(crate) fn are_one(&self, a: &str, b: &str) -> bool {
        self.0.get(a).is_some_and(|run| self.0.get(b) == Some(run))
    }
}

/// An exporter's schema.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Which bill it is, such as `FOCUS` or `AWS Cost and Usage Report`.
    pub kind: String,
    /// A number for its set of columns.
    pub schema: usize,
}

/// Whether a file is in the figures.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum FileStatus {
    /// It is.
    Read,
    /// A newer version of it is.
    Superseded,
    /// The same file is, under another name.
    Duplicate,
    /// It is no bill, or was not asked for.
    LeftOut,
}

impl FileStatus {
    /// For people.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Superseded => "superseded",
            Self::Duplicate => "duplicate",
            Self::LeftOut => "left out",
        }
    }
}

/// Files that are named of those with one reason for not being read.
const FILES_NAMED: usize = 3;

/// Files of the location that are not in the figures, a line for each reason, and what of the
/// others is not.
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
