//! Notebook instances that run around the clock.
//!
//! In:  monthly resource rows of `Notebk` hours.
//! Out: one `Schedule` opportunity per notebook instance.

use rust_decimal::Decimal;
use serde_json::json;

use crate::check::{CheckMeta, Context, Group, Threshold};
use crate::checks::aws::meter::text;
use crate::checks::aws::off_hours::{daily_stop, remove_schedules};
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, PlainCheck};
use crate::cloud::Provider;
use crate::inventory::short_id;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

const LEAST_HOURS: Threshold = chosen(
    "least_hours",
    600.0,
    "hours",
    "hours billed",
    "the month under review",
    "chosen: more than 19 hours a day, also on weekends; people who stop a notebook at night stay below 500",
);

pub(super) const UNUSED: Threshold = chosen(
    "unused_pct",
    50.0,
    "% of the hours",
    "share assumed to be unused",
    "",
    "chosen: 12 hours a day",
);

static META: CheckMeta = CheckMeta {
    id: "always_on_notebook",
    provider: Some(Provider::Aws),
    service: "sagemaker",
    title: "Notebook instances that are never stopped",
    group: Group::SpotAndSchedule,
    since: "0.2.0",
    needs: &[],
    permissions: &["sagemaker:DescribeNotebookInstance"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[LEAST_HOURS, UNUSED],
    docs: "\
## What it finds
SageMaker notebook instances billed for at least 600 hours of the month: they run at night and on weekends. Needs only the bill.
## How the saving is computed
Per month of 730 h: EffectiveCost of the instance hours × the share assumed to be unused. `low` is 0, because a long job may run at night. The
storage of a stopped notebook is still billed and not part of the saving. `high` is with twice the share.
## Trade-offs
The instance is terminated and only its ML storage volume remains: memory, running kernels, and other files are lost. A start takes minutes.
## Source
Amazon SageMaker API Reference, \"StopNotebookInstance\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Schedule,
    wanted: |u| text(u).contains("Notebk:ml."),
    look: |cx, used| {
        let hours =
            used.now().quantity.ok_or("its hours are unknown: PricingQuantity is missing")?;
        let least = cx.decimal(META.id, &LEAST_HOURS);
        let name = short_id(&used.resource_id);
        Ok((hours >= least).then(|| Found {
            share: cx.decimal(META.id, &UNUSED) / Decimal::ONE_HUNDRED,
            uncertain: true,
            title: format!("Stop the notebook {name} when nobody works with it"),
            facts: vec![Evidence::new(
                "hours billed",
                format!(
                    "{}; never stopped if at least {}",
                    hours.round_dp(1).normalize(),
                    least.normalize()
                ),
                "bill",
            )],
            change: None,
        }))
    },
    trade_off,
    runbook: |draft, _, used| {
        let id = short_id(&used.resource_id);
        let name = shell_word(id);
        draft
            .rollout(&[
                "stop it by schedule every evening, and start it only when someone works with it",
                "if people work with it at changing hours, use a lifecycle configuration that stops it when it is idle instead",
            ])
            .run(format!("save notebook.json aws sagemaker describe-notebook-instance --notebook-instance-name {name}"))
            .run(daily_stop("sagemaker", "NotebookInstance", id, &json!({ "NotebookInstanceName": id })))
            .undo(remove_schedules())
            .undo(format!("STATE=$(aws sagemaker describe-notebook-instance --notebook-instance-name {name} --query NotebookInstanceStatus --output text)"))
            .undo(format!("[ \"$STATE\" != Stopped ] || aws sagemaker start-notebook-instance --notebook-instance-name {name}"))
            .watch("hours billed for the notebook in the following weeks")
            .terraform("aws_scheduler_schedule with the target arn:aws:scheduler:::aws-sdk:sagemaker:stopNotebookInstance")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "a job that runs in the notebook at night ends when it is stopped";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("none for production: notebooks serve no requests")
        .interrupts("the notebook cannot be used until it is started again, which takes minutes")
        .test_first(&[
            "ask the owner which jobs run in it at night",
            "move files to the ML storage volume: all others are lost",
        ])
        .rollback(&["delete the schedule and start the notebook"])
        .caveats(&["the hour is in UTC: consider daylight saving time"])
}
