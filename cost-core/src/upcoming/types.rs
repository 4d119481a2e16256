//! [`UpcomingCost`].

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::{Currency, Money, MoneyError};
use crate::opportunity::{Action, Opportunity, Scope};

/// Months after the report date in which costs to come are reported. Chosen: a budget is planned for
/// a year.
pub const HORIZON_MONTHS: u32 = 12;

/// Property of a [`Change`](crate::opportunity::Change) that upgrades to another engine.
const ENGINE: &str = "engine";

/// What happens on the date.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum UpcomingKind {
    /// Standard support ends, and extended support is billed.
    ExtendedSupportStarts,
    /// The price of extended support rises.
    ExtendedSupportRises,
    /// Standard support ends, and extended support is turned off: nothing is billed, but the
    /// provider upgrades the resource to another major version.
    AutomaticUpgrade,
}

/// A later price of the same charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LaterPrice {
    /// First day of the price.
    pub from: NaiveDate,
    /// Cost per month of 730 h from that day on; `None` if the price is unknown.
    pub per_month: Option<Money>,
}

/// Cost to come: a charge that starts or rises on a known date, or the upgrade that the provider makes
/// instead of it. Not part of any savings, and not in the bill yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct UpcomingCost {
    /// First day of the charge, or of its new price. For an automatic upgrade, the last day of
    /// standard support, which can be over: the upgrade is on that day or later.
    pub from: NaiveDate,
    /// What happens.
    pub kind: UpcomingKind,
    /// What happens to which resource, in one line.
    pub title: String,
    /// Resource, or the cluster that the resources are members of.
    pub subject: String,
    /// Resources that are billed.
    pub resource_ids: Vec<String>,
    /// Account, service, region, and owner.
    pub scope: Scope,
    /// Engine and major version, such as `PostgreSQL 14`.
    pub version: String,
    /// Additional cost per month of 730 h from that day on, at the usage of the month under review;
    /// `None` if it is unknown, and for an automatic upgrade, which costs nothing.
    pub per_month: Option<Money>,
    /// Why the additional cost is unknown; `None` if it is known, and for an automatic upgrade.
    pub unknown: Option<String>,
    /// Last day of the reported period: the report date plus [`HORIZON_MONTHS`].
    pub horizon: NaiveDate,
    /// Additional cost from `from` (or the report date, if later) through `horizon`: per month × 24
    /// × days ÷ 730; `None` if there is no cost per month.
    pub until_horizon: Option<Money>,
    /// The next price of the same charge; `None` if there is none.
    pub later: Option<LaterPrice>,
    /// Last day on which the version can be used: afterwards, the provider upgrades it. `None` if it
    /// has not been announced.
    pub extended_ends: Option<NaiveDate>,
    /// How the cost was computed, and from which prices; empty if it is unknown. For an automatic
    /// upgrade, why nothing is billed.
    pub basis: String,
    /// How to avoid it; for an automatic upgrade, how to prepare for it.
    pub avoid: String,
    /// IDs of the opportunities that avoid it, if carried out before it starts: they remove all of
    /// its resources, or change their engine or its version. Omitted if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub avoided_by: Vec<String>,
    /// ID of the check that finds the charge once it is billed, and whose page describes the change.
    pub check: String,
    /// Page of the provider with the dates.
    pub source: String,
}

impl UpcomingCost {
    /// Names the opportunities that avoid it.
    pub(crate) fn name_opportunities(&mut self, all: &[Opportunity]) {
        let avoids = |o: &&Opportunity| {
            let is_upgrade = o.change.as_ref().is_some_and(|c| c.what == ENGINE);
            (is_upgrade || o.action == Action::Remove || o.check == self.check) && self.is_of(o)
        };
        self.avoided_by = all.iter().filter(avoids).map(|o| o.id.clone()).collect();
    }

    /// Returns whether an opportunity changes all resources of the cost.
    fn is_of(&self, o: &Opportunity) -> bool {
        let (own, of) = (&self.scope.sub_account_id, &o.scope.sub_account_id);
        let is_same_account = own.is_none() || of.is_none() || own == of;
        let is_changed =
            |id: &String| o.subject == *id || o.claims.iter().any(|c| c.resource_id == *id);
        is_same_account
            && (o.subject == self.subject
                || !self.resource_ids.is_empty() && self.resource_ids.iter().all(is_changed))
    }

    /// Returns the cost with its amounts converted by `convert`.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub(crate) fn converted(
        mut self,
        into: Currency,
        convert: &impl Fn(Money) -> Result<Money, MoneyError>,
    ) -> Result<Self, MoneyError> {
        let later = self.later.as_mut().and_then(|l| l.per_month.as_mut());
        let amounts = [self.per_month.as_mut(), self.until_horizon.as_mut(), later];
        for amount in amounts.into_iter().flatten().filter(|a| a.currency() != into) {
            *amount = convert(*amount)?;
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opportunity::Change;
    use crate::session::Session;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn cost(resource_ids: &[&str]) -> UpcomingCost {
        UpcomingCost {
            from: day("2027-02-01"),
            kind: UpcomingKind::ExtendedSupportStarts,
            title: String::new(),
            subject: "group".to_owned(),
            resource_ids: resource_ids.iter().map(|id| (*id).to_owned()).collect(),
            scope: Scope::default(),
            version: String::new(),
            per_month: None,
            unknown: None,
            horizon: day("2027-11-01"),
            until_horizon: None,
            later: None,
            extended_ends: None,
            basis: String::new(),
            avoid: String::new(),
            avoided_by: Vec::new(),
            check: "extended".to_owned(),
            source: String::new(),
        }
    }

    #[test]
    fn upgrades_and_removals_of_all_its_resources_avoid_a_cost() {
        let bill = crate::example::bill().expect("the example");
        let report = Session::open(&bill).and_then(|s| s.savings()).expect("a report");
        let mut o = report.opportunities.into_iter().next().expect("an opportunity");
        (o.subject, o.check, o.action) = ("node-1".to_owned(), "other".to_owned(), Action::Modify);
        o.claims.clear();
        o.change = Some(Change {
            what: "engine".to_owned(),
            from: "redis".to_owned(),
            to: "valkey".to_owned(),
            predicted_cpu_p99_pct: None,
            hours_above_70_pct: None,
            restart: true,
            architecture_change: false,
        });
        let avoided = |of: &[&str], o: &Opportunity| {
            let mut cost = cost(of);
            cost.name_opportunities(std::slice::from_ref(o));
            cost.avoided_by
        };
        assert_eq!(avoided(&["node-1"], &o), [o.id.as_str()]);
        assert_eq!(avoided(&["node-1", "node-2"], &o), <[String; 0]>::default());
        let resized = Opportunity { change: None, ..o.clone() };
        assert_eq!(avoided(&["node-1"], &resized), <[String; 0]>::default());
        let removed =
            Opportunity { action: Action::Remove, subject: "group".to_owned(), ..resized };
        assert_eq!(avoided(&["node-1", "node-2"], &removed), [o.id.as_str()]);
    }
}
