//! An opened file, and the kind of bill of its rows.

use std::path::Path;

use cost_core::focus::{FileStatus, PAGE, Source, SourceFile, columns};
use cost_provider_api::ProviderError;
use polars::prelude::*;

use super::files::{Group, Member, Opened};
use crate::bill_file::{BillFile, Format, unreadable};
use crate::kind::Kind;
use crate::now::Now;
use crate::parquet::ParquetFile;
use crate::text::TextFile;

/// Minimum number of columns of a table without a header line before it is compared with the bills
/// next to it. Chosen.
const FEWEST_COLUMNS: usize = 10;

/// Why a text is not read. It is the same for all of them, so that notes name them in one line.
const TEXT: &str = "it has no columns of a bill: if it is an error message saved in place of one, download that again";
/// Why a file that describes the bills next to it is not read.
const DESCRIBES: &str = "by its name, it describes the files next to it";
/// Endings of names of prose, which is not a table whatever its commas.
const PROSE: [&str; 5] = ["md", "txt", "log", "rst", "html"];
/// Names, without their endings, of files that people put next to data. Chosen.
const COMPANIONS: [&str; 12] = [
    "readme",
    "license",
    "licence",
    "copying",
    "notice",
    "changelog",
    "contributing",
    "authors",
    "manifest",
    "checksums",
    "sha256sums",
    "md5sums",
];
/// Endings of names of such files: documentation, programs, and settings. Chosen.
const COMPANION_ENDINGS: [&str; 10] =
    ["md", "rst", "py", "sh", "sql", "toml", "yaml", "yml", "ini", "cfg"];

/// Opened file, and the kind of bill of its rows.
pub(super) struct Shaped {
    pub(super) file: BillFile,
    pub(super) schema: Schema,
    opened: Opened,
    pub(super) kind: Kind,
    rows: Option<u64>,
    /// Note for readers of the figures.
    pub(super) note: Option<String>,
}

impl Shaped {
    /// `None` for a file without a line of column names.
    pub(super) fn of(file: &BillFile, is_alone: bool) -> Result<Option<Self>, ProviderError> {
        let _now = Now::reading(&file.label());
        let (schema, rows, opened) = match file.format {
            Format::Parquet => {
                let parquet = ParquetFile::open(file)?;
                (parquet.schema().clone(), Some(parquet.rows()), Opened::Parquet(parquet))
            }
            Format::Text(packing) => {
                let Some(text) = TextFile::open(file.path.clone(), packing)? else {
                    return Ok(None);
                };
                (text.columns().clone(), None, Opened::Text(Box::new(text)))
            }
        };
        let rows = rows.and_then(|r| u64::try_from(r).ok());
        if let (Some(rows), Some(said)) =
            (rows, file.rows.filter(|said| rows.is_some_and(|r| r != *said)))
        {
            let problem =
                format!("it has {rows} rows, but its manifest lists {said}: copy the export again");
            return Err(unreadable(&file.path, &problem));
        }
        let kind = Kind::of(&schema);
        // Tables that are not a bill are not checked.
        let is_bill = is_alone || !matches!(kind, Kind::Other);
        let opened = match opened {
            Opened::Text(text) if is_bill => Opened::Text(Box::new(text.into_bill()?)),
            other => other,
        };
        Ok(Some(Self {
            file: file.clone(),
            schema,
            opened,
            kind,
            rows: rows.or(file.rows),
            note: None,
        }))
    }

    /// Returns whether it is any kind of table: text with one column is prose.
    pub(super) fn is_table(&self) -> bool {
        let is_prose = ending(&self.file.path).is_some_and(|e| PROSE.contains(&e.as_str()));
        matches!(self.opened, Opened::Parquet(_)) || self.schema.len() > 1 && !is_prose
    }

    /// Returns what a text is that is not a table, and why it is not read.
    pub(super) fn text(&self) -> (&'static str, String) {
        match Kind::guess(&self.schema) {
            Some(guess) => ("a table that cannot be read", format!("it is {guess}")),
            None if is_companion(&self.file.path) => (PAGE, DESCRIBES.to_owned()),
            None => ("a text file", TEXT.to_owned()),
        }
    }

    /// Returns whether its first line is data: a number or a date is not a column name.
    pub(super) fn lacks_header(&self) -> bool {
        let is_data =
            |name: &PlSmallStr| name.parse::<f64>().is_ok() || name.get(..10).is_some_and(is_day);
        matches!(self.kind, Kind::Other)
            && self.schema.len() >= FEWEST_COLUMNS
            && self.schema.iter_names().any(is_data)
    }

    /// Returns the status of the file.
    pub(super) fn source(&self, is_bill: bool) -> SourceFile {
        let title = match &self.opened {
            Opened::Text(text) => text.title(),
            Opened::Parquet(_) => None,
        };
        let notes = [title, self.note.clone()].into_iter().flatten().collect::<Vec<_>>();
        let notes = (!notes.is_empty()).then(|| notes.join("; "));
        let table = || format!("{}, {}", self.kind.as_str(), self.file.format.as_str());
        let (what, reason) = if is_bill {
            (table(), notes)
        } else if self.is_table() {
            (table(), Some(no_bill(&self.schema)))
        } else {
            let (what, reason) = self.text();
            (what.to_owned(), Some(reason))
        };
        SourceFile {
            path: self.file.label(),
            status: if is_bill { FileStatus::Read } else { FileStatus::Excluded },
            what,
            reason,
            line_items: None,
            expected_rows: self.rows.filter(|_| self.kind.keeps_rows()),
            source: Source::default(),
            run: self.file.run.clone(),
        }
    }

    /// Returns the file as a group with one file.
    pub(super) fn alone(&self) -> Group {
        Group {
            format: self.file.format,
            schema: self.schema.clone(),
            partitions: partitions(&self.file, &self.schema),
            kind: self.kind.clone(),
            files: vec![Member { file: self.file.clone(), opened: self.opened.clone() }],
        }
    }
}

fn ending(path: &Path) -> Option<String> {
    path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase())
}

/// Returns whether a file describes the data next to it, by its name.
fn is_companion(path: &Path) -> bool {
    let name = path.file_stem().map(|s| s.to_string_lossy().to_ascii_lowercase());
    ending(path).is_some_and(|e| COMPANION_ENDINGS.contains(&e.as_str()))
        || name.is_some_and(|name| COMPANIONS.contains(&name.as_str()))
}

fn is_day(text: &str) -> bool {
    text.parse::<chrono::NaiveDate>().is_ok()
}

fn no_bill(schema: &Schema) -> String {
    if let Some(guess) = Kind::guess(schema) {
        return format!("it is {guess}");
    }
    let first: Vec<&str> = schema.iter_names().map(PlSmallStr::as_str).take(3).collect();
    format!(
        "it lacks required columns, such as BilledCost; its first columns are {}",
        first.join(", ")
    )
}

/// Returns FOCUS columns that exist only in the path of a file.
fn partitions(file: &BillFile, schema: &Schema) -> Vec<(String, String)> {
    let has = |name: &str| {
        schema.iter_names().any(|h| columns::lookup(h).is_some_and(|c| c.name == name))
    };
    let missing = |(key, _): &&(String, String)| columns::lookup(key).is_some_and(|c| !has(c.name));
    file.partitions.iter().filter(missing).cloned().collect()
}
