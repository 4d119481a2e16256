//! [`Kind`]: kinds of resources.

use std::fmt;

use polars::prelude::*;

use crate::table::{ColumnType, ColumnValue, Place, texts};

/// Declares [`Kind`]: each kind with its name in files.
macro_rules! kinds {
    ($($(#[$doc:meta])+ $kind:ident = $word:literal,)+) => {
        /// Kind of a resource.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Kind {
            $($(#[$doc])+ $kind,)+
            /// Kind that this version does not know, by its name.
            Other(String),
        }

        impl Kind {
            /// All kinds that this version knows.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// Returns its name in files.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$kind => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for Kind {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$kind,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }
    };
}

kinds! {
    /// An IP address.
    Address = "address",
    /// A bucket of objects.
    Bucket = "bucket",
    /// A node or cluster of a cache.
    CacheCluster = "cache-cluster",
    /// A Classic Load Balancer.
    ClassicLoadBalancer = "classic-load-balancer",
    /// A database cluster.
    DbCluster = "db-cluster",
    /// A database instance.
    DbInstance = "db-instance",
    /// An instance that ECS runs tasks on.
    EcsNode = "ecs-node",
    /// An ECS service.
    EcsService = "ecs-service",
    /// An ECS task that belongs to no service.
    EcsTask = "ecs-task",
    /// A Kubernetes cluster.
    EksCluster = "eks-cluster",
    /// A node group of a Kubernetes cluster.
    EksNodeGroup = "eks-node-group",
    /// A function, such as of AWS Lambda.
    Function = "function",
    /// An image for starting instances.
    Image = "image",
    /// A virtual machine.
    Instance = "instance",
    /// A load balancer.
    LoadBalancer = "load-balancer",
    /// A log group.
    LogGroup = "log-group",
    /// A NAT gateway.
    NatGateway = "nat-gateway",
    /// A reservation of instances.
    ReservedInstances = "reserved-instances",
    /// A Savings Plan.
    SavingsPlan = "savings-plan",
    /// A domain of a search service.
    SearchDomain = "search-domain",
    /// A snapshot of a volume.
    Snapshot = "snapshot",
    /// A table of a database service, such as `DynamoDB`.
    Table = "table",
    /// A volume.
    Volume = "volume",
    /// An endpoint of a private network.
    VpcEndpoint = "vpc-endpoint",
}

/// No name: a row without a kind.
impl Default for Kind {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ColumnValue for Kind {
    const TYPE: ColumnType = ColumnType::Text;
    const REQUIRED: bool = false;

    fn read(text: Option<&str>, _: Place) -> PolarsResult<Option<Self>> {
        Ok(Some(text.map(Self::from).unwrap_or_default()))
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series> {
        Ok(texts(values.map(|kind| kind.map(Self::as_str))))
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn each_word_is_a_kind_of_its_own() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from(kind.as_str()), *kind);
        }
        assert_eq!(Kind::from("widget"), Kind::Other("widget".to_owned()));
    }
}
