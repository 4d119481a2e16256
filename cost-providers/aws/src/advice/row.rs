//! One recommendation, and all of them as a frame.

use chrono::NaiveDate;
use cost_core::cells::dates;
use cost_core::recommendation::{COLUMNS, column_type};
use cost_provider_api::CallError;
use polars::prelude::*;

/// One recommendation. Amounts are as AWS writes them.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) source: &'static str,
    pub(super) resource: Option<String>,
    pub(super) account: Option<String>,
    pub(super) region: Option<String>,
    pub(super) action: String,
    pub(super) current: Option<String>,
    pub(super) recommended: Option<String>,
    pub(super) savings: Option<f64>,
    pub(super) currency: Option<String>,
    pub(super) effort: Option<String>,
    pub(super) risk: Option<String>,
    pub(super) restart: Option<bool>,
    pub(super) rollback: Option<bool>,
    pub(super) days: Option<i64>,
    pub(super) refreshed: Option<NaiveDate>,
    pub(super) basis: Option<&'static str>,
}

/// What an adviser said, and what it could not judge.
#[derive(Default)]
pub(super) struct Found {
    pub(super) rows: Vec<Row>,
    pub(super) failed: Vec<CallError>,
}

pub(super) type Asked = Result<Found, CallError>;

/// The rows, by account, region, resource and source.
pub(super) fn to_frame(mut rows: Vec<Row>) -> PolarsResult<DataFrame> {
    rows.sort_by(|a, b| {
        (&a.account, &a.region, &a.resource, a.source, &a.action, &a.recommended).cmp(&(
            &b.account,
            &b.region,
            &b.resource,
            b.source,
            &b.action,
            &b.recommended,
        ))
    });
    let text = |get: &dyn Fn(&Row) -> Option<String>| rows.iter().map(get).collect::<StringChunked>().into_series();
    let yes = |get: fn(&Row) -> Option<bool>| rows.iter().map(get).collect::<BooleanChunked>().into_series();
    let column = |name: &&'static str| {
        let series = match *name {
            "Source" => text(&|r| Some(r.source.to_owned())),
            "ResourceId" => text(&|r| r.resource.clone()),
            "SubAccountId" => text(&|r| r.account.clone()),
            "RegionId" => text(&|r| r.region.clone()),
            "Action" => text(&|r| Some(r.action.clone())),
            "Current" => text(&|r| r.current.clone()),
            "Recommended" => text(&|r| r.recommended.clone()),
            "MonthlySavings" => text(&|r| r.savings.map(|s| s.to_string())).cast(&column_type(name))?,
            "Currency" => text(&|r| r.currency.clone()),
            "Effort" => text(&|r| r.effort.clone()),
            "Risk" => text(&|r| r.risk.clone()),
            "RestartNeeded" => yes(|r| r.restart),
            "RollbackPossible" => yes(|r| r.rollback),
            "LookbackDays" => rows.iter().map(|r| r.days).collect::<Int64Chunked>().into_series(),
            "RefreshedOn" => dates(rows.iter().map(|r| r.refreshed)),
            "Basis" => text(&|r| r.basis.map(ToOwned::to_owned)),
            other => Series::full_null(other.into(), rows.len(), &column_type(other)),
        };
        Ok(series.with_name((*name).into()).into_column())
    };
    DataFrame::new(rows.len(), COLUMNS.iter().map(column).collect::<PolarsResult<_>>()?)
}
