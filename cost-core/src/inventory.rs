//! The resource frame: what exists, as the cloud's own inventory said it on one day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;

/// Columns of `inventory/resources.parquet`, grain: one row a resource. Unknown is null.
///
/// `ResourceId`, `Kind` (`instance`, `volume`, `address`, …), `SubAccountId`, `RegionId`, `State` (the cloud's word,
/// such as `available`), `StateSince` (Date), `InstanceType`, `VolumeType` (text), `SizeGb` (i64), `Iops` (i64),
/// `ThroughputMbps` (i64, MB/s), `AttachedTo` (a `ResourceId`), and, which estates of older versions lack, `Name` (text),
/// `CreatedOn` (Date), `Tags` and `Details` (JSON objects; the keys of `Details` are the provider's own, by kind).
pub const COLUMNS: &[&str] = &[
    "ResourceId",
    "Kind",
    "SubAccountId",
    "RegionId",
    "State",
    "StateSince",
    "InstanceType",
    "VolumeType",
    "SizeGb",
    "Iops",
    "ThroughputMbps",
    "AttachedTo",
    "Name",
    "CreatedOn",
    "Tags",
    "Details",
];

/// The type of one of [`COLUMNS`].
#[must_use]
pub fn column_type(name: &str) -> DataType {
    match name {
        "StateSince" | "CreatedOn" => DataType::Date,
        "SizeGb" | "Iops" | "ThroughputMbps" => DataType::Int64,
        _ => DataType::String,
    }
}

/// A frame with [`COLUMNS`] and no rows.
#[must_use]
pub fn empty() -> DataFrame {
    let schema: Schema = COLUMNS.iter().map(|name| Field::new((*name).into(), column_type(name))).collect();
    DataFrame::empty_with_schema(&schema)
}

/// One resource.
#[derive(Clone, Debug, Default)]
pub struct Resource {
    /// Identifier in the cloud.
    pub resource_id: String,
    /// `instance`, `volume`, `address`.
    pub kind: String,
    /// Account.
    pub sub_account_id: Option<String>,
    /// Region.
    pub region_id: Option<String>,
    /// State in the cloud's words.
    pub state: Option<String>,
    /// Day since when it is in that state.
    pub state_since: Option<NaiveDate>,
    /// Instance type.
    pub instance_type: Option<String>,
    /// Volume type.
    pub volume_type: Option<String>,
    /// Size, GB.
    pub size_gb: Option<i64>,
    /// Provisioned operations per second.
    pub iops: Option<i64>,
    /// Provisioned throughput, MB/s.
    pub throughput_mbps: Option<i64>,
    /// What it is attached to.
    pub attached_to: Option<String>,
}

/// All resources, by the last part of their id.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    resources: BTreeMap<String, Resource>,
}

/// The part of an identifier that bills and inventories share: what follows the last `/` of an ARN.
#[must_use]
pub fn short_id(resource_id: &str) -> &str {
    resource_id.rsplit('/').next().unwrap_or(resource_id)
}

impl Inventory {
    /// From a frame with [`COLUMNS`].
    ///
    /// # Errors
    /// The engine's, when a column is missing or of another type.
    pub fn from_frame(frame: &DataFrame) -> PolarsResult<Self> {
        let text = |name: &str| frame.column(name)?.cast(&DataType::String);
        let whole = |name: &str| frame.column(name)?.cast(&DataType::Int64);
        let [id, kind, account, region, state] =
            [text("ResourceId")?, text("Kind")?, text("SubAccountId")?, text("RegionId")?, text("State")?];
        let [instance_type, volume_type, attached] = [text("InstanceType")?, text("VolumeType")?, text("AttachedTo")?];
        let [size, iops, throughput] = [whole("SizeGb")?, whole("Iops")?, whole("ThroughputMbps")?];
        let since = frame.column("StateSince")?.date()?.physical().clone();
        let mut resources = BTreeMap::new();
        for row in 0..frame.height() {
            let get = |c: &Column| Ok::<_, PolarsError>(c.str()?.get(row).map(ToOwned::to_owned));
            let Some(resource_id) = get(&id)? else { continue };
            let resource = Resource {
                kind: get(&kind)?.unwrap_or_default(),
                sub_account_id: get(&account)?,
                region_id: get(&region)?,
                state: get(&state)?,
                state_since: since.get(row).and_then(crate::rollup::day),
                instance_type: get(&instance_type)?,
                volume_type: get(&volume_type)?,
                size_gb: size.i64()?.get(row),
                iops: iops.i64()?.get(row),
                throughput_mbps: throughput.i64()?.get(row),
                attached_to: get(&attached)?,
                resource_id,
            };
            resources.insert(short_id(&resource.resource_id).to_owned(), resource);
        }
        Ok(Self { resources })
    }

    /// The resource a bill calls `resource_id`.
    #[must_use]
    pub fn get(&self, resource_id: &str) -> Option<&Resource> {
        self.resources.get(short_id(resource_id))
    }

    /// Resources of one kind, by id.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Resource> {
        self.resources.values().filter(move |r| r.kind == kind)
    }

    /// How many resources.
    #[must_use]
    pub fn len(&self) -> usize {
        self.resources.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }
}
