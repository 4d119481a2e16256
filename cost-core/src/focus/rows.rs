//! [`Rows`]: the rows of a bill, read on request in batches of bounded size.

use std::collections::BTreeSet;
use std::sync::Arc;

use polars::prelude::*;

use super::unread::UnreadCells;

/// Batches of rows, in the order of the file. An error ends them.
pub type Batches<'a> = Box<dyn Iterator<Item = PolarsResult<LazyFrame>> + Send + 'a>;

/// Source of rows: a file, several files with one schema, or a frame.
pub trait RowSource: Send + Sync {
    /// Returns the names and types of the columns.
    fn schema(&self) -> &SchemaRef;

    /// Reads all rows from the first on; each call reads again. `columns` are the columns that will
    /// be used, all if `None`; a source may skip the others.
    fn batches(&self, columns: Option<&Columns>) -> Batches<'_>;

    /// Returns cells that were unreadable in the last complete read and count as null, in columns
    /// that costs do not depend on.
    fn unread(&self) -> Vec<UnreadCells> {
        Vec::new()
    }

    /// Returns the single value of all non-null cells of a text column; `None` if it is not known
    /// without reading, or there are several.
    fn only_value(&self, _column: &str) -> Option<String> {
        None
    }
}

/// Column with the file of each row, in a source of several files. A source of one file may omit
/// it.
pub const FILE: &str = "x_#File";

/// Column names.
pub type Columns = BTreeSet<PlSmallStr>;

/// Rows with one schema. Cloning is cheap: nothing is read before [`Rows::batches`].
#[derive(Clone)]
pub struct Rows(Arc<dyn RowSource>);

impl Rows {
    /// Creates rows from a source.
    #[must_use]
    pub fn new(source: impl RowSource + 'static) -> Self {
        Self(Arc::new(source))
    }

    /// Creates rows from a lazy frame, as one batch.
    ///
    /// # Errors
    /// The engine's error if the frame's columns cannot be determined.
    pub fn of_frame(mut frame: LazyFrame) -> PolarsResult<Self> {
        let schema = frame.collect_schema()?;
        Ok(Self::new(Frame { schema, frame }))
    }

    /// Returns the names and types of the columns.
    #[must_use]
    pub fn schema(&self) -> &SchemaRef {
        self.0.schema()
    }

    /// Reads all rows, in batches of bounded size if the source supports it.
    #[must_use]
    pub fn batches(&self) -> Batches<'_> {
        self.0.batches(None)
    }

    /// Returns the single value of all non-null cells of a text column; `None` if it is not known
    /// without reading, or there are several.
    #[must_use]
    pub fn only_value(&self, column: &str) -> Option<String> {
        self.0.only_value(column)
    }

    /// Returns cells that were unreadable in the last complete read and count as null, in columns
    /// that costs do not depend on.
    #[must_use]
    pub fn unread(&self) -> Vec<UnreadCells> {
        self.0.unread()
    }

    /// Reads rows as [`Rows::batches`], but only the named columns are guaranteed.
    #[must_use]
    pub fn batches_of(&self, columns: &Columns) -> Batches<'_> {
        self.0.batches(Some(columns))
    }

    /// Returns rows with `expressions` evaluated on each row. Only the columns that they use are
    /// read.
    ///
    /// # Errors
    /// The engine's error if the resulting columns cannot be determined.
    pub fn select(&self, expressions: Vec<Expr>) -> PolarsResult<Self> {
        let wanted = leaves(&expressions);
        self.derive(wanted, move |frame| Ok(frame.select(expressions.clone())))
    }

    /// Returns rows with `make` applied to each batch. Only the columns `wanted` are read.
    ///
    /// # Errors
    /// Those of `make` on a frame without rows.
    pub fn derive(
        &self,
        wanted: Columns,
        make: impl Fn(LazyFrame) -> PolarsResult<LazyFrame> + Send + Sync + 'static,
    ) -> PolarsResult<Self> {
        let schema = make(DataFrame::empty_with_schema(self.schema()).lazy())?.collect_schema()?;
        Ok(Self::new(Derived { inner: self.clone(), wanted, schema, make: Box::new(make) }))
    }
}

/// Returns the columns that expressions use.
#[must_use]
pub fn leaves(expressions: &[Expr]) -> Columns {
    let names = |e: &Expr| match e {
        Expr::Column(name) => Some(name.clone()),
        _ => None,
    };
    expressions.iter().flat_map(IntoIterator::into_iter).filter_map(names).collect()
}

struct Frame {
    schema: SchemaRef,
    frame: LazyFrame,
}

impl RowSource for Frame {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn batches(&self, _: Option<&Columns>) -> Batches<'_> {
        Box::new(std::iter::once(Ok(self.frame.clone())))
    }
}

impl Rows {
    /// Concatenates the rows of several sources with one schema.
    ///
    /// # Errors
    /// An error if there are no sources, or their columns differ.
    pub fn concat(all: Vec<Self>) -> PolarsResult<Self> {
        let Some(first) = all.first() else {
            polars_bail!(ComputeError: "no rows to put together")
        };
        polars_ensure!(all.iter().all(|r| r.schema() == first.schema()), ComputeError: "rows of different columns");
        Ok(if all.len() == 1 { first.clone() } else { Self::new(Concat(all)) })
    }
}

struct Concat(Vec<Rows>);

impl RowSource for Concat {
    fn schema(&self) -> &SchemaRef {
        self.0[0].schema()
    }

    fn batches(&self, columns: Option<&Columns>) -> Batches<'_> {
        let columns = columns.cloned();
        Box::new(self.0.iter().flat_map(move |rows| rows.0.batches(columns.as_ref())))
    }

    fn unread(&self) -> Vec<UnreadCells> {
        self.0.iter().flat_map(Rows::unread).collect()
    }

    fn only_value(&self, column: &str) -> Option<String> {
        only(self.0.iter().map(|rows| rows.only_value(column)))
    }
}

/// Returns the value that all share; `None` if one has no value or a different one.
pub fn only(values: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    let mut values = values.into_iter();
    let first = values.next()??;
    values.all(|value| value.as_deref() == Some(&first)).then_some(first)
}

type Make = dyn Fn(LazyFrame) -> PolarsResult<LazyFrame> + Send + Sync;

struct Derived {
    inner: Rows,
    wanted: Columns,
    schema: SchemaRef,
    make: Box<Make>,
}

impl RowSource for Derived {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn unread(&self) -> Vec<UnreadCells> {
        self.inner.unread()
    }

    fn batches(&self, _: Option<&Columns>) -> Batches<'_> {
        Box::new(self.inner.batches_of(&self.wanted).map(|batch| (self.make)(batch?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_named_is_asked_for() {
        let frame =
            df!("a" => [1, 2], "b" => [3, 4], "c" => [5, 6]).expect("columns of one length");
        let rows = Rows::of_frame(frame.lazy()).expect("a schema");
        let sum = rows.select(vec![(col("a") + col("b")).alias("sum")]).expect("known columns");
        assert_eq!(sum.schema().iter_names().collect::<Vec<_>>(), ["sum"]);
        assert_eq!(leaves(&[(col("a") + col("b")).alias("sum")]).len(), 2);
        let batch =
            sum.batches().next().expect("a batch").and_then(LazyFrame::collect).expect("rows");
        assert_eq!(
            batch.column("sum").expect("there").i32().expect("integers").to_vec(),
            [Some(4), Some(6)]
        );
    }
}
