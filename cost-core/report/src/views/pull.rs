//! What a pull brought, and what it cost.

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

/// Version of the JSON output: the first number changes when a reader of the old one would break.
const SCHEMA_VERSION: &str = "1.0";

/// What a pull brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PullReport {
    /// Version of this output.
    pub schema_version: String,
    /// Program and version.
    pub generator: String,
    /// Where the estate is.
    pub estate: String,
    /// The day it is of.
    pub as_of: NaiveDate,
    /// Line items written.
    pub line_items: u64,
    /// Resources in the inventory; `None` if none was asked for.
    pub resources: Option<u64>,
    /// Hours of utilization, of all resources together; `None` if none was asked for.
    pub utilization_hours: Option<u64>,
    /// Offers of commitments; `None` if none were asked for.
    pub offers: Option<u64>,
    /// List prices; `None` if none were asked for.
    pub prices: Option<u64>,
    /// Months of commitments, of each type; `None` if none were asked for.
    pub commitments: Option<u64>,
    /// Costs by resource and day; `None` if none were asked for.
    pub resource_costs: Option<u64>,
    /// Recommendations of the provider; `None` if none were asked for.
    pub recommendations: Option<u64>,
    /// Σ `BilledCost` per billing period and invoice issuer, exact: to hold against invoices.
    pub invoices: Vec<InvoiceTotal>,
    /// The one currency of all amounts; `None` if there are several, see those of
    /// [`PullReport::invoices`].
    pub currency: Option<Currency>,
    /// Requests made of a provider, by operation.
    pub requests: Vec<Requests>,
    /// Advisers of the provider that are not switched on, a line each: nothing is missing without
    /// them.
    pub not_enabled: Vec<String>,
    /// What could not be collected, a line each.
    pub partial: Vec<String>,
    /// What a reader of the bill should know of the files it came from, a line each.
    pub notes: Vec<String>,
}

/// Requests of one operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Requests {
    /// Service and operation, as access rules name them.
    pub operation: String,
    /// How many, retries included.
    pub count: u64,
    /// What the provider charges for one, USD.
    pub usd_each: Decimal,
}

impl Requests {
    /// What they cost together, USD.
    #[must_use]
    pub fn usd(&self) -> Decimal {
        self.usd_each * Decimal::from(self.count)
    }
}

impl PullReport {
    /// Of this version of the program.
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
    doc.heading("To hold against the invoices, BilledCost, every digit");
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
    doc.list(List::new(Mark::None, report.not_enabled.iter().map(labeled("not switched on"))));
    doc.list(page::partial(&report.partial));
    doc
}

/// Characters of a count at least.
const COUNT: usize = 13;

fn counts(report: &PullReport) -> Table {
    let mut table = Table::new(&["", ">"]).headless().min_width(1, COUNT);
    for (what, count) in [
        ("line items", Some(report.line_items)),
        ("resources", report.resources),
        ("hours of utilization", report.utilization_hours),
        ("list prices", report.prices),
        ("offers of commitments", report.offers),
        ("months of commitments", report.commitments),
        ("costs by resource", report.resource_costs),
        ("recommendations", report.recommendations),
    ] {
        let count =
            count.map_or_else(|| Cell::shown_as("not asked for", Value::Unknown), Cell::count);
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
    table.row([Cell::text("all"), Cell::count(count), usd(all.iter().map(Requests::usd).sum())]);
    table
}

/// Nothing is a dash: free, not rounded away.
fn usd(amount: Decimal) -> Cell {
    if amount.is_zero() {
        Cell::unknown()
    } else {
        Cell::shown_as(format!("{:.2}", rounded(amount, 2)), Value::Number(amount))
    }
}
