use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::money::Money;
use crate::opportunity::{Claim, Draft, Scope, Slice};
use crate::tradeoff::{Level, TradeOff};

fn usd(cents: i64) -> Money {
    Money::new(Decimal::new(cents, 2), Currency::USD)
}

fn opportunity(subject: &str, action: Action, claims: Vec<(&str, i64, i64)>) -> Opportunity {
    let claims = claims.into_iter().map(|(resource, spend, saving)| Claim {
        sub_account_id: None,
        resource_id: resource.to_owned(),
        slice: Slice::Compute,
        spend: usd(spend),
        savings: Savings { low: usd(saving / 2), expected: usd(saving), high: usd(saving) },
        possible: None,
        pools: Vec::new(),
    });
    of_claims(subject, action, claims.collect())
}

fn of_claims(subject: &str, action: Action, claims: Vec<Claim>) -> Opportunity {
    let trade_off = TradeOff::new(Level::Low, Level::Low, "", Currency::USD);
    Draft::new("test", action, subject, Scope::default(), trade_off)
        .claims(claims)
        .finish(Currency::USD)
        .unwrap()
}

fn plan(all: &[Opportunity]) -> JointPlan {
    super::plan(all, &Pools::default(), &Limits::NONE, Currency::USD).unwrap()
}

#[test]
fn a_commitment_covers_only_resources_that_no_step_changes() {
    let modify = opportunity("m", Action::Modify, vec![("i-1", 10_000, 2_000)]);
    let commit = opportunity("c", Action::Commit, vec![("i-1", 10_000, 4_000)]);
    let other = opportunity("d", Action::Commit, vec![("i-2", 10_000, 3_000)]);
    let made = plan(&[commit.clone(), modify.clone(), other.clone()]);
    assert_eq!(made.step(&modify.id).unwrap().savings.expected, usd(2_000));
    assert_eq!(made.step(&other.id).unwrap().savings.expected, usd(3_000));
    assert_eq!(made.excluded, [Exclusion { opportunity: commit.id.clone(), by: modify.id }]);
    assert_eq!(made.joint.expected, usd(5_000));
    // Without the change, both are covered.
    assert_eq!(plan(&[commit, other]).joint.expected, usd(7_000));
}

#[test]
fn any_part_of_a_resource_that_changes_excludes_its_commitment() {
    let actions = [Action::Remove, Action::Schedule, Action::Modify, Action::Spot];
    let slices = [Slice::Fee, Slice::Performance, Slice::Storage, Slice::Covered];
    for (action, slice) in actions.into_iter().flat_map(|a| slices.map(|s| (a, s))) {
        let claim = opportunity("x", action, vec![("i-1", 10_000, 2_000)]).claims.remove(0);
        let pools = vec!["plans".to_owned()];
        let change = of_claims("r", action, vec![Claim { slice, pools, ..claim }]);
        let commit = opportunity("c", Action::Commit, vec![("i-1", 10_000, 4_000)]);
        let all = [change.clone(), commit.clone()];
        let made = super::plan(&all, &pools_of(1_000_000), &Limits::NONE, Currency::USD).unwrap();
        let by = Exclusion { opportunity: commit.id, by: change.id };
        assert_eq!(made.excluded, [by], "{action:?} {slice:?}");
    }
}

#[test]
fn what_is_removed_is_not_modified() {
    let remove = opportunity("r", Action::Remove, vec![("i-1", 10_000, 9_000)]);
    let modify = opportunity("m", Action::Modify, vec![("i-1", 10_000, 2_000)]);
    let plan = plan(&[modify.clone(), remove.clone()]);
    assert_eq!(plan.excluded, [Exclusion { opportunity: modify.id, by: remove.id }]);
    assert_eq!(plan.joint.expected, usd(9_000));
}

/// A commitment and spot capacity take the same place.
fn place_of(action: Action) -> Action {
    if action == Action::Spot { Action::Commit } else { action }
}

#[test]
fn spot_capacity_and_a_commitment_do_not_pay_for_the_same_hours() {
    let commit = opportunity("c", Action::Commit, vec![("i-1", 10_000, 3_000)]);
    let spot = opportunity("s", Action::Spot, vec![("i-1", 10_000, 4_500), ("i-2", 10_000, 4_500)]);
    let better = plan(&[commit.clone(), spot.clone()]);
    assert_eq!(better.excluded, [Exclusion { opportunity: commit.id.clone(), by: spot.id }]);
    assert_eq!(better.joint.expected, usd(9_000));
    // Purchases come after all changes, even if a change saves less.
    let dear = opportunity("s", Action::Spot, vec![("i-1", 10_000, 1_000), ("i-2", 10_000, 500)]);
    let made = plan(&[commit.clone(), dear.clone()]);
    assert_eq!(made.excluded, [Exclusion { opportunity: commit.id, by: dear.id }]);
    assert_eq!(made.joint.expected, usd(1_500));
}

/// Claims on three resources that cost 100.00, 200.00 and 300.00; each is also covered in part by
/// commitments that can move to the on-demand part of all of them.
fn any_claims() -> impl Strategy<Value = Vec<Claim>> {
    let one = (1_i64..=3, 0_i64..=100, any::<bool>());
    proptest::collection::vec(one, 1..4).prop_map(|all| {
        let mut claims: BTreeMap<(String, Slice), Claim> = BTreeMap::new();
        for (resource, pct, covered) in all {
            let slice = if covered { Slice::Covered } else { Slice::Compute };
            let most = usd(resource * 100 * pct);
            // Half of what a commitment releases is expected to cover other usage.
            let expected = if covered { usd(resource * 50 * pct) } else { most };
            let low = if covered { usd(0) } else { expected };
            let name = format!("i-{resource}");
            let claim = Claim {
                sub_account_id: None,
                resource_id: name.clone(),
                slice,
                spend: usd(resource * 10_000),
                savings: Savings { low, expected, high: most },
                possible: covered.then_some(most),
                pools: vec!["plans".to_owned()],
            };
            claims.insert((name, slice), claim);
        }
        claims.into_values().collect()
    })
}

fn any_opportunities(most: usize) -> impl Strategy<Value = Vec<Opportunity>> {
    let actions = [Action::Remove, Action::Schedule, Action::Modify, Action::Commit, Action::Spot];
    let action = proptest::sample::select(actions.to_vec());
    proptest::collection::vec((action, any_claims()), 0..most).prop_map(|all| {
        let one = |(n, (action, claims)): (usize, (Action, Vec<Claim>))| {
            of_claims(&n.to_string(), action, claims)
        };
        all.into_iter().enumerate().map(one).collect()
    })
}

fn pools_of(room: i64) -> Pools {
    let pool =
        Pool { bound: false, on_demand: usd(room), paid_per_list: Decimal::ONE, covered: usd(0) };
    Pools(BTreeMap::from([("plans".to_owned(), pool)]))
}

/// The largest expected saving of all sets in which no two of one action work on one slice.
fn brute_force(all: &[Opportunity], pools: &Pools) -> Decimal {
    let mut order: Vec<&Opportunity> = all.iter().collect();
    order.sort_by(|a, b| a.action.cmp(&b.action).then_with(|| a.id.cmp(&b.id)));
    let mut best = Decimal::ZERO;
    for bits in 0_u32..1 << order.len() {
        let set: std::collections::BTreeSet<usize> =
            (0..order.len()).filter(|at| bits & (1 << at) != 0).collect();
        let mut seen = std::collections::BTreeSet::new();
        let apart = set.iter().all(|at| {
            order[*at].claims.iter().all(|c| seen.insert((c.key(), place_of(order[*at].action))))
        });
        if apart {
            let settled = settle::settle(&order, &set, pools, Currency::USD).unwrap();
            best = best.max(settled.savings.iter().map(|s| s.expected.amount()).sum());
        }
    }
    best
}

fn cents(amount: Decimal) -> Decimal {
    amount.round_dp(4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_plan_is_the_best_of_all_sets(all in any_opportunities(9), room in prop_oneof![Just(1_000_000_i64), 0_i64..40_000]) {
        let pools = pools_of(room);
        // First stage: the changes.
        let (purchases, changes): (Vec<Opportunity>, Vec<Opportunity>) =
            all.iter().cloned().partition(|o| o.action == Action::Commit);
        let first = super::plan(&changes, &pools, &Limits::NONE, Currency::USD).unwrap();
        prop_assert_eq!(cents(first.joint.expected.amount()), cents(brute_force(&changes, &pools)));
        // Second stage: they, and the purchases for resources that none of them changes.
        let chosen = changes.into_iter().filter(|o| first.step(&o.id).is_some());
        let mut both: Vec<Opportunity> = chosen.collect();
        let changed: std::collections::BTreeSet<String> =
            both.iter().flat_map(|o| &o.claims).map(|c| c.resource_id.clone()).collect();
        let is_free = |o: &Opportunity| o.claims.iter().all(|c| !changed.contains(&c.resource_id));
        both.extend(purchases.into_iter().filter(is_free));
        let made = super::plan(&all, &pools, &Limits::NONE, Currency::USD).unwrap();
        prop_assert_eq!(cents(made.joint.expected.amount()), cents(brute_force(&both, &pools)));
        prop_assert!(made.proven);
    }

    #[test]
    fn joint_saving_is_at_most_singles_and_at_most_spend(all in any_opportunities(12), room in 0_i64..100_000) {
        let made = super::plan(&all, &pools_of(room), &Limits::NONE, Currency::USD).unwrap();
        prop_assert!(made.joint.expected.amount() <= made.sum_of_singles.expected.amount());
        prop_assert!(made.joint.high.amount() <= made.sum_of_singles.high.amount());
        let by_account: Decimal = made.by_account.iter().map(|p| p.savings.expected.amount()).sum();
        prop_assert_eq!(by_account, made.joint.expected.amount());
        let spend: BTreeMap<_, Decimal> = all.iter().flat_map(|o| &o.claims).map(|c| (c.key(), c.spend.amount())).collect();
        prop_assert!(made.joint.expected.amount() <= spend.values().sum::<Decimal>());
        let moved: Decimal = made.freed.iter().map(|f| f.moved.amount()).sum();
        prop_assert!(moved <= usd(room).amount());
    }

    #[test]
    fn dropping_a_change_never_raises_the_saving_of_the_changes(all in any_opportunities(10), which in any::<prop::sample::Index>()) {
        let all: Vec<Opportunity> = all.into_iter().filter(|o| o.action != Action::Commit).collect();
        prop_assume!(!all.is_empty());
        let total = plan(&all).joint.expected.amount();
        let mut fewer = all.clone();
        fewer.remove(which.index(all.len()));
        prop_assert!(cents(plan(&fewer).joint.expected.amount()) <= cents(total));
    }

    #[test]
    fn no_commitment_covers_a_resource_that_a_step_changes(all in any_opportunities(12), room in 0_i64..100_000) {
        let made = super::plan(&all, &pools_of(room), &Limits::NONE, Currency::USD).unwrap();
        let steps: Vec<&Opportunity> = all.iter().filter(|o| made.step(&o.id).is_some()).collect();
        for buy in steps.iter().filter(|o| o.action == Action::Commit) {
            for change in steps.iter().filter(|o| o.action != Action::Commit) {
                let same = |c: &Claim| change.claims.iter().any(|d| d.resource_id == c.resource_id);
                prop_assert!(!buy.claims.iter().any(same));
            }
        }
    }

    #[test]
    fn each_row_of_the_plan_reaches_the_floor(all in any_opportunities(12), floor in 0_i64..150) {
        let limits = Limits { min_saving: Decimal::from(floor), ..Limits::NONE };
        let made = super::plan(&all, &Pools::default(), &limits, Currency::USD).unwrap();
        let mut rows: BTreeMap<&str, Decimal> = BTreeMap::new();
        for step in &made.steps {
            *rows.entry(&step.group).or_default() += step.savings.expected.amount();
        }
        prop_assert!(rows.values().all(|saved| *saved >= Decimal::from(floor)));
        // The plan is the best of the opportunities that are not too small.
        let small = |o: &&Opportunity| !made.refusal(&o.id).is_some_and(|r| r.why.starts_with("too small"));
        let large: Vec<Opportunity> = all.iter().filter(small).cloned().collect();
        prop_assert_eq!(made.too_small.opportunities, all.len() - large.len());
        prop_assert_eq!(made.joint, plan(&large).joint);
    }

    #[test]
    fn the_plan_does_not_depend_on_the_order_given(all in any_opportunities(12)) {
        let forward = plan(&all);
        let mut reversed = all.clone();
        reversed.reverse();
        prop_assert_eq!(forward, plan(&reversed));
    }
}

#[test]
fn a_large_overlapping_portfolio_is_planned_and_not_called_proven() {
    // Forty purchases, each over ten of a hundred instances that the one before and the one after
    // want too.
    let all: Vec<Opportunity> = (0..40_i64)
        .map(|n| {
            let names: Vec<String> = (0..10).map(|k| format!("i-{}", (n * 5 + k) % 100)).collect();
            let claims =
                names.iter().map(|name| (name.as_str(), 10_000, 1_000 + 37 * (n % 7))).collect();
            opportunity(&n.to_string(), Action::Commit, claims)
        })
        .collect();
    let made = plan(&all);
    assert!(!made.proven);
    // No two overlap, and ten of them fit next to each other.
    assert!((8..=10).contains(&made.steps.len()), "{}", made.steps.len());
    assert_eq!(made.steps.len() + made.excluded.len(), all.len());
}

#[test]
fn limits_keep_out_what_they_name_and_say_why() {
    let mut risky = opportunity("r", Action::Modify, vec![("i-1", 10_000, 5_000)]);
    risky.trade_off.risk = Level::High;
    let mut stops = opportunity("s", Action::Modify, vec![("i-2", 10_000, 4_000)]);
    stops.trade_off = stops.trade_off.interrupts("minutes");
    let small = opportunity("t", Action::Remove, vec![("i-3", 100, 99)]);
    let limits = Limits { no_downtime: true, min_saving: Decimal::ONE, ..Limits::default() };
    let all = [risky.clone(), stops.clone(), small.clone()];
    let made = super::plan(&all, &Pools::default(), &limits, Currency::USD).unwrap();
    assert!(made.steps.is_empty());
    let why = |o: &Opportunity| made.refusal(&o.id).map(|r| r.why.clone()).unwrap();
    assert_eq!(why(&risky), "risk is high, the maximum is medium");
    assert_eq!(why(&stops), "it has downtime: minutes");
    assert_eq!(
        why(&small),
        "too small to plan: it saves 0.99 USD, and like steps save less than 1 together"
    );
    assert_eq!((made.too_small.opportunities, made.too_small.savings.expected), (1, usd(99)));
}

#[test]
fn a_commitment_that_nothing_takes_over_is_stranded() {
    let covered = |saving: i64| Claim {
        slice: Slice::Covered,
        pools: vec!["plans".to_owned()],
        ..opportunity("x", Action::Remove, vec![("i-1", 10_000, saving)]).claims.remove(0)
    };
    let remove = of_claims("r", Action::Remove, vec![covered(10_000)]);
    let made = super::plan(&[remove], &pools_of(3_000), &Limits::NONE, Currency::USD).unwrap();
    assert_eq!(made.joint.expected, usd(3_000));
    let freed = &made.freed[0];
    assert_eq!((freed.freed, freed.moved, freed.stranded), (usd(10_000), usd(3_000), usd(7_000)));
}

#[test]
fn commitments_that_are_bound_move_before_those_that_are_not() {
    let covered = |pool: &str, resource: &str| Claim {
        slice: Slice::Covered,
        pools: vec![pool.to_owned()],
        ..opportunity("x", Action::Remove, vec![(resource, 10_000, 8_000)]).claims.remove(0)
    };
    let remove = of_claims("r", Action::Remove, vec![covered("a", "i-1"), covered("b", "i-2")]);
    // The same 100.00 on demand for both: who comes first moves all of its 80.00, the other the
    // rest.
    let moved = |bound_to: &str| {
        let pool = |name: &str| Pool {
            bound: name == bound_to,
            on_demand: usd(10_000),
            paid_per_list: Decimal::ONE,
            covered: usd(0),
        };
        let pools = Pools(["a", "b"].map(|name| (name.to_owned(), pool(name))).into());
        let made = super::plan(std::slice::from_ref(&remove), &pools, &Limits::NONE, Currency::USD)
            .unwrap();
        made.freed.into_iter().map(|f| (f.pool, f.moved)).collect::<Vec<_>>()
    };
    assert_eq!(moved("a"), [("a".to_owned(), usd(8_000)), ("b".to_owned(), usd(2_000))]);
    assert_eq!(moved("b"), [("b".to_owned(), usd(8_000)), ("a".to_owned(), usd(2_000))]);
}

#[test]
fn of_the_variants_of_a_finding_one_counts() {
    let variant = |name: crate::opportunity::Variant, saving: i64| {
        let claims = opportunity("x", Action::Modify, vec![("i-1", 10_000, saving)]).claims;
        let trade_off = TradeOff::new(Level::Low, Level::Low, "", Currency::USD);
        let draft = Draft::new("test", Action::Modify, "i-1", Scope::default(), trade_off);
        draft.variant(name).claims(claims).finish(Currency::USD).unwrap()
    };
    let all = [
        variant(crate::opportunity::Variant::Safe, 1_000),
        variant(crate::opportunity::Variant::Bold, 3_000),
    ];
    let made = plan(&all);
    assert_eq!(
        (made.sum_of_singles.expected, made.joint.expected, made.overlap),
        (usd(3_000), usd(3_000), usd(0))
    );
    assert_eq!(
        made.excluded,
        [Exclusion { opportunity: all[0].id.clone(), by: all[1].id.clone() }]
    );
}

/// A change of `i-1` that saves so much and asks so much.
fn change(saving: i64, effort: Level, risk: Level) -> Opportunity {
    let mut o = opportunity("i-1", Action::Modify, vec![("i-1", 100_000, saving)]);
    o.trade_off.effort = effort;
    o.trade_off.risk = risk;
    o.id = format!("{saving}-{effort:?}-{risk:?}");
    o
}

#[test]
fn a_step_up_in_effort_or_risk_must_pay() {
    let chosen = |all: &[Opportunity]| {
        let limits = Limits { min_saving: Decimal::ZERO, ..Limits::default() };
        let plan = super::plan(all, &Pools::default(), &limits, Currency::USD).unwrap();
        plan.steps.into_iter().map(|s| s.opportunity).collect::<Vec<_>>()
    };
    let (low, medium, high) = (Level::Low, Level::Medium, Level::High);
    // Of public findings on a demo estate: 487.06 safe, 502.33 with medium risk, 504.43 with high
    // effort: the first, for 17 more are not 25.
    let all = [change(48_706, low, low), change(50_233, low, medium), change(50_443, high, medium)];
    assert_eq!(chosen(&all), [all[0].id.clone()]);
    // 25 more and 20 % more.
    let all = [change(10_000, low, low), change(12_499, medium, low)];
    assert_eq!(chosen(&all), [all[0].id.clone()]);
    let all = [change(10_000, low, low), change(12_500, medium, low)];
    assert_eq!(chosen(&all), [all[1].id.clone()]);
    let all = [change(50_000, low, low), change(59_999, medium, low)];
    assert_eq!(chosen(&all), [all[0].id.clone()]);
    // Alone it must beat doing nothing; what asks little need not.
    assert_eq!(chosen(&[change(2_499, high, low)]), Vec::<String>::new());
    assert_eq!(chosen(&[change(2_500, high, low)]).len(), 1);
    assert_eq!(chosen(&[change(1, low, low)]).len(), 1);
}

#[test]
fn like_steps_reach_the_floor_together() {
    let alike = |n: u32| {
        let mut o = opportunity(&format!("i-{n}"), Action::Modify, vec![("", 1_000, 200)]);
        o.claims[0].resource_id = format!("i-{n}");
        o.title = "Move t3.medium to t4g.medium".to_owned();
        o
    };
    let limits = Limits { step_up: Decimal::ZERO, step_up_pct: Decimal::ZERO, ..Limits::default() };
    let made = |count: u32| {
        let all: Vec<Opportunity> = (0..count).map(alike).collect();
        super::plan(&all, &Pools::default(), &limits, Currency::USD).unwrap()
    };
    // Two save 4.00 together and three 6.00; the default floor is 5.
    assert_eq!((made(2).steps.len(), made(2).too_small.opportunities), (0, 2));
    let three = made(3);
    assert_eq!((three.steps.len(), three.too_small.opportunities), (3, 0));
    assert!(three.steps.iter().all(|s| s.group == three.steps[0].group));
    // Another account is another row.
    let mut all: Vec<Opportunity> = (0..3).map(alike).collect();
    all[2].scope.sub_account_id = Some("2".to_owned());
    let made = super::plan(&all, &Pools::default(), &limits, Currency::USD).unwrap();
    assert_eq!(made.steps.len(), 0);
}

#[test]
fn the_floor_counts_what_earlier_steps_leave() {
    // A resize saves 60 % of what the schedule leaves: 6 of 10.
    let off = opportunity("s", Action::Schedule, vec![("i-1", 10_000, 9_000)]);
    let small = opportunity("m", Action::Modify, vec![("i-1", 10_000, 6_000)]);
    let chosen = |floor: i64| {
        let limits = Limits { min_saving: Decimal::from(floor), ..Limits::NONE };
        let all = [off.clone(), small.clone()];
        super::plan(&all, &Pools::default(), &limits, Currency::USD).unwrap().steps.len()
    };
    assert_eq!((chosen(6), chosen(7)), (2, 1));
}

#[test]
fn the_floor_is_the_larger_of_the_amount_and_the_share_of_spend() {
    let floor = |spend: i64| Limits::default().for_spend(usd(spend * 100)).min_saving;
    // 0.05 % of 10,000 is 5, of 66,000 33.
    assert_eq!((floor(0), floor(9_000), floor(66_000)), (5.into(), 5.into(), 33.into()));
}

#[test]
fn all_changes_of_a_resource_are_one_step_with_the_sum_of_their_savings() {
    let claim = |slice, saving| Claim {
        slice,
        ..opportunity("x", Action::Modify, vec![("i-1", 10_000, saving)]).claims.remove(0)
    };
    let mut size = of_claims("i-1", Action::Modify, vec![claim(Slice::Compute, 4_000)]);
    size.title = "Resize it".to_owned();
    size.trade_off.risk = Level::Medium;
    size.trade_off.risk_reason = "less room".to_owned();
    let mut disk = of_claims("i-1", Action::Modify, vec![claim(Slice::Storage, 3_000)]);
    disk.title = "Shrink it".to_owned();
    disk.trade_off.effort = Level::High;
    disk.id = "op-disk".to_owned();
    // 60 % of the hours off: the smaller size saves 40 % of 40.00.
    let mut off = of_claims("i-1", Action::Schedule, vec![claim(Slice::Compute, 6_000)]);
    off.title = "Switch it off".to_owned();
    off.id = "op-off".to_owned();
    let mut other = opportunity("i-2", Action::Modify, vec![("i-2", 10_000, 1_000)]);
    other.title = "Resize it".to_owned();
    let made = plan(&[size.clone(), disk.clone(), off.clone(), other.clone()]);
    assert_eq!(made.steps.len(), 2);
    let step = made.step(&off.id).unwrap();
    assert_eq!((step, step), (made.step(&size.id).unwrap(), made.step(&disk.id).unwrap()));
    assert_eq!(step.savings.expected, usd(6_000 + 1_600 + 3_000));
    assert_eq!(made.joint.expected, usd(11_600));
    assert_eq!(made.savings_of(&size.id).unwrap().expected, usd(1_600));
    // In the order in which they apply; the step is listed under the one that saves most.
    let ids: Vec<&str> = step.opportunities().collect();
    assert_eq!(ids, [off.id.as_str(), &size.id, &disk.id]);
    assert_eq!((step.opportunity.as_str(), step.quick_win), (off.id.as_str(), false));
    let all = step.combined.as_ref().unwrap();
    assert_eq!(all.title, "Switch it off; resize it; shrink it");
    let t = &all.trade_off;
    assert_eq!(
        (t.effort, t.risk, t.risk_reason.as_str()),
        (Level::High, Level::Medium, "less room")
    );
    let single = made.step(&other.id).unwrap();
    assert!(single.combined.is_none() && single.parts.is_empty());
    assert_ne!(single.group, step.group);
}

#[test]
fn the_same_name_in_another_account_or_service_is_another_resource() {
    let of = |account: &str, service: &str, slice| {
        let claim = opportunity("x", Action::Modify, vec![(service, 1_000, 100)]).claims.remove(0);
        let mut o = of_claims("api", Action::Modify, vec![Claim { slice, ..claim }]);
        o.scope.sub_account_id = Some(account.to_owned());
        o.scope.service_name = Some(service.to_owned());
        o.id = format!("{account}-{service}-{slice:?}");
        o
    };
    let (disk, cpu) = (Slice::Storage, Slice::Compute);
    let all =
        [of("1", "ecs", cpu), of("1", "logs", disk), of("1", "logs", cpu), of("2", "ecs", disk)];
    let made = plan(&all);
    let mut sizes: Vec<usize> = made.steps.iter().map(|s| s.opportunities().count()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 1, 2]);
}

#[test]
fn each_account_that_is_billed_for_a_resource_has_its_savings() {
    let of = |account: &str, saving| Claim {
        sub_account_id: Some(account.to_owned()),
        ..opportunity("b", Action::Modify, vec![("bucket", 10_000, saving)]).claims.remove(0)
    };
    let both = of_claims("b", Action::Modify, vec![of("1", 3_000), of("2", 500)]);
    let other = of_claims(
        "c",
        Action::Modify,
        vec![Claim { resource_id: "i-1".to_owned(), ..of("2", 1_000) }],
    );
    let made = plan(&[both, other]);
    let parts = made.by_account.iter();
    let parts: Vec<_> = parts.map(|p| (p.key.as_deref(), p.steps, p.savings.expected)).collect();
    assert_eq!(parts, [(Some("1"), 1, usd(3_000)), (Some("2"), 2, usd(1_500))]);
}

#[test]
fn changes_of_different_costs_of_a_resource_are_no_alternatives() {
    let (low, high) = (Level::Low, Level::High);
    let mut upgrade = change(50_000, low, low);
    upgrade.claims[0].slice = Slice::Fee;
    let shrink = change(8_000, high, low);
    // 80.00 for much effort is worth it, although the other change saves more.
    let limits = Limits { min_saving: Decimal::ZERO, ..Limits::default() };
    let all = [upgrade, shrink];
    let made = super::plan(&all, &Pools::default(), &limits, Currency::USD).unwrap();
    assert_eq!((made.steps.len(), made.joint.expected), (1, usd(58_000)));
}

/// Changes of two resources, each with claims on slices of several.
fn changes_of_resources() -> impl Strategy<Value = Vec<Opportunity>> {
    let actions = [Action::Remove, Action::Schedule, Action::Modify];
    let action = proptest::sample::select(actions.to_vec());
    let one = (prop_oneof![Just("a"), Just("b")], action, any_claims());
    proptest::collection::vec(one, 0..8).prop_map(|all| {
        let one = |(subject, action, claims)| of_claims(subject, action, claims);
        let mut all: Vec<Opportunity> = all.into_iter().map(one).collect();
        for (n, o) in all.iter_mut().enumerate() {
            o.id = format!("op-{n}");
        }
        all
    })
}

/// Returns whether a set removes and changes one resource, where the change also saves something
/// that the removal does not.
fn removes_and_changes(set: &[&Opportunity]) -> bool {
    let is_beyond = |change: &Opportunity, removal: &Opportunity| {
        let keys: Vec<_> = removal.claims.iter().map(Claim::key).collect();
        change.claims.iter().any(|c| !keys.contains(&c.key()))
    };
    set.iter().any(|r| {
        r.action == Action::Remove
            && set
                .iter()
                .any(|o| o.action != Action::Remove && o.subject == r.subject && is_beyond(o, r))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_resource_is_removed_or_changed_whichever_saves_more(all in changes_of_resources()) {
        let pools = pools_of(1_000_000);
        let made = super::plan(&all, &pools, &Limits::NONE, Currency::USD).unwrap();
        let by_id: BTreeMap<&str, &Opportunity> = all.iter().map(|o| (o.id.as_str(), o)).collect();
        for step in &made.steps {
            let mut ids: Vec<&str> = step.parts.iter().map(|p| p.opportunity.as_str()).collect();
            ids.push(&step.opportunity);
            let removals = ids.iter().filter(|id| by_id[*id].action == Action::Remove).count();
            prop_assert!(removals == 0 || removals == ids.len(), "{step:?}");
        }
        let chosen: Vec<&Opportunity> = all.iter().filter(|o| made.step(&o.id).is_some()).collect();
        prop_assert!(!removes_and_changes(&chosen));
        // The best of all sets that keep to this.
        let mut order: Vec<&Opportunity> = all.iter().collect();
        order.sort_by(|a, b| a.action.cmp(&b.action).then_with(|| a.id.cmp(&b.id)));
        let mut best = Decimal::ZERO;
        for bits in 0_u32..1 << order.len() {
            let set: std::collections::BTreeSet<usize> =
                (0..order.len()).filter(|at| bits & (1 << at) != 0).collect();
            let taken: Vec<&Opportunity> = set.iter().map(|at| order[*at]).collect();
            let mut seen = std::collections::BTreeSet::new();
            let keys = |o: &&Opportunity| -> Vec<_> {
                o.claims.iter().map(|c| (c.key(), o.action)).collect()
            };
            let is_apart = taken.iter().flat_map(keys).all(|key| seen.insert(key));
            if is_apart && !removes_and_changes(&taken) {
                let settled = settle::settle(&order, &set, &pools, Currency::USD).unwrap();
                best = best.max(settled.savings.iter().map(|s| s.expected.amount()).sum());
            }
        }
        prop_assert_eq!(cents(made.joint.expected.amount()), cents(best));
    }
}

#[test]
fn a_removal_excludes_a_change_that_the_bill_shows_elsewhere() {
    // Detailed monitoring is not billed with the instance: it is another slice.
    let remove = opportunity("i-1", Action::Remove, vec![("i-1", 10_000, 9_000)]);
    let mut claim = remove.claims[0].clone();
    (claim.slice, claim.spend) = (Slice::Requests, usd(210));
    claim.savings = Savings { low: usd(210), expected: usd(210), high: usd(210) };
    let mut modify = of_claims("i-1", Action::Modify, vec![claim]);
    modify.id = "op-monitoring".to_owned();
    let made = plan(&[modify.clone(), remove.clone()]);
    assert_eq!(made.steps.len(), 1, "{made:?}");
    assert!(made.steps[0].combined.is_none());
    assert_eq!(made.excluded, [Exclusion { opportunity: modify.id, by: remove.id }]);
    assert_eq!(made.joint.expected, usd(9_000));
}
