//! Plan of all paid requests of a pull through Cost Explorer.

use cost_provider_api::{Capability, PlannedRequest, RequestPlan};

use super::explorer::CostExplorer;
use super::plan::{Question, months, planned, range};
use super::{commitments, resources};
use crate::operation::GET_COST_AND_USAGE;

impl CostExplorer<'_> {
    /// Returns the required paid requests: for costs and commitments, and for costs by resource.
    pub(crate) fn plan(&self, costs: bool, by_resource: bool) -> RequestPlan {
        let costs = if costs { self.plan_costs() } else { Vec::new() };
        let resources =
            if by_resource { resources::plan(&self.cache, self.as_of) } else { Vec::new() };
        RequestPlan([costs, resources].concat())
    }

    fn plan_costs(&self) -> Vec<PlannedRequest> {
        let all = months(self.as_of, self.months);
        let costs = Question::ALL.iter().filter_map(|q| {
            let days = range(&self.cache, q.name(), &all, self.as_of)?;
            Some(planned(Capability::Billing, GET_COST_AND_USAGE, q.what().to_owned(), days))
        });
        costs.chain(commitments::plan(&self.cache, &all, self.as_of)).collect()
    }
}
