//! What AWS itself recommends: Cost Optimization Hub for all accounts at once, Compute Optimizer where there are machines and disks.

mod hub;
mod optimizer;
mod row;

use std::collections::BTreeSet;

use cost_core::cells::Texts;
use cost_provider_api::{Gap, ProviderError, Pulled, Pulling, RecommendationSource};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use polars::prelude::*;

use crate::connect::Aws;
use row::{Asked, Row};

/// Advisers asked at a time.
const AT_A_TIME: usize = 8;

impl Aws {
    async fn advice(&self, inventory: &DataFrame) -> Result<Pulled<DataFrame>, ProviderError> {
        let unreadable = |e: PolarsError| ProviderError::Unreadable {
            location: "recommendations".to_owned(),
            problem: e.to_string(),
        };
        let payer = self.payer();
        let mut asking: Vec<BoxFuture<'_, (&str, Asked)>> = Vec::new();
        asking.push(Box::pin(
            hub::recommendations(payer).map(|answer| ("recommendations of Cost Optimization Hub", answer)),
        ));
        for (account, region, kind) in kinds(inventory).map_err(unreadable)? {
            let Some(known) = self.accounts.iter().find(|a| a.id == account) else { continue };
            let at = self.at(known, &region);
            let what = "recommendations of Compute Optimizer";
            match kind.as_str() {
                "instance" => asking.push(Box::pin(optimizer::instances(at).map(move |answer| (what, answer)))),
                "volume" => asking.push(Box::pin(optimizer::volumes(at).map(move |answer| (what, answer)))),
                _ => {}
            }
        }
        let of = asking.len();
        let mut running = futures::stream::iter(asking).buffer_unordered(AT_A_TIME);
        let (mut rows, mut gaps, mut done): (Vec<Row>, Vec<Gap>, usize) = (Vec::new(), Vec::new(), 0);
        while let Some((what, answer)) = running.next().await {
            done += 1;
            self.tell("recommendations", done, of);
            match answer {
                Ok(found) => {
                    rows.extend(found.rows);
                    gaps.extend(found.failed.into_iter().map(|error| Gap { what: what.to_owned(), error }));
                }
                Err(error) => gaps.push(Gap { what: what.to_owned(), error }),
            }
        }
        Ok(Pulled { data: row::to_frame(rows).map_err(unreadable)?, gaps })
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
