//! Studio apps that run around the clock.
//!
//! In:  monthly resource rows of `Studio:…-ml.…` hours.
//! Out: one `Schedule` opportunity per app and instance type.
//! Not here: notebook instances (see `always_on_notebook`).

use rust_decimal::Decimal;

use super::always_on_notebook::UNUSED;
use crate::check::{CheckMeta, Context, Group, ResourceUse, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::text;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, PlainCheck};
use crate::cloud::Provider;
use crate::opportunity::{Action, Draft, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const LEAST_HOURS: Threshold = chosen(
    "least_hours",
    600.0,
    "hours",
    "hours billed",
    "the month under review",
    "chosen: more than 19 hours a day, also on weekends; as `always_on_notebook`",
);

static META: CheckMeta = CheckMeta {
    id: "always_on_studio_app",
    provider: Some(Provider::Aws),
    service: "sagemaker",
    title: "Studio apps that are never stopped",
    group: Group::SpotAndSchedule,
    since: "0.2.0",
    needs: &[],
    permissions: &["sagemaker:ListApps"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[LEAST_HOURS, UNUSED],
    docs: "\
## What it finds
Apps of SageMaker Studio (JupyterLab, Code Editor, kernels) billed for at least 600 hours of the month: they run at night and on weekends. An app is
billed until it is deleted, also after its browser tab is closed. Needs only the bill.
## How the saving is computed
Per month of 730 h: EffectiveCost of the instance hours × the share assumed to be unused. `low` is 0, because a long job may run at night. Storage of
the space is still billed and not part of the saving. `high` is with all of it.
## Trade-offs
Running kernels and unsaved work are lost; files on the volume of the space remain. A start takes minutes.
## Source
Amazon SageMaker AI Developer Guide, \"Delete or stop your Studio running instances, applications, and spaces\" and \"Idle shutdown\". Read 2026-11.",
};

/// The parts of a Studio app's ARN, and its type, which the commands need.
struct App<'a> {
    domain: &'a str,
    owner: &'a str,
    kind: &'a str,
    name: &'a str,
}

/// Returns the app of a usage: from the ARN, `…:app/DOMAIN/OWNER/TYPE/NAME`, whose type is in lower
/// case, and from the usage type, such as `Studio:JupyterLab-ml.t3.medium`. Source: Service
/// Authorization Reference, Amazon `SageMaker`, resource type `app`.
fn app(used: &ResourceUse) -> Option<App<'_>> {
    let (_, resource) = used.resource_id.split_once(":app/")?;
    let [domain, owner, _, name] = resource.split('/').collect::<Vec<_>>()[..] else {
        return None;
    };
    let (kind, _) = text(used).split_once("Studio:")?.1.split_once("-ml.")?;
    Some(App { domain, owner, kind, name })
}

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Schedule,
    wanted: |u| text(u).contains("Studio:") && text(u).contains("-ml."),
    look: |cx, used| {
        let hours =
            used.now().quantity.ok_or("its hours are unknown: PricingQuantity is missing")?;
        let least = cx.decimal(META.id, &LEAST_HOURS);
        if hours < least {
            return Ok(None);
        }
        let app = app(used).ok_or("its ResourceId is not the ARN of an app")?;
        let seen = format!(
            "{}; never stopped if at least {}",
            hours.round_dp(1).normalize(),
            least.normalize()
        );
        Ok(Some(Found {
            share: cx.decimal(META.id, &UNUSED) / Decimal::ONE_HUNDRED,
            uncertain: true,
            title: format!("Stop the {} app of {} when nobody works with it", app.kind, app.owner),
            facts: vec![
                Evidence::new("domain", app.domain, "bill"),
                Evidence::new("hours billed", seen, "bill"),
            ],
            change: None,
        }))
    },
    trade_off,
    runbook: |draft, _, used| match app(used) {
        Some(app) => script(draft, &app),
        None => draft,
    },
};

/// Adds the commands that delete an app, and those that create it again.
fn script(draft: Draft, app: &App<'_>) -> Draft {
    let (domain, kind, name) = (shell_word(app.domain), shell_word(app.kind), shell_word(app.name));
    // An app belongs to a space or to a user profile. The ARN has the name of either.
    let filter = format!(
        "Apps[?AppType=='{}' && AppName=='{}' && (SpaceName=='{}' || UserProfileName=='{}')] | [0]",
        app.kind, app.name, app.owner, app.owner
    );
    let list = format!("aws sagemaker list-apps --domain-id-equals {domain}");
    let field =
        |variable: &str, field: &str| lines::keep(variable, &list, &format!("{filter}.{field}"));
    // The command with the option that names the owner.
    let of_owner = |command: &str| {
        format!(
            "if [ \"$SPACE\" != None ]; then\n{command} --space-name \"$SPACE\"\n\
             else\n{command} --user-profile-name \"$PROFILE\"\nfi"
        )
    };
    let named = format!("--domain-id {domain} --app-type {kind} --app-name {name}");
    draft
        .rollout(&[
            "stop it in the evening, and start it only when someone works with it",
            "then turn on idle shutdown for the domain, so that it stops without anyone",
        ])
        .run(format!("save app.json {list} --query {}", shell_word(&filter)))
        .run(field("SPACE", "SpaceName"))
        .run(field("PROFILE", "UserProfileName"))
        .run(field("TYPE", "ResourceSpec.InstanceType"))
        .run(of_owner(&format!("aws sagemaker delete-app {named}")))
        .undo(". ./ids.sh")
        .undo(of_owner(&format!(
            "aws sagemaker create-app {named} --resource-spec InstanceType=\"$TYPE\""
        )))
        .watch("hours billed for apps of the domain in the following weeks")
        .terraform("aws_sagemaker_domain: default_user_settings with idle_settings of the app")
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "a job that runs in the app at night ends when it is stopped";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("none for production: Studio serves no requests")
        .interrupts("the app cannot be used until it is started again, which takes minutes")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "ask the owner which jobs run in it at night",
            "save open files: unsaved work and kernels are lost",
        ])
        .rollback(&["start the app again in the same space"])
}
