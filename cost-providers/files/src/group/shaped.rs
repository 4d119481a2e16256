//! An opened file, and the kind of bill of its rows.

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
    fn is_table(&self) -> bool {
        const PROSE: [&str; 5] = ["md", "txt", "log", "rst", "html"];
        let ending = self.file.path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        self.schema.len() > 1 && !ending.is_some_and(|e| PROSE.contains(&e.as_str()))
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
        SourceFile {
            path: self.file.label(),
            status: if is_bill { FileStatus::Read } else { FileStatus::Excluded },
            what: match () {
                () if is_bill || self.is_table() => {
                    format!("{}, {}", self.kind.as_str(), self.file.format.as_str())
                }
                () if Kind::guess(&self.schema).is_some() => {
                    "a table that cannot be read".to_owned()
                }
                () => PAGE.to_owned(),
            },
            reason: if is_bill { notes } else { Some(no_bill(&self.schema)) },
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
