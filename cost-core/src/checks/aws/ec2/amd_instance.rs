//! Intel instances that would cost less as an AMD type of the same size.
//!
//! In:  monthly resource rows of `BoxUsage`; instance facts and prices.
//! Out: one `Modify` opportunity per instance.
//! Not here: changes of size (see `oversized_instance`), and newer generations (see
//! `previous_generation_instance`).

use super::alternative::AlternativeCheck;
use crate::check::{CheckMeta, Group};
use crate::cloud::Provider;
use crate::cloud::aws::Ec2Type;
use crate::price::System;

static META: CheckMeta = CheckMeta {
    id: "amd_instance",
    provider: Some(Provider::Aws),
    service: "ec2",
    title: "Intel instances that would cost less on AMD",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[],
    permissions: &["ec2:DescribeInstances", "ec2:DescribeInstanceTypes"],
    columns: &["ResourceId", "SkuMeter", "ListCost", "PricingQuantity"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
Instances on Intel processors for which an AMD type of the same class and generation has the same vCPUs, no less memory, network, EBS bandwidth,
instance storage, and CoreMark, and costs less. The check names the cheapest of these. Newer AMD types are found by `previous_generation_instance`.
Needs only the bill.
## How the saving is computed
As for `previous_generation_instance`. In a region that the list lacks, the new price is estimated (docs/price-estimates.md), and `low` and `high`
have its interval.
## Trade-offs
A stop and start. The architecture is the same, so images run unchanged. Check software that is licensed by processor or tuned for Intel.
## Source
AWS, \"AMD-powered Amazon EC2 instances\". Facts and prices: cost-core/data/prices/SOURCES.md. Read 2026-11.",
};

pub(in crate::checks) static CHECK: AlternativeCheck = AlternativeCheck {
    meta: &META,
    is_sought: |new, old| {
        new.maker() == "AMD" && old.maker() != "AMD" && new.generation() == old.generation()
    },
    label: " (AMD)",
    systems: &System::ALL,
    reason: "the same architecture, and no worse in any compared property",
};
