//! What every provider, and its configuration, must hold. A provider's own tests call these on one
//! of known content.
//!
//! Each function gives what does not hold, a line each; an empty list is a pass.

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

/// A provider: what it declares it can tell, and nothing else is told; the same pull gives the same
/// again; and what is missing is named. `usage` is what its tables are asked about besides its
/// inventory.
///
/// # Errors
/// The provider's, and what makes its bill or its inventory unreadable.
pub async fn provider(
    provider: &dyn Provider,
    usage: Vec<UsageType>,
) -> Result<Vec<String>, ProviderError> {
    let can = provider.capabilities();
    let planned = provider.plan().0;
    let mut out = unmet([
        (!provider.name().trim().is_empty(), "a provider has a name".to_owned()),
        (!provider.describe().trim().is_empty(), "a provider says what it is".to_owned()),
        (!can.is_empty(), "a provider can tell something".to_owned()),
    ]);
    out.extend(unmet(planned.iter().map(|request| {
        let named = request.operation.contains(':') && !request.what.is_empty();
        let rule = "a planned request names its operation, what for, and days in order";
        (named && request.from < request.until, format!("{rule}: {request:?}"))
    })));
    out.extend(if can.contains(&Capability::Billing) {
        billing(provider).await?
    } else {
        let answer = provider.bill(&Steps::default()).await;
        not_told("the bill", &answer.map(|_| ()))
    });
    let mut known = Known { inventory: Vec::new(), usage };
    for table in Capability::ALL.into_iter().filter_map(Capability::table) {
        if !Capability::of(table).is_some_and(|of| can.contains(&of)) {
            let answer = provider.table(table, &known, &Steps::default()).await;
            out.extend(not_told(table.name, &answer.map(|_| ())));
            continue;
        }
        let (frame, not_met) = held(provider, table, &known).await?;
        out.extend(not_met);
        if table.name == INVENTORY.name {
            known.inventory =
                rows_of(&frame).map_err(|e| ProviderError::unreadable(INVENTORY.label, e))?;
        }
    }
    let named = |made: &RequestsMade| made.operation.contains(':') && made.count > 0;
    let rule = "requests that were made are named and counted".to_owned();
    out.extend(unmet([(provider.requests().iter().all(named), rule)]));
    Ok(out)
}

/// What is not declared is refused, with the error that says so.
fn not_told(what: &str, answer: &Result<(), ProviderError>) -> Vec<String> {
    let refused = matches!(answer, Err(ProviderError::NotOffered { .. }));
    unmet([(refused, format!("{what} is not declared, and is refused"))])
}

/// A configuration: it is the same when it is written and read back, refuses fields that it does not
/// know, and has no field for a secret.
#[must_use]
pub fn config<C: ProviderConfig>(config: &C) -> Vec<String> {
    let written = match serde_json::to_value(config) {
        Ok(Value::Object(written)) => written,
        other => return vec![format!("a configuration is an object of fields: {other:?}")],
    };
    let read = serde_json::from_value::<C>(Value::Object(written.clone()));
    let again = read.as_ref().ok().and_then(|config| serde_json::to_value(config).ok());
    let mut more = written.clone();
    more.insert("no_such_field".to_owned(), Value::Null);
    let mut out = unmet([
        (
            again.as_ref() == Some(&Value::Object(written.clone())),
            format!("a configuration is the same when read back: {:?}", read.err()),
        ),
        (
            serde_json::from_value::<C>(Value::Object(more)).is_err(),
            "a configuration refuses fields that it does not know".to_owned(),
        ),
    ]);
    out.extend(unmet(written.keys().map(|field| {
        let secret = SECRETS.iter().any(|word| field.replace('-', "_").contains(word));
        (!secret, format!("a configuration holds no secret: `{field}`"))
    })));
    out
}

/// Parts of names of fields that hold secrets.
const SECRETS: [&str; 6] = ["secret", "password", "token", "access_key", "api_key", "private_key"];

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

/// A bill: it can be read as FOCUS in full, twice to the same totals, and its gaps say what they
/// are.
async fn billing(provider: &dyn Provider) -> Result<Vec<String>, ProviderError> {
    let steps = Steps::default();
    let (first, second) = (provider.bill(&steps).await?, provider.bill(&steps).await?);
    let totals = |parts: Vec<cost_core::focus::Part>| -> Result<DataFrame, ProviderError> {
        Ok(rollup::roll_up(&FocusFrame::from_parts(parts, &[])?)?.cube.frame().clone())
    };
    let (a, b) = (totals(first.data)?, totals(second.data)?);
    let mut out = unmet([
        (a.height() > 0, "a bill has charges".to_owned()),
        (same(&a, &b), "the same pull gives the same totals".to_owned()),
    ]);
    out.extend(gaps(&first.gaps));
    Ok(out)
}

/// The rows of a table, and what does not hold for it: columns with their types, a key in each row
/// and each key once, the rules of the table, the same rows when pulled again, and gaps that say
/// what they are. An inventory has resources, and utilization is of resources of the inventory, or
/// named by an ARN.
async fn held(
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
    out.extend(gaps(&missing));
    Ok((frame, out))
}
