//! CSV: one long table, a fact a row, for spreadsheets.

use rust_decimal::Decimal;

use super::commitments;
use super::realised;
use super::safe::csv_text;
use super::{Look, Render, ReportError, View};
use crate::anomaly::Anomaly;
use crate::commitment::CommitmentsReport;
use crate::lifecycle::RealisedReport;
use crate::money::Money;
use crate::review::{AnomalyReport, Comparison, Header, Review};

pub(super) struct Csv;

const HEADER: [&str; 9] =
    ["section", "item", "detail", "measure", "amount", "previous_month", "change", "change_pct", "currency"];

impl Render for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn render(&self, review: &Review, view: View, _: &Look) -> Result<String, ReportError> {
        let mut rows = Rows::new(&review.header)?;
        if view == View::Review {
            spend(review, &mut rows)?;
        }
        if view == View::Review {
            anomalies(&review.anomalies, &mut rows)?;
            anomalies(&review.drops, &mut rows)?;
        }
        savings(review, &mut rows)?;
        if view == View::Review {
            data_quality(review, &mut rows)?;
        }
        rows.finish()
    }

    fn render_anomalies(&self, report: &AnomalyReport, _: &Look) -> Result<String, ReportError> {
        let mut rows = Rows::new(&report.header)?;
        anomalies(&report.anomalies, &mut rows)?;
        anomalies(&report.drops, &mut rows)?;
        rows.finish()
    }

    fn render_realised(&self, report: &RealisedReport, _: &Look) -> Result<String, ReportError> {
        let mut rows = Rows::new(&report.header)?;
        realised::csv(report, &mut rows)?;
        rows.finish()
    }

    fn render_commitments(&self, report: &CommitmentsReport, _: &Look) -> Result<String, ReportError> {
        let mut rows = Rows::new(&report.header)?;
        commitments::csv(report, &mut rows)?;
        rows.finish()
    }
}

/// Rows of the table; their words may be untrusted.
pub(super) struct Rows {
    out: ::csv::Writer<Vec<u8>>,
    currency: String,
}

impl Rows {
    fn new(header: &Header) -> Result<Self, ReportError> {
        let mut rows = Self { out: ::csv::Writer::from_writer(Vec::new()), currency: header.currency.to_string() };
        rows.write(HEADER)?;
        Ok(rows)
    }

    fn finish(self) -> Result<String, ReportError> {
        let bytes = self.out.into_inner().map_err(|e| ReportError::Csv(e.to_string()))?;
        String::from_utf8(bytes).map_err(|e| ReportError::Csv(e.to_string()))
    }

    fn write(&mut self, row: [&str; 9]) -> Result<(), ReportError> {
        self.out.write_record(row).map_err(|e| ReportError::Csv(e.to_string()))
    }

    fn compared(
        &mut self,
        section: &str,
        item: &str,
        detail: &str,
        measure: &str,
        c: &Comparison,
    ) -> Result<(), ReportError> {
        let [section, item, detail, measure] = [section, item, detail, measure].map(csv_text);
        let currency = self.currency.clone();
        let (last, change) = (optional(c.last_month), optional(c.change));
        let pct = c.change_pct.map(|p| p.to_string()).unwrap_or_default();
        self.write([&section, &item, &detail, &measure, &exact(c.this_month), &last, &change, &pct, &currency])
    }

    /// A count, which has no currency; `None` is left blank.
    fn count(
        &mut self,
        section: &str,
        item: &str,
        detail: &str,
        measure: &str,
        count: Option<u64>,
    ) -> Result<(), ReportError> {
        let [section, item, detail, measure] = [section, item, detail, measure].map(csv_text);
        let count = count.map(|c| c.to_string()).unwrap_or_default();
        self.write([&section, &item, &detail, &measure, &count, "", "", "", ""])
    }

    pub(super) fn amount(
        &mut self,
        section: &str,
        item: &str,
        detail: &str,
        measure: &str,
        amount: Money,
    ) -> Result<(), ReportError> {
        let [section, item, detail, measure] = [section, item, detail, measure].map(csv_text);
        let currency = self.currency.clone();
        self.write([&section, &item, &detail, &measure, &exact(amount), "", "", "", &currency])
    }
}

fn exact(amount: Money) -> String {
    amount.amount().normalize().to_string()
}

fn optional(amount: Option<Money>) -> String {
    amount.map(exact).unwrap_or_default()
}

fn spend(review: &Review, rows: &mut Rows) -> Result<(), ReportError> {
    rows.compared("total", "all charges", "", "BilledCost", &review.totals.billed)?;
    rows.compared("total", "all charges", "", "EffectiveCost", &review.totals.effective)?;
    for c in &review.totals.categories {
        rows.compared("category", c.category.label(), "", "BilledCost", &c.billed)?;
        rows.compared("category", c.category.label(), "", "EffectiveCost", &c.effective)?;
    }
    for i in &review.invoices {
        let issuer = i.invoice_issuer.as_deref().unwrap_or("(none)");
        rows.amount("invoice", issuer, &i.billing_period.to_string(), "BilledCost", i.billed)?;
    }
    for g in &review.groups {
        let section = g.dimension.to_string();
        for row in &g.rows {
            let key = row.key.as_deref().unwrap_or(g.dimension.null_label());
            rows.compared(&section, key, row.name.as_deref().unwrap_or(""), "EffectiveCost", &row.effective)?;
        }
        if let Some(others) = &g.others {
            rows.compared(&section, &format!("{} others", g.others_count), "", "EffectiveCost", &others.effective)?;
        }
    }
    for m in &review.movers {
        let account = m.sub_account_id.as_deref().unwrap_or("(none)");
        let service = m.service_name.as_deref().unwrap_or("(none)");
        rows.compared("mover", account, service, "EffectiveCost", &m.effective)?;
        for (part, amount) in
            [("price", m.price), ("usage", m.usage), ("new", m.new), ("gone", m.gone), ("unsplit", m.unsplit)]
        {
            if amount.amount() != Decimal::ZERO {
                rows.amount("mover", account, service, part, amount)?;
            }
        }
    }
    rows.amount("untagged", "usage without any tag", "", "EffectiveCost", review.untagged.no_tags)?;
    for key in &review.untagged.by_key {
        rows.amount("untagged", "usage without tag key", &key.key, "EffectiveCost", key.cost)?;
    }
    Ok(())
}

fn anomalies(anomalies: &[Anomaly], rows: &mut Rows) -> Result<(), ReportError> {
    for a in anomalies {
        let what = format!("{} {} {}, {} to {}", a.id, a.kind.label(), a.severity.as_str(), a.first_day, a.last_day);
        for (measure, amount) in [("actual", a.actual), ("expected", a.expected), ("excess", a.excess)] {
            rows.amount("anomaly", &a.scope.to_string(), &what, measure, amount)?;
        }
    }
    Ok(())
}

/// What the figures rest on: counts and costs, no spending.
fn data_quality(review: &Review, rows: &mut Rows) -> Result<(), ReportError> {
    let quality = &review.data_quality;
    for file in &quality.files {
        let reason = file.reason.as_ref().map(|r| format!("; {r}")).unwrap_or_default();
        let detail = format!("{}: {}{reason}", file.status.label(), file.what);
        rows.count("file", &file.path, &detail, "LineItems", file.line_items)?;
    }
    for repair in &quality.repairs {
        rows.count("repair", &repair.rule, &repair.what, "LineItems", Some(repair.line_items))?;
        rows.amount("repair", &repair.rule, &repair.what, "cost of line items", repair.cost)?;
    }
    for month in &quality.months {
        let detail = format!("{}: {}", month.month, month.state.label());
        rows.count("source", &month.label(), &detail, "missing days", u64::try_from(month.missing_days.len()).ok())?;
    }
    Ok(())
}

fn savings(review: &Review, rows: &mut Rows) -> Result<(), ReportError> {
    for o in &review.opportunities {
        let what = format!("{} {}", o.id, o.title);
        for (measure, amount) in
            [("saving low", o.savings.low), ("saving expected", o.savings.expected), ("saving high", o.savings.high)]
        {
            rows.amount("opportunity", &o.subject, &what, measure, amount)?;
        }
    }
    for step in &review.plan.steps {
        let known = review.opportunities.iter().find(|o| o.id == step.opportunity);
        let (subject, title) = known.map_or(("", ""), |o| (&o.subject, &o.title));
        rows.amount(
            "step",
            subject,
            &format!("{} {title}", step.opportunity),
            "saving expected",
            step.savings.expected,
        )?;
    }
    rows.amount("plan", "sum of singles", "", "saving expected", review.plan.sum_of_singles.expected)?;
    rows.amount("plan", "overlap removed", "", "saving expected", review.plan.overlap)?;
    for (measure, amount) in [
        ("saving low", review.plan.joint.low),
        ("saving expected", review.plan.joint.expected),
        ("saving high", review.plan.joint.high),
    ] {
        rows.amount("plan", "joint", "", measure, amount)?;
    }
    Ok(())
}
