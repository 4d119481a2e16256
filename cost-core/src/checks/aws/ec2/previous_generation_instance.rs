//! On-demand instances that would cost less as a newer generation.
//!
//! In: monthly resource rows of `BoxUsage`; instance facts and prices; CPU if it is known. Out:
//! one `Modify` opportunity per instance. Not here: changes of size (see `oversized_instance`),
//! maker or architecture (`amd_instance`, `graviton_instance`).

use super::alternative::AlternativeCheck;
use crate::check::{CheckMeta, Group};
use crate::cloud::Provider;
use crate::cloud::aws::Ec2Type;
use crate::price::System;

static META: CheckMeta = CheckMeta {
    id: "previous_generation_instance",
    provider: Some(Provider::Aws),
    service: "ec2",
    title: "Instances of an older generation",
    group: Group::Modernization,
    since: "0.1.0",
    needs: &[],
    permissions: &["ec2:DescribeInstances", "ec2:DescribeInstanceTypes", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter", "ListCost", "PricingQuantity"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
Instances (usage type `BoxUsage`) for which a newer generation of the same class (m, c, r, t …) has the same
vCPUs and architecture x86_64, no less memory, network, EBS bandwidth, instance storage, and CoreMark, and a lower
on-demand price. The check names the cheapest of these. Needs only the bill.
## How the saving is computed
Per month of 730 h: EffectiveCost of the hours × (1 − new price ÷ old price). Both are list prices for its operating system (Linux, Windows, RHEL, or
SQL Server, determined from the bill's own list price). The paid amount scales with the price, so negotiated discounts remain. Hours that a
commitment pays for save what the commitment then covers of other on-demand usage. `low` uses the lowest of the last three months. Usage with any
other list price is skipped, because an unknown license changes the ratio. In a region that the list lacks, the new price is estimated
(docs/price-estimates.md), and `low` and `high` have its interval.
## Trade-offs
A stop and start. Instances before Nitro (c4, m4, r4, t2, and older) need ENA and NVMe drivers first. If the new type has
AMD processors, a caveat shows it.
## Source
Facts and prices: cost-core/data/prices/SOURCES.md. AWS, Amazon EC2 User Guide, \"Change the instance type\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: AlternativeCheck = AlternativeCheck {
    meta: &META,
    is_sought: |new, old| {
        new.generation() > old.generation()
            && matches!(new.attributes(), "" | "a" | "i")
            && new.architectures.contains("x86_64")
    },
    systems: &System::ALL,
    reason: "same size and architecture, and no worse in any compared property; the image must boot on the new type",
    label: "",
};
