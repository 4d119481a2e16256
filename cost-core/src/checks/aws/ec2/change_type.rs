//! Runbook steps that change the type of an instance, or of all members of an Auto Scaling group,
//! and roll it back.

use super::node_group::{self, node_group_of};
use crate::check::{Context, ResourceUse};
use crate::checks::aws::lines;
use crate::cloud::Crossing;
use crate::cloud::aws::crossed;
use crate::inventory::short_id;
use crate::opportunity::Draft;
use crate::price::InstanceType;
use crate::runbook::shell_word;

/// The line that asks for the image for another architecture. Only the owner has it.
const ASK_IMAGE: &str = ": \"${IMAGE:?set IMAGE to the id of the image that your pipeline built for the new architecture}\"";

/// Returns a line that ends the script if an image does not have the new architecture.
fn image_check(new: &InstanceType) -> String {
    let architecture = if new.architectures.contains("arm64") { "arm64" } else { "x86_64" };
    format!(
        "test \"$(aws ec2 describe-images --image-ids \"$IMAGE\" --query 'Images[0].Architecture' --output text)\" = {architecture}"
    )
}

/// Adds the lines that change an instance's type and roll it back.
pub(in crate::checks) fn of_instance(
    draft: Draft,
    resource_id: &str,
    old: &InstanceType,
    new: &InstanceType,
) -> Draft {
    let draft = draft
        .watch("CPUUtilization (maximum) and mem_used_percent: roll back if they stay above 70 % or 85 %")
        .watch("latency and error rate of the service: roll back if they are worse than the week before")
        .terraform(format!("aws_instance or aws_launch_template: instance_type = \"{}\"", new.instance_type));
    if crossed(old, new) == Some(Crossing::Architecture) {
        rebuild(draft, resource_id, new)
    } else {
        resize(draft, resource_id, old, new)
    }
}

/// Adds the lines that stop, change, and start an instance. They first check that its Availability
/// Zone offers the type.
fn resize(draft: Draft, resource_id: &str, old: &InstanceType, new: &InstanceType) -> Draft {
    let id = shell_word(short_id(resource_id));
    let to = |t: &str| {
        format!(
            "aws ec2 modify-instance-attribute --instance-id {id} --instance-type Value={}",
            shell_word(t)
        )
    };
    let stop = format!(
        "aws ec2 stop-instances --instance-ids {id} && aws ec2 wait instance-stopped --instance-ids {id}"
    );
    let start = format!(
        "aws ec2 start-instances --instance-ids {id} && aws ec2 wait instance-status-ok --instance-ids {id}"
    );
    let zone = format!(
        "ZONE=$(aws ec2 describe-instances --instance-ids {id} --query 'Reservations[0].Instances[0].Placement.AvailabilityZone' --output text)"
    );
    let offered = format!(
        "test \"$(aws ec2 describe-instance-type-offerings --location-type availability-zone --filters Name=location,Values=\"$ZONE\" \
         Name=instance-type,Values={} --query 'length(InstanceTypeOfferings)' --output text)\" = 1",
        shell_word(&new.instance_type)
    );
    let draft = draft
        .rollout(&[
            "make the same change in staging and run the service's own checks",
            "run the script for this instance outside busy hours, and watch it for a day before other instances of the service",
        ])
        .run(zone)
        .run(offered);
    let draft = if crossed(old, new) == Some(Crossing::Drivers) {
        draft.run(format!(
            "test \"$(aws ec2 describe-instances --instance-ids {id} --query 'Reservations[0].Instances[0].EnaSupport' --output text)\" = True"
        ))
    } else {
        draft
    };
    draft
        .run(stop.clone())
        .run(to(&new.instance_type))
        .run(start.clone())
        .undo(stop)
        .undo(to(&old.instance_type))
        .undo(start)
}

/// Adds the lines that start a new instance, from an image of the other architecture, next to the
/// old one. The old instance stays stopped until the new one has proved reliable.
fn rebuild(draft: Draft, resource_id: &str, new: &InstanceType) -> Draft {
    let id = shell_word(short_id(resource_id));
    let run = format!(
        "once NEW aws ec2 run-instances --cli-input-json file://launch.json --image-id \"$IMAGE\" --instance-type {} --count 1 \
         --query 'Instances[0].InstanceId' --output text",
        shell_word(&new.instance_type)
    );
    draft
        .rollout(&[
            "build the image for the new architecture in your pipeline, and run the service's own checks on it in staging",
            "start the new instance next to the old one, with the same role, tags, and data",
            "shift traffic to it step by step, and watch it for a week",
            "stop the old instance, and terminate it when you are sure that it is not needed",
        ])
        .run(ASK_IMAGE)
        .run(image_check(new))
        .run(lines::save_instance(&id))
        .run(run)
        .run("aws ec2 wait instance-status-ok --instance-ids \"$NEW\"")
        .run(": \"${TRAFFIC_MOVED:?set TRAFFIC_MOVED to yes when the new instance serves all traffic and has the data}\"")
        .run(format!("aws ec2 stop-instances --instance-ids {id} && aws ec2 wait instance-stopped --instance-ids {id}"))
        .undo(format!("aws ec2 start-instances --instance-ids {id} && aws ec2 wait instance-status-ok --instance-ids {id}"))
        .undo(": \"${TRAFFIC_BACK:?set TRAFFIC_BACK to yes when the old instance serves all traffic and has the data}\"")
        .undo(". ./ids.sh\naws ec2 stop-instances --instance-ids \"$NEW\"\naws ec2 wait instance-stopped --instance-ids \"$NEW\"")
}

/// Adds the lines that change the type of all members of an Auto Scaling group. `member` is the
/// usage of one of them.
pub(in crate::checks) fn of_group(
    cx: &Context<'_>,
    draft: Draft,
    (name, member): (&str, &ResourceUse),
    (old, new): (&InstanceType, &InstanceType),
) -> Draft {
    let place = (member.sub_account_id.as_deref(), member.region_id.as_str());
    match node_group_of(cx, name, place) {
        Some(group) => node_group::change(draft, &group, old, new),
        None => refresh(draft, name, old, new),
    }
}

/// Adds the lines that create a new version of the group's launch template and start an instance
/// refresh. The refresh rolls back automatically if members do not become healthy.
fn refresh(draft: Draft, name: &str, old: &InstanceType, new: &InstanceType) -> Draft {
    let group = shell_word(name);
    let describe =
        format!("aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names {group}");
    let of = |variable: &str, field: &str| {
        lines::keep(variable, &describe, &format!("AutoScalingGroups[0].LaunchTemplate.{field}"))
    };
    let architecture = crossed(old, new) == Some(Crossing::Architecture);
    let image = if architecture { ",\\\"ImageId\\\":\\\"$IMAGE\\\"" } else { "" };
    let start = |version: &str| lines::refresh(&group, version);
    let draft = draft.rollout(&[
        "make the same change in staging",
        "create a new version of the group's launch template with the new type",
        "start an instance refresh with 90 % healthy instances and automatic rollback",
    ]);
    let draft = if architecture { draft.run(ASK_IMAGE).run(image_check(new)) } else { draft };
    draft
        .run("[ ! -e refreshed.txt ] || { echo 'this was run before: see refreshed.txt' >&2; exit 1; }")
        .run(format!("save group.json {describe}"))
        .run(of("TEMPLATE", "LaunchTemplateId"))
        .run(of("VERSION", "Version"))
        .run("[ \"$TEMPLATE\" != None ] || { echo 'the group has no launch template of its own' >&2; exit 1; }")
        .run(format!(
            "once NEW_VERSION aws ec2 create-launch-template-version --launch-template-id \"$TEMPLATE\" --source-version \"$VERSION\" \
             --launch-template-data \"{{\\\"InstanceType\\\":\\\"{}\\\"{image}}}\" --query LaunchTemplateVersion.VersionNumber --output text",
            new.instance_type
        ))
        .run(start("$NEW_VERSION"))
        .run("touch refreshed.txt")
        .undo(". ./ids.sh")
        .undo(start("$VERSION"))
        .watch("CPUUtilization (maximum) of the group and latency of the service: roll back above 70 %")
        .terraform(format!("aws_launch_template: instance_type = \"{}\"", new.instance_type))
}
