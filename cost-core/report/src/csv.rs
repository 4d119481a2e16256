//! CSV: one long table, a fact a row, for spreadsheets.

use rust_decimal::Decimal;

use super::escape::csv_text;
use super::{Commitments, Look, Render, ReportError, SavingsTracking, View};
use cost_core::anomaly::Anomaly;
use cost_core::commitment::CommitmentsReport;
use cost_core::lifecycle::RealisedReport;
use cost_core::money::{Currency, Money};
use cost_core::review::{AnomalyReport, Comparison, ExchangeReport, Review};

pub(super) struct Csv;

const HEADER: [&str; 9] =
    ["section", "item", "detail", "measure", "amount", "previous_month", "change", "change_pct", "currency"];

impl Render for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn render(&self, reviews: &[Review], view: View, _: &Look) -> Result<String, ReportError> {
        each(reviews, |review, rows| {
            if view == View::Review {
                spend(review, rows)?;
                anomalies(&review.anomalies, rows)?;
                anomalies(&review.drops, rows)?;
            }
            savings(review, rows)?;
            if view == View::Review {
                // Of one report, the currency says nothing of a count.
                data_quality(review, (reviews.len() > 1).then_some(review.header.currency), rows)?;
            }
            Ok(())
        })
    }

    fn render_anomalies(&self, reports: &[AnomalyReport], _: &Look) -> Result<String, ReportError> {
        each(reports, |report, rows| {
            anomalies(&report.anomalies, rows)?;
            anomalies(&report.drops, rows)
        })
    }

    fn render_realised(&self, reports: &[RealisedReport], look: &Look) -> Result<String, ReportError> {
        crate::formatted("csv", &SavingsTracking(reports), look)
    }

    fn render_commitments(&self, reports: &[CommitmentsReport], look: &Look) -> Result<String, ReportError> {
        crate::formatted("csv", &Commitments(reports), look)
    }
}

/// The rows that `write` makes of each report, under one header.
fn each<T>(reports: &[T], write: impl Fn(&T, &mut Rows) -> Result<(), ReportError>) -> Result<String, ReportError> {
    let mut rows = Rows::new()?;
    reports.iter().try_for_each(|report| write(report, &mut rows))?;
    rows.finish()
}

/// Rows of the table; their words may be untrusted.
pub(super) struct Rows {
    out: ::csv::Writer<Vec<u8>>,
}

impl Rows {
    fn new() -> Result<Self, ReportError> {
        let mut rows = Self { out: ::csv::Writer::from_writer(Vec::new()) };
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
        let currency = c.this_month.currency().to_string();
        let (last, change) = (optional(c.last_month), optional(c.change));
        let pct = c.change_pct.map(|p| p.to_string()).unwrap_or_default();
        self.write([&section, &item, &detail, &measure, &exact(c.this_month), &last, &change, &pct, &currency])
    }

    /// A count, of the line items in a currency if there are several; `None` is left blank.
    fn count(
        &mut self,
        section: &str,
        item: &str,
        detail: &str,
        measure: &str,
        count: Option<u64>,
        currency: Option<Currency>,
    ) -> Result<(), ReportError> {
        let [section, item, detail, measure] = [section, item, detail, measure].map(csv_text);
        let count = count.map(|c| c.to_string()).unwrap_or_default();
        let currency = currency.map(|c| c.to_string()).unwrap_or_default();
        self.write([&section, &item, &detail, &measure, &count, "", "", "", &currency])
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
        let currency = amount.currency().to_string();
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
    if let Some(e) = &review.exchange {
        exchange(e, rows)?;
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
                .into_iter()
                .chain(m.exchange_rate.map(|rate| ("exchange rate", rate)))
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

fn exchange(e: &ExchangeReport, rows: &mut Rows) -> Result<(), ReportError> {
    for b in &e.as_billed {
        rows.compared("as billed", b.currency.as_str(), "", "BilledCost", &b.billed)?;
        rows.compared("as billed", b.currency.as_str(), "", "EffectiveCost", &b.effective)?;
    }
    for rate in &e.rates {
        let item = format!("1 {} in {}", rate.currency, rate.month);
        let row = ["rate", &item, &csv_text(&rate.source), "", &rate.rate.to_string(), "", "", "", rate.into.as_str()];
        rows.write(row)?;
    }
    for (measure, parts) in [("BilledCost", e.billed), ("EffectiveCost", e.effective)] {
        let Some(parts) = parts else { continue };
        rows.amount("change", "exchange rate", "", measure, parts.exchange_rate)?;
        rows.amount("change", "all else", "", measure, parts.rest)?;
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
fn data_quality(review: &Review, currency: Option<Currency>, rows: &mut Rows) -> Result<(), ReportError> {
    let quality = &review.data_quality;
    for file in &quality.files {
        let reason = file.reason.as_ref().map(|r| format!("; {r}")).unwrap_or_default();
        let detail = format!("{}: {}{reason}", file.status.label(), file.what);
        rows.count("file", &file.path, &detail, "LineItems", file.line_items, currency)?;
    }
    for repair in &quality.repairs {
        let section = if repair.in_doubt { "in doubt" } else { "repair" };
        rows.count(section, &repair.rule, &repair.what, "LineItems", Some(repair.line_items), currency)?;
        rows.amount(section, &repair.rule, &repair.what, "cost of line items", repair.cost)?;
    }
    for month in &quality.months {
        let detail = format!("{}: {}", month.month, month.state.label());
        let missing = u64::try_from(month.missing_days.len()).ok();
        rows.count("source", &month.label(), &detail, "missing days", missing, currency)?;
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
