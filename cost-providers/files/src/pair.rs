//! Azure's actual and amortized costs of the same months: two data sets, read as one bill.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cost_core::focus::{Columns, Rows};
use cost_provider_api::ProviderError;
use polars::prelude::*;

use crate::azure::{CostDetails, Dataset, Role};
use crate::find::unreadable;

/// A file of cost details: what its rows say.
pub(crate) struct Details {
    /// Which data set they are of.
    pub(crate) dataset: Dataset,
    /// The billing accounts, with the first days of their billing periods.
    pub(crate) months: BTreeSet<(String, i32)>,
}

/// Looks through a file of cost details.
///
/// # Errors
/// The engine's; rows of both data sets in one file.
pub(crate) fn details(details: &CostDetails, rows: &Rows) -> PolarsResult<Details> {
    let mut dataset = Dataset::WithoutCommitments;
    let mut months = BTreeSet::new();
    let wanted: Columns = details.columns().iter().map(|h| h.as_str().into()).collect();
    for batch in rows.batches_of(&wanted) {
        let batch = batch?;
        match (dataset, details.dataset(batch.clone())?) {
            (_, Dataset::WithoutCommitments) => {}
            (Dataset::WithoutCommitments, found) => dataset = found,
            (before, found) if before == found => {}
            _ => polars_bail!(ComputeError: "it has rows of actual and of amortized costs: export them one by one"),
        }
        let period = cost_core::focus::instant(col("BillingPeriodStart")).cast(DataType::Date);
        let account = col("BillingAccountId").cast(DataType::String);
        let periods = details.charges(batch, Role::Alone(Dataset::WithoutCommitments)).select([account, period]);
        let periods = periods.unique(None, UniqueKeepStrategy::Any).collect()?;
        let accounts = periods.column("BillingAccountId")?.str()?.iter().map(|a| a.unwrap_or_default().to_owned());
        let starts = periods.column("BillingPeriodStart")?.date()?.physical().iter().collect::<Vec<_>>();
        months.extend(accounts.zip(starts).filter_map(|(account, start)| Some((account, start?))));
    }
    Ok(Details { dataset, months })
}

/// Parts of an export without commitments are of the data set of the other parts in their folder.
fn by_folder(files: &mut [(&Path, Details)]) {
    let mut folders: BTreeMap<Option<&Path>, BTreeSet<Dataset>> = BTreeMap::new();
    for (path, details) in files.iter().filter(|(_, d)| d.dataset != Dataset::WithoutCommitments) {
        folders.entry(path.parent()).or_default().insert(details.dataset);
    }
    for (path, details) in files.iter_mut().filter(|(_, d)| d.dataset == Dataset::WithoutCommitments) {
        let of_folder = folders.get(&path.parent()).filter(|datasets| datasets.len() == 1);
        details.dataset = of_folder.and_then(BTreeSet::first).copied().unwrap_or(details.dataset);
    }
}

/// As what to read each file: of accounts and months of which there are both data sets, all of the amortized one and the purchases of the
/// other.
///
/// # Errors
/// [`ProviderError::Unreadable`] for a file that has both months with and months without the other data set, and for one without
/// commitments beside both data sets, of which it may be either.
pub(crate) fn roles(mut files: Vec<(&Path, Details)>) -> Result<Vec<Role>, ProviderError> {
    by_folder(&mut files);
    let months_of = |wanted: Dataset| -> BTreeSet<(String, i32)> {
        files.iter().filter(|(_, d)| d.dataset == wanted).flat_map(|(_, d)| d.months.iter().cloned()).collect()
    };
    let (actual, amortized) = (months_of(Dataset::Actual), months_of(Dataset::Amortized));
    let role = |(path, details): &(&Path, Details)| {
        let (other, paired) = match details.dataset {
            Dataset::Actual => (&amortized, Role::PurchasesOfActual),
            Dataset::Amortized => (&actual, Role::AmortizedOfPair),
            Dataset::WithoutCommitments => {
                let beside_both = details.months.iter().any(|m| actual.contains(m) && amortized.contains(m));
                if beside_both {
                    let problem = "actual and amortized costs of the same months lie beside it, and it has no commitments that tell which of \
                                   them it is of: keep each export in a folder of its own, or choose files with --only";
                    return Err(unreadable(path, &problem));
                }
                return Ok(Role::Alone(details.dataset));
            }
        };
        match details.months.intersection(other).count() {
            0 => Ok(Role::Alone(details.dataset)),
            n if n == details.months.len() => Ok(paired),
            _ => Err(unreadable(
                path,
                &"actual and amortized costs are there for some of its months only: export both for the same months, or choose files \
                  with --only",
            )),
        }
    };
    files.iter().map(role).collect()
}
