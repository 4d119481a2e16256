//! Runbook steps that change the type of the nodes of an EKS managed node group, and roll it back.
//!
//! EKS owns the Auto Scaling group and its launch template: a change there is overwritten. A node
//! group with a launch template of its own gets a new version of it. Any other is replaced by a new
//! node group, because its type cannot be changed. In both cases EKS drains the nodes. Source: AWS,
//! Amazon EKS User Guide, "Customize managed nodes with launch templates" and "Delete a managed
//! node group from your cluster"; API reference, `UpdateNodegroupVersion`. Read 2026-11.

use crate::check::Context;
use crate::checks::aws::lines;
use crate::cloud::Crossing;
use crate::cloud::aws::crossed;
use crate::inventory::{Kind, detail};
use crate::opportunity::Draft;
use crate::price::InstanceType;
use crate::runbook::shell_word;

/// Managed node group of an EKS cluster.
pub(super) struct NodeGroup<'a> {
    cluster: &'a str,
    name: &'a str,
}

impl NodeGroup<'_> {
    /// Returns the options that name a node group of the cluster.
    fn named(&self, name: &str) -> String {
        format!("--cluster-name {} --nodegroup-name {}", shell_word(self.cluster), shell_word(name))
    }

    /// Returns the name of the node group with a new type. A name has at most 63 characters.
    fn replacement(&self, new: &InstanceType) -> String {
        let suffix = format!("-{}", new.instance_type.replace('.', "-"));
        let stem: String = self.name.chars().take(63_usize.saturating_sub(suffix.len())).collect();
        stem + &suffix
    }
}

/// Returns the managed node group that an Auto Scaling group belongs to, according to the
/// inventory.
pub(super) fn node_group_of<'a>(
    cx: &Context<'a>,
    scaling_group: &str,
    (account, region): (Option<&str>, &str),
) -> Option<NodeGroup<'a>> {
    let all = cx.inventory?.of_kind(Kind::EksNodeGroup);
    let mut of_group = all.filter(|r| {
        r.sub_account_id.as_deref() == account
            && r.region_id.as_deref() == Some(region)
            && r.get(detail::AUTO_SCALING_GROUPS).is_some_and(|g| g.contains(&scaling_group))
    });
    let resource = of_group.next()?;
    Some(NodeGroup { cluster: resource.get(detail::CLUSTER)?, name: resource.name.as_deref()? })
}

/// The line that asks whether the node group has a launch template of its own.
const IF_OWN: &str = "if [ \"$TEMPLATE\" != None ]; then";
/// The lines that end the script if the launch template is the owner's and the architecture
/// changes: its image is of the old architecture.
const OWN_IMAGE: &str = "echo 'its launch template is your own: create a node group of the new architecture in your pipeline' >&2\nexit 1";

/// Adds the lines that move a node group to another type, and back.
pub(super) fn change(
    draft: Draft,
    group: &NodeGroup<'_>,
    old: &InstanceType,
    new: &InstanceType,
) -> Draft {
    let replacement = group.replacement(new);
    let (ours, next) = (group.named(group.name), group.named(&replacement));
    let crosses = crossed(old, new) == Some(Crossing::Architecture);
    let fits = if crosses {
        "build the images of the pods for both architectures"
    } else {
        "check that the requests of the pods fit on the new nodes"
    };
    let draft = draft
        .rollout(&[
            "make the same change on a node group in staging",
            fits,
            "EKS drains the nodes one after the other and respects pod disruption budgets; watch pending pods",
        ])
        .run(save(&ours))
        .run(keep("TEMPLATE", &ours, "launchTemplate.id"))
        .run(keep("VERSION", &ours, "launchTemplate.version"))
        .run(keep("AMI_TYPE", &ours, "amiType"))
        .run(IF_OWN)
        .undo(". ./ids.sh")
        .undo(IF_OWN);
    let draft =
        if crosses { draft.run(OWN_IMAGE).undo(OWN_IMAGE) } else { new_version(draft, &ours, new) };
    let ami_type = if crosses { ami_type(new) } else { "" };
    draft
        .run("else")
        .run(format!(
            "aws eks create-nodegroup --cli-input-json file://{SAVED} --nodegroup-name {} --instance-types {}{ami_type}",
            shell_word(&replacement),
            shell_word(&new.instance_type)
        ))
        .run(format!("aws eks wait nodegroup-active {next}"))
        .run(format!("aws eks delete-nodegroup {ours}"))
        .run(format!("aws eks wait nodegroup-deleted {ours}"))
        .run("fi")
        .undo("else")
        .undo(format!("aws eks create-nodegroup --cli-input-json file://{SAVED}"))
        .undo(format!("aws eks wait nodegroup-active {ours}"))
        .undo(format!("aws eks delete-nodegroup {next}"))
        .undo(format!("aws eks wait nodegroup-deleted {next}"))
        .undo("fi")
        .watch("pending pods, CPU of the nodes, and latency of the services on them: roll back above 70 % CPU")
        .terraform(format!("aws_eks_node_group: instance_types = [\"{}\"]", new.instance_type))
}

/// Adds the lines that give a node group a new version of its own launch template, and the former
/// version.
fn new_version(draft: Draft, ours: &str, new: &InstanceType) -> Draft {
    let update = |version: &str| {
        format!(
            "aws eks update-nodegroup-version {ours} --launch-template id=\"$TEMPLATE\",version=\"{version}\""
        )
    };
    draft
        .run(format!(
            "once NEW_VERSION aws ec2 create-launch-template-version --launch-template-id \"$TEMPLATE\" --source-version \"$VERSION\" \
             --launch-template-data '{{\"InstanceType\":\"{}\"}}' --query LaunchTemplateVersion.VersionNumber --output text",
            new.instance_type
        ))
        .run(update("$NEW_VERSION"))
        .run(format!("aws eks wait nodegroup-active {ours}"))
        .undo(update("$VERSION"))
        .undo(format!("aws eks wait nodegroup-active {ours}"))
}

/// The file with the input that creates the old node group again.
const SAVED: &str = "node-group.json";

/// Returns the line that saves the input that creates the node group again.
fn save(ours: &str) -> String {
    lines::save_input(
        SAVED,
        &format!("aws eks describe-nodegroup {ours}"),
        "nodegroup",
        &["clusterName", "nodegroupName", "subnets", "nodeRole", "amiType", "capacityType"]
            .map(lines::same),
        &["scalingConfig", "instanceTypes", "labels", "taints", "updateConfig", "diskSize"]
            .map(lines::same),
    )
}

/// Returns the lines that store a field of the node group.
fn keep(variable: &str, ours: &str, field: &str) -> String {
    let describe = format!("aws eks describe-nodegroup {ours}");
    lines::keep(variable, &describe, &format!("nodegroup.{field}"))
}

/// Returns the option with the AMI type of the other architecture, such as
/// `AL2023_x86_64_STANDARD`. Source: AWS, Amazon EKS API reference, `Nodegroup`, `amiType`. Read
/// 2026-11.
fn ami_type(new: &InstanceType) -> &'static str {
    if new.architectures.contains("arm64") {
        " --ami-type \"${AMI_TYPE/x86_64/ARM_64}\""
    } else {
        " --ami-type \"${AMI_TYPE/ARM_64/x86_64}\""
    }
}
