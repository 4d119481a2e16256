//! Normalization of fixed values and identifiers for comparison.
//!
//! Exporters write words of FOCUS's closed lists in other letter case (`usage`, Google's view) or
//! as an earlier version of FOCUS had them (`On-Demand`, 1.0-preview), and Azure writes the same
//! identifier in several letter cases: its identifiers are not case-sensitive. Both mean one thing
//! only. Most cells need no change: such columns are passed on unchanged.

use std::collections::HashMap;

use polars::prelude::*;

use super::{columns, memo};
use crate::text::is_hidden;

/// Words that earlier versions of FOCUS, or exporters, have for one of a closed list. Source: FOCUS
/// 1.0-preview (November 2023), columns `PricingCategory` and `ChargeSubcategory`; Oracle's FOCUS
/// reports of 2024.
const FORMER: &[(&str, &str, &str)] = &[
    ("CommitmentDiscountStatus", "used commitment", "Used"),
    ("CommitmentDiscountStatus", "unused commitment", "Unused"),
    ("PricingCategory", "on-demand", "Standard"),
    ("PricingCategory", "commitment-based", "Committed"),
    ("PricingCategory", "commitment based", "Committed"),
];

/// Returns a cell in the spelling of a closed list; unchanged if it is not in the list.
pub(super) fn word(column: &str, allowed: &'static [&'static str], cell: &str) -> String {
    let trimmed = cell.trim();
    let listed = allowed.iter().find(|w| w.eq_ignore_ascii_case(trimmed)).copied();
    let former = || {
        let of =
            FORMER.iter().find(|(c, from, _)| *c == column && from.eq_ignore_ascii_case(trimmed));
        of.map(|(_, _, to)| *to)
    };
    listed.or_else(former).unwrap_or(trimmed).to_owned()
}

/// The closed list of a column.
pub(super) fn list(column: &str) -> &'static [&'static str] {
    columns::lookup(column).map_or(&[], |c| c.allowed)
}

/// A column of currency codes: three letters, in any letter case and with blanks around in what
/// some tools write.
pub(super) fn currencies(cells: &Column) -> PolarsResult<Column> {
    let is_code = |cell: &str| cell.bytes().all(|b| b.is_ascii_uppercase());
    mapped(cells, is_code, |cell| cell.trim().to_ascii_uppercase())
}

/// Converts a column of words to the spelling of a closed list.
pub(super) fn words(cells: &Column, column: &'static str) -> PolarsResult<Column> {
    let allowed = list(column);
    mapped(cells, |cell| allowed.contains(&cell), |cell| word(column, allowed, cell))
}

/// Identifiers of Azure start with one of these, in any letter case.
const OF_AZURE: [&str; 2] = ["/subscriptions/", "/providers/"];

fn is_of_azure(id: &str) -> bool {
    let starts =
        |start: &&str| id.get(..start.len()).is_some_and(|s| s.eq_ignore_ascii_case(start));
    OF_AZURE.iter().any(starts)
}

/// Returns whether an identifier is only a GUID, such as an Azure subscription's:
/// `6c1e1111-0000-4000-8000-000000000001`.
#[must_use]
pub fn is_guid(id: &str) -> bool {
    const LEN: usize = 36;
    let fits = |(at, b): (usize, u8)| {
        if matches!(at, 8 | 13 | 18 | 23) { b == b'-' } else { b.is_ascii_hexdigit() }
    };
    id.len() == LEN && id.bytes().enumerate().all(fits)
}

/// An identifier as it is compared: those of Azure in lower case and without a slash at the end,
/// and GUIDs in lower case. Sources: Azure Resource Manager, "Naming rules": resource names and ids
/// are case-insensitive; RFC 9562, 4: so are GUIDs. An identifier without a visible character names
/// nothing: it is empty text, which means null.
#[must_use]
pub(crate) fn identifier(id: &str) -> String {
    if is_blank(id) {
        String::new()
    } else if is_of_azure(id) {
        id.trim_end_matches('/').to_lowercase()
    } else if is_guid(id) {
        id.to_ascii_lowercase()
    } else {
        id.to_owned()
    }
}

/// Returns whether a text has characters, but none that is visible.
fn is_blank(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_whitespace() || is_hidden(c))
}

/// Returns whether [`identifier`] may change a text.
fn may_be_folded(id: &str) -> bool {
    id.starts_with('/') || is_guid(id) || is_blank(id)
}

/// Converts a column of identifiers with [`identifier`].
pub(super) fn identifiers(cells: &Column) -> PolarsResult<Column> {
    mapped(cells, |cell| !may_be_folded(cell), identifier)
}

/// Returns an account's identifier that was converted to a number, in its original form; `None` if
/// digits are lost.
///
/// Tools write an integer column with nulls as floats (pandas), and spreadsheets write long numbers
/// with an exponent: `111111111111.0` and `1.11111111111E11` have all their digits, `1.11111E+11`
/// does not.
#[must_use]
pub(super) fn whole_number(id: &str) -> Option<String> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if let Some(whole) = id.strip_suffix(".0").filter(|whole| is_digits(whole)) {
        return Some(whole.to_owned());
    }
    let Some((mantissa, exponent)) = id.split_once(['e', 'E']) else { return Some(id.to_owned()) };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    // Without a point or a sign it may be a word, such as the hexadecimal `12E4`.
    let is_number = mantissa.contains('.') || exponent.starts_with('+');
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    if !is_number
        || !is_digits(whole)
        || !is_digits(exponent)
        || !(fraction.is_empty() || is_digits(fraction))
    {
        return Some(id.to_owned());
    }
    let has_all = exponent.parse() == Ok(fraction.len());
    has_all.then(|| format!("{whole}{fraction}"))
}

/// A column of identifiers of accounts, of any type, as [`identifier`] has them. An account whose
/// digits are lost fails.
pub(super) fn accounts(cells: &Column) -> PolarsResult<Column> {
    let lost = || polars_err!(ComputeError: "undecodable cell in column {}", cells.name());
    let texts = match cells.dtype() {
        DataType::Float32 | DataType::Float64 => {
            // Beyond these, neighboring integers are one float. Source: IEEE 754, 24 and 53
            // bits.
            let exact = if cells.dtype() == &DataType::Float32 {
                16_777_216.0
            } else {
                9_007_199_254_740_992.0
            };
            let floats = cells.cast(&DataType::Float64)?;
            let mut builder = StringChunkedBuilder::new(cells.name().clone(), cells.len());
            for number in floats.f64()?.iter() {
                match number.filter(|n| !n.is_nan()) {
                    None => builder.append_null(),
                    Some(n) if n.fract() == 0.0 && n.abs() < exact => {
                        builder.append_value(format!("{n:.0}"));
                    }
                    Some(_) => return Err(lost()),
                }
            }
            return Ok(builder.finish().into_series().into_column());
        }
        DataType::String => cells.clone(),
        _ => cells.cast(&DataType::String)?,
    };
    // Numbers that were floats start with a digit and have a point or an exponent.
    let is_plain = |cell: &str| {
        let is_number = cell.starts_with(|c: char| c.is_ascii_digit());
        !is_number || !cell.contains(['.', 'e', 'E'])
    };
    let has_lost = std::cell::Cell::new(false);
    let restored = mapped(
        &texts,
        |cell| is_plain(cell) && !may_be_folded(cell),
        |cell| {
            whole_number(cell).map_or_else(
                || {
                    has_lost.set(true);
                    String::new()
                },
                |id| identifier(&id),
            )
        },
    )?;
    if has_lost.get() { Err(lost()) } else { Ok(restored) }
}

/// The column with `change` made of each cell that `stays` does not hold for; the column itself if
/// there is none.
pub(super) fn mapped(
    cells: &Column,
    stays: impl Fn(&str) -> bool,
    change: impl Fn(&str) -> String,
) -> PolarsResult<Column> {
    let texts = cells.str()?;
    if memo::all(texts, &stays) {
        return Ok(cells.clone());
    }
    let mut seen: HashMap<&str, String, foldhash::fast::RandomState> = HashMap::default();
    let mut builder = StringChunkedBuilder::new(cells.name().clone(), texts.len());
    for cell in texts.iter() {
        match cell {
            None => builder.append_null(),
            Some(cell) if stays(cell) => builder.append_value(cell),
            Some(cell) => builder.append_value(seen.entry(cell).or_insert_with(|| change(cell))),
        }
    }
    Ok(builder.finish().into_series().into_column())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(cells: &[Option<&str>]) -> Column {
        cells
            .iter()
            .copied()
            .collect::<StringChunked>()
            .with_name("x".into())
            .into_series()
            .into_column()
    }

    fn back(column: &Column) -> Vec<Option<String>> {
        column.str().expect("text").iter().map(|c| c.map(ToOwned::to_owned)).collect()
    }

    #[test]
    fn words_of_a_closed_list_have_one_spelling() {
        let found = words(
            &texts(&[Some("usage"), Some(" TAX "), None, Some("Bogus"), Some("Usage")]),
            "ChargeCategory",
        );
        let expected = [Some("Usage"), Some("Tax"), None, Some("Bogus"), Some("Usage")];
        assert_eq!(back(&found.expect("words")), expected.map(|w| w.map(ToOwned::to_owned)));
        let found =
            words(&texts(&[Some("On-Demand"), Some("commitment-based")]), "PricingCategory")
                .expect("words");
        assert_eq!(back(&found), [Some("Standard".to_owned()), Some("Committed".to_owned())]);
    }

    #[test]
    fn an_identifier_that_nobody_can_see_is_none() {
        for id in ["", " ", "\t\n", "\u{a0}\u{3000}", "\u{200b}\u{feff}", "\u{3164}", "\u{2800} "] {
            assert_eq!(identifier(id), "", "{id:?}");
        }
        assert_eq!(identifier(" a\u{200b}"), " a\u{200b}");
        let found = identifiers(&texts(&[Some("\u{200b}"), None, Some("a")])).expect("ids");
        assert_eq!(back(&found), [Some(String::new()), None, Some("a".to_owned())]);
    }

    #[test]
    fn only_identifiers_of_azure_are_folded() {
        let guid = "0A1B2C3D-1111-2222-3333-44445555AAAA";
        assert_eq!(identifier(guid), guid.to_lowercase());
        assert_eq!(identifier("0A1B2C3D-1111"), "0A1B2C3D-1111");
        let all = [
            Some("/Subscriptions/A/B/"),
            Some("i-0AbC"),
            Some("//compute.googleapis.com/Projects/X"),
            None,
        ];
        let expected = [Some("/subscriptions/a/b"), all[1], all[2], None];
        assert_eq!(
            back(&identifiers(&texts(&all)).expect("ids")),
            expected.map(|w| w.map(ToOwned::to_owned))
        );
        let same = texts(&[Some("i-0AbC"), Some("arn:aws:x")]);
        assert_eq!(back(&identifiers(&same).expect("ids")), back(&same));
    }

    #[test]
    fn accounts_that_were_numbers_are_restored_or_refused() {
        for (cell, restored) in [
            ("111111111111.0", Some("111111111111")),
            ("1.11111111111E11", Some("111111111111")),
            ("1.11111111111e+11", Some("111111111111")),
            ("1.11111E+11", None),
            ("4E+11", None),
            ("012345678901", Some("012345678901")),
            ("12E4", Some("12E4")),
            ("1.5", Some("1.5")),
            ("v1.0", Some("v1.0")),
        ] {
            assert_eq!(whole_number(cell).as_deref(), restored, "{cell}");
        }
        let floats = |all: &[Option<f64>]| {
            let cells: Float64Chunked = all.iter().copied().collect();
            accounts(&cells.into_series().into_column())
        };
        let found = floats(&[Some(111_111_111_111.0), None, Some(f64::NAN)]).expect("integers");
        assert_eq!(back(&found), [Some("111111111111".to_owned()), None, None]);
        assert!(floats(&[Some(1.5)]).is_err() && floats(&[Some(1e17)]).is_err());
        assert!(accounts(&texts(&[Some("111111111111"), Some("1.11111E+11")])).is_err());
    }
}
