//! Utilization and coverage of Savings Plans and reservations by month, from Cost Explorer.
//!
//! Four questions, each one paid request for all months at once. The first pull sends all four.
//! Later pulls send one per day, the one with the oldest answer, so a daily pull stays within five
//! paid requests. Decisions: ADR 0015.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_costexplorer::Client;
use aws_sdk_costexplorer::operation::get_reservation_coverage::GetReservationCoverageOutput;
use aws_sdk_costexplorer::operation::get_reservation_utilization::GetReservationUtilizationOutput;
use aws_sdk_costexplorer::operation::get_savings_plans_coverage::GetSavingsPlansCoverageOutput;
use aws_sdk_costexplorer::types::{
    CoverageByTime, DateInterval, Granularity, SavingsPlansCoverage, SavingsPlansUtilizationByTime,
    UtilizationByTime,
};
use chrono::NaiveDate;
use cost_core::commitment::CommitmentRow;
use cost_core::month::Month;
use cost_core::table::frame_of;
use cost_provider_api::{
    CallError, Capability, FailureKind, Gap, PlannedRequest, ProviderError, Pulled, Steps,
};
use polars::prelude::*;
use serde::{Deserialize, Serialize};

use super::cache::Cache;
use super::explorer::CostExplorer;
use super::plan::{months, planned, range, within};
use crate::connect::client;
use crate::operation::{
    GET_RESERVATION_COVERAGE, GET_RESERVATION_UTILIZATION, GET_SAVINGS_PLANS_COVERAGE,
    GET_SAVINGS_PLANS_UTILIZATION, Operation,
};

/// Questions to Cost Explorer about commitments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    PlansUtilization,
    PlansCoverage,
    ReservationsUtilization,
    ReservationsCoverage,
}

const PLANS: &str = "Savings Plans";
/// Each other service would need its own question; cost reports contain those reservations.
const RESERVATIONS: &str = "EC2 Reserved Instances";

impl Asked {
    const ALL: [Self; 4] = [
        Self::PlansUtilization,
        Self::PlansCoverage,
        Self::ReservationsUtilization,
        Self::ReservationsCoverage,
    ];

    fn operation(self) -> &'static Operation {
        match self {
            Self::PlansUtilization => GET_SAVINGS_PLANS_UTILIZATION,
            Self::PlansCoverage => GET_SAVINGS_PLANS_COVERAGE,
            Self::ReservationsUtilization => GET_RESERVATION_UTILIZATION,
            Self::ReservationsCoverage => GET_RESERVATION_COVERAGE,
        }
    }

    /// Name of the question and of its cache folder.
    fn name(self) -> &'static str {
        match self {
            Self::PlansUtilization => "savings-plans-utilization",
            Self::PlansCoverage => "savings-plans-coverage",
            Self::ReservationsUtilization => "reservations-utilization",
            Self::ReservationsCoverage => "reservations-coverage",
        }
    }

    fn of(self) -> &'static str {
        match self {
            Self::PlansUtilization | Self::PlansCoverage => PLANS,
            Self::ReservationsUtilization | Self::ReservationsCoverage => RESERVATIONS,
        }
    }
}

/// Figures of one month, by column, as AWS writes them.
type Figures = BTreeMap<String, String>;

/// Available figures of a month, by column.
fn figures<const N: usize>(columns: [(&str, Option<&String>); N]) -> Figures {
    columns
        .into_iter()
        .filter_map(|(column, value)| Some((column.to_owned(), value?.clone())))
        .collect()
}

/// One month of an answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct OfMonth {
    month: Month,
    figures: Figures,
}

/// Figures of an answer, and their period.
type PeriodFigures = (Option<DateInterval>, Figures);

/// The first day requested, and the day after the last.
type Range = (NaiveDate, NaiveDate);

/// Returns the questions that are due: all without an answer, and, unless one was sent today, the
/// one with the oldest answer if any of its months can have changed.
fn due(cache: &Cache, all: &[Month], as_of: NaiveDate) -> Vec<(Asked, Range)> {
    let last = |asked: Asked| all.iter().filter_map(|m| cache.asked_on(asked.name(), *m)).max();
    let stale: Vec<_> = Asked::ALL
        .into_iter()
        .filter_map(|a| Some((last(a), (a, range(cache, a.name(), all, as_of)?))))
        .collect();
    let never = stale.iter().filter(|(last, _)| last.is_none());
    let today = Asked::ALL.into_iter().any(|asked| last(asked) == Some(as_of));
    let oldest =
        stale.iter().filter(|(last, _)| last.is_some() && !today).min_by_key(|(last, _)| *last);
    never.chain(oldest).map(|(_, ask)| *ask).collect()
}

/// Returns the paid requests about commitments.
pub(super) fn plan(cache: &Cache, all: &[Month], as_of: NaiveDate) -> Vec<PlannedRequest> {
    let request = |(asked, days): (Asked, Range)| {
        planned(
            Capability::Commitments,
            asked.operation(),
            format!("{}, by month", asked.operation().why),
            days,
        )
    };
    due(cache, all, as_of).into_iter().map(request).collect()
}

impl CostExplorer<'_> {
    /// How well commitments are used.
    pub(crate) async fn commitments(
        &self,
        steps: &Steps,
    ) -> Result<Pulled<DataFrame>, ProviderError> {
        let all = months(self.as_of, self.months);
        let asking = due(&self.cache, &all, self.as_of);
        let mut gaps = Vec::new();
        for (done, (asked, days)) in asking.iter().enumerate() {
            steps.report("commitments", done, asking.len());
            match self.ask_commitments(*asked, *days).await {
                Ok(rows) => {
                    self.keep(asked.name(), &within(&all, *days), &BTreeSet::new(), &rows, |r| {
                        r.month
                    })?;
                }
                Err(error) => gaps.push(Gap::new(asked.operation().why, error)),
            }
        }
        let data = self
            .commitments_frame(&all)
            .map_err(|e| ProviderError::unreadable("commitments", e))?;
        Ok(Pulled::partly(data, gaps))
    }

    /// Sends one question. An answer without data is valid: there are no such commitments.
    async fn ask_commitments(&self, asked: Asked, days: Range) -> Result<Vec<OfMonth>, CallError> {
        let operation = asked.operation();
        let (explorer, period) =
            (client!(aws_sdk_costexplorer, &self.at), self.period(operation, days)?);
        let answer = match asked {
            Asked::PlansUtilization => self.plans_utilization(&explorer, &period).await,
            Asked::PlansCoverage => self.plans_coverage(&explorer, &period).await,
            Asked::ReservationsUtilization => {
                self.reservations_utilization(&explorer, &period).await
            }
            Asked::ReservationsCoverage => self.reservations_coverage(&explorer, &period).await,
        };
        let results = match answer {
            Err(error) if error.kind == FailureKind::NotEnabled => Vec::new(),
            other => other?,
        };
        let of_month = |(period, figures): PeriodFigures| {
            let month = period.and_then(|p| p.start().get(..7)?.parse().ok());
            let month = month.ok_or_else(|| {
                self.at
                    .place
                    .unreadable(operation, "the answer has a result without a month".to_owned())
            })?;
            Ok(OfMonth { month, figures })
        };
        results.into_iter().map(of_month).collect()
    }

    async fn plans_utilization(
        &self,
        explorer: &Client,
        period: &DateInterval,
    ) -> Result<Vec<PeriodFigures>, CallError> {
        let make = || {
            let ask = explorer.get_savings_plans_utilization().time_period(period.clone());
            ask.granularity(Granularity::Monthly).send()
        };
        let answer = self.at.place.call(GET_SAVINGS_PLANS_UTILIZATION, make).await?;
        let period_figures = |r: &SavingsPlansUtilizationByTime| {
            let (used, saved) = (r.utilization.as_ref(), r.savings.as_ref());
            let figures = figures([
                ("Committed", used.and_then(|u| u.total_commitment.as_ref())),
                ("Used", used.and_then(|u| u.used_commitment.as_ref())),
                ("Unused", used.and_then(|u| u.unused_commitment.as_ref())),
                (
                    "AmortizedCost",
                    r.amortized_commitment
                        .as_ref()
                        .and_then(|a| a.total_amortized_commitment.as_ref()),
                ),
                ("OnDemandEquivalent", saved.and_then(|s| s.on_demand_cost_equivalent.as_ref())),
                ("NetSavings", saved.and_then(|s| s.net_savings.as_ref())),
            ]);
            (r.time_period.clone(), figures)
        };
        Ok(answer.savings_plans_utilizations_by_time().iter().map(period_figures).collect())
    }

    async fn plans_coverage(
        &self,
        explorer: &Client,
        period: &DateInterval,
    ) -> Result<Vec<PeriodFigures>, CallError> {
        let make = |token| {
            let ask = explorer.get_savings_plans_coverage().time_period(period.clone());
            ask.granularity(Granularity::Monthly).set_next_token(token).send()
        };
        let split = |p: GetSavingsPlansCoverageOutput| (p.savings_plans_coverages, p.next_token);
        let period_figures = |r: SavingsPlansCoverage| {
            let c = r.coverage.as_ref();
            let figures = figures([
                ("Covered", c.and_then(|c| c.spend_covered_by_savings_plans.as_ref())),
                ("Uncovered", c.and_then(|c| c.on_demand_cost.as_ref())),
            ]);
            (r.time_period, figures)
        };
        Ok(self
            .at
            .place
            .pages(GET_SAVINGS_PLANS_COVERAGE, make, split)
            .await?
            .into_iter()
            .map(period_figures)
            .collect())
    }

    async fn reservations_utilization(
        &self,
        explorer: &Client,
        period: &DateInterval,
    ) -> Result<Vec<PeriodFigures>, CallError> {
        let make = |token| {
            let ask = explorer.get_reservation_utilization().time_period(period.clone());
            ask.granularity(Granularity::Monthly).set_next_page_token(token).send()
        };
        let split =
            |p: GetReservationUtilizationOutput| (p.utilizations_by_time, p.next_page_token);
        let period_figures = |r: UtilizationByTime| {
            let t = r.total.as_ref();
            let figures = figures([
                ("Committed", t.and_then(|t| t.purchased_hours.as_ref())),
                ("Used", t.and_then(|t| t.total_actual_hours.as_ref())),
                ("Unused", t.and_then(|t| t.unused_hours.as_ref())),
                ("AmortizedCost", t.and_then(|t| t.total_amortized_fee.as_ref())),
                ("OnDemandEquivalent", t.and_then(|t| t.on_demand_cost_of_ri_hours_used.as_ref())),
                ("NetSavings", t.and_then(|t| t.net_ri_savings.as_ref())),
            ]);
            (r.time_period, figures)
        };
        Ok(self
            .at
            .place
            .pages(GET_RESERVATION_UTILIZATION, make, split)
            .await?
            .into_iter()
            .map(period_figures)
            .collect())
    }

    async fn reservations_coverage(
        &self,
        explorer: &Client,
        period: &DateInterval,
    ) -> Result<Vec<PeriodFigures>, CallError> {
        let make = |token| {
            let ask = explorer.get_reservation_coverage().time_period(period.clone());
            ask.granularity(Granularity::Monthly).set_next_page_token(token).send()
        };
        let split = |p: GetReservationCoverageOutput| (p.coverages_by_time, p.next_page_token);
        let period_figures = |r: CoverageByTime| {
            let hours = r.total.as_ref().and_then(|t| t.coverage_hours.as_ref());
            let figures = figures([
                ("Covered", hours.and_then(|h| h.reserved_hours.as_ref())),
                ("Uncovered", hours.and_then(|h| h.on_demand_hours.as_ref())),
            ]);
            (r.time_period, figures)
        };
        Ok(self
            .at
            .place
            .pages(GET_RESERVATION_COVERAGE, make, split)
            .await?
            .into_iter()
            .map(period_figures)
            .collect())
    }

    /// Returns the figures of commitments, one row per month and type. Months without commitments
    /// have no row.
    fn commitments_frame(&self, all: &[Month]) -> PolarsResult<DataFrame> {
        let mut rows: BTreeMap<(Month, &str), Figures> = BTreeMap::new();
        for asked in Asked::ALL {
            let stored = all.iter().filter_map(|m| self.cache.get::<OfMonth>(asked.name(), *m));
            for row in stored.flat_map(|h| h.rows) {
                rows.entry((row.month, asked.of())).or_default().extend(row.figures);
            }
        }
        let nothing = |f: &Figures| {
            f.get("Committed").is_none_or(|c| c.parse::<f64>().is_ok_and(|c| c == 0.0))
        };
        rows.retain(|_, figures| !nothing(figures));
        let currency = self.currency(all);
        let row = |((month, of), figures): (&(Month, &str), &Figures)| {
            let amount = |column: &str| figures.get(column).and_then(|text| text.parse().ok());
            let hours = (*of == RESERVATIONS).then(|| "Hours".to_owned());
            Some(CommitmentRow {
                month: *month,
                commitment_discount_type: (*of).to_owned(),
                unit: hours.or_else(|| currency.clone())?,
                committed: amount("Committed"),
                used: amount("Used"),
                unused: amount("Unused"),
                covered: amount("Covered"),
                uncovered: amount("Uncovered"),
                amortized_cost: amount("AmortizedCost"),
                on_demand_equivalent: amount("OnDemandEquivalent"),
                net_savings: amount("NetSavings"),
                currency: currency.as_deref().and_then(|code| code.parse().ok()),
            })
        };
        frame_of(&rows.iter().filter_map(row).collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::super::cache::StoredMonth;
    use super::*;

    #[test]
    fn after_the_first_pull_one_question_a_day_is_asked() {
        let folder = std::env::temp_dir().join(format!("cost-commitments-{}", std::process::id()));
        let cache = Cache::of(&folder, "1");
        let all: Vec<Month> = ["2026-09", "2026-10"].map(|m| m.parse().expect("a month")).to_vec();
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let pull = |on: &str| {
            let asked: Vec<Asked> =
                due(&cache, &all, day(on)).into_iter().map(|(asked, ..)| asked).collect();
            for a in &asked {
                for month in &all {
                    let stored: StoredMonth<OfMonth> = StoredMonth {
                        asked_on: day(on),
                        narrowed_to: BTreeSet::new(),
                        rows: Vec::new(),
                    };
                    cache.put(a.name(), *month, &stored).expect("stored");
                }
            }
            asked
        };
        assert_eq!(pull("2026-10-20"), Asked::ALL);
        assert_eq!(pull("2026-10-20"), []);
        for (number, on) in ["2026-10-21", "2026-10-22", "2026-10-23", "2026-10-24", "2026-10-25"]
            .iter()
            .enumerate()
        {
            assert_eq!(pull(on), [Asked::ALL[number % 4]], "{on}");
            assert_eq!(pull(on), [], "{on}, again");
        }
        // After one more request once they are final, they do not change.
        for on in ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"] {
            assert_eq!(pull(on).len(), 1, "{on}");
        }
        assert_eq!(pull("2026-11-24"), []);
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
