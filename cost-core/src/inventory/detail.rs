//! Properties of some kinds of resources: the keys of `Details`, each with the type of its values.
//!
//! Providers write a detail under its [`Detail`], and analyses read it under the same one. A
//! misspelled key or a wrong type does not compile.

use std::marker::PhantomData;

use chrono::NaiveDate;
use serde_json::Value;

/// Detail of a resource: its key, and the type of its values.
#[derive(Debug)]
pub struct Detail<T> {
    /// Key in the column `Details`.
    pub key: &'static str,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Detail<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Detail<T> {}

/// Type of a detail's value.
pub trait DetailValue: Sized {
    /// Type of a value when it is read.
    type Read<'a>;
    /// Name of the type, for documentation.
    const NAME: &'static str;

    /// Reads a value; `None` if it has another type.
    fn read(value: &Value) -> Option<Self::Read<'_>>;

    /// Returns the value as it is written; `None` for blank text.
    fn written(self) -> Option<Value>;
}

impl DetailValue for String {
    type Read<'a> = &'a str;
    const NAME: &'static str = "text";

    fn read(value: &Value) -> Option<&str> {
        value.as_str()
    }

    fn written(self) -> Option<Value> {
        Some(self).filter(|text| !text.is_empty()).map(Value::from)
    }
}

impl DetailValue for i64 {
    type Read<'a> = Self;
    const NAME: &'static str = "integer";

    fn read(value: &Value) -> Option<Self> {
        value.as_i64()
    }

    fn written(self) -> Option<Value> {
        Some(Value::from(self))
    }
}

impl DetailValue for bool {
    type Read<'a> = Self;
    const NAME: &'static str = "boolean";

    fn read(value: &Value) -> Option<Self> {
        value.as_bool()
    }

    fn written(self) -> Option<Value> {
        Some(Value::from(self))
    }
}

impl DetailValue for NaiveDate {
    type Read<'a> = Self;
    const NAME: &'static str = "date";

    fn read(value: &Value) -> Option<Self> {
        value.as_str()?.parse().ok()
    }

    fn written(self) -> Option<Value> {
        Some(Value::from(self.to_string()))
    }
}

impl DetailValue for Vec<String> {
    type Read<'a> = Vec<&'a str>;
    const NAME: &'static str = "list of text";

    fn read(value: &Value) -> Option<Vec<&str>> {
        Some(value.as_array()?.iter().filter_map(Value::as_str).collect())
    }

    fn written(self) -> Option<Value> {
        Some(Value::from(self))
    }
}

/// Documentation of a detail.
#[derive(Clone, Copy, Debug)]
pub struct Documented {
    /// Name of its constant.
    pub name: &'static str,
    /// Key in the column `Details`.
    pub key: &'static str,
    /// Type of the values.
    pub kind: &'static str,
    /// Meaning, and the kinds of resources that have it.
    pub doc: &'static str,
}

/// Declares a [`Detail`] for each key, and [`ALL`].
macro_rules! details {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty = $key:literal;)+) => {
        $($(#[doc = $doc])+ pub const $name: Detail<$type> = Detail { key: $key, of: PhantomData };)+

        /// All details, by key.
        pub const ALL: &[Documented] = &[$(
            Documented { name: stringify!($name), key: $key, kind: <$type as DetailValue>::NAME, doc: concat!($($doc),+) }
        ),+];
    };
}

details! {
    /// Bucket: whether an enabled lifecycle rule aborts incomplete uploads.
    ABORTS_UPLOADS: bool = "AbortsUploads";
    /// Instance or function: architecture of the processor.
    ARCHITECTURE: String = "Architecture";
    /// Instance: Auto Scaling group that it is in.
    AUTO_SCALING_GROUP: String = "AutoScalingGroup";
    /// Node group: its Auto Scaling groups.
    AUTO_SCALING_GROUPS: Vec<String> = "AutoScalingGroups";
    /// Instance, volume, cache, or reservation: Availability Zone.
    AVAILABILITY_ZONE: String = "AvailabilityZone";
    /// Database: days for which automated backups are stored.
    BACKUP_RETENTION_DAYS: i64 = "BackupRetentionDays";
    /// Table: `PROVISIONED` or `PAY_PER_REQUEST`.
    BILLING_MODE: String = "BillingMode";
    /// Node group: `ON_DEMAND` or `SPOT`.
    CAPACITY_TYPE: String = "CapacityType";
    /// Log group: its class, such as `STANDARD`.
    CLASS: String = "Class";
    /// ECS node, service, or task, or EKS node group: its cluster.
    CLUSTER: String = "Cluster";
    /// Database instance: the cluster that it is in.
    CLUSTER_ID: String = "ClusterId";
    /// Database cluster: the ID by which bills name it, such as `cluster-ABC123`.
    CLUSTER_RESOURCE_ID: String = "ClusterResourceId";
    /// Function: size of the code, bytes.
    CODE_BYTES: i64 = "CodeBytes";
    /// Savings Plan: commitment, USD per hour.
    COMMITMENT_USD_PER_HOUR: String = "CommitmentUsdPerHour";
    /// NAT gateway: `public` or `private`.
    CONNECTIVITY_TYPE: String = "ConnectivityType";
    /// Reservation: number of instances.
    COUNT: i64 = "Count";
    /// ECS node: CPU; ECS service: CPU of a task; ECS task: CPU. 1,024 units are one vCPU.
    CPU_UNITS: i64 = "CpuUnits";
    /// ECS node: CPU that no task has reserved, units.
    CPU_UNITS_FREE: i64 = "CpuUnitsFree";
    /// Volume: whether it is deleted with its instance.
    DELETE_ON_TERMINATION: bool = "DeleteOnTermination";
    /// Snapshot: description.
    DESCRIPTION: String = "Description";
    /// Node group: desired number of nodes.
    DESIRED_SIZE: i64 = "DesiredSize";
    /// ECS service: desired number of tasks.
    DESIRED_TASKS: i64 = "DesiredTasks";
    /// Instance: whether detailed monitoring is on.
    DETAILED_MONITORING: bool = "DetailedMonitoring";
    /// Volume: device name on its instance.
    DEVICE: String = "Device";
    /// Savings Plan: instance family that it applies to.
    EC2_INSTANCE_FAMILY: String = "Ec2InstanceFamily";
    /// Volume: whether it is encrypted.
    ENCRYPTED: bool = "Encrypted";
    /// VPC endpoint: `Interface`, `GatewayLoadBalancer` (both billed by the hour), or `Gateway`
    /// (free).
    ENDPOINT_TYPE: String = "EndpointType";
    /// Reservation or Savings Plan: last day of the term.
    ENDS_ON: NaiveDate = "EndsOn";
    /// Database or cache: engine, such as `mysql`.
    ENGINE: String = "Engine";
    /// Database instance or cluster: `open-source-rds-extended-support`, or
    /// `open-source-rds-extended-support-disabled` if it is upgraded at the end of standard support.
    ENGINE_LIFECYCLE_SUPPORT: String = "EngineLifecycleSupport";
    /// Database cluster: `provisioned` or `serverless`.
    ENGINE_MODE: String = "EngineMode";
    /// Database or cache: version of the engine; search domain: engine and version, such as
    /// `OpenSearch_2.11`.
    ENGINE_VERSION: String = "EngineVersion";
    /// Function: temporary storage, MB.
    EPHEMERAL_STORAGE_MB: i64 = "EphemeralStorageMb";
    /// Bucket: whether an enabled lifecycle rule expires noncurrent versions.
    EXPIRES_NONCURRENT: bool = "ExpiresNoncurrent";
    /// Snapshot: size of all written blocks at the time of the snapshot, bytes.
    FULL_SNAPSHOT_SIZE_IN_BYTES: i64 = "FullSnapshotSizeInBytes";
    /// Load balancer: number of healthy targets.
    HEALTHY_TARGETS: i64 = "HealthyTargets";
    /// Instance: day on which its image was created.
    IMAGE_CREATED_ON: NaiveDate = "ImageCreatedOn";
    /// Instance: image that it was started from.
    IMAGE_ID: String = "ImageId";
    /// Table: number of global secondary indexes.
    INDEXES: i64 = "Indexes";
    /// Node group: instance types.
    INSTANCE_TYPES: Vec<String> = "InstanceTypes";
    /// Table: number of items.
    ITEMS: i64 = "Items";
    /// Function: when it was last changed.
    LAST_MODIFIED: String = "LastModified";
    /// Instance: day of the last start.
    LAUNCHED_ON: NaiveDate = "LaunchedOn";
    /// ECS service: `EC2`, `FARGATE`, or `EXTERNAL`.
    LAUNCH_TYPE: String = "LaunchType";
    /// Database instance: license model, such as `bring-your-own-license`.
    LICENSE_MODEL: String = "LicenseModel";
    /// Instance: `on-demand`, `spot`, `scheduled`, or `capacity-block`.
    LIFECYCLE: String = "Lifecycle";
    /// Bucket: number of enabled lifecycle rules.
    LIFECYCLE_RULES: i64 = "LifecycleRules";
    /// Database cluster, Serverless v2: maximum capacity of an instance, Aurora capacity units.
    MAX_CAPACITY: String = "MaxCapacity";
    /// Node group: maximum number of nodes.
    MAX_SIZE: i64 = "MaxSize";
    /// Database cluster: number of instances.
    MEMBERS: i64 = "Members";
    /// Function: memory; ECS node: memory; ECS service: memory of a task; ECS task: memory. MB.
    MEMORY_MB: i64 = "MemoryMb";
    /// ECS node: memory that no task has reserved, MB.
    MEMORY_MB_FREE: i64 = "MemoryMbFree";
    /// Database cluster, Serverless v2: minimum capacity of an instance, Aurora capacity units.
    MIN_CAPACITY: String = "MinCapacity";
    /// Node group: minimum number of nodes.
    MIN_SIZE: i64 = "MinSize";
    /// Database: whether it runs in several Availability Zones.
    MULTI_AZ: bool = "MultiAz";
    /// Address: network interface that it is associated with.
    NETWORK_INTERFACE_ID: String = "NetworkInterfaceId";
    /// Cache: number of nodes.
    NODES: i64 = "Nodes";
    /// Reservation: `standard` or `convertible`.
    OFFERING_CLASS: String = "OfferingClass";
    /// Reservation: payment option.
    OFFERING_TYPE: String = "OfferingType";
    /// Savings Plan: payment option.
    PAYMENT_OPTION: String = "PaymentOption";
    /// Database instance: whether Performance Insights is on.
    PERFORMANCE_INSIGHTS: bool = "PerformanceInsights";
    /// Instance or reservation: operating system, as named by EC2.
    PLATFORM: String = "Platform";
    /// Savings Plan: products that it applies to.
    PRODUCTS: Vec<String> = "Products";
    /// Image: whether everyone can start instances from it.
    PUBLIC: bool = "Public";
    /// Address: the IP address.
    PUBLIC_IP: String = "PublicIp";
    /// Table: provisioned read capacity, units.
    READ_CAPACITY_UNITS: i64 = "ReadCapacityUnits";
    /// Savings Plan: recurring payment, USD per hour.
    RECURRING_USD_PER_HOUR: String = "RecurringUsdPerHour";
    /// Savings Plan: Region that it applies to.
    REGION: String = "Region";
    /// Database instance: the instance that it is a read replica of.
    REPLICA_OF: String = "ReplicaOf";
    /// Cache: replication group that it is in.
    REPLICATION_GROUP: String = "ReplicationGroup";
    /// Log group: days for which logs are stored; null if they never expire.
    RETENTION_DAYS: i64 = "RetentionDays";
    /// ECS node or service: number of running tasks.
    RUNNING_TASKS: i64 = "RunningTasks";
    /// Function: runtime, such as `python3.13`.
    RUNTIME: String = "Runtime";
    /// Load balancer: `internet-facing` or `internal`.
    SCHEME: String = "Scheme";
    /// Reservation: `Region` or `Availability Zone`.
    SCOPE: String = "Scope";
    /// VPC endpoint: service that it connects to.
    SERVICE_NAME: String = "ServiceName";
    /// Table: size, bytes.
    SIZE_BYTES: i64 = "SizeBytes";
    /// Volume: snapshot that it was created from.
    SNAPSHOT_ID: String = "SnapshotId";
    /// Image: its snapshots.
    SNAPSHOT_IDS: Vec<String> = "SnapshotIds";
    /// Snapshot: `standard` or `archive`.
    STORAGE_TIER: String = "StorageTier";
    /// Database cluster: type of storage.
    STORAGE_TYPE: String = "StorageType";
    /// Log group: stored bytes.
    STORED_BYTES: i64 = "StoredBytes";
    /// NAT gateway: subnet.
    SUBNET_ID: String = "SubnetId";
    /// Kubernetes cluster: `STANDARD`, if it is upgraded at the end of standard support, or
    /// `EXTENDED`.
    SUPPORT_TYPE: String = "SupportType";
    /// Table: class, such as `STANDARD`.
    TABLE_CLASS: String = "TableClass";
    /// Load balancer: number of target groups.
    TARGET_GROUPS: i64 = "TargetGroups";
    /// Load balancer: registered targets.
    TARGETS: i64 = "Targets";
    /// ECS service: task definition.
    TASK_DEFINITION: String = "TaskDefinition";
    /// Instance: `default`, `dedicated`, or `host`.
    TENANCY: String = "Tenancy";
    /// Reservation or Savings Plan: length of the term, seconds.
    TERM_SECONDS: i64 = "TermSeconds";
    /// Function: timeout, seconds.
    TIMEOUT_SECONDS: i64 = "TimeoutSeconds";
    /// Load balancer: `application`, `network`, or `gateway`; Savings Plan: its type, such as
    /// `Compute`.
    TYPE: String = "Type";
    /// Reservation or Savings Plan: upfront payment, USD.
    UPFRONT_USD: String = "UpfrontUsd";
    /// Reservation: recurring price of one instance, USD per hour.
    USD_PER_HOUR: String = "UsdPerHour";
    /// Kubernetes cluster or node group: version of Kubernetes.
    VERSION: String = "Version";
    /// Bucket: `Enabled`, `Suspended`, or `Disabled`.
    VERSIONING: String = "Versioning";
    /// Snapshot: volume that it was created from.
    VOLUME_ID: String = "VolumeId";
    /// NAT gateway, VPC endpoint, or load balancer: VPC.
    VPC_ID: String = "VpcId";
    /// Table: provisioned write capacity, units.
    WRITE_CAPACITY_UNITS: i64 = "WriteCapacityUnits";
    /// VPC endpoint: number of Availability Zones, each billed.
    ZONES: i64 = "Zones";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_detail_is_read_as_what_it_was_written_as() {
        let text = String::from("x").written().unwrap();
        assert_eq!(
            (String::read(&text), i64::read(&text), bool::read(&text)),
            (Some("x"), None, None)
        );
        let day = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap();
        assert_eq!(NaiveDate::read(&day.written().unwrap()), Some(day));
        let list = vec!["a".to_owned(), "b".to_owned()].written().unwrap();
        assert_eq!(Vec::<String>::read(&list), Some(vec!["a", "b"]));
        assert_eq!(
            (i64::read(&7.written().unwrap()), bool::read(&true.written().unwrap())),
            (Some(7), Some(true))
        );
        assert_eq!(String::new().written(), None);
    }

    #[test]
    fn no_key_is_declared_twice() {
        let keys: BTreeSet<&str> = ALL.iter().map(|d| d.key).collect();
        assert_eq!(keys.len(), ALL.len());
    }
}
