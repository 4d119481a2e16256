//! CSV format: one long table with one figure per row, for spreadsheets.

use cost_core::money::Money;

use crate::chart::Chart;
use crate::document::{Block, Document};
use crate::escape::csv_text;
use crate::figure::{Amount, Figure};
use crate::renderer::{Format, RenderOptions, Rendered};
use crate::report::{Audience, Report, ReportError, ViewOptions};
use crate::table::{Cell, Row, Table, Value};

pub(super) struct Csv;

const HEADER: [&str; 9] = [
    "section",
    "item",
    "detail",
    "measure",
    "amount",
    "previous_month",
    "change",
    "change_pct",
    "currency",
];

impl Format for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn about(&self) -> &'static str {
        "for spreadsheets: one figure per row"
    }

    fn render(
        &self,
        report: &dyn Report,
        options: &RenderOptions,
    ) -> Result<Rendered, ReportError> {
        let documents =
            report.documents(&ViewOptions { top: options.top, audience: Audience::Screen });
        let failed = |e: &dyn ToString| ReportError::Csv(e.to_string());
        let mut out = ::csv::Writer::from_writer(Vec::new());
        out.write_record(HEADER).map_err(|e| failed(&e))?;
        for figure in figures(&documents) {
            out.write_record(row(&figure)).map_err(|e| failed(&e))?;
        }
        let bytes = out.into_inner().map_err(|e| failed(&e))?;
        Ok(String::from_utf8(bytes).map_err(|e| failed(&e))?.into())
    }
}

/// Returns the figures of a report: those of its view, else the numbers in its tables.
fn figures(documents: &[Document]) -> Vec<Figure> {
    let given = |block: &Block| {
        if let Block::Figures(figures) = block { Some(figures.clone()) } else { None }
    };
    let blocks = || documents.iter().flat_map(|d| &d.blocks);
    if blocks().any(|b| matches!(b, Block::Figures(_))) {
        return blocks().filter_map(given).flatten().collect();
    }
    let mut section = String::new();
    let mut all = Vec::new();
    for block in blocks() {
        match block {
            Block::Heading(_, text) => section = text.to_plain(),
            Block::Table(table) => all.extend(of_table(table, &section)),
            // A table next to the other charts has their values.
            Block::Chart(Chart::Days(_) | Chart::Curve(_)) => {}
            Block::Chart(chart) => all.extend(of_table(&chart.table(), &section)),
            _ => {}
        }
    }
    all
}

/// Returns one figure per number in a table, named by the first two texts of its row.
fn of_table(table: &Table, section: &str) -> Vec<Figure> {
    let mut all = Vec::new();
    for row in &table.rows {
        let Row::Cells(cells) = row else { continue };
        let mut words =
            cells.iter().filter(|c| number(c).is_none()).map(|c| c.text.trim().to_owned());
        let (item, detail) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        for (cell, column) in cells.iter().zip(&table.columns) {
            if let Some(amount) = number(cell) {
                all.push(Figure::new(section, &item, &detail, &column.title, amount));
            }
        }
    }
    all
}

fn number(cell: &Cell) -> Option<Amount> {
    match cell.value {
        Value::Money(amount) => Some(Amount::Money(amount)),
        Value::Percent(percent) => Some(Amount::Number(percent, "%".to_owned())),
        Value::Number(number) => Some(Amount::Number(number, String::new())),
        Value::Count(count) => Some(Amount::Count(Some(count), None)),
        _ => None,
    }
}

fn row(figure: &Figure) -> [String; 9] {
    let words =
        [&figure.section, &figure.item, &figure.detail, &figure.measure].map(|text| csv_text(text));
    let none = String::new;
    let amounts = match &figure.amount {
        Amount::Money(amount) => {
            [exact(*amount), none(), none(), none(), amount.currency().to_string()]
        }
        Amount::Compared(c) => [
            exact(c.this_month),
            c.last_month.map(exact).unwrap_or_default(),
            c.change.map(exact).unwrap_or_default(),
            c.change_pct.map(|p| p.to_string()).unwrap_or_default(),
            c.this_month.currency().to_string(),
        ],
        Amount::Count(count, currency) => [
            count.map(|c| c.to_string()).unwrap_or_default(),
            none(),
            none(),
            none(),
            currency.map(|c| c.to_string()).unwrap_or_default(),
        ],
        Amount::Number(number, unit) => {
            [number.to_string(), none(), none(), none(), csv_text(unit)]
        }
    };
    let [section, item, detail, measure] = words;
    let [amount, last, change, pct, currency] = amounts;
    [section, item, detail, measure, amount, last, change, pct, currency]
}

fn exact(amount: Money) -> String {
    amount.amount().normalize().to_string()
}
