//! The resource frame: what exists, as the cloud's own inventory said it on one day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;
use serde_json::Value;

use crate::cells::Texts;

pub use crate::cloud::{resource_key, resource_part, short_id};

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
    /// `instance`, `volume`, `address`, …
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
    /// Its name.
    pub name: Option<String>,
    /// The day it was made.
    pub created_on: Option<NaiveDate>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// What else is known of it; the keys are the provider's own, by kind.
    pub details: BTreeMap<String, Value>,
}

impl Resource {
    /// A detail that is text.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.details.get(key)?.as_str()
    }

    /// A detail that is a whole number.
    #[must_use]
    pub fn whole(&self, key: &str) -> Option<i64> {
        self.details.get(key)?.as_i64()
    }

    /// A detail that is true or false.
    #[must_use]
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.details.get(key)?.as_bool()
    }

    /// A detail that is a day.
    #[must_use]
    pub fn day(&self, key: &str) -> Option<NaiveDate> {
        self.text(key)?.parse().ok()
    }

    /// Days since it was made; `None` if that is unknown.
    #[must_use]
    pub fn age_days(&self, as_of: NaiveDate) -> Option<i64> {
        Some(as_of.signed_duration_since(self.created_on?).num_days())
    }

    /// Days since it is in its state; `None` if that is unknown.
    #[must_use]
    pub fn days_in_state(&self, as_of: NaiveDate) -> Option<i64> {
        Some(as_of.signed_duration_since(self.state_since?).num_days())
    }
}

/// All resources, by what bills and inventories both call them.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    resources: BTreeMap<String, Resource>,
    /// Keys of what is attached to each resource.
    attached: BTreeMap<String, Vec<String>>,
}

impl Inventory {
    /// From a frame with [`COLUMNS`]; `Name`, `CreatedOn`, `Tags` and `Details` may be missing.
    ///
    /// # Errors
    /// The engine's, when another column is missing or one is of another type; a cell of `Tags` or `Details` that is no JSON
    /// object.
    pub fn from_frame(frame: &DataFrame) -> PolarsResult<Self> {
        let texts = Texts::of(frame, &COLUMNS[..12])?;
        let added: Vec<&str> = COLUMNS[12..].iter().copied().filter(|c| frame.column(c).is_ok()).collect();
        let new = Texts::of(frame, &added)?;
        let cell = |name: &str, row: usize| new.get(added.iter().position(|c| *c == name)?, row);
        let resources = (0..frame.height()).filter_map(|row| {
            let text = |column: usize| texts.get(column, row).map(ToOwned::to_owned);
            let resource_id = text(0)?;
            let object = |name: &str| {
                Ok::<_, PolarsError>(
                    cell(name, row).map(|json| document(name, row, json)).transpose()?.unwrap_or_default(),
                )
            };
            let read = || {
                let tags = object("Tags")?.into_iter().filter_map(|(k, v)| Some((k, v.as_str()?.to_owned())));
                Ok(Resource {
                    kind: text(1).unwrap_or_default(),
                    sub_account_id: text(2),
                    region_id: text(3),
                    state: text(4),
                    state_since: texts.parsed(5, row),
                    instance_type: text(6),
                    volume_type: text(7),
                    size_gb: texts.parsed(8, row),
                    iops: texts.parsed(9, row),
                    throughput_mbps: texts.parsed(10, row),
                    attached_to: text(11),
                    name: cell("Name", row).map(ToOwned::to_owned),
                    created_on: cell("CreatedOn", row).and_then(|day| day.parse().ok()),
                    tags: tags.collect(),
                    details: object("Details")?,
                    resource_id: resource_id.clone(),
                })
            };
            Some(read())
        });
        Ok(Self::new(resources.collect::<PolarsResult<Vec<_>>>()?))
    }

    /// Of these resources.
    #[must_use]
    pub fn new(all: impl IntoIterator<Item = Resource>) -> Self {
        let mut attached: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut resources = BTreeMap::new();
        for resource in all {
            let key = resource_key(&resource.resource_id).to_owned();
            if let Some(to) = &resource.attached_to {
                attached.entry(resource_key(to).to_owned()).or_default().push(key.clone());
            }
            resources.insert(key, resource);
        }
        for keys in attached.values_mut() {
            keys.sort();
        }
        Self { resources, attached }
    }

    /// The resource a bill calls `resource_id`.
    #[must_use]
    pub fn get(&self, resource_id: &str) -> Option<&Resource> {
        self.resources.get(resource_key(resource_id))
    }

    /// Resources of one kind, by id.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Resource> {
        self.resources.values().filter(move |r| r.kind == kind)
    }

    /// Resources attached to a resource, by id.
    pub fn attached_to<'a>(&'a self, resource_id: &str) -> impl Iterator<Item = &'a Resource> + use<'a> {
        let keys = self.attached.get(resource_key(resource_id));
        keys.into_iter().flatten().filter_map(|key| self.resources.get(key))
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

/// A cell that holds a JSON object.
fn document(column: &str, row: usize, json: &str) -> PolarsResult<BTreeMap<String, Value>> {
    serde_json::from_str(json)
        .map_err(|e| PolarsError::ComputeError(format!("column {column}, row {}: no JSON object: {e}", row + 1).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_older_estates_lack_is_unknown_and_what_is_no_json_is_refused() {
        let mut frame = empty();
        assert!(Inventory::from_frame(&frame).unwrap().is_empty());
        for column in &COLUMNS[12..] {
            frame = frame.drop(column).unwrap();
        }
        assert!(Inventory::from_frame(&frame).is_ok());
        assert!(Inventory::from_frame(&frame.drop("State").unwrap()).is_err());
        let e = document("Tags", 4, "[1]").unwrap_err().to_string();
        assert!(e.contains("column Tags, row 5"), "{e}");
    }

    #[test]
    fn what_is_attached_is_found_from_both_ends() {
        let volume = Resource {
            resource_id: "vol-1".into(),
            kind: "volume".into(),
            attached_to: Some("arn:aws:ec2:r:1:instance/i-1".into()),
            ..Resource::default()
        };
        let instance = Resource { resource_id: "i-1".into(), kind: "instance".into(), ..Resource::default() };
        let inventory = Inventory::new([volume, instance]);
        assert_eq!(inventory.attached_to("i-1").map(|r| r.resource_id.as_str()).collect::<Vec<_>>(), ["vol-1"]);
    }
}
