//! Directories with more domain controllers than the two that the service requires.
//!
//! In:  monthly resource rows of `MicrosoftAD-DC-Usage` and `Std-MicrosoftAD-DC-Usage`.
//! Out: one `Modify` opportunity per directory and region.

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, ResourceUse, Threshold, UseInMonth};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, Look, PlainCheck, name_of};
use crate::checks::shared::uncertain::SUCCESS;
use crate::cloud::Provider;
use crate::cloud::aws::arn::last_part;
use crate::opportunity::{Action, Draft, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

const REQUIRED: Threshold = chosen(
    "required",
    2.0,
    "domain controllers",
    "domain controllers that remain in a region",
    "",
    "AWS Directory Service API Reference, UpdateNumberOfDomainControllers: DesiredNumber is at least 2",
);
const LEAST_PCT: Threshold = chosen(
    "least_hours_pct",
    95.0,
    "% of the hours",
    "hours billed of one more domain controller",
    "the month under review and the month before",
    "chosen: one that was added for a migration or a test is gone after weeks; as `uncovered_steady_usage`",
);
/// Months in which the domain controllers must be there.
const MONTHS: usize = 2;

static META: CheckMeta = CheckMeta {
    id: "extra_domain_controller",
    provider: Some(Provider::Aws),
    service: "directoryservice",
    title: "Directories with more than two domain controllers",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[],
    permissions: &["ds:DescribeDirectories", "ds:DescribeDomainControllers"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 2,
    thresholds: &[REQUIRED, LEAST_PCT, SUCCESS],
    docs: "\
## What it finds
Directories of AWS Managed Microsoft AD (Standard and Enterprise Edition) that were billed for at least three domain controllers in nearly all
hours of the last two months. A directory has at least two in each region, in different Availability Zones; the others were added for load. Each
region of a directory is one row. Needs only the bill, which does not show the load.
## How the saving is computed
Per month of 730 h: EffectiveCost of the domain controllers × (number − 2) ÷ number, with the lowest number of both months. `low` is 0, because the
load may need them. `expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
Logins and queries are shared by fewer domain controllers. New ones are ready within 45 minutes.
## Source
AWS Directory Service API Reference, \"UpdateNumberOfDomainControllers\" (at least 2; up to 45 minutes); AWS Directory Service pricing (by domain
controller and hour). AWS Price List, AWSDirectoryService (usage types). Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| matches!(kind(u), "MicrosoftAD-DC-Usage" | "Std-MicrosoftAD-DC-Usage"),
    look,
    trade_off: |cx| {
        let reason = "the load of logins and queries is not in the bill: compare it first";
        TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
            .reliability("two domain controllers in different Availability Zones remain")
            .no_downtime("none if clients find domain controllers by DNS")
            .test_first(&[
                "compare CPU, LDAP searches, and logins of the domain controllers in their busiest hour of a month (performance metrics in CloudWatch)",
                "search configurations for addresses of single domain controllers",
            ])
            .rollback(&["set the number of domain controllers back: new ones are ready within 45 minutes"])
    },
    runbook,
};

/// Returns the mean number of domain controllers in a month; `None` if the quantity is unknown.
fn number(of: &UseInMonth) -> Option<Decimal> {
    of.quantity?.checked_div(Decimal::from(of.month.hours()))
}

fn look(cx: &Context<'_>, used: &ResourceUse) -> Look {
    let recent = used.months.iter().take(MONTHS);
    let numbers: Option<Vec<Decimal>> = recent.map(number).collect();
    let numbers = numbers.ok_or("its hours are unknown: PricingQuantity is missing")?;
    let required = cx.decimal(META.id, &REQUIRED);
    let nearly = cx.decimal(META.id, &LEAST_PCT) / Decimal::ONE_HUNDRED;
    let Some(least) = numbers.iter().min().filter(|_| numbers.len() == MONTHS) else {
        return Ok(None);
    };
    if *least < required + nearly {
        return Ok(None);
    }
    let share = (least - required).checked_div(*least).unwrap_or_default().round_dp(12);
    let (from, to) = (least.round_dp(0).normalize(), required.normalize());
    Ok(Some(Found {
        share,
        uncertain: true,
        title: format!(
            "Run directory {} with {to} instead of {from} domain controllers, if the load allows",
            name_of(cx, used)
        ),
        facts: vec![
            Evidence::new("billed as", &used.usage_type, "bill"),
            Evidence::new("domain controllers", from, "bill"),
        ],
        change: Some(("domain controllers", from.to_string(), to.to_string())),
    }))
}

/// The line that ends a script which removed a domain controller less than a week ago.
const WEEK_LATER: &str = "[ ! -e removed.txt ] || [ -n \"$(find removed.txt -mtime +6)\" ] || : \"${SOONER:?set SOONER to yes to remove the next one in less than 7 days}\"";

fn runbook(draft: Draft, _: &Context<'_>, used: &ResourceUse) -> Draft {
    let id = shell_word(last_part(&used.resource_id));
    let new = shell_word(draft.changed_to());
    let describe = format!("aws ds describe-directories --directory-ids {id}");
    let active = shell_word("length(DomainControllers[?Status=='Active'])");
    let count = "DirectoryDescriptions[0].DesiredNumberOfDomainControllers";
    let to = |number: &str| {
        format!(
            "aws ds update-number-of-domain-controllers --directory-id {id} --desired-number {number}\n\
             until_is {number} 120 aws ds describe-domain-controllers --directory-id {id} --query {active} --output text"
        )
    };
    draft
        .rollout(&[
            "a run removes one domain controller: watch the others for a week",
            "run it again a week later to remove the next one; the saving is reached after the last one",
        ])
        .run(format!("save directory.json {describe}"))
        .run(lines::keep("CONTROLLERS", &describe, count))
        .run(format!("NOW=$({describe} --query {} --output text)", shell_word(count)))
        .run(format!("if [ \"$NOW\" -gt {new} ]; then"))
        .run(WEEK_LATER)
        .run(to("\"$((NOW - 1))\""))
        .run("touch removed.txt")
        .run("fi")
        .undo(". ./ids.sh")
        .undo(to("\"$CONTROLLERS\""))
        .watch("CPU and LDAP latency of the domain controllers, and failed logins, for a month")
        .terraform(format!(
            "aws_directory_service_directory: desired_number_of_domain_controllers = {new}"
        ))
}
