//! What a bill says of commitments: one scan, grouped by month, commitment, and where the usage is.

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::cells::day;
use crate::cloud::{Cloud, Metered, Provider, cloud};
use crate::focus::text::is_null_text;
use crate::focus::{FocusError, FocusFrame};
use crate::money::{Currency, Money, MoneyError};
use crate::month::Month;
use crate::rollup::scaled;
use crate::shield::ENGINE;
use crate::shield::shield;

/// Key columns, in the order of [`Charge`]'s fields after the month.
const KEYS: [&str; 12] = [
    "CommitmentDiscountId",
    "CommitmentDiscountName",
    "CommitmentDiscountType",
    "CommitmentDiscountCategory",
    "CommitmentDiscountStatus",
    "PricingCategory",
    "ChargeCategory",
    "SubAccountId",
    "RegionId",
    "ServiceName",
    "SkuMeter",
    "ProviderName",
];
const DAY: &str = "ChargePeriodStart";
const AMOUNTS: [&str; 4] = ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"];

/// Usage that a commitment paid for or could have paid for, what of a commitment nobody used, or the purchase of one. Grain: month, and all
/// other fields but the amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Calendar month of `ChargePeriodStart`.
    pub month: Month,
    /// `CommitmentDiscountId`.
    pub commitment_discount_id: Option<String>,
    /// `CommitmentDiscountName`.
    pub commitment_discount_name: Option<String>,
    /// `CommitmentDiscountType`.
    pub commitment_discount_type: Option<String>,
    /// `CommitmentDiscountCategory`: `Spend` or `Usage`.
    pub commitment_discount_category: Option<String>,
    /// Whether a commitment paid for it, or for nobody using it: `PricingCategory` is `Committed`, or a commitment is named.
    pub committed: bool,
    /// Whether it is what nobody used: `CommitmentDiscountStatus` is `Unused`.
    pub unused: bool,
    /// Whether it is a purchase, not usage.
    pub purchase: bool,
    /// `SubAccountId`.
    pub sub_account_id: Option<String>,
    /// `RegionId`.
    pub region_id: Option<String>,
    /// `ServiceName`.
    pub service_name: Option<String>,
    /// `SkuMeter`.
    pub usage_type: Option<String>,
    /// `ProviderName`.
    pub provider: Option<String>,
    /// Σ `BilledCost`.
    pub billed: Money,
    /// Σ `EffectiveCost`.
    pub effective: Money,
    /// Σ `ListCost`; `None` if it was null in any line item.
    pub list: Option<Money>,
    /// Σ `ContractedCost`; `None` if it was null in any line item.
    pub contracted: Option<Money>,
}

impl Charge {
    /// Whether it is known of its provider which usage on demand a commitment could have paid for.
    pub(super) fn coverable_known(&self) -> bool {
        self.cloud().knows_coverable()
    }

    /// The family of its usage; `None` if it is not known.
    pub(super) fn family(&self) -> Option<String> {
        let used = Metered::new(Provider::of(self.provider.as_deref()), self.usage_type.as_deref()?);
        self.cloud().family(used)
    }

    fn cloud(&self) -> &'static dyn Cloud {
        cloud(Provider::of(self.provider.as_deref()))
    }
}

/// Sums of one group: amounts in 10⁻¹² units, and how many were null.
#[derive(Clone, Copy, Default)]
struct Sums {
    amounts: [i128; AMOUNTS.len()],
    unknown: [u32; AMOUNTS.len()],
}

type Key = (Month, [Option<String>; KEYS.len()]);

/// The charges of a bill that are of commitments, or of usage on demand that a commitment can pay for. Spot and other dynamic prices are
/// left out: no commitment is paid beside them.
///
/// Memory is bounded by the number of groups, not of line items.
///
/// # Errors
/// [`FocusError`]: a cell that does not decode, or a sum that does not fit.
pub(crate) fn charges(frame: &FocusFrame, currency: Currency) -> Result<Vec<Charge>, FocusError> {
    let groups = shield(|| scan(frame)).map_err(|e| frame.explain(&e))?;
    let failed = |source: MoneyError| FocusError::Money { origin: frame.label().to_owned(), source };
    let mut out = Vec::new();
    for ((month, key), sums) in groups {
        let [id, name, kind, category, status, pricing, charge, account, region, service, usage, provider] = key;
        let money = |at: usize| Money::from_scaled(sums.amounts[at], currency);
        let known = |at: usize| (sums.unknown[at] == 0).then(|| money(at)).transpose();
        out.push(Charge {
            month,
            committed: id.is_some() || pricing.as_deref() == Some("Committed"),
            commitment_discount_id: id,
            commitment_discount_name: name,
            commitment_discount_type: kind,
            commitment_discount_category: category,
            unused: status.as_deref() == Some("Unused"),
            purchase: charge.as_deref() == Some("Purchase"),
            sub_account_id: account,
            region_id: region,
            service_name: service,
            usage_type: usage,
            provider,
            billed: money(0).map_err(failed)?,
            effective: money(1).map_err(failed)?,
            list: known(2).map_err(failed)?,
            contracted: known(3).map_err(failed)?,
        });
    }
    Ok(out)
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

/// Whether a commitment could pay for usage, by its `ProviderName` and `SkuMeter`.
fn is_coverable(provider: Option<&str>, usage_type: Option<&str>) -> bool {
    let provider = Provider::of(provider);
    usage_type.is_some_and(|of| cloud(provider).is_coverable(Metered::new(provider, of)))
}

fn add(groups: &mut BTreeMap<Key, Sums>, found: &DataFrame) -> PolarsResult<()> {
    let days = found.column(DAY)?.date()?.physical().rechunk().into_owned();
    let texts = KEYS.iter().map(|k| found.column(k)?.str()).collect::<PolarsResult<Vec<_>>>()?;
    let amounts = AMOUNTS.iter().map(|name| scaled(found.column(name)?)).collect::<PolarsResult<Vec<_>>>()?;
    let nulls = AMOUNTS.iter().map(|name| found.column(&format!("{name} unknown"))?.cast(&DataType::UInt32));
    let nulls = nulls.collect::<PolarsResult<Vec<Column>>>()?;
    let nulls = nulls.iter().map(Column::u32).collect::<PolarsResult<Vec<_>>>()?;
    for row in 0..found.height() {
        let Some(month) = days.get(row).and_then(day).map(Month::of) else { continue };
        let key: [Option<String>; KEYS.len()] =
            std::array::from_fn(|at| texts[at].get(row).filter(|t| !is_null_text(t)).map(str::to_owned));
        // Of what no commitment paid for, only what one could have.
        let committed = key[0].is_some() || key[5].as_deref() == Some("Committed");
        if !committed && !is_coverable(key[11].as_deref(), key[10].as_deref()) {
            continue;
        }
        let sums = groups.entry((month, key)).or_default();
        for at in 0..AMOUNTS.len() {
            let amount = amounts[at].get(row).copied().unwrap_or_default();
            sums.amounts[at] = sums.amounts[at]
                .checked_add(amount)
                .ok_or_else(|| polars_err!(ComputeError: "the sum of {} does not fit", AMOUNTS[at]))?;
            sums.unknown[at] = sums.unknown[at].saturating_add(nulls[at].get(row).unwrap_or_default());
        }
    }
    Ok(())
}
