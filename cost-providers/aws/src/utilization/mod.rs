//! Utilization from `CloudWatch`: hourly statistics, requested in full batches.

mod listed;
mod measure;
mod metrics;
mod table;
mod wanted;

use std::collections::BTreeMap;

use aws_sdk_cloudwatch::operation::get_metric_data::GetMetricDataOutput;
use aws_sdk_cloudwatch::types::{Dimension, Metric, MetricDataQuery, MetricStat};
use aws_smithy_types::DateTime;
use chrono::{Days, NaiveDate};
use cost_core::inventory::{Resource as Existing, detail};
use cost_core::price::PriceBook;
use cost_provider_api::{CallError, Gap, ProviderError, Pulled, Steps};
use futures::StreamExt;
use polars::prelude::*;

use crate::connect::{At, Aws, client};
use crate::instant::midnight;
use crate::operation::GET_METRIC_DATA;
use metrics::measures;
use table::{HOUR, Table};
use wanted::{BYTES_OF_MIB, Resource, Wanted};

/// Queries per request: the maximum of the operation. Source: `CloudWatch` API reference,
/// `GetMetricData`, read 2026-11.
const QUERIES: usize = 500;
/// Data points per page: the maximum of the operation.
const POINTS: i32 = 100_800;
/// Sizes are in GiB, called GB by the services.
const BYTES_OF_GIB: f64 = 1_073_741_824.0;
/// Concurrent accounts and regions; each limits its own calls.
const AT_A_TIME: usize = 8;

/// Utilization for the days before a day.
pub(crate) struct CloudWatch<'a> {
    aws: &'a Aws,
    from: NaiveDate,
    until: NaiveDate,
}

impl<'a> CloudWatch<'a> {
    /// Utilization of `days` days before `as_of`.
    pub(crate) fn new(aws: &'a Aws, as_of: NaiveDate, days: u32) -> Self {
        let from = as_of.checked_sub_days(Days::new(days.into())).unwrap_or(as_of);
        Self { aws, from, until: as_of }
    }

    /// Returns all measures of one account and region.
    async fn of_place(
        &self,
        at: At,
        resources: Vec<Resource>,
    ) -> (Result<Table, CallError>, Vec<Gap>) {
        let mut gaps = Vec::new();
        let mut wanted: Vec<Wanted> = resources.iter().flat_map(measures).collect();
        let looking = listed::LOOK_UPS.iter().map(|of| listed::look_up(&at, of, &resources));
        for (look_up, found) in
            listed::LOOK_UPS.iter().zip(futures::future::join_all(looking).await)
        {
            match found {
                Ok(some) => wanted.extend(some),
                Err(error) => gaps.push(Gap::new(look_up.what, error)),
            }
        }
        let batches = wanted.chunks(QUERIES).map(|some| self.batch(&at, some));
        let mut running = futures::stream::iter(batches.collect::<Vec<_>>()).buffered(2);
        let mut table = Table::new(self.from, self.until);
        while let Some(batch) = running.next().await {
            match batch {
                Ok(series) => {
                    for (wanted, points) in series {
                        table.add(wanted, &points);
                    }
                }
                Err(error) => return (Err(error), gaps),
            }
        }
        drop(running);
        table.settle();
        (Ok(table), gaps)
    }

    /// Requests one batch of queries, all pages, and returns the points of each.
    async fn batch<'w>(
        &self,
        at: &At,
        some: &'w [Wanted],
    ) -> Result<Vec<(&'w Wanted, Points)>, CallError> {
        let cloudwatch = client!(aws_sdk_cloudwatch, at);
        let queries: Vec<MetricDataQuery> =
            some.iter().enumerate().map(|(n, w)| w.query(n)).collect();
        let instant = |day: NaiveDate| DateTime::from_secs(midnight(day));
        let make = |token| {
            cloudwatch
                .get_metric_data()
                .set_metric_data_queries(Some(queries.clone()))
                .start_time(instant(self.from))
                .end_time(instant(self.until))
                .max_datapoints(POINTS)
                .set_next_token(token)
                .send()
        };
        let split =
            |p: GetMetricDataOutput| (p.metric_data_results.unwrap_or_default(), p.next_token);
        let results = at.place.pages(GET_METRIC_DATA, make, split).await?;
        let mut points: Vec<(&Wanted, Points)> = some.iter().map(|w| (w, Points::new())).collect();
        for result in results {
            // IDs are those of `query`: a letter and the number.
            let number: Option<usize> =
                result.id.as_deref().and_then(|id| id.get(1..)?.parse().ok());
            let Some((_, known)) = number.and_then(|n| points.get_mut(n)) else {
                return Err(at.place.unreadable(
                    GET_METRIC_DATA,
                    "the answer has a result that belongs to no query".to_owned(),
                ));
            };
            let (times, values) =
                (result.timestamps.unwrap_or_default(), result.values.unwrap_or_default());
            known.extend(times.iter().map(DateTime::secs).zip(values));
        }
        Ok(points)
    }

    /// How busy the resources of an inventory are.
    pub(crate) async fn of_inventory(
        &self,
        inventory: &[Existing],
        steps: &Steps,
    ) -> Result<Pulled<DataFrame>, ProviderError> {
        let unreadable = |e: PolarsError| ProviderError::unreadable("utilization", e);
        let prices =
            PriceBook::bundled().map_err(|e| ProviderError::unreadable("utilization", e))?;
        let mut places = resources(inventory, &prices);
        // What the inventory does not know may be where it knows nothing.
        for account in &self.aws.accounts {
            for region in &account.regions {
                places.entry((account.id.clone(), region.clone())).or_default();
            }
        }
        let mut under_way = Vec::new();
        for ((account, region), resources) in places {
            let Some(account) = self.aws.accounts.iter().find(|a| a.id == account) else {
                continue;
            };
            under_way.push(self.of_place(self.aws.at(account, &region), resources));
        }
        let of = under_way.len();
        let mut running = futures::stream::iter(under_way).buffer_unordered(AT_A_TIME);
        let (mut tables, mut gaps, mut done) = (Vec::new(), Vec::new(), 0);
        while let Some((table, some)) = running.next().await {
            done += 1;
            steps.report("utilization", done, of);
            gaps.extend(some);
            match table {
                Ok(table) => tables.push(table),
                Err(error) => gaps.push(Gap::new("utilization", error)),
            }
        }
        Ok(Pulled::partly(table::to_frame(tables).map_err(unreadable)?, gaps))
    }
}

/// Seconds since 1970, and value.
type Points = Vec<(i64, f64)>;

impl Wanted {
    fn query(&self, number: usize) -> MetricDataQuery {
        let dimension =
            |(name, value): &(String, String)| Dimension::builder().name(name).value(value).build();
        let metric = Metric::builder()
            .namespace(self.namespace)
            .metric_name(self.metric)
            .set_dimensions(Some(self.dimensions.iter().map(dimension).collect()))
            .build();
        let stat = MetricStat::builder().metric(metric).period(HOUR.into()).stat(self.stat).build();
        MetricDataQuery::builder().id(format!("q{number}")).metric_stat(stat).build()
    }
}

/// Returns the resources of an inventory that have metrics, by account and region.
fn resources(
    inventory: &[Existing],
    prices: &PriceBook,
) -> BTreeMap<(String, String), Vec<Resource>> {
    let memory = |class: &str| prices.class_memory_mib(class).map(|mib| mib * BYTES_OF_MIB);
    let mut places: BTreeMap<(String, String), Vec<Resource>> = BTreeMap::new();
    for of in inventory.iter().filter(|of| metrics::is_measured(&of.kind)) {
        let (Some(account), Some(region)) = (of.sub_account_id.clone(), of.region_id.clone())
        else {
            continue;
        };
        let gib = of.size_gb.and_then(|gib| u32::try_from(gib).ok()).map(f64::from);
        places.entry((account, region)).or_default().push(Resource {
            id: of.resource_id.clone(),
            kind: of.kind.clone(),
            name: of.name.clone(),
            bytes: gib.map(|gib| gib * BYTES_OF_GIB),
            memory_bytes: of
                .instance_type
                .as_deref()
                .and_then(memory)
                .or_else(|| memory_of_details(of)),
            attached_to: of.attached_to.clone(),
        });
    }
    places
}

/// Returns the memory in the details of a function.
fn memory_of_details(of: &Existing) -> Option<f64> {
    let mb = u32::try_from(of.get(detail::MEMORY_MB)?).ok()?;
    Some(f64::from(mb) * BYTES_OF_MIB)
}
