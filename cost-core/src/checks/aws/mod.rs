//! Checks of AWS, a folder a service. What several share: `lines`, `managed_class`, `meter`, `off_hours`, `scaling_group`, `shrunk`.

mod cloudwatch;
mod dynamodb;
mod ebs;
mod ec2;
mod ecs;
mod eks;
mod elasticache;
mod elb;
mod lambda;
mod lines;
mod managed_class;
mod meter;
mod off_hours;
mod opensearch;
mod rds;
mod redshift;
mod s3;
mod sagemaker;
mod scaling_group;
mod secretsmanager;
mod shrunk;
mod vpc;

use crate::check::Check;

/// The checks of each service.
pub(super) static SERVICES: &[&[&dyn Check]] = &[
    cloudwatch::CHECKS,
    dynamodb::CHECKS,
    ebs::CHECKS,
    ec2::CHECKS,
    ecs::CHECKS,
    eks::CHECKS,
    elasticache::CHECKS,
    elb::CHECKS,
    lambda::CHECKS,
    opensearch::CHECKS,
    rds::CHECKS,
    redshift::CHECKS,
    s3::CHECKS,
    sagemaker::CHECKS,
    secretsmanager::CHECKS,
    vpc::CHECKS,
];
