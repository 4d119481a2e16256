//! What every source must hold. A provider's own tests call these on a source of known content.
//!
//! Each function gives what does not hold, a line each; an empty list is a pass.

use std::collections::BTreeSet;

use cost_core::focus::FocusFrame;
use cost_core::inventory::INVENTORY;
use cost_core::rollup;
use cost_core::table::rows_of;
use cost_core::usage::UTILIZATION;
use polars::prelude::DataFrame;

use crate::{BillingSource, Gap, Known, ProviderError, TableSource, UsageType, in_order};

fn unmet(rules: impl IntoIterator<Item = (bool, String)>) -> Vec<String> {
    rules.into_iter().filter(|(holds, _)| !holds).map(|(_, rule)| rule).collect()
}

/// Every gap says what is missing, by which operation, and why.
fn gaps(gaps: &[Gap]) -> Vec<String> {
    unmet(gaps.iter().flat_map(|gap| {
        let named = !gap.what.is_empty() && gap.error.operation.contains(':');
        [
            (named, format!("a gap names what is missing, and the operation: {gap:?}")),
            (!gap.error.provider.is_empty(), format!("a gap names its provider: {gap:?}")),
        ]
    }))
}

/// Whether two frames hold the same, nulls too.
fn same(a: &DataFrame, b: &DataFrame) -> bool {
    a.equals_missing(b)
}

/// A bill: it names itself, it can be read as FOCUS in full, twice to the same totals, and its gaps
/// say what they are.
///
/// # Errors
/// The source's, and what makes its bill unreadable.
pub async fn billing(source: &dyn BillingSource) -> Result<Vec<String>, ProviderError> {
    let (first, second) = (source.billing().await?, source.billing().await?);
    let totals = |parts: Vec<cost_core::focus::Part>| -> Result<DataFrame, ProviderError> {
        Ok(rollup::roll_up(&FocusFrame::from_parts(parts, &[])?)?.cube.frame().clone())
    };
    let (a, b) = (totals(first.data)?, totals(second.data)?);
    let mut out = unmet([
        (!source.describe().trim().is_empty(), "a source says what it is".to_owned()),
        (a.height() > 0, "a bill has charges".to_owned()),
        (same(&a, &b), "the same pull gives the same totals".to_owned()),
    ]);
    out.extend(gaps(&first.gaps));
    Ok(out)
}

/// Sources of tables, each held to the declaration of its table, in the order of a pull: what the
/// inventory finds, other sources are asked about.
///
/// # Errors
/// The sources', and what makes the inventory unreadable.
pub async fn tables(
    sources: &[Box<dyn TableSource + '_>],
    usage: Vec<UsageType>,
) -> Result<Vec<String>, ProviderError> {
    let mut known = Known { inventory: Vec::new(), usage };
    let mut unmet = Vec::new();
    for source in in_order(sources) {
        let (frame, not_met) = held(source, &known).await?;
        unmet.extend(not_met);
        if source.table().name == INVENTORY.name {
            known.inventory =
                rows_of(&frame).map_err(|e| ProviderError::unreadable(INVENTORY.label, e))?;
        }
    }
    Ok(unmet)
}

/// The rows of a source, and what does not hold for it: columns with their types, a key in each row
/// and each key once, the rules of the table, the same rows when pulled again, and gaps that say
/// what they are. An inventory has resources, and utilization is of resources of the inventory, or
/// named by an ARN.
async fn held(
    source: &dyn TableSource,
    known: &Known,
) -> Result<(DataFrame, Vec<String>), ProviderError> {
    let table = source.table();
    let (first, second) = (source.pull(known).await?, source.pull(known).await?);
    let frame = first.data;
    let mut out = table.unmet(&frame);
    out.extend(unmet([
        (
            same(&frame, &second.data),
            format!("the same pull gives the same rows of {}, in the same order", table.name),
        ),
        (
            table.name != INVENTORY.name || frame.height() > 0,
            "an inventory has resources".to_owned(),
        ),
    ]));
    if table.name == UTILIZATION.name {
        let known: BTreeSet<&str> =
            known.inventory.iter().map(|r| r.resource_id.as_str()).collect();
        let unknown = |id: &str| !known.contains(id) && !id.starts_with("arn:");
        let ids =
            frame.column("ResourceId").and_then(|ids| Ok(ids.str()?.iter().flatten().any(unknown)));
        let rule = "only resources of the inventory, or named by an ARN, have utilization";
        out.extend(unmet([(!ids.unwrap_or(true), rule.to_owned())]));
    }
    out.extend(gaps(&first.gaps));
    Ok((frame, out))
}
