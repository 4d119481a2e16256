//! Azure actual and amortized costs of the same accounts, subscriptions, and days: two data sets
//! that are read as one bill.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cost_core::focus::{Columns, Rows};
use cost_core::money::decimal_from_scaled;
use cost_core::text::counted;
use cost_provider_api::ProviderError;
use polars::prelude::*;

use crate::azure::{CostDetails, Dataset, Key, PLAIN, Pairs, Role};
use crate::bill_file::unreadable;

/// Cost without commitments, in 10⁻¹² units, and a fingerprint of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Plain {
    cost: i128,
    print: i64,
}

impl Plain {
    fn add(&mut self, more: Self) {
        self.cost = self.cost.saturating_add(more.cost);
        self.print = self.print.wrapping_add(more.print);
    }
}

/// Costs without commitments by key.
type Costs = BTreeMap<Key, Plain>;

/// Summary of the rows of one cost details file.
pub(crate) struct Details {
    /// Data set of the rows.
    pub(crate) dataset: Dataset,
    costs: Costs,
}

/// Roles in which cost details files are read.
pub(crate) struct Settled {
    /// Role of each file.
    pub(crate) roles: Vec<Role>,
    /// Keys that both data sets have.
    pub(crate) pairs: Pairs,
    /// Note on differences between the two, for the first file of the actual data set.
    pub(crate) note: Option<(usize, String)>,
}

/// Reads a cost details file.
///
/// # Errors
/// Errors of polars; rows of both data sets in one file.
pub(crate) fn details(details: &CostDetails, rows: &Rows) -> PolarsResult<Details> {
    let mut dataset = Dataset::WithoutCommitments;
    let mut costs = Costs::new();
    let wanted: Columns = details.columns().iter().map(|h| h.as_str().into()).collect();
    for batch in rows.batches_of(&wanted) {
        let batch = batch?;
        match (dataset, details.dataset(batch.clone())?) {
            (_, Dataset::WithoutCommitments) => {}
            (Dataset::WithoutCommitments, found) => dataset = found,
            (before, found) if before == found => {}
            _ => {
                polars_bail!(ComputeError: "it has rows of both actual and amortized costs: \
                    export each to its own file")
            }
        }
        add(&mut costs, &details.plain_costs(batch).collect()?)?;
    }
    Ok(Details { dataset, costs })
}

fn add(costs: &mut Costs, found: &DataFrame) -> PolarsResult<()> {
    let [keys @ .., cost, print] = PLAIN;
    let keys = keys.map(|name| found.column(name)?.str().cloned());
    let cost = found.column(cost)?.as_materialized_series().to_physical_repr().into_owned();
    let (cost, print) = (cost.i128()?, found.column(print)?.i64()?.clone());
    let [account, subscription, day] = keys;
    let (account, subscription, day) = (account?, subscription?, day?);
    for row in 0..found.height() {
        let key = [&account, &subscription, &day]
            .map(|column| column.get(row).unwrap_or_default().to_owned());
        let (cost, print) = (cost.get(row).unwrap_or_default(), print.get(row).unwrap_or_default());
        costs.entry(key).or_default().add(Plain { cost, print });
    }
    Ok(())
}

/// Assigns parts of an export without commitments to the data set of the other parts in their
/// folder.
pub(crate) fn by_folder(files: &mut [(&Path, Details)]) {
    let mut folders: BTreeMap<Option<&Path>, BTreeSet<Dataset>> = BTreeMap::new();
    for (path, details) in files.iter().filter(|(_, d)| d.dataset != Dataset::WithoutCommitments) {
        folders.entry(path.parent()).or_default().insert(details.dataset);
    }
    for (path, details) in
        files.iter_mut().filter(|(_, d)| d.dataset == Dataset::WithoutCommitments)
    {
        let of_folder = folders.get(&path.parent()).filter(|datasets| datasets.len() == 1);
        details.dataset = of_folder.and_then(BTreeSet::first).copied().unwrap_or(details.dataset);
    }
}

/// Adds up the costs of some files.
fn together<'a>(files: impl Iterator<Item = &'a Details>) -> Costs {
    let mut all = Costs::new();
    files.for_each(|details| merge(&mut all, &details.costs));
    all
}

fn merge(all: &mut Costs, more: &Costs) {
    for (key, plain) in more {
        all.entry(key.clone()).or_default().add(*plain);
    }
}

fn of_dataset(files: &[(&Path, Details)], wanted: Dataset) -> Costs {
    together(files.iter().filter(|(_, d)| d.dataset == wanted).map(|(_, d)| d))
}

/// Whether two files have common keys with costs, and the rows of all common keys are the same.
fn are_twins(one: &Costs, other: &Costs) -> bool {
    let shared = || one.iter().filter_map(|(key, plain)| Some((plain, other.get(key)?)));
    shared().any(|(mine, _)| mine.cost != 0) && shared().all(|(mine, theirs)| mine == theirs)
}

fn meet(one: &Costs, other: &Costs) -> bool {
    one.keys().any(|key| other.contains_key(key))
}

/// Assigns exports without commitments: if their rows equal those of one data set, they belong to
/// the other. Returns the resulting costs of the actual and the amortized data set.
fn by_twin(files: &mut [(&Path, Details)]) -> Result<(Costs, Costs), ProviderError> {
    let (mut actual, mut amortized) =
        (of_dataset(files, Dataset::Actual), of_dataset(files, Dataset::Amortized));
    let unknown = |d: &Details| d.dataset == Dataset::WithoutCommitments;
    let known: BTreeSet<Option<&Path>> =
        files.iter().filter(|(_, d)| !unknown(d)).map(|(p, _)| p.parent()).collect();
    let mut units: BTreeMap<&Path, Vec<usize>> = BTreeMap::new();
    for (at, (path, _)) in files.iter().enumerate().filter(|(_, (_, d))| unknown(d)) {
        // Parts of an export are alone in their folder.
        let unit = path.parent().filter(|folder| !known.contains(&Some(*folder))).unwrap_or(path);
        units.entry(unit).or_default().push(at);
    }
    let mut left: Vec<(Vec<usize>, Costs)> = Vec::new();
    for members in units.into_values() {
        let costs = together(members.iter().map(|at| &files[*at].1));
        let twin = left.iter().position(|(_, other)| are_twins(&costs, other));
        let dataset = match (are_twins(&costs, &actual), are_twins(&costs, &amortized)) {
            (_, true) => Dataset::Actual,
            (true, false) => Dataset::Amortized,
            (false, false) if meet(&costs, &actual) && meet(&costs, &amortized) => {
                let problem = "actual and amortized costs of the same subscriptions and days are \
                    next to it, but its rows match neither, and it has no commitments that show \
                    which of the two it is: move each export to its own folder, or choose files \
                    with --only";
                return Err(unreadable(files[members[0]].0, &problem));
            }
            (false, false) => {
                let Some(twin) = twin else {
                    left.push((members, costs));
                    continue;
                };
                let (twin, costs) = left.remove(twin);
                merge(&mut amortized, &costs);
                for at in twin {
                    files[at].1.dataset = Dataset::Amortized;
                }
                Dataset::Actual
            }
        };
        merge(if dataset == Dataset::Actual { &mut actual } else { &mut amortized }, &costs);
        for at in members {
            files[at].1.dataset = dataset;
        }
    }
    Ok((actual, amortized))
}

/// Determines the role of each file. Where both data sets exist for an account, subscription, and
/// day, all rows of the amortized one and the purchases of the actual one are read; elsewhere all
/// rows are read.
///
/// # Errors
/// [`ProviderError::Unreadable`] for files without commitments next to both data sets if they may
/// belong to either.
pub(crate) fn settle(mut files: Vec<(&Path, Details)>) -> Result<Settled, ProviderError> {
    let (actual, amortized) = by_twin(&mut files)?;
    let paired: BTreeSet<Key> =
        actual.keys().filter(|key| amortized.contains_key(*key)).cloned().collect();
    let role = |(_, details): &(&Path, Details)| {
        let is_paired = details.costs.keys().any(|key| paired.contains(key));
        match details.dataset {
            Dataset::Actual if is_paired => Role::PurchasesOfActual,
            Dataset::Amortized if is_paired => Role::AmortizedOfPair,
            dataset => Role::Alone(dataset),
        }
    };
    let roles: Vec<Role> = files.iter().map(role).collect();
    let first = roles.iter().position(|role| *role == Role::PurchasesOfActual);
    let note = first.and_then(|at| Some((at, difference(&actual, &amortized)?)));
    Ok(Settled { roles, pairs: Pairs::of(paired), note })
}

/// Returns a sentence on differences between the two data sets in what both contain, without
/// commitments.
fn difference(actual: &Costs, amortized: &Costs) -> Option<String> {
    let both =
        actual.iter().filter_map(|(key, plain)| Some((key, plain.cost, amortized.get(key)?.cost)));
    let unequal: Vec<(&Key, i128, i128)> =
        both.filter(|(_, mine, theirs)| mine != theirs).collect();
    let ([_, subscription, day], ..) = unequal.first()?;
    let sum = |of: fn(&(&Key, i128, i128)) -> i128| {
        let sum = unequal.iter().map(of).fold(0_i128, i128::saturating_add);
        decimal_from_scaled(sum).map_or_else(
            |_| "an amount too large to add".to_owned(),
            |sum| sum.normalize().to_string(),
        )
    };
    let days = counted(u64::try_from(unequal.len()).unwrap_or(u64::MAX), "day");
    Some(format!(
        "actual and amortized costs without commitments differ: {} compared with {} on {days} of \
         subscriptions, first {day} of {}; the amortized costs count",
        sum(|(_, mine, _)| *mine),
        sum(|(.., theirs)| *theirs),
        if subscription.is_empty() { "no subscription" } else { subscription },
    ))
}
