//! Data types of a review. `docs/schema/` has the JSON Schema.

mod quality;
mod reports;
mod spend;

pub use self::quality::{DataQuality, DayCompleteness, MonthState, SourceMonth};
pub use self::reports::{AlertRun, AnomalyReport, Review, SavingsReport};
pub use self::spend::{
    AsBilled, Category, CategoryTotal, ChangeByRate, Comparison, CostDriver, ExchangeReport,
    GroupRow, GroupTable, InvoiceTotal, Totals, Untagged, UntaggedKey,
};
