//! Large buckets in S3 Standard without any lifecycle rule.
//!
//! In: monthly resource rows of `TimedStorage-ByteHrs`; inventory `bucket` rows with their
//! lifecycle rules. Out: one `Modify` opportunity per bucket. Not here: buckets whose bill shows
//! rare reads (see `cold_bucket`).

use rust_decimal::Decimal;

use super::bucket_rule::add_rule;
use super::cold_bucket::{is_standard, large};
use super::side_effects::{OBJECT, of_monitoring};
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
    "share assumed to be unread for 30 days",
    "",
    "chosen (ADR 0016), cautious: AWS customers moved more; the storage class determines the real share",
);

static META: CheckMeta = CheckMeta {
    id: "standard_bucket",
    provider: Some(Provider::Aws),
    service: "s3",
    title: "Large buckets in S3 Standard without a lifecycle rule",
    group: Group::Storage,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["s3:ListAllMyBuckets", "s3:GetLifecycleConfiguration"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[SIZE, COLD, OBJECT],
    docs: "\
## What it finds
Buckets with at least the threshold in S3 Standard and no lifecycle rule. It is unknown which objects are read. S3 Intelligent-Tiering determines
this automatically.
## How the saving is computed
Per month: EffectiveCost of the storage × the share assumed to be cold × (1 − infrequent access price ÷ price paid per GB now). `low` is 0.
Subtracted are the monitoring of each object and a twelfth of the transition: one request per object. A bill does not show the number of objects, so 5
MB per object is assumed (`object_mb`). `high` is with twice the saving.
## Trade-offs
No retrieval charges and the same access time. There is a monitoring fee per object of 128 KB or more.
## Source
Amazon S3 User Guide, \"Managing storage costs with Amazon S3 Intelligent-Tiering\"; Amazon S3
pricing. Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_standard,
    look: |cx, used| {
        let Some(gb) = large(cx, used, META.id, &SIZE)? else { return Ok(None) };
        let rules = cx.resource(&used.resource_id).and_then(|b| b.get(detail::LIFECYCLE_RULES));
        if rules.ok_or("its lifecycle rules are missing from the inventory")? > 0 {
            return Ok(None);
        }
        let now = used.now().paid_unit_price().ok_or("its storage has no cost in the bill")?;
        let infrequent =
            cx.paid_or_list(&used.region_id, "TimedStorage-INT-IA-ByteHrs", "s3-standard-ia");
        let (then, source) = infrequent.map_err(|e| e.to_string())?;
        let cold = cx.decimal(META.id, &COLD) / Decimal::ONE_HUNDRED;
        let (fees, shown) = of_monitoring(cx, (used, gb), META.id);
        let mut facts = vec![
            Evidence::new("stored", format!("{} GB", gb.round_dp(0)), "bill"),
            Evidence::new("lifecycle rules", 0, "inventory"),
            Evidence::new(
                "infrequent access price ÷ Standard price",
                (then / now).round_dp(4).normalize(),
                source,
            ),
        ];
        facts.extend(shown);
        Ok(Some(Found {
            share: cheaper(now, then) * cold - fees,
            uncertain: true,
            title: format!("Move {} to Intelligent-Tiering", name_of(cx, used)),
            facts,
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
        .rollout(&["start with one prefix, for two months", "then the complete bucket"])
        .watch("Monitoring-Automation-INT in the next bills: it must stay below the savings")
        .terraform(
            "aws_s3_bucket_lifecycle_configuration: transition { days = 0, storage_class = \"INTELLIGENT_TIERING\" }",
        )
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "the only possible loss is the monitoring fee";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .effect("30 days after an object was last read")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "check the number and size of objects in S3 Storage Lens: small objects are not monitored and stay in the expensive tier",
        ])
        .rollback(&["remove the rule; copying objects back costs requests"])
        .caveats(&["monitoring is charged per object, so buckets with small objects save nothing"])
}
