//! Bridge types: the change from one month to the next, in parts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::{Currency, Money, MoneyError};
use crate::rollup::Dimension;

/// Part of the change of a cost from one month to the next. See ADR 0047 for the formulas.
///
/// Usage is compared per SKU: account, service, region, usage type (`SkuMeter`), and `PricingUnit`.
/// Every part is symmetric: with the months swapped, it has the same amount with the other sign.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BridgePart {
    /// The months have a different number of days: days more × average cost per day. Without usage
    /// that is priced per month, and charges that occur once a month.
    Days,
    /// More or less usage, at average unit prices.
    Usage,
    /// Usage of the same kind that moved to cheaper or more expensive SKUs, such as other sizes.
    Mix,
    /// Changed unit prices of the same SKU.
    Price,
    /// Usage that moved between on-demand prices, commitments, and spot.
    Coverage,
    /// Commitments that nothing used.
    UnusedCommitments,
    /// Resources, or SKUs without `ResourceId`, that the month before did not have, without those
    /// that replaced others of the same kind.
    New,
    /// Resources, or SKUs without `ResourceId`, that the month no longer has, without those that
    /// others of the same kind replaced.
    Gone,
    /// `ChargeCategory` "Purchase": purchases, subscriptions, and one-time fees.
    Purchases,
    /// `ChargeCategory` "Credit".
    Credits,
    /// `ChargeClass` "Correction": refunds and corrections of earlier periods.
    Refunds,
    /// `ChargeCategory` "Tax".
    Taxes,
    /// `ChargeCategory` "Adjustment".
    Adjustments,
    /// Exchange rates: the previous month at this month's rates minus the previous month as
    /// converted then.
    ExchangeRate,
    /// What the columns of the bill do not separate: usage without a quantity.
    NotSeparable,
}

impl BridgePart {
    /// All parts, in the order of reports.
    pub const ALL: [Self; 15] = [
        Self::Days,
        Self::Usage,
        Self::Mix,
        Self::Price,
        Self::Coverage,
        Self::UnusedCommitments,
        Self::New,
        Self::Gone,
        Self::Purchases,
        Self::Credits,
        Self::Refunds,
        Self::Taxes,
        Self::Adjustments,
        Self::ExchangeRate,
        Self::NotSeparable,
    ];

    /// Returns the label for reports.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Days => "Days in the month",
            Self::Usage => "Usage",
            Self::Mix => "Mix of sizes",
            Self::Price => "Unit prices",
            Self::Coverage => "Commitment and spot coverage",
            Self::UnusedCommitments => "Unused commitments",
            Self::New => "New resources",
            Self::Gone => "Removed resources",
            Self::Purchases => "Purchases, one-time fees",
            Self::Credits => "Credits",
            Self::Refunds => "Refunds, corrections",
            Self::Taxes => "Taxes",
            Self::Adjustments => "Adjustments",
            Self::ExchangeRate => "Exchange rates",
            Self::NotSeparable => "Not separable",
        }
    }

    /// Returns its position in [`BridgePart::ALL`].
    pub(crate) fn index(self) -> usize {
        Self::ALL.iter().position(|part| *part == self).unwrap_or_default()
    }
}

/// Amount of one part of a bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct BridgeAmount {
    /// Part.
    pub part: BridgePart,
    /// Its amount: positive if it increases the cost.
    pub amount: Money,
}

/// Change of Σ `EffectiveCost` from the previous month to this one.
/// `last_month + Σ parts = this_month`, exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Bridge {
    /// Amount of the previous month.
    pub last_month: Money,
    /// Amount of the month.
    pub this_month: Money,
    /// `this_month − last_month`.
    pub change: Money,
    /// Parts that are not zero, in the order of [`BridgePart::ALL`].
    pub parts: Vec<BridgeAmount>,
}

impl Bridge {
    /// Returns the amount of a part; zero if the bridge does not have it.
    #[must_use]
    pub fn amount(&self, part: BridgePart) -> Money {
        let found = self.parts.iter().find(|p| p.part == part).map(|p| p.amount);
        found.unwrap_or(Money::zero(self.change.currency()))
    }

    /// Creates a bridge with the amounts of all parts, in the order of [`BridgePart::ALL`].
    pub(crate) fn new(
        last_month: Money,
        this_month: Money,
        amounts: impl IntoIterator<Item = Money>,
    ) -> Result<Self, MoneyError> {
        let parts = BridgePart::ALL.into_iter().zip(amounts);
        let parts = parts.map(|(part, amount)| BridgeAmount { part, amount });
        let parts = parts.filter(|p| !p.amount.amount().is_zero()).collect();
        Ok(Self { last_month, this_month, change: this_month.try_sub(last_month)?, parts })
    }

    /// Returns the sum of bridges of different charges.
    pub(crate) fn sum<'a>(
        all: impl IntoIterator<Item = &'a Self>,
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        let mut amounts = [Money::zero(currency); BridgePart::ALL.len()];
        let [mut last_month, mut this_month] = [Money::zero(currency); 2];
        for bridge in all {
            last_month = last_month.try_add(bridge.last_month)?;
            this_month = this_month.try_add(bridge.this_month)?;
            for p in &bridge.parts {
                let sum = &mut amounts[p.part.index()];
                *sum = sum.try_add(p.amount)?;
            }
        }
        Self::new(last_month, this_month, amounts)
    }
}

/// Bridges by the values of one dimension. They add up to the bridge of all charges for accounts,
/// services, regions, and providers. For a tag, the changes add up too, but a resource whose tag
/// value changed is new in one row and gone in another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct BridgeTable {
    /// Dimension.
    pub dimension: Dimension,
    /// Rows with the largest absolute change.
    pub rows: Vec<BridgeRow>,
    /// Sum of all other rows; `None` if there are none.
    pub others: Option<Bridge>,
    /// Number of rows in `others`.
    pub others_count: usize,
}

/// Bridge of one value of a dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct BridgeRow {
    /// Value of the dimension; `None` for null.
    pub key: Option<String>,
    /// Name of the value, such as an account name.
    pub name: Option<String>,
    /// Its bridge.
    #[serde(flatten)]
    pub bridge: Bridge,
}

/// Bridge from the previous month to this one: of all charges, and by dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct BridgeReport {
    /// Number of compared days of the previous month.
    pub days_last_month: i64,
    /// Number of compared days of this month.
    pub days_this_month: i64,
    /// Whether new and removed resources are known. Otherwise only SKUs can be new or removed: the
    /// resources of single days of a running month are not in the roll-up.
    pub by_resource: bool,
    /// Bridge of all charges.
    pub total: Bridge,
    /// Bridges by dimension: accounts, services, regions, providers, and tags, as requested.
    pub by: Vec<BridgeTable>,
}
