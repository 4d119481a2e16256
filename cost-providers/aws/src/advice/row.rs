//! All recommendations as a data frame.

use cost_core::recommendation::RecommendationRow;
use cost_core::table::frame_of;
use cost_provider_api::CallError;
use polars::prelude::*;
use rust_decimal::Decimal;

/// Recommendations of one service, and resources it could not evaluate.
#[derive(Default)]
pub(super) struct Found {
    pub(super) rows: Vec<RecommendationRow>,
    pub(super) failed: Vec<CallError>,
}

pub(super) type Asked = Result<Found, CallError>;

/// Amount as AWS writes it.
pub(super) fn exact(amount: f64) -> Option<Decimal> {
    amount.to_string().parse().ok()
}

/// Returns the rows, sorted by account, region, resource, and source.
pub(super) fn to_frame(mut rows: Vec<RecommendationRow>) -> PolarsResult<DataFrame> {
    rows.sort_by(|a, b| {
        (&a.sub_account_id, &a.region_id, &a.resource_id, &a.source, &a.action, &a.recommended).cmp(
            &(
                &b.sub_account_id,
                &b.region_id,
                &b.resource_id,
                &b.source,
                &b.action,
                &b.recommended,
            ),
        )
    });
    frame_of(&rows)
}
