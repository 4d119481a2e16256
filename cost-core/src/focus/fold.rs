//! Words and identifiers in the one spelling that they are compared by.
//!
//! Exporters write words of FOCUS's closed lists in other letter case (`usage`, Google's view) or as an earlier version of FOCUS had them
//! (`On-Demand`, 1.0-preview), and Azure writes the same identifier in several letter cases: its identifiers are not case-sensitive. Both
//! mean one thing only. Most cells need nothing: whole columns are passed on as they are.

use std::collections::HashMap;

use polars::prelude::*;

use super::columns;

/// Words that earlier versions of FOCUS, or exporters, have for one of a closed list. Source: FOCUS 1.0-preview (November 2023), columns
/// `PricingCategory` and `ChargeSubcategory`; Oracle's FOCUS reports of 2024.
const FORMER: &[(&str, &str, &str)] = &[
    ("CommitmentDiscountStatus", "used commitment", "Used"),
    ("CommitmentDiscountStatus", "unused commitment", "Unused"),
    ("PricingCategory", "on-demand", "Standard"),
    ("PricingCategory", "commitment-based", "Committed"),
    ("PricingCategory", "commitment based", "Committed"),
];

/// A cell of a column with a closed list in the list's spelling; as it is if it is none of them.
pub(super) fn word(column: &str, allowed: &'static [&'static str], cell: &str) -> String {
    let trimmed = cell.trim();
    let listed = allowed.iter().find(|w| w.eq_ignore_ascii_case(trimmed)).copied();
    let former = || {
        let of = FORMER.iter().find(|(c, from, _)| *c == column && from.eq_ignore_ascii_case(trimmed));
        of.map(|(_, _, to)| *to)
    };
    listed.or_else(former).unwrap_or(trimmed).to_owned()
}

/// The closed list of a column.
pub(super) fn list(column: &str) -> &'static [&'static str] {
    columns::lookup(column).map_or(&[], |c| c.allowed)
}

/// A column of currency codes: three letters, in any letter case and with blanks around in what some tools write.
pub(super) fn currencies(cells: &Column) -> PolarsResult<Column> {
    let is_code = |cell: &str| cell.bytes().all(|b| b.is_ascii_uppercase());
    mapped(cells, is_code, |cell| cell.trim().to_ascii_uppercase())
}

/// A column of words of a closed list, each in the list's spelling.
pub(super) fn words(cells: &Column, column: &'static str) -> PolarsResult<Column> {
    let allowed = list(column);
    mapped(cells, |cell| allowed.contains(&cell), |cell| word(column, allowed, cell))
}

/// Identifiers of Azure start with one of these, in any letter case.
const OF_AZURE: [&str; 2] = ["/subscriptions/", "/providers/"];

fn is_of_azure(id: &str) -> bool {
    let starts = |start: &&str| id.get(..start.len()).is_some_and(|s| s.eq_ignore_ascii_case(start));
    OF_AZURE.iter().any(starts)
}

/// An identifier as it is compared: those of Azure in lower case and without a slash at the end. Source: Azure Resource Manager, "Naming
/// rules": resource names and ids are case-insensitive.
#[must_use]
pub(crate) fn identifier(id: &str) -> String {
    if is_of_azure(id) { id.trim_end_matches('/').to_lowercase() } else { id.to_owned() }
}

/// A column of identifiers, as [`identifier`] has them.
pub(super) fn identifiers(cells: &Column) -> PolarsResult<Column> {
    mapped(cells, |cell| !cell.starts_with('/'), identifier)
}

/// The column with `change` made of each cell that `stays` does not hold for; the column itself if there is none.
pub(super) fn mapped(
    cells: &Column,
    stays: impl Fn(&str) -> bool,
    change: impl Fn(&str) -> String,
) -> PolarsResult<Column> {
    let texts = cells.str()?;
    let mut last: Option<(u128, bool)> = None;
    let mut all_stay = true;
    'arrays: for array in texts.downcast_iter() {
        for (view, cell) in array.views().iter().zip(array.iter()) {
            let Some(cell) = cell else { continue };
            // Equal views are equal text.
            let bits = view.as_u128();
            let ok = match last {
                Some((seen, ok)) if seen == bits => ok,
                _ => stays(cell),
            };
            last = Some((bits, ok));
            if !ok {
                all_stay = false;
                break 'arrays;
            }
        }
        last = None;
    }
    if all_stay {
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
        cells.iter().copied().collect::<StringChunked>().with_name("x".into()).into_series().into_column()
    }

    fn back(column: &Column) -> Vec<Option<String>> {
        column.str().expect("text").iter().map(|c| c.map(ToOwned::to_owned)).collect()
    }

    #[test]
    fn words_of_a_closed_list_have_one_spelling() {
        let found =
            words(&texts(&[Some("usage"), Some(" TAX "), None, Some("Bogus"), Some("Usage")]), "ChargeCategory");
        let expected = [Some("Usage"), Some("Tax"), None, Some("Bogus"), Some("Usage")];
        assert_eq!(back(&found.expect("words")), expected.map(|w| w.map(ToOwned::to_owned)));
        let found = words(&texts(&[Some("On-Demand"), Some("commitment-based")]), "PricingCategory").expect("words");
        assert_eq!(back(&found), [Some("Standard".to_owned()), Some("Committed".to_owned())]);
    }

    #[test]
    fn only_identifiers_of_azure_are_folded() {
        let all = [Some("/Subscriptions/A/B/"), Some("i-0AbC"), Some("//compute.googleapis.com/Projects/X"), None];
        let expected = [Some("/subscriptions/a/b"), all[1], all[2], None];
        assert_eq!(back(&identifiers(&texts(&all)).expect("ids")), expected.map(|w| w.map(ToOwned::to_owned)));
        let same = texts(&[Some("i-0AbC"), Some("arn:aws:x")]);
        assert_eq!(back(&identifiers(&same).expect("ids")), back(&same));
    }
}
