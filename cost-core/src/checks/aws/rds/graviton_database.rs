//! Databases that would cost less on a Graviton class of the same size.
//!
//! In:  monthly resource rows of RDS instance hours; list prices by engine and class.
//! Out: one `Modify` opportunity per instance.
//! Not here: changes of size (see `oversized_database`).

use super::idle_database::is_there;
use super::oversized_database::{class_by_deployment, class_in_place};
use crate::check::{CheckMeta, Context, Group, Input, ResourceUse};
use crate::checks::aws::ec2::alternative::is_graviton;
use crate::checks::aws::managed_class::{ClassCheck, Managed, another, class_of};
use crate::checks::shared::plain::{PlainCheck, name_of};
use crate::cloud::Provider;
use crate::inventory::detail;
use crate::opportunity::{Action, Draft};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

/// RDS and Aurora, for engines whose price contains no license.
pub(in crate::checks) static DATABASE: Managed = Managed {
    prefix: "db.",
    noun: "database",
    engine: |database| {
        let engine =
            database.get(detail::ENGINE).ok_or("its engine is missing from the inventory")?;
        match engine {
            "mysql" | "mariadb" | "postgres" | "aurora-mysql" | "aurora-postgresql" => {
                Ok(engine.to_owned())
            }
            other => Err(format!("{other}: the price of its classes includes a license")),
        }
    },
    on_ebs: true,
    group: |_, _| None,
    label: name_of,
};

static META: CheckMeta = CheckMeta {
    id: "graviton_database",
    provider: Some(Provider::Aws),
    service: "rds",
    title: "Databases that would cost less on Graviton",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["rds:DescribeDBInstances", "pricing:GetProducts"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
RDS and Aurora instances (MySQL, MariaDB, PostgreSQL) on x86 for which a Graviton class of the same size, no older, has no less memory, network, and
CoreMark, at least 95 % of the EBS bandwidth, and a lower list price for the engine. The check names the cheapest of these.
## How the saving is computed
As for `previous_generation_database`. In a region that the list lacks, the new price is estimated (docs/price-estimates.md), and `low` and `high`
have its interval.
## Trade-offs
A restart, or a failover with Multi-AZ. Clients do not depend on the architecture. Extensions and engine versions must support it.
## Source
Amazon RDS User Guide, \"DB instance classes\" (engines and versions by class). Read 2026-11.",
};

pub(in crate::checks) static CHECK: ClassCheck = ClassCheck {
    of: &DATABASE,
    check: PlainCheck {
        meta: &META,
        action: Action::Modify,
        wanted: is_there,
        look: |cx, used| another(cx, used, &DATABASE, is_graviton),
        trade_off,
        runbook,
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "the engine runs on another processor architecture; its clients do not change";
    let tests = [
        "restore a snapshot to the new class and replay a busy hour",
        "compare the engine version with those that the class runs",
    ];
    class_trade_off(cx, (Level::Medium, reason), &tests)
}

/// Returns the trade-off of changing a database's class.
pub(in crate::checks) fn class_trade_off(
    cx: &Context<'_>,
    (risk, reason): (Level, &str),
    tests: &[&str],
) -> TradeOff {
    TradeOff::new(Level::Low, risk, reason, cx.currency())
        .reliability("none after the move; Multi-AZ, backups, and replicas do not change")
        .interrupts("for some minutes, during a restart; with Multi-AZ for one or two minutes, during a failover")
        .test_first(tests)
        .rollback(&["change the class back in the same way: another restart"])
        .caveats(&["reservations apply to one instance family: check whether one covers this database before the move"])
}

/// Adds the lines that change a database's class and roll it back.
pub(in crate::checks) fn runbook(draft: Draft, cx: &Context<'_>, used: &ResourceUse) -> Draft {
    let id = shell_word(name_of(cx, used));
    let (old, new) = (shell_word(&class_of(cx, used)), shell_word(draft.changed_to()));
    let to = |class: &str| {
        format!(
            "aws rds modify-db-instance --db-instance-identifier {id} --db-instance-class {class}"
        )
    };
    let describe = format!("aws rds describe-db-instances --db-instance-identifier {id}");
    let orderable = format!(
        "ENGINE=$({describe} --query 'DBInstances[0].Engine' --output text)\n\
         ENGINE_VERSION=$({describe} --query 'DBInstances[0].EngineVersion' --output text)\n\
         test \"$(aws rds describe-orderable-db-instance-options --engine \"$ENGINE\" --engine-version \"$ENGINE_VERSION\" --db-instance-class {new} \
         --query 'length(OrderableDBInstanceOptions) > `0`' --output text)\" = True"
    );
    let ways = (
        class_in_place(name_of(cx, used), &orderable, (&new, &old)),
        class_by_deployment(name_of(cx, used), &used.resource_id, &new),
    );
    draft
        .restarts()
        .rollout(&[
            "restore a snapshot to the new class and run the service's own checks",
            "change staging, then a replica, then production in its maintenance window",
        ])
        .run(orderable)
        .run(format!("{} --no-apply-immediately", to(&new)))
        .undo(format!("{} --apply-immediately", to(&old)))
        .watch("CPUUtilization, ReadLatency, and WriteLatency, for a week: roll back if they are worse than the week before")
        .terraform(format!("aws_db_instance or aws_rds_cluster_instance: instance_class = \"{new}\""))
        .way(ways.0)
        .way(ways.1)
}
