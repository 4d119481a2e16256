//! Costs of a line item: billed, effective, list, contracted. Rules apply to rows with a class
//! ([`Report::classed`]).
//!
//! `BilledCost` is `line_item_unblended_cost` of every line item, the only figure that AWS
//! invoices: its sum is the invoice total. Discounts that AWS lists as separate line items
//! (`EdpDiscount` and others) remain line items, and so does `SavingsPlanNegation`, which reverses
//! the on-demand cost of `SavingsPlanCoveredUsage`. If a report has only net costs, these are the
//! billed costs.
//!
//! `EffectiveCost` moves the cost of commitments from the fee to the covered usage, and the unused
//! part to a separate charge (`CommitmentDiscountStatus` "Unused"). If the report has net columns
//! (the account has a negotiated discount), they are used: they include the discount, so the line
//! item of the discount then has no effective cost. If a report lacks the columns for this, fees
//! count when they are paid ([`Report::not_amortized`](super::Report)).
//!
//! Source: AWS Data Exports user guide, "Line item details", "Reservation details", "Savings Plans
//! details", "Using the AWS CUR to understand amortized costs" (read 2026-11); FOCUS 1.2, columns
//! `BilledCost` and `EffectiveCost`. Decisions: ADR 0013.

use polars::prelude::*;

use super::report::{COSTS, Report, is};
use super::types::{Class, Effective, RULES};
use crate::rows;

/// Usage of all kinds.
pub(super) const USAGE: &[Class] = &[Class::Usage, Class::Reserved, Class::Covered];
/// Line items that reduce others: without a price of their own.
pub(super) const NETTING: &[Class] = &[Class::Negation, Class::Discount];
/// Line items of a Savings Plan, except refunds.
pub(super) const OF_PLANS: &[Class] =
    &[Class::Covered, Class::Negation, Class::PlanRecurring, Class::PlanUpfront];
/// Line items of a reservation, except refunds.
pub(super) const OF_RESERVATIONS: &[Class] =
    &[Class::Reserved, Class::ReservationRecurring, Class::ReservationUpfront];

/// Maximum overuse of a plan due to rounding (AWS rounds each line item to ten places): one cent in
/// USD, below which nothing is invoiced. Chosen.
const DUST: &str = "-0.01";

impl Report {
    pub(super) fn amortizes_plans(&self) -> bool {
        PLAN_COSTS.iter().any(|c| self.has(c))
    }

    pub(super) fn amortizes_reservations(&self) -> bool {
        RESERVATION_COSTS.iter().any(|c| self.has(c))
    }

    /// Line items of commitments whose fees the report does not spread.
    pub(super) fn paid_when_billed(&self) -> Vec<Class> {
        let plans = OF_PLANS.iter().chain(&[Class::PlanRefund]).filter(|_| !self.amortizes_plans());
        let reservations = OF_RESERVATIONS
            .iter()
            .chain(&[Class::ReservationRefund])
            .filter(|_| !self.amortizes_reservations());
        plans.chain(reservations).copied().collect()
    }

    /// Recurring fees that the report spreads.
    pub(super) fn spread_fees(&self) -> Vec<Class> {
        let of = |class, spread: bool| spread.then_some(class);
        let plans = of(Class::PlanRecurring, self.amortizes_plans());
        plans
            .into_iter()
            .chain(of(Class::ReservationRecurring, self.amortizes_reservations()))
            .collect()
    }
}

/// Effective cost of usage covered by a plan: net, gross.
const PLAN_COSTS: [&str; 2] =
    ["savings_plan_net_savings_plan_effective_cost", "savings_plan_savings_plan_effective_cost"];
/// Effective cost of usage covered by a reservation: net, gross.
const RESERVATION_COSTS: [&str; 2] =
    ["reservation_net_effective_cost", "reservation_effective_cost"];

/// Returns the net amount if the report has it, else the gross amount.
pub(super) fn net_or(r: &Report, [net, gross]: [&str; 2]) -> Expr {
    r.amount(net).fill_null(r.amount(gross))
}

/// Returns the net cost of the line item. Net columns already include discounts: a blank net cost
/// of a discount line item is zero.
fn net(r: &Report) -> Expr {
    let net = r.amount(COSTS[1]);
    when(is(&[Class::Discount])).then(net.clone().fill_null(r.zero())).otherwise(net)
}

/// Returns the cost of the line item: net if the report has net columns.
pub(super) fn own(r: &Report) -> Expr {
    let gross = r.amount(COSTS[0]);
    or_share(r, if r.has(COSTS[1]) { net(r).fill_null(gross) } else { gross })
}

pub(super) fn billed(r: &Report) -> Expr {
    or_share(r, if r.has(COSTS[0]) { r.amount(COSTS[0]) } else { net(r) })
}

/// Returns whether a line item is a share of another one: split cost allocation adds line items for
/// tasks and pods, and the line item of the parent has the cost.
pub(super) fn is_share(r: &Report) -> Expr {
    let parent = "split_line_item_parent_resource_id";
    if r.has(parent) { r.text(parent).is_not_null() } else { lit(false) }
}

/// Blank values of shares are zero.
fn or_share(r: &Report, amount: Expr) -> Expr {
    when(is_share(r)).then(amount.clone().fill_null(r.zero())).otherwise(amount)
}

/// Classes with this source of effective cost.
fn had(how: Effective) -> Vec<Class> {
    RULES.iter().filter(|r| r.effective == how).map(|r| r.class).collect()
}

pub(super) fn effective(r: &Report) -> Expr {
    when(is(&r.paid_when_billed()))
        .then(own(r))
        .when(is(&had(Effective::Nothing)))
        .then(r.zero())
        .when(is(&had(Effective::OfPlan)))
        .then(net_or(r, PLAN_COSTS))
        .when(is(&had(Effective::OfReservation)))
        .then(net_or(r, RESERVATION_COSTS))
        .otherwise(own(r))
}

/// Returns the list cost. Usage without a public price remains null: unknown, not free. Line items
/// that reverse others have none.
pub(super) fn listed(r: &Report) -> Expr {
    when(is(USAGE))
        .then(or_share(r, r.amount("pricing_public_on_demand_cost")))
        .when(is(NETTING))
        .then(r.zero())
        .otherwise(billed(r))
}

/// Returns the contracted cost, before commitment discounts. For usage covered by a reservation the
/// report has only the public price.
pub(super) fn contracted(r: &Report) -> Expr {
    when(is(&[Class::Reserved]))
        .then(r.amount("pricing_public_on_demand_cost"))
        .when(is(&[Class::Negation]))
        .then(r.zero())
        .otherwise(own(r))
}

/// Returns the decimal amount of a column; null stays null.
fn decimal(r: &Report, name: &str) -> Expr {
    cost_core::focus::decimal(r.amount(name))
}

/// Returns the unused part of a commitment, on the line item of its recurring fee.
///
/// Reservations: `UnusedAmortizedUpfrontFeeForBillingPeriod + UnusedRecurringFee`. Savings Plans:
/// `TotalCommitmentToDate - UsedCommitment`; net of a negotiated discount, by the ratio of net to
/// gross commitment. Null if the report does not contain it, or if more was used than available;
/// zero if that is due to rounding.
pub(super) fn unused(r: &Report) -> Expr {
    let sum = |a: &str, b: &str| decimal(r, a).fill_null(decimal(r, b));
    let of_reservation =
        sum(
            "reservation_net_unused_amortized_upfront_fee_for_billing_period",
            "reservation_unused_amortized_upfront_fee_for_billing_period",
        ) + sum("reservation_net_unused_recurring_fee", "reservation_unused_recurring_fee");
    let gross = decimal(r, "savings_plan_total_commitment_to_date")
        - decimal(r, "savings_plan_used_commitment");
    let net = [
        decimal(r, "savings_plan_net_amortized_upfront_commitment_for_billing_period"),
        decimal(r, "savings_plan_net_recurring_commitment_for_billing_period"),
        decimal(r, "savings_plan_amortized_upfront_commitment_for_billing_period"),
        decimal(r, "savings_plan_recurring_commitment_for_billing_period"),
    ];
    let of_plan = if r.has("savings_plan_net_recurring_commitment_for_billing_period") {
        by_ratio(gross, net)
    } else {
        gross
    };
    let unused = when(is(&[Class::ReservationRecurring])).then(of_reservation).otherwise(of_plan);
    let exact = |text: &str| cost_core::focus::decimal(lit(text.to_owned()));
    when(unused.clone().gt_eq(exact("0")))
        .then(unused.clone())
        .when(unused.gt_eq(exact(DUST)))
        .then(exact("0"))
        .otherwise(cost_core::focus::decimal(lit(NULL)))
}

/// Returns `amount × (net upfront + net recurring) ÷ (upfront + recurring)`, half-even at 12
/// places. Returns the amount itself if a part is unknown or the commitment is zero.
fn by_ratio(amount: Expr, [net_upfront, net_recurring, upfront, recurring]: [Expr; 4]) -> Expr {
    rows::amounts(
        [amount, net_upfront, net_recurring, upfront, recurring],
        "unused commitment",
        |row| {
            let [
                Some(amount),
                Some(net_upfront),
                Some(net_recurring),
                Some(upfront),
                Some(recurring),
            ] = row
            else {
                return Ok(row[0]);
            };
            let overflow = || polars_err!(ComputeError: "a sum or product is too large");
            let net = net_upfront.checked_add(net_recurring).ok_or_else(overflow)?;
            let gross = upfront.checked_add(recurring).ok_or_else(overflow)?;
            if gross == 0 {
                return Ok(Some(amount));
            }
            let product = amount.checked_mul(net).ok_or_else(overflow)?;
            Ok(Some(divide_half_even(product, gross)))
        },
    )
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
    fn halves_go_to_the_even_neighbor() {
        assert_eq!([5, 15, 25, -5, -15, 26].map(|v| divide_half_even(v, 10)), [0, 2, 2, 0, -2, 3]);
        assert_eq!(divide_half_even(7, -2), -4);
    }
}
