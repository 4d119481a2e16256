//! Figures for machine-readable tables: one exact value per row.

use cost_core::money::{Currency, Money};
use cost_core::review::Comparison;
use rust_decimal::Decimal;

/// One value with its section, item, and measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Section of the report.
    pub section: String,
    /// Item that the value belongs to.
    pub item: String,
    /// Details of the item; can be empty.
    pub detail: String,
    /// Measure: a FOCUS column or a description.
    pub measure: String,
    /// The value.
    pub amount: Amount,
}

/// Value of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Amount of money.
    Money(Money),
    /// Amount of the reviewed month and of the previous month.
    Compared(Comparison),
    /// Count, limited to the charges in one currency if given; `None` means unknown.
    Count(Option<u64>, Option<Currency>),
    /// Number with its unit or currency, which can be empty.
    Number(Decimal, String),
}

impl Figure {
    /// Creates a figure with any kind of value.
    pub fn new(
        section: impl ToString,
        item: impl ToString,
        detail: impl ToString,
        measure: impl ToString,
        amount: Amount,
    ) -> Self {
        let [section, item] = [section.to_string(), item.to_string()];
        Self { section, item, detail: detail.to_string(), measure: measure.to_string(), amount }
    }

    /// Creates a figure for an amount of money.
    pub fn money(
        section: impl ToString,
        item: impl ToString,
        detail: impl ToString,
        measure: impl ToString,
        amount: Money,
    ) -> Self {
        Self::new(section, item, detail, measure, Amount::Money(amount))
    }

    /// Creates a figure for amounts of the reviewed month and of the previous month.
    pub fn compared(
        section: impl ToString,
        item: impl ToString,
        detail: impl ToString,
        measure: impl ToString,
        amounts: Comparison,
    ) -> Self {
        Self::new(section, item, detail, measure, Amount::Compared(amounts))
    }
}
