//! Management events that are delivered more than once.
//!
//! In:  monthly usage of `PaidEventsRecorded`.
//! Out: one `Remove` opportunity per account and Region.

use rust_decimal::Decimal;

use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, ResourceUse};
use crate::checks::aws::account_wide::{by_account, claims, quantity, subject};
use crate::checks::aws::meter::kind;
use crate::checks::shared::{cost_now, expected};
use crate::cloud::Provider;
use crate::opportunity::{Action, Draft};
use crate::tradeoff::{Level, TradeOff};

/// Months with paid copies before they are reported. Chosen: a second trail can serve a migration.
const MONTHS: usize = 2;

/// The check that [`META`] describes.
pub(in crate::checks) struct SecondTrail;

static META: CheckMeta = CheckMeta {
    id: "second_trail",
    provider: Some(Provider::Aws),
    service: "cloudtrail",
    title: "Management events in more than one trail",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"],
    columns: &["SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[],
    docs: "\
## What it finds
Accounts and Regions that are billed for additional copies of management events (usage type `PaidEventsRecorded`) in at least two months. The first
copy in each Region is free, so a second trail delivers the same events again. Often one is the trail of the organization, and the other is older.
Needs only the bill.
## How the saving is computed
Per month of 730 h: EffectiveCost of the additional copies. Storage of the second copy in a bucket or log group, which also ends, is not part of it.
## Trade-offs
Whoever reads the second copy, such as a security tool, must read the first one.
## Source
AWS CloudTrail pricing (first copy of management events free, additional copies per event). AWS CloudTrail User Guide, \"Managing CloudTrail trail
costs\". Read 2026-11.",
};

fn is_paid_copy(used: &ResourceUse) -> bool {
    kind(used) == "PaidEventsRecorded"
}

impl Check for SecondTrail {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for uses in by_account(cx, SERVICE, is_paid_copy, &mut out) {
            if uses.iter().all(|u| u.months.len() < MONTHS) {
                continue;
            }
            match quantity(&uses) {
                Some(events) => judge(cx, &uses, events, &mut out)?,
                None => out.skip(
                    &subject(SERVICE, &uses),
                    "its events are unknown: PricingQuantity is missing",
                ),
            }
        }
        Ok(out)
    }
}

const SERVICE: &str = "AWS CloudTrail";

fn judge(
    cx: &Context<'_>,
    uses: &[&ResourceUse],
    events: Decimal,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let Some(first) = uses.first() else { return Ok(()) };
    let about = subject(SERVICE, uses);
    let claims = claims(cx, uses, &about, Decimal::ONE)?;
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let draft = Draft::new(META.id, Action::Remove, &about, cx.scope_of(first), trade_off(cx))
        .title("Log management events in one trail")
        .evidence("additional copies of events, in the month", events.round_dp(0).normalize(), "bill")
        .facts([cost_now(cx, &claims)?])
        .claims(claims)
        .rollout(&[
            "choose the trail that stays, usually that of the organization",
            "let all readers of the other one read it, and stop the other one",
            "delete the other trail a month later; its bucket stays as long as the audit requires",
        ])
        .run("save trails.json aws cloudtrail describe-trails")
        .run(": \"${TRAIL:?set TRAIL to the ARN of the trail to stop: trails.json lists all of them, and one must stay}\"")
        .run("[ ! -e ids.sh ] || grep -qxF \"TRAIL=$TRAIL\" ids.sh || { echo 'this script has stopped another trail: see ids.sh' >&2; exit 1; }")
        .run("LOGS=''\nfor OTHER in $(aws cloudtrail describe-trails --query 'trailList[?IsMultiRegionTrail].TrailARN' --output text); do")
        .run("if [ \"$OTHER\" != \"$TRAIL\" ]; then\n[ \"$(aws cloudtrail get-trail-status --name \"$OTHER\" --query IsLogging --output text)\" != True ] || LOGS=\"$OTHER\"\nfi\ndone")
        .run("[ -n \"$LOGS\" ] || { echo 'no other trail of all Regions is logging' >&2; exit 1; }")
        .run("save selectors.json aws cloudtrail get-event-selectors --trail-name \"$TRAIL\"")
        .run(
            "DATA=$(aws cloudtrail get-event-selectors --trail-name \"$TRAIL\" --query \
             'length([not_null(EventSelectors, `[]`)[].DataResources[], not_null(AdvancedEventSelectors, `[]`)[].FieldSelectors[] | [?Field==`eventCategory` && contains(not_null(Equals, `[]`), `Data`)]][])' --output text)",
        )
        .run("[ \"$DATA\" = 0 ] || { echo 'it also logs data events: remove only the management events from its selectors' >&2; exit 1; }")
        .run("keep TRAIL \"$TRAIL\"")
        .run("aws cloudtrail stop-logging --name \"$TRAIL\"")
        .undo(". ./ids.sh")
        .undo("aws cloudtrail start-logging --name \"$TRAIL\"")
        .watch("alarms and reports that read the stopped trail, for a month")
        .terraform("aws_cloudtrail: enable_logging = false, or event_selector with include_management_events = false");
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "a security tool or an auditor may rely on the second copy";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability(
            "one copy fewer of the audit log: the remaining trail needs log file validation",
        )
        .no_downtime("none")
        .test_first(&[
            "list both trails, their buckets and log groups, and who reads them",
            "check that the trail that stays covers all Regions and global services",
            "ask the security team whether a rule requires a separate copy",
        ])
        .rollback(&["start logging again: events of the time between are only in the other trail"])
}
