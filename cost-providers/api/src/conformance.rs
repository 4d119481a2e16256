//! What every source must hold. A provider's own tests call these on a source of known content.
//!
//! Each function gives what does not hold, a line each; an empty list is a pass.

use std::collections::BTreeSet;

use cost_core::focus::FocusFrame;
use cost_core::{commitment, inventory, price, recommendation, resource_cost, rollup, usage};
use polars::prelude::*;

use crate::{
    BillingSource, CommitmentSource, Gap, InventorySource, OfferSource, PriceSource, ProviderError,
    RecommendationSource, ResourceCostSource, UsageType, UtilizationSource,
};

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

/// Frame has just the columns `wanted`, in order.
fn columns(frame: &DataFrame, wanted: &[&str]) -> (bool, String) {
    let names: Vec<&str> = frame.get_column_names().into_iter().map(PlSmallStr::as_str).collect();
    (names == wanted, format!("columns are {wanted:?}, not {names:?}"))
}

/// Rows of `keys` are all different, and none has a null.
fn unique(frame: &DataFrame, keys: &[&str]) -> Result<(bool, String), ProviderError> {
    let cells = keys.iter().map(|k| texts(frame, k)).collect::<Result<Vec<_>, _>>()?;
    let mut seen = BTreeSet::new();
    let mut whole = true;
    for row in 0..frame.height() {
        let key: Vec<Option<String>> = cells.iter().map(|c| c[row].clone()).collect();
        whole &= key.iter().all(Option::is_some) && seen.insert(key);
    }
    Ok((whole, format!("each row has its own {}", keys.join(" and "))))
}

fn unreadable(error: &PolarsError) -> ProviderError {
    ProviderError::unreadable("frame", error)
}

/// A bill: it names itself, it can be read as FOCUS in full, twice to the same totals, and its gaps say what they are.
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

/// An inventory: columns as documented, each resource once, the same twice, and readable by the core.
///
/// # Errors
/// The source's.
pub async fn inventory(source: &dyn InventorySource) -> Result<Vec<String>, ProviderError> {
    let (first, second) = (source.inventory().await?, source.inventory().await?);
    let mut out = unmet([
        columns(&first.data, inventory::COLUMNS),
        unique(&first.data, &["SubAccountId", "RegionId", "Kind", "ResourceId"])?,
        (same(&first.data, &second.data), "the same pull gives the same rows, in the same order".to_owned()),
        (inventory::Inventory::from_frame(&first.data).is_ok(), "the core reads the inventory".to_owned()),
    ]);
    out.extend(gaps(&first.gaps));
    Ok(out)
}

/// A utilization: columns as documented, a row a resource and full hour, percentages within 0 to 100, mean ≤ maximum, and only of
/// resources of the inventory.
///
/// # Errors
/// The source's.
pub async fn utilization(source: &dyn UtilizationSource, of: &DataFrame) -> Result<Vec<String>, ProviderError> {
    let pulled = source.utilization(of).await?;
    let frame = &pulled.data;
    let known: BTreeSet<String> = texts(of, "ResourceId")?.into_iter().flatten().collect();
    let seen: BTreeSet<String> = texts(frame, "ResourceId")?.into_iter().flatten().collect();
    let number = |name: &str| -> Result<Vec<Option<f64>>, ProviderError> {
        let column = frame.column(name).and_then(|c| c.cast(&DataType::Float64)).map_err(|e| unreadable(&e))?;
        Ok(column.f64().map_err(|e| unreadable(&e))?.iter().collect())
    };
    let (mean, max) = (number("CpuMeanPct")?, number("CpuMaxPct")?);
    let within = |v: &Option<f64>| v.is_none_or(|v| (0.0..=100.0).contains(&v));
    let ordered = mean.iter().zip(&max).all(|(a, b)| a.zip(*b).is_none_or(|(a, b)| a <= b));
    let mut out = unmet([
        columns(frame, usage::COLUMNS),
        unique(frame, &["ResourceId", "Hour"])?,
        (
            seen.iter().all(|id| known.contains(id) || id.starts_with("arn:")),
            "only resources of the inventory, or named by an ARN, have utilization".to_owned(),
        ),
        (mean.iter().chain(&max).all(within), "percentages are within 0 to 100".to_owned()),
        (ordered, "no mean is above its maximum".to_owned()),
        (usage::Utilization::from_frame(frame).is_ok(), "the core reads the utilization".to_owned()),
    ]);
    out.extend(gaps(&pulled.gaps));
    Ok(out)
}

fn texts(frame: &DataFrame, name: &str) -> Result<Vec<Option<String>>, ProviderError> {
    let column = frame.column(name).and_then(|c| c.cast(&DataType::String)).map_err(|e| unreadable(&e))?;
    let texts = column.str().map_err(|e| unreadable(&e))?;
    Ok(texts.iter().map(|t| t.map(ToOwned::to_owned)).collect())
}

/// Prices: columns as documented, one price for each item, none negative, and readable by the core.
///
/// # Errors
/// The source's.
pub async fn prices(source: &dyn PriceSource, of: &DataFrame) -> Result<Vec<String>, ProviderError> {
    let pulled = source.prices(of).await?;
    let frame = &pulled.data;
    let mut out = unmet([
        columns(frame, price::COLUMNS),
        unique(frame, &["RegionId", "Item", "Terms"])?,
        (price::PriceBook::bundled().and_then(|b| b.with(frame)).is_ok(), "the core reads the prices".to_owned()),
    ]);
    out.extend(gaps(&pulled.gaps));
    Ok(out)
}

/// Commitments: columns as documented, one row a month and type, and readable by the core.
///
/// # Errors
/// The source's.
pub async fn commitments(source: &dyn CommitmentSource) -> Result<Vec<String>, ProviderError> {
    let pulled = source.commitments().await?;
    let frame = &pulled.data;
    let read = commitment::from_frame(frame);
    let mut out = unmet([
        columns(frame, commitment::COLUMNS),
        unique(frame, &["Month", "CommitmentDiscountType"])?,
        (read.is_ok_and(|all| all.len() == frame.height()), "the core reads each row".to_owned()),
    ]);
    out.extend(gaps(&pulled.gaps));
    Ok(out)
}

/// Offers of commitments: columns as documented, one row an instrument, term, payment, region, usage type and operation, and readable by the core.
///
/// # Errors
/// The source's.
pub async fn offers(source: &dyn OfferSource, of: &[UsageType]) -> Result<Vec<String>, ProviderError> {
    let pulled = source.offers(of).await?;
    let frame = &pulled.data;
    let read = commitment::Offers::from_frame(frame);
    let mut out = unmet([
        columns(frame, commitment::OFFER_COLUMNS),
        unique(frame, &["Instrument", "TermYears", "PaymentOption", "RegionId", "SkuMeter", "Operation"])?,
        (read.is_ok(), format!("the core reads each row: {:?}", read.err())),
    ]);
    out.extend(gaps(&pulled.gaps));
    Ok(out)
}

/// Costs by resource: columns as documented, one row a day, account, service, usage type and resource, and readable by the core.
///
/// # Errors
/// The source's.
pub async fn resource_costs(source: &dyn ResourceCostSource) -> Result<Vec<String>, ProviderError> {
    let pulled = source.resource_costs().await?;
    let frame = &pulled.data;
    let read = resource_cost::from_frame(frame);
    let mut out = unmet([
        columns(frame, resource_cost::COLUMNS),
        unique(frame, &["ChargeDay", "SubAccountId", "ServiceName", "SkuMeter", "ResourceId"])?,
        (read.is_ok_and(|all| all.len() == frame.height()), "the core reads each row".to_owned()),
    ]);
    out.extend(gaps(&pulled.gaps));
    Ok(out)
}

/// Recommendations: columns as documented, and each row readable by the core.
///
/// # Errors
/// The source's.
pub async fn recommendations(source: &dyn RecommendationSource, of: &DataFrame) -> Result<Vec<String>, ProviderError> {
    let pulled = source.recommendations(of).await?;
    let frame = &pulled.data;
    let read = recommendation::from_frame(frame);
    let mut out = unmet([
        columns(frame, recommendation::COLUMNS),
        (read.is_ok_and(|all| all.len() == frame.height()), "the core reads each row".to_owned()),
    ]);
    out.extend(gaps(&pulled.gaps));
    Ok(out)
}
