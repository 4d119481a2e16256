//! [`Opportunity`]: one thing that can be done, what it saves, on what evidence, and at what price.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::stable_id;
use crate::money::{Currency, Money, MoneyError, Savings};
use crate::runbook::Place;
use crate::tradeoff::TradeOff;

pub use crate::runbook::{Runbook, shell_word};
pub use crate::slice::Slice;

/// What is done to the resource. The order is the order of the joint plan: what goes away need not be switched off at night or
/// made smaller, and commitments are bought for what remains, or spot capacity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// The resource is deleted or released.
    Remove,
    /// The resource is off at times when nobody uses it.
    Schedule,
    /// The resource is changed to a cheaper type, size or class.
    Modify,
    /// A commitment is bought for its usage.
    Commit,
    /// It runs on spot capacity.
    Spot,
    /// Its costs are given an owner; saves nothing itself.
    Allocate,
}

impl Action {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Remove => "remove",
            Self::Schedule => "schedule",
            Self::Modify => "modify",
            Self::Commit => "commit",
            Self::Spot => "spot",
            Self::Allocate => "allocate",
        }
    }
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
    /// What that part costs now: `EffectiveCost` per month of 730 h. Of a covered slice, what the same usage would cost on demand, as
    /// such usage is paid: that is what a commitment set free saves elsewhere.
    pub spend: Money,
    /// What this opportunity alone saves of it, per month of 730 h.
    pub savings: Savings,
    /// Of a covered slice, the commitments that pay for it; of compute, those that could. See [`crate::plan::Pools`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pools: Vec<String>,
}

impl Claim {
    /// Adds another claim on the same slice, on other usage of it.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn try_extend(&mut self, other: Self) -> Result<(), MoneyError> {
        self.spend = self.spend.try_add(other.spend)?;
        self.savings = self.savings.try_add(other.savings)?;
        self.pools.extend(other.pools);
        self.pools.sort();
        self.pools.dedup();
        Ok(())
    }

    /// One claim of those with the same key, in the order of keys.
    ///
    /// # Errors
    /// [`MoneyError`]: of a claim, or of their sum.
    pub fn merged_by<K: Ord>(
        key: impl Fn(&Self) -> K,
        claims: impl IntoIterator<Item = Result<Self, MoneyError>>,
    ) -> Result<Vec<Self>, MoneyError> {
        let mut merged: BTreeMap<K, Self> = BTreeMap::new();
        for claim in claims {
            let claim = claim?;
            match merged.entry(key(&claim)) {
                Entry::Occupied(mut known) => known.get_mut().try_extend(claim)?,
                Entry::Vacant(place) => drop(place.insert(claim)),
            }
        }
        Ok(merged.into_values().collect())
    }

    /// The slice of cost it is on: account, resource, part.
    #[must_use]
    pub fn key(&self) -> (Option<String>, String, Slice) {
        (self.sub_account_id.clone(), self.resource_id.clone(), self.slice)
    }
}

/// What is there now and what there would be, for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// What is changed: `instance type`, `volume type`, …
    pub what: String,
    /// What it is.
    pub from: String,
    /// What it would be.
    pub to: String,
    /// 99th percentile of the hourly CPU maxima after the change, percent; `None` if it is not known or not about CPU.
    #[serde(default)]
    pub predicted_cpu_p99_pct: Option<Decimal>,
    /// Share of the hours seen whose CPU maximum would have been above 70 %, percent.
    #[serde(default)]
    pub hours_above_70_pct: Option<Decimal>,
    /// Whether it needs a restart.
    pub restart: bool,
    /// Whether software has to be there for another processor architecture.
    pub architecture_change: bool,
}

/// One of several ways to do the same thing to the same resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Variant {
    /// Least change, most room.
    Safe,
    /// In between.
    Balanced,
    /// Most saving.
    Bold,
}

impl Variant {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Balanced => "balanced",
            Self::Bold => "bold",
        }
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
    /// Value of the estate's first tag key.
    pub owner: Option<String>,
}

/// One thing that can be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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

impl Opportunity {
    /// What the variants of one finding have in common.
    #[must_use]
    pub fn finding(&self) -> (&str, &Option<String>, &Option<String>, &str) {
        (&self.check, &self.scope.sub_account_id, &self.scope.region_id, &self.subject)
    }

    /// The same with its amounts in another currency, by `convert`. Its words and evidence stay as they are.
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
            claim.savings = Savings { low: convert(low)?, expected: convert(expected)?, high: convert(high)? };
            self.savings = self.savings.try_add(claim.savings)?;
        }
        self.trade_off.upfront = convert(self.trade_off.upfront)?;
        Ok(self)
    }
}

/// An [`Opportunity`] in the making: the parts that a check decides; the rest follows from them.
#[derive(Debug)]
pub struct Draft {
    check: &'static str,
    title: String,
    subject: String,
    variant: Option<Variant>,
    scope: Scope,
    action: Action,
    change: Option<Change>,
    trade_off: TradeOff,
    evidence: Vec<Evidence>,
    claims: Vec<Claim>,
    runbook: Runbook,
}

impl Draft {
    /// Of a check, about a resource or group, somewhere, with its trade-off.
    #[must_use]
    pub fn new(check: &'static str, action: Action, subject: &str, scope: Scope, trade_off: TradeOff) -> Self {
        Self {
            check,
            title: String::new(),
            subject: subject.to_owned(),
            variant: None,
            scope,
            action,
            change: None,
            trade_off,
            evidence: Vec::new(),
            claims: Vec::new(),
            runbook: Runbook::default(),
        }
    }

    /// See [`Opportunity::title`].
    #[must_use]
    pub fn title(self, title: impl Into<String>) -> Self {
        Self { title: title.into(), ..self }
    }

    /// See [`Opportunity::variant`].
    #[must_use]
    pub fn variant(self, variant: Variant) -> Self {
        Self { variant: Some(variant), ..self }
    }

    /// See [`Opportunity::change`].
    #[must_use]
    pub fn change(self, change: Change) -> Self {
        Self { change: Some(change), ..self }
    }

    /// A change that needs neither a restart nor another architecture and is not about CPU.
    #[must_use]
    pub fn from_to(self, what: &str, from: &str, to: &str) -> Self {
        self.change(Change {
            what: what.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
            predicted_cpu_p99_pct: None,
            hours_above_70_pct: None,
            restart: false,
            architecture_change: false,
        })
    }

    /// The change interrupts what is changed.
    #[must_use]
    pub fn restarts(mut self) -> Self {
        if let Some(change) = &mut self.change {
            change.restart = true;
        }
        self
    }

    /// What the change makes of it; empty if nothing is changed.
    #[must_use]
    pub fn changed_to(&self) -> &str {
        self.change.as_ref().map_or("", |c| &c.to)
    }

    /// Adds a fact.
    #[must_use]
    pub fn evidence(mut self, label: &str, value: impl ToString, source: &str) -> Self {
        self.evidence.push(Evidence::new(label, value, source));
        self
    }

    /// Adds facts.
    #[must_use]
    pub fn facts(mut self, all: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(all);
        self
    }

    /// Adds claims.
    #[must_use]
    pub fn claims(mut self, all: impl IntoIterator<Item = Claim>) -> Self {
        self.claims.extend(all);
        self
    }

    /// Adds to [`Runbook::rollout`].
    #[must_use]
    pub fn rollout(mut self, steps: &[&str]) -> Self {
        self.runbook.rollout.extend(steps.iter().map(|s| (*s).to_owned()));
        self
    }

    /// Adds lines to [`Runbook::commands`]. What they name is a [`shell_word`].
    #[must_use]
    pub fn run(mut self, lines: impl Into<String>) -> Self {
        self.runbook.commands.extend(lines.into().lines().map(str::to_owned));
        self
    }

    /// Adds lines to [`Runbook::rollback_commands`].
    #[must_use]
    pub fn undo(mut self, lines: impl Into<String>) -> Self {
        self.runbook.rollback_commands.extend(lines.into().lines().map(str::to_owned));
        self
    }

    /// Adds to [`Runbook::watch`].
    #[must_use]
    pub fn watch(mut self, text: &str) -> Self {
        self.runbook.watch.push(text.to_owned());
        self
    }

    /// Adds to [`Runbook::terraform`].
    #[must_use]
    pub fn terraform(mut self, text: impl Into<String>) -> Self {
        self.runbook.terraform.push(text.into());
        self
    }

    /// The opportunity: with its id, and its saving added up from the claims.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn finish(self, currency: Currency) -> Result<Opportunity, MoneyError> {
        let savings = self.claims.iter().try_fold(Savings::zero(currency), |sum, c| sum.try_add(c.savings))?;
        let account = self.scope.sub_account_id.as_deref().unwrap_or("");
        let region = self.scope.region_id.as_deref().unwrap_or("");
        let mut about = vec![self.check, account, region, &self.subject];
        about.extend(self.variant.map(Variant::as_str));
        let id = stable_id("op", &about);
        let place = Place {
            account: self.scope.sub_account_id.as_deref(),
            region: self.scope.region_id.as_deref(),
            folder: &id,
        };
        let runbook = self.runbook.scripts(place);
        Ok(Opportunity {
            id,
            check: self.check.to_owned(),
            title: self.title,
            subject: self.subject,
            variant: self.variant,
            scope: self.scope,
            action: self.action,
            change: self.change,
            savings,
            trade_off: self.trade_off,
            evidence: self.evidence,
            claims: self.claims,
            runbook,
        })
    }
}
