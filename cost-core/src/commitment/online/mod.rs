//! Purchase policies without knowledge of the future: monthly reviews, replayed over past usage
//! without looking ahead.
//!
//! The baseline is the deterministic online algorithm of W. Wang, B. Li and B. Liang, "To Reserve
//! or Not to Reserve: Optimal Online Multi-Instance Acquisition in `IaaS` Clouds" (ICAC 2013): buy
//! when the on-demand spend within a term would have paid for the commitment. It never costs more
//! than 2 − α times the best purchase with hindsight, where α is the cost per hour after the
//! purchase as a share of the on-demand price. No such algorithm can guarantee less. Commitments
//! here are paid whether used or not, so that α = 0: at most twice the best cost, plus the
//! on-demand spend until the next review, for each purchase and for one that the last review is too
//! early for. Our policy is that of [`super::advise`] with one instrument: the quantile of the last
//! quarter, protected against a decline, bought in parts.

use super::buy::{Layer, Problem, one_layer};
use crate::assumptions::DECLINE_PCT;
use crate::usage::as_f64;

/// Number of bands of commitment that the baseline decides on, up to the highest hourly need so
/// far.
const BANDS: usize = 64;
/// Look-back of our policy in hours: thirteen weeks.
const LOOK_BACK: usize = 13 * 168;
/// Number of parts in which our policy buys, one per review.
const PARTS: f64 = 3.0;

/// Hourly on-demand usage that one instrument applies to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Demand {
    /// On-demand cost of each hour, by group, USD.
    pub(crate) groups: Vec<Vec<f64>>,
    /// USD of commitment per USD on demand, by group.
    pub(crate) rates: Vec<f64>,
}

impl Demand {
    fn hours(&self) -> usize {
        self.groups.first().map_or(0, Vec::len)
    }

    /// Returns the on-demand cost that a commitment displaces in an hour, USD. It covers the usage
    /// with the highest saving first.
    fn displaced(&self, hour: usize, budget: f64) -> f64 {
        let mut order: Vec<usize> = (0..self.rates.len()).collect();
        order.sort_by(|a, b| self.rates[*a].total_cmp(&self.rates[*b]).then(a.cmp(b)));
        let (mut left, mut displaced) = (budget, 0.0);
        for group in order.into_iter().filter(|g| self.rates[*g] > 0.0 && self.rates[*g] < 1.0) {
            let taken = self.groups[group][hour].min(left / self.rates[group]);
            left -= taken * self.rates[group];
            displaced += taken;
        }
        displaced
    }

    /// Returns the on-demand cost of an hour, USD.
    fn on_demand(&self, hour: usize) -> f64 {
        self.groups.iter().map(|g| g[hour]).sum()
    }

    /// Returns the commitment that would cover an hour, USD.
    fn needed(&self, hour: usize) -> f64 {
        let of = self.groups.iter().zip(&self.rates).filter(|(_, rate)| **rate < 1.0);
        of.map(|(g, rate)| g[hour] * rate).sum()
    }
}

/// The data that a policy can use: only hours that have passed.
pub(crate) struct Seen<'a> {
    demand: &'a Demand,
    /// Number of hours that have passed.
    now: usize,
    /// Commitment in force in each of them, USD per hour.
    owned: &'a [f64],
    /// Commitment in force now, USD per hour.
    owned_now: f64,
    /// Hours of a term.
    term: usize,
}

/// A purchase policy: when to buy how much.
pub(crate) trait Policy: Sync {
    /// Returns the display name.
    fn name(&self) -> &'static str;
    /// Returns the commitment to buy now in addition to what is in force, USD per hour.
    fn buy(&self, seen: &Seen<'_>) -> f64;
}

/// The policy that never buys.
pub(crate) struct Never;

impl Policy for Never {
    fn name(&self) -> &'static str {
        "all on demand"
    }

    fn buy(&self, _: &Seen<'_>) -> f64 {
        0.0
    }
}

/// The deterministic online algorithm, band by band.
pub(crate) struct BreakEven;

impl Policy for BreakEven {
    fn name(&self) -> &'static str {
        "buy when it would have paid off"
    }

    fn buy(&self, seen: &Seen<'_>) -> f64 {
        let most = (0..seen.now).map(|h| seen.demand.needed(h)).fold(0.0, f64::max);
        let band = most / as_f64(BANDS);
        if band <= 0.0 {
            return 0.0;
        }
        let window = seen.now.saturating_sub(seen.term)..seen.now;
        let fee = band * as_f64(seen.term);
        let mut bought = 0.0;
        loop {
            // On-demand cost of the next band in the hours in which it was not covered.
            let (from, to) = (seen.owned_now + bought, seen.owned_now + bought + band);
            let open = window.clone().filter(|h| seen.owned[*h] < to - 1e-9 * band);
            let spent: f64 =
                open.map(|h| seen.demand.displaced(h, to) - seen.demand.displaced(h, from)).sum();
            if spent < fee || to > most + 1e-9 * band {
                return bought;
            }
            bought += band;
        }
    }
}

/// The policy of this tool's purchase advisor.
pub(crate) struct Guarded;

impl Policy for Guarded {
    fn name(&self) -> &'static str {
        "purchase advisor, month by month"
    }

    fn buy(&self, seen: &Seen<'_>) -> f64 {
        let hours = seen.now.saturating_sub(LOOK_BACK)..seen.now;
        // Usage as it was with weight two, declined usage with weight one, as at medium risk
        // tolerance.
        let left = 1.0 - f64::from(DECLINE_PCT) / 100.0;
        let times = |g: &Vec<f64>| {
            let of = &g[hours.clone()];
            of.iter().chain(of).copied().chain(of.iter().map(|usd| usd * left)).collect()
        };
        let layer = Layer {
            name: String::new(),
            rates: seen.demand.rates.iter().map(|r| Some(*r)).collect(),
        };
        let problem =
            Problem { groups: seen.demand.groups.iter().map(times).collect(), layers: vec![layer] };
        ((one_layer(&problem, 0) - seen.owned_now) / PARTS).max(0.0)
    }
}

/// The times of reviews, and the term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Calendar<'a> {
    /// Hours of the reviews, in order. Costs count from the first review.
    pub(crate) reviews: &'a [usize],
    /// Hours of a term.
    pub(crate) term: usize,
}

/// Result of a policy, from the first review on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Replayed {
    /// Cost of the hours: usage left on demand and commitments in force, USD.
    pub(crate) cost: f64,
    /// Cost of the hours on demand, USD.
    pub(crate) on_demand: f64,
    /// Hour and amount (USD per hour) of each purchase.
    pub(crate) purchases: Vec<(usize, f64)>,
    /// Remaining commitment after the last hour, USD.
    pub(crate) still_owed: f64,
}

/// Replays a policy.
#[must_use]
pub(crate) fn replay(demand: &Demand, calendar: Calendar<'_>, policy: &dyn Policy) -> Replayed {
    let hours = demand.hours();
    let mut owned: Vec<f64> = vec![0.0; hours];
    let mut out = Replayed { cost: 0.0, on_demand: 0.0, purchases: Vec::new(), still_owed: 0.0 };
    for now in calendar.reviews.iter().copied().filter(|r| *r < hours) {
        let owned_now = owned[now];
        let seen = Seen { demand, now, owned: &owned[..now], owned_now, term: calendar.term };
        let usd = policy.buy(&seen);
        if usd > 0.0 {
            let end = now + calendar.term;
            owned[now..end.min(hours)].iter_mut().for_each(|o| *o += usd);
            out.still_owed += usd * as_f64(end.saturating_sub(hours));
            out.purchases.push((now, usd));
        }
    }
    let first = calendar.reviews.first().copied().unwrap_or(hours).min(hours);
    for (hour, owned) in owned.iter().enumerate().skip(first) {
        let on_demand = demand.on_demand(hour);
        out.on_demand += on_demand;
        out.cost += on_demand - demand.displaced(hour, *owned) + owned;
    }
    out
}

/// Returns the result with hindsight: the single amount with the lowest cost from an hour on.
#[must_use]
pub(crate) fn hindsight(demand: &Demand, from: usize) -> Replayed {
    let layer =
        Layer { name: String::new(), rates: demand.rates.iter().map(|r| Some(*r)).collect() };
    let groups = demand.groups.iter().map(|g| g[from.min(g.len())..].to_vec()).collect();
    let usd = one_layer(&Problem { groups, layers: vec![layer] }, 0);
    let hours = from..demand.hours();
    let on_demand: f64 = hours.clone().map(|h| demand.on_demand(h)).sum();
    let cost = hours.map(|h| demand.on_demand(h) - demand.displaced(h, usd) + usd).sum();
    Replayed { cost, on_demand, purchases: vec![(from, usd)], still_owed: 0.0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What one unit of demand, on or off each hour, costs at least: a purchase may begin in any
    /// hour.
    fn least(used: &[bool], rate: f64, term: usize) -> f64 {
        let mut best = vec![0.0; used.len() + 1];
        for at in (0..used.len()).rev() {
            let on_demand = f64::from(u8::from(used[at])) + best[at + 1];
            let bought = rate * as_f64(term) + best[(at + term).min(used.len())];
            best[at] = on_demand.min(bought);
        }
        best[0]
    }

    fn one(used: &[bool], rate: f64) -> Demand {
        Demand {
            groups: vec![used.iter().map(|u| f64::from(u8::from(*u))).collect()],
            rates: vec![rate],
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn break_even_costs_at_most_twice_the_best(
            used in prop::collection::vec(prop::bool::weighted(0.7), 1..80),
            pct in 20_u32..95,
            term in 2_usize..30,
        ) {
            let rate = f64::from(pct) / 100.0;
            let reviews: Vec<usize> = (0..used.len()).collect();
            let found = replay(&one(&used, rate), Calendar { reviews: &reviews, term }, &BreakEven);
            // The fee of the complete term counts, as in the bound.
            let cost = found.cost + found.still_owed;
            let best = least(&used, rate, term);
            // The hour in which it has spent enough is over before it looks: an hour's price for
            // each purchase, and for the one that the last hour would lead to.
            let late = as_f64(found.purchases.len() + 1);
            prop_assert!(cost <= 2.0 * best + late + 1e-6, "{cost} against {best}: {found:?}");
        }

        #[test]
        fn no_policy_looks_ahead(
            used in prop::collection::vec(0_u8..10, 60..90),
            other in prop::collection::vec(0_u8..10, 60..90),
            cut in 10_usize..50,
        ) {
            let demand = |of: &[u8]| Demand { groups: vec![of.iter().map(|u| f64::from(*u)).collect()], rates: vec![0.7] };
            let changed: Vec<u8> = used[..cut].iter().chain(&other).copied().collect();
            let reviews: Vec<usize> = (5..used.len()).step_by(5).collect();
            let policies: [&dyn Policy; 2] = [&BreakEven, &Guarded];
            for policy in policies {
                let bought = |of: &[u8]| {
                    let found = replay(&demand(of), Calendar { reviews: &reviews, term: 20 }, policy);
                    found.purchases.into_iter().filter(|(hour, _)| *hour <= cut).collect::<Vec<_>>()
                };
                prop_assert_eq!(bought(&used), bought(&changed), "{}", policy.name());
            }
        }
    }

    #[test]
    fn steady_usage_is_committed_to() {
        let demand = one(&[true; 4_000], 0.7);
        let reviews: Vec<usize> = (672..4_000).step_by(672).collect();
        let calendar = Calendar { reviews: &reviews, term: 8_760 };
        let (ours, never) =
            (replay(&demand, calendar, &Guarded), replay(&demand, calendar, &Never));
        assert!(ours.cost < never.cost && (never.cost - never.on_demand).abs() < 1e-9, "{ours:?}");
        let best = hindsight(&demand, 672);
        assert!(
            (best.cost - 0.7 * best.on_demand).abs() < 1e-6 && best.cost <= ours.cost,
            "{best:?}"
        );
        // A year's fee has not been spent on demand yet.
        assert!(replay(&demand, calendar, &BreakEven).purchases.is_empty());
    }
}
