//! [`AwsProvider`]: AWS as a provider.

use std::collections::BTreeSet;

use cost_core::focus::Part;
use cost_core::table::Table;
use cost_provider_api::{
    Capability, Known, Opening, Provider, ProviderConfig, ProviderError, PullScope, Pulling,
    RequestPlan, RequestsMade, Steps, refused,
};
use polars::prelude::DataFrame;

use crate::billing::CostExplorer;
#[cfg(feature = "reports")]
use crate::billing::Reports;
use crate::config::{AwsConfig, Costs};
use crate::connect::Aws;
#[cfg(feature = "prices")]
use crate::prices::{Offerings, PriceList};
#[cfg(feature = "utilization")]
use crate::utilization::CloudWatch;

/// Source of costs, ready for requests.
enum Bill {
    Explorer,
    #[cfg(feature = "reports")]
    Reports(Box<Reports>),
    Elsewhere,
}

/// AWS as a provider: a connection, and the scope of the pull.
pub struct AwsProvider {
    aws: Aws,
    bill: Bill,
    resource_costs: bool,
    scope: PullScope,
}

impl ProviderConfig for AwsConfig {
    fn open<'a>(&'a self, scope: &'a PullScope) -> Opening<'a> {
        Box::pin(async move {
            let provider: Box<dyn Provider> =
                Box::new(AwsProvider::connect(self, scope, &Steps::default()).await?);
            Ok(provider)
        })
    }
}

impl AwsProvider {
    /// Connects to AWS. Like [`ProviderConfig::open`], for callers that also need the connection,
    /// or to know which calls wait for an answer.
    ///
    /// # Errors
    /// Errors of [`Aws::connect`], and [`ProviderError::NotFound`] if the location of cost reports
    /// is not an S3 address.
    pub async fn connect(
        config: &AwsConfig,
        scope: &PullScope,
        steps: &Steps,
    ) -> Result<Self, ProviderError> {
        let aws = Aws::connect(config, steps).await?;
        let bill = match &config.costs {
            Costs::Explorer => Bill::Explorer,
            #[cfg(feature = "reports")]
            Costs::Reports(location) => {
                let PullScope { estate, as_of, months, .. } = scope;
                Bill::Reports(Box::new(Reports::new(&aws, location, estate, *as_of, *months)?))
            }
            Costs::Elsewhere => Bill::Elsewhere,
        };
        Ok(Self { aws, bill, resource_costs: config.resource_costs, scope: scope.clone() })
    }

    /// Returns the connection: the identity of the caller, and the accounts and regions to read.
    #[must_use]
    pub fn aws(&self) -> &Aws {
        &self.aws
    }

    /// Returns Cost Explorer for the months of the scope.
    fn explorer(&self) -> CostExplorer<'_> {
        let PullScope { estate, as_of, months, .. } = &self.scope;
        CostExplorer::new(&self.aws, estate, *as_of, *months)
    }

    fn has_explorer(&self) -> bool {
        matches!(self.bill, Bill::Explorer)
    }
}

impl Provider for AwsProvider {
    fn name(&self) -> &'static str {
        "aws"
    }

    fn describe(&self) -> String {
        match &self.bill {
            Bill::Explorer => self.explorer().describe(),
            #[cfg(feature = "reports")]
            Bill::Reports(reports) => reports.describe(),
            Bill::Elsewhere => format!("AWS account {}", self.aws.identity.account),
        }
    }

    fn capabilities(&self) -> BTreeSet<Capability> {
        let utilization = self.scope.utilization_days > 0;
        let all = [
            (Capability::Billing, !matches!(self.bill, Bill::Elsewhere)),
            (Capability::Inventory, cfg!(feature = "inventory")),
            (Capability::Utilization, cfg!(feature = "utilization") && utilization),
            (Capability::Prices, cfg!(feature = "prices")),
            (Capability::Offers, cfg!(feature = "prices")),
            (Capability::Commitments, self.has_explorer()),
            (Capability::ResourceCosts, self.resource_costs),
            (Capability::Recommendations, cfg!(feature = "advice")),
        ];
        all.into_iter().filter_map(|(can, it_does)| it_does.then_some(can)).collect()
    }

    fn plan(&self) -> RequestPlan {
        self.explorer().plan(self.has_explorer(), self.resource_costs)
    }

    fn requests(&self) -> Vec<RequestsMade> {
        self.aws.counts.so_far()
    }

    fn bill<'a>(&'a self, steps: &'a Steps) -> Pulling<'a, Vec<Part>> {
        match &self.bill {
            Bill::Explorer => Box::pin(async move { self.explorer().bill(steps).await }),
            #[cfg(feature = "reports")]
            Bill::Reports(reports) => Box::pin(reports.bill()),
            Bill::Elsewhere => refused(self.name(), "bills"),
        }
    }

    fn table<'a>(
        &'a self,
        table: &'static Table,
        known: &'a Known,
        steps: &'a Steps,
    ) -> Pulling<'a, DataFrame> {
        match Capability::of(table).filter(|can| self.capabilities().contains(can)) {
            #[cfg(feature = "inventory")]
            Some(Capability::Inventory) => Box::pin(self.aws.inventory(steps)),
            #[cfg(feature = "utilization")]
            Some(Capability::Utilization) => Box::pin(async move {
                let (as_of, days) = (self.scope.as_of, self.scope.utilization_days);
                CloudWatch::new(&self.aws, as_of, days).of_inventory(&known.inventory, steps).await
            }),
            #[cfg(feature = "prices")]
            Some(Capability::Prices) => Box::pin(async move {
                PriceList::new(&self.aws, self.scope.as_of)
                    .of_inventory(&known.inventory, steps)
                    .await
            }),
            #[cfg(feature = "prices")]
            Some(Capability::Offers) => Box::pin(async move {
                Offerings::new(&self.aws, self.scope.as_of).of_usage(&known.usage, steps).await
            }),
            Some(Capability::Commitments) => {
                Box::pin(async move { self.explorer().commitments(steps).await })
            }
            Some(Capability::ResourceCosts) => {
                Box::pin(async move { self.explorer().resource_costs().await })
            }
            #[cfg(feature = "advice")]
            Some(Capability::Recommendations) => Box::pin(self.aws.advice(&known.inventory, steps)),
            _ => refused(self.name(), table.label),
        }
    }
}
