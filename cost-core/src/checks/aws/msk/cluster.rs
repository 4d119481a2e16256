//! Clusters of MSK: their usage types, names, and scripts, shared by the checks of this folder.

use crate::check::{Context, ResourceUse};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::opportunity::Draft;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

/// Returns the type of the brokers if a usage is their hours: `m5.large` of `Kafka.m5.large`, also
/// of Express brokers, such as `Express.m7g.large`.
pub(super) fn broker_type(used: &ResourceUse) -> Option<&str> {
    let kind = kind(used);
    let rest = kind.strip_prefix("Kafka.").or_else(|| kind.strip_prefix("Express."))?;
    // Other usage of a cluster, such as `Kafka.Storage.GP2`, starts with an uppercase letter.
    let is_type = rest.contains('.') && rest.starts_with(|c: char| c.is_ascii_lowercase());
    is_type.then_some(rest)
}

/// Returns the name of a cluster: the part of its ARN between `cluster/` and its ID.
pub(super) fn name(used: &ResourceUse) -> &str {
    used.resource_id.split('/').nth(1).unwrap_or(&used.resource_id)
}

/// Returns the trade-off of the removal of a cluster.
pub(super) fn trade_off(cx: &Context<'_>, reason: &str) -> TradeOff {
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("retained messages, topics, and access rules of the cluster are lost")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "list its topics, consumer groups, connectors, and event source mappings, and ask their owners",
            "remove the security group's rule for clients for a week",
        ])
        .rollback(&[
            "create a cluster with the saved settings; its addresses are new, and topics must be created again",
        ])
}

/// Adds the lines that delete a cluster and create it again. `save` is the line that saves the
/// input of `create`, a command with its options.
pub(super) fn removal(draft: Draft, used: &ResourceUse, save: String, create: &str) -> Draft {
    let arn = shell_word(&used.resource_id);
    draft
        .rollout(&["run the script: it saves the settings, asks whether the owner agrees, and deletes the cluster with its messages"])
        .run(format!("save cluster.json aws kafka describe-cluster-v2 --cluster-arn {arn}"))
        .run(save)
        .run(": \"${APPROVED:?set APPROVED to yes when its owner agrees that the retained messages and all topics are lost}\"")
        .run(format!("aws kafka delete-cluster --cluster-arn {arn}"))
        .undo(format!("once AGAIN {create} --query ClusterArn --output text"))
        .undo("until_is ACTIVE 240 aws kafka describe-cluster-v2 --cluster-arn \"$AGAIN\" --query ClusterInfo.State --output text")
        .watch("connection errors of producers and consumers, for a month")
}

/// Returns the line that saves the input which creates a cluster with brokers again.
pub(super) fn save_brokers(arn: &str) -> String {
    lines::save_input(
        "again.json",
        &format!("aws kafka describe-cluster --cluster-arn {arn}"),
        "ClusterInfo",
        &[
            lines::same("ClusterName"),
            ("KafkaVersion", "CurrentBrokerSoftwareInfo.KafkaVersion"),
            lines::same("NumberOfBrokerNodes"),
            lines::same("BrokerNodeGroupInfo"),
        ],
        &[
            lines::same("ClientAuthentication"),
            lines::same("EncryptionInfo"),
            lines::same("EnhancedMonitoring"),
            lines::same("OpenMonitoring"),
            lines::same("LoggingInfo"),
            lines::same("StorageMode"),
            (
                "ConfigurationInfo",
                "CurrentBrokerSoftwareInfo.ConfigurationArn && {Arn: CurrentBrokerSoftwareInfo.ConfigurationArn, Revision: CurrentBrokerSoftwareInfo.ConfigurationRevision}",
            ),
        ],
    )
}
