//! EC2 instances.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::json;

use super::amounts::{off_hours, usd, whole};
use super::services::EC2;
use super::storage::ARCHIVE_GB;
use crate::demo::company::{date, hex_id};
use crate::demo::fleet::{self, Prices};
use crate::demo::thing::{HOURS, Metric, Shape, Thing};

/// Checks that a trap for what is idle is laid out for.
const IDLE_MACHINE: &[&str] = &["idle_instance", "oversized_instance", "off_hours_instance"];

/// Machines, and what EC2's price list says of their types.
pub(super) fn machines() -> anyhow::Result<Vec<Thing>> {
    let types = Types(fleet::price_list()?);
    let machine = |name, instance_type| types.machine(name, instance_type);
    let mut young = calm(machine("new-checkout", "m6i.large"));
    young.created = date(2026, 10, 27);
    let monitored = |mut of: Thing| {
        of.details["DetailedMonitoring"] = true.into();
        of
    };
    Ok(vec![
        calm(machine("intranet", "m5.large")).waste(
            "idle_instance",
            types.price("m5.large") * HOURS,
            "nobody has opened the old intranet since the move",
        ),
        machine("print", "m5.4xlarge")
            .did(Metric::Cpu, Shape::Around(11.0))
            .did(Metric::Memory, Shape::Around(9.0))
            .did(Metric::Network, Shape::Around(400_000_000.0))
            .waste(
                "oversized_instance",
                (types.price("m5.4xlarge") - types.price("m7i.large")) * HOURS,
                "never above 11 % of its CPU and 9 % of its memory: an m7i.large stays under 70 % and 85 %",
            ),
        monitored(machine("qa", "m6a.large"))
            .did(Metric::Cpu, Shape::Office(55.0, 1.5))
            .did(Metric::Network, Shape::Office(50_000_000.0, 30_000.0))
            .tagged("env", "test")
            .waste(
                "off_hours_instance",
                types.price("m6a.large") * HOURS * off_hours(),
                "testers work from 08:00 to 18:00 UTC on weekdays",
            )
            .waste(
                "detailed_monitoring",
                // Seven metrics.
                usd(3_000) * whole(7),
                "tests need no metrics by the minute",
            ),
        monitored(types.with_credits())
            .trap(&["detailed_monitoring"], "for production: its alarms react within minutes"),
        stopped(),
        calm(machine("ledger-standby", "m5.xlarge"))
            .tagged("role", "standby")
            .trap(IDLE_MACHINE, "a standby: idle until the ledger's machine fails"),
        calm(machine("web-dr", "m5.large"))
            .tagged("purpose", "disaster recovery")
            .trap(IDLE_MACHINE, "kept for the day on which Ireland is gone"),
        machine("invoicing", "m5.2xlarge")
            .did(Metric::Cpu, Shape::MonthEnd(95.0, 1.5))
            .did(Metric::Network, Shape::MonthEnd(900_000_000.0, 30_000.0))
            .trap(&["idle_instance", "off_hours_instance"], "does nothing but on the last two days of a month"),
        young.trap(IDLE_MACHINE, "a week old: its launch is in November"),
    ])
}

/// The price list, by instance type.
struct Types(BTreeMap<String, Prices>);

impl Types {
    /// An hour on demand with Linux; 0 if the type is not in the list.
    fn price(&self, instance_type: &str) -> Decimal {
        self.0.get(instance_type).and_then(|p| p.od_linux_usd_hr).unwrap_or_default()
    }

    /// A machine that runs all the time.
    fn machine(&self, name: &'static str, instance_type: &'static str) -> Thing {
        let mut of = Thing::of_ec2("instance", "i", "instance", name);
        of.state = "running";
        of.instance_type = Some(instance_type);
        of.details = json!({ "ImageId": format!("ami-{}", hex_id("wanderlust-image-base-2026")) });
        let price = self.price(instance_type);
        let of = of.hours(EC2, &format!("BoxUsage:{instance_type}"), price, 1);
        // The newer type of the same class and size that is cheapest and no slower.
        match instance_type.strip_prefix("m5.") {
            Some(size) => {
                let saving = (price - self.price(&format!("m6a.{size}"))) * HOURS;
                of.waste("previous_generation_instance", saving, "m5 is two generations old")
            }
            None => of,
        }
    }

    /// It uses 45 % of a CPU of which its type includes 30 %, and pays for the rest.
    fn with_credits(&self) -> Thing {
        let credit = usd(500);
        let surplus_hours = Decimal::new(15, 2) * whole(2);
        let more = self.price("m6a.large") - self.price("t3.large");
        self.machine("converter", "t3.large")
            .did(Metric::Cpu, Shape::Around(50.0))
            .did(Metric::Network, Shape::Around(50_000_000.0))
            .a_day(EC2, "CPUCredits:t3", "vCPU-Hours", (credit, surplus_hours * whole(24)))
            .waste(
                "surplus_credits_instance",
                (credit * surplus_hours - more) * HOURS,
                "it converts pictures all day: full CPU costs less than credits",
            )
    }
}

/// It does next to nothing.
fn calm(of: Thing) -> Thing {
    of.did(Metric::Cpu, Shape::Around(1.5)).did(Metric::Network, Shape::Around(30_000.0))
}

/// Stopped; an AMI of it keeps its blocks, and its volume is full.
fn stopped() -> Thing {
    let mut stopped = Thing::of_ec2("instance", "i", "instance", "archive");
    (stopped.state, stopped.since, stopped.instance_type) =
        ("stopped", Some(date(2026, 6, 1)), Some("m5.large"));
    let saved = whole(ARCHIVE_GB) * (usd(800) - usd(500));
    stopped.waste("stopped_instance", saved, "stopped since June; its volume is full")
}
