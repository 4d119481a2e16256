//! Tables whose class does not fit: much storage in Standard, or much throughput in Standard-IA.
//!
//! In:  monthly resource rows of storage and throughput of `DynamoDB`, in both classes.
//! Out: one `Modify` opportunity per table.

use rust_decimal::Decimal;

use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, ResourceUse, Threshold,
};
use crate::checks::aws::meter::kind;
use crate::checks::shared::plain::name_of;
use crate::checks::shared::{Replacement, chosen, cost_now, expected, less, spend_of};
use crate::cloud::Provider;
use crate::money::Money;
use crate::opportunity::{Action, Claim, Draft};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

const STORAGE: Threshold = chosen(
    "storage_decrease_pct",
    60.0,
    "%",
    "price difference of storage",
    "",
    "Amazon DynamoDB pricing, us-east-1: Standard-IA costs 0.10 USD instead of 0.25 USD per GB",
);
const THROUGHPUT: Threshold = chosen(
    "throughput_increase_pct",
    25.0,
    "%",
    "price difference of reads and writes",
    "",
    "Amazon DynamoDB pricing, us-east-1: Standard-IA costs 0.78 USD instead of 0.625 USD per million write request units (24.8 % more); other units 23 % to 25 %",
);
const LEAST: Threshold = chosen(
    "least_saving",
    5.0,
    "in the currency of the bill",
    "savings per month",
    "the month under review",
    "chosen: below it, the month-to-month change of the traffic is larger",
);

/// The check that [`META`] describes.
pub(in crate::checks) struct TableClass;

static META: CheckMeta = CheckMeta {
    id: "table_class",
    provider: Some(Provider::Aws),
    service: "dynamodb",
    title: "Tables in the more expensive table class",
    group: Group::Storage,
    since: "0.2.0",
    needs: &[],
    permissions: &["dynamodb:DescribeTable"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[STORAGE, THROUGHPUT, LEAST],
    docs: "\
## What it finds
DynamoDB tables that would cost less in the other table class. Standard-IA has cheaper storage and more expensive reads and writes, so it fits tables
whose storage costs much more than their traffic. The break-even is at storage of about 42 % of the cost of reads and writes. Needs only the bill.
## How the saving is computed
Per month of 730 h, with s = difference of the storage price, t = difference of the throughput price:
to Standard-IA, EffectiveCost of storage × s − EffectiveCost of reads and writes × t;
to Standard, EffectiveCost of reads and writes × (1 − 1 ÷ (1 + t)) − EffectiveCost of storage × (1 ÷ (1 − s) − 1).
## Trade-offs
None for latency, durability, and availability. Reserved capacity does not apply to Standard-IA, so tables that it covers are skipped. A class
can change twice in 30 days.
## Source
Amazon DynamoDB Developer Guide, \"Evaluate your DynamoDB table class selection\" and \"Considerations when choosing a table class\"; Amazon DynamoDB
pricing. Read 2026-11.",
};

/// Units of reads and writes, in provisioned and on-demand mode.
const UNITS: [&str; 4] =
    ["ReadCapacityUnit-Hrs", "WriteCapacityUnit-Hrs", "ReadRequestUnits", "WriteRequestUnits"];
/// The start of the usage types of Standard-IA.
const IA: &str = "IA-";

fn is_table(used: &ResourceUse) -> bool {
    used.service_name.as_deref().is_some_and(|s| s.contains("DynamoDB"))
}

/// Returns whether a usage is storage of the Standard class.
fn is_standard_storage(used: &ResourceUse) -> bool {
    is_table(used) && kind(used) == "TimedStorage-ByteHrs"
}

/// Returns whether a usage is storage of the Standard-IA class.
fn is_ia_storage(used: &ResourceUse) -> bool {
    is_table(used) && kind(used).strip_prefix(IA) == Some("TimedStorage-ByteHrs")
}

/// Returns whether a usage is reads or writes, also of replicas, in either class.
fn is_throughput(used: &ResourceUse) -> bool {
    is_table(used) && UNITS.iter().any(|unit| kind(used).ends_with(unit))
}

impl Check for TableClass {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let is_storage = |u: &ResourceUse| is_standard_storage(u) || is_ia_storage(u);
        for used in cx.named_once(is_storage, &mut out)? {
            let all = cx.of_resource(&used.resource_id);
            if all.iter().any(|u| is_throughput(u) && !u.is_on_demand()) {
                let reason =
                    "reserved capacity pays for its throughput and does not apply to Standard-IA";
                out.skip(&used.resource_id, reason);
            } else if all.iter().any(is_standard_storage) && all.iter().any(is_ia_storage) {
                out.skip(&used.resource_id, "its class changed in the month");
            } else {
                judge(cx, used, is_standard_storage(used), &mut out)?;
            }
        }
        Ok(out)
    }
}

/// Compares the classes for one table.
fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    is_standard: bool,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let (id, one) = (&used.resource_id, Decimal::ONE);
    let storage = if is_standard { is_standard_storage } else { is_ia_storage };
    let s = cx.decimal(META.id, &STORAGE) / Decimal::ONE_HUNDRED;
    let t = cx.decimal(META.id, &THROUGHPUT) / Decimal::ONE_HUNDRED;
    let part = |whole: Decimal, of: Decimal| whole.checked_div(of).unwrap_or(Decimal::ZERO);
    let (mut claims, increased, by) = if is_standard {
        (cx.claims(id, storage, s)?, cx.claims(id, is_throughput, one)?, t)
    } else {
        let share = one - part(one, one + t);
        (
            cx.claims(id, is_throughput, share)?,
            cx.claims(id, storage, one)?,
            part(one, one - s) - one,
        )
    };
    let Some(slice) = claims.iter().max_by_key(|c| c.spend.amount()).map(|c| c.slice) else {
        return Ok(());
    };
    let more = spend_of(cx, &increased)?.try_mul(by)?;
    less(&mut claims, slice, Replacement::exactly(more))?;
    let least = Money::new(cx.decimal(META.id, &LEAST), cx.currency());
    if expected(cx, &claims)?.try_sub(least)?.is_zero_or_less() {
        return Ok(());
    }
    out.opportunities.push(opportunity(cx, used, is_standard, more, claims)?);
    Ok(())
}

/// Returns the opportunity. `more` is what the other part of the table's cost increases by.
fn opportunity(
    cx: &Context<'_>,
    used: &ResourceUse,
    is_standard: bool,
    more: Money,
    claims: Vec<Claim>,
) -> Result<crate::opportunity::Opportunity, CheckError> {
    let (standard, ia) = (("Standard", "STANDARD"), ("Standard-IA", "STANDARD_INFREQUENT_ACCESS"));
    let (from, to) = if is_standard { (standard, ia) } else { (ia, standard) };
    let increased = if is_standard { "reads and writes" } else { "storage" };
    let name = name_of(cx, used);
    let update = format!("aws dynamodb update-table --table-name {}", shell_word(name));
    let draft =
        Draft::new(META.id, Action::Modify, &used.resource_id, cx.scope_of(used), trade_off(cx))
            .title(format!("Change table {name} to the table class {}", to.0))
            .from_to("table class", from.0, to.0)
            .evidence(&format!("increase of {increased}, per month"), more, "computed")
            .facts([cost_now(cx, &claims)?])
            .claims(claims)
            .rollout(&["change one table, and compare its cost after a week"])
            .run(format!("{update} --table-class {}", to.1))
            .undo(format!("{update} --table-class {}", from.1))
            .watch("cost of the table by usage type: roll back if reads and writes grow")
            .terraform(format!("aws_dynamodb_table: table_class = \"{}\"", to.1));
    Ok(draft.finish(cx.currency())?)
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "the change is online, and both classes behave the same; more traffic can make it more expensive";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("none: latency, durability, and availability are the same")
        .test_first(&[
            "check that the traffic of the last three months is typical: no launch or yearly peak is near",
            "check that reserved capacity does not pay for the table",
        ])
        .rollback(&["change the class back: possible twice in 30 days"])
        .caveats(&["the free 25 GB of storage per month apply to the Standard class only"])
}
