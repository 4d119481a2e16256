//! Calculation of formulas: the cells that a formula refers to, and whether they give the value of
//! its cell with exact decimals, so that a recalculated workbook shows the digits of the report. A
//! workbook writes a formula only if it holds, otherwise the value alone.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::formula::Formula;
use crate::number::double;
use crate::table::{Cell, Row, Table, Value};

/// Place of a cell: row and column, counted from 0. The row after the last one is the foot.
pub(crate) type Place = (usize, usize);

/// The cells of a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Terms {
    /// Sum from one place to another in the same row or column.
    Sum(Place, Place),
    /// The first minus the second.
    Difference(Place, Place),
    /// (first − second) ÷ second, to 0.1 %.
    Change(Place, Place),
    /// First ÷ second, to 0.1 %.
    Ratio(Place, Place),
}

impl Formula {
    /// Returns the cells of the formula at a place; `None` if there are none.
    pub(crate) fn terms(self, table: &Table, (row, column): Place) -> Option<Terms> {
        Some(match self {
            Self::SumAbove => {
                let is_sum =
                    |r: &usize| cell(table, (*r, column)).and_then(|c| c.formula) == Some(self);
                let first = (0..row).rev().find(is_sum).map_or(0, |sum| sum + 1);
                let last = row.checked_sub(1).filter(|last| *last >= first)?;
                Terms::Sum((first, column), (last, column))
            }
            Self::SumOfParts => {
                let level = level(table, row)?;
                let parts = (row + 1..table.rows.len())
                    .map_while(|r| self::level(table, r).filter(|l| *l > level));
                let levels: Vec<usize> = parts.collect();
                // Parts of parts would count twice.
                if levels.is_empty() || levels.iter().any(|l| *l != level + 1) {
                    return None;
                }
                Terms::Sum((row + 1, column), (row + levels.len(), column))
            }
            Self::SumOfRow { first, last } => Terms::Sum((row, first), (row, last)),
            Self::Difference { minuend, subtrahend } => {
                Terms::Difference((row, minuend), (row, subtrahend))
            }
            Self::Change { this, last } => Terms::Change((row, this), (row, last)),
            Self::Share { of } => Terms::Ratio((row, of), (table.rows.len(), of)),
        })
    }
}

/// Returns whether the cells of a formula give the value of a cell, and do so in a spreadsheet as
/// well, which calculates with doubles.
pub(crate) fn holds(table: &Table, at: Place, terms: Terms) -> bool {
    let value = cell(table, at).and_then(number);
    value.zip(result(table, terms)).is_some_and(|(value, result)| {
        let cents =
            |n: Decimal| n.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        value.checked_sub(result).is_some_and(|d| d.abs() <= ERROR) && cents(value) == cents(result)
    })
}

/// Largest difference between a value and its formula: amounts that were scaled or divided have 28
/// digits, and their sums differ in the last ones. A double has 15 digits, so that up to 10 million
/// it does not show this difference.
const ERROR: Decimal = Decimal::from_parts(1, 0, 0, false, 9);

/// Returns the result of a formula with exact decimals; `None` if a cell has no number, or if
/// doubles could give another result.
fn result(table: &Table, terms: Terms) -> Option<Decimal> {
    let known = |at: Place| cell(table, at).and_then(number);
    match terms {
        Terms::Sum(first, last) => sum(table, first, last),
        Terms::Difference(a, b) => known(a)?.checked_sub(known(b)?),
        Terms::Change(a, b) => {
            let last = known(b)?;
            to_tenth(known(a)?.checked_sub(last)?.checked_div(last)?)
        }
        Terms::Ratio(a, b) => to_tenth(known(a)?.checked_div(known(b)?)?),
    }
}

/// Returns the sum of cells; cells without a number count as zero, as in the function SUM of
/// spreadsheets. `None` if a cell is unknown, if no cell has a number, or if the sum is zero and
/// its parts are not: the sum of doubles might then be a tiny amount.
fn sum(table: &Table, first: Place, last: Place) -> Option<Decimal> {
    let places = (first.0..=last.0).flat_map(|r| (first.1..=last.1).map(move |c| (r, c)));
    let cells: Vec<&Cell> = places.filter_map(|at| cell(table, at)).collect();
    let has_number = |c: &&&Cell| !matches!(c.value, Value::Empty | Value::Text | Value::Id);
    let numbers: Option<Vec<Decimal>> =
        cells.iter().filter(has_number).map(|c| number(c)).collect();
    let numbers = numbers.filter(|all| !all.is_empty())?;
    let sum = numbers.iter().try_fold(Decimal::ZERO, |sum, n| sum.checked_add(*n))?;
    (!sum.is_zero() || numbers.iter().all(Decimal::is_zero)).then_some(sum)
}

/// Returns a ratio, rounded to 0.1 %; `None` if it is so near to the middle between two results
/// that doubles might round it differently.
fn to_tenth(ratio: Decimal) -> Option<Decimal> {
    let round = |r: Decimal| r.round_dp_with_strategy(3, RoundingStrategy::MidpointAwayFromZero);
    let rounded = round(ratio);
    (round(ratio.checked_add(ERROR)?) == rounded && round(ratio.checked_sub(ERROR)?) == rounded)
        .then_some(rounded)
}

/// Returns the number of a cell, percentages as a fraction; `None` if it has none, or none that a
/// double can hold.
fn number(cell: &Cell) -> Option<Decimal> {
    let number = match cell.value {
        Value::Money(amount) => amount.amount(),
        Value::Percent(percent) => percent.checked_div(Decimal::ONE_HUNDRED)?,
        Value::Number(number) => number,
        Value::Count(count) => count.into(),
        _ => return None,
    };
    double(number).map(|_| number)
}

/// Returns the cell at a place.
fn cell(table: &Table, (row, column): Place) -> Option<&Cell> {
    match table.rows.get(row) {
        Some(Row::Cells(cells)) => cells.get(column),
        None if row == table.rows.len() => table.foot.get(column),
        Some(Row::Across(_)) | None => None,
    }
}

/// Returns the level of a row: that of its first cell.
fn level(table: &Table, row: usize) -> Option<usize> {
    cell(table, (row, 0)).map(|c| c.level)
}

#[cfg(test)]
mod tests {
    use cost_core::money::{Currency, Money};

    use super::*;

    fn usd(text: &str) -> Cell {
        Cell::money(Money::parse(text, Currency::USD).expect("an amount"))
    }

    fn checked(table: &Table, at: Place) -> Option<Terms> {
        let formula = cell(table, at).and_then(|c| c.formula).expect("a formula");
        formula.terms(table, at).filter(|terms| holds(table, at, *terms))
    }

    #[test]
    fn totals_are_the_sum_of_the_rows_above_since_the_last_total() {
        let mut table = Table::new(&["", ">a"]);
        table.row([Cell::text("one"), usd("1.10")]);
        table.row([Cell::text("two"), usd("2.20")]);
        table.row([Cell::text("sum"), usd("3.30").follows(Formula::SumAbove)]);
        table.row([Cell::text("sum of none"), usd("0").follows(Formula::SumAbove)]);
        table.row([Cell::text("three"), usd("0.005")]);
        table.foot([Cell::text("wrong"), usd("0.01").follows(Formula::SumAbove)]);
        assert_eq!(checked(&table, (2, 1)), Some(Terms::Sum((0, 1), (1, 1))));
        assert_eq!(checked(&table, (3, 1)), None, "no rows");
        assert_eq!(checked(&table, (5, 1)), None, "0.005 is not 0.01");
    }

    #[test]
    fn parts_are_the_rows_of_the_next_level() {
        let mut table = Table::new(&["", ">a"]);
        let sum = |text: &str| usd(text).follows(Formula::SumOfParts);
        table.row([Cell::text("billed"), sum("10")]);
        table.row([Cell::text("usage").part(), usd("12")]);
        table.row([Cell::text("credits").part(), usd("-2")]);
        table.row([Cell::text("effective"), sum("9")]);
        table.row([Cell::text("usage").part(), usd("9")]);
        table.row([Cell::text("none"), sum("0")]);
        assert_eq!(checked(&table, (0, 1)), Some(Terms::Sum((1, 1), (2, 1))));
        assert_eq!(checked(&table, (3, 1)), Some(Terms::Sum((4, 1), (4, 1))));
        assert_eq!(checked(&table, (5, 1)), None);
    }

    #[test]
    fn unknown_amounts_have_no_sum() {
        let mut table = Table::new(&["", ">a", ">b"]);
        table.row([Cell::text("one"), usd("1"), Cell::empty()]);
        table.row([Cell::text("two"), Cell::unknown(), usd("2")]);
        let sum = |text: &str| usd(text).follows(Formula::SumAbove);
        table.foot([Cell::text("total"), sum("1"), sum("2")]);
        assert_eq!(checked(&table, (2, 1)), None);
        assert_eq!(checked(&table, (2, 2)), Some(Terms::Sum((0, 2), (1, 2))));
    }

    #[test]
    fn changes_and_shares_are_rounded_to_a_tenth_of_a_percent() {
        // 75,208.80 − 70,006.61 = 5,202.19; ÷ 70,006.61 = 7.431 %.
        let percent = |text: &str| Cell::share(text.parse().expect("a number"));
        let mut table = Table::new(&["", ">this", ">last", ">change", ">share", ">by"]);
        let row = |change: &str, share: &str| {
            [
                Cell::text("row"),
                usd("75208.80"),
                usd("70006.61"),
                percent(change).follows(Formula::Change { this: 1, last: 2 }),
                percent(share).follows(Formula::Share { of: 1 }),
                usd("5202.19").follows(Formula::Difference { minuend: 1, subtrahend: 2 }),
            ]
        };
        table.row(row("7.4", "50.0"));
        table.row(row("7.5", "50.1"));
        table.foot([Cell::text("total"), usd("150417.60")]);
        assert_eq!(checked(&table, (0, 3)), Some(Terms::Change((0, 1), (0, 2))));
        assert_eq!(checked(&table, (0, 4)), Some(Terms::Ratio((0, 1), (2, 1))));
        assert_eq!(checked(&table, (0, 5)), Some(Terms::Difference((0, 1), (0, 2))));
        assert_eq!(checked(&table, (1, 3)), None);
        assert_eq!(checked(&table, (1, 4)), None);
    }

    #[test]
    fn results_that_doubles_could_round_differently_have_no_formula() {
        // 1 ÷ 80 = 1.25 %: half way between 1.2 % and 1.3 %.
        let mut table = Table::new(&["", ">a", ">share"]);
        let share = Cell::share("1.3".parse().expect("a number"));
        table.row([Cell::text("row"), usd("1"), share.follows(Formula::Share { of: 1 })]);
        table.foot([Cell::text("total"), usd("80")]);
        assert_eq!(checked(&table, (0, 2)), None);
        // 0.10 + 0.20 − 0.30 is not zero in doubles.
        let mut table = Table::new(&["", ">a", ">b", ">c", ">sum"]);
        let sum = usd("0").follows(Formula::SumOfRow { first: 1, last: 3 });
        table.row([Cell::text("row"), usd("0.10"), usd("0.20"), usd("-0.30"), sum]);
        assert_eq!(checked(&table, (0, 4)), None);
    }
}
