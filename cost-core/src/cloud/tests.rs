//! The AWS module returns nothing for usage of another cloud.

use rust_decimal::Decimal;

use super::*;
use crate::price::PriceBook;
use crate::slice::Slice;

/// AWS usage types, one of each kind that the AWS module parses.
const USAGE_TYPES: [&str; 14] = [
    "USE1-BoxUsage:t3.large",
    "EU-SpotUsage:m5.large",
    "DedicatedUsage:m5.large",
    "EUC1-Multi-AZUsage:db.r5.2xl",
    "NodeUsage:cache.r6g.large",
    "ESInstance:r6g.large",
    "Node:ra3.xlplus",
    "Host:ml.m5.large",
    "Fargate-vCPU-Hours:perCPU",
    "Lambda-GB-Second",
    "ReadCapacityUnit-Hrs",
    "EBS:VolumeUsage.gp3",
    "TimedStorage-ByteHrs",
    "NatGateway-Bytes",
];
const PLANS: &str = "Compute Savings Plans";

fn others() -> impl Iterator<Item = Provider> {
    Provider::ALL.into_iter().filter(|p| *p != Provider::Aws)
}

#[test]
fn each_provider_has_its_own_cloud() {
    for provider in Provider::ALL {
        assert_eq!(cloud(provider).provider(), provider);
    }
}

#[test]
fn another_clouds_usage_is_nothing_to_aws() {
    let prices = PriceBook::bundled().unwrap();
    for provider in others() {
        let of = cloud(provider);
        for usage_type in USAGE_TYPES {
            let used = Metered::new(provider, usage_type);
            assert_eq!(
                (of.slice(used), of.kind(used), of.family(used)),
                (Slice::Fee, usage_type, None),
                "{used:?}"
            );
            assert!(!of.is_coverable(used) && !of.knows_coverable(), "{used:?}");
            assert!(of.could_pay(&[PLANS], used, "us-east-1").is_empty(), "{used:?}");
            let list_unit_price = Some(Decimal::new(96, 3));
            let usage = PricedUsage {
                used,
                region: "us-east-1",
                operation: Some("RunInstances"),
                list_unit_price,
            };
            assert_eq!(of.attributes(usage, &prices), None, "{used:?}");
        }
    }
}

#[test]
fn aws_answers_nothing_about_another_clouds_usage() {
    let aws = cloud(Provider::Aws);
    for provider in others() {
        for usage_type in USAGE_TYPES {
            let used = Metered::new(provider, usage_type);
            assert_eq!(
                (aws.slice(used), aws.kind(used), aws.family(used)),
                (Slice::Fee, usage_type, None),
                "{used:?}"
            );
            assert!(
                !aws.is_coverable(used) && aws.could_pay(&[PLANS], used, "us-east-1").is_empty(),
                "{used:?}"
            );
            let bound = CommitmentPool::bound(PLANS, usage_type, "us-east-1");
            assert_eq!(aws.pool(PLANS, used, "us-east-1"), bound, "{used:?}");
        }
    }
    let used = Metered::new(Provider::Aws, "USE1-BoxUsage:t3.large");
    assert_eq!((aws.slice(used), aws.kind(used)), (Slice::Compute, "BoxUsage"));
    assert_eq!(aws.could_pay(&[PLANS, "Other plans"], used, "us-east-1"), [PLANS]);
}
