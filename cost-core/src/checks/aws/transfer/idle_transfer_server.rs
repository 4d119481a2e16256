//! File transfer servers without transfers.
//!
//! In:  monthly resource rows of `ProtocolHours`, `UploadBytes`, `DownloadBytes`, and messages.
//! Out: one `Remove` opportunity per server.

use crate::check::{CheckMeta, Context, Group, ResourceUse, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::fee::FeeCheck;
use crate::checks::shared::idle::YOUNG;
use crate::cloud::Provider;
use crate::inventory::short_id;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const BYTES: Threshold = chosen(
    "gb_per_month",
    0.0,
    "GB",
    "transferred data of a month",
    "every month of the last three",
    "chosen: one small file a month, such as a payroll file, can matter",
);

static META: CheckMeta = CheckMeta {
    id: "idle_transfer_server",
    provider: Some(Provider::Aws),
    service: "transfer",
    title: "File transfer servers without transfers",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["transfer:DescribeServer", "transfer:ListUsers"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[BYTES, YOUNG],
    docs: "\
## What it finds
AWS Transfer Family servers that are billed for protocol hours and transferred no file in each of the last three months. Needs only the bill.
Servers without charges in the month before are excluded. If no server in the bill has transfers, the check is skipped.
## How the saving is computed
Per month of 730 h: EffectiveCost of the server. Each protocol is billed by the hour. A stopped server is billed like a running one, so only deleting
it saves money.
## Trade-offs
Partners can no longer connect. A new server has another host name and, unless the host key is imported, another host key, which clients reject.
## Source
AWS Transfer Family pricing (by protocol and hour until the server is deleted, and by GB). Read 2026-11.",
};

/// Returns whether a usage is a transfer: data up or down, or messages of AS2.
fn is_transfer(used: &ResourceUse) -> bool {
    let of_service = used
        .service_name
        .as_deref()
        .is_some_and(|s| s.contains("Transfer Family") || s == "AWSTransfer");
    let kind = kind(used);
    of_service && (matches!(kind, "UploadBytes" | "DownloadBytes") || kind.contains("Message"))
}

pub(in crate::checks) static CHECK: FeeCheck = FeeCheck {
    meta: &META,
    is_fee: |u| kind(u) == "ProtocolHours",
    is_traffic: is_transfer,
    most: BYTES,
    noun: "file transfer server",
    trade_off,
    runbook: |draft, used, _| {
        let id = shell_word(short_id(&used.resource_id));
        let server = format!("aws transfer describe-server --server-id {id}");
        draft
            .rollout(&["stop it for a week: users see at once whether they need it", "then delete it"])
            .run(format!("save server.json {server}"))
            .run(lines::save_input(
                "again.json",
                &server,
                "Server",
                &["Protocols", "IdentityProviderType", "EndpointType"].map(lines::same),
                &[
                    lines::same("Domain"),
                    lines::same("IdentityProviderDetails"),
                    lines::same("LoggingRole"),
                    lines::same("SecurityPolicyName"),
                    lines::same("Certificate"),
                    (
                        "EndpointDetails",
                        "EndpointDetails.VpcId && {VpcId: EndpointDetails.VpcId, SubnetIds: EndpointDetails.SubnetIds}",
                    ),
                ],
            ))
            .run(format!("for NAME in $(aws transfer list-users --server-id {id} --query 'Users[].UserName' --output text); do"))
            .run(lines::save_input(
                "\"user-$NAME.json\"",
                &format!("aws transfer describe-user --server-id {id} --user-name \"$NAME\""),
                "User",
                &["UserName", "Role"].map(lines::same),
                &[
                    lines::same("HomeDirectory"),
                    lines::same("HomeDirectoryType"),
                    lines::same("HomeDirectoryMappings"),
                    lines::same("Policy"),
                    lines::same("PosixProfile"),
                    ("SshPublicKeyBody", "SshPublicKeys[0].SshPublicKeyBody"),
                ],
            ))
            .run("done")
            .run(lines::first_step(
                "stopped.txt",
                &format!("aws transfer stop-server --server-id {id}"),
                7,
                ("it is stopped", "delete it"),
            ))
            .run(format!("aws transfer delete-server --server-id {id}"))
            .run("touch deleted.txt")
            .undo(format!("if [ ! -e deleted.txt ]; then\naws transfer start-server --server-id {id}\nexit 0\nfi"))
            .undo("once NEW aws transfer create-server --cli-input-json file://again.json --query ServerId --output text")
            .undo("for FILE in user-*.json; do\n[ ! -e \"$FILE\" ] || aws transfer create-user --server-id \"$NEW\" --cli-input-json \"file://$FILE\"\ndone")
            .watch("questions of partners about failed connections, for a month")
            .terraform("remove its aws_transfer_server and aws_transfer_user")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "no file was transferred, but a partner may send once a year";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "ask the owner for partners that send rarely, such as at the end of the year",
            "stop the server for a week: aws transfer stop-server",
        ])
        .rollback(&["create a server with the saved settings and users (the first key of each), import its host key if you have it, and change the DNS record of partners"])
}
