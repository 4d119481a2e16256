//! Instances that have been stopped for long and whose volumes are still billed.
//!
//! In:  inventory `instance` and `volume` rows; monthly resource rows of EBS storage.
//! Out: one `Remove` opportunity per instance, over its volumes, after an AMI of it.
//! Not here: unattached volumes (see `unattached_volume`).

use rust_decimal::Decimal;

use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, Threshold};
use crate::checks::aws::ebs::snapshots::Snapshots;
use crate::checks::aws::lines;
use crate::checks::aws::meter::is_volume;
use crate::checks::shared::idle::standby;
use crate::checks::shared::{chosen, cost_now, expected, less};
use crate::cloud::Provider;
use crate::inventory::{Kind, Resource, short_id};
use crate::opportunity::{Action, Draft, Slice};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const DAYS: Threshold = chosen(
    "stopped_days",
    30.0,
    "days",
    "days in state `stopped`",
    "up to the day of the data",
    "AWS Trusted Advisor, \"Amazon EC2 instances stopped for more than 30 days\"",
);

/// The check that [`META`] describes.
pub(in crate::checks) struct StoppedInstance;

static META: CheckMeta = CheckMeta {
    id: "stopped_instance",
    provider: Some(Provider::Aws),
    service: "ec2",
    title: "Stopped instances with billed volumes",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["ec2:DescribeInstances", "ec2:DescribeVolumes"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[DAYS],
    docs: "\
## What it finds
Instances in state `stopped` for the threshold or longer with volumes that were billed in the month.
## How the saving is computed
Per month: EffectiveCost of the attached volumes − snapshots (an AMI of the instance) of the written blocks according to their newest snapshots
(FullSnapshotSizeInBytes), or of their full size. `low` is with the full size, `high` without the snapshots' cost.
## Trade-offs
The AMI retains the volumes. A launch takes minutes, and first reads are slow. Someone may start the instance manually once a quarter.
## Source
AWS Trusted Advisor check reference; Amazon EC2 User Guide, \"Create an AMI from an instance\". Read 2026-11.",
};

impl Check for StoppedInstance {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let snapshots = Snapshots::of(cx.inventory);
        let inventory = cx.inventory.into_iter().flat_map(|i| i.of_kind(Kind::Instance));
        for instance in inventory.filter(|i| i.state.as_deref() == Some("stopped")) {
            match instance.days_in_state(cx.as_of) {
                None => out.skip(
                    &instance.resource_id,
                    "stopped, but the inventory does not contain since when",
                ),
                Some(days) if Decimal::from(days) < cx.decimal(META.id, &DAYS) => {}
                Some(days) => match standby(instance) {
                    Some(reason) => out.skip(&instance.resource_id, reason),
                    None => judge(cx, instance, days, &snapshots, &mut out)?,
                },
            }
        }
        Ok(out)
    }
}

fn judge(
    cx: &Context<'_>,
    instance: &Resource,
    days: i64,
    snapshots: &Snapshots<'_>,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let volumes = cx.inventory.into_iter().flat_map(|i| i.attached_to(&instance.resource_id));
    let mut claims = Vec::new();
    let mut scope = None;
    let mut gb = 0;
    for volume in volumes.filter(|v| v.kind == Kind::Volume) {
        let Some(used) = cx.of_resource(&volume.resource_id).first() else { continue };
        let Some(size) = volume.size_gb else {
            out.skip(&volume.resource_id, "its size is missing from the inventory");
            continue;
        };
        let price = match cx.paid_or_list(&used.region_id, "EBS:SnapshotUsage", "snapshot") {
            Ok((price, _)) => price,
            Err(unknown) => {
                out.skip_unknown(&volume.resource_id, &unknown);
                continue;
            }
        };
        let mut of_volume = cx.claims(&volume.resource_id, is_volume, Decimal::ONE)?;
        less(
            &mut of_volume,
            Slice::Storage,
            snapshots.replacement(&volume.resource_id, size, (price, cx.currency())),
        )?;
        claims.extend(of_volume);
        gb += size;
        scope = scope.or_else(|| Some(cx.scope_of(used)));
    }
    let Some(scope) = scope else { return Ok(()) };
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let short = short_id(&instance.resource_id);
    let id = shell_word(short);
    let name = instance.name.clone().unwrap_or_else(|| short.to_owned());
    let draft = Draft::new(META.id, Action::Remove, &instance.resource_id, scope, trade_off(cx))
        .title(format!("Store {name}, stopped for {days} days, as an AMI and delete its {gb} GB"))
        .evidence("stopped for", format!("{days} days"), "inventory")
        .evidence("volumes", format!("{} with {gb} GB", claims.len()), "inventory")
        .facts([cost_now(cx, &claims)?])
        .claims(claims)
        .rollout(&["create the AMI and launch it once", "then terminate the instance and delete its volumes"])
        .run(lines::save_instance(&id))
        .run(format!("until_is stopped 10 aws ec2 describe-instances --instance-ids {id} --query 'Reservations[0].Instances[0].State.Name' --output text"))
        .run(lines::image(&id))
        .run(format!("aws ec2 terminate-instances --instance-ids {id}"))
        .run(format!("aws ec2 wait instance-terminated --instance-ids {id}"))
        .undo(lines::LAUNCH)
        .watch("tickets that name it, for a month")
        .terraform("remove its aws_instance; add an aws_ami_from_instance if the AMI should stay");
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    TradeOff::new(
        Level::Low,
        Level::Low,
        "it is stopped, and an AMI retains its volumes",
        cx.currency(),
    )
    .reliability("if it is a standby for emergencies, starting it takes minutes longer")
    .undo(Reversibility::WithEffort)
    .test_first(&[
        "ask the owner named in its tags",
        "launch the AMI once and log in before deleting anything",
    ])
    .rollback(&["launch a new instance from the AMI; its private address and its ID are new"])
    .caveats(&["volumes with DeleteOnTermination=false stay: delete them separately"])
}
