//! Mixed integer program that chooses opportunities over several slices.

use std::collections::{BTreeMap, BTreeSet};

use good_lp::{
    Constraint, Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, microlp,
    variable,
};

use super::problem::{Place, Problem};
use super::stack::{Combination, combinations, released, stack};

/// Program under construction.
#[derive(Default)]
pub(super) struct Program {
    pub(super) variables: ProblemVariables,
    /// Variables: whether an opportunity is taken.
    options: BTreeMap<usize, Variable>,
    /// Slices, and the variable of each combination on them.
    places: Vec<(usize, Vec<(Combination, Variable)>)>,
}

impl Program {
    /// Adds a slice, with a variable, a value, and the released amount per combination.
    pub(super) fn place(
        &mut self,
        place: &Place<'_>,
        at: usize,
        is_global: impl Fn(usize) -> bool + Copy,
    ) -> Vec<(Variable, f64, f64)> {
        let combinations = combinations(place, is_global);
        for stake in place.stakes.iter().filter(|s| is_global(s.option)) {
            let variables = &mut self.variables;
            self.options.entry(stake.option).or_insert_with(|| variables.add(variable().binary()));
        }
        let mut values = Vec::new();
        let mut stand = Vec::new();
        for combination in combinations {
            let variable = self.variables.add(variable().min(0.0));
            let value = stack(place, &combination, is_global).0;
            values.push((variable, value, released(place, &combination)));
            stand.push((combination, variable));
        }
        self.places.push((at, stand));
        values
    }

    /// Returns the opportunities of the best solution, and whether it is optimal.
    pub(super) fn solve(
        self,
        problem: &Problem<'_>,
        objective: Expression,
        limits: Vec<Constraint>,
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
            // Taking no opportunity over several slices is also a solution, although not the best.
            Err(_) => (take(&|_| false), false),
        }
    }
}
