//! Rules for every provider and its configuration. The tests of a provider call these functions
//! with known data.
//!
//! Each function returns the rules that are not met, one line each. An empty list is a pass.

use std::collections::BTreeSet;

use cost_core::focus::FocusFrame;
use cost_core::inventory::INVENTORY;
use cost_core::rollup;
use cost_core::table::{Table, rows_of};
use cost_core::usage::UTILIZATION;
use polars::prelude::DataFrame;
use serde_json::Value;

use crate::{
    Capability, Gap, Known, Provider, ProviderConfig, ProviderError, Pulled, RequestsMade, Steps,
    UsageType,
};

fn unmet(rules: impl IntoIterator<Item = (bool, String)>) -> Vec<String> {
    rules.into_iter().filter(|(holds, _)| !holds).map(|(_, rule)| rule).collect()
}

/// Checks a provider: it returns the data that it declares and refuses all other requests, equal
/// pulls return equal data, and gaps are named. `usage` is the usage for which tables are
/// requested, in addition to the inventory.
///
/// # Errors
/// Errors of the provider, and of reading its bill or its inventory.
pub async fn provider(
    provider: &dyn Provider,
    usage: Vec<UsageType>,
) -> Result<Vec<String>, ProviderError> {
    let can = provider.capabilities();
    let planned = provider.plan().0;
    let mut out = unmet([
        (!provider.name().trim().is_empty(), "a provider has a name".to_owned()),
        (!provider.describe().trim().is_empty(), "a provider describes its source".to_owned()),
        (!can.is_empty(), "a provider has a capability".to_owned()),
    ]);
    out.extend(unmet(planned.iter().map(|request| {
        let named = request.operation.contains(':') && !request.what.is_empty();
        let rule = "a planned request names its operation, the data, and days in order";
        (named && request.from < request.until, format!("{rule}: {request:?}"))
    })));
    out.extend(if can.contains(&Capability::Billing) {
        billing(provider).await?
    } else {
        let answer = provider.bill(&Steps::default()).await;
        not_offered("the bill", &answer.map(|_| ()))
    });
    let mut known = Known { inventory: Vec::new(), usage };
    for table in Capability::ALL.into_iter().filter_map(Capability::table) {
        if !Capability::of(table).is_some_and(|of| can.contains(&of)) {
            let answer = provider.table(table, &known, &Steps::default()).await;
            out.extend(not_offered(table.name, &answer.map(|_| ())));
            continue;
        }
        let (frame, not_met) = rows_and_unmet(provider, table, &known).await?;
        out.extend(not_met);
        if table.name == INVENTORY.name {
            known.inventory =
                rows_of(&frame).map_err(|e| ProviderError::unreadable(INVENTORY.label, e))?;
        }
    }
    let named = |made: &RequestsMade| made.operation.contains(':') && made.count > 0;
    let rule = "requests that were sent are named and counted".to_owned();
    out.extend(unmet([(provider.requests().iter().all(named), rule)]));
    Ok(out)
}

/// Checks that undeclared data is refused with [`ProviderError::NotOffered`].
fn not_offered(what: &str, answer: &Result<(), ProviderError>) -> Vec<String> {
    let refused = matches!(answer, Err(ProviderError::NotOffered { .. }));
    unmet([(refused, format!("a request for {what}, which is not declared, is refused"))])
}

/// Checks a configuration: it is the same after it is written and read back, refuses unknown
/// fields, and has no field for a secret.
#[must_use]
pub fn config<C: ProviderConfig>(config: &C) -> Vec<String> {
    let written = match serde_json::to_value(config) {
        Ok(Value::Object(written)) => written,
        other => return vec![format!("a configuration is an object with fields: {other:?}")],
    };
    let read = serde_json::from_value::<C>(Value::Object(written.clone()));
    let again = read.as_ref().ok().and_then(|config| serde_json::to_value(config).ok());
    let mut more = written.clone();
    more.insert("no_such_field".to_owned(), Value::Null);
    let mut out = unmet([
        (
            again.as_ref() == Some(&Value::Object(written.clone())),
            format!("a configuration is the same after it is read back: {:?}", read.err()),
        ),
        (
            serde_json::from_value::<C>(Value::Object(more)).is_err(),
            "a configuration refuses unknown fields".to_owned(),
        ),
    ]);
    out.extend(unmet(written.keys().map(|field| {
        let secret = SECRETS.iter().any(|word| field.replace('-', "_").contains(word));
        (!secret, format!("a configuration contains no secret: `{field}`"))
    })));
    out
}

/// Parts of the names of fields with secrets.
const SECRETS: [&str; 6] = ["secret", "password", "token", "access_key", "api_key", "private_key"];

/// Checks that every gap names the missing data, the operation, and the reason.
fn gaps(gaps: &[Gap]) -> Vec<String> {
    unmet(gaps.iter().flat_map(|gap| {
        let named = !gap.what.is_empty() && gap.error.operation.contains(':');
        [
            (named, format!("a gap names the missing data and the operation: {gap:?}")),
            (!gap.error.provider.is_empty(), format!("a gap names its provider: {gap:?}")),
        ]
    }))
}

/// Returns whether two frames are equal, including nulls.
fn same(a: &DataFrame, b: &DataFrame) -> bool {
    a.equals_missing(b)
}

/// Checks a bill: it can be read completely as FOCUS, twice with the same totals, and its gaps are
/// named.
async fn billing(provider: &dyn Provider) -> Result<Vec<String>, ProviderError> {
    let steps = Steps::default();
    let (first, second) = (provider.bill(&steps).await?, provider.bill(&steps).await?);
    let totals = |parts: Vec<cost_core::focus::Part>| -> Result<DataFrame, ProviderError> {
        Ok(rollup::roll_up(&FocusFrame::from_parts(parts, &[])?)?.cube.frame().clone())
    };
    let (a, b) = (totals(first.data)?, totals(second.data)?);
    let mut out = unmet([
        (a.height() > 0, "a bill has charges".to_owned()),
        (same(&a, &b), "equal pulls return equal totals".to_owned()),
    ]);
    out.extend(gaps(&first.gaps));
    Ok(out)
}

/// Returns the rows of a table, and the rules that it does not meet: columns with their types, a
/// unique key in each row, the rules of the table, the same rows when pulled again, and named gaps.
/// An inventory has resources. Utilization belongs to resources of the inventory, or of an ARN.
async fn rows_and_unmet(
    provider: &dyn Provider,
    table: &'static Table,
    known: &Known,
) -> Result<(DataFrame, Vec<String>), ProviderError> {
    let steps = Steps::default();
    let Pulled { data: frame, gaps: missing, .. } = provider.table(table, known, &steps).await?;
    let second = provider.table(table, known, &steps).await?;
    let mut out = table.unmet(&frame);
    out.extend(unmet([
        (
            same(&frame, &second.data),
            format!("equal pulls return equal rows of {}, in the same order", table.name),
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
        let rule = "only resources of the inventory, or with an ARN, have utilization";
        out.extend(unmet([(!ids.unwrap_or(true), rule.to_owned())]));
    }
    out.extend(gaps(&missing));
    Ok((frame, out))
}
