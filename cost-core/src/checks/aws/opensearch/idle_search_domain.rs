//! Unused `OpenSearch` domains.
//!
//! In:  monthly resource rows of `OpenSearch` instance hours; hourly searches and indexing.
//! Out: one `Remove` opportunity per domain, after a manual snapshot.

use crate::check::{CheckMeta, Context, Group, Input, ResourceUse, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::idle::{DAYS, Dimension, IdleCheck, Statistic, YOUNG, always};
use crate::cloud::Provider;
use crate::cloud::aws::arn::last_part;
use crate::inventory::Resource;
use crate::opportunity::Draft;
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};
use crate::usage::Metric;

const USE: Threshold = chosen(
    "operations_per_day",
    10.0,
    "operations per day",
    "SearchRate + IndexingRate, daily mean",
    "all hours measured",
    "chosen (ADR 0016): health checks cause this many",
);

/// Days from the first step, without access, to the deletion.
const WEEK: u32 = 7;

/// The access policy that denies all requests to the domain `ARN`. Calls that configure the domain
/// stay allowed.
const DENY: &str = r#""{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"es:ESHttp*\",\"Resource\":\"$ARN/*\"}]}""#;

static META: CheckMeta = CheckMeta {
    id: "idle_search_domain",
    provider: Some(Provider::Aws),
    service: "opensearch",
    title: "Unused OpenSearch domains",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Utilization],
    permissions: &["cloudwatch:ListMetrics", "cloudwatch:GetMetricData"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[USE, DAYS, YOUNG],
    docs: "\
## What it finds
OpenSearch domains with instance hours in the month and no more searches and index operations per day than the threshold.
## How the saving is computed
Per month of 730 h: EffectiveCost of all charges of the domain.
## Trade-offs
A manual snapshot in S3 retains the indexes. A restore takes minutes to hours.
## Source
Amazon OpenSearch Service Developer Guide, \"Monitoring OpenSearch cluster metrics with Amazon CloudWatch\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: IdleCheck = IdleCheck {
    meta: &META,
    is_there,
    goes: |_| true,
    dimensions: &[Dimension {
        metric: Metric::Operations,
        statistic: Statistic::PerDay,
        threshold: USE,
        label: "searches and index operations per day",
    }],
    noun: "OpenSearch domain",
    trade_off,
    runbook,
    unless: always,
};

/// Returns whether a usage is the hours of a domain's instances.
pub(in crate::checks) fn is_there(used: &ResourceUse) -> bool {
    kind(used) == "ESInstance"
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    TradeOff::new(
        Level::Low,
        Level::Medium,
        "almost no searches or writes were measured, but a dashboard may use it once a month",
        cx.currency(),
    )
    .reliability(
        "automated snapshots are deleted with it: only manual snapshots in your own bucket stay",
    )
    .undo(Reversibility::WithEffort)
    .test_first(&[
        "register a snapshot repository in S3 and take a snapshot",
        "deny access in its policy for a week: the script does so first",
    ])
    .rollback(&["restore its access policy or, after its deletion, create a domain and restore the snapshot from S3"])
}

/// Asks for a snapshot, before the first step only.
const SNAPSHOT: &str = ": \"${SNAPSHOT_DONE:?set SNAPSHOT_DONE to yes when a snapshot of all indexes is complete in your S3 repository}\"";

fn runbook(draft: Draft, used: &ResourceUse, _: Option<&Resource>) -> Draft {
    let (id, arn) = (shell_word(last_part(&used.resource_id)), shell_word(&used.resource_id));
    let describe = format!("aws opensearch describe-domain --domain-name {id}");
    let policy = |text: &str| {
        format!("aws opensearch update-domain-config --domain-name {id} --access-policies {text}")
    };
    draft
        .rollout(&["take a snapshot, deny access for a week, then delete the domain"])
        .run(format!("save domain.json {describe}"))
        .run(format!("save tags.json aws opensearch list-tags --arn {arn}"))
        .run(lines::keep("POLICY", &describe, "DomainStatus.AccessPolicies"))
        .run(lines::keep("ARN", &describe, "DomainStatus.ARN"))
        .run(lines::first_step(
            "denied.txt",
            &format!("{SNAPSHOT}\n{}", policy(DENY)),
            WEEK,
            ("clients can no longer reach the domain", "delete it"),
        ))
        .run(format!("aws opensearch delete-domain --domain-name {id}\ntouch deleted.txt"))
        .undo("[ ! -e deleted.txt ] || { echo 'it is deleted: create a domain as in domain.json, and restore the snapshot' >&2; exit 1; }")
        .undo(". ./ids.sh")
        // A domain without a policy has an empty one.
        .undo(policy("\"${POLICY#None}\""))
        .watch("failed searches and log deliveries, for a week")
        .terraform("remove its aws_opensearch_domain")
}
