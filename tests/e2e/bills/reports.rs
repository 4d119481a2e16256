//! AWS Cost and Usage Reports: lines that cancel others, lines of types that are new, discounts,
//! and what becomes of them as FOCUS.
//!
//! Sources: aws-solutions-library-samples/cloud-intelligence-dashboards-framework issues 1087 and
//! 1515 (the refund of a plan's fee has no ARN) and its `summary_view.sql`; kubecost/kubecost issue
//! 1995 (discount lines); project-koku/koku issue 5446 (a commitment that is used by a hair more
//! than it is); AWS Cost and Usage Reports user guide, "Line item details" and "Split line item
//! details".

use rust_decimal::Decimal;
use serde_json::Value;

use super::Kind::{Discounts, LineTypes, OwnRules, Small};
use super::make::{Sheet, report_daily};
use super::{Case, Want, case, file, hold, list, number, total};

/// 31 days of 3.25.
const MAY: &str = "100.75";
const PLAN: &str =
    "arn:aws:savingsplans::111122223333:savingsplan/0a0a0a0a-0000-4000-8000-000000000001";

fn may() -> Sheet {
    report_daily("2026-05", 1..=31, "3.25")
}

/// Lines of another type on these days: they are of no usage.
fn lines(kind: &str, days: std::ops::RangeInclusive<u32>, cost: &str) -> Sheet {
    let sheet = report_daily("2026-05", days, cost).set("line_item_line_item_type", kind);
    sheet
        .set("pricing_public_on_demand_cost", "")
        .set("line_item_usage_amount", "1")
        .set("pricing_unit", "")
}

fn bill(sheet: &Sheet) -> Vec<(String, super::Content)> {
    vec![file("cur.csv", sheet.csv())]
}

/// Usage that a plan pays for: 12.00 at list prices, taken back by its negation; 8.00 of the plan,
/// or what `effective` says.
fn planned(effective: &str) -> Sheet {
    let covered = report_daily("2026-05", 1..=31, "12")
        .set("line_item_line_item_type", "SavingsPlanCoveredUsage");
    let covered = covered
        .set("savings_plan_savings_plan_a_r_n", PLAN)
        .set("savings_plan_savings_plan_effective_cost", effective);
    let negation =
        lines("SavingsPlanNegation", 1..=31, "-12").set("savings_plan_savings_plan_a_r_n", PLAN);
    let fee =
        lines("SavingsPlanRecurringFee", 1..=31, "8").set("savings_plan_savings_plan_a_r_n", PLAN);
    let fee = fee
        .set("savings_plan_total_commitment_to_date", "8.0000000000")
        .set("savings_plan_used_commitment", effective);
    let fee = fee
        .set("line_item_product_code", "ComputeSavingsPlans")
        .set("line_item_usage_type", "ComputeSP:1yrNoUpfront");
    let offering = "savings_plan_offering_type";
    covered.then(&negation).then(&fee).set(offering, "ComputeSavingsPlans")
}

fn types() -> Vec<Case> {
    let fee =
        lines("SavingsPlanUpfrontFee", 3..=3, "365").set("savings_plan_savings_plan_a_r_n", PLAN);
    let fee = fee.set("line_item_product_code", "ComputeSavingsPlans");
    let refund =
        lines("Refund", 6..=6, "-365").set("line_item_product_code", "ComputeSavingsPlans");
    let refund = refund.set(
        "line_item_line_item_description",
        "Refund for one-time fee for Savings Plan ID: 0a0a0a0a",
    );
    let returned = may().then(&fee).then(&refund);
    let other_refund = lines("Refund", 6..=6, "-10")
        .set("line_item_line_item_description", "Refund for service issues");
    let new_type = lines("HarborLevy", 9..=9, "1.25");
    let pods = lines("Usage", 1..=31, "0")
        .set("line_item_product_code", "AmazonEKS")
        .set("line_item_operation", "EKSPod-EC2");
    let pods = pods.set("line_item_resource_id", "arn:aws:eks:eu-west-1:444455556666:pod/c/ns/a/1");
    let pods =
        pods.set("split_line_item_split_cost", "2.00").set("split_line_item_unused_cost", "0.25");
    let pods = pods.set("split_line_item_parent_resource_id", "i-0f00");
    vec![
        // 365.00 are paid and come back; neither is a cost of usage.
        case(
            LineTypes,
            "a plan that is returned within a week",
            bill(&returned),
            total("2026-05", MAY, MAY),
        ),
        // 100.75 - 10.00.
        case(
            LineTypes,
            "neighbor: a refund of usage lowers it",
            bill(&may().then(&other_refund)),
            total("2026-05", "90.75", "90.75"),
        ),
        // 100.75 + 1.25.
        case(
            LineTypes,
            "a type of line item that nobody knows",
            bill(&may().then(&new_type)),
            Want::All(vec![total("2026-05", "102", "102"), Want::Said(&["HarborLevy"])]),
        ),
        case(
            LineTypes,
            "shares of pods are no charges",
            bill(&may().then(&pods)),
            total("2026-05", MAY, MAY),
        ),
        // 31 × 8.00 are billed, and are what the usage costs.
        case(
            LineTypes,
            "usage that a plan pays for",
            bill(&planned("8.0000000000")),
            total("2026-05", "248", "248"),
        ),
    ]
}

fn own_rules() -> Vec<Case> {
    let discounts = lines("EdpDiscount", 1..=31, "-0.25");
    let tax =
        lines("Tax", 31..=31, "7").set("line_item_usage_type", "").set("line_item_operation", "");
    let credit = lines("Credit", 31..=31, "-5");
    vec![
        case(
            OwnRules,
            "a plan: fee, usage and negation",
            bill(&planned("8.0000000000")),
            Want::Conforms,
        ),
        case(
            OwnRules,
            "usage with lines of a discount",
            bill(&may().then(&discounts)),
            Want::Conforms,
        ),
        case(
            OwnRules,
            "usage, a tax and a credit",
            bill(&may().then(&tax).then(&credit)),
            Want::Conforms,
        ),
    ]
}

/// A gp2 volume of 500 GB, at 0.10 USD a GB and month, in daily lines of March to May, and a
/// discount of 10 % in lines of its own. May: 500 / 31 GB-months and 50.00 / 31 USD a day.
fn volume(with_resource: bool) -> Sheet {
    let month = |month: &str, days: u32, quantity: &str, cost: &str, discount: &str| {
        let volume =
            report_daily(month, 1..=days, cost).set("line_item_usage_type", "EBS:VolumeUsage.gp2");
        let volume =
            volume.set("line_item_operation", "CreateVolume-Gp2").set("pricing_unit", "GB-Mo");
        let volume = volume
            .set("line_item_resource_id", "vol-0f00")
            .set("pricing_public_on_demand_rate", "0.10");
        let less = volume
            .clone()
            .set("line_item_line_item_type", "EdpDiscount")
            .set("line_item_unblended_cost", discount);
        let less = less
            .set("pricing_public_on_demand_cost", "")
            .set("pricing_public_on_demand_rate", "")
            .set("pricing_unit", "");
        let less = less.set("line_item_resource_id", if with_resource { "vol-0f00" } else { "" });
        volume
            .set("line_item_usage_amount", quantity)
            .then(&less.set("line_item_usage_amount", "1"))
    };
    let march = month("2026-03", 31, "16.1290322581", "1.6129032258", "-0.1612903226");
    let april = month("2026-04", 30, "16.6666666667", "1.6666666667", "-0.1666666667");
    march.then(&april).then(&month("2026-05", 31, "16.1290322581", "1.6129032258", "-0.1612903226"))
}

fn discounts() -> Vec<Case> {
    vec![
        case(
            Discounts,
            "a saving on a volume is of what is paid after its discount",
            bill(&volume(true)),
            saves_a_fifth_of_what_is_paid(),
        ),
        case(
            Discounts,
            "the same where lines of the discount name no resource",
            bill(&volume(false)),
            Want::Any(vec![
                saves_a_fifth_of_what_is_paid(),
                Want::Said(&["EdpDiscount|discount line|lines of a discount"]),
            ]),
        ),
    ]
}

/// gp3 costs 0.08 USD a GB and month in place of 0.10: of 45.00 that are paid a month after the
/// discount a fifth, 9.00, is saved where no throughput has to be bought for it. What is priced by
/// the month is not scaled; the daily lines are rounded at 10 places.
fn saves_a_fifth_of_what_is_paid() -> Want {
    Want::Holds(
        &["savings", "--month", "2026-05"],
        "there is one saving on it, of 9.00 at most",
        |v| {
            let of_volume = list(&v["opportunities"]).iter().filter(|o| o["check"] == "gp2_volume");
            let highs: Vec<Decimal> =
                of_volume.filter_map(|o| number(&o["savings"]["high"])).collect();
            matches!(highs[..], [high] if high.round_dp(2) == Decimal::from(9))
        },
    )
}

fn dust() -> Vec<Case> {
    let unused = |v: &Value| number(&v["owned"][0]["unused"]) == Some(Decimal::ZERO);
    let commitments = &["commitments", "--month", "2026-05"];
    vec![case(
        Small,
        "a plan that is used by a hair more than there is of it",
        bill(&planned("8.0000000001")),
        Want::All(vec![
            Want::Holds(commitments, "nothing of it is unused", unused),
            Want::Holds(commitments, "it is used to 100 %", |v| {
                number(&v["owned"][0]["utilization_pct"]) == Some(Decimal::ONE_HUNDRED)
            }),
        ]),
    )]
}

pub(super) fn cases() -> Vec<Case> {
    [types(), own_rules(), discounts(), dust()].into_iter().flatten().collect()
}

#[test]
fn lines_that_cancel_others_do() {
    hold(&types());
}

#[test]
fn what_is_made_of_a_report_keeps_the_products_own_rules() {
    hold(&own_rules());
}

#[test]
fn savings_come_from_what_is_paid_after_discounts() {
    hold(&discounts());
}

#[test]
fn dust_is_nothing() {
    hold(&dust());
}
