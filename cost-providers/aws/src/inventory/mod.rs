//! What exists: one file a service, one line of [`COLLECTORS`] a kind of resource.

mod balancers;
mod commitments;
mod compute;
mod containers;
mod data;
mod network;
mod row;
mod storage;

use cost_provider_api::{CallError, Gap, InventorySource, Pulled, Pulling};
use futures::StreamExt;
use futures::future::BoxFuture;
use polars::prelude::DataFrame;

use crate::connect::{At, Aws};
pub(crate) use row::Row;

/// Collections under way at a time; each holds its own calls to a few a service and region.
const AT_A_TIME: usize = 16;

/// A collection under way.
type Collecting = BoxFuture<'static, Result<Vec<Row>, CallError>>;

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
    regional("EC2 instances", |at| Box::pin(compute::instances(at))),
    regional("AMIs", |at| Box::pin(compute::images(at))),
    regional("Lambda functions", |at| Box::pin(compute::functions(at))),
    regional("EBS volumes", |at| Box::pin(storage::volumes(at))),
    regional("EBS snapshots", |at| Box::pin(storage::snapshots(at))),
    global("S3 buckets", |at| Box::pin(storage::buckets(at))),
    regional("CloudWatch log groups", |at| Box::pin(storage::log_groups(at))),
    regional("Elastic IP addresses", |at| Box::pin(network::addresses(at))),
    regional("NAT gateways", |at| Box::pin(network::nat_gateways(at))),
    regional("VPC endpoints", |at| Box::pin(network::endpoints(at))),
    regional("load balancers", |at| Box::pin(balancers::balancers(at))),
    regional("Classic Load Balancers", |at| Box::pin(balancers::classic(at))),
    regional("RDS instances", |at| Box::pin(data::db_instances(at))),
    regional("RDS clusters", |at| Box::pin(data::db_clusters(at))),
    regional("ElastiCache nodes", |at| Box::pin(data::cache_clusters(at))),
    regional("DynamoDB tables", |at| Box::pin(data::tables(at))),
    regional("ECS nodes", |at| Box::pin(containers::ecs(at))),
    regional("EKS node groups", |at| Box::pin(containers::eks(at))),
    regional("reserved instances", |at| Box::pin(commitments::reserved_instances(at))),
    global("Savings Plans", |at| Box::pin(commitments::savings_plans(at))),
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

async fn run(collector: &'static Collector, at: At) -> (&'static Collector, Result<Vec<Row>, CallError>) {
    (collector, (collector.collect)(at).await)
}

impl InventorySource for Aws {
    fn inventory(&self) -> Pulling<'_, DataFrame> {
        Box::pin(async move {
            let under_way: Vec<_> = self.collections().into_iter().map(|(c, at)| run(c, at)).collect();
            let mut running = futures::stream::iter(under_way).buffer_unordered(AT_A_TIME);
            let (mut rows, mut gaps) = (Vec::new(), self.gaps.clone());
            while let Some((collector, answer)) = running.next().await {
                match answer {
                    Ok(found) => rows.extend(found),
                    Err(error) => gaps.push(Gap { what: collector.what.to_owned(), error }),
                }
            }
            let data = row::to_frame(rows).map_err(|e| cost_provider_api::ProviderError::Unreadable {
                location: "inventory".to_owned(),
                problem: e.to_string(),
            })?;
            Ok(Pulled { data, gaps })
        })
    }
}
