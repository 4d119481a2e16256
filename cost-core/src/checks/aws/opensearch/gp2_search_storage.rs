//! `OpenSearch` domains with gp2 storage, which costs more than gp3.
//!
//! In:  monthly resource rows of `ES:GP2-Storage`; prices of both types.
//! Out: one `Modify` opportunity per domain.

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, ResourceUse};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::cheaper;
use crate::checks::shared::plain::{Found, Look, PlainCheck};
use crate::checks::shared::rollout::tested;
use crate::checks::shared::uncertain::SUCCESS;
use crate::cloud::Provider;
use crate::cloud::aws::arn::last_part;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

static META: CheckMeta = CheckMeta {
    id: "gp2_search_storage",
    provider: Some(Provider::Aws),
    service: "opensearch",
    title: "OpenSearch domains with gp2 storage",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[],
    permissions: &["es:DescribeDomain"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[SUCCESS],
    docs: "\
## What it finds
OpenSearch domains whose nodes store data on gp2 volumes. gp3 costs less per GB. Needs only the bill.
## How the saving is computed
Per month: EffectiveCost of the gp2 storage × (1 − gp3 price ÷ gp2 price). The gp3 price is the price in the bill of the same region, compared with
the price paid for this gp2 storage, or else both are list prices (us-east-1: 0.122 USD instead of 0.135 USD per GB and month).
## Trade-offs
gp3 has 3,000 IOPS and 125 MB/s per volume, whatever the size. gp2 has 3 IOPS per GB: more than 3,000 only from 1,000 GB per node on. Up to 250 MB/s
of throughput of larger gp2 volumes may be lost: `low` is 0.
`expected` is 50 % of what is possible (`success_pct`).
## Source
Amazon OpenSearch Service Developer Guide, \"Amazon EBS volume size quotas\" and \"Making configuration changes in Amazon OpenSearch Service\"; Amazon
OpenSearch Service pricing. Prices: cost-core/data/prices/SOURCES.md. Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| kind(u) == "ES:GP2-Storage",
    look,
    trade_off: |cx| {
        let reason = "an online change; large volumes may have less throughput than gp2 unless more is added";
        TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
            .reliability("none: the same durability, and automated snapshots do not change")
            .no_downtime("none; if the service replaces the nodes (blue/green), the domain has more load meanwhile")
            .test_first(&[
                "compare ReadThroughput and WriteThroughput of the busiest node with 125 MB/s, and its IOPS with 3,000",
                "change a development domain and compare latency over a day",
            ])
            .rollback(&["change the volume type back to gp2 in the same way"])
            .caveats(&["some instance types of older generations do not support gp3"])
    },
    runbook: |draft, _, used| {
        let id = shell_word(last_part(&used.resource_id));
        let describe = format!("aws opensearch describe-domain --domain-name {id}");
        let to = |kind: &str| {
            format!(
                "aws opensearch update-domain-config --domain-name {id} --ebs-options EBSEnabled=true,VolumeType={kind},VolumeSize=\"$SIZE\"\n\
                 until_is False 1440 {describe} --query DomainStatus.Processing --output text"
            )
        };
        let size = lines::keep("SIZE", &describe, "DomainStatus.EBSOptions.VolumeSize");
        let option = |kind: &str| {
            format!("--ebs-options EBSEnabled=true,VolumeType={kind},VolumeSize=\"$SIZE\"")
        };
        let way =
            lines::by_domain_update(&id, (&size, ". ./ids.sh"), (&option("gp3"), &option("gp2")));
        tested(draft, "domain")
            .way(way)
            .run(format!("save domain.json {describe}"))
            .run(size)
            .run(to("gp3"))
            .undo(". ./ids.sh")
            .undo(to("gp2"))
            .watch(
                "ThroughputThrottle, IopsThrottle, IndexingLatency, and SearchLatency, for a week",
            )
            .terraform("aws_opensearch_domain: ebs_options { volume_type = \"gp3\" }")
    },
};

fn look(cx: &Context<'_>, used: &ResourceUse) -> Look {
    let region = &used.region_id;
    let paid = used
        .now()
        .paid_unit_price()
        .ok_or("its price per GB cannot be determined: PricingQuantity is missing")?;
    let text = |unknown: crate::price::UnknownPrice| unknown.to_string();
    let (gp3, source) = cx.paid_or_list(region, "ES:GP3-Storage", "es-gp3").map_err(text)?;
    let gp2 = if source == "bill" { paid } else { cx.list(region, "es-gp2").map_err(text)? };
    let share = cheaper(gp2, gp3);
    let price = |usd: Decimal| usd.round_dp(4).normalize();
    Ok((share > Decimal::ZERO).then(|| Found {
        share,
        uncertain: true,
        title: format!(
            "Change the storage of domain {} from gp2 to gp3",
            last_part(&used.resource_id)
        ),
        facts: vec![
            Evidence::new("price of gp2, per GB and month", price(gp2), source),
            Evidence::new("price of gp3, per GB and month", price(gp3), source),
        ],
        change: Some(("volume type", "gp2".to_owned(), "gp3".to_owned())),
    }))
}
