//! [`Line`]: a charge as compared between folders of one billing period.

use chrono::NaiveDate;
use polars::prelude::*;

use super::account::{Form, normal};
use super::fingerprint::mix;
use crate::cells::day;
use crate::cloud::last_part_of_id;
use crate::focus::columns::lookup;
use crate::focus::{
    FocusError, Origin, Rows, leaves, optional_decimal, optional_instant, unreadable,
};
use crate::shield::shield;

/// Columns that are compared as text. For charges that name a resource, region and tags do not
/// count, because a resource has one of each.
const TEXTS: [&str; 12] = [
    "ProviderName",
    "BillingAccountId",
    "BillingCurrency",
    "ServiceName",
    "SkuMeter",
    "ChargeCategory",
    "ChargeClass",
    "SubAccountId",
    "ResourceId",
    "RegionId",
    "RegionName",
    "Tags",
];
const BILLING_ACCOUNT: usize = 1;
const CURRENCY: usize = 2;
const SUB_ACCOUNT: usize = 7;
const RESOURCE: usize = 8;

/// Charge of a version.
pub(super) struct Line {
    /// Item, payer, start, and whether it is a credit, without amounts.
    pub(super) key: u64,
    /// Resource and start; `None` without a resource.
    pub(super) resource: Option<u64>,
    /// Account that uses, and start.
    pub(super) place: u64,
    /// Start.
    pub(super) start: u64,
    /// Account that uses, by its normalized name; empty if the line has none.
    pub(super) account: String,
    /// The account as written.
    pub(super) form: Form,
    /// UTC day of the start; `None` if the line has none.
    pub(super) day: Option<NaiveDate>,
    /// `EffectiveCost`, or else `BilledCost`, in 10⁻¹² units.
    pub(super) cost: i128,
}

/// Calls `take` with each charge of the files, including those without cost, and the position of
/// the list that contains its file.
///
/// # Errors
/// [`FocusError::Unreadable`] for the file that cannot be read.
pub(super) fn each(
    lists: &[Vec<Origin>],
    mut take: impl FnMut(usize, Line),
) -> Result<(), FocusError> {
    for (at, origins) in lists.iter().enumerate() {
        for origin in origins {
            shield(|| lines(&origin.rows, &mut |line| take(at, line)))
                .map_err(|e| unreadable(&origin.label, &e))?;
        }
    }
    Ok(())
}

/// Returns the header that is called `name`; the column itself takes precedence over another name
/// for it.
fn header<'a>(rows: &'a Rows, name: &str) -> Option<(&'a PlSmallStr, &'a DataType)> {
    let is_called = |h: &str| h == name || lookup(h).is_some_and(|c| c.name == name);
    rows.schema().iter().filter(|(h, _)| is_called(h)).min_by_key(|(h, _)| h.as_str() != name)
}

fn lines(rows: &Rows, take: &mut dyn FnMut(Line)) -> PolarsResult<()> {
    let text = |name: &&str| match header(rows, name) {
        Some((h, dtype)) if !dtype.is_nested() && !dtype.is_binary() => {
            col(h.clone()).cast(DataType::String)
        }
        _ => lit(NULL).cast(DataType::String),
    };
    let cost = |name: &str| {
        let none = || lit(NULL).cast(DataType::Decimal(38, 12));
        header(rows, name).map_or_else(none, |(h, _)| optional_decimal(col(h.clone())))
    };
    let Some((start, _)) = header(rows, "ChargePeriodStart") else {
        polars_bail!(ColumnNotFound: "column ChargePeriodStart is missing");
    };
    let start = optional_instant(col(start.clone())).cast(DataType::Int64);
    let mut all: Vec<Expr> = TEXTS.iter().map(text).collect();
    all.extend([start, cost("BilledCost"), cost("EffectiveCost")]);
    let all: Vec<Expr> =
        all.into_iter().enumerate().map(|(at, e)| e.alias(format!("{at}"))).collect();
    for batch in rows.batches_of(&leaves(&all)) {
        let frame = batch?.select(all.clone()).collect()?;
        let columns = frame.columns();
        let texts =
            columns[..TEXTS.len()].iter().map(|c| c.str()).collect::<PolarsResult<Vec<_>>>()?;
        let starts = columns[TEXTS.len()].i64()?;
        let amounts =
            |at: usize| columns[at].as_materialized_series().to_physical_repr().into_owned();
        let (billed, effective) = (amounts(TEXTS.len() + 1), amounts(TEXTS.len() + 2));
        let (billed, effective) = (billed.i128()?, effective.i128()?);
        for row in 0..frame.height() {
            let cells: [&str; TEXTS.len()] =
                std::array::from_fn(|at| texts[at].get(row).unwrap_or_default().trim());
            let costs = [effective.get(row), billed.get(row)].map(Option::unwrap_or_default);
            take(line(&cells, starts.get(row), costs));
        }
    }
    Ok(())
}

fn line(cells: &[&str; TEXTS.len()], start: Option<i64>, [effective, billed]: [i128; 2]) -> Line {
    let account = normal(cells[SUB_ACCOUNT]);
    let currency = print(&cells[CURRENCY].to_uppercase());
    let start_print = mix(currency, start.unwrap_or(i64::MIN).cast_unsigned());
    let cost = if effective == 0 { billed } else { effective };
    let place = mix(start_print, print(&account));
    let has_resource = !cells[RESOURCE].is_empty();
    // Only for lines with a resource, the following columns are excluded: region and tags.
    let counted = if has_resource { RESOURCE + 1 } else { TEXTS.len() };
    let mut key = mix(place, u64::from(cost < 0));
    for (at, cell) in cells.iter().enumerate().take(counted) {
        key = match at {
            CURRENCY | SUB_ACCOUNT => key,
            BILLING_ACCOUNT => mix(key, print(&normal(cell))),
            _ => mix(key, print(&cell.to_lowercase())),
        };
    }
    Line {
        key,
        resource: has_resource.then(|| mix(start_print, print(&own_id(cells[RESOURCE])))),
        place,
        start: start_print,
        form: Form::of(&account),
        account,
        day: start.and_then(|us| day(i32::try_from(us.div_euclid(86_400_000_000)).ok()?)),
        cost,
    }
}

/// Returns a resource's own ID, without the ARN that contains it.
fn own_id(resource: &str) -> String {
    last_part_of_id(&resource.to_lowercase()).to_owned()
}

fn print(text: &str) -> u64 {
    use std::hash::BuildHasher;
    foldhash::fast::FixedState::with_seed(0x4528_21e6_38d0_1377).hash_one(text)
}
