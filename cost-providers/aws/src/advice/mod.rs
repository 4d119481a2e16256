//! What AWS itself recommends: Cost Optimization Hub for all accounts at once, Compute Optimizer where there are machines and disks.

mod hub;
mod optimizer;
mod row;

use std::collections::BTreeSet;

use cost_core::cells::Texts;
use cost_provider_api::{Gap, ProviderError, Pulled, Pulling, RecommendationSource};
use futures::FutureExt;
use futures::future::BoxFuture;
use polars::prelude::*;

use crate::connect::Aws;
use crate::gather::Asking;
use row::{Asked, Found};

/// What is missing without Compute Optimizer.
const OPTIMIZER: &str = "recommendations of Compute Optimizer";
/// Advisers asked at a time.
const AT_A_TIME: usize = 8;

impl Aws {
    async fn advice(&self, inventory: &DataFrame) -> Result<Pulled<DataFrame>, ProviderError> {
        let unreadable = |e: PolarsError| ProviderError::unreadable("recommendations", e);
        let hub = hub::recommendations(self.payer());
        let mut asking: Vec<Asking<'_, Found>> = Vec::new();
        asking.push(Box::pin(hub.map(|answer| ("recommendations of Cost Optimization Hub".to_owned(), answer))));
        for (account, region, kind) in kinds(inventory).map_err(unreadable)? {
            let Some(known) = self.accounts.iter().find(|a| a.id == account) else { continue };
            let at = self.at(known, &region);
            let asked: BoxFuture<'_, Asked> = match kind.as_str() {
                "instance" => Box::pin(optimizer::instances(at)),
                "volume" => Box::pin(optimizer::volumes(at)),
                _ => continue,
            };
            asking.push(Box::pin(asked.map(|answer| (OPTIMIZER.to_owned(), answer))));
        }
        let (found, mut gaps) = self.gather("recommendations", asking, AT_A_TIME).await;
        let failed = found.iter().flat_map(|f| &f.failed).cloned();
        gaps.extend(failed.map(|error| Gap { what: OPTIMIZER.to_owned(), error }));
        let rows = found.into_iter().flat_map(|f| f.rows).collect();
        Ok(Pulled::partly(row::to_frame(rows).map_err(unreadable)?, gaps))
    }
}

impl RecommendationSource for Aws {
    fn recommendations<'a>(&'a self, inventory: &'a DataFrame) -> Pulling<'a, DataFrame> {
        Box::pin(self.advice(inventory))
    }
}

/// Account, region and kind of what there is.
fn kinds(inventory: &DataFrame) -> PolarsResult<BTreeSet<(String, String, String)>> {
    let texts = Texts::of(inventory, &["SubAccountId", "RegionId", "Kind"])?;
    let cell = |column: usize, row: usize| texts.get(column, row).map(ToOwned::to_owned);
    Ok((0..texts.height()).filter_map(|row| Some((cell(0, row)?, cell(1, row)?, cell(2, row)?))).collect())
}
