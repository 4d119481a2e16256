//! Databases whose class is of an older generation.
//!
//! In:  monthly resource rows of RDS instance hours; list prices by engine and class.
//! Out: one `Modify` opportunity per instance.
//! Not here: changes of size (see `oversized_database`) or architecture (see `graviton_database`).

use super::graviton_database::{DATABASE, class_trade_off, runbook};
use super::idle_database::is_there;
use crate::check::{CheckMeta, Context, Group, Input};
use crate::checks::aws::managed_class::{ClassCheck, another};
use crate::checks::shared::plain::PlainCheck;
use crate::cloud::Provider;
use crate::cloud::aws::Ec2Type;
use crate::opportunity::Action;
use crate::tradeoff::{Level, TradeOff};

static META: CheckMeta = CheckMeta {
    id: "previous_generation_database",
    provider: Some(Provider::Aws),
    service: "rds",
    title: "Databases of an older generation",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["rds:DescribeDBInstances", "pricing:GetProducts"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
RDS and Aurora instances (MySQL, MariaDB, PostgreSQL) for which a newer generation of the same class (m, r, t …) and size has the same
architecture, no less memory, network, and CoreMark, at least 95 % of the EBS bandwidth, and a lower list price for the engine. The check names
the cheapest of these. Other engines are skipped, because their price includes a license.
## How the saving is computed
Per month of 730 h: EffectiveCost of the instance hours × (1 − new list price ÷ old list price), both for the engine and Single-AZ, because Multi-AZ
costs twice as much for both. List prices are the estate's (`cost pull aws`). In a region that the list lacks, the new price is estimated
(docs/price-estimates.md), and `low` and `high` have its interval.
## Trade-offs
A restart, or a failover with Multi-AZ. Older engine versions do not run on the newest classes.
## Source
Amazon RDS User Guide, \"DB instance classes\" (\"Previous generation instance classes\") and \"Modifying an Amazon RDS DB instance\". Read
2026-11.",
};

pub(in crate::checks) static CHECK: ClassCheck = ClassCheck {
    of: &DATABASE,
    check: PlainCheck {
        meta: &META,
        action: Action::Modify,
        wanted: is_there,
        look: |cx, used| {
            another(cx, used, &DATABASE, |new, old| {
                new.generation() > old.generation()
                    && matches!(new.attributes(), "" | "i")
                    && new.architectures.contains("x86_64")
                    && old.architectures.contains("x86_64")
            })
        },
        trade_off,
        runbook,
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "the same size, engine, and architecture, and no worse in any compared property";
    let tests = ["restore a snapshot to the new class and run the service's own checks against it"];
    class_trade_off(cx, (Level::Low, reason), &tests)
}
