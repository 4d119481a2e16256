//! `WorkSpaces` billed by the hour that are used so much that the monthly price is lower.
//!
//! In:  monthly resource rows of `AutoStop-Usage` hours.
//! Out: one `Modify` opportunity per `WorkSpace`.

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, ResourceUse, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::text;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, PlainCheck};
use crate::cloud::Provider;
use crate::inventory::short_id;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

const BREAK_EVEN: Threshold = chosen(
    "break_even_hours",
    85.0,
    "hours",
    "hours billed, at which AlwaysOn and AutoStop cost the same",
    "the month under review and the month before",
    "AWS Well-Architected, End User Computing Lens, EUCCOST05-BP04: about 80 hours a month for bundles without GPU; chosen a little higher, because it differs by bundle and region",
);
const GRAPHICS: Threshold = chosen(
    "most_usd_per_hour",
    1.6,
    "USD per hour",
    "list price of an hour",
    "the month under review",
    "Amazon WorkSpaces pricing: bundles without graphics cost less, and Graphics bundles have another break-even",
);

static META: CheckMeta = CheckMeta {
    id: "busy_autostop_workspace",
    provider: Some(Provider::Aws),
    service: "workspaces",
    title: "WorkSpaces in AutoStop mode that are used a lot",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[],
    permissions: &["workspaces:DescribeWorkspaces"],
    columns: &["ResourceId", "SkuMeter", "ListCost", "PricingQuantity"],
    history_months: 2,
    thresholds: &[BREAK_EVEN, GRAPHICS],
    docs: "\
## What it finds
WorkSpaces in AutoStop mode that were billed for more than 85 hours in the month and in the month before. AutoStop costs a small monthly price plus a
price per hour, AlwaysOn a fixed monthly price. Needs only the bill. Bundles with graphics are skipped, because their break-even differs. The
break-even of 85 hours is an estimate for all other bundles: compare the prices of the bundle in its region before the change.
## How the saving is computed
Per month: EffectiveCost of the hours above the break-even, in the month with fewer hours. At the break-even, both modes cost the same by definition.
## Trade-offs
The monthly price is due even if its user is on vacation. In exchange, the user does not wait for the start.
## Source
AWS Well-Architected Framework, End User Computing Lens, EUCCOST05-BP04 \"Choose an appropriate running mode\" (break-even at roughly 80 hours).
Amazon WorkSpaces Administration Guide, \"Manage the running mode\". Amazon WorkSpaces pricing. Read 2026-11.",
};

/// Returns the hours of the month with fewer hours, of the month under review and the one before;
/// `None` if it was not in use in both.
fn least_hours(used: &ResourceUse) -> Option<Result<Decimal, String>> {
    let (Some(now), Some(before)) = (used.months.first(), used.months.get(1)) else {
        return None;
    };
    if before.month != now.month.minus(1) {
        return None;
    }
    let both = now.quantity.zip(before.quantity);
    Some(
        both.map(|(now, before)| now.min(before))
            .ok_or_else(|| "its hours are unknown: PricingQuantity is missing".to_owned()),
    )
}

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| text(u).ends_with("AutoStop-Usage"),
    look: |cx, used| {
        let Some(hours) = least_hours(used).transpose()? else { return Ok(None) };
        let even = cx.decimal(META.id, &BREAK_EVEN);
        if hours <= even {
            return Ok(None);
        }
        cx.usd_bill("WorkSpace").map_err(|unknown| unknown.to_string())?;
        let price = used.now().list_unit_price().ok_or("ListCost of its hours is unknown")?;
        if price > cx.decimal(META.id, &GRAPHICS) {
            return Err("a bundle with graphics: its break-even differs".to_owned());
        }
        let of = used.now().quantity.unwrap_or(hours);
        let seen =
            format!("{}; AlwaysOn is cheaper from {} on", hours.normalize(), even.normalize());
        Ok(Some(Found {
            share: ((hours - even) / of).round_dp(12),
            uncertain: false,
            title: format!("Run the WorkSpace {} as AlwaysOn", short_id(&used.resource_id)),
            facts: vec![
                Evidence::new(
                    "hours billed, in the month with fewer of the last two",
                    seen,
                    "bill",
                ),
                Evidence::new("list price of an hour, USD", price.normalize(), "bill"),
            ],
            change: Some(("running mode", "AUTO_STOP".to_owned(), "ALWAYS_ON".to_owned())),
        }))
    },
    trade_off,
    runbook: |draft, _, used| {
        let id = shell_word(short_id(&used.resource_id));
        let mode = |mode: &str| {
            format!(
                "aws workspaces modify-workspace-properties --workspace-id {id} --workspace-properties RunningMode={mode}"
            )
        };
        let back =
            format!("{},RunningModeAutoStopTimeoutInMinutes=\"$MINUTES\"", mode("AUTO_STOP"));
        let describe = format!("aws workspaces describe-workspaces --workspace-ids {id}");
        draft
            .rollout(&["change it at the start of a month: the monthly price is due at once"])
            .run(format!("save workspace.json {describe}"))
            .run(lines::keep(
                "MINUTES",
                &describe,
                "Workspaces[0].WorkspaceProperties.RunningModeAutoStopTimeoutInMinutes",
            ))
            .run(mode("ALWAYS_ON"))
            .undo(". ./ids.sh")
            .undo(back)
            .watch("hours in use of the following months: change it back if they stay below the break-even")
            .terraform("aws_workspaces_workspace: workspace_properties with running_mode = \"ALWAYS_ON\"")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "only billing changes, and the WorkSpace no longer stops";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("better: the user does not wait for a start")
        .no_downtime("none")
        .effect("from the day of the change")
        .test_first(&["ask whether its user works as much in the coming months"])
        .rollback(&["set the running mode back, and its timeout"])
        .caveats(&["the monthly price for AlwaysOn is due even if the WorkSpace is not used"])
}
