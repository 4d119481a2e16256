//! Cost Optimization Hub: one list for the organization, requested from the management account.

use aws_sdk_costoptimizationhub::operation::list_enrollment_statuses::ListEnrollmentStatusesOutput;
use aws_sdk_costoptimizationhub::operation::list_recommendations::ListRecommendationsOutput;
use aws_sdk_costoptimizationhub::types::{EnrollmentStatus, Recommendation, SavingsEstimationMode};
use cost_core::recommendation::RecommendationRow;
use cost_provider_api::{CallError, FailureKind};

use super::row::{Asked, Found, exact};
use crate::connect::{At, client};
use crate::instant::day;
use crate::operation::{HUB_ENROLLMENT, HUB_PREFERENCES, HUB_RECOMMENDATIONS};

/// Returns all recommendations, the best one per resource.
pub(super) async fn recommendations(at: At) -> Asked {
    let hub = client!(aws_sdk_costoptimizationhub, &at);
    let make = |token| hub.list_enrollment_statuses().set_next_token(token).send();
    let split =
        |page: ListEnrollmentStatusesOutput| (page.items.unwrap_or_default(), page.next_token);
    let statuses = at.place.pages(HUB_ENROLLMENT, make, split).await?;
    if !statuses.iter().any(|s| s.status == Some(EnrollmentStatus::Active)) {
        let error = at.place.unreadable(HUB_ENROLLMENT, String::new());
        return Err(CallError { kind: FailureKind::NotEnabled, ..error });
    }
    let preferences = at.place.call(HUB_PREFERENCES, || hub.get_preferences().send()).await?;
    let basis = match preferences.savings_estimation_mode {
        Some(SavingsEstimationMode::AfterDiscounts) => Some("after discounts"),
        Some(SavingsEstimationMode::BeforeDiscounts) => Some("list price"),
        _ => None,
    };
    let make = |token| hub.list_recommendations().set_next_token(token).send();
    let split = |page: ListRecommendationsOutput| (page.items.unwrap_or_default(), page.next_token);
    let all = at.place.pages(HUB_RECOMMENDATIONS, make, split).await?;
    Ok(Found { rows: all.into_iter().map(|r| row(r, basis)).collect(), failed: Vec::new() })
}

fn row(r: Recommendation, basis: Option<&'static str>) -> RecommendationRow {
    RecommendationRow {
        source: "Cost Optimization Hub".to_owned(),
        // Bills of most services have the ARN.
        resource_id: r.resource_arn.or(r.resource_id),
        sub_account_id: r.account_id,
        region_id: r.region,
        action: r.action_type.unwrap_or_else(|| "Change".to_owned()),
        current: r.current_resource_summary.or(r.current_resource_type),
        recommended: r.recommended_resource_summary.or(r.recommended_resource_type),
        monthly_savings: r.estimated_monthly_savings.and_then(exact),
        currency: r.currency_code.and_then(|code| code.parse().ok()),
        effort: r.implementation_effort,
        risk: None,
        restart_needed: r.restart_needed,
        rollback_possible: r.rollback_possible,
        lookback_days: r.recommendation_lookback_period_in_days.map(Into::into),
        refreshed_on: day(r.last_refresh_timestamp.as_ref()),
        basis: basis.map(ToOwned::to_owned),
    }
}
