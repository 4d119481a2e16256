//! Instances that would cost less as a Graviton type of the same size.
//!
//! In:  monthly resource rows of `BoxUsage`; instance facts and prices.
//! Out: one `Modify` opportunity per instance.
//! Not here: changes of size (see `oversized_instance`).

use super::alternative::{AlternativeCheck, is_graviton};
use crate::check::{CheckMeta, Group};
use crate::cloud::Provider;
use crate::price::System;

static META: CheckMeta = CheckMeta {
    id: "graviton_instance",
    provider: Some(Provider::Aws),
    service: "ec2",
    title: "Instances that would cost less on Graviton",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[],
    permissions: &["ec2:DescribeInstances", "ec2:DescribeInstanceTypes"],
    columns: &["ResourceId", "SkuMeter", "ListCost", "PricingQuantity"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
Linux instances on x86 for which a Graviton type of the same class has the same vCPUs, no less memory, network, EBS bandwidth, instance
storage, and CoreMark, is no older, and costs less. The check names the cheapest of these. Needs only the bill.
## How the saving is computed
As for `previous_generation_instance`. In a region that the list lacks, the new price is estimated (docs/price-estimates.md), and `low` and `high`
have its interval.
## Trade-offs
Another processor architecture: images, packages, and agents must be built for arm64. Interpreted software, and software with images for both
architectures, moves in hours. Software compiled or licensed for x86 takes days or cannot move.
## Source
AWS, Graviton Getting Started guide, \"Transitioning workloads to AWS Graviton-based instances\". Facts and prices:
cost-core/data/prices/SOURCES.md. Read 2026-11.",
};

pub(in crate::checks) static CHECK: AlternativeCheck = AlternativeCheck {
    meta: &META,
    is_sought: is_graviton,
    label: " (Graviton)",
    systems: &[System::Linux],
    reason: "no worse in any compared property, but all software must exist for arm64",
};
