//! Charges other than usage: support, marketplace, credits, taxes, refunds.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use rust_decimal::{Decimal, RoundingStrategy};

use super::company::{
    self, Account, DATA, DEV, SANDBOX, SHARED, SHOP, SINGAPORE, WANDERLUST, date,
};
use crate::row::{AWS, Costs, Place, Row, Sku, next_month};

/// Invoice issuer of marketplace subscriptions.
const MARKETPLACE: &str = "Amazon Web Services EMEA SARL";
/// Tax on usage and purchases, per mille. Fictional.
const TAX_PER_MILLE: i64 = 19;

fn sku(
    service: &'static str,
    meter: &str,
    unit_price: Decimal,
    description: &str,
    publisher: &'static str,
) -> Sku {
    Sku {
        service,
        service_category: "Other",
        subcategory: "Other (Other)",
        meter: Arc::from(meter),
        unit: "Months",
        list_unit_price: unit_price,
        description: Arc::from(description),
        publisher,
    }
}

fn at(account: Account) -> Place {
    company::place(account, None, None, None)
}

fn whole_month(first: NaiveDate) -> (NaiveDateTime, NaiveDateTime) {
    (company::midnight(first), company::midnight(next_month(first)))
}

/// Creates a charge without a list price: all four costs are the same.
fn flat(
    sku: &Sku,
    account: Account,
    (start, end): (NaiveDateTime, NaiveDateTime),
    category: &'static str,
    cost: Decimal,
) -> Row {
    Row {
        start,
        end,
        billing_month: crate::row::first_of_month(start.date()),
        issuer: AWS,
        category,
        correction: false,
        frequency: "One-Time",
        pricing_category: None,
        commitment: None,
        sku: sku.clone(),
        place: at(account),
        costs: Costs {
            list: cost,
            contracted: cost,
            billed: cost,
            effective: cost,
            ..Costs::default()
        },
    }
}

/// Returns the charges on the first day of a month.
pub(super) fn first_day(first: NaiveDate) -> Vec<Row> {
    let monthly = |service, meter: &str, usd: i64, publisher, issuer| {
        let price = Decimal::from(usd);
        let sku = sku(service, meter, price, &format!("${usd} a month"), publisher);
        let mut row = Row::usage(&sku, &at(SHARED), whole_month(first), Decimal::ONE, price);
        row.category = "Purchase";
        row.frequency = "Recurring";
        row.issuer = issuer;
        row
    };
    let credit = sku("AWS Credits", "Credit", Decimal::ZERO, "Promotional credit", AWS);
    let day = (company::midnight(first), company::midnight(first) + TimeDelta::days(1));
    vec![
        monthly("AWS Support (Business)", "SupportBusiness", 1_450, AWS, AWS),
        monthly(
            "Observability Suite (Marketplace)",
            "MP:observability",
            1_900,
            "Lighthouse Telemetry Ltd",
            MARKETPLACE,
        ),
        flat(&credit, SHARED, day, "Credit", Decimal::from(-600)),
    ]
}

/// Returns the refund in April of part of the cost of the leaked credentials in March: a correction
/// of a closed period.
pub(super) fn refund(day: NaiveDate) -> Option<Row> {
    (day == date(2026, 4, 14)).then(|| {
        let sku = sku(
            "Amazon Elastic Compute Cloud",
            "Refund",
            Decimal::ZERO,
            "Refund for unauthorised usage",
            AWS,
        );
        let span = (company::midnight(date(2026, 3, 22)), company::midnight(date(2026, 3, 25)));
        let mut row = flat(&sku, SANDBOX, span, "Usage", Decimal::from(-250));
        row.correction = true;
        row.frequency = "Usage-Based";
        row.pricing_category = Some("Standard");
        row.place.region = Some(SINGAPORE);
        row.billing_month = date(2026, 4, 1);
        row
    })
}

/// Returns the taxes of a month, one per account and issuer, rounded to cents.
pub(super) fn taxes(first: NaiveDate, rows: &[Row]) -> Vec<Row> {
    let mut billed: BTreeMap<(&str, &'static str), Decimal> = BTreeMap::new();
    for row in rows.iter().filter(|r| r.category != "Credit") {
        *billed.entry((row.place.account_id, row.issuer)).or_default() += row.costs.billed;
    }
    let accounts = [SHOP, DATA, DEV, SHARED, SANDBOX, WANDERLUST];
    let tax = |((id, issuer), total): ((&str, &'static str), Decimal)| {
        let account = accounts.iter().find(|a| a.0 == id)?;
        let amount = total * Decimal::new(TAX_PER_MILLE, 3);
        let amount = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        let sku = sku("Tax", "Tax", Decimal::ZERO, "Tax of 1.9 %", AWS);
        let mut row = flat(&sku, *account, whole_month(first), "Tax", amount);
        row.issuer = issuer;
        (amount != Decimal::ZERO).then_some(row)
    };
    billed.into_iter().filter_map(tax).collect()
}
