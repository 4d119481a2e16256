//! Hand-worked reconciliations.

use std::str::FromStr;

use rust_decimal::Decimal;

use super::{InvoiceState, Invoiced, Reconciliation, TOLERANCE, amount, reconcile};
use crate::money::{Currency, Money};
use crate::review::InvoiceTotal;

fn usd(text: &str) -> Money {
    Money::new(Decimal::from_str(text).expect("a number"), Currency::USD)
}

fn total(period: &str, issuer: &str, id: &str, billed: &str) -> InvoiceTotal {
    let text = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
    InvoiceTotal {
        billing_period: period.parse().expect("a day"),
        invoice_issuer: text(issuer),
        invoice_id: text(id),
        billed: usd(billed),
    }
}

fn bill() -> Vec<InvoiceTotal> {
    vec![
        total("2026-09-01", "AWS", "1", "70.004999"),
        total("2026-10-01", "AWS", "2", "73.272700757836"),
        total("2026-10-01", "AWS", "3", "-0.60"),
        total("2026-10-01", "AWS EMEA", "4", "1936.10"),
    ]
}

fn against(text: &str) -> Reconciliation {
    let invoiced = Invoiced::parse(text, Some(Currency::USD)).expect("invoices");
    reconcile(&bill(), &invoiced, TOLERANCE).expect("it fits")
}

fn states(of: &Reconciliation) -> Vec<(InvoiceState, String)> {
    of.rows.iter().map(|row| (row.state, row.difference.amount().normalize().to_string())).collect()
}

#[test]
fn invoices_that_agree_differ_and_are_missing() {
    let all = against("period,issuer,amount\n2026-10,aws,72.67\n2026-10,AWS EMEA,\"1,936.10\"\n");
    assert!(all.reconciles, "{all:?}");
    assert_eq!(
        states(&all),
        [
            (InvoiceState::Agrees, "0".to_owned()),
            (InvoiceState::Agrees, "0.002700757836".to_owned())
        ]
    );
    let differs = against("period,issuer,amount\n2026-10,AWS,72.66\n2026-10,AWS EMEA,1936.10\n");
    assert!(!differs.reconciles);
    assert_eq!(states(&differs)[0], (InvoiceState::Differs, "0.012700757836".to_owned()));
    let missing = against("period,issuer,amount\n2026-10,AWS,72.67\n2026-10,GCP,5\n");
    assert_eq!(
        states(&missing),
        [
            (InvoiceState::Agrees, "0.002700757836".to_owned()),
            (InvoiceState::NotInvoiced, "1936.1".to_owned()),
            (InvoiceState::NotInBill, "-5".to_owned()),
        ]
    );
}

#[test]
fn the_most_specific_invoice_has_the_charges() {
    let all = against("Period,Invoice ID,Amount\n2026-10-01,2,73.27\n2026-10,,1935.50\n");
    assert!(all.reconciles, "{all:?}");
    assert_eq!(against("period,amount\n2026-09,70\n").rows.len(), 1, "October has no invoice");
}

#[test]
fn the_only_invoice_of_an_issuer_has_charges_without_an_id() {
    let bill = [total("2026-10-01", "AWS", "", "5"), total("2026-10-01", "AWS EMEA", "", "7")];
    let text = "period,issuer,invoice,amount\n2026-10,AWS,INV-7,5\n2026-10,AWS EMEA,INV-8,7\n";
    let invoiced = Invoiced::parse(text, Some(Currency::USD)).expect("invoices");
    let all = reconcile(&bill, &invoiced, TOLERANCE).expect("it fits");
    assert!(all.reconciles, "{all:?}");
}

#[test]
fn a_file_that_cannot_be_read_says_where_and_why() {
    let wrong =
        |text: &str| Invoiced::parse(text, Some(Currency::USD)).expect_err("wrong").to_string();
    assert!(wrong("month,issuer\n2026-10,AWS\n").contains("`amount` is missing"));
    assert!(wrong("period,amount,who\n").contains("unknown column `who`"));
    assert!(wrong("period,amount\n2026-10,1\n10/2026,5\n").starts_with("line 3, column `period`"));
    assert!(wrong("period,amount\n2026-10,\"1.234,50\"\n").contains("1,234.50"));
    assert!(wrong("period,amount\n2026-10,1\n2026-10,2\n").contains("line 3 is for the same"));
    assert_eq!(wrong("period,amount\n"), "the file has no invoices");
    assert!(wrong("period,amount,total\n").contains("two columns are `amount`"));
    assert!(wrong("period,amount\n2026-10 to 2026-12,1\n").contains("is not a month"));
    assert!(wrong("period,issuer,amount\n2026-10,AWS,1\n2026-10,aws,2\n").contains("line 3"));
    let several = Invoiced::parse("period,amount\n2026-10,1\n", None).expect_err("no currency");
    assert!(several.to_string().contains("column `currency`"), "{several}");
}

#[test]
fn amounts_with_and_without_thousands() {
    let text = |text: &str| amount(text).map(|n| n.to_string());
    assert_eq!(text("1,234,567.89").as_deref(), Some("1234567.89"));
    assert_eq!(text("-1234.5").as_deref(), Some("-1234.5"));
    for wrong in ["1,23", "1234,567", "", "-", "1.", "12e3", "1,234.5.6", "USD 5"] {
        assert_eq!(amount(wrong), None, "{wrong}");
    }
}
