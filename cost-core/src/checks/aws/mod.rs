//! Checks for AWS, one folder per service. Shared code: `lines`, `managed_class`, `meter`,
//! `off_hours`, `scaling_group`, `shrunk`.

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
mod risks;
mod s3;
mod sagemaker;
mod scaling_group;
mod secretsmanager;
mod shrunk;
mod vpc;

pub(super) use risks::RISKS;

use crate::check::Check;

/// The checks of each service, by folder name.
pub(super) static SERVICES: &[(&str, &[&dyn Check])] = &[
    ("cloudwatch", cloudwatch::CHECKS),
    ("dynamodb", dynamodb::CHECKS),
    ("ebs", ebs::CHECKS),
    ("ec2", ec2::CHECKS),
    ("ecs", ecs::CHECKS),
    ("eks", eks::CHECKS),
    ("elasticache", elasticache::CHECKS),
    ("elb", elb::CHECKS),
    ("lambda", lambda::CHECKS),
    ("opensearch", opensearch::CHECKS),
    ("rds", rds::CHECKS),
    ("redshift", redshift::CHECKS),
    ("s3", s3::CHECKS),
    ("sagemaker", sagemaker::CHECKS),
    ("secretsmanager", secretsmanager::CHECKS),
    ("vpc", vpc::CHECKS),
];
