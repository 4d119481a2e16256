//! [`AwsConfig`]: who asks AWS, and of what.

use serde::{Deserialize, Serialize};

/// Who asks AWS, and of what. Credentials are not in it: they are found where the AWS command line
/// finds them.
///
/// ```
/// use cost_provider_aws::{Accounts, AwsConfig};
///
/// let config = AwsConfig::default().profile("finance".to_owned()).accounts(Accounts::Organization);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AwsConfig {
    /// Profile of the AWS configuration; `None` for the default chain.
    pub profile: Option<String>,
    /// Role to assume first.
    pub role_arn: Option<String>,
    /// External id of that role. By AWS's own words no secret: it tells one customer of a company
    /// from another. Source: AWS IAM user guide, "Access to AWS accounts owned by third parties",
    /// read 2026-11.
    pub external_id: Option<String>,
    /// Accounts to look into.
    pub accounts: Accounts,
    /// Role to assume in accounts that are not the caller's.
    pub member_role: String,
    /// Regions to look into; empty for all that are enabled.
    pub regions: Vec<String>,
    /// Where costs come from.
    pub costs: Costs,
    /// Whether Cost Explorer is asked for costs by resource too: two paid requests more a day.
    pub resource_costs: bool,
}

/// Accounts to look into.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Accounts {
    /// The caller's.
    #[default]
    Caller,
    /// These.
    Listed(Vec<String>),
    /// All active ones of the organization.
    Organization,
}

/// Where costs come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Costs {
    /// Cost Explorer, and how well commitments are used.
    #[default]
    Explorer,
    /// Cost reports in S3, at `s3://BUCKET/PREFIX`. They name commitments themselves.
    #[cfg(feature = "reports")]
    Reports(String),
    /// None: another provider has the bill.
    Elsewhere,
}

impl Default for AwsConfig {
    /// The caller's account by the default chain, all its regions, costs by Cost Explorer.
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
        }
    }
}

impl AwsConfig {
    /// The same with a profile of the AWS configuration; `None` for the default chain.
    #[must_use]
    pub fn profile(self, profile: impl Into<Option<String>>) -> Self {
        Self { profile: profile.into(), ..self }
    }

    /// The same with a role to assume first, and its external id if it asks for one.
    #[must_use]
    pub fn role(
        self,
        arn: impl Into<Option<String>>,
        external_id: impl Into<Option<String>>,
    ) -> Self {
        Self { role_arn: arn.into(), external_id: external_id.into(), ..self }
    }

    /// The same with other accounts to look into.
    #[must_use]
    pub fn accounts(self, accounts: Accounts) -> Self {
        Self { accounts, ..self }
    }

    /// The same with another role to assume in accounts that are not the caller's, by name.
    #[must_use]
    pub fn member_role(self, name: impl Into<String>) -> Self {
        Self { member_role: name.into(), ..self }
    }

    /// The same with some regions to look into; all that are enabled if there are none.
    #[must_use]
    pub fn regions(self, regions: impl IntoIterator<Item = String>) -> Self {
        Self { regions: regions.into_iter().collect(), ..self }
    }

    /// The same with costs from elsewhere.
    #[must_use]
    pub fn costs(self, costs: Costs) -> Self {
        Self { costs, ..self }
    }

    /// The same with or without costs by resource.
    #[must_use]
    pub fn resource_costs(self, wanted: bool) -> Self {
        Self { resource_costs: wanted, ..self }
    }
}

#[cfg(test)]
mod tests {
    use cost_provider_api::conformance;

    use super::*;

    #[test]
    fn a_configuration_is_written_and_read_back() {
        let whole = AwsConfig::default()
            .profile("finance".to_owned())
            .role("arn:aws:iam::123456789012:role/Cost".to_owned(), "7".to_owned())
            .accounts(Accounts::Listed(vec!["123456789012".to_owned()]))
            .member_role("Reader")
            .regions(["eu-west-1".to_owned()])
            .costs(Costs::Elsewhere)
            .resource_costs(true);
        for config in [AwsConfig::default(), whole] {
            assert_eq!(conformance::config(&config), Vec::<String>::new());
        }
        let text = r#"{"accounts": "organization", "regions": ["eu-west-1"]}"#;
        let read: AwsConfig = serde_json::from_str(text).expect("what is left out is the default");
        let made = AwsConfig::default().accounts(Accounts::Organization);
        assert_eq!(read, made.regions(["eu-west-1".to_owned()]));
    }
}
