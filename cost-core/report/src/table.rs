//! Tables with typed cells. Each cell has a value for machine-readable formats and a text for
//! people.

use std::borrow::Cow;
use std::fmt::Display;

use chrono::NaiveDate;
use cost_core::money::Money;
use cost_core::month::Month;
use cost_core::text::thousands;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::formula::Formula;
use crate::number::rounded;
use crate::text::Text;

/// Table with typed cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// All rows.
    pub rows: Vec<Row>,
    /// Totals below the rows, one cell per column; empty if there are none. Formats that show every
    /// row show them, others skip them.
    pub foot: Vec<Cell>,
    /// Maximum rows shown to people; `None` shows all.
    pub shown: Option<usize>,
    /// Hint about rows that are not shown.
    pub more: More,
    /// Whether to show the column titles.
    pub head: bool,
    /// Number of spaces before each line in text formats.
    pub indent: usize,
}

/// Column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Column title; can be empty.
    pub title: Cow<'static, str>,
    /// Alignment of the cells.
    pub align: Align,
    /// Whether to hide the column on narrow pages.
    pub wide: bool,
    /// Minimum width in text formats, in characters.
    pub min_width: usize,
    /// Whether readers of pages can select rows by the values of this column, such as an owner or a
    /// risk level.
    pub filter: bool,
    /// Meaning or formula of the values.
    pub help: Option<&'static str>,
}

impl Column {
    fn new(title: Cow<'static, str>, align: Align) -> Self {
        Self { title, align, wide: false, min_width: 0, filter: false, help: None }
    }
}

/// Alignment of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Left, for text.
    Left,
    /// Right, for numbers.
    Right,
}

/// Row of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// One cell per column.
    Cells(Vec<Cell>),
    /// Text across all columns.
    Across(Text),
}

/// Hint about the rows that a table does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum More {
    /// No hint.
    Nothing,
    /// Number of hidden rows, and the option that shows all rows.
    Option(&'static str),
    /// Number of hidden rows, and where to find them.
    Where(&'static str),
}

/// Cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Text for people; may be untrusted.
    pub text: String,
    /// Value for machine-readable formats.
    pub value: Value,
    /// Indentation level: the row is a part of a row above with a lower level.
    pub level: usize,
    /// How the value follows from other cells of the table; `None` if it does not.
    pub formula: Option<Formula>,
}

/// Value of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value.
    Empty,
    /// Unknown value.
    Unknown,
    /// Text: the text of the cell.
    Text,
    /// Identifier: the text of the cell.
    Id,
    /// Amount of money.
    Money(Money),
    /// Number in percent.
    Percent(Decimal),
    /// Number without a unit.
    Number(Decimal),
    /// Number of things.
    Count(u64),
    /// Calendar date.
    Date(NaiveDate),
    /// Calendar month.
    Month(Month),
    /// Share of the largest value in the column, 0 to 1, drawn as a bar.
    Share(f64),
}

impl Table {
    /// Creates a table without rows. A `>` before a title aligns the column to the right; a leading
    /// `+` shows it on wide pages only (`+>before`).
    #[must_use]
    pub fn new(titles: &[&'static str]) -> Self {
        let column = |title: &&'static str| {
            let (wide, title) =
                title.strip_prefix('+').map_or((false, *title), |rest| (true, rest));
            let (align, title) =
                title.strip_prefix('>').map_or((Align::Left, title), |rest| (Align::Right, rest));
            Column { wide, ..Column::new(Cow::Borrowed(title), align) }
        };
        let columns = titles.iter().map(column).collect();
        Self {
            columns,
            rows: Vec::new(),
            foot: Vec::new(),
            shown: None,
            more: More::Nothing,
            head: true,
            indent: 0,
        }
    }

    /// Adds a right-aligned column with a title that is known only at run time.
    pub fn number_column(&mut self, title: impl Into<String>, min_width: usize) {
        let column = Column::new(Cow::Owned(title.into()), Align::Right);
        self.columns.push(Column { min_width, ..column });
    }

    /// Adds a left-aligned column.
    pub fn text_column(&mut self, title: &'static str) {
        self.columns.push(Column::new(Cow::Borrowed(title), Align::Left));
    }

    /// Adds a row with one cell per column.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(Row::Cells(cells.into_iter().collect()));
    }

    /// Sets the totals below the rows, one cell per column.
    pub fn foot(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.foot = cells.into_iter().collect();
    }

    /// Adds a row with text across all columns.
    pub fn across(&mut self, text: impl Into<Text>) {
        self.rows.push(Row::Across(text.into()));
    }

    /// Returns the table, limited to this number of rows in formats for people.
    #[must_use]
    pub fn limited(self, shown: usize, more: More) -> Self {
        Self { shown: Some(shown), more, ..self }
    }

    /// Returns the table without column titles.
    #[must_use]
    pub fn headless(self) -> Self {
        Self { head: false, ..self }
    }

    /// Returns the table, indented by this number of spaces in text formats.
    #[must_use]
    pub fn indented(self, indent: usize) -> Self {
        Self { indent, ..self }
    }

    /// Returns the table with a minimum width for a column in text formats.
    #[must_use]
    pub fn min_width(mut self, column: usize, width: usize) -> Self {
        if let Some(column) = self.columns.get_mut(column) {
            column.min_width = width;
        }
        self
    }

    /// Returns the table with filters for the columns with these titles on interactive pages.
    #[must_use]
    pub fn filtered_by(mut self, titles: &[&str]) -> Self {
        for column in self.columns.iter_mut().filter(|c| titles.contains(&c.title.as_ref())) {
            column.filter = true;
        }
        self
    }

    /// Returns the table with the meaning or formula of the columns with these titles.
    #[must_use]
    pub fn explained(mut self, help: &[(&str, &'static str)]) -> Self {
        for column in &mut self.columns {
            let own = help.iter().find(|(title, _)| *title == column.title);
            column.help = own.map(|(_, meaning)| *meaning).or(column.help);
        }
        self
    }

    /// Returns the rows shown to people.
    #[must_use]
    pub fn shown(&self) -> &[Row] {
        &self.rows[..self.shown.unwrap_or(usize::MAX).min(self.rows.len())]
    }

    /// Returns the hint about hidden rows; `None` if all rows are shown.
    #[must_use]
    pub fn more(&self) -> Option<Text> {
        let (all, left) = (self.rows.len(), self.rows.len() - self.shown().len());
        let lead = Text::from(format!("… and {left} more"));
        match self.more {
            _ if left == 0 => None,
            More::Nothing => None,
            More::Option(option) => {
                Some(lead.plain(": ").code(format!("{option} {all}")).plain("."))
            }
            More::Where(place) => Some(lead.plain(format!(" {place}."))),
        }
    }
}

/// Width of the longest bar, in characters.
const BAR: f64 = 24.0;

/// Text for an unknown value.
pub(crate) const DASH: &str = "–";

/// Constructors that format a value for people.
impl Cell {
    fn of(text: impl ToString, value: Value) -> Self {
        Self { text: text.to_string(), value, level: 0, formula: None }
    }

    /// Returns a text cell.
    pub fn text(text: impl ToString) -> Self {
        Self::of(text, Value::Text)
    }

    /// Returns an identifier cell.
    pub fn id(id: impl ToString) -> Self {
        Self::of(id, Value::Id)
    }

    /// Returns an empty cell.
    #[must_use]
    pub fn empty() -> Self {
        Self::of("", Value::Empty)
    }

    /// Returns a dash, for an unknown value.
    #[must_use]
    pub fn unknown() -> Self {
        Self::of(DASH, Value::Unknown)
    }

    /// Returns the cell that `cell` creates from a value, or a dash if the value is unknown.
    pub fn maybe<T>(value: Option<T>, cell: impl Fn(T) -> Self) -> Self {
        value.map_or_else(Self::unknown, cell)
    }

    /// Returns an amount to the cent: `1,234.50`.
    #[must_use]
    pub fn money(amount: Money) -> Self {
        Self::of(amount.display_amount(), Value::Money(amount))
    }

    /// Returns an amount in whole units: `1,235`.
    #[must_use]
    pub fn whole(amount: Money) -> Self {
        Self::of(amount.display_whole(), Value::Money(amount))
    }

    /// Returns an amount with all digits.
    #[must_use]
    pub fn exact(amount: Money) -> Self {
        Self::of(amount.display_exact(), Value::Money(amount))
    }

    /// Returns a change in whole units: `+12,345`, or a dash for zero.
    #[must_use]
    pub fn change(amount: Money) -> Self {
        let whole = amount.display_whole();
        let text = match () {
            () if amount.amount().is_zero() => DASH.to_owned(),
            () if amount.amount().is_sign_negative() || whole.starts_with('<') => whole,
            () => format!("+{whole}"),
        };
        Self::of(text, Value::Money(amount))
    }

    /// Returns a change to the cent: `+1,234.50`, or a dash for zero.
    #[must_use]
    pub fn signed_money(amount: Money) -> Self {
        let shown = amount.display_amount();
        let text = match amount.amount() {
            a if a.is_zero() => DASH.to_owned(),
            a if a.is_sign_negative() || shown.starts_with('<') => shown,
            _ => format!("+{shown}"),
        };
        Self::of(text, Value::Money(amount))
    }

    /// Returns an amount to the cent with its currency: `1,234.50 USD`.
    #[must_use]
    pub fn with_currency(amount: Money) -> Self {
        Self::of(amount, Value::Money(amount))
    }

    /// Returns a percentage with one decimal place: `3.2 %`.
    #[must_use]
    pub fn share(percent: Decimal) -> Self {
        Self::of(format!("{:.1} %", rounded(percent, 1)), Value::Percent(percent))
    }

    /// Returns a percentage with all its digits: `3.25 %`.
    #[must_use]
    pub fn percent(percent: Decimal) -> Self {
        Self::of(format!("{percent} %"), Value::Percent(percent))
    }

    /// Returns a change in percent with one decimal place: `+3.2 %`, `0.0 %`, `>+999 %`.
    #[must_use]
    pub fn change_pct(percent: Decimal) -> Self {
        let text = match percent {
            p if p.abs() >= Decimal::from(1000) && p.is_sign_negative() => "<-999 %".to_owned(),
            p if p.abs() >= Decimal::from(1000) => ">+999 %".to_owned(),
            // Zero can be a small increase or decrease that was rounded, so it has no sign.
            p if rounded(p, 1).is_zero() => "0.0 %".to_owned(),
            p => format!("{:+.1} %", rounded(p, 1)),
        };
        Self::of(text, Value::Percent(percent))
    }

    /// Returns USD per hour, to a tenth of a cent.
    #[must_use]
    pub fn hourly(usd: Decimal) -> Self {
        Self::of(format!("{:.3}", rounded(usd, 3)), Value::Number(usd))
    }

    /// Returns a count with thousands separators: `12,000`.
    #[must_use]
    pub fn count(count: u64) -> Self {
        Self::of(thousands(count), Value::Count(count))
    }

    /// Returns a date.
    #[must_use]
    pub fn date(day: NaiveDate) -> Self {
        Self::of(day, Value::Date(day))
    }

    /// Returns a month.
    #[must_use]
    pub fn month(month: Month) -> Self {
        Self::of(month, Value::Month(month))
    }

    /// Returns a bar for a share of the largest value, 0 to 1.
    #[must_use]
    pub fn bar(share: f64) -> Self {
        Self::of("█".repeat((share * BAR).round().to_usize().unwrap_or(0)), Value::Share(share))
    }

    /// Returns a value with a custom text.
    pub fn shown_as(text: impl Display, value: Value) -> Self {
        Self::of(text, value)
    }

    /// Returns the cell with the formula that its value follows from.
    #[must_use]
    pub fn follows(self, formula: Formula) -> Self {
        Self { formula: Some(formula), ..self }
    }

    /// Returns the cell, indented as a part of the row above.
    #[must_use]
    pub fn part(self) -> Self {
        Self { level: self.level + 1, ..self }
    }
}
