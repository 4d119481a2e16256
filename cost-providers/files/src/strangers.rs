//! Tables that are not a bill: what they may be, and what to do.

use cost_core::focus::{columns, quote_cell};
use polars::prelude::*;

use crate::table::form;

/// Number of FOCUS column names in one cell that marks a header with another separator.
const ENOUGH: usize = 4;

const PRICE_SHEET: &str = "an Azure price sheet, which has no charges: export cost details (actual and amortized), or \
     FOCUS";

/// Tables that people often have next to a bill or in its place: identifying columns, what it is,
/// and what to do.
const KNOWN: &[(&[&str], &str)] = &[
    (
        &["usagestarttime", "skudescription", "cost"],
        "a Google Cloud billing export without its credits column, so costs would be too high: \
         export all columns, or use Google's FOCUS export",
    ),
    (&["metercategory", "unitprice", "partnumber"], PRICE_SHEET),
    (&["meterid", "unitprice", "tierminimumunits"], PRICE_SHEET),
    (&["meterid", "unitprice", "baseprice"], PRICE_SHEET),
    (
        &["billingaccountid", "projectid", "cost", "subtotal"],
        "a table from Google Cloud's console, which has no line items: export billing data to \
         BigQuery, and save that table as CSV or Parquet",
    ),
    (
        &["usagedate", "costusd", "currency"],
        "a download from Azure's cost analysis, which has no line items: export cost details \
         (actual and amortized), or FOCUS",
    ),
    (
        &["reservationid", "reservedhours", "usedhours"],
        "Azure reservation details: export cost details (actual and amortized), or FOCUS",
    ),
    (
        &["meterid"],
        "usage details from an older API in Azure, or part of an export: export cost details \
         (actual and amortized), or FOCUS",
    ),
    (
        &["metercategory"],
        "usage details from an older API in Azure, or part of an export: export cost details \
         (actual and amortized), or FOCUS",
    ),
    (&["blendedcost"], "part of an AWS Cost and Usage Report: export all columns, or FOCUS"),
    (&["unblendedcost"], "part of an AWS Cost and Usage Report: export all columns, or FOCUS"),
    (
        &["lineitemintervalusagestart", "costmycost"],
        "an Oracle Cloud cost report in its own format: use the FOCUS reports in the folder \
         `FOCUS Reports` of the same bucket",
    ),
    (
        &["recordtype", "payeraccountid", "productcode", "totalcost"],
        "an older, monthly detailed billing report of AWS: create a data export of FOCUS or CUR \
         2.0",
    ),
];

/// Returns what a table may be, by its columns, and what to do; `None` if unknown.
pub(crate) fn guess(schema: &Schema) -> Option<String> {
    // Parentheses contain the English name, or a currency.
    let both = |name: &PlSmallStr| [form(name), form(name.split('(').next().unwrap_or_default())];
    let forms: Vec<String> = schema.iter_names().flat_map(both).collect();
    let has = |names: &[&str]| names.iter().all(|name| forms.iter().any(|f| f == name));
    let known = KNOWN.iter().find(|(columns, _)| has(columns)).map(|(_, what)| (*what).to_owned());
    known.or_else(|| other_separator(schema)).or_else(|| cost_explorer(schema))
}

/// Detects a header with all columns in one cell because of another separator.
fn other_separator(schema: &Schema) -> Option<String> {
    let cell = schema.iter_names().max_by_key(|name| name.len())?;
    let is_between = |c: char| !c.is_alphanumeric() && c != '_';
    if cell.split(is_between).filter(|name| columns::lookup(name).is_some()).count() < ENOUGH {
        return None;
    }
    let separator = quote_cell(&cell.chars().find(|c| is_between(*c))?.to_string());
    Some(format!(
        "a table with cells separated by {separator}: export it with commas, semicolons, or tabs"
    ))
}

/// Detects a download from AWS Cost Explorer: days by services, with `($)` or a currency in the
/// column names.
fn cost_explorer(schema: &Schema) -> Option<String> {
    let is_total =
        |name: &PlSmallStr| name.starts_with("Total costs(") || name.starts_with("Total costs (");
    schema.iter_names().any(is_total).then(|| {
        "a download from AWS Cost Explorer, which has no line items: create a data export of \
         FOCUS or CUR 2.0"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> Option<String> {
        guess(&header.split(',').map(|name| Field::new(name.into(), DataType::String)).collect())
    }

    #[test]
    fn tables_are_known_by_their_columns() {
        for (header, word) in [
            ("meterId,meterCategory,unitPrice,basePrice,currencyCode", "price sheet"),
            ("ReservationId,InstanceId,ReservedHours,UsedHours", "reservation details"),
            ("Date,MeterId,Quantity", "older API"),
            ("Billing account ID,Project ID,Cost ($),Subtotal ($)", "Google Cloud's console"),
            ("UsageDate,ServiceName,CostUSD,Cost,Currency", "cost analysis"),
            ("lineItem/intervalUsageStart,product/service,cost/myCost", "Oracle"),
            ("Service,EC2($),Total costs($)", "Cost Explorer"),
            ("BilledCost^EffectiveCost^ChargeCategory^Tags", "`^`"),
            ("BilledCost\u{1}EffectiveCost\u{1}ChargeCategory\u{1}Tags", "separated by"),
        ] {
            assert!(
                of(header).is_some_and(|what| what.contains(word)),
                "{header}: {:?}",
                of(header)
            );
        }
        assert_eq!(of("The costs of may. Tags are missing"), None);
    }
}
