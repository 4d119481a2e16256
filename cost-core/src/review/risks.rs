//! What reliability risks mean for the plan: a resource that is too small is fixed first.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::inventory::resource_key;
use crate::opportunity::{Action, Change, Opportunity};
use crate::risk::{ReliabilityRisk, RiskKind};

/// Returns why opportunities are in no plan, by ID: they change what a resource has too little of,
/// to a value that is not the fix of the risk, or remove a resource that is used up to its limit.
pub(super) fn refused(
    opportunities: &[Opportunity],
    risks: &[ReliabilityRisk],
) -> BTreeMap<String, String> {
    let mut small: BTreeMap<&str, Vec<&ReliabilityRisk>> = BTreeMap::new();
    for risk in risks {
        for id in &risk.resource_ids {
            small.entry(resource_key(id)).or_default().push(risk);
        }
    }
    let why = |o: &Opportunity| {
        let ids = o.claims.iter().map(|c| c.resource_id.as_str()).chain([o.subject.as_str()]);
        let of_resource = ids.filter_map(|id| small.get(resource_key(id))).flatten();
        let risk = of_resource.into_iter().find(|risk| contradicts(risk, o))?;
        Some(format!("too small for its load ({}, {}): fix that first", risk.id, risk.kind.title()))
    };
    opportunities.iter().filter_map(|o| Some((o.id.clone(), why(o)?))).collect()
}

/// Returns whether an opportunity on the resource of a risk must wait for the fix.
fn contradicts(risk: &ReliabilityRisk, o: &Opportunity) -> bool {
    let is_concerned = o.claims.iter().any(|c| risk.kind.slices().contains(&c.slice));
    if !is_concerned {
        return false;
    }
    match o.action {
        // What will be full soon can still be unused.
        Action::Remove | Action::Spot => risk.kind != RiskKind::Storage,
        Action::Modify if risk.kind == RiskKind::Storage => {
            o.change.as_ref().is_none_or(|change| !is_no_smaller(change))
        }
        // The same target, found by both: the step also fixes the risk.
        Action::Modify => {
            o.change.as_ref().map(|c| &c.to) != risk.fix.change.as_ref().map(|c| &c.to)
        }
        Action::Schedule | Action::Commit | Action::Allocate => false,
    }
}

/// Returns whether a change does not lower an amount: both values are no amounts, such as two volume
/// types, or the new one is no smaller.
fn is_no_smaller(change: &Change) -> bool {
    let amount = |text: &str| text.split(' ').next()?.parse::<Decimal>().ok();
    match (amount(&change.from), amount(&change.to)) {
        (Some(from), Some(to)) => to >= from,
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{Currency, Money, Savings};
    use crate::opportunity::{Claim, Draft, Scope, Slice};
    use crate::risk::Fix;
    use crate::tradeoff::{Level, TradeOff};

    const SLICES: [Slice; 8] = [
        Slice::Compute,
        Slice::Covered,
        Slice::Storage,
        Slice::Performance,
        Slice::Traffic,
        Slice::Requests,
        Slice::Address,
        Slice::Fee,
    ];
    const KINDS: [RiskKind; 7] = [
        RiskKind::Cpu,
        RiskKind::Memory,
        RiskKind::CpuCredits,
        RiskKind::Storage,
        RiskKind::Operations,
        RiskKind::Throughput,
        RiskKind::Capacity,
    ];

    fn risk(kind: RiskKind, to: &str) -> ReliabilityRisk {
        let change = Change {
            what: "size".to_owned(),
            from: "100 GB".to_owned(),
            to: to.to_owned(),
            predicted_cpu_p99_pct: None,
            hours_above_70_pct: None,
            restart: false,
            architecture_change: false,
        };
        let fix = Fix {
            title: String::new(),
            change: Some(change),
            cost: None,
            unknown: None,
            caveats: Vec::new(),
            rollback: Vec::new(),
            runbook: crate::runbook::Runbook::default(),
        };
        ReliabilityRisk {
            id: "rk-1".to_owned(),
            kind,
            title: String::new(),
            subject: "r".to_owned(),
            resource_ids: vec!["r".to_owned()],
            scope: Scope::default(),
            measured: String::new(),
            threshold: String::new(),
            period: String::new(),
            evidence: Vec::new(),
            fix,
        }
    }

    fn opportunity(action: Action, slice: Slice, (from, to): (&str, &str)) -> Opportunity {
        let usd = Money::new(Decimal::TEN, Currency::USD);
        let claim = Claim {
            sub_account_id: None,
            resource_id: "r".to_owned(),
            slice,
            spend: usd,
            savings: Savings { low: usd, expected: usd, high: usd },
            possible: None,
            pools: Vec::new(),
        };
        let trade_off = TradeOff::new(Level::Low, Level::Low, "", Currency::USD);
        Draft::new("check", action, "r", Scope::default(), trade_off)
            .from_to("size", from, to)
            .claims([claim])
            .finish(Currency::USD)
            .unwrap()
    }

    fn is_refused(risk: &ReliabilityRisk, o: &Opportunity) -> bool {
        !refused(std::slice::from_ref(o), std::slice::from_ref(risk)).is_empty()
    }

    #[test]
    fn no_kind_of_risk_lets_a_change_of_what_is_short_into_the_plan() {
        // What each kind is short of, and what only looks like it.
        for kind in KINDS {
            let short: Vec<Slice> = SLICES
                .into_iter()
                .filter(|slice| {
                    let o = opportunity(Action::Modify, *slice, ("100 GB", "50 GB"));
                    is_refused(&risk(kind, "200 GB"), &o)
                })
                .collect();
            let expected: &[Slice] = match kind {
                RiskKind::Cpu | RiskKind::Memory | RiskKind::CpuCredits => {
                    &[Slice::Compute, Slice::Covered]
                }
                RiskKind::Storage => &[Slice::Storage],
                RiskKind::Operations | RiskKind::Throughput => {
                    &[Slice::Storage, Slice::Performance]
                }
                RiskKind::Capacity => &[Slice::Performance],
            };
            assert_eq!(short, expected, "{kind:?}");
            // Off at night, it has its full size by day.
            for slice in SLICES {
                let off = opportunity(Action::Schedule, slice, ("", ""));
                assert!(!is_refused(&risk(kind, "200 GB"), &off), "{kind:?}");
            }
        }
    }

    #[test]
    fn a_volume_at_its_iops_limit_changes_its_type_only_with_the_fix() {
        let at_limit = risk(RiskKind::Operations, "gp3, 4000 IOPS, 125 MiB/s");
        let same = opportunity(Action::Modify, Slice::Performance, ("io1", "gp3"));
        assert!(is_refused(&at_limit, &same));
        let fix = opportunity(Action::Modify, Slice::Storage, ("io1", "gp3, 4000 IOPS, 125 MiB/s"));
        assert!(!is_refused(&at_limit, &fix));
        let other = ReliabilityRisk { resource_ids: vec!["other".to_owned()], ..at_limit };
        assert!(!is_refused(&other, &same));
    }

    #[test]
    fn storage_that_fills_is_not_shrunk_but_may_change_its_type() {
        let fills = risk(RiskKind::Storage, "200 GB");
        let of = |from, to| opportunity(Action::Modify, Slice::Storage, (from, to));
        assert!(is_refused(&fills, &of("100 GB", "99 GB")));
        assert!(!is_refused(&fills, &of("gp2", "gp3")));
        assert!(!is_refused(&fills, &of("100 GB", "120 GB")));
    }

    #[test]
    fn what_is_used_up_to_its_limit_is_not_removed_as_unused() {
        let remove = |slice| opportunity(Action::Remove, slice, ("", ""));
        assert!(is_refused(&risk(RiskKind::Cpu, "x"), &remove(Slice::Compute)));
        assert!(is_refused(&risk(RiskKind::Capacity, "x"), &remove(Slice::Performance)));
        assert!(!is_refused(&risk(RiskKind::Storage, "x"), &remove(Slice::Storage)));
        assert!(!is_refused(&risk(RiskKind::Cpu, "x"), &remove(Slice::Address)));
    }
}
