//! Comparison of the bill with invoices.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::invoiced::{Invoiced, ReconcileError};
use super::types::{InvoiceState, ReconciledInvoice, Reconciliation};
use crate::money::{Currency, Money};
use crate::month::Month;
use crate::review::InvoiceTotal;

/// Largest difference per row that counts as agreement by default: half a cent is rounded on the
/// invoice, and another half where an invoice has several rounded lines. Chosen.
pub const TOLERANCE: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// Compares the totals of a bill ([`review::invoices`](crate::review::invoices)) with invoices.
/// Each total belongs to the most specific invoice of its billing period and currency: that with
/// its invoice ID, else that of its issuer, else that of all issuers. Totals of billing periods
/// without any invoice are ignored.
///
/// # Errors
/// [`ReconcileError::Money`] if a sum is too large.
pub fn reconcile(
    billed: &[InvoiceTotal],
    invoiced: &[Invoiced],
    tolerance: Decimal,
) -> Result<Reconciliation, ReconcileError> {
    let mut sums: Vec<Option<Money>> = vec![None; invoiced.len()];
    let mut rest: BTreeMap<Rest, Money> = BTreeMap::new();
    for total in billed {
        let month = Month::of(total.billing_period);
        let currency = total.billed.currency();
        let found =
            invoiced.iter().enumerate().filter(|(_, i)| i.is_of(total)).max_by_key(|(at, i)| {
                (i.invoice_id.is_some(), i.invoice_issuer.is_some(), Reverse(*at))
            });
        if let Some((at, _)) = found {
            let sum = sums[at].unwrap_or(Money::zero(currency));
            sums[at] = Some(sum.try_add(total.billed)?);
        } else if invoiced.iter().any(|i| i.billing_period == month) {
            let key = (month, total.invoice_issuer.clone(), total.invoice_id.clone(), currency);
            let sum = rest.entry(key).or_insert(Money::zero(currency));
            *sum = sum.try_add(total.billed)?;
        }
    }
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

/// Charges without an invoice.
type Rest = (Month, Option<String>, Option<String>, Currency);

impl Invoiced {
    /// Returns whether a total of the bill belongs to the invoice.
    fn is_of(&self, total: &InvoiceTotal) -> bool {
        let same = |own: &Option<String>, other: &Option<String>| {
            own.as_ref().is_none_or(|own| {
                other.as_ref().is_some_and(|o| o.trim().eq_ignore_ascii_case(own))
            })
        };
        self.billing_period == Month::of(total.billing_period)
            && self.amount.currency() == total.billed.currency()
            && same(&self.invoice_issuer, &total.invoice_issuer)
            && same(&self.invoice_id, &total.invoice_id)
    }
}
