//! Clusters of MSK whose brokers would cost less on Graviton.
//!
//! In:  monthly resource rows of M5 broker hours; the price of M7g brokers in the bill.
//! Out: one `Modify` opportunity per cluster.

use rust_decimal::Decimal;

use super::cluster::{broker_type, name};
use crate::check::{CheckMeta, Context, Group, ResourceUse, Threshold};
use crate::checks::aws::meter::kind;
use crate::checks::shared::plain::{Found, Look, PlainCheck};
use crate::checks::shared::rollout::tested;
use crate::checks::shared::{cheaper, chosen};
use crate::cloud::Provider;
use crate::opportunity::{Action, Draft, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

const PRICE_PCT: Threshold = chosen(
    "price_pct",
    97.1,
    "% of the price of M5",
    "price of an M7g broker of the same size",
    "",
    "AWS Price List, AmazonMSK: kafka.m7g.large costs 0.204 USD per hour and kafka.m5.large 0.21 USD in us-east-1 (97.1 %), 0.255 and 0.263 USD in ap-southeast-1 (97.0 %)",
);

/// Sizes that M5 and M7g brokers both have. Source: Amazon MSK Developer Guide, "Amazon MSK broker
/// sizes". Read 2026-11.
const SIZES: [&str; 7] =
    ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];

static META: CheckMeta = CheckMeta {
    id: "graviton_kafka_cluster",
    provider: Some(Provider::Aws),
    service: "msk",
    title: "MSK clusters that would cost less on Graviton",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[],
    permissions: &["kafka:DescribeCluster"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[PRICE_PCT],
    docs: "\
## What it finds
MSK clusters with Standard brokers of the family M5 in a size that M7g (Graviton) has too: `kafka.m5.24xlarge` has none. An M7g broker has as many
vCPUs and as much memory, and is two generations newer. Needs only the bill.
## How the saving is computed
Per month of 730 h: EffectiveCost of the broker hours × (1 − price of M7g ÷ price of M5). The prices are those paid in the same region if the bill
has M7g brokers of this size, and otherwise the relation of the list prices (`price_pct`). Storage costs the same.
## Trade-offs
MSK replaces one broker at a time. Clients stay connected to the others, and do not depend on the architecture. A topic with a replication factor
of 1, or with as many required in-sync replicas as replicas, is unavailable while its broker is replaced. Apache Kafka must be 2.8.2, or 3.3.2 or
later: the script refuses other versions. M7g brokers usually use less CPU for the same load, so that fewer or smaller ones may do later.
## Source
Amazon MSK Developer Guide, \"Update the Amazon MSK cluster broker size\" (from M5 to M7g and back) and \"Amazon MSK broker sizes\" (Kafka 2.8.2,
3.3.2, and later). Prices: AWS Price List, AmazonMSK, as quoted by public pages. Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| kind(u).starts_with("Kafka.m5."),
    look,
    trade_off: |cx| {
        let reason = "MSK replaces the brokers one by one; its clients do not change";
        TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
            .reliability("the number of brokers, replicas, and zones does not change")
            .no_downtime("none for topics with more replicas than required in-sync replicas; clients reconnect")
            .test_first(&[
                "list topics with one replica, or with min.insync.replicas equal to the number of replicas",
                "change a development cluster and compare latency over a day",
            ])
            .rollback(&["change the brokers back to M5 in the same way: one broker at a time"])
    },
    runbook,
};

#[expect(clippy::unnecessary_wraps, reason = "the form of all plain checks")]
fn look(cx: &Context<'_>, used: &ResourceUse) -> Look {
    let size = broker_type(used).and_then(|t| t.strip_prefix("m5.")).unwrap_or("");
    if !SIZES.contains(&size) {
        return Ok(None);
    }
    let paid = cx.paid_or_list(&used.region_id, &format!("Kafka.m7g.{size}"), "").ok();
    let prices = used.now().paid_unit_price().zip(paid);
    let (share, source) = if let Some((now, (then, _))) = prices {
        (cheaper(now, then), "bill")
    } else {
        let pct = cx.decimal(META.id, &PRICE_PCT);
        (Decimal::ONE - pct / Decimal::ONE_HUNDRED, "AWS price list")
    };
    let pct = ((Decimal::ONE - share) * Decimal::ONE_HUNDRED).round_dp(1).normalize();
    let (old, new) = (format!("kafka.m5.{size}"), format!("kafka.m7g.{size}"));
    Ok((share > Decimal::ZERO).then(|| Found {
        share,
        uncertain: false,
        title: format!("Move the brokers of cluster {} from {old} to {new}", name(used)),
        facts: vec![Evidence::new("new price, % of the current price", pct, source)],
        change: Some(("broker type", old, new)),
    }))
}

fn runbook(draft: Draft, _: &Context<'_>, used: &ResourceUse) -> Draft {
    let arn = shell_word(&used.resource_id);
    let old = shell_word(&format!("kafka.{}", broker_type(used).unwrap_or("")));
    let new = shell_word(draft.changed_to());
    let describe = format!("aws kafka describe-cluster --cluster-arn {arn}");
    let of = |query: &str| format!("$({describe} --query {query} --output text)");
    let to = |brokers: &str| {
        format!(
            "if [ \"{}\" != {brokers} ]; then\n\
             VERSION={}\n\
             aws kafka update-broker-type --cluster-arn {arn} --current-version \"$VERSION\" --target-instance-type {brokers}\n\
             fi\n\
             until_is {brokers} 1440 {describe} --query ClusterInfo.BrokerNodeGroupInfo.InstanceType --output text\n\
             until_is ACTIVE 1440 {describe} --query ClusterInfo.State --output text",
            of("ClusterInfo.BrokerNodeGroupInfo.InstanceType"),
            of("ClusterInfo.CurrentVersion"),
        )
    };
    let kafka = of("ClusterInfo.CurrentBrokerSoftwareInfo.KafkaVersion");
    tested(draft, "cluster")
        .run(format!("save cluster.json {describe}"))
        .run(format!("KAFKA={kafka}"))
        .run("case \"$KAFKA\" in 1.* | 2.[0-7].* | 2.8.[01]* | 3.[0-2].* | 3.3.[01]*) echo \"Kafka $KAFKA does not run on M7g: upgrade it first\" >&2; exit 1 ;; esac")
        .run(to(&new))
        .undo(to(&old))
        .watch("CpuUser, UnderReplicatedPartitions, and latency of producers, for a week")
        .terraform(format!("aws_msk_cluster: broker_node_group_info {{ instance_type = \"{new}\" }}"))
}
