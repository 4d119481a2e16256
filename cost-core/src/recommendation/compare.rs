//! Where a provider recommendation and our opportunities for the same resource differ, and why.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::types::Recommendation;
use crate::check::Skip;
use crate::inventory::short_id;
use crate::money::Money;
use crate::opportunity::Opportunity;
use crate::plan::JointPlan;

/// Difference of savings, in percent of the provider's estimate, up to which they agree. Chosen:
/// both are estimates, and months differ by up to 10 %.
const SAME_PCT: i64 = 20;
/// Difference of savings per month, in units of the currency, up to which they agree. Chosen:
/// smaller ones change no decision.
const SAME_AMOUNT: i64 = 5;

/// How a provider recommendation compares with our opportunities for the same resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Agreement {
    /// It was not compared: it applies to no single resource, such as a purchase.
    #[default]
    NotCompared,
    /// We propose the same, with about the same savings.
    Same,
    /// We propose the same target, with other savings.
    OtherSavings,
    /// We propose another target, such as another instance type.
    OtherTarget,
    /// We propose another action, such as deleting instead of resizing.
    OtherAction,
    /// We propose no change of the resource.
    OnlyProvider,
}

impl Agreement {
    /// Returns the label for reports.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::NotCompared => "not compared",
            Self::Same => "same",
            Self::OtherSavings => "other savings",
            Self::OtherTarget => "other target",
            Self::OtherAction => "other action",
            Self::OnlyProvider => "only the provider",
        }
    }

    /// Returns whether it differs from our opportunities for the resource.
    #[must_use]
    pub fn differs(self) -> bool {
        matches!(
            self,
            Self::OtherSavings | Self::OtherTarget | Self::OtherAction | Self::OnlyProvider
        )
    }
}

/// Our findings that recommendations are compared with.
#[derive(Clone, Copy, Debug)]
pub struct Ours<'a> {
    /// Opportunities.
    pub opportunities: &'a [Opportunity],
    /// Plan.
    pub plan: &'a JointPlan,
    /// What was not evaluated.
    pub skipped: &'a [Skip],
}

/// Result of a comparison.
#[derive(Debug)]
pub(super) struct Compared {
    /// How the recommendation compares with ours.
    pub(super) agreement: Agreement,
    /// ID of the opportunity that it was compared with; `None` if there is none.
    pub(super) opportunity: Option<String>,
    /// Why they differ, one reason each.
    pub(super) why: Vec<String>,
}

/// Compares a recommendation with `same`, our opportunities for its resource: with the one of the
/// same target, else one of the plan, else the first.
pub(super) fn compare(r: &Recommendation, same: &[&Opportunity], ours: Ours<'_>) -> Compared {
    let without = |agreement, why| Compared { agreement, opportunity: None, why };
    let Some(id) = r.resource_id.as_deref().map(short_id) else {
        return without(Agreement::NotCompared, Vec::new());
    };
    let with = |o: &Opportunity, agreement, why| Compared {
        agreement,
        opportunity: Some(o.id.clone()),
        why,
    };
    let target = r.recommended.as_deref();
    let is_target = |o: &&&Opportunity| {
        let to = o.change.as_ref().map(|c| c.to.as_str());
        target.zip(to).is_some_and(|(theirs, mine)| is_same(theirs, mine))
    };
    let is_planned = |o: &&&Opportunity| ours.plan.step(&o.id).is_some();
    if let Some(o) = same.iter().find(is_target) {
        let mut why = savings_differ(r, o);
        let agreement = if why.is_empty() { Agreement::Same } else { Agreement::OtherSavings };
        why.extend(not_planned(o, ours.plan));
        return with(o, agreement, why);
    }
    let best = same.iter().find(is_planned).or_else(|| same.first());
    let Some(o) = best else {
        return without(Agreement::OnlyProvider, refused(r, id, ours.skipped));
    };
    let mut why = vec![format!("we propose: {}", o.title)];
    if target.is_some() && o.change.is_some() {
        why.extend(targets_differ(r, o));
        why.extend(sums(r, o));
        return with(o, Agreement::OtherTarget, why);
    }
    why.extend(sums(r, o));
    why.extend(not_planned(o, ours.plan));
    with(o, Agreement::OtherAction, why)
}

/// Returns whether a provider's target is ours: the same text, or a text with more properties, of
/// which one is ours, such as `gp3, 100 GiB, 3000 IOPS` for `gp3`.
fn is_same(theirs: &str, ours: &str) -> bool {
    theirs == ours || theirs.split(", ").any(|part| part == ours)
}

/// Returns what both expect to save; `None` if one of them is unknown.
fn sums(r: &Recommendation, o: &Opportunity) -> Option<String> {
    let (theirs, mine) = (r.monthly_savings?, o.savings.expected);
    Some(both(o, mine, theirs))
}

/// Returns what both expect to save, in words.
fn both(o: &Opportunity, mine: Money, theirs: Money) -> String {
    format!("we expect {} per month ({}), they expect {}", shown(mine), o.id, shown(theirs))
}

/// Returns why the savings of the same change differ; empty if they are about the same, or if one
/// of them is unknown.
fn savings_differ(r: &Recommendation, o: &Opportunity) -> Vec<String> {
    let (Some(theirs), mine) = (r.monthly_savings, o.savings.expected) else { return Vec::new() };
    let Ok(difference) = mine.try_sub(theirs) else {
        return vec![format!("their savings are in {}", theirs.currency())];
    };
    let limit = (theirs.amount().abs() * Decimal::from(SAME_PCT) / Decimal::ONE_HUNDRED)
        .max(Decimal::from(SAME_AMOUNT));
    if difference.amount().abs() <= limit {
        return Vec::new();
    }
    let mut why = vec![both(o, mine, theirs)];
    why.push(match r.basis.as_deref() {
        Some("after discounts") => {
            "both are after discounts; ours is the cost in the bill of this month, per 730 h"
                .to_owned()
        }
        Some(basis) => {
            format!("their basis is: {basis}; ours is the cost in the bill, after discounts")
        }
        None => "their basis is unknown; ours is the cost in the bill, after discounts".to_owned(),
    });
    why.extend(lookback(r));
    why
}

/// Returns why the targets differ.
fn targets_differ(r: &Recommendation, o: &Opportunity) -> Vec<String> {
    let mut why: Vec<String> = lookback(r).into_iter().collect();
    let change = o.change.as_ref();
    why.extend(change.and_then(|c| c.predicted_cpu_p99_pct).map(|pct| {
        format!("with ours, the 99th percentile of hourly CPU maxima is {pct} %; our limits are CPU 70 % and memory 85 %")
    }));
    if change.is_some_and(|c| c.architecture_change) {
        why.push("ours needs software for another processor architecture".to_owned());
    }
    why
}

fn lookback(r: &Recommendation) -> Option<String> {
    let days = r.lookback_days?;
    Some(format!("they use the last {days} days; we use all hours of utilization in the estate"))
}

/// Returns why an opportunity is not in the plan.
fn not_planned(o: &Opportunity, plan: &JointPlan) -> Option<String> {
    let refusal = plan.refusal(&o.id).map(|x| format!("not in our plan: {}", x.why));
    refusal
        .or_else(|| plan.exclusion(&o.id).map(|x| format!("not in our plan: replaced by {}", x.by)))
}

/// Kinds of provider actions, and of the checks that look for the same: parts of the action's name
/// in lower case, and beginnings of check IDs.
const KINDS: [(&[&str], &[&str]); 2] = [
    (&["rightsize", "resize", "downsize"], &["oversized_", "overprovisioned_", "overallocated_"]),
    (
        &["stop", "delete", "terminate", "release"],
        &["idle_", "unused_", "unattached_", "orphaned_", "stopped_", "old_"],
    ),
];

/// Returns whether a check looks for the same kind of change as a provider's action.
fn is_of_kind(action: &str, check: &str) -> bool {
    let action = action.to_lowercase();
    KINDS.iter().any(|(actions, checks)| {
        actions.iter().any(|a| action.contains(a)) && checks.iter().any(|c| check.starts_with(c))
    })
}

/// Returns why we propose no change of a resource: why checks could not evaluate it, those of the
/// same kind of change first.
fn refused(r: &Recommendation, id: &str, skipped: &[Skip]) -> Vec<String> {
    let of = |s: &&Skip| s.subjects.iter().any(|subject| short_id(subject) == id);
    let (mut all, others): (Vec<&Skip>, Vec<&Skip>) =
        skipped.iter().filter(of).partition(|s| is_of_kind(&r.action, &s.check));
    all.extend(others);
    let mut why: Vec<String> = Vec::new();
    for skip in all {
        if !why.contains(&skip.reason) {
            why.push(skip.reason.clone());
        }
    }
    if why.is_empty() {
        why.push(
            "none of our checks found a saving for this resource within its limits".to_owned(),
        );
    }
    why
}

fn shown(amount: Money) -> String {
    format!("{} {}", amount.display_amount(), amount.currency())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;
    use crate::recommendation::{ProviderRecommendation, RecommendationRow, with_opportunities};
    use crate::session::Session;

    fn recommended(resource: Option<&str>, to: Option<&str>, saved: i64) -> Recommendation {
        Recommendation::from(RecommendationRow {
            source: "Compute Optimizer".to_owned(),
            resource_id: resource.map(ToOwned::to_owned),
            action: "Rightsize".to_owned(),
            recommended: to.map(ToOwned::to_owned),
            monthly_savings: Some(saved.into()),
            currency: Some(Currency::USD),
            lookback_days: Some(14),
            basis: Some("list price".to_owned()),
            ..RecommendationRow::default()
        })
    }

    /// Compares recommendations with the opportunities of the example.
    fn compared(
        all: &[Recommendation],
        change: impl Fn(&mut Opportunity),
    ) -> Vec<ProviderRecommendation> {
        let bill = crate::example::bill().expect("the example");
        let report = Session::open(&bill).and_then(|s| s.savings()).expect("a report");
        let mut opportunities = report.opportunities;
        opportunities.iter_mut().for_each(change);
        let (plan, skipped) = (&report.plan, report.skipped.as_slice());
        with_opportunities(all, Ours { opportunities: &opportunities, plan, skipped })
    }

    const ADDRESS: &str = "eipalloc-0a1b2c3d4e5f60001";

    #[test]
    fn another_action_and_an_unknown_resource_are_named() {
        let all = [
            recommended(Some(ADDRESS), None, 3),
            recommended(Some("i-1"), Some("m7g.large"), 9),
            recommended(None, None, 100),
        ];
        let found = compared(&all, |_| ());
        let agreements: Vec<Agreement> = found.iter().map(|s| s.agreement).collect();
        assert_eq!(
            agreements,
            [Agreement::OtherAction, Agreement::OnlyProvider, Agreement::NotCompared]
        );
        let id = found[0].compared_with.as_deref().expect("an opportunity");
        assert_eq!(found[0].opportunities, [id]);
        assert_eq!(
            found[0].why[..2],
            [
                "we propose: Release the idle public IPv4 address".to_owned(),
                format!("we expect 3.65 USD per month ({id}), they expect 3.00 USD"),
            ]
        );
        assert_eq!(found[1].compared_with, None);
        assert_eq!(
            found[1].why,
            ["none of our checks found a saving for this resource within its limits"]
        );
    }

    #[test]
    fn reasons_of_the_same_kind_of_change_come_first() {
        let skip = |check: &str, reason: &str| Skip {
            check: check.to_owned(),
            reason: reason.to_owned(),
            subjects: vec!["arn:aws:rds:r:1:db:crm".to_owned()],
        };
        let skipped = [
            skip("graviton_database", "prices missing"),
            skip("previous_generation_database", "prices missing"),
            skip("idle_database", "too few days"),
            skip("oversized_database", "a read replica"),
        ];
        let rightsize = recommended(Some("db:crm"), None, 3);
        let id = short_id("arn:aws:rds:r:1:db:crm");
        assert_eq!(
            refused(&rightsize, id, &skipped),
            ["a read replica", "prices missing", "too few days"]
        );
        let stop = Recommendation { action: "Stop".to_owned(), ..rightsize };
        assert_eq!(refused(&stop, id, &skipped)[0], "too few days");
    }

    #[test]
    fn a_target_with_more_properties_is_the_same_target() {
        assert!(is_same("gp3, 100 GiB, 3000 IOPS, 125 MiB/s", "gp3") && is_same("gp3", "gp3"));
        assert!(!is_same("m5.large", "m5") && !is_same("gp2, 100 GiB", "gp3"));
    }

    /// The subject of a group is its name, and its claims are those of its members.
    #[test]
    fn the_recommendation_for_a_group_is_compared_with_that_of_its_name() {
        let group = "arn:aws:autoscaling:r:1:autoScalingGroup:0a1b:autoScalingGroupName/web";
        let rename = |o: &mut Opportunity| "web".clone_into(&mut o.subject);
        let found = compared(&[recommended(Some(group), None, 3)], rename);
        assert_eq!(found[0].agreement, Agreement::OtherAction);
    }

    #[test]
    fn targets_and_savings_are_compared() {
        let change = |o: &mut Opportunity| {
            o.change = Some(crate::opportunity::Change {
                what: "instance type".to_owned(),
                from: "m5.xlarge".to_owned(),
                to: "m7i.large".to_owned(),
                predicted_cpu_p99_pct: Some(Decimal::from(62)),
                hours_above_70_pct: None,
                restart: true,
                architecture_change: false,
            });
        };
        // Ours saves 3.65 USD: 4 is about the same, 40 is not.
        let all = [
            recommended(Some(ADDRESS), Some("m7i.large"), 4),
            recommended(Some(ADDRESS), Some("m7i.large"), 40),
            recommended(Some(ADDRESS), Some("t3.large"), 40),
        ];
        let found = compared(&all, change);
        let agreements: Vec<Agreement> = found.iter().map(|s| s.agreement).collect();
        assert_eq!(agreements, [Agreement::Same, Agreement::OtherSavings, Agreement::OtherTarget]);
        let id = found[1].compared_with.as_deref().expect("an opportunity");
        assert_eq!(
            found[1].why[0],
            format!("we expect 3.65 USD per month ({id}), they expect 40.00 USD")
        );
        assert_eq!(
            found[1].why[1..],
            [
                "their basis is: list price; ours is the cost in the bill, after discounts",
                "they use the last 14 days; we use all hours of utilization in the estate",
                "not in our plan: too small to plan: it saves 3.65 USD, and like steps save less than 5 together",
            ]
        );
        assert!(found[2].why.iter().any(|why| why.contains("CPU maxima is 62 %")));
    }
}
