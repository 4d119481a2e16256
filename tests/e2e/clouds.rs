//! What is known of AWS is said of AWS's usage alone, whatever the usage of others is called.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::json;

/// A month of a gp2 volume and of an instance, named as AWS names them.
fn bill(folder: &Path, name: &str, providers: &[&str]) -> String {
    let mut text = "BilledCost,EffectiveCost,ListCost,ContractedCost,PricingQuantity,PricingUnit,BillingPeriodStart,BillingPeriodEnd,\
                    ChargePeriodStart,ChargePeriodEnd,BillingCurrency,ChargeCategory,ChargeClass,BillingAccountId,ProviderName,\
                    PublisherName,ServiceName,InvoiceIssuerName,SubAccountId,RegionId,ResourceId,SkuMeter,PricingCategory\n"
        .to_owned();
    let things = [
        ("100", "1000", "GB-Mo", "vol-1", "EBS:VolumeUsage.gp2"),
        ("62", "744", "Hours", "arn:aws:ec2:us-east-1:1:instance/i-1", "USE1-BoxUsage:t3.large"),
    ];
    for provider in providers {
        for (cost, quantity, unit, resource, meter) in things {
            for (day, cost, quantity) in [("01", cost, quantity), ("31", "0", "0")] {
                text.push_str(&format!(
                    "{cost},{cost},{cost},{cost},{quantity},{unit},2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-{day}T00:00:00Z,\
                     2026-11-01T00:00:00Z,USD,Usage,,b1,{provider},A seller,Amazon Elastic Compute Cloud,A reseller,1,us-east-1,\
                     {resource},{meter},Standard\n"
                ));
            }
        }
    }
    let path = folder.join(name);
    fs::write(&path, text).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

fn found(bill: &str) -> Vec<Value> {
    let report = json(&["savings", bill, "--month", "2026-10"]);
    report["opportunities"].as_array().expect("opportunities").clone()
}

#[test]
fn no_other_cloud_gets_advice_of_aws() {
    let folder = tempfile::tempdir().expect("a folder");
    let of_aws = found(&bill(folder.path(), "aws.csv", &["AWS"]));
    assert_eq!(
        of_aws.iter().map(|o| &o["check"]).collect::<Vec<_>>(),
        ["gp2_volume", "graviton_instance"]
    );
    for provider in ["Microsoft", "Google Cloud", "Oracle", "Harbor Cloud"] {
        let others = bill(folder.path(), "others.csv", &[provider]);
        assert_eq!(found(&others), Vec::<Value>::new(), "{provider}");
        let report = json(&["commitments", &others, "--month", "2026-10"]);
        assert_eq!(
            report["total"]["list"]["amount"].as_str().unwrap_or("0").trim_end_matches(['0', '.']),
            "",
            "{provider}"
        );
        let mixed = bill(folder.path(), "mixed.csv", &["AWS", provider]);
        assert_eq!(found(&mixed), of_aws, "{provider} beside AWS");
    }
}
