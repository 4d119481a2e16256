//! Rows of an export, built in each of its spellings.

use std::collections::BTreeMap;

use polars::prelude::*;
use rust_decimal::Decimal;

/// A row: plain fields by path; labels as `key=value;…` (tags `namespace/key=value`, with `*` if
/// inherited); credits.
#[derive(Clone)]
pub(super) struct Row {
    cells: BTreeMap<&'static str, &'static str>,
    credits: Vec<[&'static str; 3]>,
}

/// Key, value, whether it is inherited, and namespace of a label; the latter two only for a tag.
type Label = (Option<&'static str>, &'static str, bool, Option<&'static str>);

const LABELS: [&str; 4] = ["labels", "project.labels", "system_labels", "tags"];
/// Types in `BigQuery` of fields that are not text.
const FLOATS: [&str; 5] = [
    "cost",
    "cost_at_list",
    "currency_conversion_rate",
    "usage.amount",
    "usage.amount_in_pricing_units",
];
const TIMES: [&str; 2] = ["usage_start_time", "usage_end_time"];

/// Returns a row of regular usage with some other fields; blank is null.
pub(super) fn row(cells: &[(&'static str, &'static str)]) -> Row {
    let usual = [
        ("billing_account_id", "01ABCD-234567-89EF01"),
        ("cost", "1"),
        ("cost_type", "regular"),
        ("currency", "USD"),
        ("invoice.month", "202610"),
        ("project.id", "shop-1"),
        ("project.name", "Shop"),
        ("service.description", "Compute Engine"),
        ("service.id", "6F81-5844-456A"),
        ("sku.description", "N2 Instance Core running in Americas"),
        ("sku.id", "2E27-4F75-95CD"),
        ("usage.pricing_unit", "hour"),
        ("usage.unit", "seconds"),
        ("usage_end_time", "2026-10-05T11:00:00Z"),
        ("usage_start_time", "2026-10-05T10:00:00Z"),
    ];
    Row { cells: usual.into_iter().chain(cells.iter().copied()).collect(), credits: Vec::new() }
}

impl Row {
    pub(super) fn credit(
        mut self,
        kind: &'static str,
        name: &'static str,
        amount: &'static str,
    ) -> Self {
        self.credits.push([kind, name, amount]);
        self
    }

    pub(super) fn without(mut self, path: &str) -> Self {
        self.cells.remove(path);
        self
    }

    /// Returns the month of the invoice, as `2026-10`.
    pub(super) fn month(&self) -> String {
        let (year, month) = self.cells["invoice.month"].split_at(4);
        format!("{year}-{month}")
    }

    /// Returns its invoiced amount: its cost and all of its credits.
    pub(super) fn invoiced(&self) -> Decimal {
        let number = |t: &str| t.parse::<Decimal>().expect("a number");
        self.credits.iter().map(|[_, _, amount]| number(amount)).sum::<Decimal>()
            + number(self.cells["cost"])
    }

    fn cell(&self, path: &str) -> Option<&'static str> {
        self.cells.get(path).copied().filter(|cell| !cell.is_empty())
    }

    /// Returns the labels of a source; a blank key is null.
    fn labels(&self, path: &str) -> Vec<Label> {
        let label = |text: &'static str| -> Label {
            let (key, value) = text.split_once('=').expect("key and value");
            let (value, inherited) =
                value.strip_suffix('*').map_or((value, false), |value| (value, true));
            let (namespace, key) = match key.split_once('/').filter(|_| path == "tags") {
                Some((namespace, key)) => (Some(namespace), key),
                None => (None, key),
            };
            (Some(key).filter(|key| !key.is_empty()), value, inherited, namespace)
        };
        self.cell(path).map(|text| text.split(';').map(label).collect()).unwrap_or_default()
    }

    fn labels_json(&self, path: &str) -> String {
        let label = |(key, value, inherited, namespace): Label| match path {
            "tags" => {
                serde_json::json!({"key": key, "value": value, "inherited": inherited, "namespace": namespace})
            }
            _ => serde_json::json!({"key": key, "value": value}),
        };
        serde_json::Value::from(self.labels(path).into_iter().map(label).collect::<Vec<_>>())
            .to_string()
    }

    /// Returns credits as koku-nise writes them: in Python's spelling.
    fn credits_python(&self) -> String {
        let credit = |[kind, name, amount]: &[&str; 3]| {
            format!(
                "{{'name': '{name}', 'amount': {amount}, 'full_name': '', 'id': None, 'type': '{kind}'}}"
            )
        };
        format!("[{}]", self.credits.iter().map(credit).collect::<Vec<_>>().join(", "))
    }
}

/// Returns the paths of plain fields in any of the rows.
fn paths(rows: &[Row]) -> Vec<&'static str> {
    let mut paths: Vec<&str> = rows.iter().flat_map(|row| row.cells.keys().copied()).collect();
    paths.retain(|path| !LABELS.contains(path));
    paths.sort_unstable();
    paths.dedup();
    paths
}

fn column(name: &str, cells: impl Iterator<Item = Option<String>>) -> Column {
    cells.collect::<StringChunked>().into_series().with_name(name.into()).into_column()
}

/// Returns one text column per field, as in CSV.
pub(super) fn texts(rows: &[Row]) -> DataFrame {
    let plain =
        |path: &&str| column(path, rows.iter().map(|row| row.cell(path).map(ToOwned::to_owned)));
    let mut columns: Vec<Column> = paths(rows).iter().map(plain).collect();
    columns.extend(
        LABELS.iter().map(|path| column(path, rows.iter().map(|row| Some(row.labels_json(path))))),
    );
    columns.push(column("credits", rows.iter().map(|row| Some(row.credits_python()))));
    DataFrame::new(rows.len(), columns).expect("columns of one length")
}

/// Returns nested columns as JSON text, as `TO_JSON_STRING` writes them.
pub(super) fn as_json(rows: &[Row]) -> DataFrame {
    let mut columns = Vec::new();
    for (group, members) in groups(rows) {
        if members == [group] {
            columns
                .push(column(group, rows.iter().map(|row| row.cell(group).map(ToOwned::to_owned))));
            continue;
        }
        let json = |row: &Row| {
            let field = |path: &&'static str| {
                let key = path[group.len() + 1..].to_owned();
                let number = FLOATS.contains(path) || path.starts_with("price.");
                let value = row.cell(path).map_or(serde_json::Value::Null, |cell| {
                    if number { serde_json::from_str(cell).expect("a number") } else { cell.into() }
                });
                (key, value)
            };
            let mut object: serde_json::Map<String, serde_json::Value> =
                members.iter().map(field).collect();
            if group == "project" {
                let labels =
                    serde_json::from_str(&row.labels_json("project.labels")).expect("labels");
                object.insert("labels".to_owned(), labels);
            }
            Some(serde_json::Value::from(object).to_string())
        };
        columns.push(column(group, rows.iter().map(json)));
    }
    let top = LABELS.iter().filter(|path| !path.contains('.'));
    columns
        .extend(top.map(|path| column(path, rows.iter().map(|row| Some(row.labels_json(path))))));
    columns.push(column(
        "credits",
        rows.iter()
            .map(|row| Some(row.credits_python().replace("None", "null").replace('\'', "\""))),
    ));
    DataFrame::new(rows.len(), columns).expect("columns of one length")
}

/// Returns fields by their column.
fn groups(rows: &[Row]) -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in paths(rows) {
        groups.entry(path.split('.').next().expect("a part")).or_default().push(path);
    }
    groups
}

/// Returns nested columns in the types of `BigQuery`, as `EXPORT DATA` writes them to Parquet and
/// as they are read from Parquet.
pub(super) fn nested(rows: &[Row]) -> DataFrame {
    let mut columns = Vec::new();
    for (group, members) in groups(rows) {
        if members == [group] {
            columns.push(field(rows, group, group));
            continue;
        }
        let mut fields: Vec<Column> =
            members.iter().map(|path| field(rows, path, &path[group.len() + 1..])).collect();
        if group == "project" {
            fields
                .push(list("labels", rows.iter().map(|row| label_records(row, "project.labels"))));
        }
        let record = DataFrame::new(rows.len(), fields)
            .expect("columns of one length")
            .into_struct(group.into());
        columns.push(record.into_series().into_column());
    }
    let top = LABELS.iter().filter(|path| !path.contains('.'));
    columns.extend(top.map(|path| list(path, rows.iter().map(|row| label_records(row, path)))));
    columns.push(list("credits", rows.iter().map(credit_records)));
    let mut frame = DataFrame::new(rows.len(), columns).expect("columns of one length");
    let mut file = Vec::new();
    ParquetWriter::new(&mut file).finish(&mut frame).expect("written");
    ParquetReader::new(std::io::Cursor::new(file)).finish().expect("read")
}

fn field(rows: &[Row], path: &str, name: &str) -> Column {
    let text = column(name, rows.iter().map(|row| row.cell(path).map(ToOwned::to_owned)));
    if FLOATS.contains(&path) {
        return text.cast(&DataType::Float64).expect("floats");
    }
    if path.starts_with("price.") || path.starts_with("cost_at_effective") {
        return text.cast(&DataType::Decimal(38, 9)).expect("decimals");
    }
    if TIMES.contains(&path) {
        let frame = DataFrame::new(rows.len(), vec![text]).expect("one column");
        let times =
            frame.lazy().select([cost_core::focus::instant(col(name))]).collect().expect("times");
        return times.columns()[0].clone();
    }
    text
}

fn label_records(row: &Row, path: &str) -> DataFrame {
    let labels = row.labels(path);
    let texts = |pick: fn(&Label) -> Option<&'static str>| {
        labels.iter().map(pick).collect::<StringChunked>().into_series()
    };
    let mut columns = vec![
        texts(|l| l.0).with_name("key".into()),
        texts(|l| Some(l.1)).with_name("value".into()),
    ];
    if path == "tags" {
        let inherited: BooleanChunked = labels.iter().map(|l| Some(l.2)).collect();
        columns.push(inherited.into_series().with_name("inherited".into()));
        columns.push(texts(|l| l.3).with_name("namespace".into()));
    }
    DataFrame::new(labels.len(), columns.into_iter().map(IntoColumn::into_column).collect())
        .expect("labels")
}

fn credit_records(row: &Row) -> DataFrame {
    let texts = |at: usize| {
        row.credits.iter().map(|c| Some(c[at]).filter(|t| !t.is_empty())).collect::<StringChunked>()
    };
    let amounts: Float64Chunked =
        row.credits.iter().map(|c| Some(c[2].parse::<f64>().expect("a number"))).collect();
    let columns = [
        texts(1).into_series().with_name("name".into()),
        amounts.into_series().with_name("amount".into()),
        texts(0).into_series().with_name("type".into()),
    ];
    DataFrame::new(row.credits.len(), columns.into_iter().map(IntoColumn::into_column).collect())
        .expect("credits")
}

/// Returns a repeated column: a list of records per row.
fn list(name: &str, records: impl Iterator<Item = DataFrame>) -> Column {
    let records = records.map(|frame| Some(frame.into_struct("record".into()).into_series()));
    records.collect::<ListChunked>().with_name(name.into()).into_series().into_column()
}
