//! Names of columns in bills: the specification's own, and others that bills use.

use super::spec::ColumnSpec;
use super::table::COLUMNS;

/// How a header matches a column, the surest match first. If several headers match one column, the
/// surest one is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// Exact: the column's ID, or that of the later column that replaced it.
    Name,
    /// Exact: another name, from an earlier version or a vendor.
    Alias,
    /// By letters and digits only: `billed_cost`, `Billed Cost`, `BILLEDCOST`, or a translation
    /// with the name in parentheses.
    Form,
}

/// Returns the column of a bill's `header`: by its ID, then by another name, then by the letters
/// and digits of these.
///
/// `ServiceProviderName` is read as `ProviderName`. A translated header counts by the English name
/// in parentheses at its end. `x_` is part of a name: a custom column never replaces a FOCUS
/// column.
#[must_use]
pub fn lookup(header: &str) -> Option<&'static ColumnSpec> {
    lookup_ranked(header).map(|(column, _)| column)
}

/// Returns the column as [`lookup`], and how the header matches.
#[must_use]
pub fn lookup_ranked(header: &str) -> Option<(&'static ColumnSpec, Match)> {
    let by_alias = |name: &str| COLUMNS.iter().find(|c| c.aliases.contains(&name));
    match (lookup_exact(header), by_alias(header)) {
        // A column that replaced another is read as that one.
        (Some(named), older) => return Some((older.unwrap_or(named), Match::Name)),
        (None, Some(column)) => return Some((column, Match::Alias)),
        (None, None) => {}
    }
    let by_form = |text: &str| {
        let wanted = form(text);
        let is_it = |name: &str| !wanted.is_empty() && form(name) == wanted;
        let aliased = || COLUMNS.iter().find(|c| c.aliases.iter().any(|a| is_it(a)));
        aliased().or_else(|| COLUMNS.iter().find(|c| is_it(c.name)))
    };
    let column = by_form(header).or_else(|| by_form(in_parentheses(header)?))?;
    Some((column, Match::Form))
}

/// Returns whether a header, in any spelling, is the column that replaced `column`.
#[must_use]
pub fn is_heir(header: &str, column: &ColumnSpec) -> bool {
    lookup_spelled(header).is_some_and(|c| column.removed.is_some_and(|(_, heir)| heir == c.name))
}

/// Returns the column of the specification with exactly this ID.
#[must_use]
pub fn lookup_exact(header: &str) -> Option<&'static ColumnSpec> {
    COLUMNS.iter().find(|c| c.name == header)
}

/// Returns the column of the specification whose ID has the letters and digits of `header`,
/// ignoring case and other characters.
#[must_use]
pub fn lookup_spelled(header: &str) -> Option<&'static ColumnSpec> {
    let by_form = |wanted: &str| COLUMNS.iter().find(|c| form(c.name) == wanted);
    lookup_exact(header).or_else(|| by_form(&form(header)))
}

/// Letters and digits alone, in small letters; letters of every script, so that no word of a
/// translation is lost.
fn form(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a header ends with in parentheses, be they ASCII or full-width.
fn in_parentheses(header: &str) -> Option<&str> {
    let inner = header.trim_end().strip_suffix([')', '）'])?;
    inner.rsplit_once(['(', '（']).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn names_are_sorted_and_unique() {
        assert!(COLUMNS.windows(2).all(|w| w[0].name < w[1].name));
    }

    #[test]
    fn no_name_can_mean_two_columns() {
        let mut met: BTreeMap<String, &str> = BTreeMap::new();
        for column in COLUMNS {
            // A column that took another's place is an alias of that, and read as it.
            let read_as = lookup(column.name).expect("a column").name;
            for name in std::iter::once(&column.name).chain(column.aliases) {
                let other = met.insert(form(name), read_as);
                assert!(other.is_none_or(|o| o == read_as), "{name} is {read_as} and {other:?}");
            }
        }
        assert_eq!(met.get("serviceprovidername"), Some(&"ProviderName"));
    }

    /// Source of the display names: `FOCUS_Spec` at v0.5, v1.0-preview and v1.2, "Display Name".
    #[test]
    fn bills_name_columns_in_many_ways() {
        let cases = [
            ("BilledCost", "BilledCost", Match::Name),
            ("ServiceProviderName", "ProviderName", Match::Name),
            ("HostProviderName", "HostProviderName", Match::Name),
            ("Provider", "ProviderName", Match::Alias),
            ("Publisher", "PublisherName", Match::Alias),
            ("InvoiceIssuer", "InvoiceIssuerName", Match::Alias),
            ("Region", "RegionId", Match::Alias),
            ("UsageQuantity", "ConsumedQuantity", Match::Alias),
            ("UsageUnit", "ConsumedUnit", Match::Alias),
            ("ChargeType", "ChargeCategory", Match::Alias),
            ("AmortizedCost", "EffectiveCost", Match::Alias),
            ("x_UsageType", "SkuMeter", Match::Alias),
            ("billedcost", "BilledCost", Match::Form),
            ("billed_cost", "BilledCost", Match::Form),
            ("billed-cost", "BilledCost", Match::Form),
            ("Billing Period Start", "BillingPeriodStart", Match::Form),
            ("SKU Price ID", "SkuPriceId", Match::Form),
            ("Invoice Issuer", "InvoiceIssuerName", Match::Form),
            ("service_provider_name", "ProviderName", Match::Form),
            ("usage-quantity", "ConsumedQuantity", Match::Form),
            ("\u{feff}BilledCost", "BilledCost", Match::Form),
            ("Abgerechnete Kosten (BilledCost)", "BilledCost", Match::Form),
            ("請求コスト（Billed Cost）", "BilledCost", Match::Form),
            ("Région (Region ID) ", "RegionId", Match::Form),
        ];
        for (header, name, how) in cases {
            let found = lookup_ranked(header).unwrap_or_else(|| panic!("{header} is not found"));
            assert_eq!((found.0.name, found.1), (name, how), "{header}");
        }
    }

    #[test]
    fn what_is_no_column_is_none() {
        // Removed in 1.0 with values that became two columns: it is neither of them.
        let none = [
            "x_BilledCost",
            "x_Region",
            "ChargeSubcategory",
            "Cost",
            "BillingPeriod",
            "Id",
            "",
            "()",
            "費用BilledCost",
        ];
        for header in none {
            assert!(lookup(header).is_none(), "{header}");
        }
    }

    #[test]
    fn the_specification_knows_its_own_names_alone() {
        assert_eq!(
            lookup_exact("ServiceProviderName").map(|c| c.name),
            Some("ServiceProviderName")
        );
        assert!(lookup_exact("billedcost").is_none() && lookup_exact("Provider").is_none());
        assert_eq!(lookup_spelled("billed_cost").map(|c| c.name), Some("BilledCost"));
        assert!(lookup_spelled("Provider").is_none() && lookup_spelled("x_UsageType").is_none());
    }
}
