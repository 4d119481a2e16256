use proptest::prelude::*;

use super::*;
use crate::opportunity::{Draft, Scope};
use crate::tradeoff::{Level, Reversibility, TradeOff};

fn usd(cents: i64) -> Money {
    Money::new(Decimal::new(cents, 2), Currency::USD)
}

fn opportunity(subject: &str, action: Action, claims: Vec<(&str, i64, i64)>) -> Opportunity {
    let trade_off = TradeOff {
        effort: Level::Low,
        risk: Level::Low,
        risk_reason: String::new(),
        reliability: String::new(),
        downtime: String::new(),
        commitment_months: None,
        upfront: usd(0),
        break_even_months: None,
        reversibility: Reversibility::Reversible,
        test_first: Vec::new(),
        rollback: Vec::new(),
        caveats: Vec::new(),
    };
    let claims = claims.into_iter().map(|(resource, spend, saving)| Claim {
        sub_account_id: None,
        resource_id: resource.to_owned(),
        slice: Slice::Compute,
        spend: usd(spend),
        savings: Savings { low: usd(saving / 2), expected: usd(saving), high: usd(saving) },
    });
    let (title, subject, claims) = (String::new(), subject.to_owned(), claims.collect());
    let draft = Draft { title, subject, scope: Scope::default(), action, trade_off, evidence: Vec::new(), claims };
    draft.finish("test", Currency::USD).unwrap()
}

#[test]
fn a_commitment_covers_what_a_modification_leaves() {
    let modify = opportunity("m", Action::Modify, vec![("i-1", 10_000, 2_000)]);
    let commit = opportunity("c", Action::Commit, vec![("i-1", 10_000, 4_000)]);
    let plan = plan(&[commit.clone(), modify.clone()], Currency::USD).unwrap();
    assert_eq!(plan.steps[0].opportunity, modify.id);
    // 40 % of the 80 that remain.
    assert_eq!(plan.steps[1].savings.expected, usd(3_200));
    assert_eq!(plan.joint.expected, usd(5_200));
    assert_eq!(plan.overlap, usd(800));
}

#[test]
fn what_is_removed_is_not_modified() {
    let remove = opportunity("r", Action::Remove, vec![("i-1", 10_000, 9_000)]);
    let modify = opportunity("m", Action::Modify, vec![("i-1", 10_000, 2_000)]);
    let plan = plan(&[modify.clone(), remove.clone()], Currency::USD).unwrap();
    assert_eq!(plan.excluded, [Exclusion { opportunity: modify.id, by: remove.id }]);
    assert_eq!(plan.joint.expected, usd(9_000));
}

/// Opportunities on four resources that cost 100.00, 200.00 … each; savings of 0 to 100 % of that.
fn any_opportunities() -> impl Strategy<Value = Vec<Opportunity>> {
    let action = prop_oneof![Just(Action::Remove), Just(Action::Modify), Just(Action::Commit)];
    let claims = proptest::collection::btree_map(1_i64..=4, 0_i64..=100, 1..4);
    proptest::collection::vec((action, claims), 0..12).prop_map(|all| {
        let names = ["i-1", "i-2", "i-3", "i-4"];
        let one = |(n, (action, claims)): (usize, (Action, BTreeMap<i64, i64>))| {
            let claim = |(r, pct): (i64, i64)| (names[usize::try_from(r - 1).unwrap()], r * 10_000, r * 100 * pct);
            opportunity(&n.to_string(), action, claims.into_iter().map(claim).collect())
        };
        all.into_iter().enumerate().map(one).collect()
    })
}

proptest! {
    #[test]
    fn joint_saving_is_at_most_singles_and_at_most_spend(all in any_opportunities()) {
        let plan = plan(&all, Currency::USD).unwrap();
        prop_assert!(plan.joint.expected.amount() <= plan.sum_of_singles.expected.amount());
        prop_assert!(plan.joint.high.amount() <= plan.sum_of_singles.high.amount());
        let spend: BTreeMap<&str, Decimal> = all.iter().flat_map(|o| &o.claims).map(|c| (c.resource_id.as_str(), c.spend.amount())).collect();
        prop_assert!(plan.joint.expected.amount() <= spend.values().sum::<Decimal>());
        prop_assert_eq!(plan.steps.len() + plan.excluded.len(), all.len());
    }

    #[test]
    fn the_plan_does_not_depend_on_the_order_given(all in any_opportunities()) {
        let forward = plan(&all, Currency::USD).unwrap();
        let mut reversed = all.clone();
        reversed.reverse();
        prop_assert_eq!(forward, plan(&reversed, Currency::USD).unwrap());
    }
}
