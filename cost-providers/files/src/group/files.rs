//! A group: files of one kind and schema, and their rows.

use std::path::Path;

use cost_core::focus::{Origin, Rows};
use cost_core::shield::shield;
use cost_provider_api::ProviderError;
use polars::prelude::*;

use super::labeled::Labeled;
use crate::bill_file::{BillFile, Format, unreadable};
use crate::kind::Kind;
use crate::now::named;
use crate::parquet::{ParquetFile, ParquetFiles};
use crate::text::TextFile;

/// Files that are scanned together: of one format, one raw schema, and one set of partition
/// columns.
pub(crate) struct Group {
    pub(super) format: Format,
    pub(super) schema: Schema,
    pub(super) partitions: Vec<(String, String)>,
    pub(crate) kind: Kind,
    pub(super) files: Vec<Member>,
}

/// A file of a group, opened.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) file: BillFile,
    pub(super) opened: Opened,
}

/// What is known of a file once it was opened.
#[derive(Clone)]
pub(super) enum Opened {
    Parquet(ParquetFile),
    Text(Box<TextFile>),
}

/// What the files of a group have in common, as far as it can be looked up.
pub(super) type Shape = (Format, Vec<(String, String)>, Vec<PlSmallStr>);

impl Group {
    /// What a bill cannot be read without, beyond the columns it is recognized by.
    pub(crate) fn complete(&self) -> Result<(), ProviderError> {
        let Kind::Report(report) = &self.kind else { return Ok(()) };
        let lacks = report.lacks();
        if lacks.is_empty() {
            return Ok(());
        }
        let problem = format!(
            "the columns {} are missing from this Cost and Usage Report: add them to the export",
            lacks.join(", ")
        );
        Err(unreadable(self.first(), &problem))
    }

    /// `error`, which `look` ended with on the rows of all files, as an error of the file that it
    /// is about: each is looked at alone, and the first that fails is named, with what is wrong
    /// with it. The first of all if none fails alone.
    pub(crate) fn blame<T>(
        &self,
        error: &PolarsError,
        look: impl Fn(&Kind, &Rows) -> PolarsResult<T>,
    ) -> ProviderError {
        let failure = |member: &Member| {
            let rows = match self.rows_of(std::slice::from_ref(member)) {
                Ok(rows) => rows,
                Err(error) => return Some(error),
            };
            shield(|| look(&self.kind, &rows)).err().map(|e| unreadable(&member.file.path, &e))
        };
        let several = if self.files.len() > 1 { self.files.as_slice() } else { &[] };
        several.iter().find_map(failure).unwrap_or_else(|| unreadable(self.first(), error))
    }

    /// The first file, which errors about all of them name.
    pub(crate) fn first(&self) -> &Path {
        self.files.first().map_or(Path::new(""), |m| &m.file.path)
    }

    /// What it has in common with groups that it may be scanned with.
    pub(super) fn shape(&self) -> Shape {
        (self.format, self.partitions.clone(), self.schema.iter_names().cloned().collect())
    }

    /// Whether files of both can be scanned together, if their shapes are the same.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.schema == other.schema && self.kind.of_azure() == other.kind.of_azure()
    }

    /// The raw rows of all files.
    pub(crate) fn rows(&self) -> Result<Rows, ProviderError> {
        self.rows_of(&self.files)
    }

    fn rows_of(&self, members: &[Member]) -> Result<Rows, ProviderError> {
        let rows = match self.format {
            Format::Parquet => {
                let parquet = |m: &Member| match &m.opened {
                    Opened::Parquet(parquet) => Some(parquet.clone()),
                    Opened::Text(_) => None,
                };
                let parquets = members.iter().filter_map(parquet).collect();
                Rows::new(ParquetFiles::new(parquets, &self.schema, &self.partitions))
            }
            Format::Text(_) => {
                let text = |m: &Member| match &m.opened {
                    Opened::Text(text) => {
                        Some(Rows::new(Labeled::new((**text).clone(), &m.file, &self.partitions)))
                    }
                    Opened::Parquet(_) => None,
                };
                Rows::concat(members.iter().filter_map(text).collect())
                    .map_err(|e| unreadable(self.first(), &e))?
            }
        };
        Ok(named(rows, members.iter().map(|m| &m.file)))
    }

    /// The charges of each file.
    pub(crate) fn origins(&self) -> Result<Vec<Origin>, ProviderError> {
        let origin = |member: &Member| {
            let raw = self.rows_of(std::slice::from_ref(member))?;
            let rows = self.kind.charges(&raw).map_err(|e| unreadable(&member.file.path, &e))?;
            Ok(Origin { label: member.file.label(), rows })
        };
        self.files.iter().map(origin).collect()
    }
}
