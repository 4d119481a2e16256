//! Checks the AWS provider against the rules for every provider, with the account of the
//! environment's credentials.
//!
//! `cargo run --release -p cost-provider-aws --example conformance -- REGION…`

use chrono::NaiveDate;
use cost_core::cloud::Provider;
use cost_provider_api::{ProviderConfig, PullScope, UsageType, conformance};
use cost_provider_aws::AwsConfig;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let unmet = runtime.block_on(unmet(std::env::args().skip(1).collect()))?;
    if unmet.is_empty() { Ok(()) } else { Err(unmet.join("\n").into()) }
}

async fn unmet(regions: Vec<String>) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let config = AwsConfig::default().regions(regions).resource_costs(true);
    let estate = tempfile::tempdir()?;
    let as_of = NaiveDate::from_ymd_opt(2026, 11, 1).ok_or("a day")?;
    let provider = config.open(&PullScope::new(estate.path(), as_of).months(2)).await?;
    let usage = UsageType {
        region_id: "eu-west-1".to_owned(),
        usage_type: "EU-BoxUsage:m5.large".to_owned(),
        provider: Provider::Aws,
    };
    let mut unmet = conformance::config(&config);
    unmet.extend(conformance::provider(&*provider, vec![usage]).await?);
    Ok(unmet)
}
