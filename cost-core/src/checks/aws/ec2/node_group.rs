//! Runbook steps that change the type of the nodes of an EKS managed node group, and roll it back.
//!
//! EKS owns the Auto Scaling group and its launch template: a change there is overwritten. A node
//! group with a launch template of its own gets a new version of it. Any other is replaced by a new
//! node group, because its type cannot be changed. In both cases EKS drains the nodes. Source: AWS,
//! Amazon EKS User Guide, "Customize managed nodes with launch templates" and "Delete a managed
//! node group from your cluster"; API reference, `UpdateNodegroupVersion`. Read 2026-11.

use crate::check::Context;
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

/// File with the description of the node group before the change.
const BEFORE: &str = "node-group-before.json";
/// The lines that read the launch template of the node group.
const TEMPLATE: &str = "TEMPLATE=$(jq -er .nodegroup.launchTemplate.id node-group-before.json)\n\
    VERSION=$(jq -er .nodegroup.launchTemplate.version node-group-before.json)";
/// The line that asks whether the launch template is the owner's.
const IF_OWN: &str =
    "if jq -e '.nodegroup.launchTemplate.id' node-group-before.json > /dev/null; then";
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
        .run(format!("aws eks describe-nodegroup {ours} > {BEFORE}"))
        .run(IF_OWN);
    let draft = if crosses {
        draft.run(OWN_IMAGE).undo(IF_OWN).undo(OWN_IMAGE)
    } else {
        new_version(draft, &ours, new)
    };
    draft
        .run("else")
        .run(request(&replacement, new, crosses, "node-group-new.json"))
        .run("aws eks create-nodegroup --cli-input-json file://node-group-new.json")
        .run(format!("aws eks wait nodegroup-active {next}"))
        .run(format!("aws eks delete-nodegroup {ours}"))
        .run(format!("aws eks wait nodegroup-deleted {ours}"))
        .run("fi")
        .undo("else")
        .undo(request(group.name, old, crosses, "node-group-old.json"))
        .undo("aws eks create-nodegroup --cli-input-json file://node-group-old.json")
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
        .run(TEMPLATE)
        .run(format!(
            "NEW_VERSION=$(aws ec2 create-launch-template-version --launch-template-id \"$TEMPLATE\" --source-version \"$VERSION\" \
             --launch-template-data '{{\"InstanceType\":\"{}\"}}' --query LaunchTemplateVersion.VersionNumber --output text)",
            new.instance_type
        ))
        .run(update("$NEW_VERSION"))
        .run(format!("aws eks wait nodegroup-active {ours}"))
        .undo(IF_OWN)
        .undo(TEMPLATE)
        .undo(update("$VERSION"))
        .undo(format!("aws eks wait nodegroup-active {ours}"))
}

/// Returns the line that writes the request for a node group like the old one, with another name
/// and type.
fn request(name: &str, of: &InstanceType, crosses: bool, into: &str) -> String {
    format!(
        "jq --arg name {} --arg type {} '.nodegroup | {{clusterName, nodegroupName: $name, scalingConfig, subnets, nodeRole, \
         amiType{}, capacityType, labels, taints, updateConfig, diskSize, instanceTypes: [$type]}} \
         | with_entries(select(.value != null))' {BEFORE} > {into}",
        shell_word(name),
        shell_word(&of.instance_type),
        if crosses { ami_type(of) } else { "" }
    )
}

/// Returns the part of a `jq` filter that replaces the architecture in an AMI type, such as
/// `AL2023_x86_64_STANDARD`. Source: AWS, Amazon EKS API reference, `Nodegroup`, `amiType`. Read
/// 2026-11.
fn ami_type(of: &InstanceType) -> &'static str {
    if of.architectures.contains("arm64") {
        ": (.amiType | sub(\"x86_64\"; \"ARM_64\"))"
    } else {
        ": (.amiType | sub(\"ARM_64\"; \"x86_64\"))"
    }
}
