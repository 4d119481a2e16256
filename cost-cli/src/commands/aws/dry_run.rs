//! `cost pull aws --dry-run`: the requests that a pull would send.

use cost_providers::aws::{Aws, Plan};
use cost_report::{
    Cell, Document, Report, ReportError, Table, Text, Value, ViewOptions, json_text,
};
use rust_decimal::Decimal;
use serde_json::json;

/// Converts cents to USD.
pub(super) fn usd(cents: u32) -> Decimal {
    Decimal::new(i64::from(cents), 2)
}

/// Report of the requests that a pull would send, and their cost.
pub(super) struct DryRun<'a> {
    pub(super) aws: &'a Aws,
    pub(super) plan: &'a Plan,
}

impl DryRun<'_> {
    /// Returns the number of accounts, and the total number of their regions.
    fn accounts(&self) -> (usize, usize) {
        (self.aws.accounts.len(), self.aws.accounts.iter().map(|a| a.regions.len()).sum())
    }
}

impl Report for DryRun<'_> {
    fn json(&self) -> Result<String, ReportError> {
        let requests = self.plan.0.iter().map(|p| {
            json!({ "operation": p.operation, "what": p.what, "from": p.from, "until": p.until, "usd": usd(p.cents) })
        });
        let (accounts, regions) = self.accounts();
        let whole = json!({
            "paid_requests": requests.collect::<Vec<_>>(),
            "usd": usd(self.plan.cents()),
            "accounts": accounts,
            "regions": regions,
            "inventory_calls": self.aws.collections_planned(),
        });
        Ok(json_text(&whole)? + "\n")
    }

    fn documents(&self, _: &ViewOptions) -> Vec<Document> {
        let mut paid = Table::new(&["operation", "data", "days", ">USD"]);
        for p in &self.plan.0 {
            let last = p.until.pred_opt().unwrap_or(p.until);
            let days = Cell::text(format!("{} to {last}", p.from));
            let cost = Cell::shown_as(usd(p.cents), Value::Number(usd(p.cents)));
            paid.row([Cell::text(p.operation), Cell::text(&p.what), days, cost]);
        }
        let (accounts, regions) = self.accounts();
        let title = "Paid requests; each further page of a response costs the same again";
        let mut doc = Document::new(Text::from(title));
        doc.table(paid);
        doc.line(format!(
            "At least {} paid requests, {} USD.",
            self.plan.0.len(),
            usd(self.plan.cents())
        ));
        doc.line(format!(
            "Free: at least {} calls for the inventory of {accounts} accounts in {regions} regions in total.",
            self.aws.collections_planned()
        ));
        doc.line(
            "Also free: list prices, spot prices, and recommendations for the resources in the inventory.",
        );
        doc.line("Utilization: 0.01 USD per 1,000 metrics, 3 per instance and 2 per volume. The inventory determines how many there are.");
        vec![doc]
    }
}
