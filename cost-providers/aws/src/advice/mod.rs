//! Recommendations from AWS: Cost Optimization Hub for all accounts at once, Compute Optimizer for
//! accounts and regions with instances or volumes.

mod hub;
mod optimizer;
mod row;

use std::collections::BTreeSet;

use cost_core::inventory::{Kind, Resource};
use cost_provider_api::{Gap, ProviderError, Pulled, Steps};
use futures::FutureExt;
use futures::future::BoxFuture;
use polars::prelude::DataFrame;

use crate::connect::Aws;
use crate::gather::{Asking, gather};
use row::{Asked, Found};

/// Name of the gap if Compute Optimizer fails.
const OPTIMIZER: &str = "recommendations of Compute Optimizer";
/// Concurrent requests to recommendation services.
const AT_A_TIME: usize = 8;

impl Aws {
    /// Returns recommendations of Compute Optimizer and Cost Optimization Hub for the inventory. A
    /// service that is not enabled is a gap of kind [`cost_provider_api::FailureKind::NotEnabled`].
    pub(crate) async fn advice(
        &self,
        inventory: &[Resource],
        steps: &Steps,
    ) -> Result<Pulled<DataFrame>, ProviderError> {
        let hub = hub::recommendations(self.payer());
        let mut asking: Vec<Asking<'_, Found>> = Vec::new();
        asking.push(Box::pin(
            hub.map(|answer| ("recommendations of Cost Optimization Hub".to_owned(), answer)),
        ));
        for (account, region, kind) in kinds(inventory) {
            let Some(known) = self.accounts.iter().find(|a| a.id == account) else { continue };
            let at = self.at(known, region);
            let asked: BoxFuture<'_, Asked> = match kind {
                Kind::Instance => Box::pin(optimizer::instances(at)),
                Kind::Volume => Box::pin(optimizer::volumes(at)),
                _ => continue,
            };
            asking.push(Box::pin(asked.map(|answer| (OPTIMIZER.to_owned(), answer))));
        }
        let (found, mut gaps) = gather("recommendations", asking, AT_A_TIME, steps).await;
        let failed = found.iter().flat_map(|f| &f.failed).cloned();
        gaps.extend(failed.map(|error| Gap::new(OPTIMIZER, error)));
        let rows = found.into_iter().flat_map(|f| f.rows).collect();
        let data =
            row::to_frame(rows).map_err(|e| ProviderError::unreadable("recommendations", e))?;
        Ok(Pulled::partly(data, gaps))
    }
}

/// Account, region, and kind of each resource in the inventory.
fn kinds(inventory: &[Resource]) -> BTreeSet<(&str, &str, &Kind)> {
    let known = inventory
        .iter()
        .map(|r| Some((r.sub_account_id.as_deref()?, r.region_id.as_deref()?, &r.kind)));
    known.flatten().collect()
}
