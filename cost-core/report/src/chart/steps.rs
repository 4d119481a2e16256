//! Data of the charts with amounts that add up.

use cost_core::money::{Currency, Money};
use cost_core::month::Month;

/// Amount with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labeled {
    /// Name; may be untrusted.
    pub label: String,
    /// The amount.
    pub amount: Money,
}

impl Labeled {
    /// Creates an amount with its name.
    pub fn new(label: impl Into<String>, amount: Money) -> Self {
        Self { label: label.into(), amount }
    }
}

/// Change from one amount to another, in parts: start + parts = end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaterfallChart {
    /// Title.
    pub title: String,
    /// Amount before the change.
    pub start: Labeled,
    /// Parts of the change, in order. An increase is positive.
    pub parts: Vec<Labeled>,
    /// Amount after the change.
    pub end: Labeled,
}

/// Cost by month in up to 10 series that add up, with the expected range of the total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthChart {
    /// Title.
    pub title: String,
    /// Currency of all amounts.
    pub currency: Currency,
    /// The months, in order.
    pub months: Vec<ChartMonth>,
    /// The series, largest first. The last can be the rest.
    pub series: Vec<MonthSeries>,
}

/// Month of a [`MonthChart`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartMonth {
    /// The month.
    pub month: Month,
    /// Lowest and highest expected total; `None` if there is no basis for it.
    pub expected: Option<(Money, Money)>,
    /// Events in the month, such as anomalies and known events; may be untrusted.
    pub marks: Vec<String>,
}

/// Series of a [`MonthChart`], such as a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthSeries {
    /// Name; may be untrusted.
    pub name: String,
    /// One amount per month of the chart; `None` if unknown.
    pub amounts: Vec<Option<Money>>,
}

impl MonthChart {
    /// Returns the total of the month with this index; `None` if no series has an amount, or if the
    /// sum does not fit.
    #[must_use]
    pub fn total(&self, month: usize) -> Option<Money> {
        let amounts = || self.series.iter().filter_map(|s| s.amounts.get(month).copied().flatten());
        amounts().next()?;
        Money::try_sum(amounts(), self.currency).ok()
    }
}

/// Cost in nested parts, such as account, service, and usage type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeChart {
    /// Title.
    pub title: String,
    /// Currency of all amounts.
    pub currency: Currency,
    /// The parts of the first level, largest first.
    pub roots: Vec<TreeNode>,
}

/// Part of a [`TreeChart`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeNode {
    /// Name; may be untrusted.
    pub name: String,
    /// The amount, including all children.
    pub amount: Money,
    /// Change from the previous period; `None` if unknown.
    pub change: Option<Money>,
    /// Parts of the amount, largest first.
    pub children: Vec<Self>,
}

/// Steps in order with their cumulative amount, such as savings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LadderChart {
    /// Title.
    pub title: String,
    /// The steps, in order.
    pub steps: Vec<LadderStep>,
}

/// Step of a [`LadderChart`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LadderStep {
    /// Identifier, if the step has one. It links to the panel with this identifier.
    pub id: Option<String>,
    /// Name; may be untrusted.
    pub label: String,
    /// Amount of the step.
    pub amount: Money,
    /// Sum of this step and all steps before it.
    pub cumulative: Money,
}
