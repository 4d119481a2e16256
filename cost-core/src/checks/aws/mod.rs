//! Checks for AWS, one folder per service. Shared code: `account_wide`, `extended_support`,
//! `idle_cluster`, `lines`, `managed_class`, `meter`, `off_hours`, `scaling_group`, `shrunk`.

mod account_wide;
mod bedrock;
mod cloudtrail;
mod cloudwatch;
mod commitments;
mod config;
mod directoryservice;
mod dms;
mod documentdb;
mod dynamodb;
mod ebs;
mod ec2;
mod ecr;
mod ecs;
mod efs;
mod eks;
mod elasticache;
mod elb;
mod extended_support;
mod fsx;
mod glue;
mod idle_cluster;
mod kinesis;
mod kms;
mod lambda;
mod lines;
mod managed_class;
mod memorydb;
mod meter;
mod mq;
mod msk;
mod neptune;
mod networkfirewall;
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
mod transfer;
mod upcoming;
mod vpc;
mod waf;
mod workspaces;

pub(super) use risks::RISKS;
pub(super) use upcoming::UPCOMING;

use crate::check::Check;

/// The checks of each service, by folder name.
pub(super) static SERVICES: &[(&str, &[&dyn Check])] = &[
    ("bedrock", bedrock::CHECKS),
    ("cloudtrail", cloudtrail::CHECKS),
    ("cloudwatch", cloudwatch::CHECKS),
    ("commitments", commitments::CHECKS),
    ("config", config::CHECKS),
    ("directoryservice", directoryservice::CHECKS),
    ("dms", dms::CHECKS),
    ("documentdb", documentdb::CHECKS),
    ("dynamodb", dynamodb::CHECKS),
    ("ebs", ebs::CHECKS),
    ("ec2", ec2::CHECKS),
    ("ecr", ecr::CHECKS),
    ("ecs", ecs::CHECKS),
    ("efs", efs::CHECKS),
    ("eks", eks::CHECKS),
    ("elasticache", elasticache::CHECKS),
    ("elb", elb::CHECKS),
    ("fsx", fsx::CHECKS),
    ("glue", glue::CHECKS),
    ("kinesis", kinesis::CHECKS),
    ("kms", kms::CHECKS),
    ("lambda", lambda::CHECKS),
    ("memorydb", memorydb::CHECKS),
    ("mq", mq::CHECKS),
    ("msk", msk::CHECKS),
    ("neptune", neptune::CHECKS),
    ("networkfirewall", networkfirewall::CHECKS),
    ("opensearch", opensearch::CHECKS),
    ("rds", rds::CHECKS),
    ("redshift", redshift::CHECKS),
    ("s3", s3::CHECKS),
    ("sagemaker", sagemaker::CHECKS),
    ("secretsmanager", secretsmanager::CHECKS),
    ("transfer", transfer::CHECKS),
    ("vpc", vpc::CHECKS),
    ("waf", waf::CHECKS),
    ("workspaces", workspaces::CHECKS),
];
