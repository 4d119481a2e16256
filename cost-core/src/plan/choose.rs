//! Which opportunities are best together.
//!
//! On a slice that only opportunities of that one slice work on, the best is plain: of each action
//! the one that saves most, or a removal if that saves more. What works on several slices is taken
//! whole or not at all; which of those, is a mixed integer program: a binary variable an
//! opportunity, and for each slice one of the combinations that can stand on it. Parts of the
//! estate that share no slice are solved by themselves. A part with very many such opportunities is
//! improved step by step instead: the plan then says that it is not proven to be the best.

use std::collections::{BTreeMap, BTreeSet};

use good_lp::{
    Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, microlp, variable,
};
use rayon::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::settle::{Settled, SliceKey, fraction, settle};
use super::types::Pools;
use crate::money::{Currency, MoneyError};
use crate::opportunity::{Action, Opportunity, Slice};

/// Opportunities over several slices in one program up to which it is solved exactly; above, sets
/// are improved step by step until no step helps.
const MOST_EXACT: usize = 24;
/// Combinations of one program up to which commitments set free are planned exactly; above, the
/// best of a few answers is taken.
const MOST_COMBINATIONS: usize = 2_000;
/// Rounds of improvement at most; few are needed.
const MOST_ROUNDS: usize = 50;
/// What is no improvement but rounding.
const NOTHING: f64 = 1e-9;
/// What a dollar set free is taken to be worth where there is not enough that it can move to.
const WORTHS: [f64; 4] = [0.75, 0.5, 0.25, 0.0];
/// What stacks on a slice, in this order. Spot stands in the place of a commitment: they are two
/// ways to pay for the same hours.
const ACTIONS: [Action; 4] = [Action::Remove, Action::Schedule, Action::Modify, Action::Commit];

/// One opportunity on one slice.
struct Stake<'a> {
    option: usize,
    action: Action,
    expected: f64,
    fraction: f64,
    pools: &'a [String],
}

/// A slice of cost, and what works on it.
struct Place<'a> {
    covered: bool,
    stakes: Vec<Stake<'a>>,
}

struct Problem<'a> {
    places: Vec<Place<'a>>,
    /// The places of each opportunity.
    of_option: Vec<Vec<usize>>,
}

fn number(value: Decimal) -> f64 {
    value.to_f64().unwrap_or(0.0)
}

impl<'a> Problem<'a> {
    fn new(order: &[&'a Opportunity]) -> Self {
        let mut places: Vec<Place<'a>> = Vec::new();
        let mut known: BTreeMap<SliceKey, usize> = BTreeMap::new();
        let mut of_option = vec![Vec::new(); order.len()];
        for (option, o) in order.iter().enumerate() {
            for claim in &o.claims {
                let at = *known.entry(claim.key()).or_insert_with(|| {
                    places
                        .push(Place { covered: claim.slice == Slice::Covered, stakes: Vec::new() });
                    places.len() - 1
                });
                places[at].stakes.push(Stake {
                    option,
                    action: if o.action == Action::Spot { Action::Commit } else { o.action },
                    expected: number(claim.savings.expected.amount()),
                    fraction: number(fraction(claim)),
                    pools: &claim.pools,
                });
                of_option[option].push(at);
            }
        }
        Self { places, of_option }
    }

    /// Places that share opportunities, each part with its places in order; `joined` are taken as
    /// one part.
    fn parts(&self, joined: &BTreeSet<usize>) -> Vec<Vec<usize>> {
        let mut parent: Vec<usize> = (0..self.places.len()).collect();
        let linked = self.of_option.iter().cloned().chain([joined.iter().copied().collect()]);
        for places in linked {
            for pair in places.windows(2) {
                let (a, b) = (root(&mut parent, pair[0]), root(&mut parent, pair[1]));
                parent[a.max(b)] = a.min(b);
            }
        }
        let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in 0..self.places.len() {
            parts.entry(root(&mut parent, at)).or_default().push(at);
        }
        parts.into_values().collect()
    }
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

/// A set, by place in the order, and whether it is proven to be the best.
pub(super) struct Chosen {
    pub(super) set: BTreeSet<usize>,
    pub(super) proven: bool,
}

/// The best set.
pub(super) fn best(
    order: &[&Opportunity],
    pools: &Pools,
    currency: Currency,
) -> Result<Chosen, MoneyError> {
    let problem = Problem::new(order);
    let settled = |set: &BTreeSet<usize>| settle(order, set, pools, currency);
    let worth =
        |settled: &Settled| settled.savings.iter().map(|s| s.expected.amount()).sum::<Decimal>();
    let (mut chosen, mut proven) = solve(&problem, &BTreeMap::new());
    let mut best = settled(&chosen)?;
    let short: Vec<String> = best
        .freed
        .iter()
        .filter(|f| !f.stranded.is_zero_or_less())
        .map(|f| f.pool.clone())
        .collect();
    if !short.is_empty() {
        // Where commitments are set free that nothing takes over, what they are worth depends on
        // all of the plan.
        let mut others: Vec<BTreeSet<usize>> = Vec::new();
        if let Some((set, exact)) = together(&problem, pools) {
            others.push(set);
            proven = exact;
        } else {
            let at_worth =
                |w: &f64| solve(&problem, &short.iter().map(|p| (p.as_str(), *w)).collect()).0;
            others.extend(WORTHS.iter().map(at_worth));
            proven = false;
        }
        for set in others {
            let other = settled(&set)?;
            if worth(&other) > worth(&best) {
                (chosen, best) = (set, other);
            }
        }
    }
    chosen.retain(|at| !best.savings[*at].expected.is_zero_or_less());
    // What saves nothing itself competes with nothing.
    chosen.extend(
        order.iter().enumerate().filter(|(_, o)| o.action == Action::Allocate).map(|(at, _)| at),
    );
    Ok(Chosen { set: chosen, proven })
}

/// The best set if a dollar of the commitments of a pool that is set free is worth so much, else a
/// whole one.
fn solve(problem: &Problem<'_>, worth: &BTreeMap<&str, f64>) -> (BTreeSet<usize>, bool) {
    let parts = problem.parts(&BTreeSet::new());
    let sets: Vec<(Vec<usize>, bool)> =
        parts.par_iter().map(|part| solve_part(problem, part, worth)).collect();
    let proven = sets.iter().all(|(_, proven)| *proven);
    (sets.into_iter().flat_map(|(set, _)| set).collect(), proven)
}

/// What can stand on a place: of each action one of the opportunities that are decided for several
/// places, or none.
type Combination = Vec<usize>;

fn combinations(place: &Place<'_>, is_global: impl Fn(usize) -> bool) -> Vec<Combination> {
    let mut all: Vec<Combination> = vec![Vec::new()];
    for action in ACTIONS {
        let of_action: Vec<usize> = (0..place.stakes.len())
            .filter(|at| place.stakes[*at].action == action && is_global(place.stakes[*at].option))
            .collect();
        let with = |c: &Combination| {
            of_action.iter().map(|at| [c.clone(), vec![*at]].concat()).collect::<Vec<_>>()
        };
        let more: Vec<Combination> = all.iter().flat_map(with).collect();
        all.extend(more);
    }
    all
}

/// The best that can stand on a place with a combination given: its value, and all that is taken of
/// it.
fn stack(
    place: &Place<'_>,
    given: &Combination,
    is_global: impl Fn(usize) -> bool,
) -> (f64, Vec<usize>) {
    let (mut share, mut value, mut taken) = (1.0, 0.0, Vec::new());
    let mut removal: Option<usize> = None;
    for action in ACTIONS {
        let fixed = given.iter().copied().find(|at| place.stakes[*at].action == action);
        let free = || {
            let of_action = (0..place.stakes.len()).filter(|at| {
                let stake = &place.stakes[*at];
                stake.action == action && !is_global(stake.option) && stake.expected > 0.0
            });
            // The first of equals: the order is that of the plan.
            of_action.reduce(|a, b| {
                if place.stakes[b].expected > place.stakes[a].expected { b } else { a }
            })
        };
        let Some(at) = fixed.or_else(free) else { continue };
        let stake = &place.stakes[at];
        if action == Action::Remove {
            if fixed.is_some() {
                return (stake.expected, given.clone());
            }
            removal = Some(at);
            continue;
        }
        taken.push(at);
        value += share * stake.expected;
        share *= 1.0 - stake.fraction;
    }
    match removal.map(|at| (place.stakes[at].expected, at)) {
        Some((removed, at)) if removed > value => (removed, [given.clone(), vec![at]].concat()),
        _ => (value, taken),
    }
}

/// The best of a part, and whether that is proven.
fn solve_part(
    problem: &Problem<'_>,
    part: &[usize],
    worth: &BTreeMap<&str, f64>,
) -> (Vec<usize>, bool) {
    let is_global = |option: usize| problem.of_option[option].len() > 1;
    let weight = |place: &Place<'_>| {
        let of = |pool: &String| worth.get(pool.as_str()).copied();
        place
            .stakes
            .first()
            .and_then(|s| s.pools.first())
            .filter(|_| place.covered)
            .and_then(of)
            .unwrap_or(1.0)
    };
    let globals: BTreeSet<usize> = part
        .iter()
        .flat_map(|at| &problem.places[*at].stakes)
        .map(|s| s.option)
        .filter(|o| is_global(*o))
        .collect();
    if globals.len() > MOST_EXACT {
        return (improve(problem, part, &globals, weight), false);
    }
    let mut program = Program::default();
    let mut objective = Expression::from(0.0);
    for at in part {
        let place = &problem.places[*at];
        for (variable, value) in program.place(place, *at, is_global) {
            objective += weight(place) * value * variable;
        }
    }
    program.solve(problem, objective, Vec::new(), is_global)
}

/// A good set of a part with too many opportunities over several slices to try them all: each is
/// taken, in the place of those it excludes, or left out, as long as that helps.
fn improve(
    problem: &Problem<'_>,
    part: &[usize],
    globals: &BTreeSet<usize>,
    weight: impl Fn(&Place<'_>) -> f64,
) -> Vec<usize> {
    let is_global = |option: usize| problem.of_option[option].len() > 1;
    let given = |place: &Place<'_>, chosen: &BTreeSet<usize>| -> Combination {
        (0..place.stakes.len()).filter(|s| chosen.contains(&place.stakes[*s].option)).collect()
    };
    let value = |at: usize, chosen: &BTreeSet<usize>| {
        let place = &problem.places[at];
        weight(place) * stack(place, &given(place, chosen), is_global).0
    };
    let mut chosen: BTreeSet<usize> = BTreeSet::new();
    for _ in 0..MOST_ROUNDS {
        let mut improved = false;
        for option in globals {
            let mut other = chosen.clone();
            let mut touched: BTreeSet<usize> = problem.of_option[*option].iter().copied().collect();
            if !other.remove(option) {
                for at in &problem.of_option[*option] {
                    let stakes = &problem.places[*at].stakes;
                    let action = stakes.iter().find(|s| s.option == *option).map(|s| s.action);
                    for rival in stakes
                        .iter()
                        .filter(|s| Some(s.action) == action && other.remove(&s.option))
                    {
                        touched.extend(&problem.of_option[rival.option]);
                    }
                }
                other.insert(*option);
            }
            let gain: f64 = touched.iter().map(|at| value(*at, &other) - value(*at, &chosen)).sum();
            if gain > NOTHING {
                chosen = other;
                improved = true;
            }
        }
        if !improved {
            break;
        }
    }
    let taken = part.iter().flat_map(|at| {
        let place = &problem.places[*at];
        let all = stack(place, &given(place, &chosen), is_global).1;
        all.into_iter().map(|s| place.stakes[s].option).collect::<Vec<_>>()
    });
    let all: BTreeSet<usize> = chosen.iter().copied().chain(taken).collect();
    all.into_iter().collect()
}

/// All at once, with what commitments set free can move to as a part of the program; `None` if that
/// is too much.
fn together(problem: &Problem<'_>, pools: &Pools) -> Option<(BTreeSet<usize>, bool)> {
    let in_pools: BTreeSet<usize> = (0..problem.places.len())
        .filter(|at| problem.places[*at].stakes.iter().any(|s| !s.pools.is_empty()))
        .collect();
    let parts = problem.parts(&in_pools);
    let (pooled, apart): (Vec<_>, Vec<_>) =
        parts.into_iter().partition(|p| p.iter().any(|at| in_pools.contains(at)));
    let all = |_: usize| true;
    let options: BTreeSet<usize> = pooled
        .iter()
        .flatten()
        .flat_map(|at| &problem.places[*at].stakes)
        .map(|s| s.option)
        .collect();
    let size = || {
        pooled
            .iter()
            .flatten()
            .map(|at| combinations(&problem.places[*at], all).len())
            .sum::<usize>()
    };
    if options.len() > MOST_EXACT || size() > MOST_COMBINATIONS {
        return None;
    }
    let parts: Vec<(Vec<usize>, bool)> =
        apart.iter().map(|part| solve_part(problem, part, &BTreeMap::new())).collect();
    let proven = parts.iter().all(|(_, proven)| *proven);
    let mut chosen: BTreeSet<usize> = parts.into_iter().flat_map(|(set, _)| set).collect();
    let mut program = Program::default();
    let mut objective = Expression::from(0.0);
    let mut freed: BTreeMap<&str, Expression> = BTreeMap::new();
    let mut taken: BTreeMap<&str, Expression> = BTreeMap::new();
    for at in pooled.iter().flatten() {
        let place = &problem.places[*at];
        let pools = place.stakes.first().map_or(&[][..], |s| s.pools);
        for (variable, value) in program.place(place, *at, all) {
            if place.covered {
                *freed.entry(pools.first().map_or("", String::as_str)).or_default() +=
                    value * variable;
                continue;
            }
            objective += value * variable;
            for pool in pools {
                *taken.entry(pool).or_default() += value * variable;
            }
        }
    }
    let mut limits = Vec::new();
    let mut bound = Expression::from(0.0);
    // As they are settled: bound to a family or region first.
    let (first, last): (Vec<_>, Vec<_>) =
        freed.into_iter().partition(|(name, _)| pools.is_bound(name));
    for (name, freed) in first.into_iter().chain(last) {
        let moved = program.variables.add(variable().min(0.0));
        let room = pools.0.get(name).map_or(0.0, |p| number(p.on_demand.amount()));
        let taken = taken.get(name).cloned().unwrap_or_default();
        objective += moved;
        limits.push(constraint!(moved <= freed));
        // Room that is more than taken is no room, but never less than none.
        let over = program.variables.add(variable().min(0.0));
        let before = if pools.is_bound(name) { Expression::from(0.0) } else { bound.clone() };
        limits.push(constraint!(moved <= room - taken - before + over));
        let none = program.variables.add(variable().binary());
        let large = room.mul_add(2.0, 1e7);
        limits.push(constraint!(over <= large * none));
        limits.push(constraint!(moved <= large - large * none));
        if pools.is_bound(name) {
            bound += moved;
        }
    }
    let (set, exact) = program.solve(problem, objective, limits, all);
    chosen.extend(set);
    Some((chosen, proven && exact))
}

/// A program in the making.
#[derive(Default)]
struct Program {
    variables: ProblemVariables,
    /// Whether an opportunity is taken.
    options: BTreeMap<usize, Variable>,
    /// Places, and which combination stands on each.
    places: Vec<(usize, Vec<(Combination, Variable)>)>,
}

impl Program {
    /// Adds a place; gives a variable and a value for each combination.
    fn place(
        &mut self,
        place: &Place<'_>,
        at: usize,
        is_global: impl Fn(usize) -> bool + Copy,
    ) -> Vec<(Variable, f64)> {
        let combinations = combinations(place, is_global);
        for stake in place.stakes.iter().filter(|s| is_global(s.option)) {
            let variables = &mut self.variables;
            self.options.entry(stake.option).or_insert_with(|| variables.add(variable().binary()));
        }
        let mut values = Vec::new();
        let mut stand = Vec::new();
        for combination in combinations {
            let variable = self.variables.add(variable().min(0.0));
            values.push((variable, stack(place, &combination, is_global).0));
            stand.push((combination, variable));
        }
        self.places.push((at, stand));
        values
    }

    /// The opportunities that the best answer takes, and whether it is one.
    fn solve(
        self,
        problem: &Problem<'_>,
        objective: Expression,
        limits: Vec<good_lp::Constraint>,
        is_global: impl Fn(usize) -> bool + Copy,
    ) -> (Vec<usize>, bool) {
        let Self { variables, options, places } = self;
        let take = |is_taken: &dyn Fn(usize) -> bool| {
            let mut taken = BTreeSet::new();
            for (at, _) in &places {
                let place = &problem.places[*at];
                let given: Combination = (0..place.stakes.len())
                    .filter(|s| {
                        is_global(place.stakes[*s].option) && is_taken(place.stakes[*s].option)
                    })
                    .collect();
                let all = stack(place, &given, is_global).1;
                taken.extend(given.into_iter().chain(all).map(|s| place.stakes[s].option));
            }
            taken.into_iter().collect()
        };
        if options.is_empty() {
            return (take(&|_| false), true);
        }
        let mut model = variables.maximise(objective).using(microlp);
        for (at, stand) in &places {
            let all: Expression = stand.iter().map(|(_, v)| Expression::from(*v)).sum();
            model = model.with(constraint!(all == 1.0));
            let place = &problem.places[*at];
            for (s, stake) in place.stakes.iter().enumerate().filter(|(_, s)| is_global(s.option)) {
                let with: Expression = stand
                    .iter()
                    .filter(|(c, _)| c.contains(&s))
                    .map(|(_, v)| Expression::from(*v))
                    .sum();
                model = model.with(constraint!(with == options[&stake.option]));
            }
        }
        for limit in limits {
            model = model.with(limit);
        }
        match model.solve() {
            Ok(answer) => {
                (take(&|option| options.get(&option).is_some_and(|v| answer.value(*v) > 0.5)), true)
            }
            // Nothing decided for several places is an answer too, if not the best.
            Err(_) => (take(&|_| false), false),
        }
    }
}
