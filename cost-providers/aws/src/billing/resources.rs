//! Costs by resource and day, for the days and the service for which Cost Explorer provides them.
//!
//! One request can group by only two dimensions: resource and usage type for the costs, account and
//! resource for the ownership. Answers stay in the estate after Cost Explorer no longer provides
//! their days. Decisions: ADR 0015.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_costexplorer::operation::get_cost_and_usage_with_resources::GetCostAndUsageWithResourcesOutput;
use aws_sdk_costexplorer::types::{Dimension, Expression, Granularity};
use chrono::{Days, NaiveDate};
use cost_core::month::Month;
use cost_core::resource_cost::ResourceCost;
use cost_core::table::frame_of;
use cost_provider_api::{CallError, Capability, Gap, PlannedRequest, ProviderError, Pulled};
use polars::prelude::*;
use rust_decimal::Decimal;

use super::cache::{Cache, Row};
use super::explorer::{CostExplorer, METRICS, by, usage, values};
use super::plan::{months, planned};
use crate::connect::client;
use crate::operation::GET_COST_AND_USAGE_WITH_RESOURCES;

/// Days for which costs by resource are available. Source: Cost Explorer API reference,
/// `GetCostAndUsageWithResources` ("the start date cannot be earlier than 14 days ago"), read
/// 2026-11.
const DAYS: u64 = 14;

/// The only service with costs by resource. Source: as [`DAYS`], parameter `Filter`.
const SERVICE: &str = "Amazon Elastic Compute Cloud - Compute";

/// Group of costs without a resource. Source: Cost Explorer user guide, "Filtering the data that
/// you want to view"; read 2026-11.
const NO_RESOURCE: &str = "NoResourceId";

/// Questions to Cost Explorer about resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// Costs by resource and usage type.
    Costs,
    /// Accounts by resource.
    Accounts,
}

impl Asked {
    const ALL: [Self; 2] = [Self::Costs, Self::Accounts];

    /// Name of the question and of its cache folder.
    fn name(self) -> &'static str {
        match self {
            Self::Costs => "resource-costs",
            Self::Accounts => "resource-accounts",
        }
    }

    fn what(self) -> &'static str {
        match self {
            Self::Costs => "costs of EC2 instances by day, resource and usage type",
            Self::Accounts => "accounts of EC2 instances",
        }
    }

    fn groups(self) -> [&'static str; 2] {
        match self {
            Self::Costs => ["RESOURCE_ID", "USAGE_TYPE"],
            Self::Accounts => ["LINKED_ACCOUNT", "RESOURCE_ID"],
        }
    }
}

/// Returns the days that can be requested.
fn window(as_of: NaiveDate) -> (NaiveDate, NaiveDate) {
    (as_of.checked_sub_days(Days::new(DAYS)).unwrap_or(as_of), as_of)
}

/// Returns the months of those days.
fn asked_months((from, until): (NaiveDate, NaiveDate)) -> BTreeSet<Month> {
    [from, until.pred_opt().unwrap_or(until)].into_iter().map(Month::of).collect()
}

/// Returns the questions that were not sent today.
fn due(cache: &Cache, as_of: NaiveDate) -> Vec<Asked> {
    let months = asked_months(window(as_of));
    let asked = |a: &Asked| months.iter().all(|m| cache.asked_on(a.name(), *m) == Some(as_of));
    Asked::ALL.into_iter().filter(|a| !asked(a)).collect()
}

/// The paid requests for costs by resource.
pub(super) fn plan(cache: &Cache, as_of: NaiveDate) -> Vec<PlannedRequest> {
    let request = |a: Asked| {
        planned(
            Capability::ResourceCosts,
            GET_COST_AND_USAGE_WITH_RESOURCES,
            a.what().to_owned(),
            window(as_of),
        )
    };
    due(cache, as_of).into_iter().map(request).collect()
}

/// Merges rows of earlier answers with those of a new one, which replace the rows of its days.
fn merged(asked: Asked, before: Vec<Row>, now: &[Row], from: NaiveDate) -> Vec<Row> {
    let again: BTreeSet<&[String; 2]> = now.iter().map(|r| &r.keys).collect();
    let stays = |r: &Row| match asked {
        Asked::Costs => r.day < from,
        Asked::Accounts => !again.contains(&r.keys),
    };
    let mut rows: Vec<Row> = before.into_iter().filter(stays).chain(now.iter().cloned()).collect();
    rows.sort_by(|a, b| (a.day, &a.keys).cmp(&(b.day, &b.keys)));
    rows
}

impl CostExplorer<'_> {
    /// What resources cost by day.
    pub(crate) async fn resource_costs(&self) -> Result<Pulled<DataFrame>, ProviderError> {
        let days = window(self.as_of);
        let mut gaps = Vec::new();
        for asked in due(&self.cache, self.as_of) {
            match self.ask_resources(asked, days).await {
                Ok(rows) => self.keep_resources(asked, days, &rows)?,
                Err(error) => gaps.push(Gap::new(asked.what(), error)),
            }
        }
        let data = self
            .resource_costs_frame()
            .map_err(|e| ProviderError::unreadable("costs by resource", e))?;
        Ok(Pulled::partly(data, gaps))
    }

    async fn ask_resources(
        &self,
        asked: Asked,
        days: (NaiveDate, NaiveDate),
    ) -> Result<Vec<Row>, CallError> {
        let explorer = client!(aws_sdk_costexplorer, &self.at);
        let period = self.period(GET_COST_AND_USAGE_WITH_RESOURCES, days)?;
        let filter =
            Expression::builder().and(values(Dimension::Service, [SERVICE])).and(usage()).build();
        let granularity =
            if asked == Asked::Costs { Granularity::Daily } else { Granularity::Monthly };
        let make = |token| {
            explorer
                .get_cost_and_usage_with_resources()
                .time_period(period.clone())
                .granularity(granularity.clone())
                .set_metrics(Some(METRICS.map(ToOwned::to_owned).to_vec()))
                .set_group_by(Some(by(asked.groups())))
                .filter(filter.clone())
                .set_next_page_token(token)
                .send()
        };
        let split = |p: GetCostAndUsageWithResourcesOutput| {
            (p.results_by_time.unwrap_or_default(), p.next_page_token)
        };
        let results = self.at.place.pages(GET_COST_AND_USAGE_WITH_RESOURCES, make, split).await?;
        let rows = results.iter().map(|r| self.of_day(GET_COST_AND_USAGE_WITH_RESOURCES, r));
        let mut rows = rows.collect::<Result<Vec<_>, _>>()?.concat();
        rows.retain(|r| r.keys.iter().all(|k| k != NO_RESOURCE) && r.day < self.as_of);
        Ok(rows)
    }

    fn keep_resources(
        &self,
        asked: Asked,
        days: (NaiveDate, NaiveDate),
        now: &[Row],
    ) -> Result<(), ProviderError> {
        for month in asked_months(days) {
            let before = self.cache.get(asked.name(), month).map(|h| h.rows).unwrap_or_default();
            let now: Vec<Row> = now.iter().filter(|r| Month::of(r.day) == month).cloned().collect();
            let rows = merged(asked, before, &now, days.0);
            self.keep(asked.name(), &[month], &BTreeSet::new(), &rows, |_| month)?;
        }
        Ok(())
    }

    /// Returns all stored costs of resources whose account is known.
    fn resource_costs_frame(&self) -> PolarsResult<DataFrame> {
        let all = months(self.as_of, self.months);
        let stored = |asked: Asked| {
            let rows = all.iter().filter_map(move |m| self.cache.get::<Row>(asked.name(), *m));
            rows.flat_map(|h| h.rows).filter(|r| r.day < self.as_of)
        };
        let account_of: BTreeMap<String, String> = stored(Asked::Accounts)
            .map(|r| {
                let [account, resource] = r.keys;
                (resource, account)
            })
            .collect();
        let row = |row: Row| {
            let sub_account_id = account_of.get(&row.keys[0])?.clone();
            let [resource_id, usage_type] = row.keys;
            let (cost, currency) = (row.amortized.parse::<Decimal>(), row.currency.parse());
            let (Ok(effective_cost), Ok(billing_currency)) = (cost, currency) else {
                let (cost, of) = (row.amortized, row.currency);
                return Some(Err(
                    polars_err!(ComputeError: "`{cost} {of}` is not a valid cost of {resource_id} \
                        on {}", row.day),
                ));
            };
            Some(Ok(ResourceCost {
                day: row.day,
                sub_account_id,
                service_name: SERVICE.to_owned(),
                usage_type,
                resource_id,
                effective_cost,
                billing_currency,
            }))
        };
        frame_of(&stored(Asked::Costs).filter_map(row).collect::<PolarsResult<Vec<_>>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(day: &str, resource: &str, amortized: &str) -> Row {
        Row {
            day: day.parse().expect("a day"),
            keys: [resource.to_owned(), "BoxUsage:m5.large".to_owned()],
            unblended: amortized.to_owned(),
            amortized: amortized.to_owned(),
            currency: "USD".to_owned(),
            quantity: None,
            unit: None,
        }
    }

    #[test]
    fn days_too_old_to_request_again_stay_as_they_were() {
        let before = vec![
            row("2026-10-10", "i-1", "1"),
            row("2026-10-20", "i-1", "1"),
            row("2026-10-21", "i-2", "1"),
        ];
        let now = [row("2026-10-20", "i-1", "2"), row("2026-10-21", "i-1", "2")];
        let all = merged(Asked::Costs, before, &now, "2026-10-18".parse().expect("a day"));
        let days: Vec<(String, &str)> =
            all.iter().map(|r| (r.day.to_string(), r.amortized.as_str())).collect();
        let wanted = [("2026-10-10", "1"), ("2026-10-20", "2"), ("2026-10-21", "2")];
        assert_eq!(
            days,
            wanted.map(|(day, amount)| (day.to_owned(), amount)),
            "i-2 no longer has the 21st"
        );
    }

    #[test]
    fn a_window_over_two_months_is_asked_once_a_day() {
        let folder = std::env::temp_dir().join(format!("cost-resources-{}", std::process::id()));
        let cache = Cache::of(&folder, "1");
        let day: NaiveDate = "2026-11-05".parse().expect("a day");
        assert_eq!(asked_months(window(day)).len(), 2);
        assert_eq!(plan(&cache, day).len(), 2);
        for month in asked_months(window(day)) {
            for asked in Asked::ALL {
                let stored = super::super::cache::StoredMonth {
                    asked_on: day,
                    narrowed_to: BTreeSet::new(),
                    rows: Vec::<Row>::new(),
                };
                cache.put(asked.name(), month, &stored).expect("stored");
            }
        }
        assert_eq!(
            (plan(&cache, day).len(), plan(&cache, day.succ_opt().expect("a day")).len()),
            (0, 2)
        );
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
