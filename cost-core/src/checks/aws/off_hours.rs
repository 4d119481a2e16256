//! Shared code of checks for resources that run outside the hours in which they are used.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, ResourceUse, Threshold};
use crate::checks::aws::scaling_group::{group_of, without_emr};
use crate::checks::shared::idle::standby;
use crate::checks::shared::plain::name_of;
use crate::checks::shared::{chosen, cost_now, covered_caveat, expected};
use crate::opportunity::{Action, Draft};
use crate::runbook::shell_word;
use crate::schedule::{WEEK_HOURS, Weekly};
use crate::tradeoff::TradeOff;
use crate::usage::{Metric, as_f64};

pub(in crate::checks) const OFF: Threshold = chosen(
    "least_off_pct",
    35.0,
    "% of the week",
    "hours of the week off",
    "all weeks measured, at least two",
    "chosen (ADR 0016): working hours leave 60 to 70 % of a week",
);
pub(in crate::checks) const MISSED: Threshold = chosen(
    "most_missed_pct",
    1.0,
    "% of the hours in use",
    "hours in use that the schedule would have missed",
    "all weeks measured, at least two",
    "chosen (ADR 0016): hours used only once are reported, and the schedule does not include them",
);

/// A check for resources with a weekly pattern of use.
pub(in crate::checks) struct OffHoursCheck {
    pub(in crate::checks) meta: &'static CheckMeta,
    /// Whether a usage is the hours of the resource, which are not billed while it is off.
    pub(in crate::checks) hours: fn(&ResourceUse) -> bool,
    /// The metric that shows that the resource is in use.
    pub(in crate::checks) metric: Metric,
    /// The resource is in use above this value.
    pub(in crate::checks) idle: Threshold,
    pub(in crate::checks) noun: &'static str,
    pub(in crate::checks) trade_off: fn(&Context<'_>) -> TradeOff,
    pub(in crate::checks) runbook: fn(Draft, &Context<'_>, &ResourceUse, &Weekly) -> Draft,
}

impl Check for OffHoursCheck {
    fn meta(&self) -> &'static CheckMeta {
        self.meta
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let all = cx.named_once(self.hours, &mut out)?;
        let mut all = without_emr(cx, all, &mut out);
        all.retain(|u| group_of(cx, &u.resource_id).is_none());
        for used in all {
            match self.plan(cx, used) {
                Ok(Some(plan)) => self.judge(cx, used, &plan, &mut out)?,
                Ok(None) => {}
                Err(reason) => out.skip(&used.resource_id, reason),
            }
        }
        Ok(out)
    }
}

impl OffHoursCheck {
    /// Returns a schedule if it saves enough, or the reason why none can be determined.
    fn plan(&self, cx: &Context<'_>, used: &ResourceUse) -> Result<Option<Weekly>, String> {
        let busy = cx.busy(&used.resource_id).ok_or("its utilization is unknown")?;
        let id = self.meta.id;
        let plan = Weekly::of(busy, self.metric, cx.value(id, &self.idle));
        // A resource that is already off at night has no measurements for these hours.
        let plan = plan.ok_or("not measured in every hour of two weeks")?;
        let off = 100.0 * as_f64(plan.off_hours()) / as_f64(WEEK_HOURS);
        // The idle checks cover a resource that is never used, or only once a month.
        let never = plan.off_hours() == WEEK_HOURS;
        if never || off < cx.value(id, &OFF) || plan.missed_pct > cx.value(id, &MISSED) {
            return Ok(None);
        }
        match cx.resource(&used.resource_id).and_then(standby) {
            Some(reason) => Err(reason),
            None => Ok(Some(plan)),
        }
    }

    fn judge(
        &self,
        cx: &Context<'_>,
        used: &ResourceUse,
        plan: &Weekly,
        out: &mut CheckOutput,
    ) -> Result<(), CheckError> {
        let hours = |count: usize| Decimal::from(u32::try_from(count).unwrap_or(0));
        let share = hours(plan.off_hours()) / hours(WEEK_HOURS);
        let claims = cx.claims(&used.resource_id, self.hours, share)?;
        if expected(cx, &claims)?.is_zero_or_less() {
            return Ok(());
        }
        let missed = format!(
            "{} hours in {} weeks, {:.1} % of the hours in use",
            plan.missed_hours, plan.weeks, plan.missed_pct
        );
        let asks = (self.trade_off)(cx).caveat(covered_caveat(&claims));
        let draft =
            Draft::new(self.meta.id, Action::Schedule, &used.resource_id, cx.scope_of(used), asks)
                .title(format!("Run {} {} only {}", self.noun, name_of(cx, used), plan.text()))
                .evidence("in use", plan.text(), "utilization")
                .evidence("off, hours per week", plan.off_hours(), "computed")
                .evidence("hours in use that the schedule would have missed", missed, "utilization")
                .facts([cost_now(cx, &claims)?])
                .claims(claims);
        out.opportunities.push((self.runbook)(draft, cx, used, plan).finish(cx.currency())?);
        Ok(())
    }
}

/// Returns lines that create schedules of `EventBridge` Scheduler: one that stops the resource after
/// the last hour, and one that starts it before the first hour, for each group of days with the same
/// hours (UTC). `action` is the end of the API's actions `stop…` and `start…`.
pub(in crate::checks) fn schedules(
    api: &str,
    action: &str,
    name: &str,
    input: &Value,
    plan: &Weekly,
) -> String {
    let mut lines = vec![ROLE.to_owned()];
    lines.extend(["stop", "start"].map(|verb| target(api, (verb, action), input)));
    for (number, (days, from, to)) in plan.groups().into_iter().enumerate() {
        // The hour after the last may be midnight: the schedule then is at 23:59 of the same day.
        let stop = if to == 24 { "59 23".to_owned() } else { format!("0 {to}") };
        for (verb, at) in [("start", format!("0 {from}")), ("stop", stop)] {
            let at = format!("'cron({at} ? * {days} *)'");
            lines.push(schedule((name, verb, number), &at));
        }
    }
    lines.join("\n")
}

/// Returns lines that create a schedule that stops a resource every day at an hour that its owner
/// chooses. The owner starts it again when it is needed.
pub(in crate::checks) fn daily_stop(api: &str, action: &str, name: &str, input: &Value) -> String {
    let hour =
        ": \"${HOUR:?set HOUR to the hour (UTC, 0 to 23) after which nobody works with it}\"";
    [
        ROLE.to_owned(),
        hour.to_owned(),
        target(api, ("stop", action), input),
        schedule((name, "stop", 0), "\"cron(0 $HOUR * * ? *)\""),
    ]
    .join("\n")
}

/// The line that asks for the role of the schedules.
const ROLE: &str = ": \"${ROLE_ARN:?set ROLE_ARN to a role that EventBridge Scheduler may assume, and that may start and stop it}\"";

/// Returns the lines that write the target of schedules, an action of an API, to a file.
fn target(api: &str, (verb, action): (&str, &str), input: &Value) -> String {
    let text = json!({
        "Arn": format!("arn:aws:scheduler:::aws-sdk:{api}:{verb}{action}"),
        "RoleArn": "ROLE",
        "Input": input.to_string(),
    });
    format!(
        "TARGET={}\nprintf '%s' \"${{TARGET/ROLE/$ROLE_ARN}}\" > {verb}.json",
        shell_word(&text.to_string())
    )
}

/// Returns the line that creates a schedule once, and stores its ARN.
fn schedule((name, verb, number): (&str, &str, usize), at: &str) -> String {
    format!(
        "once {} aws scheduler create-schedule --name {} --schedule-expression {at} --target file://{verb}.json \
         --flexible-time-window Mode=OFF --query ScheduleArn --output text",
        format!("{verb}_{number}").to_uppercase(),
        shell_word(&schedule_name(name, verb, number))
    )
}

/// Returns lines that delete the schedules that [`schedules`] or [`daily_stop`] created.
pub(in crate::checks) fn remove_schedules() -> String {
    "while IFS== read -r _ ARN; do\naws scheduler delete-schedule --name=\"${ARN##*/}\"\ndone < ids.sh"
        .to_owned()
}

/// Returns the name of a schedule: at most 64 characters.
fn schedule_name(name: &str, verb: &str, number: usize) -> String {
    let name: String = name.chars().take(50).collect();
    format!("{name}-{verb}-{number}")
}
