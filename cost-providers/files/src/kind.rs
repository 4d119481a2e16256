//! Which bill a file's rows are, and how they become FOCUS charges.

use cost_core::focus::{FILE, Rows, columns, leaves};
use polars::prelude::*;

use crate::cur::Report;

/// Which bill rows are.
pub(crate) enum Kind {
    /// FOCUS, as it is.
    Focus,
    /// An AWS Cost and Usage Report.
    Report(Report),
    /// A table that is no bill.
    Other,
}

/// Columns of FOCUS by which a table is taken for a bill that may lack some.
const ENOUGH: usize = 4;

impl Kind {
    /// By the columns.
    pub(crate) fn of(schema: &Schema) -> Self {
        if let Some(report) = Report::of(schema) {
            return Self::Report(report);
        }
        let known = schema.iter_names().filter(|h| columns::lookup(h).is_some()).count();
        if known >= ENOUGH { Self::Focus } else { Self::Other }
    }

    /// For people.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Focus => "FOCUS",
            Self::Report(_) => "AWS Cost and Usage Report",
            Self::Other => "a table that is no bill",
        }
    }

    /// The rows as FOCUS charges, one each and in order.
    pub(crate) fn charges(&self, raw: &Rows) -> PolarsResult<Rows> {
        match self {
            Self::Focus | Self::Other => Ok(raw.clone()),
            Self::Report(report) => {
                let mut columns = report.columns_of_charges();
                columns.push(col(FILE));
                raw.select(columns)
            }
        }
    }

    /// Charges that are rows of their own, of what the rows say besides.
    pub(crate) fn more(&self, raw: &Rows) -> PolarsResult<Option<Rows>> {
        let Self::Report(report) = self else { return Ok(None) };
        let wanted = leaves(&report.columns_of_unused());
        let again = Report::of(raw.schema());
        let unused = raw.derive(wanted, move |frame| match &again {
            Some(report) => report.unused(frame),
            None => Ok(frame),
        })?;
        Ok(Some(unused))
    }
}
