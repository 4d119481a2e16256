//! Invariants over generated bills: totals are conserved, order does not matter, savings never
//! exceed the cost.

use std::fmt::Write;
use std::fs;

use cost_core::prelude::{Currency, Money, Review, Session};
use cost_core::review::Bridge;
use cost_provider_focus::FocusFiles;
use cost_report::{RenderOptions, Reviews, format};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// The file that a bill is read from.
const NAME: &str = "bill.csv";

/// A line item in the making.
#[derive(Clone, Debug)]
struct Item {
    /// 10⁻⁸ of a dollar.
    billed: i64,
    effective: i64,
    day: u32,
    month: u32,
    account: u8,
    meter: usize,
    resource: u8,
    quantity: u16,
    category: usize,
    tag: Option<u8>,
}

const METERS: [&str; 6] = [
    "BoxUsage:m4.xlarge",
    "BoxUsage:c4.2xlarge",
    "EBS:VolumeUsage.gp2",
    "PublicIPv4:IdleAddress",
    "Requests-Tier1",
    "EU-BoxUsage:r4.xlarge",
];
const CATEGORIES: [&str; 5] = ["Usage", "Usage", "Usage", "Credit", "Tax"];

fn item() -> impl Strategy<Value = Item> {
    let amounts = (-1_000_000_i64..20_000_000_000, 0_i64..20_000_000_000);
    let when = (1_u32..=28, 1_u32..=3);
    let what = (
        0_u8..3,
        0..METERS.len(),
        0_u8..4,
        0_u16..800,
        0..CATEGORIES.len(),
        proptest::option::of(0_u8..3),
    );
    (amounts, when, what).prop_map(|((billed, effective), (day, month), what)| {
        let (account, meter, resource, quantity, category, tag) = what;
        Item { billed, effective, day, month, account, meter, resource, quantity, category, tag }
    })
}

fn bill(items: &[Item], currency: impl Fn(usize) -> &'static str) -> String {
    let mut out = String::from(
        "BilledCost,EffectiveCost,ListCost,PricingQuantity,PricingUnit,BillingPeriodStart,ChargePeriodStart,\
         BillingCurrency,ChargeCategory,PricingCategory,BillingAccountId,ProviderName,ServiceName,InvoiceIssuerName,\
         SubAccountId,RegionId,SkuMeter,ResourceId,Tags\n",
    );
    for (at, i) in items.iter().enumerate() {
        // The list price of m4.xlarge, so that checks which compare prices have something to say.
        let list = Decimal::new(2, 1) * Decimal::from(i.quantity);
        let tags = i.tag.map(|t| format!("\"{{\"\"team\"\":\"\"t{t}\"\"}}\"")).unwrap_or_default();
        let cost = |v: i64| Decimal::new(v, 8);
        writeln!(
            out,
            "{},{},{list},{},Hours,2026-{:02}-01,2026-{:02}-{:02},{},{},Standard,b,AWS,EC2,AWS,a{},us-east-1,{},r{},{tags}",
            cost(i.billed),
            cost(i.effective),
            i.quantity,
            i.month,
            i.month,
            i.day,
            currency(at),
            CATEGORIES[i.category],
            i.account,
            METERS[i.meter],
            i.resource
        )
        .expect("text");
    }
    out
}

fn opened(text: &str) -> Result<Session, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(NAME);
    fs::write(&path, text).expect("written");
    let bill = FocusFiles::new(path.to_str().expect("UTF-8"))
        .bill(&["team".to_owned()])
        .map_err(|e| e.to_string())?;
    Session::open(&bill).map_err(|e| e.to_string())
}

fn reviewed(session: &Session) -> Review {
    let mut review = session.review().expect("a review");
    // These name the file, which is another one each time.
    review.notes.retain(|note| !note.contains(NAME));
    review.data_quality.files.clear();
    review
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn totals_are_conserved_from_line_items_to_cube_to_review(items in proptest::collection::vec(item(), 1..60)) {
        let session = opened(&bill(&items, |_| "USD")).expect("a bill");
        let rollup = session.rollup();
        let sum = |of: fn(&Item) -> i64| items.iter().map(|i| Decimal::new(of(i), 8)).sum::<Decimal>();
        let all = rollup.cube.total(polars::prelude::lit(true)).expect("a total");
        prop_assert_eq!(all.billed, Money::new(sum(|i| i.billed), Currency::USD));
        prop_assert_eq!(all.effective, Money::new(sum(|i| i.effective), Currency::USD));
        prop_assert_eq!(all.line_items, u64::try_from(items.len()).expect("small"));
        let resources = rollup.resources.sum_by(&[], polars::prelude::lit(true)).expect("a total");
        prop_assert_eq!(resources[0].amounts.billed, all.billed, "every item has a resource");
        let review = reviewed(&session);
        let invoiced = Money::try_sum(review.invoices.iter().map(|i| i.billed), Currency::USD).expect("a sum");
        prop_assert_eq!(invoiced, all.billed);
        let kinds = Money::try_sum(review.totals.categories.iter().map(|c| c.billed.this_month), Currency::USD);
        prop_assert_eq!(kinds.expect("a sum"), review.totals.billed.this_month);
    }

    #[test]
    fn the_bridge_adds_up_in_every_scope(items in proptest::collection::vec(item(), 1..60)) {
        let review = reviewed(&opened(&bill(&items, |_| "USD")).expect("a bill"));
        let Some(bridge) = review.bridge else { return Ok(()) };
        let adds_up = |b: &Bridge| {
            let parts = Money::try_sum(b.parts.iter().map(|p| p.amount), Currency::USD).expect("it fits");
            parts == b.change && b.last_month.try_add(parts).expect("it fits") == b.this_month
        };
        prop_assert!(adds_up(&bridge.total), "{:?}", bridge.total);
        prop_assert_eq!(Some(bridge.total.change), review.totals.effective.change);
        for table in &bridge.by {
            let rows = || table.rows.iter().map(|row| &row.bridge).chain(&table.others);
            prop_assert!(rows().all(adds_up), "{:?}", table);
            let sum = Money::try_sum(rows().map(|b| b.change), Currency::USD).expect("it fits");
            prop_assert_eq!(sum, bridge.total.change);
            let sum = Money::try_sum(rows().map(|b| b.this_month), Currency::USD).expect("it fits");
            prop_assert_eq!(sum, bridge.total.this_month);
        }
        for driver in &review.cost_drivers {
            let parts = [
                driver.price, driver.usage, driver.new, driver.gone, driver.unsplit, driver.days, driver.mix,
                driver.coverage, driver.unused_commitments,
            ];
            prop_assert_eq!(Money::try_sum(parts, Currency::USD).expect("it fits"), driver.change);
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(items in proptest::collection::vec(item(), 2..40), seed in 1_usize..1000) {
        let mut other = items.clone();
        let len = other.len();
        for i in 0..len {
            other.swap(i, (i * seed + 7) % len);
        }
        let json = |items: &[Item]| {
            let look = RenderOptions { width: 80, color: false, top: 10 };
            let review = reviewed(&opened(&bill(items, |_| "USD")).expect("a bill"));
            format("json").expect("json is there").text(&Reviews(std::slice::from_ref(&review)), &look).expect("text")
        };
        prop_assert_eq!(json(&items), json(&other));
    }

    #[test]
    fn joint_savings_are_at_most_the_singles_and_the_spend(items in proptest::collection::vec(item(), 1..80)) {
        let review = reviewed(&opened(&bill(&items, |_| "USD")).expect("a bill"));
        let plan = &review.plan;
        prop_assert!(plan.joint.expected.amount() <= plan.sum_of_singles.expected.amount());
        prop_assert!(plan.joint.low.amount() <= plan.joint.expected.amount());
        prop_assert!(plan.joint.expected.amount() <= plan.joint.high.amount());
        prop_assert!(!plan.overlap.amount().is_sign_negative() || plan.overlap.amount().is_zero());
        let mut slices = std::collections::BTreeMap::new();
        for claim in review.opportunities.iter().flat_map(|o| &o.claims) {
            prop_assert!(claim.savings.expected.amount() <= claim.spend.amount(), "{:?}", claim);
            slices.insert(claim.key(), claim.spend);
        }
        let spend = Money::try_sum(slices.into_values(), Currency::USD).expect("a sum");
        // `high` is for a month that costs more than this one.
        prop_assert!(plan.joint.expected.amount() <= spend.amount());
    }

    #[test]
    fn mixed_currencies_are_never_added(
        items in proptest::collection::vec(item(), 2..20),
        odd in 0_usize..20,
    ) {
        let odd = odd % items.len();
        let result = opened(&bill(&items, |at| if at == odd { "EUR" } else { "USD" }));
        let error = result.expect_err("two currencies are refused");
        // The row is the first that differs from the first row.
        let row = if odd == 0 { 2 } else { odd + 1 };
        prop_assert!(error.contains(&format!("row {row}, column BillingCurrency")), "{}", error);
    }
}
