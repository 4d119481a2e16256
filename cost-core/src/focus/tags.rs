//! Tags of line items: the values of the requested keys, encoded as one text.

use polars::prelude::*;

use super::text::TagValues;
use super::unread::UnreadCells;
use super::written::{self, Pairs};

/// Prefix of the columns that hold one chosen tag key each: `tag:team`.
pub const TAG_PREFIX: &str = "tag:";

/// Encoded values of the chosen tag keys: `1` or `0` (tagged at all), then per key `␟` and the
/// value, `␀` for none.
pub(crate) const TAGS_COLUMN: &str = "__tags";
/// Whether a line item carries any tag, in the cube.
pub(crate) const TAGGED_COLUMN: &str = "Tagged";

const UNIT: char = '\u{1f}';
const NONE: &str = "\u{0}";

/// Returns the values of the requested keys in a document; an empty value counts as none.
fn of_pairs(pairs: &Pairs, keys: &[String]) -> TagValues {
    let of = |key: &String| {
        pairs.iter().rev().find(|(k, _)| k == key)?.1.clone().filter(|v| !v.is_empty())
    };
    TagValues { tagged: !pairs.is_empty(), values: keys.iter().map(of).collect() }
}

/// A tag column (JSON text, map, list of structs, or struct) to [`TAGS_COLUMN`] cells. What cannot
/// be read counts as untagged.
pub(super) fn to_tags(
    column: &Column,
    keys: &[String],
    unread: &UnreadCells,
) -> PolarsResult<Column> {
    let mut example: Option<String> = None;
    let read = written::cells(column.as_materialized_series(), |pairs, shown| {
        if pairs.is_none() {
            let shown = shown();
            if example.as_ref().is_none_or(|first| shown < *first) {
                example = Some(shown);
            }
        }
        pairs.map(|pairs| encode(&of_pairs(&pairs, keys)))
    })?;
    let count = read.null_count();
    let Some(example) = example else { return Ok(read.into_series().into_column()) };
    unread.add("Tags", count, &example);
    let empty = encode(&TagValues { tagged: false, values: vec![None; keys.len()] });
    let all: StringChunked = read.iter().map(|cell| Some(cell.unwrap_or(&empty))).collect();
    Ok(all.with_name(column.name().clone()).into_series().into_column())
}

fn encode(tags: &TagValues) -> String {
    let mut out = String::from(if tags.tagged { "1" } else { "0" });
    for value in &tags.values {
        out.push(UNIT);
        match value {
            None => out.push_str(NONE),
            // The separators cannot be part of a value, or two different documents could look
            // alike.
            Some(v) => {
                out.extend(v.chars().map(|c| if c == UNIT || c == '\0' { '\u{fffd}' } else { c }));
            }
        }
    }
    out
}

/// [`TAGS_COLUMN`] cells back to a boolean column and one text column per key, named `tag:KEY`.
pub(crate) fn split_tags(encoded: &StringChunked, keys: &[String]) -> Vec<Column> {
    let tagged: BooleanChunked =
        encoded.iter().map(|c| Some(c.is_some_and(|c| c.starts_with('1')))).collect();
    let mut columns = vec![tagged.with_name(TAGGED_COLUMN.into()).into_series().into_column()];
    for (at, key) in keys.iter().enumerate() {
        let values: StringChunked = encoded
            .iter()
            .map(|c| c.and_then(|c| c.split(UNIT).nth(at + 1)).filter(|v| *v != NONE))
            .collect();
        columns.push(
            values.with_name(format!("{TAG_PREFIX}{key}").into()).into_series().into_column(),
        );
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::focus::written::pairs;

    #[test]
    fn values_are_those_of_the_keys_asked_for() {
        let keys = ["env".to_owned(), "n".to_owned(), "none".to_owned()];
        let document = pairs(r#"{"env":"a","env":"b","n":3,"x":null}"#).expect("a document");
        let got = of_pairs(&document, &keys);
        assert_eq!(got.values, [Some("b".to_owned()), Some("3".to_owned()), None]);
        assert!(got.tagged);
        assert!(!of_pairs(&pairs("{}").expect("a document"), &keys).tagged);
    }

    #[test]
    fn what_cannot_be_read_counts_as_untagged() {
        let keys = ["team".to_owned()];
        let of = |cells: Series| {
            let unread = UnreadCells::default();
            let tags = to_tags(&cells.into_column(), &keys, &unread).expect("read");
            let split = split_tags(tags.str().expect("text"), &keys);
            let team = split[1]
                .str()
                .expect("text")
                .iter()
                .map(|t| t.map(ToOwned::to_owned))
                .collect::<Vec<_>>();
            (team, unread.so_far())
        };
        let unread =
            |count: u64, example: &str| vec![("Tags".to_owned(), count, example.to_owned())];
        let text = Series::new(
            "Tags".into(),
            [Some("team=web"), Some("web"), None, Some("app"), Some("web")],
        );
        let web = Some("web".to_owned());
        assert_eq!(of(text), (vec![web.clone(), None, None, None, None], unread(3, "app")));
        let bytes: [Option<&[u8]>; 3] =
            [Some(b"{\"team\":\"web\"}"), Some(b"{\"team\":\"\xff\"}"), None];
        assert_eq!(
            of(Series::new("Tags".into(), bytes)),
            (vec![web.clone(), None, None], unread(1, "{\"team\":\"\u{fffd}\"}"))
        );
        assert_eq!(
            of(Series::new("Tags".into(), [Some(7), None])),
            (vec![None, None], unread(1, "7"))
        );
        let lists = [Series::new("".into(), ["team=web"]), Series::new("".into(), ["web"])];
        assert_eq!(
            of(Series::new("Tags".into(), lists)),
            (vec![web, None], unread(1, "[\"web\"]"))
        );
    }
}
