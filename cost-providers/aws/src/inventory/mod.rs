//! Inventory: one file per service, one line of [`COLLECTORS`] per kind of resource.

mod balancers;
mod commitments;
mod compute;
mod containers;
mod data;
mod found;
mod network;
mod row;
mod storage;

use cost_provider_api::{CallError, ProviderError, Pulled, Steps};
use futures::FutureExt;
use futures::future::BoxFuture;
use polars::prelude::DataFrame;

use crate::connect::{At, Aws};
use crate::gather::{Asking, gather};
use found::Found;

/// Concurrent collections; each limits its own calls per service and region.
const AT_A_TIME: usize = 16;

/// Collection in progress.
type Collecting = BoxFuture<'static, Result<Found, CallError>>;

fn boxed<F, T>(collecting: F) -> Collecting
where
    F: Future<Output = Result<T, CallError>> + Send + 'static,
    T: Into<Found>,
{
    Box::pin(async { collecting.await.map(Into::into) })
}

/// Collector of one kind of resource.
struct Collector {
    /// Name of the gap if it fails.
    what: &'static str,
    /// Requested once per account, not once per region.
    global: bool,
    collect: fn(At) -> Collecting,
}

const fn regional(what: &'static str, collect: fn(At) -> Collecting) -> Collector {
    Collector { what, global: false, collect }
}

const fn global(what: &'static str, collect: fn(At) -> Collecting) -> Collector {
    Collector { what, global: true, collect }
}

/// Collectors of all kinds of resources.
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
    regional("EKS clusters and node groups", |at| boxed(containers::eks(at))),
    regional("reserved instances", |at| boxed(commitments::reserved_instances(at))),
    global("Savings Plans", |at| boxed(commitments::savings_plans(at))),
];

impl Aws {
    /// Returns the minimum number of calls: one for each kind of resource, account, and region.
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
                    all.extend(
                        account.regions.iter().map(|region| (collector, self.at(account, region))),
                    );
                }
            }
        }
        all
    }
}

impl Aws {
    /// Returns the inventory of all accounts and regions.
    pub(crate) async fn inventory(
        &self,
        steps: &Steps,
    ) -> Result<Pulled<DataFrame>, ProviderError> {
        let asking = |(collector, at): (&'static Collector, At)| -> Asking<'_, Found> {
            Box::pin((collector.collect)(at).map(|answer| (collector.what.to_owned(), answer)))
        };
        let asking = self.collections().into_iter().map(asking).collect();
        let (found, failed) = gather("inventory", asking, AT_A_TIME, steps).await;
        let details = found.iter().flat_map(|f| &f.gaps).cloned();
        let gaps = self.gaps.iter().cloned().chain(details).chain(failed).collect();
        let rows = found.into_iter().flat_map(|f| f.rows).collect();
        let data = row::to_frame(rows).map_err(|e| ProviderError::unreadable("inventory", e))?;
        Ok(Pulled::partly(data, gaps))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use cost_core::inventory::detail;

    #[test]
    fn each_detail_that_checks_can_read_is_written() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/inventory");
        let files = fs::read_dir(folder).expect("the collectors");
        let code: String =
            files.map(|f| fs::read_to_string(f.expect("a file").path()).expect("text")).collect();
        let is_written = |name: &str| code.contains(&format!("detail::{name},"));
        let silent: Vec<&str> =
            detail::ALL.iter().map(|d| d.name).filter(|name| !is_written(name)).collect();
        assert!(silent.is_empty(), "no collector writes {silent:?}");
    }
}
