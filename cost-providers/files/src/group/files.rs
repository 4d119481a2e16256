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

/// Files that are scanned together: one format, one raw schema, and one set of partition columns.
pub(crate) struct Group {
    pub(super) format: Format,
    pub(super) schema: Schema,
    pub(super) partitions: Vec<(String, String)>,
    pub(crate) kind: Kind,
    pub(super) files: Vec<Member>,
}

/// Opened file of a group.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) file: BillFile,
    pub(super) opened: Opened,
}

/// Content of an opened file.
#[derive(Clone)]
pub(super) enum Opened {
    Parquet(ParquetFile),
    Text(Box<TextFile>),
}

/// Properties that the files of a group share, for lookup.
pub(super) type Shape = (Format, Vec<(String, String)>, Vec<PlSmallStr>);

impl Group {
    /// Checks for columns that the bill needs in addition to those that identify it.
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

    /// Returns `error`, the result of `look` for the rows of all files, as an error about the file
    /// that causes it. Each file is checked individually, and the first failing one is named with
    /// its problem; if none fails individually, the first file is named.
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

    /// Returns the first file, which errors about all files name.
    pub(crate) fn first(&self) -> &Path {
        self.files.first().map_or(Path::new(""), |m| &m.file.path)
    }

    /// Returns the properties that groups must share to be scanned together.
    pub(super) fn shape(&self) -> Shape {
        (self.format, self.partitions.clone(), self.schema.iter_names().cloned().collect())
    }

    /// Returns whether the files of both groups can be scanned together, if their shapes are the
    /// same.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.schema == other.schema && self.kind.of_azure() == other.kind.of_azure()
    }

    /// Returns the raw rows of all files.
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

    /// Returns the charges of each file.
    pub(crate) fn origins(&self) -> Result<Vec<Origin>, ProviderError> {
        let origin = |member: &Member| {
            let raw = self.rows_of(std::slice::from_ref(member))?;
            let rows = self.kind.charges(&raw).map_err(|e| unreadable(&member.file.path, &e))?;
            Ok(Origin { label: member.file.label(), rows })
        };
        self.files.iter().map(origin).collect()
    }
}
