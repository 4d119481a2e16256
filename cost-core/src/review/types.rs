//! Data types of a review. `docs/schema/` has the JSON Schema.

mod bridge;
mod quality;
mod reports;
mod spend;
mod trust;

pub use self::bridge::{Bridge, BridgeAmount, BridgePart, BridgeReport, BridgeRow, BridgeTable};
pub use self::quality::{DataQuality, DayCompleteness, MonthState, SourceMonth};
pub use self::reports::{AlertRun, AnomalyReport, Review, SavingsReport, Undelivered};
pub use self::spend::{
    AsBilled, Category, CategoryChange, CategoryTotal, ChangeByRate, Compared, ComparedDays,
    Comparison, CostDriver, DriverAnomaly, DriverEvent, DriverResource, DriverSum, DriverUsageType,
    EventKind, ExchangeReport, GroupRow, GroupTable, InvoiceTotal, MonthlyCharge, ProjectedCost,
    ProjectedRange, Projection, Totals, Untagged, UntaggedKey,
};
pub use self::trust::{Light, TrustCheck, TrustTopic};
