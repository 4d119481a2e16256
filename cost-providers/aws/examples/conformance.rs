//! Holds the AWS provider to what every provider must hold, on whatever the environment's credentials reach.
//!
//! `cargo run --release -p cost-provider-aws --example conformance -- REGION…`

use chrono::NaiveDate;
use cost_provider_api::{InventorySource, UsageType, conformance};
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
    unmet.extend(conformance::inventory(&aws).await?);
    let inventory = aws.inventory().await?.data;
    if inventory.height() == 0 {
        unmet.push("there is something to find".to_owned());
    }
    unmet.extend(conformance::commitments(&explorer).await?);
    unmet.extend(conformance::resource_costs(&explorer).await?);
    unmet.extend(conformance::prices(&PriceList::new(&aws, as_of), &inventory).await?);
    let usage = UsageType { region_id: "eu-west-1".to_owned(), usage_type: "EU-BoxUsage:m5.large".to_owned() };
    unmet.extend(conformance::offers(&Offerings::new(&aws, as_of), &[usage]).await?);
    unmet.extend(conformance::recommendations(&aws, &inventory).await?);
    unmet.extend(conformance::utilization(&CloudWatch::new(&aws, as_of, 14), &inventory).await?);
    Ok(unmet)
}
