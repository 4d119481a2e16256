//! What a line item costs: billed, effective, listed, contracted.
//!
//! `BilledCost` is `line_item_unblended_cost` of every line item, the only figure that AWS invoices: its sum is the invoice's.
//! Discounts that AWS lists as line items of their own (`EdpDiscount` and the like) stay line items, and so does
//! `SavingsPlanNegation`, which takes back the on-demand cost of `SavingsPlanCoveredUsage`.
//!
//! `EffectiveCost` moves what was paid for commitments from the fee to the usage it covers, and the part nobody used to a
//! charge of its own (`CommitmentDiscountStatus` "Unused"). If the report has net columns (the account has a negotiated
//! discount), they are taken: they carry the discount, so that a discount's own line item then has no effective cost.
//!
//! Source: AWS Data Exports user guide, "Line item details", "Reservation details", "Savings Plans details", "Using the AWS
//! CUR to understand amortized costs" (read 2026-11); FOCUS 1.2, columns `BilledCost` and `EffectiveCost`. Decisions: ADR 0013.

use polars::prelude::*;

use super::report::Report;

/// Discounts that come as line items of their own.
pub(super) const DISCOUNTS: &[&str] =
    &["BundledDiscount", "Discount", "EdpDiscount", "PrivateRateDiscount", "RiVolumeDiscount", "SppDiscount"];
/// Usage of all kinds.
pub(super) const USAGE: &[&str] = &["Usage", "DiscountedUsage", "SavingsPlanCoveredUsage"];
/// Usage that a commitment covers.
pub(super) const COVERED: &[&str] = &["DiscountedUsage", "SavingsPlanCoveredUsage"];
/// Fees of commitments that recur.
pub(super) const RECURRING: &[&str] = &["RIFee", "SavingsPlanRecurringFee"];

/// Whether a fee is paid once, ahead, for a commitment: a plan's upfront fee, or a reservation's.
pub(super) fn is_upfront(r: &Report) -> Expr {
    let of_reservation = r.text("reservation_reservation_arn").is_not_null();
    r.is(&["SavingsPlanUpfrontFee"]).or(r.is(&["Fee"]).and(of_reservation))
}

/// The net amount where the report has it, else the gross one.
pub(super) fn net_or(r: &Report, net: &str, gross: &str) -> Expr {
    r.amount(net).fill_null(r.amount(gross))
}

pub(super) fn billed(r: &Report) -> Expr {
    or_share(r, r.amount("line_item_unblended_cost"))
}

/// Split cost allocation adds line items for tasks and pods, whose parent's line item carries the cost: what they leave blank is zero.
fn or_share(r: &Report, amount: Expr) -> Expr {
    let parent = "split_line_item_parent_resource_id";
    if !r.has(parent) {
        return amount;
    }
    when(r.text(parent).is_not_null()).then(amount.clone().fill_null(r.zero())).otherwise(amount)
}

pub(super) fn effective(r: &Report) -> Expr {
    let discount = if r.has("line_item_net_unblended_cost") {
        r.amount("line_item_net_unblended_cost").fill_null(r.zero())
    } else {
        billed(r)
    };
    let paid_ahead = r.is(RECURRING).or(is_upfront(r)).or(r.is(&["SavingsPlanNegation"]));
    let plan = net_or(r, "savings_plan_net_savings_plan_effective_cost", "savings_plan_savings_plan_effective_cost");
    let reserved = net_or(r, "reservation_net_effective_cost", "reservation_effective_cost");
    when(paid_ahead)
        .then(r.zero())
        .when(r.is(&["SavingsPlanCoveredUsage"]))
        .then(plan)
        .when(r.is(&["DiscountedUsage"]))
        .then(reserved)
        .when(r.is(DISCOUNTS))
        .then(discount)
        .otherwise(or_share(r, net_or(r, "line_item_net_unblended_cost", "line_item_unblended_cost")))
}

/// At public prices. Usage without a public price keeps null: unknown, not free. What takes back other line items has none.
pub(super) fn listed(r: &Report) -> Expr {
    when(r.is(USAGE))
        .then(or_share(r, r.amount("pricing_public_on_demand_cost")))
        .when(r.is(&["SavingsPlanNegation"]).or(r.is(DISCOUNTS)))
        .then(r.zero())
        .otherwise(billed(r))
}

/// At negotiated prices, before commitments. For usage of a reservation the report only has the public price.
pub(super) fn contracted(r: &Report) -> Expr {
    when(r.is(&["DiscountedUsage"]))
        .then(r.amount("pricing_public_on_demand_cost"))
        .when(r.is(&["SavingsPlanNegation"]))
        .then(r.zero())
        .otherwise(or_share(r, net_or(r, "line_item_net_unblended_cost", "line_item_unblended_cost")))
}

/// Decimal amount of a column, null where it is null.
fn decimal(r: &Report, name: &str) -> Expr {
    cost_core::focus::decimal(r.amount(name))
}

/// What was paid for a commitment and not used, on the line item of its recurring fee.
///
/// Reservations say it: `UnusedAmortizedUpfrontFeeForBillingPeriod + UnusedRecurringFee`. Savings Plans say
/// `TotalCommitmentToDate - UsedCommitment`; net of a negotiated discount, by the ratio of net to gross commitment.
/// Null if the report does not say.
pub(super) fn unused(r: &Report) -> Expr {
    let sum = |a: &str, b: &str| decimal(r, a).fill_null(decimal(r, b));
    let of_reservation = sum(
        "reservation_net_unused_amortized_upfront_fee_for_billing_period",
        "reservation_unused_amortized_upfront_fee_for_billing_period",
    ) + sum("reservation_net_unused_recurring_fee", "reservation_unused_recurring_fee");
    let gross = decimal(r, "savings_plan_total_commitment_to_date") - decimal(r, "savings_plan_used_commitment");
    let net = [
        decimal(r, "savings_plan_net_amortized_upfront_commitment_for_billing_period"),
        decimal(r, "savings_plan_net_recurring_commitment_for_billing_period"),
        decimal(r, "savings_plan_amortized_upfront_commitment_for_billing_period"),
        decimal(r, "savings_plan_recurring_commitment_for_billing_period"),
    ];
    let of_plan =
        if r.has("savings_plan_net_recurring_commitment_for_billing_period") { by_ratio(gross, &net) } else { gross };
    when(r.is(&["RIFee"])).then(of_reservation).otherwise(of_plan)
}

/// `amount × (net upfront + net recurring) ÷ (upfront + recurring)`, half-even at 12 places; the amount itself where a part is
/// unknown or nothing was committed.
fn by_ratio(amount: Expr, parts: &[Expr; 4]) -> Expr {
    let kernel = |columns: &mut [Column]| {
        let physical: Vec<Int128Chunked> = columns
            .iter()
            .map(|c| c.as_materialized_series().to_physical_repr().i128().cloned())
            .collect::<PolarsResult<_>>()?;
        let scaled = |at: usize| -> PolarsResult<Option<i128>> {
            let cell = |column: usize| physical[column].get(at);
            let Some(amount) = cell(0) else { return Ok(None) };
            let ratio = || Some((cell(1)? + cell(2)?, cell(3)? + cell(4)?));
            match ratio() {
                Some((net, gross)) if gross != 0 => {
                    let product = amount
                        .checked_mul(net)
                        .ok_or_else(|| polars_err!(ComputeError: "unused commitment overflows"))?;
                    Ok(Some(divide_half_even(product, gross)))
                }
                _ => Ok(Some(amount)),
            }
        };
        let values: Int128Chunked =
            (0..physical[0].len()).map(scaled).collect::<PolarsResult<Vec<_>>>()?.into_iter().collect();
        Ok(values.with_name(columns[0].name().clone()).into_decimal_unchecked(38, 12).into_series().into_column())
    };
    let output = |_: &Schema, fields: &[Field]| Ok(fields[0].clone());
    amount.map_many(kernel, parts, output)
}

fn divide_half_even(value: i128, by: i128) -> i128 {
    let (quotient, rest) = (value.div_euclid(by), value.rem_euclid(by));
    let twice = rest.saturating_mul(2).cmp(&by.abs());
    let up = twice.is_gt() || (twice.is_eq() && quotient % 2 != 0);
    quotient + i128::from(up) * by.signum()
}

#[cfg(test)]
mod tests {
    use super::divide_half_even;

    #[test]
    fn halves_go_to_the_even_neighbour() {
        assert_eq!([5, 15, 25, -5, -15, 26].map(|v| divide_half_even(v, 10)), [0, 2, 2, 0, -2, 3]);
        assert_eq!(divide_half_even(7, -2), -4);
    }
}
