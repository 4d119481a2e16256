//! The documentation page about estates, generated from the table declarations.

use super::tables::TABLES;
use crate::inventory::{INVENTORY, detail};
use crate::table::{Column, ColumnType, Table};

const HEAD: &str = "# The files of an estate

Generated from the table declarations that the program uses for reading and writing.

An estate is a folder with all data that a review needs, so that the review can be repeated offline. `cost pull` writes it. Each table is
one Parquet file. All tables are optional: missing data is unknown, never zero. A column with another type is read as the text of its values.

| file | content |
| --- | --- |
| `estate.json` | name, day, tag keys, and what could not be collected |
| `billing/**` | the bill: FOCUS, as Parquet or text, or exports of AWS, Azure, and Google Cloud |
| `chunks.json` | the files of `billing` that a pull wrote, with sizes and line items |
";

/// Returns the page `docs/estate.md`: the files of an estate, and each table with its columns,
/// types, and units.
#[must_use]
pub fn documentation() -> String {
    let line = |t: &&Table| {
        format!("| `{}` | {} |\n", t.path, t.doc.split_once(". ").map_or(t.doc, |(first, _)| first))
    };
    let list: String = TABLES.iter().map(line).collect();
    let sections: String = TABLES.iter().map(|t| section(t)).collect();
    format!("{HEAD}{list}{sections}")
}

fn section(table: &Table) -> String {
    let mut page = format!("\n## `{}`\n\n{}\n", table.path, table.doc);
    if !table.key.is_empty() {
        let names: Vec<String> = table.key.iter().map(|name| format!("`{name}`")).collect();
        page.push_str(&format!("\nKey: {}.\n", names.join(", ")));
    }
    page.push_str(
        "\n| column | type | unit | presence | meaning |\n| --- | --- | --- | --- | --- |\n",
    );
    page.extend(table.columns.iter().map(row));
    if table.name == INVENTORY.name {
        page.push_str("\nKeys of `Details`, shared by providers and checks:\n\n");
        page.push_str("| key | type | meaning |\n| --- | --- | --- |\n");
        page.extend(
            detail::ALL
                .iter()
                .map(|d| format!("| `{}` | {} | {} |\n", d.key, d.kind, d.doc.trim())),
        );
    }
    page
}

fn row(column: &Column) -> String {
    let presence = match (column.required, column.optional) {
        (true, _) => "in each row",
        (false, true) => "column can be missing",
        (false, false) => "can be null",
    };
    let (kind, unit) = (type_name(column.kind), column.unit.unwrap_or(""));
    format!("| `{}` | {kind} | {unit} | {presence} | {} |\n", column.name, column.doc.trim())
}

fn type_name(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text => "text",
        ColumnType::Json => "text: a JSON object",
        ColumnType::Integer => "integer",
        ColumnType::Number => "floating-point number",
        ColumnType::Flag => "boolean",
        ColumnType::Day => "date",
        ColumnType::Hour => "timestamp (UTC)",
        ColumnType::Amount => "decimal(38, 12)",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_is_what_the_declarations_say() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/estate.md");
        let page = super::documentation();
        if std::env::var_os("SNAPSHOTS").is_some_and(|v| v == "overwrite") {
            std::fs::write(&path, &page).expect("written");
        }
        assert_eq!(
            std::fs::read_to_string(path).expect("the page"),
            page,
            "set SNAPSHOTS=overwrite to write the page again"
        );
    }
}
