//! [`Resource`]: a row of the inventory.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::detail::{Detail, DetailValue};
use super::kind::Kind;
use crate::table::{Table, TableRow, row, rows_of};

/// Inventory table.
pub static INVENTORY: Table = Table {
    name: "inventory",
    label: "inventory",
    path: "inventory/resources.parquet",
    doc: "Resources that exist on the day of the estate. One row per resource.",
    columns: Resource::COLUMNS,
    key: &["SubAccountId", "RegionId", "Kind", "ResourceId"],
    opt_in: false,
    rules: |frame| rows_of::<Resource>(frame).map(|_| Vec::new()),
};

row! {
    /// Resource of the inventory.
    #[derive(Clone, Debug, Default)]
    pub struct Resource {
        /// Identifier in the cloud.
        #[column("ResourceId")]
        pub resource_id: String,
        /// Kind of resource, such as `instance`, `volume`, or `address`.
        #[column("Kind")]
        pub kind: Kind,
        /// Account.
        #[column("SubAccountId")]
        pub sub_account_id: Option<String>,
        /// Region.
        #[column("RegionId")]
        pub region_id: Option<String>,
        /// State, as the provider names it, such as `available`.
        #[column("State")]
        pub state: Option<String>,
        /// First day in that state.
        #[column("StateSince")]
        pub state_since: Option<NaiveDate>,
        /// Instance type.
        #[column("InstanceType")]
        pub instance_type: Option<String>,
        /// Volume type.
        #[column("VolumeType")]
        pub volume_type: Option<String>,
        /// Size.
        #[column("SizeGb", unit = "GB")]
        pub size_gb: Option<i64>,
        /// Provisioned operations per second.
        #[column("Iops", unit = "1/s")]
        pub iops: Option<i64>,
        /// Provisioned throughput.
        #[column("ThroughputMbps", unit = "MB/s")]
        pub throughput_mbps: Option<i64>,
        /// Resource that it is attached to.
        #[column("AttachedTo")]
        pub attached_to: Option<String>,
        /// Name.
        #[column("Name", optional = true)]
        pub name: Option<String>,
        /// Day on which it was created.
        #[column("CreatedOn", optional = true)]
        pub created_on: Option<NaiveDate>,
        /// Tags.
        #[column("Tags", optional = true)]
        pub tags: BTreeMap<String, String>,
        /// Other properties. The keys depend on provider and kind.
        #[column("Details", optional = true)]
        pub details: BTreeMap<String, Value>,
    }
}

impl Resource {
    /// Returns a detail; `None` if it is unknown or has an unexpected type.
    #[must_use]
    pub fn get<T: DetailValue>(&self, detail: Detail<T>) -> Option<T::Read<'_>> {
        T::read(self.details.get(detail.key)?)
    }

    /// Adds a detail, unless it is unknown or blank.
    #[must_use]
    pub fn with<T: DetailValue>(mut self, detail: Detail<T>, value: Option<impl Into<T>>) -> Self {
        let value = value.and_then(|v| v.into().written());
        self.details.extend(value.map(|v| (detail.key.to_owned(), v)));
        self
    }

    /// Returns the days since its creation; `None` if unknown.
    #[must_use]
    pub fn age_days(&self, as_of: NaiveDate) -> Option<i64> {
        Some(as_of.signed_duration_since(self.created_on?).num_days())
    }

    /// Returns the days in its current state; `None` if unknown.
    #[must_use]
    pub fn days_in_state(&self, as_of: NaiveDate) -> Option<i64> {
        Some(as_of.signed_duration_since(self.state_since?).num_days())
    }
}
