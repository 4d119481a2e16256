//! Cost Explorer: daily costs by account, service, and usage type, with as few paid requests as
//! possible.
//!
//! One request can group by only two dimensions. We request all usage by account and usage type,
//! usage once a month by service and usage type, and by account and service only those usage types
//! that several services share. Together this gives all four dimensions without a request for each
//! account. The sums equal the bill; only the usage type of shared ones remains unknown. Decisions:
//! ADR 0015.

use std::collections::BTreeSet;
use std::path::Path;

use aws_sdk_costexplorer::operation::get_cost_and_usage::GetCostAndUsageOutput;
use aws_sdk_costexplorer::types::{
    DateInterval, Dimension, DimensionValues, Expression, Granularity, GroupDefinition,
    GroupDefinitionType, ResultByTime,
};
use chrono::NaiveDate;
use cost_core::focus::{Origin, Part};
use cost_core::month::Month;
use cost_provider_api::{CallError, FailureKind, Gap, ProviderError, Pulled, Steps};
use serde::Serialize;

use super::cache::{Cache, Row, StoredMonth};
use super::focus::{OfMonth, charges, shared_types};
use super::plan::{DAILY_MONTHS, Question, first_month, months, range, within};
use crate::connect::{At, Aws, client};
use crate::operation::{GET_COST_AND_USAGE, Operation};

/// Record types that are usage. Source: Cost Explorer user guide, "Charge type"; read 2026-11.
const USAGE: [&str; 4] =
    ["Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "SavingsPlanNegation"];

/// Costs from Cost Explorer, for a window of months that ends on a given day.
pub(crate) struct CostExplorer<'a> {
    pub(super) at: At,
    aws: &'a Aws,
    pub(super) cache: Cache,
    pub(super) as_of: NaiveDate,
    pub(super) months: u32,
    wanted: u32,
}

impl<'a> CostExplorer<'a> {
    /// Costs of `months` months, including the month of the day before `as_of`; daily costs exist
    /// for 14 months at most. Answers are stored in the estate at `estate`.
    pub(crate) fn new(aws: &'a Aws, estate: &Path, as_of: NaiveDate, months: u32) -> Self {
        let cache = Cache::of(estate, &aws.identity.account);
        Self {
            at: aws.payer(),
            aws,
            cache,
            as_of,
            months: months.min(DAILY_MONTHS),
            wanted: months,
        }
    }

    /// Returns the source of the bill, for messages.
    pub(crate) fn describe(&self) -> String {
        format!("Cost Explorer of account {}", self.aws.identity.account)
    }

    /// Requests a question for the months that are out of date, and stores the answer.
    async fn ask(&self, question: Question, all: &[Month]) -> Result<(), ProviderError> {
        let Some(days) = range(&self.cache, question.name(), all, self.as_of) else {
            return Ok(());
        };
        let asked = within(all, days);
        let narrowed_to =
            if question == Question::Shared { self.shared(&asked) } else { BTreeSet::new() };
        let rows = if question == Question::Shared && narrowed_to.is_empty() {
            Vec::new()
        } else {
            self.rows(question, days, &narrowed_to).await.map_err(Box::new)?
        };
        self.keep(question.name(), &asked, &narrowed_to, &rows, |r| Month::of(r.day))
    }

    /// Stores the rows of an answer by month, including months without rows.
    pub(super) fn keep<R: Clone + Serialize>(
        &self,
        question: &str,
        months: &[Month],
        narrowed_to: &BTreeSet<String>,
        rows: &[R],
        month_of: impl Fn(&R) -> Month,
    ) -> Result<(), ProviderError> {
        for month in months {
            let rows = rows.iter().filter(|r| month_of(r) == *month).cloned().collect();
            let stored =
                StoredMonth { asked_on: self.as_of, narrowed_to: narrowed_to.clone(), rows };
            self.cache.put(question, *month, &stored)?;
        }
        Ok(())
    }

    /// Returns the days of a request.
    pub(super) fn period(
        &self,
        asked: &'static Operation,
        (from, until): (NaiveDate, NaiveDate),
    ) -> Result<DateInterval, CallError> {
        let period = DateInterval::builder().start(from.to_string()).end(until.to_string()).build();
        period.map_err(|e| self.at.place.unreadable(asked, e.to_string()))
    }

    /// Returns the usage types that several services share in one of these months.
    fn shared(&self, months: &[Month]) -> BTreeSet<String> {
        let services = |m: &Month| self.cache.get(Question::Services.name(), *m);
        months.iter().filter_map(services).flat_map(|stored| shared_types(&stored)).collect()
    }

    async fn rows(
        &self,
        question: Question,
        days: (NaiveDate, NaiveDate),
        narrowed_to: &BTreeSet<String>,
    ) -> Result<Vec<Row>, CallError> {
        let explorer = client!(aws_sdk_costexplorer, &self.at);
        let period = self.period(GET_COST_AND_USAGE, days)?;
        let granularity =
            if question == Question::Services { Granularity::Monthly } else { Granularity::Daily };
        let groups = match question {
            Question::Services => ["SERVICE", "USAGE_TYPE"],
            Question::Usage => ["LINKED_ACCOUNT", "USAGE_TYPE"],
            Question::Shared => ["LINKED_ACCOUNT", "SERVICE"],
            Question::Other => ["LINKED_ACCOUNT", "RECORD_TYPE"],
        };
        let filter = filter(question, narrowed_to);
        let make = |token| {
            explorer
                .get_cost_and_usage()
                .time_period(period.clone())
                .granularity(granularity.clone())
                .set_metrics(Some(METRICS.map(ToOwned::to_owned).to_vec()))
                .set_group_by(Some(by(groups)))
                .filter(filter.clone())
                .set_next_page_token(token)
                .send()
        };
        let split =
            |p: GetCostAndUsageOutput| (p.results_by_time.unwrap_or_default(), p.next_page_token);
        let results = self.at.place.pages(GET_COST_AND_USAGE, make, split).await?;
        results
            .iter()
            .map(|r| self.of_day(GET_COST_AND_USAGE, r))
            .collect::<Result<Vec<_>, _>>()
            .map(|days| days.concat())
    }

    /// Returns the rows of one day of an answer.
    pub(super) fn of_day(
        &self,
        asked: &'static Operation,
        result: &ResultByTime,
    ) -> Result<Vec<Row>, CallError> {
        let wrong = |what: &str| {
            self.at.place.unreadable(
                asked,
                format!(
                    "the answer has a result without \
                {what}"
                ),
            )
        };
        let day = result
            .time_period()
            .and_then(|p| p.start().get(..10)?.parse().ok())
            .ok_or_else(|| wrong("a day"))?;
        let row = |group: &aws_sdk_costexplorer::types::Group| {
            let [first, second] = group.keys() else { return Err(wrong("two keys")) };
            let metric = |name: &str| group.metrics().and_then(|m| m.get(name));
            let amount =
                |name: &str| metric(name).and_then(|m| m.amount.clone()).ok_or_else(|| wrong(name));
            let quantity = metric("UsageQuantity");
            Ok(Row {
                day,
                keys: [first.clone(), second.clone()],
                unblended: amount("UnblendedCost")?,
                amortized: amount("AmortizedCost")?,
                currency: metric("UnblendedCost")
                    .and_then(|m| m.unit.clone())
                    .ok_or_else(|| wrong("a currency"))?,
                quantity: quantity.and_then(|m| m.amount.clone()),
                unit: quantity.and_then(|m| m.unit.clone()),
            })
        };
        result.groups().iter().map(row).collect()
    }

    /// Returns all months that the cache contains now.
    fn stored_months(&self, all: &[Month]) -> Vec<OfMonth> {
        let of = |month: &Month| {
            let get = |q: Question| self.cache.get(q.name(), *month);
            Some(OfMonth {
                services: get(Question::Services)?,
                usage: get(Question::Usage)?,
                shared: get(Question::Shared)?,
                other: get(Question::Other)?,
            })
        };
        all.iter().filter_map(of).collect()
    }

    /// The charges.
    pub(crate) async fn bill(&self, steps: &Steps) -> Result<Pulled<Vec<Part>>, ProviderError> {
        let all = months(self.as_of, self.months);
        for (done, question) in Question::ALL.into_iter().enumerate() {
            steps.report("Cost Explorer", done, Question::ALL.len());
            self.ask(question, &all).await?;
        }
        let payer = &self.aws.identity.account;
        let frame = charges(payer, &self.stored_months(&all), self.as_of)
            .map_err(|e| ProviderError::unreadable(self.describe(), e))?;
        let origin = Origin::of_frame(&self.describe(), frame)?;
        Ok(Pulled::partly(vec![Part::from(origin)], self.too_old()))
    }

    /// Gaps for requested months for which Cost Explorer has no daily costs.
    fn too_old(&self) -> Vec<Gap> {
        if self.wanted <= self.months {
            return Vec::new();
        }
        let (from, until) =
            (first_month(self.as_of, self.wanted), first_month(self.as_of, self.months));
        let message = format!(
            "Cost Explorer has daily costs for {DAILY_MONTHS} months; for older months, read cost \
             reports"
        );
        let error = self.at.place.failed(GET_COST_AND_USAGE, FailureKind::Refused, false, message);
        vec![Gap::new(format!("costs from {from} to before {until}"), error)]
    }

    /// Returns the currency of the costs.
    pub(super) fn currency(&self, all: &[Month]) -> Option<String> {
        let stored = |m: &Month| self.cache.get::<Row>(Question::Usage.name(), *m);
        all.iter().rev().filter_map(stored).find_map(|h| h.rows.first().map(|r| r.currency.clone()))
    }
}

/// Metrics requested for each group.
pub(super) const METRICS: [&str; 3] = ["UnblendedCost", "AmortizedCost", "UsageQuantity"];

/// Groups a request by dimensions.
pub(super) fn by(dimensions: [&str; 2]) -> Vec<GroupDefinition> {
    let group = |key: &str| {
        GroupDefinition::builder().r#type(GroupDefinitionType::Dimension).key(key).build()
    };
    dimensions.map(group).to_vec()
}

/// Filters by some values of a dimension.
pub(super) fn values<T: Into<String>>(
    key: Dimension,
    values: impl IntoIterator<Item = T>,
) -> Expression {
    let values = values.into_iter().map(Into::into).collect();
    let values = DimensionValues::builder().key(key).set_values(Some(values)).build();
    Expression::builder().dimensions(values).build()
}

/// Filters by usage.
pub(super) fn usage() -> Expression {
    values(Dimension::RecordType, USAGE)
}

fn filter(question: Question, narrowed_to: &BTreeSet<String>) -> Expression {
    match question {
        Question::Services | Question::Usage => usage(),
        Question::Shared => Expression::builder()
            .and(usage())
            .and(values(Dimension::UsageType, narrowed_to))
            .build(),
        Question::Other => Expression::builder().not(usage()).build(),
    }
}
