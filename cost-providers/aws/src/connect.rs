//! Connection to AWS: the caller, and the accounts and regions to read.

use std::sync::Arc;

use aws_config::sts::AssumeRoleProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use cost_provider_api::{CallError, Gap, ProviderError, Steps};

use crate::bounded::Bounded;
use crate::call::{Limits, Place};
use crate::config::{Accounts, AwsConfig};
use crate::guard::{Counts, Guard};
use crate::operation::{DESCRIBE_REGIONS, GET_CALLER_IDENTITY, LIST_ACCOUNTS};

/// Identity of the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Account ID.
    pub account: String,
    /// ARN of the user or the assumed role.
    pub arn: String,
    /// Partition: `aws`, `aws-cn`, or `aws-us-gov`.
    pub partition: String,
    /// Region for requests to global services.
    pub region: String,
}

/// One account, and its configuration for requests.
#[derive(Clone, Debug)]
pub struct Account {
    /// Account ID.
    pub id: String,
    /// Account name, if the organization provides it.
    pub name: Option<String>,
    config: SdkConfig,
    /// Regions to read.
    pub regions: Vec<String>,
}

/// Connection with valid credentials, and the accounts and regions that they give access to.
pub struct Aws {
    /// Identity of the caller.
    pub identity: Identity,
    /// Accessible accounts, by ID.
    pub accounts: Vec<Account>,
    /// Gaps for accounts and regions without access.
    pub gaps: Vec<Gap>,
    /// Number of requests so far.
    pub(crate) counts: Counts,
    config: SdkConfig,
    limits: Arc<Limits>,
}

/// Creates a client of a service that sends only declared operations and accepts only complete
/// answers.
macro_rules! client {
    ($sdk:ident, $at:expr) => {{
        let at = $at;
        let config = $sdk::config::Builder::from(&at.config);
        $sdk::Client::from_conf(
            config
                .interceptor(at.guard.clone())
                .interceptor($crate::attempt_log::AttemptLog::of(&at.place))
                .interceptor($crate::complete_answer::CompleteAnswer)
                .build(),
        )
    }};
}
pub(crate) use client;

/// Account and region, with the configuration for requests to it.
#[derive(Clone, Debug)]
pub(crate) struct At {
    pub(crate) config: SdkConfig,
    pub(crate) guard: Guard,
    pub(crate) place: Place,
}

impl At {
    #[cfg(any(feature = "advice", feature = "inventory", feature = "utilization"))]
    pub(crate) fn account(&self) -> &str {
        self.place.account.as_deref().unwrap_or_default()
    }
    #[cfg(any(
        feature = "advice",
        feature = "inventory",
        feature = "prices",
        feature = "utilization"
    ))]
    pub(crate) fn region(&self) -> &str {
        self.place.region.as_deref().unwrap_or_default()
    }

    /// The same account in another region.
    pub(crate) fn in_region(&self, region: &str) -> Self {
        let config = self.config.to_builder().region(Region::new(region.to_owned())).build();
        Self {
            config,
            place: Place { region: Some(region.to_owned()), ..self.place.clone() },
            ..self.clone()
        }
    }
}

impl Aws {
    /// Connects to AWS: finds credentials, and requests their identity and the available accounts
    /// and regions. The time of the pull starts now. Listeners of `steps` receive the calls that
    /// wait for an answer, also later.
    ///
    /// # Errors
    /// [`ProviderError::Call`] if there are no valid credentials, or the organization cannot be
    /// listed.
    pub async fn connect(config: &AwsConfig, steps: &Steps) -> Result<Self, ProviderError> {
        let client = aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let sdk = configure(config, client.clone()).await;
        let limits = Arc::new(Limits::new(config.limits, steps, client));
        let counts = Counts::default();
        let guard = Guard { counts: counts.clone() };
        let place = Place { account: None, region: None, limits: limits.clone() };
        let mut at = At { config: sdk, guard, place };
        let identity = identify(&mut at).await.map_err(Box::new)?;
        let (known, names) = match &config.accounts {
            Accounts::Caller => (vec![identity.account.clone()], Vec::new()),
            Accounts::Listed(ids) => (ids.clone(), Vec::new()),
            Accounts::Organization => {
                let all = list_accounts(&at).await.map_err(Box::new)?;
                (all.iter().map(|(id, _)| id.clone()).collect(), all)
            }
        };
        let mut aws = Self {
            identity,
            accounts: Vec::new(),
            gaps: Vec::new(),
            counts,
            config: at.config,
            limits,
        };
        for id in known {
            let name =
                names.iter().find(|(known, _)| *known == id).and_then(|(_, name)| name.clone());
            aws.reach(id, name, config).await;
        }
        aws.accounts.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(aws)
    }

    /// Adds an account with its regions, or a gap.
    async fn reach(&mut self, id: String, name: Option<String>, asked: &AwsConfig) {
        let config = if id == self.identity.account {
            self.config.clone()
        } else {
            let arn =
                format!("arn:{}:iam::{id}:role/{}", self.identity.partition, asked.member_role);
            assume(&self.config, &arn, None).await
        };
        let account = Account { id: id.clone(), name, config, regions: asked.regions.clone() };
        let at = self.at(&account, &self.identity.region);
        match regions(&at, &asked.regions).await {
            Ok(regions) => self.accounts.push(Account { regions, ..account }),
            Err(error) => {
                self.gaps.push(Gap::new("inventory, utilization, and prices of an account", error));
            }
        }
    }

    /// Returns the place for requests to an account in a region.
    pub(crate) fn at(&self, account: &Account, region: &str) -> At {
        let place =
            Place { account: Some(account.id.clone()), region: None, limits: self.limits.clone() };
        let guard = Guard { counts: self.counts.clone() };
        At { config: account.config.clone(), guard, place }.in_region(region)
    }

    /// Returns the place for requests about the management account: costs, Savings Plans, reports.
    pub(crate) fn payer(&self) -> At {
        let region = Region::new(self.identity.region.clone());
        let place = Place {
            account: Some(self.identity.account.clone()),
            region: None,
            limits: self.limits.clone(),
        };
        At {
            config: self.config.to_builder().region(region).build(),
            guard: Guard { counts: self.counts.clone() },
            place,
        }
    }
}

/// Builds the SDK configuration: default chain or profile, adaptive retries, TLS by rustls on ring.
async fn configure(asked: &AwsConfig, client: SharedHttpClient) -> SdkConfig {
    let limits = asked.limits;
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(limits.connect)
        .read_timeout(limits.idle)
        .operation_attempt_timeout(limits.call);
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(Bounded { client, limits })
        .retry_config(RetryConfig::adaptive().with_max_attempts(limits.attempts))
        .timeout_config(timeouts.build());
    if let Some(profile) = &asked.profile {
        loader = loader.profile_name(profile);
    }
    let mut config = loader.load().await;
    if config.region().is_none() {
        config = config.to_builder().region(Region::new(home_region(asked))).build();
    }
    match &asked.role_arn {
        Some(arn) => assume(&config, arn, asked.external_id.as_deref()).await,
        None => config,
    }
}

/// Returns the default region: the first region requested, or that of the partition of the role.
fn home_region(asked: &AwsConfig) -> String {
    let partition =
        asked.role_arn.as_deref().and_then(|arn| arn.split(':').nth(1)).unwrap_or("aws");
    asked.regions.first().cloned().unwrap_or_else(|| default_region(partition).to_owned())
}

/// Returns the region of the global services of a partition. Source: AWS General Reference,
/// "Service endpoints", read 2026-11.
fn default_region(partition: &str) -> &'static str {
    match partition {
        "aws-cn" => "cn-northwest-1",
        "aws-us-gov" => "us-gov-west-1",
        _ => "us-east-1",
    }
}

/// Returns the partition of a region. Source: as above.
#[cfg(any(feature = "inventory", feature = "utilization"))]
pub(crate) fn partition_of(region: &str) -> &'static str {
    match region {
        r if r.starts_with("cn-") => "aws-cn",
        r if r.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

async fn assume(config: &SdkConfig, arn: &str, external_id: Option<&str>) -> SdkConfig {
    let mut role = AssumeRoleProvider::builder(arn).session_name("cost").configure(config);
    if let Some(id) = external_id {
        role = role.external_id(id);
    }
    let credentials = role.build().await;
    let shared =
        aws_config::meta::credentials::CredentialsProviderChain::first_try("role", credentials);
    config
        .to_builder()
        .credentials_provider(aws_sdk_sts::config::SharedCredentialsProvider::new(shared))
        .identity_cache(aws_config::identity::IdentityCache::lazy().build())
        .build()
}

async fn identify(at: &mut At) -> Result<Identity, CallError> {
    let sts = client!(aws_sdk_sts, &*at);
    let answer = at.place.call(GET_CALLER_IDENTITY, || sts.get_caller_identity().send()).await?;
    let (Some(account), Some(arn)) = (answer.account, answer.arn) else {
        return Err(at
            .place
            .unreadable(GET_CALLER_IDENTITY, "the answer contains no account".to_owned()));
    };
    let partition = arn.split(':').nth(1).unwrap_or("aws").to_owned();
    let region = default_region(&partition).to_owned();
    at.place.account = Some(account.clone());
    Ok(Identity { account, arn, partition, region })
}

/// Returns ID and name of the active accounts of the organization.
async fn list_accounts(at: &At) -> Result<Vec<(String, Option<String>)>, CallError> {
    let organizations = client!(aws_sdk_organizations, at);
    let make = |token| organizations.list_accounts().set_next_token(token).send();
    let accounts = at
        .place
        .pages(LIST_ACCOUNTS, make, |page| (page.accounts.unwrap_or_default(), page.next_token))
        .await?;
    let active = |account: aws_sdk_organizations::types::Account| {
        let state = account.state.as_ref().map(|s| s.as_str().to_owned());
        // The field `State` replaces `Status`; answers with only the old field are accepted too.
        let state = state.or_else(|| account.status.as_ref().map(|s| s.as_str().to_owned()));
        state.is_none_or(|s| s == "ACTIVE").then_some((account.id?, account.name))
    };
    Ok(accounts.into_iter().filter_map(active).collect())
}

/// Returns the regions to read: the requested ones that are enabled, or all enabled ones.
async fn regions(at: &At, wanted: &[String]) -> Result<Vec<String>, CallError> {
    let ec2 = client!(aws_sdk_ec2, at);
    let answer = at.place.call(DESCRIBE_REGIONS, || ec2.describe_regions().send()).await?;
    let mut enabled: Vec<String> =
        answer.regions().iter().filter_map(|r| r.region_name.clone()).collect();
    enabled.sort();
    if let Some(unknown) = wanted.iter().find(|w| !enabled.contains(w)) {
        let known = enabled.join(", ");
        return Err(at.place.unreadable(
            DESCRIBE_REGIONS,
            format!("region {unknown} is not enabled; enabled regions: {known}"),
        ));
    }
    if !wanted.is_empty() {
        enabled.retain(|r| wanted.contains(r));
    }
    Ok(enabled)
}
