//! Secrets without API requests.
//!
//! In:  monthly resource rows of Secrets Manager secrets and API requests.
//! Out: one `Remove` opportunity per secret.

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, ResourceUse};
use crate::checks::aws::meter::text;
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::cloud::Provider;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const MONTHS: usize = 3;

static META: CheckMeta = CheckMeta {
    id: "unused_secret",
    provider: Some(Provider::Aws),
    service: "secretsmanager",
    title: "Unused secrets",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["secretsmanager:ListSecrets"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 3,
    thresholds: &[],
    docs: "\
## What it finds
Secrets of AWS Secrets Manager billed in each of the last three months without an API request in any of them. Needs only the bill. The
bill must contain requests by secret, else the check is skipped.
## How the saving is computed
Per month of 730 h: EffectiveCost of the secret.
## Trade-offs
A deleted secret can be restored for 7 to 30 days.
## Source
AWS Secrets Manager User Guide, \"Delete an AWS Secrets Manager secret\". Read 2026-11.",
};

fn is_request(used: &ResourceUse) -> bool {
    text(used).contains("AWSSecretsManagerAPIRequest")
}

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Remove,
    wanted: |u| text(u).contains("AWSSecretsManager-Secrets"),
    look: |cx, used| {
        if !cx.has_named(is_request) {
            return Err("the bill does not show the requests by secret".to_owned());
        }
        let quiet = !cx.of_resource(&used.resource_id).iter().any(is_request);
        Ok((quiet && used.months.len() == MONTHS).then(|| Found {
            share: Decimal::ONE,
            uncertain: false,
            title: format!("Delete the secret {}", name_of(cx, used)),
            facts: vec![Evidence::new("API requests, last three months", "none", "bill")],
            change: None,
        }))
    },
    trade_off,
    runbook: |draft, _, used| {
        let id = shell_word(&used.resource_id);
        draft
            .rollout(&["delete it with the longest recovery window"])
            .run(format!("save secret.json aws secretsmanager describe-secret --secret-id {id}"))
            .run(format!(
                "aws secretsmanager delete-secret --secret-id {id} --recovery-window-in-days 30"
            ))
            .undo(format!("aws secretsmanager restore-secret --secret-id {id}"))
            .watch("errors of GetSecretValue that name it, until the window ends")
            .terraform("remove its aws_secretsmanager_secret with recovery_window_in_days = 30")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "an emergency (break-glass) secret may be read only once in several years";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("emergency access may depend on it: ask first")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "check LastAccessedDate in describe-secret",
            "ask the owner whether it is for emergencies",
        ])
        .rollback(&["restore it within the recovery window"])
}
