//! Chart data. Each format draws it in its own way, and every chart has a table with its values.

mod bars;
mod data;
mod steps;

use chrono::NaiveDate;
use cost_core::money::{Currency, Money};
use rust_decimal::Decimal;

pub(crate) use bars::{Bar, BarKind, Bars, number};
pub use steps::{
    ChartMonth, Labeled, LadderChart, LadderStep, MonthChart, MonthSeries, TreeChart, TreeNode,
    WaterfallChart,
};

/// Chart data.
#[derive(Clone, Debug, PartialEq)]
pub enum Chart {
    /// Cost by day with expected cost.
    Days(DayChart),
    /// Savings by commitment.
    Curve(CurveChart),
    /// Change from one amount to another, in parts.
    Waterfall(WaterfallChart),
    /// Cost by month, in series that add up.
    Months(MonthChart),
    /// Cost in nested parts.
    Tree(TreeChart),
    /// Steps with their cumulative amount.
    Ladder(LadderChart),
}

/// Cost by day, with marked days.
#[derive(Clone, Debug, PartialEq)]
pub struct DayChart {
    /// Full title.
    pub title: String,
    /// Short title.
    pub headline: String,
    /// Scope in the estate. Drawings shorten a long one.
    pub place: String,
    /// Currency of all amounts.
    pub currency: Currency,
    /// The days, in order.
    pub days: Vec<ChartDay>,
}

/// Day of a [`DayChart`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChartDay {
    /// Date of the day.
    pub day: NaiveDate,
    /// `EffectiveCost` of the day.
    pub cost: Money,
    /// Expected cost; `None` if there is no basis for it.
    pub expected: Option<Money>,
    /// Mark of the day.
    pub mark: DayMark,
}

/// Mark of a day: whether it belongs to the anomaly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayMark {
    /// Outside the anomaly.
    Outside,
    /// In the anomaly, with about the expected cost.
    Usual,
    /// In the anomaly, and further from expected cost than usual.
    Unusual,
}

/// Savings per month by commitment, if usage stays the same and in the scenario with the lowest
/// usage.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveChart {
    /// Term of the commitments.
    pub term: String,
    /// Currency of all amounts.
    pub currency: Currency,
    /// The points, by increasing commitment.
    pub points: Vec<CurvePoint>,
    /// Index of the recommended purchase in the points.
    pub chosen: usize,
}

/// Point of a [`CurveChart`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// Commitment, USD per hour.
    pub usd_per_hour: Decimal,
    /// Savings per month if usage stays the same.
    pub saves: Money,
    /// Savings per month in the scenario with the lowest usage.
    pub saves_in_decline: Money,
}
