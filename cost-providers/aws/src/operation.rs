//! Every AWS operation that this crate may call. The policy is generated from this list, and calls
//! are checked against it.
//!
//! An interceptor refuses calls that are not in the list before they are sent, so the list is
//! complete. A test ensures that no operation in it writes.

/// AWS operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// SDK name of the service.
    pub service: &'static str,
    /// SDK name of the operation.
    pub name: &'static str,
    /// IAM action that allows it.
    pub action: &'static str,
    /// Price of one request, hundredths of a USD. Source: AWS Cost Explorer pricing page, read
    /// 2026-11: 0.01 USD a request.
    pub cents: u32,
    /// Data that it provides, for people.
    pub why: &'static str,
    /// Resources that the policy allows it on.
    pub on: On,
}

/// Resources that an action is allowed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// All resources: most `Describe` and `List` actions do not support resource-level permissions.
    All,
    /// The bucket of the cost reports.
    Bucket,
    /// Objects of that bucket.
    Objects,
    /// The role to assume in other accounts.
    MemberRole,
}

const fn of(
    service: &'static str,
    name: &'static str,
    action: &'static str,
    why: &'static str,
) -> Operation {
    Operation { service, name, action, cents: 0, why, on: On::All }
}

impl Operation {
    const fn paid(self, cents: u32) -> Self {
        Self { cents, ..self }
    }
    const fn on(self, on: On) -> Self {
        Self { on, ..self }
    }
}

macro_rules! operations {
    ($($constant:ident = $operation:expr;)*) => {
        $(pub(crate) const $constant: &Operation = &$operation;)*
        /// All operations, by service.
        pub const OPERATIONS: &[&Operation] = &[$($constant),*];
    };
}

operations! {
    GET_CALLER_IDENTITY = of("STS", "GetCallerIdentity", "sts:GetCallerIdentity", "who asks");
    ASSUME_ROLE = of("STS", "AssumeRole", "sts:AssumeRole", "access to other accounts").on(On::MemberRole);
    LIST_ACCOUNTS = of("Organizations", "ListAccounts", "organizations:ListAccounts", "accounts of the organization");
    SIMULATE_PRINCIPAL_POLICY = of("IAM", "SimulatePrincipalPolicy", "iam:SimulatePrincipalPolicy", "which permissions are missing");

    GET_COST_AND_USAGE = of("CostExplorer", "GetCostAndUsage", "ce:GetCostAndUsage", "costs by day").paid(1);
    GET_COST_AND_USAGE_WITH_RESOURCES = of("CostExplorer", "GetCostAndUsageWithResources", "ce:GetCostAndUsageWithResources", "costs by resource").paid(1);
    GET_SAVINGS_PLANS_UTILIZATION = of("CostExplorer", "GetSavingsPlansUtilization", "ce:GetSavingsPlansUtilization", "utilization of Savings Plans").paid(1);
    GET_SAVINGS_PLANS_COVERAGE = of("CostExplorer", "GetSavingsPlansCoverage", "ce:GetSavingsPlansCoverage", "coverage by Savings Plans").paid(1);
    GET_RESERVATION_UTILIZATION = of("CostExplorer", "GetReservationUtilization", "ce:GetReservationUtilization", "utilization of EC2 reservations").paid(1);
    GET_RESERVATION_COVERAGE = of("CostExplorer", "GetReservationCoverage", "ce:GetReservationCoverage", "coverage by EC2 reservations").paid(1);

    LIST_OBJECTS = of("S3", "ListObjectsV2", "s3:ListBucket", "files of cost reports").on(On::Bucket);
    GET_OBJECT = of("S3", "GetObject", "s3:GetObject", "cost reports").on(On::Objects);
    LIST_BUCKETS = of("S3", "ListBuckets", "s3:ListAllMyBuckets", "buckets");
    GET_BUCKET_LIFECYCLE = of("S3", "GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration", "lifecycle rules of buckets");
    GET_BUCKET_VERSIONING = of("S3", "GetBucketVersioning", "s3:GetBucketVersioning", "versioning of buckets");

    DESCRIBE_REGIONS = of("EC2", "DescribeRegions", "ec2:DescribeRegions", "enabled regions");
    DESCRIBE_INSTANCES = of("EC2", "DescribeInstances", "ec2:DescribeInstances", "instances");
    DESCRIBE_IMAGES = of("EC2", "DescribeImages", "ec2:DescribeImages", "own AMIs, and the age of those in use");
    DESCRIBE_VOLUMES = of("EC2", "DescribeVolumes", "ec2:DescribeVolumes", "EBS volumes");
    DESCRIBE_SNAPSHOTS = of("EC2", "DescribeSnapshots", "ec2:DescribeSnapshots", "EBS snapshots");
    DESCRIBE_ADDRESSES = of("EC2", "DescribeAddresses", "ec2:DescribeAddresses", "Elastic IP addresses");
    DESCRIBE_NAT_GATEWAYS = of("EC2", "DescribeNatGateways", "ec2:DescribeNatGateways", "NAT gateways");
    DESCRIBE_VPC_ENDPOINTS = of("EC2", "DescribeVpcEndpoints", "ec2:DescribeVpcEndpoints", "VPC endpoints");
    DESCRIBE_RESERVED_INSTANCES = of("EC2", "DescribeReservedInstances", "ec2:DescribeReservedInstances", "Reserved Instances owned");
    DESCRIBE_AUTO_SCALING_INSTANCES = of("AutoScaling", "DescribeAutoScalingInstances", "autoscaling:DescribeAutoScalingInstances", "Auto Scaling groups of instances");
    DESCRIBE_CLASSIC_BALANCERS = of("ElasticLoadBalancing", "DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers", "Classic Load Balancers");
    DESCRIBE_LOAD_BALANCERS = of("ElasticLoadBalancingv2", "DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers", "load balancers");
    DESCRIBE_TARGET_GROUPS = of("ElasticLoadBalancingv2", "DescribeTargetGroups", "elasticloadbalancing:DescribeTargetGroups", "target groups of load balancers");
    DESCRIBE_TARGET_HEALTH = of("ElasticLoadBalancingv2", "DescribeTargetHealth", "elasticloadbalancing:DescribeTargetHealth", "targets of load balancers");
    DESCRIBE_DB_INSTANCES = of("RDS", "DescribeDBInstances", "rds:DescribeDBInstances", "RDS instances");
    DESCRIBE_DB_CLUSTERS = of("RDS", "DescribeDBClusters", "rds:DescribeDBClusters", "RDS and Aurora clusters");
    LIST_FUNCTIONS = of("Lambda", "ListFunctions", "lambda:ListFunctions", "Lambda functions");
    LIST_ECS_CLUSTERS = of("ECS", "ListClusters", "ecs:ListClusters", "ECS clusters");
    LIST_CONTAINER_INSTANCES = of("ECS", "ListContainerInstances", "ecs:ListContainerInstances", "nodes of ECS clusters");
    DESCRIBE_CONTAINER_INSTANCES = of("ECS", "DescribeContainerInstances", "ecs:DescribeContainerInstances", "nodes of ECS clusters");
    LIST_SERVICES = of("ECS", "ListServices", "ecs:ListServices", "services of ECS clusters");
    DESCRIBE_SERVICES = of("ECS", "DescribeServices", "ecs:DescribeServices", "services of ECS clusters");
    DESCRIBE_TASK_DEFINITION = of("ECS", "DescribeTaskDefinition", "ecs:DescribeTaskDefinition", "the size of tasks of ECS services");
    LIST_TASKS = of("ECS", "ListTasks", "ecs:ListTasks", "tasks on Fargate");
    DESCRIBE_TASKS = of("ECS", "DescribeTasks", "ecs:DescribeTasks", "tasks on Fargate, and their services");
    LIST_EKS_CLUSTERS = of("EKS", "ListClusters", "eks:ListClusters", "EKS clusters");
    DESCRIBE_EKS_CLUSTER = of("EKS", "DescribeCluster", "eks:DescribeCluster", "the versions of EKS clusters");
    LIST_NODEGROUPS = of("EKS", "ListNodegroups", "eks:ListNodegroups", "node groups of EKS clusters");
    DESCRIBE_NODEGROUP = of("EKS", "DescribeNodegroup", "eks:DescribeNodegroup", "node groups of EKS clusters");
    DESCRIBE_CACHE_CLUSTERS = of("ElastiCache", "DescribeCacheClusters", "elasticache:DescribeCacheClusters", "ElastiCache nodes");
    LIST_TABLES = of("DynamoDB", "ListTables", "dynamodb:ListTables", "DynamoDB tables");
    DESCRIBE_TABLE = of("DynamoDB", "DescribeTable", "dynamodb:DescribeTable", "DynamoDB tables");
    DESCRIBE_LOG_GROUPS = of("CloudWatchLogs", "DescribeLogGroups", "logs:DescribeLogGroups", "log groups");
    GET_METRIC_DATA = of("CloudWatch", "GetMetricData", "cloudwatch:GetMetricData", "utilization of resources");
    LIST_METRICS = of("CloudWatch", "ListMetrics", "cloudwatch:ListMetrics", "available metrics of agents and of resources missing from the inventory");
    GET_PRODUCTS = of("Pricing", "GetProducts", "pricing:GetProducts", "list prices");
    DESCRIBE_SPOT_PRICE_HISTORY = of("EC2", "DescribeSpotPriceHistory", "ec2:DescribeSpotPriceHistory", "spot prices");
    HUB_ENROLLMENT = of("CostOptimizationHub", "ListEnrollmentStatuses", "cost-optimization-hub:ListEnrollmentStatuses", "whether Cost Optimization Hub is enabled");
    HUB_PREFERENCES = of("CostOptimizationHub", "GetPreferences", "cost-optimization-hub:GetPreferences", "basis of its estimated savings");
    HUB_RECOMMENDATIONS = of("CostOptimizationHub", "ListRecommendations", "cost-optimization-hub:ListRecommendations", "provider recommendations");
    OPTIMIZER_INSTANCES = of("ComputeOptimizer", "GetEC2InstanceRecommendations", "compute-optimizer:GetEC2InstanceRecommendations", "provider recommendations for instances");
    OPTIMIZER_VOLUMES = of("ComputeOptimizer", "GetEBSVolumeRecommendations", "compute-optimizer:GetEBSVolumeRecommendations", "provider recommendations for volumes");
    DESCRIBE_SAVINGS_PLANS_OFFERING_RATES = of("savingsplans", "DescribeSavingsPlansOfferingRates", "savingsplans:DescribeSavingsPlansOfferingRates", "rates of Savings Plans on offer");
    DESCRIBE_SAVINGS_PLANS = of("savingsplans", "DescribeSavingsPlans", "savingsplans:DescribeSavingsPlans", "Savings Plans owned");
}

/// Returns the declared operation of a service, by SDK names; some SDK service names contain
/// spaces.
#[must_use]
pub fn declared(service: &str, name: &str) -> Option<&'static Operation> {
    let same = |known: &str| service.split(' ').flat_map(str::chars).eq(known.chars());
    OPERATIONS.iter().copied().find(|o| o.name == name && same(o.service))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_declared_writes() {
        // Verbs of AWS operations that only read; AssumeRole gives credentials, and changes
        // nothing.
        let reads = ["Describe", "Get", "List", "Simulate"];
        for o in OPERATIONS {
            let reads = reads.iter().any(|verb| o.name.starts_with(verb)) || o.name == "AssumeRole";
            assert!(reads, "{} may write", o.name);
            let (service, action) = o.action.split_once(':').expect("service:Action");
            assert!(!service.is_empty() && !action.contains('*'), "{} is one action", o.action);
        }
    }

    #[test]
    fn operations_are_declared_once() {
        for (at, o) in OPERATIONS.iter().enumerate() {
            assert!(
                OPERATIONS[at + 1..].iter().all(|p| (p.service, p.name) != (o.service, o.name)),
                "{}",
                o.name
            );
            assert_eq!(declared(o.service, o.name), Some(*o));
        }
        assert_eq!(declared("Cost Explorer", "GetCostAndUsage"), Some(GET_COST_AND_USAGE));
        assert_eq!(declared("EC2", "TerminateInstances"), None);
    }
}
