//! What exists: one file a service, one line of [`COLLECTORS`] a kind of resource.

mod balancers;
mod commitments;
mod compute;
mod containers;
mod data;
mod network;
mod row;
mod storage;

use cost_provider_api::{CallError, Gap, InventorySource, ProviderError, Pulled, Pulling};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use polars::prelude::DataFrame;

use crate::connect::{At, Aws};
use crate::gather::Asking;
use row::Row;

/// Collections under way at a time; each holds its own calls to a few a service and region.
const AT_A_TIME: usize = 16;

/// Details asked for at a time by one collection; the calls of one service are held to fewer.
const DETAILS_AT_A_TIME: usize = 8;

/// What a collection found, and details of it that could not be had.
#[derive(Default)]
struct Found {
    rows: Vec<Row>,
    gaps: Vec<Gap>,
}

impl Found {
    /// What a detail is; if it could not be had, that is a gap, and the resource is kept without it.
    fn known<T>(&mut self, what: &str, answer: Result<T, CallError>) -> Option<T> {
        answer.map_err(|error| self.gaps.push(Gap { what: what.to_owned(), error })).ok()
    }
}

/// The rows of each of many; one that fails is a gap, and the others are kept.
async fn rows_of_each<I, R, F>(what: &str, all: impl IntoIterator<Item = I>, ask: impl Fn(I) -> F) -> Found
where
    R: IntoIterator<Item = Row>,
    F: Future<Output = Result<R, CallError>>,
{
    let mut found = Found::default();
    for answer in each(all, ask).await {
        let rows = found.known(what, answer);
        found.rows.extend(rows.into_iter().flatten());
    }
    found
}

/// Answers about each of many, in order, a few at a time.
async fn each<I, T, F>(all: impl IntoIterator<Item = I>, ask: impl Fn(I) -> F) -> Vec<T>
where
    F: Future<Output = T>,
{
    let asking: Vec<F> = all.into_iter().map(ask).collect();
    futures::stream::iter(asking).buffered(DETAILS_AT_A_TIME).collect().await
}

impl From<Vec<Row>> for Found {
    fn from(rows: Vec<Row>) -> Self {
        Self { rows, gaps: Vec::new() }
    }
}

/// A collection under way.
type Collecting = BoxFuture<'static, Result<Found, CallError>>;

fn boxed<F, T>(collecting: F) -> Collecting
where
    F: Future<Output = Result<T, CallError>> + Send + 'static,
    T: Into<Found>,
{
    Box::pin(async { collecting.await.map(Into::into) })
}

/// How one kind of resource is collected.
struct Collector {
    /// What is missing if it fails.
    what: &'static str,
    /// Asked once an account, not once a region.
    global: bool,
    collect: fn(At) -> Collecting,
}

const fn regional(what: &'static str, collect: fn(At) -> Collecting) -> Collector {
    Collector { what, global: false, collect }
}

const fn global(what: &'static str, collect: fn(At) -> Collecting) -> Collector {
    Collector { what, global: true, collect }
}

/// Every kind of resource.
const COLLECTORS: &[Collector] = &[
    regional("EC2 instances", |at| boxed(compute::instances(at))),
    regional("AMIs", |at| boxed(compute::images(at))),
    regional("Lambda functions", |at| boxed(compute::functions(at))),
    regional("EBS volumes", |at| boxed(storage::volumes(at))),
    regional("EBS snapshots", |at| boxed(storage::snapshots(at))),
    global("S3 buckets", |at| boxed(storage::buckets(at))),
    regional("CloudWatch log groups", |at| boxed(storage::log_groups(at))),
    regional("Elastic IP addresses", |at| boxed(network::addresses(at))),
    regional("NAT gateways", |at| boxed(network::nat_gateways(at))),
    regional("VPC endpoints", |at| boxed(network::endpoints(at))),
    regional("load balancers", |at| boxed(balancers::balancers(at))),
    regional("Classic Load Balancers", |at| boxed(balancers::classic(at))),
    regional("RDS instances", |at| boxed(data::db_instances(at))),
    regional("RDS clusters", |at| boxed(data::db_clusters(at))),
    regional("ElastiCache nodes", |at| boxed(data::cache_clusters(at))),
    regional("DynamoDB tables", |at| boxed(data::tables(at))),
    regional("ECS nodes, services and tasks", |at| boxed(containers::ecs(at))),
    regional("EKS node groups", |at| boxed(containers::eks(at))),
    regional("reserved instances", |at| boxed(commitments::reserved_instances(at))),
    global("Savings Plans", |at| boxed(commitments::savings_plans(at))),
];

impl Aws {
    /// Calls that the inventory takes at least: one for each kind of resource, account and region.
    #[must_use]
    pub fn collections_planned(&self) -> usize {
        self.collections().len()
    }

    /// Collections of a pull: what, and where.
    fn collections(&self) -> Vec<(&'static Collector, At)> {
        let mut all = Vec::new();
        for account in &self.accounts {
            for collector in COLLECTORS {
                if collector.global {
                    all.push((collector, self.at(account, &self.identity.region)));
                } else {
                    all.extend(account.regions.iter().map(|region| (collector, self.at(account, region))));
                }
            }
        }
        all
    }
}

impl InventorySource for Aws {
    fn inventory(&self) -> Pulling<'_, DataFrame> {
        Box::pin(async move {
            let asking = |(collector, at): (&'static Collector, At)| -> Asking<'_, Found> {
                Box::pin((collector.collect)(at).map(|answer| (collector.what.to_owned(), answer)))
            };
            let asking = self.collections().into_iter().map(asking).collect();
            let (found, failed) = self.gather("inventory", asking, AT_A_TIME).await;
            let details = found.iter().flat_map(|f| &f.gaps).cloned();
            let gaps = self.gaps.iter().cloned().chain(details).chain(failed).collect();
            let rows = found.into_iter().flat_map(|f| f.rows).collect();
            let data = row::to_frame(rows).map_err(|e| ProviderError::unreadable("inventory", e))?;
            Ok(Pulled::partly(data, gaps))
        })
    }
}
