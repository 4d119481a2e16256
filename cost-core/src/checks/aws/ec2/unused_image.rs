//! AMIs of the account's own that nothing runs from.
//!
//! In: inventory `image`, `instance` and `snapshot` rows; resource-by-month rows of
//! `EBS:SnapshotUsage`. Out: one `Remove` opportunity an AMI, over its snapshots.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, Threshold};
use crate::checks::aws::ebs::orphaned_snapshot::{is_snapshot, planned, snapshots_of};
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
    "days since it was made",
    "up to the day of the data",
    "chosen (ADR 0016): half a year is longer than most ways back of a release",
);

/// See [`META`].
pub(in crate::checks) struct UnusedImage;

static META: CheckMeta = CheckMeta {
    id: "unused_image",
    provider: Some(Provider::Aws),
    service: "ec2",
    title: "AMIs that nothing runs from",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["ec2:DescribeImages", "ec2:DescribeInstances", "ec2:DescribeSnapshots"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[DAYS],
    docs: "\
## What it finds
AMIs the account owns, older than the threshold, that no instance of the inventory was launched from. Public ones are skipped: others may
use them. Launch templates and Auto Scaling groups that have no instance now are not seen: that is a caveat.
## How the saving is computed
Per month: EffectiveCost of the snapshots under it. `low` is 0: blocks that another snapshot shares stay.
## Trade-offs
A launch template that names it fails at its next launch.
## Source
Amazon EC2 User Guide, \"Deregister an Amazon EC2 AMI\". Read 2026-11.",
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
                "the inventory does not say which images instances run from",
            ));
        }
        for image in
            inventory.of_kind(Kind::Image).filter(|i| !used.contains(i.resource_id.as_str()))
        {
            match image.age_days(cx.as_of) {
                None => out.skip(&image.resource_id, "the inventory does not say how old it is"),
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
    for claim in &mut claims {
        claim.savings.low = cx.nothing();
    }
    let id = shell_word(&image.resource_id);
    let name = image.name.as_deref().unwrap_or(&image.resource_id);
    let mut draft = Draft::new(META.id, Action::Remove, &image.resource_id, scope, trade_off(cx))
        .title(format!("Deregister AMI {name}, {age} days old, and delete its snapshots"))
        .evidence("age", format!("{age} days"), "inventory")
        .evidence("instances launched from it", 0, "inventory")
        .facts([cost_now(cx, &claims)?])
        .claims(claims)
        .rollout(&[
            "disable it first: launches fail, and it can be enabled again",
            "two weeks later, deregister it",
        ])
        .run(format!("aws ec2 disable-image --image-id {id}"))
        .run(format!("aws ec2 deregister-image --image-id {id}"));
    for snapshot in snapshots_of(image) {
        draft =
            draft.run(format!("aws ec2 delete-snapshot --snapshot-id {}", shell_word(snapshot)));
    }
    let draft = draft
        .undo(format!("aws ec2 enable-image --image-id {id}"))
        .watch("failed launches of Auto Scaling groups and launch templates, for two weeks")
        .terraform("remove its aws_ami; look for its id in launch templates");
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "a launch template may name it, though nothing runs from it now";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("an Auto Scaling group whose template names it cannot launch any more")
        .undo(Reversibility::Irreversible)
        .test_first(&[
            "search launch templates and Terraform for its id",
            "disable it for two weeks before deregistering",
        ])
        .rollback(&["while it is only disabled: enable it; after that, build the image again"])
        .caveats(&["launch templates without a running instance are not in the inventory"])
}
