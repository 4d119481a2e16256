//! Comparison of the bill with invoices.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::invoiced::{Invoiced, ReconcileError};
use super::types::{InvoiceState, ReconciledInvoice, Reconciliation};
use crate::money::{Currency, Money, MoneyError};
use crate::month::Month;
use crate::review::InvoiceTotal;

/// Largest difference per row that counts as agreement by default: half a cent is rounded on the
/// invoice, and another half where an invoice has several rounded lines. Chosen.
pub const TOLERANCE: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// Compares the totals of a bill ([`review::invoices`](crate::review::invoices)) with invoices.
/// Each total belongs to the most specific invoice of its billing period and currency: that with
/// its invoice ID, else that of its issuer, else that of all issuers. Charges without an invoice ID
/// also belong to the only invoice of their issuer. Totals of billing periods
/// without any invoice are ignored.
///
/// # Errors
/// [`ReconcileError::Money`] if a sum is too large.
pub fn reconcile(
    billed: &[InvoiceTotal],
    invoiced: &[Invoiced],
    tolerance: Decimal,
) -> Result<Reconciliation, ReconcileError> {
    let (sums, rest) = assign(billed, invoiced)?;
    let mut rows = Vec::new();
    for (invoice, billed) in invoiced.iter().zip(sums) {
        let amount = billed.unwrap_or(Money::zero(invoice.amount.currency()));
        let difference = amount.try_sub(invoice.amount)?;
        let state = match billed {
            _ if difference.amount().abs() <= tolerance => InvoiceState::Agrees,
            Some(_) => InvoiceState::Differs,
            None => InvoiceState::NotInBill,
        };
        rows.push(ReconciledInvoice {
            billing_period: invoice.billing_period,
            invoice_issuer: invoice.invoice_issuer.clone(),
            invoice_id: invoice.invoice_id.clone(),
            invoiced: Some(invoice.amount),
            billed,
            difference,
            state,
        });
    }
    let rest = rest.into_iter().filter(|(_, billed)| billed.amount().abs() > tolerance);
    rows.extend(rest.map(|((billing_period, invoice_issuer, invoice_id, _), billed)| {
        ReconciledInvoice {
            billing_period,
            invoice_issuer,
            invoice_id,
            invoiced: None,
            billed: Some(billed),
            difference: billed,
            state: InvoiceState::NotInvoiced,
        }
    }));
    rows.sort_by(|a, b| {
        let key = |r: &ReconciledInvoice| {
            (
                r.billing_period,
                r.invoice_issuer.clone(),
                r.invoice_id.clone(),
                r.difference.currency(),
            )
        };
        key(a).cmp(&key(b))
    });
    let reconciles = rows.iter().all(|row| row.state == InvoiceState::Agrees);
    Ok(Reconciliation { reconciles, tolerance, rows })
}

/// Sum of the totals of each invoice, and the totals without one.
type Assigned = (Vec<Option<Money>>, BTreeMap<Rest, Money>);

/// Returns the sum of the totals that belong to each invoice, and those that belong to none.
fn assign(billed: &[InvoiceTotal], invoiced: &[Invoiced]) -> Result<Assigned, MoneyError> {
    let mut sums: Vec<Option<Money>> = vec![None; invoiced.len()];
    let mut rest: BTreeMap<Rest, Money> = BTreeMap::new();
    let places: BTreeMap<_, usize> =
        invoiced.iter().enumerate().map(|(at, i)| (i.key(), at)).collect();
    // The only invoice of an issuer also has its charges without an invoice ID.
    let mut only: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, invoice) in invoiced.iter().enumerate() {
        let (month, currency, issuer, _) = invoice.key();
        only.entry((month, currency, issuer)).or_default().push(at);
    }
    let months: BTreeSet<Month> = invoiced.iter().map(|i| i.billing_period).collect();
    for total in billed {
        let (month, currency) = (Month::of(total.billing_period), total.billed.currency());
        let lower = |text: &Option<String>| text.as_ref().map(|t| t.trim().to_ascii_lowercase());
        let (issuer, id) = (lower(&total.invoice_issuer), lower(&total.invoice_id));
        // The most specific first.
        let keys = [(&issuer, &id), (&None, &id), (&issuer, &None), (&None, &None)];
        let found = keys
            .into_iter()
            .find_map(|(issuer, id)| places.get(&(month, currency, issuer.clone(), id.clone())));
        let of_issuer = |issuer: &Option<String>| match only.get(&(month, currency, issuer.clone()))
        {
            Some(all) if id.is_none() && all.len() == 1 => all.first(),
            _ => None,
        };
        let found = found.or_else(|| of_issuer(&issuer)).or_else(|| of_issuer(&None));
        if let Some(at) = found {
            let sum = sums[*at].unwrap_or(Money::zero(currency));
            sums[*at] = Some(sum.try_add(total.billed)?);
        } else if months.contains(&month) {
            let key = (month, total.invoice_issuer.clone(), total.invoice_id.clone(), currency);
            let sum = rest.entry(key).or_insert(Money::zero(currency));
            *sum = sum.try_add(total.billed)?;
        }
    }
    Ok((sums, rest))
}

/// Charges without an invoice.
type Rest = (Month, Option<String>, Option<String>, Currency);
