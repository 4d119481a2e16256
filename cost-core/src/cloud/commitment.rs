//! Commitment attributes of usage: reservation attributes, kinds of plans, and pools.

/// Service whose usage commitments can cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Service {
    /// EC2 instances.
    Ec2,
    /// Fargate, by vCPU or GB.
    Fargate,
    /// Lambda duration.
    Lambda,
    /// RDS and Aurora instances.
    Rds,
    /// `ElastiCache` nodes.
    ElastiCache,
    /// `OpenSearch` instances.
    OpenSearch,
    /// Redshift nodes.
    Redshift,
    /// Provisioned capacity of `DynamoDB`.
    DynamoDb,
    /// Instances of `SageMaker`.
    SageMaker,
}

/// Attributes for matching usage with reservations. Equal attributes mean a match.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attributes {
    /// Service.
    pub service: Service,
    /// Region, such as `us-east-1`.
    pub region: String,
    /// Family, such as `m5`, `db.r5`, or `cache.r6g`; for `DynamoDB`, `read` or `write`.
    pub family: String,
    /// Size, such as `large`; empty if there are none.
    pub size: String,
    /// Operating system (`Linux`, `Windows`, …), or engine with its license (`mysql`,
    /// `oracle-byol`, …); empty if there is none.
    pub platform: String,
    /// Whether it has dedicated tenancy.
    pub dedicated: bool,
    /// Whether it has a standby in another zone, which counts as two.
    pub multi_az: bool,
}

impl Attributes {
    /// Creates attributes with shared tenancy in one zone.
    #[must_use]
    pub fn new(service: Service, region: &str, family: &str, size: &str, platform: &str) -> Self {
        Self {
            service,
            region: region.to_owned(),
            family: family.to_owned(),
            size: size.to_owned(),
            platform: platform.to_owned(),
            dedicated: false,
            multi_az: false,
        }
    }
}

/// Kinds of Savings Plans by the usage they apply to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PlanKind {
    /// EC2 instances of one family in one region.
    Ec2Instance {
        /// Family, such as `m5`.
        family: String,
        /// Region.
        region: String,
    },
    /// EC2, Fargate and Lambda, anywhere.
    Compute,
    /// `SageMaker`, anywhere.
    SageMaker,
    /// RDS, `ElastiCache`, and `DynamoDB`, anywhere, if the rate card includes the usage.
    Database,
}

impl PlanKind {
    /// Returns whether it applies to usage.
    #[must_use]
    pub fn applies_to(&self, of: &Attributes) -> bool {
        match self {
            Self::Ec2Instance { family, region } => {
                of.service == Service::Ec2 && of.family == *family && of.region == *region
            }
            Self::Compute => {
                matches!(of.service, Service::Ec2 | Service::Fargate | Service::Lambda)
            }
            Self::SageMaker => of.service == Service::SageMaker,
            Self::Database => {
                matches!(of.service, Service::Rds | Service::ElastiCache | Service::DynamoDb)
            }
        }
    }
}

/// Platform of usage whose platform the bill does not show. No commitment price is known for it.
pub const UNKNOWN_PLATFORM: &str = "unknown";

/// Commitments of one kind that can cover the same usage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitmentPool {
    /// Kind of commitment; for bound commitments `kind, family, region`.
    pub name: String,
    /// Whether they are bound to a family or region.
    pub is_bound: bool,
}

impl CommitmentPool {
    /// Creates a pool of commitments that are bound to a family and a region.
    #[must_use]
    pub fn bound(kind: &str, family: &str, region: &str) -> Self {
        Self { name: format!("{kind}, {family}, {region}"), is_bound: true }
    }

    /// Creates a pool of unbound commitments.
    #[must_use]
    pub fn free(kind: &str) -> Self {
        Self { name: kind.to_owned(), is_bound: false }
    }
}

/// Reason for missing results on a Savings Plan.
pub(super) const UNKNOWN_PLAN: &str = "this kind of Savings Plan is unknown";

/// Returns whether a `CommitmentDiscountType` is a Savings Plan.
pub(super) fn names_plan(commitment_type: &str) -> bool {
    commitment_type.contains("Savings Plan") || commitment_type.contains("SavingsPlan")
}
