//! Configuration items of resources that change many times a day.
//!
//! In:  monthly usage of `ConfigurationItemRecorded`.
//! Out: one `Modify` opportunity per account and Region.

use rust_decimal::Decimal;

use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, ResourceUse, Threshold,
};
use crate::checks::aws::account_wide::{by_account, claims, quantity, subject};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::uncertain::uncertain;
use crate::checks::shared::{chosen, cost_now, expected};
use crate::cloud::Provider;
use crate::opportunity::{Action, Draft};
use crate::tradeoff::{Level, TradeOff};

const ITEMS: Threshold = chosen(
    "least_items",
    30_000.0,
    "configuration items",
    "items recorded continuously",
    "the month under review",
    "chosen: 1,000 a day, so that short-lived resources, such as of containers, are a part of it",
);
const SHARE: Threshold = chosen(
    "expected_pct",
    30.0,
    "% of the cost",
    "share that daily recording of short-lived types saves",
    "",
    "chosen, cautious: only the history of AWS Config shows which types change often",
);

/// The check that [`META`] describes.
pub(in crate::checks) struct ContinuousRecording;

static META: CheckMeta = CheckMeta {
    id: "continuous_recording",
    provider: Some(Provider::Aws),
    service: "config",
    title: "Continuous recording of resources that change often",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[],
    permissions: &["config:DescribeConfigurationRecorders"],
    columns: &["SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[ITEMS, SHARE],
    docs: "\
## What it finds
Accounts and Regions in which AWS Config continuously records at least 30,000 configuration items in the month. Each change of a resource is an item.
Network interfaces of containers and functions, which exist for minutes, make up most of such amounts. Recorded daily, a resource has at most one item
a day, at four times the price. Needs only the bill.
## How the saving is computed
Per month of 730 h: EffectiveCost of the items × 30 %, the share assumed for short-lived types. `low` is 0: a type with fewer than four changes per
resource and day costs more when it is recorded daily.
## Trade-offs
Changes within a day are no longer visible for these types, and rules for them are evaluated once a day.
## Source
AWS Config pricing (0.003 USD per item recorded continuously, 0.012 USD per item recorded daily). AWS Config Developer Guide, \"Recording frequency\".
Read 2026-11.",
};

const SERVICE: &str = "AWS Config";

fn is_item(used: &ResourceUse) -> bool {
    kind(used) == "ConfigurationItemRecorded"
}

impl Check for ContinuousRecording {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for uses in by_account(cx, SERVICE, is_item, &mut out) {
            match quantity(&uses) {
                Some(items) if items < cx.decimal(META.id, &ITEMS) => {}
                Some(items) => judge(cx, &uses, items, &mut out)?,
                None => out.skip(
                    &subject(SERVICE, &uses),
                    "its items are unknown: PricingQuantity is missing",
                ),
            }
        }
        Ok(out)
    }
}

fn judge(
    cx: &Context<'_>,
    uses: &[&ResourceUse],
    items: Decimal,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let Some(first) = uses.first() else { return Ok(()) };
    let about = subject(SERVICE, uses);
    let share = cx.decimal(META.id, &SHARE) / Decimal::ONE_HUNDRED;
    let mut claims = claims(cx, uses, &about, share)?;
    let share_expected = uncertain(cx, &META, &mut claims)?;
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let days = Decimal::from(cx.month.hours()) / Decimal::from(24);
    let a_day = (items / days).round_dp(0).normalize();
    let draft = Draft::new(META.id, Action::Modify, &about, cx.scope_of(first), trade_off(cx))
        .title("Record short-lived resources once a day")
        .from_to("recording of short-lived types", "continuous", "daily")
        .evidence("items recorded continuously, per day", a_day, "bill")
        .facts([cost_now(cx, &claims)?])
        .facts(share_expected)
        .claims(claims);
    out.opportunities.push(script(draft).finish(cx.currency())?);
    Ok(())
}

/// Adds the commands that record a type daily, and those that restore the recorder.
///
/// A recorder has at most one override (AWS Config API Reference, "`RecordingMode`". Read 2026-11).
/// If there is one, the type is added to it.
fn script(draft: Draft) -> Draft {
    let describe = "aws configservice describe-configuration-recorders";
    let recorder = "ConfigurationRecorders[0].{name: name, roleARN: roleARN, recordingGroup: recordingGroup, recordingMode: ";
    let of =
        |mode: &str, file: &str| format!("save {file} {describe} --query '{recorder}{mode}}}'");
    let daily = "{recordingFrequency: `\"CONTINUOUS\"`, recordingModeOverrides: [{\
                 description: not_null(recordingMode.recordingModeOverrides[0].description, `\"short-lived resources\"`), \
                 resourceTypes: [not_null(recordingMode.recordingModeOverrides[0].resourceTypes, `[]`), `[\"AWS::EC2::NetworkInterface\"]`][], \
                 recordingFrequency: `\"DAILY\"`}]}";
    let frequency =
        "not_null(ConfigurationRecorders[0].recordingMode.recordingFrequency, `\"CONTINUOUS\"`)";
    let other = "length(ConfigurationRecorders[0].recordingMode.recordingModeOverrides[?recordingFrequency != `\"DAILY\"` || \
                 contains(resourceTypes, `\"AWS::EC2::NetworkInterface\"`)] || `[]`)";
    let put = |file: &str| {
        format!(
            "aws configservice put-configuration-recorder --configuration-recorder file://{file}"
        )
    };
    draft
        .rollout(&[
            "find the types with the most items: query the history of AWS Config with Athena",
            "start with network interfaces, compare the items of a week, then add other types",
        ])
        .run(lines::keep("FREQUENCY", describe, frequency))
        .run("[ \"$FREQUENCY\" = CONTINUOUS ] || { echo 'the recorder records all types daily' >&2; exit 1; }")
        .run(lines::keep("OVERRIDES", describe, other))
        .run("[ \"$OVERRIDES\" = 0 ] || { echo 'the recorder has an override for network interfaces, or one that is not daily' >&2; exit 1; }")
        .run(of("not_null(recordingMode, `{\"recordingFrequency\": \"CONTINUOUS\"}`)", "before.json"))
        .run(of(daily, "recorder.json"))
        .run(put("recorder.json"))
        .undo(put("before.json"))
        .watch("items recorded per day (usage types ConfigurationItemRecorded and ConfigurationItemRecordedDaily)")
        .terraform("aws_config_configuration_recorder: recording_mode with recording_mode_override")
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "rules for these types are evaluated once a day";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("none for workloads; changes within a day are not recorded")
        .no_downtime("none")
        .test_first(&[
            "ask the security team which rules must react within minutes",
            "count the items by type in the history of AWS Config",
        ])
        .rollback(&["set the recorder back to continuous recording"])
        .caveats(&[
            "AWS Firewall Manager needs continuous recording of the types that it monitors",
            "a recorder that a service or AWS Control Tower manages is changed there",
            "a recorder has at most one override: the script adds network interfaces to it, and ends if it is not daily",
        ])
}
