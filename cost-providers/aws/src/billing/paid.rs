//! Plan of all paid requests of a pull through Cost Explorer.

use chrono::NaiveDate;

use super::cache::Cache;
use super::explorer::CostExplorer;
use super::plan::{Plan, Planned, Question, months, range};
use super::{commitments, resources};
use crate::operation::GET_COST_AND_USAGE;

impl CostExplorer<'_> {
    /// The paid requests that are needed.
    #[must_use]
    pub fn plan(&self) -> Plan {
        let mut all = plan(&self.cache, self.as_of, self.months);
        if self.with_resources {
            all.0.extend(resources::plan(&self.cache, self.as_of));
        }
        all
    }
}

/// The plan for a window.
fn plan(cache: &Cache, as_of: NaiveDate, months_wanted: u32) -> Plan {
    let all = months(as_of, months_wanted);
    let costs = Question::ALL.iter().filter_map(|q| {
        let days = range(cache, q.name(), &all, as_of)?;
        Some(Planned::of(GET_COST_AND_USAGE, q.what().to_owned(), days))
    });
    Plan(costs.chain(commitments::plan(cache, &all, as_of)).collect())
}
