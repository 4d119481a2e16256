//! AWS usage to which a released commitment can be reapplied.
//!
//! Source: AWS Savings Plans User Guide, "How Savings Plans apply to your AWS usage"; Amazon EC2
//! User Guide, "How Reserved Instances are applied" (regional reservations are flexible in size
//! within a family). Read 2026-11. Sharing is assumed to be the AWS default: all accounts of the
//! payer share commitments.

use super::slice::slice;
use super::usage_type::UsageType;
use crate::cloud::commitment::CommitmentPool;
use crate::slice::Slice;

const COMPUTE_SAVINGS_PLANS: &str = "Compute Savings Plans";
const INSTANCE_SAVINGS_PLANS: &str = "EC2 Instance Savings Plans";

/// Returns the pool of a kind of commitment that covers usage.
pub(super) fn paying(kind: &str, used: UsageType<'_>, region: &str) -> CommitmentPool {
    if kind.starts_with("Compute Savings") {
        return CommitmentPool::free(COMPUTE_SAVINGS_PLANS);
    }
    if kind.starts_with("EC2 Instance Savings") {
        return within(INSTANCE_SAVINGS_PLANS, used, region);
    }
    if kind.contains("Savings Plan") {
        return CommitmentPool::free(kind);
    }
    within(kind, used, region)
}

/// Returns the pool of commitments of a kind that are bound to family and region.
fn within(kind: &str, used: UsageType<'_>, region: &str) -> CommitmentPool {
    let family =
        used.instance_type.and_then(|t| t.rsplit_once('.')).map_or(used.kind, |(family, _)| family);
    CommitmentPool::bound(kind, family, region)
}

/// Returns the pools whose commitments could cover on-demand usage.
pub(super) fn could_pay(pools: &[&str], used: UsageType<'_>, region: &str) -> Vec<String> {
    if slice(used) != Slice::Compute {
        return Vec::new();
    }
    let pays = |pool: &&&str| match **pool {
        COMPUTE_SAVINGS_PLANS => {
            used.kind == "BoxUsage"
                || used.kind.starts_with("Fargate")
                || used.kind.starts_with("Lambda")
        }
        bound => {
            let kind = bound.split(", ").next().unwrap_or("");
            let applies = kind != INSTANCE_SAVINGS_PLANS || used.kind == "BoxUsage";
            used.instance_type.is_some() && applies && bound == within(kind, used, region).name
        }
    };
    pools.iter().filter(pays).map(|pool| (*pool).to_owned()).collect()
}
