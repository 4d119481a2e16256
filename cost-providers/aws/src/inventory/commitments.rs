//! Reserved Instances and Savings Plans that the accounts own.

use cost_core::inventory::{Kind, Resource, detail};
use cost_provider_api::CallError;

use super::row::{Tagged, resource, tags};
use crate::connect::{At, client};
use crate::instant::day;
use crate::operation::{DESCRIBE_RESERVED_INSTANCES, DESCRIBE_SAVINGS_PLANS};

/// EC2 reserved instances. Details: `Count`, `OfferingClass`, `OfferingType`, `Platform`, `Scope`,
/// `AvailabilityZone`, `EndsOn`, `TermSeconds`, `UpfrontUsd`, `UsdPerHour` (each).
pub(super) async fn reserved_instances(at: At) -> Result<Vec<Resource>, CallError> {
    let ec2 = client!(aws_sdk_ec2, &at);
    let answer = at
        .place
        .call(DESCRIBE_RESERVED_INSTANCES, || ec2.describe_reserved_instances().send())
        .await?;
    let row = |r: aws_sdk_ec2::types::ReservedInstances| {
        let hourly = r.recurring_charges().iter().filter_map(|c| c.amount).reduce(|a, b| a + b);
        let row = Resource {
            state: r.state.map(|s| s.as_str().to_owned()),
            instance_type: r.instance_type.map(|t| t.as_str().to_owned()),
            created_on: day(r.start.as_ref()),
            ..resource(Kind::ReservedInstances, r.reserved_instances_id?, &at)
        };
        Some(
            row.with(detail::COUNT, r.instance_count)
                .with(detail::OFFERING_CLASS, r.offering_class.map(|c| c.as_str().to_owned()))
                .with(detail::OFFERING_TYPE, r.offering_type.map(|t| t.as_str().to_owned()))
                .with(detail::PLATFORM, r.product_description.map(|p| p.as_str().to_owned()))
                .with(detail::SCOPE, r.scope.map(|s| s.as_str().to_owned()))
                .with(detail::AVAILABILITY_ZONE, r.availability_zone)
                .with(detail::ENDS_ON, day(r.end.as_ref()))
                .with(detail::TERM_SECONDS, r.duration)
                .with(detail::UPFRONT_USD, r.fixed_price.map(|p| p.to_string()))
                .with(
                    detail::USD_PER_HOUR,
                    hourly.or(r.usage_price.map(f64::from)).map(|p| p.to_string()),
                )
                .tagged(tags(r.tags)),
        )
    };
    Ok(answer.reserved_instances.unwrap_or_default().into_iter().filter_map(row).collect())
}

/// Savings Plans. Details: `Type`, `PaymentOption`, `CommitmentUsdPerHour`, `UpfrontUsd`,
/// `RecurringUsdPerHour`, `Ec2InstanceFamily`, `Region`, `EndsOn`, `TermSeconds`, `Products`.
/// Amounts are as AWS writes them.
pub(super) async fn savings_plans(at: At) -> Result<Vec<Resource>, CallError> {
    let plans = client!(aws_sdk_savingsplans, &at);
    let make = |token| plans.describe_savings_plans().set_next_token(token).send();
    let all = at
        .place
        .pages(DESCRIBE_SAVINGS_PLANS, make, |p| {
            (p.savings_plans.unwrap_or_default(), p.next_token)
        })
        .await?;
    let row = |p: aws_sdk_savingsplans::types::SavingsPlan| {
        let products: Vec<String> =
            p.product_types().iter().map(|t| t.as_str().to_owned()).collect();
        let day = |at: &Option<String>| at.as_deref().and_then(|t| t.get(..10)?.parse().ok());
        let ends: Option<chrono::NaiveDate> = day(&p.end);
        let row = Resource {
            state: p.state.map(|s| s.as_str().to_owned()),
            created_on: day(&p.start),
            ..resource(Kind::SavingsPlan, p.savings_plan_arn?, &at)
        };
        Some(
            row.with(detail::TYPE, p.savings_plan_type.map(|t| t.as_str().to_owned()))
                .with(detail::PAYMENT_OPTION, p.payment_option.map(|o| o.as_str().to_owned()))
                .with(detail::COMMITMENT_USD_PER_HOUR, p.commitment)
                .with(detail::UPFRONT_USD, p.upfront_payment_amount)
                .with(detail::RECURRING_USD_PER_HOUR, p.recurring_payment_amount)
                .with(detail::EC2_INSTANCE_FAMILY, p.ec2_instance_family)
                .with(detail::REGION, p.region)
                .with(detail::ENDS_ON, ends)
                .with(detail::TERM_SECONDS, Some(p.term_duration_in_seconds))
                .with(detail::PRODUCTS, Some(products))
                .tagged(p.tags.unwrap_or_default().into_iter().map(|(k, v)| (Some(k), Some(v)))),
        )
    };
    Ok(all.into_iter().filter_map(row).collect())
}
