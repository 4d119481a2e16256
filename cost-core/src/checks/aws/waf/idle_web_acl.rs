//! Web ACLs without requests.
//!
//! In:  monthly resource rows of `WebACLV2`, `RuleV2`, and `RequestV2-Tier1`.
//! Out: one `Remove` opportunity per web ACL.

use crate::check::{CheckMeta, Context, Group, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::fee::FeeCheck;
use crate::checks::shared::idle::YOUNG;
use crate::cloud::Provider;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const REQUESTS: Threshold = chosen(
    "requests_per_month",
    0.0,
    "requests",
    "RequestV2 of a month",
    "every month of the last three",
    "chosen: everything on the internet gets some requests, so that none means that nothing is behind it",
);

static META: CheckMeta = CheckMeta {
    id: "idle_web_acl",
    provider: Some(Provider::Aws),
    service: "waf",
    title: "Web ACLs without requests",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["wafv2:GetWebACL", "wafv2:ListResourcesForWebACL"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[REQUESTS, YOUNG],
    docs: "\
## What it finds
AWS WAF web ACLs that are billed by the month and inspected no request in each of the last three months. Usually no resource is associated. Needs
only the bill. Web ACLs without charges in the month before are excluded. If no web ACL in the bill has requests, the check is skipped.
## How the saving is computed
Per month: EffectiveCost of the web ACL and of its rules.
## Trade-offs
None while nothing is associated. AWS does not delete a web ACL that a resource uses.
## Source
AWS WAF pricing (web ACL and rule by month, requests); AWS WAF Developer Guide, \"Deleting a web ACL\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: FeeCheck = FeeCheck {
    meta: &META,
    is_fee: |u| kind(u).ends_with("WebACLV2"),
    is_traffic: |u| kind(u).contains("RequestV2"),
    most: REQUESTS,
    noun: "web ACL",
    trade_off,
    runbook: |draft, used, _| {
        let acl = named(&used.resource_id);
        let get = format!("aws wafv2 get-web-acl {acl}");
        draft
            .rollout(&["run the script: it saves the rules and deletes the web ACL"])
            .run(format!("save acl.json {get}"))
            .run(lines::save_input(
                "again.json",
                &get,
                "WebACL",
                &["Name", "DefaultAction", "VisibilityConfig"].map(lines::same),
                &[
                    "Description",
                    "Rules",
                    "CustomResponseBodies",
                    "CaptchaConfig",
                    "ChallengeConfig",
                    "TokenDomains",
                    "AssociationConfig",
                ]
                .map(lines::same),
            ))
            .run(format!("LOCK=$({get} --query LockToken --output text)"))
            .run(format!("aws wafv2 delete-web-acl {acl} --lock-token \"$LOCK\""))
            .undo(format!(
                "aws wafv2 create-web-acl --cli-input-json file://again.json --scope {}",
                scope(&used.resource_id)
            ))
            .watch("deployments that name the web ACL")
            .terraform("remove its aws_wafv2_web_acl")
    },
};

/// Returns the arguments that name a web ACL, from its ARN: `…:regional/webacl/NAME/ID`, or
/// `…:global/webacl/NAME/ID` for `CloudFront`, whose commands run in us-east-1. AWS WAF API
/// Reference, `GetWebACL`.
fn named(arn: &str) -> String {
    let mut parts = arn.rsplit('/');
    let (id, name) = (parts.next().unwrap_or(arn), parts.next().unwrap_or("NAME"));
    format!("--name {} --id {} --scope {}", shell_word(name), shell_word(id), scope(arn))
}

fn scope(arn: &str) -> &'static str {
    if arn.contains(":global/webacl/") { "CLOUDFRONT --region us-east-1" } else { "REGIONAL" }
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "nothing uses it; AWS refuses to delete it otherwise";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .effect("from the day of the change: the fee is prorated by the hour")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "list what uses it: aws wafv2 list-resources-for-web-acl",
            "ask the security team whether a launch or Firewall Manager needs it",
        ])
        .rollback(&["create it again with the saved rules, and associate it"])
}
