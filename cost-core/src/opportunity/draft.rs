//! [`Draft`]: the parts of an opportunity that a check sets.

use super::action::{Action, Change, Variant};
use super::claim::Claim;
use super::types::{Certainty, Evidence, Opportunity, Scope};
use crate::cloud::account_of_id;
use crate::ids::stable_id;
use crate::money::{Currency, MoneyError, Savings};
use crate::runbook::{Place, Runbook, Way};
use crate::tradeoff::TradeOff;

/// Draft of an [`Opportunity`]: the parts that a check sets. The others are derived from them.
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
    ways: Vec<Way>,
}

impl Draft {
    /// Creates a draft of a check about a resource or group, with its scope and trade-off.
    #[must_use]
    pub fn new(
        check: &'static str,
        action: Action,
        subject: &str,
        scope: Scope,
        trade_off: TradeOff,
    ) -> Self {
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
            ways: Vec::new(),
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

    /// Sets a change that needs no restart, no other architecture, and is unrelated to CPU.
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

    /// Marks the change as causing downtime for the resource.
    #[must_use]
    pub fn restarts(mut self) -> Self {
        if let Some(change) = &mut self.change {
            change.restart = true;
        }
        self
    }

    /// Returns the proposed value of the change; empty if nothing changes.
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

    /// Adds lines to [`Runbook::commands`]. What they name is a
    /// [`shell_word`](crate::opportunity::shell_word).
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

    /// Adds a way to make the change together with others of the resource, after better ones.
    #[must_use]
    pub(crate) fn way(mut self, way: Way) -> Self {
        self.ways.push(way);
        self
    }

    /// Creates the opportunity with its ID. Its savings are the sum of the claims.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn finish(self, currency: Currency) -> Result<Opportunity, MoneyError> {
        let account = self.scope.sub_account_id.as_deref().unwrap_or("");
        let region = self.scope.region_id.as_deref().unwrap_or("");
        let mut about = vec![self.check, account, region, &self.subject];
        about.extend(self.variant.map(Variant::as_str));
        let id = stable_id("op", &about);
        let place = Place {
            provider: self.scope.provider,
            // Another account may pay for a shared resource, but only its owner can change it.
            account: account_of_id(&self.subject).or(self.scope.sub_account_id.as_deref()),
            region: self.scope.region_id.as_deref(),
            folder: &id,
        };
        let runbook = self.runbook.scripts(place);
        let opportunity = Opportunity {
            id,
            check: self.check.to_owned(),
            title: self.title,
            subject: self.subject,
            variant: self.variant,
            scope: self.scope,
            action: self.action,
            change: self.change,
            savings: Savings::zero(currency),
            certainty: Certainty::default(),
            possible: None,
            trade_off: self.trade_off,
            evidence: self.evidence,
            claims: self.claims,
            runbook,
            ways: self.ways,
        };
        opportunity.summed(currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::Provider;
    use crate::tradeoff::Level;

    #[test]
    fn a_script_is_for_the_owner_of_a_resource_not_for_the_account_that_pays() {
        let script = |subject: &str| {
            let scope = Scope {
                provider: Some(Provider::Aws),
                sub_account_id: Some("222222222222".to_owned()),
                ..Scope::default()
            };
            let asks = TradeOff::new(Level::Low, Level::Low, "none", Currency::USD);
            let draft = Draft::new("x", Action::Remove, subject, scope, asks).run("aws x");
            draft.finish(Currency::USD).expect("a sum").runbook.commands.join("\n")
        };
        let shared = script("arn:aws:ec2:us-east-1:111111111111:capacity-reservation/cr-1");
        assert!(shared.contains("[ \"$ACCOUNT\" = 111111111111 ]"), "{shared}");
        for of_the_payer in ["cr-1", "arn:aws:s3:::lake"] {
            let own = script(of_the_payer);
            assert!(own.contains("[ \"$ACCOUNT\" = 222222222222 ]"), "{own}");
        }
    }
}
