//! Compute Optimizer: instances and volumes of one account and region. Resources that it rates as
//! optimized give no recommendation.
//!
//! Recommendations for functions, databases, and groups come from Cost Optimization Hub, which
//! imports them from Compute Optimizer.

use aws_sdk_computeoptimizer::operation::get_ebs_volume_recommendations::GetEbsVolumeRecommendationsOutput;
use aws_sdk_computeoptimizer::operation::get_ec2_instance_recommendations::GetEc2InstanceRecommendationsOutput;
use aws_sdk_computeoptimizer::types::{
    EbsFinding, Finding, GetRecommendationError, InstanceRecommendation, VolumeConfiguration,
    VolumeRecommendation,
};
use cost_core::recommendation::RecommendationRow;

use super::row::{Asked, Found, exact};
use crate::connect::{At, client};
use crate::instant::day;
use crate::operation::{OPTIMIZER_INSTANCES, OPTIMIZER_VOLUMES, Operation};

/// Levels of performance risk. Source: Compute Optimizer API reference,
/// `InstanceRecommendationOption` (0 very low to 4 very high); read 2026-11.
const RISKS: [&str; 5] = ["very low", "low", "medium", "high", "very high"];

const SOURCE: &str = "Compute Optimizer";

/// Savings of an option, value and currency: after discounts if available, else at list price.
type Saving = (f64, Option<String>);

macro_rules! estimated_savings {
    ($opportunity:expr) => {
        $opportunity
            .as_ref()
            .and_then(|o| o.estimated_monthly_savings.as_ref())
            .map(|s| -> Saving { (s.value, s.currency.as_ref().map(|c| c.as_str().to_owned())) })
    };
}

/// Adds the savings of the best option.
fn saving(
    row: RecommendationRow,
    discounted: Option<Saving>,
    listed: Option<Saving>,
) -> RecommendationRow {
    let basis = if discounted.is_some() { "after discounts" } else { "list price" };
    let Some((value, currency)) = discounted.or(listed) else { return row };
    let currency = currency.and_then(|code| code.parse().ok());
    RecommendationRow {
        monthly_savings: exact(value),
        currency,
        basis: Some(basis.to_owned()),
        ..row
    }
}

/// Content of a page: recommendations, and resources that could not be evaluated.
fn both<R>(
    known: Option<Vec<R>>,
    failed: Option<Vec<GetRecommendationError>>,
) -> Vec<Result<R, GetRecommendationError>> {
    known.into_iter().flatten().map(Ok).chain(failed.into_iter().flatten().map(Err)).collect()
}

fn risk(level: f64) -> Option<String> {
    let nearest = (0..).zip(RISKS).find(|(n, _)| (f64::from(*n) - level).abs() <= 0.5);
    nearest.map(|(_, word)| word.to_owned())
}

/// Returns instances for which another type is recommended.
pub(super) async fn instances(at: At) -> Asked {
    let optimizer = client!(aws_sdk_computeoptimizer, &at);
    let make = |token| optimizer.get_ec2_instance_recommendations().set_next_token(token).send();
    let split = |page: GetEc2InstanceRecommendationsOutput| {
        (both(page.instance_recommendations, page.errors), page.next_token)
    };
    let all = at.place.pages(OPTIMIZER_INSTANCES, make, split).await?;
    Ok(found(&at, OPTIMIZER_INSTANCES, all, instance))
}

/// Returns volumes for which another configuration is recommended.
pub(super) async fn volumes(at: At) -> Asked {
    let optimizer = client!(aws_sdk_computeoptimizer, &at);
    let make = |token| optimizer.get_ebs_volume_recommendations().set_next_token(token).send();
    let split = |page: GetEbsVolumeRecommendationsOutput| {
        (both(page.volume_recommendations, page.errors), page.next_token)
    };
    let all = at.place.pages(OPTIMIZER_VOLUMES, make, split).await?;
    Ok(found(&at, OPTIMIZER_VOLUMES, all, volume))
}

/// Rows of recommendations, and resources that could not be evaluated.
fn found<R>(
    at: &At,
    operation: &'static Operation,
    all: Vec<Result<R, GetRecommendationError>>,
    row: impl Fn(&At, R) -> Option<RecommendationRow>,
) -> Found {
    let mut found = Found::default();
    for one in all {
        match one {
            Ok(recommendation) => found.rows.extend(row(at, recommendation)),
            Err(error) => {
                let words = [error.identifier, error.code, error.message]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>();
                found.failed.push(at.place.unreadable(operation, words.join(": ")));
            }
        }
    }
    found
}

/// Fields that all recommendations of one account and region share.
fn of_place(at: &At) -> RecommendationRow {
    RecommendationRow {
        source: SOURCE.to_owned(),
        sub_account_id: Some(at.account().to_owned()),
        region_id: Some(at.region().to_owned()),
        ..RecommendationRow::default()
    }
}

fn instance(at: &At, r: InstanceRecommendation) -> Option<RecommendationRow> {
    let finding = r.finding.filter(|f| *f != Finding::Optimized)?;
    let best = r.recommendation_options.unwrap_or_default().into_iter().min_by_key(|o| o.rank)?;
    let discounted = estimated_savings!(best.savings_opportunity_after_discounts);
    let listed = estimated_savings!(best.savings_opportunity);
    let row = RecommendationRow {
        resource_id: r.instance_arn,
        action: finding.as_str().to_owned(),
        current: r.current_instance_type,
        recommended: best.instance_type,
        effort: best.migration_effort.map(|e| e.as_str().to_owned()),
        risk: risk(best.performance_risk),
        lookback_days: days(r.look_back_period_in_days),
        refreshed_on: day(r.last_refresh_timestamp.as_ref()),
        ..of_place(at)
    };
    Some(saving(row, discounted, listed))
}

fn volume(at: &At, r: VolumeRecommendation) -> Option<RecommendationRow> {
    let finding = r.finding.filter(|f| *f != EbsFinding::Optimized)?;
    let best =
        r.volume_recommendation_options.unwrap_or_default().into_iter().min_by_key(|o| o.rank)?;
    let discounted = estimated_savings!(best.savings_opportunity_after_discounts);
    let listed = estimated_savings!(best.savings_opportunity);
    let row = RecommendationRow {
        resource_id: r.volume_arn,
        action: finding.as_str().to_owned(),
        current: r.current_configuration.as_ref().map(configuration),
        recommended: best.configuration.as_ref().map(configuration),
        risk: risk(best.performance_risk),
        lookback_days: days(r.look_back_period_in_days),
        refreshed_on: day(r.last_refresh_timestamp.as_ref()),
        ..of_place(at)
    };
    Some(saving(row, discounted, listed))
}

/// `gp3, 100 GiB, 3000 IOPS, 125 MiB/s`.
fn configuration(c: &VolumeConfiguration) -> String {
    let of = c.volume_type.as_deref().unwrap_or("volume");
    format!(
        "{of}, {} GiB, {} IOPS, {} MiB/s",
        c.volume_size, c.volume_baseline_iops, c.volume_baseline_throughput
    )
}

/// Days of a look-back period: an integer from 14 to 93.
fn days(period: f64) -> Option<i64> {
    (1_u16..=366).find(|d| (f64::from(*d) - period).abs() <= 0.5).map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_adviser_are_words_and_days() {
        assert_eq!(
            (risk(0.0).as_deref(), risk(1.0).as_deref(), risk(4.0).as_deref()),
            (Some("very low"), Some("low"), Some("very high"))
        );
        assert_eq!(
            (risk(9.0), days(14.0), days(32.0), days(0.0)),
            (None, Some(14), Some(32), None)
        );
    }
}
