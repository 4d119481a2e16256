//! Tables with typed cells. A cell has its value, for machine-readable formats, and its text, for
//! those that people read.

use std::borrow::Cow;
use std::fmt::Display;

use chrono::NaiveDate;
use cost_core::money::Money;
use cost_core::month::Month;
use cost_core::text::thousands;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::number::rounded;
use crate::text::Text;

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, all of them.
    pub rows: Vec<Row>,
    /// Rows shown to people; `None` shows all.
    pub shown: Option<usize>,
    /// What tells of the rows that are not shown.
    pub more: More,
    /// Whether the titles of the columns are shown.
    pub head: bool,
    /// Blanks before each line in text formats.
    pub indent: usize,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Title; can be empty.
    pub title: Cow<'static, str>,
    /// Alignment.
    pub align: Align,
    /// Whether it is left out where the page is narrow.
    pub wide: bool,
    /// Least width in text formats.
    pub min_width: usize,
}

/// How a column is aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// A cell a column.
    Cells(Vec<Cell>),
    /// A line across all columns.
    Across(Text),
}

/// What is said of the rows that a table does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum More {
    /// Nothing.
    Nothing,
    /// How many there are, and the option that shows them with the number of all.
    Option(&'static str),
    /// How many there are, and where to find them.
    Where(&'static str),
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What people read; may be untrusted.
    pub text: String,
    /// The value.
    pub value: Value,
    /// How far it is set in below the row above, as a part of it.
    pub level: usize,
}

/// The value of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing belongs here.
    Empty,
    /// Not known.
    Unknown,
    /// Words; the text of the cell.
    Text,
    /// An identifier; the text of the cell.
    Id,
    /// An amount of money.
    Money(Money),
    /// Percent.
    Percent(Decimal),
    /// A number.
    Number(Decimal),
    /// A number of things.
    Count(u64),
    /// A day.
    Date(NaiveDate),
    /// A month.
    Month(Month),
    /// A part of the largest value of the column, 0 to 1, drawn as a bar.
    Share(f64),
}

impl Table {
    /// An empty table with columns of these titles: with `>` they are right-aligned, with `+`
    /// before that only where the page is wide (`+>before`).
    #[must_use]
    pub fn new(titles: &[&'static str]) -> Self {
        let column = |title: &&'static str| {
            let (wide, title) =
                title.strip_prefix('+').map_or((false, *title), |rest| (true, rest));
            let (align, title) =
                title.strip_prefix('>').map_or((Align::Left, title), |rest| (Align::Right, rest));
            Column { title: Cow::Borrowed(title), align, wide, min_width: 0 }
        };
        let columns = titles.iter().map(column).collect();
        Self { columns, rows: Vec::new(), shown: None, more: More::Nothing, head: true, indent: 0 }
    }

    /// Adds a right-aligned column, whose title is known when the program runs only.
    pub fn number_column(&mut self, title: impl Into<String>, min_width: usize) {
        self.columns.push(Column {
            title: Cow::Owned(title.into()),
            align: Align::Right,
            wide: false,
            min_width,
        });
    }

    /// Adds a row, with a cell a column.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(Row::Cells(cells.into_iter().collect()));
    }

    /// Adds a line across all columns.
    pub fn across(&mut self, text: impl Into<Text>) {
        self.rows.push(Row::Across(text.into()));
    }

    /// The same, of which people see so many rows.
    #[must_use]
    pub fn limited(self, shown: usize, more: More) -> Self {
        Self { shown: Some(shown), more, ..self }
    }

    /// The same without the titles of its columns.
    #[must_use]
    pub fn headless(self) -> Self {
        Self { head: false, ..self }
    }

    /// The same, indented by so many blanks in text formats.
    #[must_use]
    pub fn indented(self, indent: usize) -> Self {
        Self { indent, ..self }
    }

    /// The same, with a column at least so wide in text formats.
    #[must_use]
    pub fn min_width(mut self, column: usize, width: usize) -> Self {
        if let Some(column) = self.columns.get_mut(column) {
            column.min_width = width;
        }
        self
    }

    /// The rows that people see.
    #[must_use]
    pub fn shown(&self) -> &[Row] {
        &self.rows[..self.shown.unwrap_or(usize::MAX).min(self.rows.len())]
    }

    /// What is said of the rows that people do not see; `None` if they see all.
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

/// Columns of the longest bar.
const BAR: f64 = 24.0;

/// Shown for what is not known.
pub(crate) const DASH: &str = "–";

/// How a value becomes the text that people read.
impl Cell {
    fn of(text: impl ToString, value: Value) -> Self {
        Self { text: text.to_string(), value, level: 0 }
    }

    /// Words.
    pub fn text(text: impl ToString) -> Self {
        Self::of(text, Value::Text)
    }

    /// An identifier.
    pub fn id(id: impl ToString) -> Self {
        Self::of(id, Value::Id)
    }

    /// Nothing.
    #[must_use]
    pub fn empty() -> Self {
        Self::of("", Value::Empty)
    }

    /// A dash for what is not known.
    #[must_use]
    pub fn unknown() -> Self {
        Self::of(DASH, Value::Unknown)
    }

    /// The cell that `cell` makes of a value, or a dash if it is not known.
    pub fn maybe<T>(value: Option<T>, cell: impl Fn(T) -> Self) -> Self {
        value.map_or_else(Self::unknown, cell)
    }

    /// An amount to the cent: `1,234.50`.
    #[must_use]
    pub fn money(amount: Money) -> Self {
        Self::of(amount.display_amount(), Value::Money(amount))
    }

    /// An amount in whole units: `1,235`.
    #[must_use]
    pub fn whole(amount: Money) -> Self {
        Self::of(amount.display_whole(), Value::Money(amount))
    }

    /// An amount with every digit.
    #[must_use]
    pub fn exact(amount: Money) -> Self {
        Self::of(amount.display_exact(), Value::Money(amount))
    }

    /// A change in whole units: `+12,345`, or a dash for nothing.
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

    /// An amount to the cent with its currency: `1,234.50 USD`.
    #[must_use]
    pub fn with_currency(amount: Money) -> Self {
        Self::of(amount, Value::Money(amount))
    }

    /// Percent to one digit: `3.2 %`.
    #[must_use]
    pub fn share(percent: Decimal) -> Self {
        Self::of(format!("{:.1} %", rounded(percent, 1)), Value::Percent(percent))
    }

    /// Percent with the digits it has: `3.25 %`.
    #[must_use]
    pub fn percent(percent: Decimal) -> Self {
        Self::of(format!("{percent} %"), Value::Percent(percent))
    }

    /// A change in percent to one digit: `+3.2 %`, `0.0 %`, `>+999 %`.
    #[must_use]
    pub fn change_pct(percent: Decimal) -> Self {
        let text = match percent {
            p if p.abs() >= Decimal::from(1000) && p.is_sign_negative() => "<-999 %".to_owned(),
            p if p.abs() >= Decimal::from(1000) => ">+999 %".to_owned(),
            // Zero is often a fall or a rise that was rounded away: it has no sign.
            p if rounded(p, 1).is_zero() => "0.0 %".to_owned(),
            p => format!("{:+.1} %", rounded(p, 1)),
        };
        Self::of(text, Value::Percent(percent))
    }

    /// USD an hour, to a tenth of a cent.
    #[must_use]
    pub fn hourly(usd: Decimal) -> Self {
        Self::of(format!("{:.3}", rounded(usd, 3)), Value::Number(usd))
    }

    /// A number of things: `12,000`.
    #[must_use]
    pub fn count(count: u64) -> Self {
        Self::of(thousands(count), Value::Count(count))
    }

    /// A day.
    #[must_use]
    pub fn date(day: NaiveDate) -> Self {
        Self::of(day, Value::Date(day))
    }

    /// A month.
    #[must_use]
    pub fn month(month: Month) -> Self {
        Self::of(month, Value::Month(month))
    }

    /// A bar as long as a share of the largest value, 0 to 1.
    #[must_use]
    pub fn bar(share: f64) -> Self {
        Self::of("█".repeat((share * BAR).round().to_usize().unwrap_or(0)), Value::Share(share))
    }

    /// A value with a text of its own.
    pub fn shown_as(text: impl Display, value: Value) -> Self {
        Self::of(text, value)
    }

    /// The same, as a part of what is above.
    #[must_use]
    pub fn part(self) -> Self {
        Self { level: self.level + 1, ..self }
    }
}
