//! On-Demand Capacity Reservations with capacity that no instance uses.
//!
//! In:  monthly resource rows of `UnusedBox` and `UnusedDed` hours, and of `Reservation` and
//!      `DedicatedRes` hours, which show that instances ran in the reservation.
//! Out: one `Remove` opportunity per reservation and usage type.

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, ResourceUse};
use crate::checks::aws::meter::text;
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::checks::shared::rollout::removal;
use crate::checks::shared::uncertain::SUCCESS;
use crate::cloud::Provider;
use crate::inventory::short_id;
use crate::opportunity::{Action, Draft, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

/// Months with unused capacity before a reservation is reported. Chosen: capacity that was reserved
/// for an event or a migration is often used in the following month.
const MONTHS: usize = 2;

static META: CheckMeta = CheckMeta {
    id: "unused_capacity_reservation",
    provider: Some(Provider::Aws),
    service: "ec2",
    title: "Unused On-Demand Capacity Reservations",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["ec2:DescribeCapacityReservations"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 2,
    thresholds: &[SUCCESS],
    docs: "\
## What it finds
On-Demand Capacity Reservations billed for unused capacity (usage types `UnusedBox` and `UnusedDed`) in at least two months. AWS bills reserved
capacity like running instances, whether or not instances run in it. Needs only the bill.
## How the saving is computed
Per month of 730 h: EffectiveCost of the unused capacity. If the bill also shows that instances ran in the reservation, `low` is 0, because the
reserved number may be a peak that is needed. Then `expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
The reserved capacity is returned to AWS. A new reservation can fail if the Availability Zone has no free capacity of the type.
## Source
AWS Data Exports User Guide, \"Monitoring your On-Demand capacity reservations\". Amazon EC2 User Guide, \"Cancel a Capacity Reservation\". Read 2026-11.",
};

/// Returns whether the usage is reserved capacity without an instance.
fn is_unused(used: &ResourceUse) -> bool {
    text(used).contains("UnusedBox:") || text(used).contains("UnusedDed:")
}

/// Returns whether instances used a part of the reservation in a month of the window.
fn is_partly_used(cx: &Context<'_>, used: &ResourceUse) -> bool {
    cx.of_resource_in_window(&used.resource_id).any(|other| {
        let usage = text(other);
        usage.contains("DedicatedRes:") || usage.contains("Reservation:")
    })
}

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Remove,
    wanted: is_unused,
    look: |cx, used| {
        if used.months.len() < MONTHS {
            return Ok(None);
        }
        let partly = is_partly_used(cx, used);
        let name = name_of(cx, used);
        Ok(Some(Found {
            share: Decimal::ONE,
            uncertain: partly,
            title: if partly {
                format!("Reduce the capacity reservation {name} to what instances use")
            } else {
                format!("Cancel the unused capacity reservation {name}")
            },
            facts: vec![
                Evidence::new("billed as", &used.usage_type, "bill"),
                Evidence::new("months with unused capacity", used.months.len(), "bill"),
                Evidence::new(
                    "instances ran in the reservation",
                    if partly { "yes" } else { "no" },
                    "bill",
                ),
            ],
            change: None,
        }))
    },
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(short_id(&used.resource_id));
        let draft = if is_partly_used(cx, used) { reduce(draft, &id) } else { cancel(draft, &id) };
        draft.watch("launches that fail with InsufficientInstanceCapacity, for a month")
    },
};

/// Adds the commands that cancel a reservation, and those that create it again.
fn cancel(draft: Draft, id: &str) -> Draft {
    let draft = removal(
        draft,
        "it may be for disaster recovery or a planned event",
        "saves its settings, and cancels it",
    );
    draft
        .run(format!(
            "save reservation.json aws ec2 describe-capacity-reservations --capacity-reservation-ids {id} --query \
             'CapacityReservations[0].{{InstanceType: InstanceType, InstancePlatform: InstancePlatform, AvailabilityZone: AvailabilityZone, \
             InstanceCount: TotalInstanceCount, InstanceMatchCriteria: InstanceMatchCriteria, Tenancy: Tenancy, EbsOptimized: EbsOptimized}}'"
        ))
        .run(format!("aws ec2 cancel-capacity-reservation --capacity-reservation-id {id}"))
        .undo("aws ec2 create-capacity-reservation --cli-input-json file://reservation.json")
        .terraform("remove its aws_ec2_capacity_reservation")
}

/// Adds the commands that reduce a reservation to the instances in it, and those that restore its
/// size.
fn reduce(draft: Draft, id: &str) -> Draft {
    let count = |field: &str| {
        format!(
            "aws ec2 describe-capacity-reservations --capacity-reservation-ids {id} --query 'CapacityReservations[0].{field}' --output text"
        )
    };
    draft
        .rollout(&["reduce the number at the busiest hour of the day"])
        .run(format!("once TOTAL {}", count("TotalInstanceCount")))
        .run(format!("NOW=$({})", count("TotalInstanceCount")))
        .run(format!("FREE=$({})", count("AvailableInstanceCount")))
        .run("[ \"$((NOW - FREE))\" -gt 0 ] || { echo 'no instance runs in it now: cancel it, if that is so at the busiest hour' >&2; exit 1; }")
        .run(format!(
            "aws ec2 modify-capacity-reservation --capacity-reservation-id {id} --instance-count \"$((NOW - FREE))\""
        ))
        .undo(format!(
            ". ./ids.sh\naws ec2 modify-capacity-reservation --capacity-reservation-id {id} --instance-count \"$TOTAL\""
        ))
        .terraform("aws_ec2_capacity_reservation: instance_count")
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "a failover or a launch may rely on the reserved capacity";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("without it, a launch can fail if the Availability Zone has no free capacity")
        .no_downtime("none: running instances continue")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "ask the owner whether it is reserved for disaster recovery or a planned event",
            "check the accounts that it is shared with",
        ])
        .rollback(&["create a reservation with the saved properties; AWS may have no capacity"])
        .caveats(&[
            "instances that target the reservation cannot be launched after it is canceled: change their target first",
            "a Capacity Block cannot be modified or canceled",
            "canceling a future-dated reservation in its commitment period is refused or has a charge",
        ])
}
