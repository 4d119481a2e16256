//! Databases for development and tests that run in several Availability Zones.
//!
//! In:  monthly resource rows of `Multi-AZUsage` and of Multi-AZ storage; tags of the inventory.
//! Out: one `Modify` opportunity per database.

use rust_decimal::Decimal;

use super::idle_database::is_there;
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse};
use crate::checks::aws::meter::{kind, text};
use crate::checks::shared::environment::for_tests;
use crate::checks::shared::plain::name_of;
use crate::checks::shared::{cost_now, covered_caveat, expected};
use crate::cloud::Provider;
use crate::opportunity::{Action, Draft};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

/// The check that [`META`] describes.
pub(in crate::checks) struct MultiAzTestDatabase;

static META: CheckMeta = CheckMeta {
    id: "multi_az_test_database",
    provider: Some(Provider::Aws),
    service: "rds",
    title: "Databases for development and tests in several Availability Zones",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["rds:DescribeDBInstances"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
RDS instances with `Multi-AZUsage` whose tag `env`, `environment`, or `stage` says that they are for development or tests (`dev`, `test`, `qa`,
`sandbox`, `demo`, also as a part of the value). Staging is not included, because it is often there to test a failover. Databases without such a tag
are not evaluated. Clusters, whose instances are billed one by one, are not included.
## How the saving is computed
Per month of 730 h: half of the EffectiveCost of the instance hours, storage, and IOPS of Multi-AZ, because a Single-AZ deployment costs half as much.
## Trade-offs
The database is unavailable during maintenance, and for longer if its Availability Zone fails. Backups slow it down, because no standby takes them.
## Source
Amazon RDS User Guide, \"Multi-AZ DB instance deployments for Amazon RDS\"; Amazon RDS pricing. Read 2026-11.",
};

impl Check for MultiAzTestDatabase {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let is_double = |u: &ResourceUse| is_there(u) && kind(u) == "Multi-AZUsage";
        for used in cx.named_once(is_double, &mut out)? {
            match cx.resource(&used.resource_id) {
                Some(database) => {
                    if let Some(environment) = for_tests(database, false) {
                        judge(cx, used, &environment, &mut out)?;
                    }
                }
                None => out.skip(
                    &used.resource_id,
                    "billed, but not in the inventory: its tags are unknown",
                ),
            }
        }
        Ok(out)
    }
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    environment: &str,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let is_multi = |u: &ResourceUse| text(u).contains("Multi-AZ");
    let claims = cx.claims(&used.resource_id, is_multi, Decimal::new(5, 1))?;
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let name = name_of(cx, used);
    let id = shell_word(name);
    let to = |option: &str| {
        format!(
            "aws rds modify-db-instance --db-instance-identifier {id} {option} --apply-immediately\n\
             aws rds wait db-instance-available --db-instance-identifier {id}"
        )
    };
    let asks = trade_off(cx).caveat(covered_caveat(&claims));
    let draft = Draft::new(META.id, Action::Modify, &used.resource_id, cx.scope_of(used), asks)
        .title(format!("Run the database {name} in one Availability Zone"))
        .from_to("deployment", "Multi-AZ", "Single-AZ")
        .evidence("environment", environment, "inventory")
        .facts([cost_now(cx, &claims)?])
        .claims(claims)
        .rollout(&[
            "ask the owner whether tests need a failover",
            "change it outside working hours",
        ])
        .run(format!(
            "save database.json aws rds describe-db-instances --db-instance-identifier {id}"
        ))
        .run(to("--no-multi-az"))
        .undo(to("--multi-az"))
        .watch("failed tests after maintenance windows, for a month")
        .terraform("aws_db_instance: multi_az = false");
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason =
        "a database for development or tests is unavailable for longer when its zone fails";
    TradeOff::new(Level::Low, Level::Low, reason, cx.currency())
        .reliability("no standby in another Availability Zone; backups do not change")
        .no_downtime("none for the change itself")
        .test_first(&["ask the owner whether tests of the failover use it"])
        .rollback(&["make it Multi-AZ again: latency is higher while the standby is created"])
}
