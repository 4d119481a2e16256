//! Tables: a caption, column titles, and cells with their exact values.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::inline::inline;
use crate::escape::{html_text, terminal_text, xml_text};
use crate::table::{Align, Cell, Column, Row, Table, Value};

/// Returns a table with all its rows. The script shows the first ones, as many as the table asks
/// for, and the others on request.
pub(super) fn table(
    table: &Table,
    id: &str,
    caption: &str,
    panels: &BTreeMap<String, String>,
) -> String {
    let limit = table.shown.filter(|shown| *shown < table.rows.len());
    let limit = limit.map(|shown| format!(" data-n=\"{shown}\"")).unwrap_or_default();
    let sorts = if can_sort(table) { " class=\"s\"" } else { "" };
    let mut out = format!(
        "<div class=\"t\" role=\"group\" tabindex=\"0\" aria-labelledby=\"{id}\"><table{sorts}{limit}>\
         <caption id=\"{id}\">{}</caption>\n",
        html_text(caption)
    );
    if table.head {
        out.push_str(&head(&table.columns));
    }
    out.push_str("<tbody>\n");
    let columns = Columns::of(table);
    for row in &table.rows {
        out.push_str(&line(row, &columns, panels));
    }
    out.push_str("</tbody>");
    if !table.foot.is_empty() {
        let foot = line(&Row::Cells(table.foot.clone()), &columns, panels);
        out.push_str(&format!("<tfoot>{foot}</tfoot>"));
    }
    out.push_str("</table></div>\n");
    out + &meanings(&table.columns)
}

/// Columns of a table.
struct Columns<'a> {
    all: &'a [Column],
    /// Whether the amounts of each column are changes: increases have a sign.
    are_changes: Vec<bool>,
}

impl<'a> Columns<'a> {
    fn of(table: &'a Table) -> Self {
        let cells = |row: &'a Row| if let Row::Cells(cells) = row { cells.as_slice() } else { &[] };
        let has_sign = |at: usize| {
            let mut column = table.rows.iter().filter_map(|row| cells(row).get(at));
            column.any(|c| matches!(c.value, Value::Money(_)) && c.text.starts_with('+'))
        };
        let are_changes = (0..table.columns.len()).map(has_sign).collect();
        Self { all: &table.columns, are_changes }
    }
}

/// Returns whether rows can be put in another order: not if some belong to others.
fn can_sort(table: &Table) -> bool {
    let is_alone = |row: &Row| match row {
        Row::Cells(cells) => cells.iter().all(|cell| cell.level == 0),
        Row::Across(_) => false,
    };
    table.head && table.rows.len() > 2 && table.rows.iter().all(is_alone)
}

fn head(columns: &[Column]) -> String {
    let title = |column: &Column| {
        let class = if column.align == Align::Right { " class=\"n\"" } else { "" };
        let filter = if column.filter { " data-f" } else { "" };
        let help = column.help.map(|h| format!(" data-h=\"{}\"", xml_text(h))).unwrap_or_default();
        if column.title.is_empty() {
            // A title is not missing: the column has none.
            return format!("<td{class}></td>");
        }
        format!("<th scope=\"col\"{class}{filter}{help}>{}</th>", html_text(&column.title))
    };
    format!("<thead><tr>{}</tr></thead>\n", columns.iter().map(title).collect::<String>())
}

fn line(row: &Row, columns: &Columns<'_>, panels: &BTreeMap<String, String>) -> String {
    match row {
        Row::Across(text) => format!(
            "<tr class=\"ac\"><td colspan=\"{}\">{}</td></tr>\n",
            columns.all.len(),
            inline(text)
        ),
        Row::Cells(cells) => {
            // The first text names the row.
            let name = cells.iter().position(|c| matches!(c.value, Value::Text | Value::Id));
            let name = name.filter(|at| *at < 2);
            let cell = |(at, (c, column)): (usize, (&Cell, &Column))| {
                let is_change = columns.are_changes.get(at) == Some(&true);
                let direction = is_change.then(|| direction(c)).flatten();
                cell(c, column, direction, name == Some(at), panels)
            };
            let cells = cells.iter().zip(columns.all).enumerate().map(cell);
            format!("<tr>{}</tr>\n", cells.collect::<String>())
        }
    }
}

fn cell(
    cell: &Cell,
    column: &Column,
    direction: Option<&'static str>,
    is_name: bool,
    panels: &BTreeMap<String, String>,
) -> String {
    let mut classes = Vec::new();
    if column.align == Align::Right {
        classes.push("n");
    }
    match cell.value {
        Value::Unknown => classes.push("u"),
        Value::Id => classes.push("id"),
        Value::Date(_) | Value::Month(_) if column.align == Align::Left => classes.push("d"),
        _ => classes.extend(direction),
    }
    let level = format!("l{}", cell.level.min(DEEPEST));
    if cell.level > 0 {
        classes.push(&level);
    }
    let class = if classes.is_empty() {
        String::new()
    } else {
        format!(" class=\"{}\"", classes.join(" "))
    };
    let value =
        exact(cell).map(|value| format!(" data-v=\"{}\"", xml_text(&value))).unwrap_or_default();
    let text = match (&cell.value, panels.get(&cell.text)) {
        (Value::Share(share), _) => bar(*share),
        (Value::Id, Some(panel)) => {
            format!("<a href=\"#{panel}\">{}</a>", html_text(&cell.text))
        }
        _ => html_text(&terminal_text(&cell.text)),
    };
    if is_name {
        format!("<th scope=\"row\"{class}{value}>{text}</th>")
    } else {
        format!("<td{class}{value}>{text}</td>")
    }
}

/// Deepest level with an indentation of its own.
const DEEPEST: usize = 4;

/// Returns the class of a change: an increase or a decrease. The sign says the same without color.
fn direction(cell: &Cell) -> Option<&'static str> {
    let Value::Money(amount) = cell.value else { return None };
    match amount.amount() {
        amount if amount.is_zero() => None,
        amount if amount.is_sign_negative() => Some("dn"),
        _ => Some("up"),
    }
}

/// Returns the value of a cell with all digits; `None` if its text already has them.
fn exact(cell: &Cell) -> Option<String> {
    let plain = cell.text.replace(',', "");
    let number = |value: Decimal| {
        let shown: Option<Decimal> = plain.trim_start_matches('+').parse().ok();
        (shown != Some(value)).then(|| value.normalize().to_string())
    };
    match &cell.value {
        Value::Money(amount) => number(amount.amount()),
        Value::Percent(value) | Value::Number(value) => number(*value),
        Value::Count(count) => number(Decimal::from(*count)),
        Value::Date(day) => Some(day.to_string()).filter(|day| *day != cell.text),
        Value::Month(month) => Some(month.to_string()).filter(|month| *month != cell.text),
        Value::Share(share) => Some(format!("{share:.4}")),
        Value::Empty | Value::Unknown | Value::Text | Value::Id => None,
    }
}

/// Returns a bar for a share of the largest value, 0 to 1.
fn bar(share: f64) -> String {
    format!(
        "<svg class=\"b\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"{:.1}\" height=\"8\"/></svg>",
        100.0 * share.clamp(0.0, 1.0)
    )
}

/// Returns what the columns mean, for readers without the script and on paper.
fn meanings(columns: &[Column]) -> String {
    let meaning = |column: &Column| {
        let help = column.help?;
        Some(format!(
            "<div><dt>{}</dt><dd>{}</dd></div>\n",
            html_text(&column.title),
            html_text(help)
        ))
    };
    let all: String = columns.iter().filter_map(meaning).collect();
    if all.is_empty() {
        return all;
    }
    format!(
        "<details class=\"mn\"><summary>What the columns mean</summary><dl>\n{all}</dl></details>\n"
    )
}
