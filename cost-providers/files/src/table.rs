//! Which bill a table is, by its columns.

use cost_core::focus::columns::{self, Kind};

/// What the columns of AWS cost reports start with: legacy reports have `lineItem/…`, others `line_item_…`.
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
    REPORT_GROUPS.iter().any(|(legacy, other)| header.starts_with(legacy) || header.starts_with(other))
}

/// Whether a header names a column of a bill of any kind that is read here.
pub(crate) fn is_known(header: &str) -> bool {
    of_report(header) || columns::lookup(header).is_some()
}

/// Whether a header names a column of amounts, quantities or prices.
pub(crate) fn is_amount(header: &str) -> bool {
    let lower = header.to_ascii_lowercase();
    let of_report = of_report(header)
        && ["cost", "fee", "rate", "amount", "commitment"].iter().any(|end| lower.ends_with(end));
    of_report || columns::lookup(header).is_some_and(|c| c.kind == Kind::Decimal)
}
