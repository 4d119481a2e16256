//! The services that the account uses, as bills name them.

use crate::demo::thing::Service;

pub(super) const EC2: Service = ("Amazon Elastic Compute Cloud", "Compute", "Virtual Machines");
pub(super) const EBS: Service = ("Amazon Elastic Compute Cloud", "Storage", "Block Storage");
pub(super) const SNAPSHOTS: Service = ("Amazon Elastic Compute Cloud", "Storage", "Backup Storage");
pub(super) const RDS: Service =
    ("Amazon Relational Database Service", "Databases", "Relational Databases");
pub(super) const CACHE: Service = ("Amazon ElastiCache", "Databases", "Caching");
pub(super) const REDSHIFT: Service = ("Amazon Redshift", "Analytics", "Data Warehouses");
pub(super) const SEARCH: Service = ("Amazon OpenSearch Service", "Analytics", "Search");
pub(super) const DYNAMO: Service = ("Amazon DynamoDB", "Databases", "NoSQL Databases");
pub(super) const EKS: Service =
    ("Amazon Elastic Container Service for Kubernetes", "Compute", "Containers");
pub(super) const SAGEMAKER: Service =
    ("Amazon SageMaker", "AI and Machine Learning", "Machine Learning");
pub(super) const ELB: Service = ("Elastic Load Balancing", "Networking", "Network Connectivity");
pub(super) const VPC: Service =
    ("Amazon Virtual Private Cloud", "Networking", "Network Connectivity");
pub(super) const LOGS: Service = ("AmazonCloudWatch", "Management and Governance", "Observability");
pub(super) const SECRETS: Service =
    ("AWS Secrets Manager", "Security", "Identity and Access Management");
pub(super) const LAMBDA: Service = ("AWS Lambda", "Compute", "Serverless Compute");
pub(super) const FARGATE: Service = ("Amazon Elastic Container Service", "Compute", "Containers");
pub(super) const S3: Service = ("Amazon Simple Storage Service", "Storage", "Object Storage");
