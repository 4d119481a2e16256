//! [`AwsConfig`]: credentials, accounts, regions, and the source of costs.

use cost_core::call_limits::CallLimits;
use serde::{Deserialize, Serialize};

/// Configuration of the AWS provider: identity, accounts, regions, and the source of costs. It
/// contains no credentials: they come from the same places as for the AWS command line.
///
/// ```
/// use cost_provider_aws::{Accounts, AwsConfig};
///
/// let config = AwsConfig::default().profile("finance".to_owned()).accounts(Accounts::Organization);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct AwsConfig {
    /// Profile of the AWS configuration; `None` for the default chain.
    pub profile: Option<String>,
    /// Role to assume first.
    pub role_arn: Option<String>,
    /// External ID of that role. It is not a secret: it distinguishes the customers of a company.
    /// Source: AWS IAM user guide, "Access to AWS accounts owned by third parties", read 2026-11.
    pub external_id: Option<String>,
    /// Accounts to read.
    pub accounts: Accounts,
    /// Role to assume in accounts other than the caller's.
    pub member_role: String,
    /// Regions to read; empty for all enabled ones.
    pub regions: Vec<String>,
    /// Source of costs.
    pub costs: Costs,
    /// Whether to include costs by resource from Cost Explorer: two more paid requests per day.
    pub resource_costs: bool,
    /// Limits of the calls: times, attempts, and sizes.
    pub limits: CallLimits,
}

/// Selection of accounts to read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Accounts {
    /// The caller's account only.
    #[default]
    Caller,
    /// The accounts with these IDs.
    Listed(Vec<String>),
    /// All active accounts of the organization.
    Organization,
}

/// Source of costs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Costs {
    /// Cost Explorer, including commitment utilization.
    #[default]
    Explorer,
    /// Cost reports in S3, at `s3://BUCKET/PREFIX`. They contain commitments themselves.
    #[cfg(feature = "reports")]
    Reports(String),
    /// None: the bill comes from another provider.
    Elsewhere,
}

impl Default for AwsConfig {
    /// Returns the caller's account with the default chain, all its regions, and costs from Cost
    /// Explorer.
    fn default() -> Self {
        Self {
            profile: None,
            role_arn: None,
            external_id: None,
            accounts: Accounts::Caller,
            member_role: "CostReader".to_owned(),
            regions: Vec::new(),
            costs: Costs::Explorer,
            resource_costs: false,
            limits: CallLimits::default(),
        }
    }
}

impl AwsConfig {
    /// Sets a profile of the AWS configuration; `None` for the default chain.
    #[must_use]
    pub fn profile(self, profile: impl Into<Option<String>>) -> Self {
        Self { profile: profile.into(), ..self }
    }

    /// Sets a role to assume first, and its external ID if it requires one.
    #[must_use]
    pub fn role(
        self,
        arn: impl Into<Option<String>>,
        external_id: impl Into<Option<String>>,
    ) -> Self {
        Self { role_arn: arn.into(), external_id: external_id.into(), ..self }
    }

    /// Sets the accounts to read.
    #[must_use]
    pub fn accounts(self, accounts: Accounts) -> Self {
        Self { accounts, ..self }
    }

    /// Sets the name of the role to assume in accounts other than the caller's.
    #[must_use]
    pub fn member_role(self, name: impl Into<String>) -> Self {
        Self { member_role: name.into(), ..self }
    }

    /// Sets the regions to read; all enabled ones if empty.
    #[must_use]
    pub fn regions(self, regions: impl IntoIterator<Item = String>) -> Self {
        Self { regions: regions.into_iter().collect(), ..self }
    }

    /// Sets the source of costs.
    #[must_use]
    pub fn costs(self, costs: Costs) -> Self {
        Self { costs, ..self }
    }

    /// Sets whether to include costs by resource.
    #[must_use]
    pub fn resource_costs(self, wanted: bool) -> Self {
        Self { resource_costs: wanted, ..self }
    }

    /// Sets the limits of the calls.
    #[must_use]
    pub fn limits(self, limits: CallLimits) -> Self {
        Self { limits, ..self }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cost_provider_api::conformance;

    use super::*;

    #[test]
    fn a_configuration_is_written_and_read_back() {
        let complete = AwsConfig::default()
            .profile("finance".to_owned())
            .role("arn:aws:iam::123456789012:role/Cost".to_owned(), "7".to_owned())
            .accounts(Accounts::Listed(vec!["123456789012".to_owned()]))
            .member_role("Reader")
            .regions(["eu-west-1".to_owned()])
            .costs(Costs::Elsewhere)
            .resource_costs(true)
            .limits(CallLimits::of_call(Duration::from_secs(5), 2));
        for config in [AwsConfig::default(), complete] {
            assert_eq!(conformance::config(&config), Vec::<String>::new());
        }
        let text = r#"{"accounts": "organization", "regions": ["eu-west-1"]}"#;
        let read: AwsConfig = serde_json::from_str(text).expect("missing fields have defaults");
        let made = AwsConfig::default().accounts(Accounts::Organization);
        assert_eq!(read, made.regions(["eu-west-1".to_owned()]));
    }
}
