//! Kind of bill that the rows of a file are, and how they become FOCUS charges.

use cost_core::focus::{Columns, FILE, Rows, columns};
use polars::prelude::*;

use crate::azure::{CostDetails, Dataset, DateOrder, Role};
use crate::cur::Report;
use crate::gcp::BillingExport;
use crate::strangers;

/// Kind of bill. A new exporter needs a variant here and a line in each function.
#[derive(Clone)]
pub(crate) enum Kind {
    /// FOCUS, unchanged.
    Focus,
    /// An AWS Cost and Usage Report.
    Report(Report),
    /// Azure cost details, and the role in which they are read.
    Azure(CostDetails, Role),
    /// Google Cloud billing export.
    Google(BillingExport),
    /// A table that is not a bill.
    Other,
}

/// FOCUS columns that identify a bill, even if it lacks others.
const ENOUGH: usize = 4;

impl Kind {
    /// Determines the kind by the columns.
    pub(crate) fn of(schema: &Schema) -> Self {
        if let Some(report) = Report::of(schema) {
            return Self::Report(report);
        }
        if let Some(details) = CostDetails::of(schema) {
            return Self::Azure(details, Role::Alone(Dataset::WithoutCommitments));
        }
        if let Some(export) = BillingExport::of(schema) {
            return Self::Google(export);
        }
        let known = schema.iter_names().filter(|h| columns::lookup(h).is_some()).count();
        if known >= ENOUGH { Self::Focus } else { Self::Other }
    }

    /// Returns the name of the kind for people.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Focus => "FOCUS",
            Self::Report(_) => "AWS Cost and Usage Report",
            Self::Azure(_, Role::Alone(Dataset::Actual) | Role::PurchasesOfActual) => {
                "Azure cost details (actual)"
            }
            Self::Azure(_, Role::Alone(Dataset::Amortized) | Role::AmortizedOfPair) => {
                "Azure cost details (amortized)"
            }
            Self::Azure(..) => "Azure cost details",
            Self::Google(_) => "Google Cloud billing export",
            Self::Other => "a table that is not a bill",
        }
    }

    /// Returns the format that rows are converted from, for people: `an AWS Cost and Usage Report`.
    /// `None` for FOCUS, and for tables that are not a bill.
    pub(crate) fn made_from(&self) -> Option<String> {
        let article = if self.as_str().starts_with('A') { "an" } else { "a" };
        match self {
            Self::Focus | Self::Other => None,
            Self::Azure(..) => Some(self.as_str().to_owned()),
            Self::Report(_) | Self::Google(_) => Some(format!("{article} {}", self.as_str())),
        }
    }

    /// Returns what a table that is not a bill may be, by its columns, and what to do; `None` if
    /// unknown.
    pub(crate) fn guess(schema: &Schema) -> Option<String> {
        strangers::guess(schema)
    }

    /// Whether each row becomes one charge.
    pub(crate) fn keeps_rows(&self) -> bool {
        !matches!(self, Self::Azure(_, Role::PurchasesOfActual))
    }

    /// Returns the role of Azure cost details and the order of their dates: files that differ in
    /// these are not read together.
    pub(crate) fn of_azure(&self) -> Option<(Role, Option<DateOrder>)> {
        match self {
            Self::Azure(details, role) => Some((*role, details.order())),
            _ => None,
        }
    }

    /// Returns the raw columns that are used.
    pub(crate) fn columns(&self, raw: &Rows) -> Columns {
        let mut columns = match self {
            Self::Report(report) => report.columns(),
            Self::Azure(details, _) => {
                details.columns().iter().map(|h| h.as_str().into()).collect()
            }
            Self::Focus | Self::Google(_) | Self::Other => {
                raw.schema().iter_names().cloned().collect()
            }
        };
        columns.insert(FILE.into());
        columns
    }

    /// Converts the rows to FOCUS charges, one each and in order.
    pub(crate) fn charges(&self, raw: &Rows) -> PolarsResult<Rows> {
        let wanted = self.columns(raw);
        match self.clone() {
            Self::Focus | Self::Other => Ok(raw.clone()),
            Self::Report(report) => {
                raw.derive(wanted, move |rows| Ok(report.charges_and(rows, &[FILE])))
            }
            Self::Azure(details, role) => {
                raw.derive(wanted, move |rows| Ok(details.charges_and(rows, role, &[FILE])))
            }
            Self::Google(export) => {
                raw.derive(wanted, move |rows| Ok(export.charges_and(rows, &[FILE])))
            }
        }
    }

    /// Returns the charges that become additional rows: the unused part of commitment fees, and
    /// promotions.
    pub(crate) fn more(&self, raw: &Rows) -> PolarsResult<Option<Rows>> {
        let wanted = self.columns(raw);
        match self.clone() {
            Self::Focus | Self::Azure(..) | Self::Other => Ok(None),
            Self::Report(report) => raw.derive(wanted, move |rows| report.unused(rows)).map(Some),
            Self::Google(export) => {
                raw.derive(wanted, move |rows| Ok(export.credits(rows))).map(Some)
            }
        }
    }
}
