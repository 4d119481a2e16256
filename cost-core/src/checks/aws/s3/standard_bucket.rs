//! Large buckets in S3 Standard without any lifecycle rule.
//!
//! In: monthly resource rows of `TimedStorage-ByteHrs`; inventory `bucket` rows with their
//! lifecycle rules. Out: one `Modify` opportunity per bucket. Not here: buckets that are known to be
//! cold (see `cold_bucket`).

use rust_decimal::Decimal;

use super::bucket_rule::add_rule;
use super::cold_bucket::{is_standard, large};
use crate::check::{CheckMeta, Context, Group, Input, Threshold};
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::checks::shared::{cheaper, chosen};
use crate::cloud::Provider;
use crate::inventory::detail;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const SIZE: Threshold = chosen(
    "least_gb",
    1000.0,
    "GB",
    "TimedStorage-ByteHrs",
    "the month under review",
    "chosen (ADR 0016)",
);
const COLD: Threshold = chosen(
    "cold_pct",
    30.0,
    "% of the storage",
    "share taken to be unread for 30 days",
    "",
    "chosen (ADR 0016), cautious: AWS customers moved more; what it is, the class itself finds out",
);

static META: CheckMeta = CheckMeta {
    id: "standard_bucket",
    provider: Some(Provider::Aws),
    service: "s3",
    title: "Large buckets in S3 Standard without a lifecycle",
    group: Group::Storage,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["s3:ListAllMyBuckets", "s3:GetLifecycleConfiguration"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[SIZE, COLD],
    docs: "\
## What it finds
Buckets with more in S3 Standard than the threshold and no lifecycle rule. Nothing says which of it is read: S3 Intelligent-Tiering finds
that out by itself.
## How the saving is computed
Per month: EffectiveCost of the storage × the share taken to be cold × (1 − infrequent access price ÷ what is paid for a GB of it now). `low` is 0, and
monitoring costs by the object, whose number a bill does not say: a caveat.
## Trade-offs
No retrieval charges, the same access time. A monitoring fee an object of 128 KB or more.
## Source
Amazon S3 User Guide, \"Managing storage costs with Amazon S3 Intelligent-Tiering\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_standard,
    look: |cx, used| {
        let Some(gb) = large(cx, used, META.id, &SIZE)? else { return Ok(None) };
        let rules = cx.resource(&used.resource_id).and_then(|b| b.get(detail::LIFECYCLE_RULES));
        if rules.ok_or("the inventory does not say whether it has lifecycle rules")? > 0 {
            return Ok(None);
        }
        let now = used.now().paid_unit_price().ok_or("its storage has no cost in the bill")?;
        let infrequent =
            cx.paid_or_list(&used.region_id, "TimedStorage-INT-IA-ByteHrs", "s3-standard-ia");
        let (then, source) = infrequent.map_err(|e| e.to_string())?;
        let cold = cx.decimal(META.id, &COLD) / Decimal::ONE_HUNDRED;
        Ok(Some(Found {
            share: cheaper(now, then) * cold,
            uncertain: true,
            title: format!("Put {} into Intelligent-Tiering", name_of(cx, used)),
            facts: vec![
                Evidence::new("stored", format!("{} GB", gb.round_dp(0)), "bill"),
                Evidence::new("lifecycle rules", 0, "inventory"),
                Evidence::new(
                    "infrequent access price ÷ Standard price",
                    (then / now).round_dp(4).normalize(),
                    source,
                ),
            ],
            change: Some((
                "storage class",
                "STANDARD".to_owned(),
                "INTELLIGENT_TIERING".to_owned(),
            )),
        }))
    },
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(name_of(cx, used));
        add_rule(
            draft,
            &id,
            "to-intelligent-tiering",
            "\"Transitions\": [{\"Days\": 0, \"StorageClass\": \"INTELLIGENT_TIERING\"}]",
        )
        .rollout(&["one prefix first, for two months", "then the whole bucket"])
        .watch("Monitoring-Automation-INT in the next bills: it must stay under the saving")
        .terraform(
            "aws_s3_bucket_lifecycle_configuration: transition { days = 0, storage_class = \"INTELLIGENT_TIERING\" }",
        )
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "only the monitoring fee can be lost";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .effect("30 days after an object was last read")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "look at the number and size of objects in S3 Storage Lens: small ones are not monitored and stay dear",
        ])
        .rollback(&["take the rule away; objects are copied back at the price of requests"])
        .caveats(&["monitoring costs by the object; buckets of small objects save nothing"])
}
