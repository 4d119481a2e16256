//! Kind of bill by column names.

use cost_core::focus::columns::{self, Kind};
use cost_core::focus::is_needed;

/// Prefixes of the columns of AWS cost reports: legacy reports have `lineItem/…`, others
/// `line_item_…`.
const REPORT_GROUPS: [(&str, &str); 9] = [
    ("identity/", "identity_"),
    ("bill/", "bill_"),
    ("lineItem/", "line_item_"),
    ("product/", "product_"),
    ("pricing/", "pricing_"),
    ("reservation/", "reservation_"),
    ("savingsPlan/", "savings_plan_"),
    ("resourceTags/", "resource_tags"),
    ("costCategory/", "cost_category"),
];

fn of_report(header: &str) -> bool {
    REPORT_GROUPS
        .iter()
        .any(|(legacy, other)| header.starts_with(legacy) || header.starts_with(other))
}

/// Columns of Azure cost details and the Google billing export that are not also FOCUS names, in
/// lower case, with only letters and digits. There are enough to distinguish a header from other
/// lines.
const OF_OTHERS: [&str; 26] = [
    "chargetype",
    "consumedservice",
    "cost",
    "costinbillingcurrency",
    "costtype",
    "credits",
    "currency",
    "date",
    "effectiveprice",
    "invoicemonth",
    "metercategory",
    "meterid",
    "metername",
    "pretaxcost",
    "projectid",
    "quantity",
    "resourcelocation",
    "servicedescription",
    "serviceid",
    "skuid",
    "skudescription",
    "subscriptionid",
    "unitprice",
    "usageamount",
    "usageendtime",
    "usagestarttime",
];

/// Columns of these with amounts, quantities, or prices.
const AMOUNTS_OF_OTHERS: [&str; 8] = [
    "cost",
    "costinbillingcurrency",
    "effectiveprice",
    "paygprice",
    "pretaxcost",
    "quantity",
    "unitprice",
    "usageamount",
];

/// Returns the letters and digits of a header; for a translated header, those of the English name
/// in parentheses.
pub(crate) fn form(header: &str) -> String {
    let english = header
        .trim_end()
        .strip_suffix(')')
        .and_then(|h| h.rsplit_once('('))
        .map_or(header, |(_, name)| name);
    english.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether a header is a column of any supported bill format.
pub(crate) fn is_known(header: &str) -> bool {
    of_report(header)
        || columns::lookup(header).is_some()
        || OF_OTHERS.contains(&form(header).as_str())
}

/// Words in the names of non-FOCUS columns with tags, labels, details, or descriptions.
const OF_WORDS: [&str; 5] = ["tag", "label", "additionalinfo", "costcategory", "description"];

/// Whether a header is a column that no cost depends on: in FOCUS, columns that may have no value;
/// in other bills, only text columns.
pub(crate) fn is_optional(header: &str) -> bool {
    match columns::lookup(header) {
        Some(spec) => matches!(spec.kind, Kind::Text | Kind::KeyValue) && !is_needed(spec.name),
        None => {
            OF_WORDS.iter().any(|word| form(header).contains(word))
                && !form(header).contains("servicedescription")
        }
    }
}

/// Whether a header is a column of amounts, quantities, or prices.
pub(crate) fn is_amount(header: &str) -> bool {
    let lower = header.to_ascii_lowercase();
    let of_report = of_report(header)
        && ["cost", "fee", "rate", "amount", "commitment"].iter().any(|end| lower.ends_with(end));
    let of_others = AMOUNTS_OF_OTHERS.contains(&form(header).as_str());
    of_report || of_others || columns::lookup(header).is_some_and(|c| c.kind == Kind::Decimal)
}
