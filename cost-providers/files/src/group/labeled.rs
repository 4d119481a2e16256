//! Text table with the columns that its path contains.

use std::sync::Arc;

use cost_core::focus::{Batches, Columns, FILE, RowSource, UnreadCells};
use polars::prelude::*;

use crate::bill_file::BillFile;
use crate::text::TextFile;

/// Text table with the columns that its path contains.
pub(super) struct Labeled {
    text: TextFile,
    columns: Vec<(PlSmallStr, String)>,
    schema: SchemaRef,
}

impl Labeled {
    pub(super) fn new(text: TextFile, file: &BillFile, partitions: &[(String, String)]) -> Self {
        let mut columns: Vec<(PlSmallStr, String)> =
            partitions.iter().map(|(k, v)| (k.as_str().into(), v.clone())).collect();
        columns.push((FILE.into(), file.label()));
        let mut schema = text.columns().clone();
        schema.extend(columns.iter().map(|(name, _)| (name.clone(), DataType::String)));
        Self { text, columns, schema: Arc::new(schema) }
    }
}

impl RowSource for Labeled {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn unread(&self) -> Vec<UnreadCells> {
        vec![self.text.unread()]
    }

    fn batches(&self, wanted: Option<&Columns>) -> Batches<'_> {
        let is_wanted = |name: &PlSmallStr| wanted.is_none_or(|w| w.contains(name));
        let columns = self.columns.iter().filter(|(name, _)| is_wanted(name));
        let columns: Vec<Expr> =
            columns.map(|(name, value)| lit(value.clone()).alias(name.clone())).collect();
        Box::new(
            self.text.batches(wanted).map(move |batch| Ok(batch?.with_columns(columns.clone()))),
        )
    }
}
