//! Holds the AWS provider to what every provider must hold, on whatever the environment's
//! credentials reach.
//!
//! `cargo run --release -p cost-provider-aws --example conformance -- REGION…`

use chrono::NaiveDate;
use cost_core::cloud::Provider;
use cost_provider_api::{TableSource, UsageType, conformance};
use cost_provider_aws::{Aws, CloudWatch, CostExplorer, Offerings, Options, PriceList};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let unmet = runtime.block_on(unmet(std::env::args().skip(1).collect()))?;
    if unmet.is_empty() { Ok(()) } else { Err(unmet.join("\n").into()) }
}

async fn unmet(regions: Vec<String>) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let options = Options { regions, member_role: "CostReader".to_owned(), ..Options::default() };
    let aws = Aws::connect(&options).await?;
    let estate = tempfile::tempdir()?;
    let as_of = NaiveDate::from_ymd_opt(2026, 11, 1).ok_or("a day")?;
    let explorer = CostExplorer::new(&aws, estate.path(), as_of, 2);
    let mut unmet = conformance::billing(&explorer).await?;
    let sources: [Box<dyn TableSource + '_>; 7] = [
        Box::new(aws.inventory()),
        Box::new(CloudWatch::new(&aws, as_of, 14)),
        Box::new(PriceList::new(&aws, as_of)),
        Box::new(explorer.commitments()),
        Box::new(Offerings::new(&aws, as_of)),
        Box::new(explorer.resource_costs()),
        Box::new(aws.recommendations()),
    ];
    let usage = UsageType {
        region_id: "eu-west-1".to_owned(),
        usage_type: "EU-BoxUsage:m5.large".to_owned(),
        provider: Provider::Aws,
    };
    unmet.extend(conformance::tables(&sources, vec![usage]).await?);
    Ok(unmet)
}
