//! Azure's actual and amortized costs of the same months: two data sets, read as one bill.

use std::collections::BTreeSet;
use std::path::Path;

use cost_core::focus::Rows;
use cost_provider_api::ProviderError;
use polars::prelude::*;

use crate::azure::{CostDetails, Dataset, Role};
use crate::find::unreadable;

/// A file of cost details: what its rows say.
pub(crate) struct Details {
    /// Which data set they are of.
    pub(crate) dataset: Dataset,
    /// The months that billing periods start in.
    pub(crate) months: BTreeSet<i32>,
}

/// Looks through a file of cost details.
///
/// # Errors
/// The engine's; rows of both data sets in one file.
pub(crate) fn details(details: &CostDetails, rows: &Rows) -> PolarsResult<Details> {
    let mut dataset = Dataset::WithoutCommitments;
    let mut months = BTreeSet::new();
    for batch in rows.batches() {
        let batch = batch?;
        match (dataset, details.dataset(batch.clone())?) {
            (_, Dataset::WithoutCommitments) => {}
            (Dataset::WithoutCommitments, found) => dataset = found,
            (before, found) if before == found => {}
            _ => polars_bail!(ComputeError: "it has rows of actual and of amortized costs: export them one by one"),
        }
        let period = cost_core::focus::instant(col("BillingPeriodStart")).cast(DataType::Date);
        let periods = details.charges(batch, Role::Alone(Dataset::WithoutCommitments)).select([period]);
        let periods = periods.unique(None, UniqueKeepStrategy::Any).collect()?;
        months.extend(periods.column("BillingPeriodStart")?.date()?.physical().iter().flatten());
    }
    Ok(Details { dataset, months })
}

/// As what to read each file: of months of which there are both data sets, all of the amortized one and the purchases of the other.
///
/// # Errors
/// [`ProviderError::Unreadable`] for a file that has both months with and months without the other data set.
pub(crate) fn roles(files: &[(&Path, Details)]) -> Result<Vec<Role>, ProviderError> {
    let months_of = |wanted: Dataset| -> BTreeSet<i32> {
        files.iter().filter(|(_, d)| d.dataset == wanted).flat_map(|(_, d)| d.months.iter().copied()).collect()
    };
    let (actual, amortized) = (months_of(Dataset::Actual), months_of(Dataset::Amortized));
    let role = |(path, details): &(&Path, Details)| {
        let (other, paired) = match details.dataset {
            Dataset::Actual => (&amortized, Role::PurchasesOfActual),
            Dataset::Amortized => (&actual, Role::AmortizedOfPair),
            Dataset::WithoutCommitments => return Ok(Role::Alone(details.dataset)),
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
