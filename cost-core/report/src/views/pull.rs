//! Result of a pull: collected data, and the requests with their cost.

use chrono::NaiveDate;
use cost_core::money::Currency;
use cost_core::review::InvoiceTotal;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use super::page;
use crate::document::{Document, Item, List, Mark};
use crate::number::rounded;
use crate::report::{Report, ReportError, ViewOptions};
use crate::table::{Cell, Table, Value};
use crate::to_json;

/// Version of the JSON output. A breaking change increases the first number.
const SCHEMA_VERSION: &str = "1.0";

/// Result of a pull: row counts by kind of data, invoice totals, requests, and gaps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PullReport {
    /// Version of this output format.
    pub schema_version: String,
    /// Program name and version.
    pub generator: String,
    /// Path of the estate.
    pub estate: String,
    /// Day that the data is as of.
    pub as_of: NaiveDate,
    /// Number of line items written.
    pub line_items: u64,
    /// Number of resources in the inventory; `None` if not requested.
    pub resources: Option<u64>,
    /// Hours of utilization, total of all resources; `None` if not requested.
    pub utilization_hours: Option<u64>,
    /// Number of commitment offers; `None` if not requested.
    pub offers: Option<u64>,
    /// Number of list prices; `None` if not requested.
    pub prices: Option<u64>,
    /// Months of commitment data, per type; `None` if not requested.
    pub commitments: Option<u64>,
    /// Number of costs by resource and day; `None` if not requested.
    pub resource_costs: Option<u64>,
    /// Number of provider recommendations; `None` if not requested.
    pub recommendations: Option<u64>,
    /// Σ `BilledCost` per billing period and invoice issuer, exact, for invoice reconciliation.
    pub invoices: Vec<InvoiceTotal>,
    /// Currency of all amounts; `None` if there are several: see [`PullReport::invoices`].
    pub currency: Option<Currency>,
    /// Requests sent to the provider, by operation.
    pub requests: Vec<Requests>,
    /// Recommendation services of the provider that are not enabled, one line each. The estate is
    /// complete without them.
    pub not_enabled: Vec<String>,
    /// Data that could not be collected, one line each.
    pub partial: Vec<String>,
    /// Notes on the bill's files, one line each.
    pub notes: Vec<String>,
}

/// Number and price of the requests of one operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Requests {
    /// Service and operation, as named in access policies.
    pub operation: String,
    /// Number of requests, including retries.
    pub count: u64,
    /// Price of one request, USD.
    pub usd_each: Decimal,
}

impl Requests {
    /// Returns the total cost of the requests, USD: price × count.
    #[must_use]
    pub fn usd(&self) -> Decimal {
        self.usd_each * Decimal::from(self.count)
    }
}

impl PullReport {
    /// Returns the schema version and the generator of this program version.
    #[must_use]
    pub fn versions() -> (String, String) {
        (SCHEMA_VERSION.to_owned(), cost_core::GENERATOR.to_owned())
    }
}

impl Report for PullReport {
    fn schema_name(&self) -> Option<&'static str> {
        Some("pull")
    }

    fn json(&self) -> Result<String, ReportError> {
        to_json::pretty(self)
    }

    fn documents(&self, _: &ViewOptions) -> Vec<Document> {
        vec![document(self)]
    }
}

fn document(report: &PullReport) -> Document {
    let mut doc = Document::new(format!("Pulled into {}, as of {}", report.estate, report.as_of));
    doc.gap();
    doc.table(counts(report));
    let mut invoices = Table::new(&["period", "issuer", ">billed", "currency"]);
    for i in &report.invoices {
        let period = Cell::text(i.billing_period.format("%Y-%m"));
        let issuer = Cell::text(i.invoice_issuer.as_deref().unwrap_or("(none)"));
        invoices.row([period, issuer, Cell::exact(i.billed), Cell::text(i.billed.currency())]);
    }
    doc.heading("Invoice reconciliation: BilledCost, all digits");
    doc.table(invoices);
    if !report.requests.is_empty() {
        doc.heading("Requests");
        doc.table(requests(&report.requests));
    }
    if !report.partial.is_empty() || !report.not_enabled.is_empty() || !report.notes.is_empty() {
        doc.gap();
    }
    let labeled = |label: &'static str| move |line: &String| Item::labeled(label, line.as_str());
    doc.list(List::new(Mark::None, report.notes.iter().map(labeled("note"))));
    doc.list(List::new(Mark::None, report.not_enabled.iter().map(labeled("not enabled"))));
    doc.list(page::partial(&report.partial));
    doc
}

/// Minimum width of a count, in characters.
const COUNT: usize = 13;

fn counts(report: &PullReport) -> Table {
    let mut table = Table::new(&["", ">"]).headless().min_width(1, COUNT);
    for (what, count) in [
        ("line items", Some(report.line_items)),
        ("resources", report.resources),
        ("hours of utilization", report.utilization_hours),
        ("list prices", report.prices),
        ("commitment offers", report.offers),
        ("months of commitment data", report.commitments),
        ("costs by resource", report.resource_costs),
        ("recommendations", report.recommendations),
    ] {
        let count =
            count.map_or_else(|| Cell::shown_as("not requested", Value::Unknown), Cell::count);
        table.row([Cell::text(what), count]);
    }
    table
}

fn requests(all: &[Requests]) -> Table {
    let mut table = Table::new(&["operation", ">requests", ">USD"]);
    for r in all {
        table.row([Cell::text(&r.operation), Cell::count(r.count), usd(r.usd())]);
    }
    let count = all.iter().map(|r| r.count).sum();
    table.row([Cell::text("total"), Cell::count(count), usd(all.iter().map(Requests::usd).sum())]);
    table
}

/// Returns a dash for zero: the request is free, not rounded down.
fn usd(amount: Decimal) -> Cell {
    if amount.is_zero() {
        Cell::unknown()
    } else {
        Cell::shown_as(format!("{:.2}", rounded(amount, 2)), Value::Number(amount))
    }
}
