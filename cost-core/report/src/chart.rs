//! Data of charts; each format draws them in its way.

use chrono::NaiveDate;
use cost_core::money::{Currency, Money};
use rust_decimal::Decimal;

/// A chart.
#[derive(Clone, Debug, PartialEq)]
pub enum Chart {
    /// Cost by day beside the expectation.
    Days(DayChart),
    /// Saving against commitment.
    Curve(CurveChart),
}

/// Cost by day, with the days that stand out.
#[derive(Clone, Debug, PartialEq)]
pub struct DayChart {
    /// What it shows, in full.
    pub title: String,
    /// What it shows, in a few words.
    pub headline: String,
    /// Where in the estate; long ones are cut in drawings.
    pub place: String,
    /// Currency of all amounts.
    pub currency: Currency,
    /// The days, in order.
    pub days: Vec<ChartDay>,
}

/// A day of a [`DayChart`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChartDay {
    /// The day.
    pub day: NaiveDate,
    /// `EffectiveCost` of the day.
    pub cost: Money,
    /// What was expected; `None` if there was no basis.
    pub expected: Option<Money>,
    /// Whether it belongs to what the chart is about.
    pub mark: DayMark,
}

/// Whether a day belongs to what a chart is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayMark {
    /// It does not.
    Outside,
    /// It does, and costs about what was expected.
    Usual,
    /// It does, and is further off the expectation than is usual.
    Unusual,
}

/// Saving a month against what is committed to, if usage stays and in the scenario with the least
/// usage.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveChart {
    /// Term of the commitments.
    pub term: String,
    /// Currency of all amounts.
    pub currency: Currency,
    /// The points, by rising commitment.
    pub points: Vec<CurvePoint>,
    /// Which of the points is what to buy.
    pub chosen: usize,
}

/// A point of a [`CurveChart`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// Commitment, USD an hour.
    pub usd_per_hour: Decimal,
    /// Saving a month if usage stays.
    pub saves: Money,
    /// Saving a month in the scenario with the least usage.
    pub saves_in_decline: Money,
}
