//! What a pull brought, and what it cost: for people and programs.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use super::layout::{Grid, wrap};
use super::{Look, ReportError, json, terminal_text};
use cost_core::count::thousands;
use cost_core::money::Currency;
use cost_core::review::InvoiceTotal;

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
    /// The one currency of all amounts; `None` if there are several, see those of [`PullReport::invoices`].
    pub currency: Option<Currency>,
    /// Requests made of a provider, by operation.
    pub requests: Vec<Requests>,
    /// Advisers of the provider that are not switched on, a line each: nothing is missing without them.
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

/// The report as JSON.
///
/// # Errors
/// [`ReportError`].
pub fn pulled_json(report: &PullReport) -> Result<String, ReportError> {
    json::pretty(report)
}

/// The report for people.
#[must_use]
pub fn pulled_table(report: &PullReport, look: &Look) -> String {
    let estate = terminal_text(&report.estate);
    let mut out = format!("Pulled into {estate}, as of {}\n\n", report.as_of);
    let counts = [
        ("line items", Some(report.line_items)),
        ("resources", report.resources),
        ("hours of utilization", report.utilization_hours),
        ("list prices", report.prices),
        ("offers of commitments", report.offers),
        ("months of commitments", report.commitments),
        ("costs by resource", report.resource_costs),
        ("recommendations", report.recommendations),
    ];
    for (what, count) in counts {
        let count = count.map_or_else(|| "not asked for".to_owned(), thousands);
        out.push_str(&format!("{what:<21} {count:>14}\n"));
    }
    out.push_str("\nTo hold against the invoices, BilledCost, every digit\n");
    let mut invoices = Grid::new(&["period", "issuer", ">billed", "currency"]);
    for i in &report.invoices {
        let issuer = i.invoice_issuer.clone().unwrap_or_else(|| "(none)".into());
        let period = i.billing_period.format("%Y-%m").to_string();
        invoices.row([period, issuer, i.billed.display_exact(), i.billed.currency().to_string()]);
    }
    out.push_str(&invoices.show(look, look.width));
    if !report.requests.is_empty() {
        out.push_str("\nRequests\n");
        let mut requests = Grid::new(&["operation", ">requests", ">USD"]);
        for r in &report.requests {
            requests.row([r.operation.clone(), thousands(r.count), usd(r.usd())]);
        }
        let count: u64 = report.requests.iter().map(|r| r.count).sum();
        requests.row(["all".to_owned(), thousands(count), usd(report.requests.iter().map(Requests::usd).sum())]);
        out.push_str(&requests.show(look, look.width));
    }
    if !report.partial.is_empty() || !report.not_enabled.is_empty() || !report.notes.is_empty() {
        out.push('\n');
    }
    for line in &report.notes {
        out.push_str(&wrap("note: ", line, look.width));
    }
    for line in &report.not_enabled {
        out.push_str(&wrap("not switched on: ", line, look.width));
    }
    for line in &report.partial {
        out.push_str(&wrap("PARTIAL: ", line, look.width));
    }
    out
}

/// Nothing is a dash: free, not rounded away.
fn usd(amount: Decimal) -> String {
    if amount.is_zero() { "–".to_owned() } else { format!("{amount:.2}") }
}
