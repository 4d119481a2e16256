//! Hourly usage of the demo bill, and its commitments simulated on it, compared with the coverage
//! in the bill.

use std::collections::BTreeSet;

use cost_core::commitment::hours::{HourlyUsage, OwnedEstate, Window, hourly};
use cost_core::commitment::simulate::{Instrument, simulate};
use cost_core::estate::Estate;
use cost_provider_focus::FocusFiles;
use rust_decimal::Decimal;

use crate::support::{DEMO, root};

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a day")
}

fn demo() -> (Estate, HourlyUsage) {
    let estate = Estate::open(root().join(DEMO).to_str().expect("UTF-8")).expect("the demo");
    let bill = FocusFiles::new(&estate.billing).bill(&[]).expect("its bill");
    let window = Window { from: day("2026-08-03"), until: day("2026-11-02") };
    let usage = hourly(&bill, window, &BTreeSet::new()).expect("hours");
    (estate, usage)
}

#[test]
fn simulated_commitments_pay_for_what_the_bill_says() {
    let (estate, usage) = demo();
    let known =
        OwnedEstate::new(&usage, &estate.prices, estate.inventory.as_ref()).expect("an estate");
    let unknown = [
        "InstanceUsage:db.t3.medium of DocumentDB: the simulator does not support this service",
        "InstanceUsage:db.t3.medium of Neptune: the simulator does not support this service",
        // MemoryDB.
        "NodeUsage:db.t4g.small: the simulator does not support this usage type",
    ];
    assert_eq!(known.excluded, unknown);
    assert_eq!(known.estate.commitments.len(), 3);
    let count = known.estate.commitments.iter().find_map(|c| match &c.instrument {
        Instrument::Reservation { count, .. } => Some(*count),
        Instrument::SavingsPlan { .. } => None,
    });
    assert_eq!(count, Some(5), "the reservation is of as many as the inventory says");
    let simulated = simulate(&known.estate).expect("a simulation");
    let billed: Decimal =
        usage.lines.iter().flat_map(|l| l.covered.values()).map(|c| c.effective).sum();
    let used: Decimal = simulated.commitments.iter().map(|c| c.cost - c.unused).sum();
    // The demo covers one instance after the other, AWS what saves most: with one discount for all,
    // the sums are alike.
    let off = ((used - billed) / billed).abs();
    assert!(off < Decimal::new(1, 5), "the bill says {billed}, the simulation {used}");
    let on_demand: Decimal = known
        .lines
        .iter()
        .map(|at| {
            let l = &usage.lines[*at];
            let all: i64 = l.quantities.iter().sum();
            let covered: Decimal = l.covered.values().map(|c| c.quantity).sum();
            (Decimal::new(all, 10) - covered) * l.on_demand_unit_price
        })
        .sum();
    let left: Decimal = simulated.lines.iter().map(|l| l.on_demand_cost).sum();
    let off = ((left - on_demand) / on_demand).abs();
    assert!(off < Decimal::new(1, 5), "the bill says {on_demand} on demand, the simulation {left}");
}
