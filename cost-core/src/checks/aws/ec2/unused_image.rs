//! The account's own AMIs that no instance uses.
//!
//! In: inventory `image`, `instance` and `snapshot` rows; monthly resource rows of
//! `EBS:SnapshotUsage`. Out: one `Remove` opportunity per AMI, over its snapshots.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, Threshold};
use crate::checks::aws::ebs::snapshots::{is_snapshot, planned, snapshots_of};
use crate::checks::aws::lines;
use crate::checks::shared::uncertain::{SUCCESS, uncertain};
use crate::checks::shared::{chosen, cost_now, spend_of};
use crate::cloud::Provider;
use crate::inventory::{Kind, Resource, detail};
use crate::opportunity::{Action, Draft};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const DAYS: Threshold = chosen(
    "age_days",
    180.0,
    "days",
    "days since creation",
    "up to the day of the data",
    "chosen (ADR 0016): half a year is longer than most releases can be rolled back",
);

/// The check that [`META`] describes.
pub(in crate::checks) struct UnusedImage;

static META: CheckMeta = CheckMeta {
    id: "unused_image",
    provider: Some(Provider::Aws),
    service: "ec2",
    title: "AMIs that no instance uses",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["ec2:DescribeImages", "ec2:DescribeInstances", "ec2:DescribeSnapshots"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[DAYS, SUCCESS],
    docs: "\
## What it finds
AMIs that the account owns, older than the threshold, from which no instance of the inventory was launched. Public AMIs are skipped, because
others may use them. Launch templates and Auto Scaling groups without an instance are not in the inventory: this is a caveat.
## How the saving is computed
Per month: EffectiveCost of the AMI's snapshots. `low` is 0, because blocks shared with another snapshot stay. `expected` is 50 % of what is possible
(`success_pct`).
## Trade-offs
A launch template that names it fails at its next launch. The runbook moves the AMI and its snapshots to the Recycle Bin, from which they can be
restored for 14 days. Their storage is billed until then.
## Source
Amazon EC2 User Guide, \"Deregister an Amazon EC2 AMI\"; Amazon EBS User Guide, \"Recycle Bin\". Read 2026-11.",
};

impl Check for UnusedImage {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let Some(inventory) = cx.inventory else { return Ok(out) };
        let used: BTreeSet<&str> =
            inventory.of_kind(Kind::Instance).filter_map(|i| i.get(detail::IMAGE_ID)).collect();
        if used.is_empty() && inventory.of_kind(Kind::Image).next().is_some() {
            return Ok(CheckOutput::skip_all(
                "the images of the instances are missing from the inventory",
            ));
        }
        for image in
            inventory.of_kind(Kind::Image).filter(|i| !used.contains(i.resource_id.as_str()))
        {
            match image.age_days(cx.as_of) {
                None => out.skip(&image.resource_id, "its age is missing from the inventory"),
                Some(age) if Decimal::from(age) < cx.decimal(META.id, &DAYS) => {}
                Some(_) if image.get(detail::PUBLIC) == Some(true) => {
                    out.skip(&image.resource_id, "public: others may use it");
                }
                Some(_) if planned(image).is_some() => {
                    out.skip(&image.resource_id, "made by a backup plan");
                }
                Some(age) => judge(cx, image, age, &mut out)?,
            }
        }
        Ok(out)
    }
}

fn judge(
    cx: &Context<'_>,
    image: &Resource,
    age: i64,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let mut claims = Vec::new();
    let mut scope = None;
    for snapshot in snapshots_of(image) {
        claims.extend(cx.claims(snapshot, is_snapshot, Decimal::ONE)?);
        scope = scope.or_else(|| cx.of_resource(snapshot).first().map(|u| cx.scope_of(u)));
    }
    let Some(scope) = scope else { return Ok(()) };
    if spend_of(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let certainty = uncertain(cx, &META, &mut claims)?;
    let id = shell_word(&image.resource_id);
    let name = image.name.as_deref().unwrap_or(&image.resource_id);
    let draft = Draft::new(META.id, Action::Remove, &image.resource_id, scope, trade_off(cx))
        .title(format!("Deregister AMI {name}, {age} days old, and delete its snapshots"))
        .evidence("age", format!("{age} days"), "inventory")
        .evidence("instances launched from it", 0, "inventory")
        .facts([cost_now(cx, &claims)?])
        .facts(certainty)
        .claims(claims)
        .rollout(&[
            "disable it first: launches fail, and it can be enabled again",
            "deregister it two weeks later",
        ])
        .run(format!("save image.json aws ec2 describe-images --image-ids {id}"))
        .run(lines::first_step(
            "disabled.txt",
            &format!("aws ec2 disable-image --image-id {id}"),
            14,
            ("it is disabled", "deregister it"),
        ));
    let draft = delete(draft, &id, &snapshots_of(image).map(shell_word).collect::<Vec<_>>())
        .watch("failed launches of Auto Scaling groups and launch templates, for two weeks")
        .terraform("remove its aws_ami; search launch templates for its ID");
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

/// Adds the lines that move a disabled AMI and its snapshots to the Recycle Bin, and restore them.
fn delete(draft: Draft, id: &str, snapshots: &[String]) -> Draft {
    let mut draft = draft
        .run(lines::recycle_bin("EC2_IMAGE", &[id.to_owned()]))
        .run(lines::recycle_bin("EBS_SNAPSHOT", snapshots))
        .run("keep DEREGISTERED yes")
        .run(format!("aws ec2 deregister-image --image-id {id}"))
        .undo("if grep -qs '^DEREGISTERED=' ids.sh; then");
    for snapshot in snapshots {
        draft = draft
            .run(format!("aws ec2 delete-snapshot --snapshot-id {snapshot}"))
            .undo(lines::restore_snapshot(snapshot));
    }
    draft
        .undo(format!("aws ec2 restore-image-from-recycle-bin --image-id {id}\nfi"))
        .undo(format!("STATE=$(aws ec2 describe-images --include-disabled --image-ids {id} --query 'Images[0].State' --output text)"))
        .undo(format!("[ \"$STATE\" != disabled ] || aws ec2 enable-image --image-id {id}"))
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "a launch template may use it, although no instance does now";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability(
            "an Auto Scaling group whose launch template uses it can no longer launch instances",
        )
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "search launch templates and Terraform for its ID",
            "disable it for two weeks before deregistering",
        ])
        .rollback(&[
            "while it is only disabled, enable it; after deregistration, restore it and its snapshots from the Recycle Bin within 14 days",
        ])
        .caveats(&[
            "launch templates without a running instance are not in the inventory",
            "its storage is billed until the Recycle Bin deletes it, after 14 days",
        ])
}
