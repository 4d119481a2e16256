//! [`Opportunity`]: one thing that can be done, what it saves, on what evidence, and at what price.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::stable_id;
use crate::money::{Currency, Money, MoneyError, Savings};
use crate::tradeoff::TradeOff;

/// What is done to the resource. The order is the order of the joint plan: what goes away need not be made smaller, and
/// commitments are bought for what remains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// The resource is deleted or released.
    Remove,
    /// The resource is changed to a cheaper type or size.
    Modify,
    /// A commitment is bought for its usage.
    Commit,
}

/// The part of a resource's cost that an opportunity works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Slice {
    /// Instance hours.
    Compute,
    /// Volume storage.
    Storage,
    /// Addresses.
    Address,
}

/// Which dollars an opportunity would save: two claims on the same slice of the same resource compete for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Claim {
    /// `SubAccountId`: identifiers are unique within an account only.
    pub sub_account_id: Option<String>,
    /// `ResourceId` as the bill has it.
    pub resource_id: String,
    /// Which part of its cost.
    pub slice: Slice,
    /// What that part costs now: `EffectiveCost` per month of 730 h.
    pub spend: Money,
    /// What this opportunity alone saves of it, per month of 730 h.
    pub savings: Savings,
}

impl Claim {
    /// The slice of cost it is on: account, resource, part.
    #[must_use]
    pub fn key(&self) -> (Option<String>, String, Slice) {
        (self.sub_account_id.clone(), self.resource_id.clone(), self.slice)
    }
}

/// One observed fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// `SubAccountId`.
    pub sub_account_id: Option<String>,
    /// `ServiceName`.
    pub service_name: Option<String>,
    /// `RegionId`.
    pub region_id: Option<String>,
}

/// One thing that can be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Opportunity {
    /// The same from run to run: a hash of check and subject.
    pub id: String,
    /// Id of the check that found it.
    pub check: String,
    /// What to do, in one line.
    pub title: String,
    /// What it is about: a resource, or a group of them.
    pub subject: String,
    /// Where it is.
    pub scope: Scope,
    /// What is done.
    pub action: Action,
    /// Saving per month of 730 h if only this is done: Σ of the claims' savings.
    pub savings: Savings,
    /// What it asks in return.
    pub trade_off: TradeOff,
    /// What it is based on.
    pub evidence: Vec<Evidence>,
    /// Which dollars it would save.
    pub claims: Vec<Claim>,
}

/// The parts of an [`Opportunity`] that a check decides; the rest follows from them.
#[derive(Debug)]
pub struct Draft {
    /// See [`Opportunity::title`].
    pub title: String,
    /// See [`Opportunity::subject`].
    pub subject: String,
    /// See [`Opportunity::scope`].
    pub scope: Scope,
    /// See [`Opportunity::action`].
    pub action: Action,
    /// See [`Opportunity::trade_off`].
    pub trade_off: TradeOff,
    /// See [`Opportunity::evidence`].
    pub evidence: Vec<Evidence>,
    /// See [`Opportunity::claims`].
    pub claims: Vec<Claim>,
}

impl Draft {
    /// The opportunity: with its id, and its saving added up from the claims.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn finish(self, check: &str, currency: Currency) -> Result<Opportunity, MoneyError> {
        let savings = self.claims.iter().try_fold(Savings::zero(currency), |sum, c| sum.try_add(c.savings))?;
        let account = self.scope.sub_account_id.as_deref().unwrap_or("");
        let region = self.scope.region_id.as_deref().unwrap_or("");
        Ok(Opportunity {
            id: stable_id("op", &[check, account, region, &self.subject]),
            check: check.to_owned(),
            title: self.title,
            subject: self.subject,
            scope: self.scope,
            action: self.action,
            savings,
            trade_off: self.trade_off,
            evidence: self.evidence,
            claims: self.claims,
        })
    }
}
