//! [`Opportunity`], where it is, and what it is based on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::action::{Action, Change, Variant};
use super::claim::Claim;
use crate::cloud::Provider;
use crate::money::{Currency, Money, MoneyError, Savings};
use crate::runbook::Runbook;
use crate::tradeoff::TradeOff;

/// One observed fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Evidence {
    /// What was observed.
    pub label: String,
    /// Its value, with unit.
    pub value: String,
    /// Where it comes from: bill, inventory, utilization, price list.
    pub source: String,
}

impl Evidence {
    /// A fact.
    #[must_use]
    pub fn new(label: &str, value: impl ToString, source: &str) -> Self {
        Self { label: label.to_owned(), value: value.to_string(), source: source.to_owned() }
    }
}

/// Where it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Scope {
    /// The cloud: scripts are for its command line. `None` if it is not known; it is not part of
    /// the JSON.
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

/// One thing that can be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Opportunity {
    /// The same from run to run: a hash of check, place, subject and variant.
    pub id: String,
    /// Id of the check that found it.
    pub check: String,
    /// What to do, in one line.
    pub title: String,
    /// What it is about: a resource, or a group of them.
    pub subject: String,
    /// Which of several ways, if there are several: they have check, scope and subject in common.
    pub variant: Option<Variant>,
    /// Where it is.
    pub scope: Scope,
    /// What is done.
    pub action: Action,
    /// What is there now and what there would be, if that is all it is.
    pub change: Option<Change>,
    /// Saving per month of 730 h if only this is done: Σ of the claims' savings.
    pub savings: Savings,
    /// What it asks in return.
    pub trade_off: TradeOff,
    /// What it is based on.
    pub evidence: Vec<Evidence>,
    /// Which dollars it would save.
    pub claims: Vec<Claim>,
    /// How it is done.
    pub runbook: Runbook,
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
    /// What the variants of one finding have in common.
    #[must_use]
    pub fn finding(&self) -> (&str, &Option<String>, &Option<String>, &str) {
        (&self.check, &self.scope.sub_account_id, &self.scope.region_id, &self.subject)
    }

    /// The same with its amounts in another currency, by `convert`. Its words and evidence stay as
    /// they are.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub(crate) fn converted(
        mut self,
        into: Currency,
        convert: &impl Fn(Money) -> Result<Money, MoneyError>,
    ) -> Result<Self, MoneyError> {
        self.savings = Savings::zero(into);
        for claim in &mut self.claims {
            claim.spend = convert(claim.spend)?;
            let Savings { low, expected, high } = claim.savings;
            claim.savings =
                Savings { low: convert(low)?, expected: convert(expected)?, high: convert(high)? };
            self.savings = self.savings.try_add(claim.savings)?;
        }
        self.trade_off.upfront = convert(self.trade_off.upfront)?;
        Ok(self)
    }
}
