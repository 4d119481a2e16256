//! Commitment offers for the usage in the bill: rates of Savings Plans, and reservations from the
//! Price List. These requests are free.
//!
//! Sources, read 2026-11: Savings Plans API reference, `DescribeSavingsPlansOfferingRates`; AWS
//! Savings Plans User Guide, "What are Savings Plans?" (a partial payment upfront is half of the
//! commitment); AWS Price List user guide.

use std::collections::BTreeMap;

use aws_sdk_savingsplans::types::{
    CurrencyCode, SavingsPlanOfferingRate, SavingsPlanPaymentOption, SavingsPlanRateServiceCode,
    SavingsPlanType,
};
use chrono::NaiveDate;
use cost_core::cloud::aws::Coverable;
use cost_core::commitment::{OfferRow, Payment, Product as Kind, Term, UpTo};
use cost_core::table::frame_of;
use cost_provider_api::{CallError, ProviderError, Pulled, Steps, UsageType};
use futures::FutureExt;
use polars::prelude::*;
use rust_decimal::Decimal;

use super::product::{documents, product};
use crate::call::Place;
use crate::connect::{At, Aws, client};
use crate::gather::{Asking, gather};
use crate::operation::{DESCRIBE_SAVINGS_PLANS_OFFERING_RATES, GET_PRODUCTS};

/// Concurrent requests.
const AT_A_TIME: usize = 8;
/// Usage types per request. Chosen: some types have a hundred rates, one per plan, term, payment
/// option, and platform.
const USAGE_TYPES: usize = 20;
/// Rates per page. Source: Savings Plans API reference: at most 1000.
const PAGE: i32 = 1_000;
/// Seconds of one year of a term.
const YEAR_SECONDS: i64 = 31_536_000;

/// Offers on the day of the request.
pub(crate) struct Offerings<'a> {
    aws: &'a Aws,
    as_of: NaiveDate,
}

/// Offer: instrument, years, payment option, region, usage type, operation.
type Key = (Kind, Term, Payment, String, String, String);
/// USD per unit, and percent paid upfront.
type Rate = (Decimal, Decimal);

impl<'a> Offerings<'a> {
    /// For all accounts together: rates are the same for all.
    pub(crate) fn new(aws: &'a Aws, as_of: NaiveDate) -> Self {
        Self { aws, as_of }
    }

    /// Offers for usage that commitments can pay for.
    pub(crate) async fn of_usage(
        &self,
        usage: &[UsageType],
        steps: &Steps,
    ) -> Result<Pulled<DataFrame>, ProviderError> {
        let coverable: Vec<&UsageType> =
            usage.iter().filter(|u| Coverable::of(u.metered()).is_some()).collect();
        let payer = self.aws.payer();
        let mut asking: Vec<Asking<'_, Vec<(Key, Rate)>>> = Vec::new();
        let mut names: Vec<String> = coverable.iter().map(|u| u.usage_type.clone()).collect();
        names.sort_unstable();
        names.dedup();
        for types in names.chunks(USAGE_TYPES) {
            let asked = plan_rates(&payer, types.to_vec());
            asking
                .push(Box::pin(asked.map(|answer| ("rates of Savings Plans".to_owned(), answer))));
        }
        for of in coverable {
            let Some(service) = service(of) else { continue };
            let asked = reservations(&payer, service, of);
            let what = format!("prices of reservations for {} in {}", of.usage_type, of.region_id);
            asking.push(Box::pin(asked.map(|answer| (what, answer))));
        }
        let (rates, gaps) = gather("offers", asking, AT_A_TIME, steps).await;
        let data = to_frame(rates.into_iter().flatten(), self.as_of);
        Ok(Pulled::partly(data.map_err(|e| ProviderError::unreadable("offers", e))?, gaps))
    }
}

/// Price List name of the service whose reservations cover usage of an instance or node by the
/// hour.
fn service(of: &UsageType) -> Option<&'static str> {
    match Coverable::of(of.metered())? {
        Coverable::Compute if of.usage_type.contains("Usage:") => Some("AmazonEC2"),
        Coverable::Rds => Some("AmazonRDS"),
        Coverable::ElastiCache => Some("AmazonElastiCache"),
        Coverable::OpenSearch => Some("AmazonES"),
        Coverable::Redshift => Some("AmazonRedshift"),
        _ => None,
    }
}

async fn plan_rates(at: &At, usage_types: Vec<String>) -> Result<Vec<(Key, Rate)>, CallError> {
    let plans = client!(aws_sdk_savingsplans, at);
    let make = |token| {
        plans
            .describe_savings_plans_offering_rates()
            .set_usage_types(Some(usage_types.clone()))
            .max_results(PAGE)
            .set_next_token(token)
            .send()
    };
    let split = |page: aws_sdk_savingsplans::operation::describe_savings_plans_offering_rates::DescribeSavingsPlansOfferingRatesOutput| {
        (page.search_results.unwrap_or_default(), page.next_token.filter(|t| !t.is_empty()))
    };
    let all = at.place.pages(DESCRIBE_SAVINGS_PLANS_OFFERING_RATES, make, split).await?;
    Ok(all.iter().filter_map(plan_rate).collect())
}

/// Returns a rate in USD with a known plan, term, and payment option. `DocumentDB` and Neptune have
/// usage types of RDS, and the simulator does not support them.
fn plan_rate(of: &SavingsPlanOfferingRate) -> Option<(Key, Rate)> {
    let other = [SavingsPlanRateServiceCode::Docdb, SavingsPlanRateServiceCode::Neptune];
    if of.service_code().is_some_and(|code| other.contains(code)) {
        return None;
    }
    let offering = of.savings_plan_offering()?;
    let kind = match offering.plan_type()? {
        SavingsPlanType::Compute => Kind::ComputePlan,
        SavingsPlanType::Ec2Instance => Kind::Ec2InstancePlan,
        SavingsPlanType::Sagemaker => Kind::SageMakerPlan,
        other if other.as_str() == "Database" => Kind::DatabasePlan,
        _ => return None,
    };
    let (payment, upfront) = match offering.payment_option()? {
        SavingsPlanPaymentOption::NoUpfront => (Payment::NoUpfront, 0),
        SavingsPlanPaymentOption::PartialUpfront => (Payment::PartialUpfront, 50),
        SavingsPlanPaymentOption::AllUpfront => (Payment::AllUpfront, 100),
        _ => return None,
    };
    let years = u8::try_from(offering.duration_seconds() / YEAR_SECONDS).ok()?;
    let term = Term::try_from(years).ok()?;
    if offering.currency() != Some(&CurrencyCode::Usd) {
        return None;
    }
    let property = |name: &str| of.properties().iter().find(|p| p.name() == Some(name))?.value();
    let region = property("region")?.to_owned();
    let key = (
        kind,
        term,
        payment,
        region,
        of.usage_type()?.to_owned(),
        of.operation().unwrap_or("").to_owned(),
    );
    Some((key, (of.rate()?.parse().ok()?, Decimal::from(upfront))))
}

async fn reservations(
    at: &At,
    service: &str,
    of: &UsageType,
) -> Result<Vec<(Key, Rate)>, CallError> {
    let place = Place { region: Some(of.region_id.clone()), ..at.place.clone() };
    let filters = [("regionCode", of.region_id.as_str()), ("usagetype", of.usage_type.as_str())];
    let mut out = Vec::new();
    for document in documents(at, &place, service, filters.into_iter()).await? {
        let product =
            product(&document).map_err(|problem| place.unreadable(GET_PRODUCTS, problem))?;
        let operation = product.attribute("operation");
        for r in product.reserved() {
            let key = (
                r.kind,
                r.term,
                r.payment,
                of.region_id.clone(),
                of.usage_type.clone(),
                operation.to_owned(),
            );
            out.push((key, (r.usd_per_hour, r.upfront_pct)));
        }
    }
    Ok(out)
}

/// The offers in order. One with two rates is none that could be trusted.
fn to_frame(all: impl Iterator<Item = (Key, Rate)>, as_of: NaiveDate) -> PolarsResult<DataFrame> {
    let mut known: BTreeMap<Key, Option<Rate>> = BTreeMap::new();
    for (key, rate) in all {
        let found = known.entry(key).or_insert(Some(rate));
        if *found != Some(rate) {
            *found = None;
        }
    }
    let row = |(key, rate): (Key, Option<Rate>)| {
        let (product, term, payment, region_id, usage_type, operation) = key;
        let (usd_per_unit, upfront_pct) = rate?;
        Some(OfferRow {
            product,
            term,
            payment,
            region_id,
            usage_type,
            operation: Some(operation),
            usd_per_unit: UpTo(usd_per_unit),
            upfront_pct: UpTo(upfront_pct),
            as_of: Some(as_of),
        })
    };
    frame_of(&known.into_iter().filter_map(row).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use cost_core::cloud::Provider;

    use super::*;

    #[test]
    fn two_rates_of_one_offer_are_none() {
        let key = |usage: &str| {
            let region = "eu-west-1".to_owned();
            (
                Kind::ComputePlan,
                Term::OneYear,
                Payment::NoUpfront,
                region,
                usage.to_owned(),
                "RunInstances".to_owned(),
            )
        };
        let rate = |usd: i64| (Decimal::new(usd, 3), Decimal::ZERO);
        let all = [
            (key("a"), rate(70)),
            (key("b"), rate(80)),
            (key("b"), rate(81)),
            (key("a"), rate(70)),
        ];
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");
        let frame = to_frame(all.into_iter(), day).expect("a frame");
        let offers = cost_core::commitment::Offers::from_frame(&frame).expect("offers");
        assert_eq!(frame.height(), 1);
        assert_eq!(
            offers.of("eu-west-1", "a", Some("RunInstances"))[0].usd_per_unit,
            Decimal::new(7, 2)
        );
        assert_eq!(offers.as_of(), Some(day));
    }

    #[test]
    fn reservations_are_of_instances_and_nodes_of_aws() {
        let of = |provider: Provider, usage_type: &str| {
            let region_id = "us-east-1".to_owned();
            super::service(&UsageType { region_id, usage_type: usage_type.to_owned(), provider })
        };
        let service = |usage_type: &str| of(Provider::Aws, usage_type);
        assert_eq!(service("EU-BoxUsage:m5.large"), Some("AmazonEC2"));
        assert_eq!(service("InstanceUsage:db.r5.large"), Some("AmazonRDS"));
        assert_eq!(service("ESInstance:r6g.large"), Some("AmazonES"));
        assert_eq!(
            (
                service("Fargate-vCPU-Hours:perCPU"),
                service("Lambda-GB-Second"),
                service("Requests")
            ),
            (None, None, None)
        );
        assert_eq!(of(Provider::Azure, "EU-BoxUsage:m5.large"), None);
    }
}
