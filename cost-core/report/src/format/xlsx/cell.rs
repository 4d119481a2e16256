//! What a cell of a table is in a sheet: a number with a format, or text.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::number::{double, rounded};
use crate::table::{Cell, DASH, Row, Table, Value};

/// Content of a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    /// Nothing.
    Empty,
    /// Number with its number format.
    Number(f64, String),
    /// Share of the largest value of the column, 0 to 1, drawn as a bar.
    Bar(f64),
    /// Text; may be untrusted.
    Text(String),
}

/// How the numbers of a column are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// Whether numbers are changes, with their sign.
    signed: bool,
    /// Decimal places, if more than usual.
    places: u32,
}

/// Most decimal places of a number. With 5 digits before the decimal point, it has the 15 digits of
/// a double.
const PLACES: u32 = 10;

/// First day of the calendar of workbooks, for days from 1900-03-01 on. Source: ECMA-376, part 1,
/// 18.17.4.1, "Date Conversion for Serial Values", 1900 date base.
const DAY_0: Option<NaiveDate> = NaiveDate::from_ymd_opt(1899, 12, 30);

/// Earliest date that is a number: before 1900-03-01, programs count days differently.
const EARLIEST: Option<NaiveDate> = NaiveDate::from_ymd_opt(1900, 3, 1);

impl Shown {
    /// Returns how the numbers of a column are shown: with the sign and the decimal places that
    /// their texts have.
    pub(super) fn of(table: &Table, column: usize) -> Self {
        let mut shown = Self::default();
        for row in &table.rows {
            let Row::Cells(cells) = row else { continue };
            let Some(cell) = cells.get(column) else { continue };
            let (is_money, is_percent) = match cell.value {
                Value::Money(_) => (true, false),
                Value::Percent(_) => (false, true),
                _ => continue,
            };
            let text = cell.text.trim_start_matches(['<', '>']);
            shown.signed |= text.starts_with('+') || (is_money && text == DASH);
            if let Some(number) = Number::parse(text).filter(|n| is_percent || n.places > 2) {
                shown.places = shown.places.max(number.places.min(PLACES));
            }
        }
        shown
    }
}

/// Returns the content of a cell.
pub(super) fn content(cell: &Cell, shown: Shown) -> Content {
    let text = || Content::Text(cell.text.clone());
    let number = |number: Decimal, format: String| {
        double(number).map_or_else(text, |double| Content::Number(double, format))
    };
    match cell.value {
        Value::Empty if cell.text.is_empty() => Content::Empty,
        // A number that a double cannot hold is text with all its digits.
        Value::Money(amount) if double(amount.amount()).is_none() => {
            Content::Text(amount.display_exact())
        }
        Value::Money(amount) => number(amount.amount(), money(amount.amount(), &cell.text, shown)),
        Value::Percent(percent) => percent
            .checked_div(Decimal::ONE_HUNDRED)
            .map_or_else(text, |fraction| number(fraction, percentage(shown))),
        // Text that says more than the number stays text.
        Value::Number(value) => {
            Number::parse(&cell.text).map_or_else(text, |n| number(value, n.format()))
        }
        Value::Count(count) => number(count.into(), "#,##0".to_owned()),
        Value::Date(day) if cell.text == day.to_string() => {
            date(day).map_or_else(text, |d| Content::Number(d, DAY.to_owned()))
        }
        Value::Month(month) if cell.text == month.to_string() => {
            date(month.first_day()).map_or_else(text, |d| Content::Number(d, MONTH.to_owned()))
        }
        Value::Share(share) => Content::Bar(share),
        // The text of several days says more than the date, too.
        Value::Empty
        | Value::Unknown
        | Value::Text
        | Value::Id
        | Value::Date(_)
        | Value::Month(_) => text(),
    }
}

/// Number formats of days and months.
const DAY: &str = "yyyy-mm-dd";
const MONTH: &str = "yyyy-mm";

/// Returns the number of a day in the calendar of workbooks; `None` before 1900-03-01.
fn date(day: NaiveDate) -> Option<f64> {
    let days = day.signed_duration_since(DAY_0?).num_days();
    i32::try_from(days).ok().filter(|_| Some(day) >= EARLIEST).map(f64::from)
}

/// Number format of amounts that are not zero and would be shown as zero: positive; negative.
const TINY: &str = "\"<0.01\";\">-0.01\"";

/// Returns the format of an amount: thousands and at least two decimal places, more if the column
/// has more. A tiny amount is shown as in the report, such as `<0.01`.
fn money(amount: Decimal, text: &str, shown: Shown) -> String {
    if !amount.is_zero() && rounded(amount, 2).is_zero() && shown.places <= 2 {
        return TINY.to_owned();
    }
    let unit = Number::parse(text.trim_start_matches(['<', '>'])).map(|n| n.unit);
    let format = fixed(2, shown.places.saturating_sub(2), &unit.unwrap_or_default());
    signed(&format, shown.signed, "\"–\"")
}

fn percentage(shown: Shown) -> String {
    let zeros = "0".repeat(usize::try_from(shown.places.max(1)).unwrap_or(1));
    let format = format!("#,##0.{zeros} %");
    signed(&format, shown.signed, &format)
}

/// Returns the number format of changes, which have a sign.
fn signed(format: &str, signed: bool, zero: &str) -> String {
    if signed { format!("+{format};-{format};{zero}") } else { format.to_owned() }
}

/// Returns the format of numbers with decimal places that are always shown, others that are shown
/// if they are not zero, and a unit.
fn fixed(places: u32, more: u32, unit: &str) -> String {
    let digits = |digit: &str, count: u32| digit.repeat(usize::try_from(count).unwrap_or(0));
    let unit = if unit.is_empty() { String::new() } else { format!("\"{unit}\"") };
    let point = if places + more == 0 { "" } else { "." };
    format!("#,##0{point}{}{}{unit}", digits("0", places), digits("#", more))
}

/// Text of a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Number {
    /// Decimal places.
    places: u32,
    /// What follows the number, such as ` h`.
    unit: String,
}

impl Number {
    /// Parses the text of a number with a unit, such as `1,234.50 USD`; `None` if it is something
    /// else, such as `4 of 12 vCPU`.
    fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(['+', '-']).unwrap_or(text);
        let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '.'));
        let (digits, unit) = rest.split_at(end.unwrap_or(rest.len()));
        let is_unit = |c: char| c.is_ascii_alphabetic() || matches!(c, ' ' | '%' | '/');
        if !digits.starts_with(|c: char| c.is_ascii_digit())
            || digits.matches('.').count() > 1
            || !unit.chars().all(is_unit)
            || unit.len() > UNIT
        {
            return None;
        }
        let places = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        Some(Self { places: u32::try_from(places).ok()?, unit: unit.to_owned() })
    }

    fn format(&self) -> String {
        fixed(self.places.min(PLACES), 0, &self.unit)
    }
}

/// Longest unit of a number, in characters: a currency, `USD/h`, or a word. Longer text is a
/// sentence.
const UNIT: usize = 16;

#[cfg(test)]
mod tests {
    use cost_core::money::{Currency, Money};

    use super::*;

    fn usd(text: &str) -> Money {
        Money::parse(text, Currency::USD).expect("an amount")
    }

    fn alone(cell: &Cell) -> Content {
        let mut table = Table::new(&["a"]);
        table.row([cell.clone()]);
        content(cell, Shown::of(&table, 0))
    }

    fn number(value: f64, format: &str) -> Content {
        Content::Number(value, format.to_owned())
    }

    #[test]
    fn amounts_are_numbers_with_cents() {
        let all = [
            (Cell::money(usd("1234.5")), number(1234.5, "#,##0.00")),
            (Cell::whole(usd("1234.56")), number(1234.56, "#,##0.00")),
            (Cell::with_currency(usd("1")), number(1.0, "#,##0.00\" USD\"")),
            (Cell::change(usd("12.3")), number(12.3, "+#,##0.00;-#,##0.00;\"–\"")),
            (Cell::change(usd("0")), number(0.0, "+#,##0.00;-#,##0.00;\"–\"")),
            (Cell::money(usd("0.0012")), number(0.0012, "\"<0.01\";\">-0.01\"")),
            (
                Cell::exact(usd("73272.700757836261")),
                number(73_272.700_757_836_27, "#,##0.00########"),
            ),
            (
                Cell::money(usd("10000000000000.01")),
                Content::Text("10,000,000,000,000.01".to_owned()),
            ),
        ];
        for (cell, expected) in all {
            assert_eq!(alone(&cell), expected, "{}", cell.text);
        }
    }

    #[test]
    fn other_numbers_have_the_digits_and_units_of_their_text() {
        let decimal = |text: &str| text.parse::<Decimal>().expect("a number");
        let number_as = |text: &str| Cell::shown_as(text, Value::Number(decimal("12.5")));
        let day = NaiveDate::from_ymd_opt(2026, 11, 3).expect("a day");
        let all = [
            (Cell::share(decimal("7.4")), number(0.074, "#,##0.0 %")),
            (Cell::percent(decimal("3.25")), number(0.0325, "#,##0.00 %")),
            (Cell::change_pct(decimal("-7.4")), number(-0.074, "#,##0.0 %")),
            (
                Cell::change_pct(decimal("1281.7")),
                number(12.817, "+#,##0.0 %;-#,##0.0 %;#,##0.0 %"),
            ),
            (Cell::count(12_000), number(12_000.0, "#,##0")),
            (number_as("12.50 h"), number(12.5, "#,##0.00\" h\"")),
            (number_as("13"), number(12.5, "#,##0")),
            (number_as("12.5 of 20"), Content::Text("12.5 of 20".to_owned())),
            (number_as("12.5\"x"), Content::Text("12.5\"x".to_owned())),
            // 46,329 days after 1899-12-30: LibreOffice, =DATEVALUE("2026-11-03").
            (Cell::date(day), number(46_329.0, "yyyy-mm-dd")),
            (Cell::date(NaiveDate::MIN), Content::Text(NaiveDate::MIN.to_string())),
            (Cell::bar(0.5), Content::Bar(0.5)),
            (Cell::shown_as("11-03–05", Value::Date(day)), Content::Text("11-03–05".to_owned())),
            (Cell::empty(), Content::Empty),
            (Cell::unknown(), Content::Text("–".to_owned())),
            (Cell::text("=1+1"), Content::Text("=1+1".to_owned())),
        ];
        for (cell, expected) in all {
            assert_eq!(alone(&cell), expected, "{}", cell.text);
        }
    }
}
