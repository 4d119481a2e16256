//! [`Opportunity`], its scope, and its evidence.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::action::{Action, Change, Variant};
use super::claim::Claim;
use crate::cloud::Provider;
use crate::money::{Currency, Money, MoneyError, Savings};
use crate::runbook::{Runbook, Way};
use crate::tradeoff::TradeOff;

/// Evidence: one fact with its value and source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Evidence {
    /// Name of the fact.
    pub label: String,
    /// Value with unit.
    pub value: String,
    /// Source: bill, inventory, utilization, price list.
    pub source: String,
}

impl Evidence {
    /// Creates a fact.
    #[must_use]
    pub fn new(label: &str, value: impl ToString, source: &str) -> Self {
        Self { label: label.to_owned(), value: value.to_string(), source: source.to_owned() }
    }
}

/// Scope of an opportunity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Scope {
    /// Provider, which determines the command line of scripts. `None` if unknown. Not part of the
    /// JSON.
    #[serde(skip)]
    pub provider: Option<Provider>,
    /// `SubAccountId`.
    pub sub_account_id: Option<String>,
    /// `ServiceName`.
    pub service_name: Option<String>,
    /// `RegionId`.
    pub region_id: Option<String>,
    /// Value of the estate's first tag key.
    pub owner: Option<String>,
}

/// How certain the savings of an opportunity are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Certainty {
    /// The cost does not vary, and the change saves a known part of it: low = expected = high.
    Exact,
    /// The cost varies, or a price is estimated.
    #[default]
    Estimated,
    /// The change may save nothing, or less than possible. Expected is a stated share of it.
    Uncertain,
}

impl Certainty {
    /// Returns the name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Estimated => "estimated",
            Self::Uncertain => "uncertain",
        }
    }
}

/// Savings opportunity: a change that would reduce cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Opportunity {
    /// Stable ID: a hash of check, scope, subject, and variant.
    pub id: String,
    /// ID of the check that found it.
    pub check: String,
    /// Recommended change, in one line.
    pub title: String,
    /// Subject: a resource or a group of them.
    pub subject: String,
    /// Variant, if there are several. Variants share check, scope, and subject.
    pub variant: Option<Variant>,
    /// Scope of an opportunity.
    pub scope: Scope,
    /// Kind of change.
    pub action: Action,
    /// Current and proposed state, if the change is a single property.
    pub change: Option<Change>,
    /// Estimated savings per month of 730 h if only this change is made: Σ of the claims' savings.
    pub savings: Savings,
    /// How certain they are.
    #[serde(default)]
    pub certainty: Certainty,
    /// Expected savings if everything that is uncertain turns out well: Σ of the claims' possible
    /// savings. Omitted if nothing is uncertain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub possible: Option<Money>,
    /// Trade-off.
    pub trade_off: TradeOff,
    /// Evidence.
    pub evidence: Vec<Evidence>,
    /// Claims: the cost that it would save.
    pub claims: Vec<Claim>,
    /// Runbook.
    pub runbook: Runbook,
    /// Ways to make the change together with others of the resource, the best one first. Not part
    /// of the JSON.
    #[serde(skip)]
    pub(crate) ways: Vec<Way>,
}

/// ```
/// use cost_core::prelude::*;
///
/// let savings = Session::open(&cost_core::example::bill()?)?.savings()?;
/// let address: &Opportunity =
///     savings.opportunities.iter().find(|o| o.check == "idle_address").expect("an address");
/// assert_eq!(address.subject, "eipalloc-0a1b2c3d4e5f60001");
/// assert!(!address.trade_off.rollback.is_empty() && !address.runbook.commands.is_empty());
/// # Ok::<(), Error>(())
/// ```
impl Opportunity {
    /// Returns the fields that the variants of one finding share.
    #[must_use]
    pub fn finding(&self) -> (&str, &Option<String>, &Option<String>, &str) {
        (&self.check, &self.scope.sub_account_id, &self.scope.region_id, &self.subject)
    }

    /// Returns whether it has savings of its own. Assigning a cost to an owner has none, and neither
    /// does a decision without a claim on any cost, such as on the renewal of a commitment.
    #[must_use]
    pub fn has_savings(&self) -> bool {
        self.action != Action::Allocate && !self.claims.is_empty()
    }

    /// Returns the opportunity with its amounts converted by `convert`. Texts and evidence stay
    /// unchanged.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub(crate) fn converted(
        mut self,
        into: Currency,
        convert: &impl Fn(Money) -> Result<Money, MoneyError>,
    ) -> Result<Self, MoneyError> {
        for claim in &mut self.claims {
            claim.spend = convert(claim.spend)?;
            let Savings { low, expected, high } = claim.savings;
            claim.savings =
                Savings { low: convert(low)?, expected: convert(expected)?, high: convert(high)? };
            claim.possible = claim.possible.map(convert).transpose()?;
        }
        self.trade_off.upfront = convert(self.trade_off.upfront)?;
        self.summed(into)
    }

    /// Returns the opportunity with the savings of its claims: their sum, how certain it is, and what
    /// is possible.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub(crate) fn summed(mut self, currency: Currency) -> Result<Self, MoneyError> {
        let zero = Savings::zero(currency);
        self.savings = self.claims.iter().try_fold(zero, |sum, c| sum.try_add(c.savings))?;
        let possible = Money::try_sum(self.claims.iter().map(Claim::full), currency)?;
        self.possible = Some(possible).filter(|sum| *sum != self.savings.expected);
        let Savings { low, expected, high } = self.savings;
        let may_be_nothing = low.is_zero_or_less() && !expected.is_zero_or_less();
        self.certainty = if self.possible.is_some() || may_be_nothing {
            Certainty::Uncertain
        } else if low == expected && expected == high {
            Certainty::Exact
        } else {
            Certainty::Estimated
        };
        Ok(self)
    }
}
