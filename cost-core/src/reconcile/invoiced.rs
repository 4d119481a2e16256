//! Invoices as finance has them, from a CSV file.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::money::{Currency, Money};
use crate::month::Month;

/// Invoice as finance has it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Invoiced {
    /// Billing period.
    pub billing_period: Month,
    /// Name of the issuer; `None` for all issuers together.
    pub invoice_issuer: Option<String>,
    /// Invoice ID; `None` for all invoices of the issuer.
    pub invoice_id: Option<String>,
    /// Amount.
    pub amount: Money,
}

/// Reason why invoices cannot be read or compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReconcileError {
    /// A column is missing.
    #[error(
        "line 1: the column `{0}` is missing; the columns are period, issuer, invoice, amount, currency, of which period and amount are required"
    )]
    NoColumn(&'static str),
    /// A column is unknown.
    #[error(
        "line 1: unknown column `{0}`; the columns are period, issuer, invoice, amount, currency"
    )]
    UnknownColumn(String),
    /// Two columns have the same meaning.
    #[error("line 1: two columns are `{0}`")]
    TwoColumns(&'static str),
    /// A cell cannot be read.
    #[error("line {line}, column `{column}`: `{text}` is not {expected}")]
    Cell {
        /// Line of the file.
        line: u64,
        /// Column.
        column: &'static str,
        /// The cell.
        text: String,
        /// What it should be.
        expected: &'static str,
    },
    /// Two lines are for the same charges.
    #[error("line {line} is for the same period, issuer, and invoice as line {earlier}")]
    Twice {
        /// Line of the file.
        line: u64,
        /// The earlier line.
        earlier: u64,
    },
    /// The file has no invoices.
    #[error("the file has no invoices")]
    Empty,
    /// The file is not CSV.
    #[error("not CSV: {0}")]
    Csv(String),
    /// A sum is too large.
    #[error(transparent)]
    Money(#[from] crate::money::MoneyError),
}

/// Names of the columns, with other names that are accepted.
const COLUMNS: [(&str, &[&str]); 5] = [
    ("period", &["billing_period", "billingperiodstart", "month"]),
    ("issuer", &["invoice_issuer", "invoiceissuername"]),
    ("invoice", &["invoice_id", "invoiceid"]),
    ("amount", &["billed", "billedcost", "total"]),
    ("currency", &["billingcurrency"]),
];

impl Invoiced {
    /// Creates an invoice of all issuers of a billing period.
    #[must_use]
    pub fn of_period(billing_period: Month, amount: Money) -> Self {
        Self { billing_period, invoice_issuer: None, invoice_id: None, amount }
    }

    /// Reads invoices from CSV with the columns `period` (`2026-10`), `issuer`, `invoice`, `amount`
    /// (`1234.50` or `1,234.50`), and `currency`; all but `period` and `amount` can be missing.
    /// Without a currency, amounts are in `currency`; if that is `None`, each line must name one.
    ///
    /// # Errors
    /// [`ReconcileError`] with the line and column.
    pub fn parse(text: &str, currency: Option<Currency>) -> Result<Vec<Self>, ReconcileError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|e| ReconcileError::Csv(e.to_string()))?.clone();
        let places = places(&header)?;
        let mut all = Vec::new();
        let mut lines: BTreeMap<_, u64> = BTreeMap::new();
        for record in reader.records() {
            let record = record.map_err(|e| ReconcileError::Csv(e.to_string()))?;
            let line = record.position().map_or(0, csv::Position::line);
            if record.iter().all(str::is_empty) {
                continue;
            }
            let cell = |at: usize| places[at].and_then(|place| record.get(place)).unwrap_or("");
            let invoice = Self::of_cells(line, [0, 1, 2, 3, 4].map(cell), currency)?;
            if let Some(earlier) = lines.insert(invoice.key(), line) {
                return Err(ReconcileError::Twice { line, earlier });
            }
            all.push(invoice);
        }
        if all.is_empty() {
            return Err(ReconcileError::Empty);
        }
        Ok(all)
    }

    fn of_cells(
        line: u64,
        cells: [&str; 5],
        currency: Option<Currency>,
    ) -> Result<Self, ReconcileError> {
        let wrong = |column, text: &str, expected| ReconcileError::Cell {
            line,
            column,
            text: text.to_owned(),
            expected,
        };
        let [period, issuer, invoice, amount, code] = cells;
        let billing_period =
            month(period).ok_or_else(|| wrong("period", period, "a month such as 2026-10"))?;
        let currency = match currency {
            Some(currency) if code.is_empty() => currency,
            _ => {
                let code = code.to_ascii_uppercase();
                code.parse().map_err(|_| wrong("currency", &code, "a currency such as USD"))?
            }
        };
        let number = self::amount(amount)
            .ok_or_else(|| wrong("amount", amount, "a number such as 1234.50 or 1,234.50"))?;
        let text = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
        Ok(Self {
            billing_period,
            invoice_issuer: text(issuer),
            invoice_id: text(invoice),
            amount: Money::new(number, currency),
        })
    }

    /// Returns what no other invoice can have. Names are compared in any letter case.
    pub(super) fn key(&self) -> (Month, Currency, Option<String>, Option<String>) {
        let lower = |text: &Option<String>| text.as_ref().map(|t| t.to_ascii_lowercase());
        let names = (lower(&self.invoice_issuer), lower(&self.invoice_id));
        (self.billing_period, self.amount.currency(), names.0, names.1)
    }
}

/// Parses a month, or a day or instant in it, as exports have it.
fn month(text: &str) -> Option<Month> {
    let (month, rest) = text.split_at_checked(7)?;
    let is_day = || text.get(..10).is_some_and(|day| day.parse::<chrono::NaiveDate>().is_ok());
    let is_instant = || text.get(10..).is_some_and(|t| t.is_empty() || t.starts_with(['T', ' ']));
    if rest.is_empty() || is_day() && is_instant() { month.parse().ok() } else { None }
}

/// Returns the positions of the columns.
fn places(header: &csv::StringRecord) -> Result<[Option<usize>; 5], ReconcileError> {
    let mut places = [None; 5];
    for (place, title) in header.iter().enumerate() {
        let name = title.to_ascii_lowercase().replace(' ', "_");
        let found = COLUMNS
            .iter()
            .position(|(column, others)| *column == name || others.contains(&name.as_str()))
            .ok_or_else(|| ReconcileError::UnknownColumn(title.to_owned()))?;
        if places[found].replace(place).is_some() {
            return Err(ReconcileError::TwoColumns(COLUMNS[found].0));
        }
    }
    for required in [0, 3] {
        if places[required].is_none() {
            return Err(ReconcileError::NoColumn(COLUMNS[required].0));
        }
    }
    Ok(places)
}

/// Parses an amount such as `1234.50` or `1,234.50`; `None` if it is none. A comma separates thousands; as it could be a decimal comma elsewhere, it is
/// accepted only before exactly three digits.
#[must_use]
pub fn amount(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = first.strip_prefix('-').unwrap_or(first);
    let rest: Vec<&str> = groups.collect();
    let grouped = rest.is_empty() || (1..=3).contains(&unsigned.len());
    if unsigned.is_empty()
        || !digits(unsigned)
        || !grouped
        || rest.iter().any(|group| group.len() != 3 || !digits(group))
        || fraction.is_some_and(|f| f.is_empty() || !digits(f))
    {
        return None;
    }
    let fraction = fraction.map(|f| format!(".{f}")).unwrap_or_default();
    format!("{first}{}{fraction}", rest.concat()).parse().ok()
}
