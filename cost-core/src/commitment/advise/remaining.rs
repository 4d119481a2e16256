//! The usage that remains after the plan is implemented. Purchases are decided on this usage.
//!
//! Usage that the plan removes, schedules off, or moves to spot capacity gets no commitment:
//! changing hours are no basis for one, and no commitment covers spot. Usage that is resized or
//! changed to another type remains with the share of its cost that the plan leaves. Only plans that
//! are not bound to a family can cover it.
//!
//! A step applies to the usage whose slice it claims: removing provisioned concurrency leaves the
//! function's duration. A claim on usage that a commitment covers applies to all usage of the
//! resource that commitments can cover, because the claim does not name the usage.
//!
//! A change that is too small for the plan may be made at any time, for example together with others,
//! and would leave a reservation of the old type without usage. So its usage counts as usage that may
//! change its family, with its full quantity.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::cloud::cloud;
use crate::commitment::hours::{HourlyUsage, UsageLine};
use crate::opportunity::{Action, Opportunity, Slice};
use crate::plan::{JointPlan, TOO_SMALL, possible_fraction};

/// The remaining share of a resource's usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    /// Remaining share of its cost, 0 to 1.
    pub(super) left: Decimal,
    /// Whether it may have another family after the change.
    pub(super) moves: bool,
}

impl Share {
    /// Usage that does not change.
    const ALL: Self = Self { left: Decimal::ONE, moves: false };

    /// Returns the smaller share of two.
    fn and(self, other: Self) -> Self {
        Self { left: self.left.min(other.left), moves: self.moves || other.moves }
    }
}

/// Account (empty if unknown), `ResourceId`, and slice. [`Slice::Covered`] stands for all usage of
/// the resource.
type Key = (String, String, Slice);

/// The remaining share of the usage that the plan changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remaining(BTreeMap<Key, Share>);

impl Remaining {
    /// Returns the remaining shares after the steps of a plan, and the usage that changes below its
    /// floor would leave.
    #[must_use]
    pub fn after(plan: &JointPlan, opportunities: &[Opportunity]) -> Self {
        let steps = plan.by_opportunity();
        let too_small = plan.not_allowed.iter().filter(|r| r.why.starts_with(TOO_SMALL));
        let too_small: BTreeSet<&str> = too_small.map(|r| r.opportunity.as_str()).collect();
        let mut shares: BTreeMap<Key, Share> = BTreeMap::new();
        for o in opportunities {
            let is_step = steps.contains_key(o.id.as_str());
            if !is_step && !too_small.contains(o.id.as_str()) {
                continue;
            }
            for claim in &o.claims {
                let share = match o.action {
                    Action::Commit | Action::Allocate => continue,
                    _ if !is_step => Share { left: Decimal::ONE, moves: true },
                    Action::Remove | Action::Schedule | Action::Spot => {
                        Share { left: Decimal::ZERO, moves: false }
                    }
                    Action::Modify => {
                        Share { left: Decimal::ONE - possible_fraction(claim), moves: true }
                    }
                };
                let account = claim.sub_account_id.clone().unwrap_or_default();
                let known = shares
                    .entry((account, claim.resource_id.clone(), claim.slice))
                    .or_insert(Share::ALL);
                *known = known.and(share);
            }
        }
        Self(shares)
    }

    /// Returns the resources whose usage changes.
    #[must_use]
    pub fn resources(&self) -> BTreeSet<String> {
        self.0.keys().map(|(_, id, _)| id.clone()).collect()
    }

    /// Returns the remaining share of a line's usage.
    fn of(&self, line: &UsageLine) -> Share {
        let Some(id) = &line.resource_id else { return Share::ALL };
        let slice = cloud(line.provider).slice(line.priced().used);
        // The covered part and the on-demand part belong to the same resource. Its lowest share
        // counts.
        [slice, Slice::Covered]
            .into_iter()
            .filter_map(|slice| self.0.get(&(line.account.clone(), id.clone(), slice)))
            .fold(Share::ALL, |share, other| share.and(*other))
    }

    /// Removes the usage that does not remain. Returns for each line whether it may change its
    /// family.
    pub(super) fn apply(&self, usage: &mut HourlyUsage) -> Vec<bool> {
        let mut moves = Vec::with_capacity(usage.lines.len());
        for line in &mut usage.lines {
            let share = self.of(line);
            moves.push(share.moves);
            if share != Share::ALL {
                scale(&mut line.quantities, share.left);
            }
        }
        moves
    }
}

#[cfg(test)]
impl<const N: usize> From<[(Key, Share); N]> for Remaining {
    fn from(shares: [(Key, Share); N]) -> Self {
        Self(BTreeMap::from(shares))
    }
}

/// Multiplies quantities by a factor, rounded to a millionth.
pub(super) fn scale(quantities: &mut [i64], factor: Decimal) {
    const MILLION: i128 = 1_000_000;
    let millionths = (factor * Decimal::from(1_000_000_u32)).round().mantissa();
    for quantity in quantities {
        let scaled = i128::from(*quantity) * millionths / MILLION;
        *quantity = i64::try_from(scaled).unwrap_or(i64::MAX);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cloud::{Metered, Provider};
    use crate::commitment::hours::Window;
    use crate::money::{Currency, Money, Savings};
    use crate::opportunity::{Claim, Draft, Scope};
    use crate::plan::{Limits, Pools, plan};
    use crate::tradeoff::{Level, TradeOff};

    /// Usage of each kind that commitments can cover: an instance, a warehouse, an endpoint,
    /// capacity of a table, provisioned concurrency, and usage without a known kind.
    const KINDS: [&str; 6] = [
        "BoxUsage:m5.large",
        "Node:dc2.large",
        "Host:ml.m5.large",
        "ReadCapacityUnit-Hrs",
        "Lambda-Provisioned-Concurrency",
        "RMS:ra3.xlplus",
    ];

    /// Returns the slice that a check claims for a kind of usage.
    fn slice(kind: usize) -> Slice {
        cloud(Provider::Aws).slice(Metered::new(Provider::Aws, KINDS[kind]))
    }

    fn usd(dollars: i64) -> Money {
        Money::new(Decimal::from(dollars), Currency::USD)
    }

    /// Returns the line of one kind and account: the resource of the kind, 1 unit per hour.
    fn line(kind: usize, account: &str) -> UsageLine {
        UsageLine {
            account: account.to_owned(),
            region: "us-east-1".to_owned(),
            usage_type: KINDS[kind].to_owned(),
            provider: Provider::Aws,
            service: None,
            operation: None,
            resource_id: Some(format!("r-{kind}")),
            list_unit_price: None,
            on_demand_unit_price: Decimal::ONE,
            quantities: vec![10_000_000_000; 24],
            covered: BTreeMap::new(),
        }
    }

    /// Opportunity of account 1 on the resource of a kind that saves a percentage of its 100 USD.
    fn opportunity(
        n: usize,
        action: Action,
        (kind, covered, pct): (usize, bool, i64),
    ) -> Opportunity {
        let savings = Savings { low: usd(pct), expected: usd(pct), high: usd(pct) };
        let claim = Claim {
            sub_account_id: Some("1".to_owned()),
            resource_id: format!("r-{kind}"),
            slice: if covered { Slice::Covered } else { slice(kind) },
            spend: usd(100),
            savings,
            possible: None,
            pools: Vec::new(),
        };
        let trade_off = TradeOff::new(Level::Low, Level::Low, "", Currency::USD);
        Draft::new("test", action, &n.to_string(), Scope::default(), trade_off)
            .claims([claim])
            .finish(Currency::USD)
            .expect("one currency")
    }

    fn any_opportunities() -> impl Strategy<Value = Vec<Opportunity>> {
        let actions =
            [Action::Remove, Action::Schedule, Action::Modify, Action::Commit, Action::Spot];
        let one = (
            proptest::sample::select(actions.to_vec()),
            (0..KINDS.len(), any::<bool>(), 1_i64..=100),
        );
        proptest::collection::vec(one, 0..10).prop_map(|all| {
            let one = |(n, (action, of))| opportunity(n, action, of);
            all.into_iter().enumerate().map(one).collect()
        })
    }

    proptest! {
        #[test]
        fn nothing_that_a_step_takes_away_is_left_to_commit_to(all in any_opportunities()) {
            let made = plan(&all, &Pools::default(), &Limits::NONE, Currency::USD).expect("a plan");
            let remaining = Remaining::after(&made, &all);
            let window = Window { from: "2026-08-03".parse().expect("a day"), until: "2026-08-04".parse().expect("a day") };
            let accounts = ["1", "2"];
            let lines = accounts.iter().flat_map(|a| (0..KINDS.len()).map(|kind| line(kind, a)));
            let lines: Vec<UsageLine> = lines.collect();
            let mut usage = HourlyUsage { window, lines, owned: Vec::new(), spread: 0, excluded: Vec::new() };
            let moves = remaining.apply(&mut usage);
            for (line, moves) in usage.lines.iter().zip(moves) {
                let steps = all.iter().filter(|o| made.step(&o.id).is_some() && o.action != Action::Commit);
                let mut of_line: Vec<&Opportunity> = steps
                    .filter(|o| line.account == "1" && Some(&o.claims[0].resource_id) == line.resource_id.as_ref())
                    .collect();
                let is_modify = |o: &&Opportunity| o.action == Action::Modify;
                prop_assert_eq!(moves, of_line.iter().any(is_modify));
                let left = line.quantities[0];
                if of_line.iter().any(|o| o.action != Action::Modify) {
                    prop_assert_eq!(left, 0);
                } else if let Some(o) = of_line.pop() {
                    // One percent of the quantity is 100,000,000.
                    let saved = o.claims[0].savings.expected.amount();
                    prop_assert!(Decimal::from(left) <= (Decimal::ONE_HUNDRED - saved) * Decimal::from(100_000_000));
                } else {
                    prop_assert_eq!(left, 10_000_000_000);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn a_type_that_a_change_below_the_floor_would_leave_is_uncertain(all in any_opportunities()) {
            let limits = Limits { min_saving: Decimal::from(60), ..Limits::NONE };
            let made = plan(&all, &Pools::default(), &limits, Currency::USD).expect("a plan");
            let remaining = Remaining::after(&made, &all);
            for kind in 0..KINDS.len() {
                let of_line = |o: &&Opportunity| o.claims[0].resource_id == format!("r-{kind}");
                let changes = all.iter().filter(of_line).filter(|o| o.action != Action::Commit);
                let is_small = |o: &Opportunity| {
                    made.refusal(&o.id).is_some_and(|r| r.why.starts_with(TOO_SMALL))
                };
                let (small, others): (Vec<_>, Vec<_>) = changes.partition(|o| is_small(o));
                let made_here = others.iter().filter(|o| made.step(&o.id).is_some());
                let share = remaining.of(&line(kind, "1"));
                let moved = made_here.clone().any(|o| o.action == Action::Modify);
                prop_assert_eq!(share.moves, moved || !small.is_empty());
                // Only steps reduce the usage.
                prop_assert!(made_here.clone().count() > 0 || share.left == Decimal::ONE);
                prop_assert_eq!(remaining.of(&line(kind, "2")), Share::ALL);
            }
        }
    }

    #[test]
    fn a_step_on_one_kind_of_usage_leaves_the_others() {
        let all = [opportunity(0, Action::Remove, (4, false, 100))];
        let made = plan(&all, &Pools::default(), &Limits::NONE, Currency::USD).expect("a plan");
        let remaining = Remaining::after(&made, &all);
        let concurrency = line(4, "1");
        let duration = UsageLine { usage_type: "Lambda-GB-Second".to_owned(), ..line(4, "1") };
        assert_eq!(remaining.of(&concurrency).left, Decimal::ZERO);
        assert_eq!(remaining.of(&duration), Share::ALL);
    }
}
