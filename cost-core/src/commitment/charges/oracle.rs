//! The sums of the roll-up, computed with the data engine's group-by in a separate scan. Tests
//! compare the roll-up with them.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::is_coverable;
use crate::cells::day;
use crate::focus::FocusFrame;
use crate::focus::text::is_null_text;
use crate::month::Month;
use crate::rollup::{CHARGE_KEYS as KEYS, ChargeSums, scaled};
use crate::shield::ENGINE;

const DAY: &str = "ChargePeriodStart";
const AMOUNTS: [&str; 4] = ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"];

/// Sums of one group: amounts in 10⁻¹² units, and how many were null.
#[derive(Clone, Copy, Default)]
struct Sums {
    amounts: [i128; AMOUNTS.len()],
    unknown: [u32; AMOUNTS.len()],
}

type Key = (Month, [Option<String>; KEYS.len()]);

/// The sums of a bill.
pub(super) fn sums(frame: &FocusFrame) -> Vec<ChargeSums> {
    let row = |((month, texts), sums): (Key, Sums)| {
        let known = |at: usize| (sums.unknown[at] == 0).then_some(sums.amounts[at]);
        let [billed, effective, ..] = sums.amounts;
        ChargeSums { month, texts, billed, effective, list: known(2), contracted: known(3) }
    };
    scan(frame).expect("a bill that can be read").into_iter().map(row).collect()
}

/// The groups that matter, in order.
fn scan(frame: &FocusFrame) -> PolarsResult<BTreeMap<Key, Sums>> {
    let wanted = col("ChargeCategory")
        .eq(lit("Usage"))
        .and(col("PricingCategory").is_null().or(col("PricingCategory").neq(lit("Dynamic"))))
        .or(col("CommitmentDiscountId").fill_null(lit("")).neq(lit("")));
    let keys: Vec<Expr> = std::iter::once(DAY).chain(KEYS).map(col).collect();
    let sums = AMOUNTS.iter().map(|name| col(*name).sum());
    let nulls = AMOUNTS.iter().map(|name| col(*name).null_count().alias(format!("{name} unknown")));
    let aggregates: Vec<Expr> = sums.chain(nulls).collect();
    let mut groups: BTreeMap<Key, Sums> = BTreeMap::new();
    for batch in frame.batches() {
        let grouped = batch?.filter(wanted.clone()).group_by(keys.clone()).agg(aggregates.clone());
        add(&mut groups, &grouped.collect_with_engine(ENGINE)?.unwrap_single())?;
    }
    Ok(groups)
}

fn add(groups: &mut BTreeMap<Key, Sums>, found: &DataFrame) -> PolarsResult<()> {
    let days = found.column(DAY)?.date()?.physical().rechunk().into_owned();
    let texts = KEYS.iter().map(|k| found.column(k)?.str()).collect::<PolarsResult<Vec<_>>>()?;
    let amounts =
        AMOUNTS.iter().map(|name| scaled(found.column(name)?)).collect::<PolarsResult<Vec<_>>>()?;
    let nulls = AMOUNTS
        .iter()
        .map(|name| found.column(&format!("{name} unknown"))?.cast(&DataType::UInt32));
    let nulls = nulls.collect::<PolarsResult<Vec<Column>>>()?;
    let nulls = nulls.iter().map(Column::u32).collect::<PolarsResult<Vec<_>>>()?;
    for row in 0..found.height() {
        let Some(month) = days.get(row).and_then(day).map(Month::of) else { continue };
        let key: [Option<String>; KEYS.len()] = std::array::from_fn(|at| {
            texts[at].get(row).filter(|t| !is_null_text(t)).map(str::to_owned)
        });
        // Uncovered usage counts only if a commitment could cover it.
        let committed = key[0].is_some() || key[5].as_deref() == Some("Committed");
        if !committed
            && key[10].as_deref().is_none_or(|usage| !is_coverable(key[11].as_deref(), usage))
        {
            continue;
        }
        let sums = groups.entry((month, key)).or_default();
        for at in 0..AMOUNTS.len() {
            let amount = amounts[at].get(row).copied().unwrap_or_default();
            sums.amounts[at] = sums.amounts[at].checked_add(amount).ok_or_else(
                || polars_err!(ComputeError: "the sum of {} does not fit", AMOUNTS[at]),
            )?;
            sums.unknown[at] =
                sums.unknown[at].saturating_add(nulls[at].get(row).unwrap_or_default());
        }
    }
    Ok(())
}
