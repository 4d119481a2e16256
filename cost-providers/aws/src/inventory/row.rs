//! One resource, and all of them as a frame.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::Tag;
use chrono::NaiveDate;
use cost_core::cells::dates;
use cost_core::inventory::{COLUMNS, column_type};
use polars::prelude::*;
use serde_json::Value;

use crate::connect::At;

/// One resource.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) state: Option<String>,
    pub(crate) state_since: Option<NaiveDate>,
    pub(crate) instance_type: Option<String>,
    pub(crate) volume_type: Option<String>,
    pub(crate) size_gb: Option<i64>,
    pub(crate) iops: Option<i64>,
    pub(crate) throughput_mbps: Option<i64>,
    pub(crate) attached_to: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) created_on: Option<NaiveDate>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) details: BTreeMap<&'static str, Value>,
}

impl Row {
    pub(crate) fn new(kind: &'static str, id: impl Into<String>, at: &At) -> Self {
        let (account, region) = (at.account().to_owned(), at.region().to_owned());
        Self { id: id.into(), kind, account, region, ..Self::default() }
    }

    /// Adds a detail, unless it is unknown or blank.
    pub(crate) fn detail(mut self, key: &'static str, value: Option<impl Into<Value>>) -> Self {
        let value = value.map(Into::into).filter(|v: &Value| v.as_str() != Some(""));
        if let Some(value) = value {
            self.details.insert(key, value);
        }
        self
    }

    /// Adds the tags, and the name that the tag `Name` gives.
    pub(crate) fn tagged(mut self, tags: impl IntoIterator<Item = (Option<String>, Option<String>)>) -> Self {
        self.tags = tags.into_iter().filter_map(|(k, v)| Some((k?, v.unwrap_or_default()))).collect();
        self.name = self.name.or_else(|| self.tags.get("Name").cloned());
        self
    }
}

fn document<K: serde::Serialize + Ord, V: serde::Serialize>(map: &BTreeMap<K, V>) -> Option<String> {
    if map.is_empty() { None } else { serde_json::to_string(map).ok() }
}

/// Keys and values of the tags of EC2.
pub(super) fn tags(tags: Option<Vec<Tag>>) -> impl Iterator<Item = (Option<String>, Option<String>)> {
    tags.unwrap_or_default().into_iter().map(|t| (t.key, t.value))
}

/// The rows as an inventory, by account, region, kind and id.
pub(super) fn to_frame(mut rows: Vec<Row>) -> PolarsResult<DataFrame> {
    rows.sort_by(|a, b| (&a.account, &a.region, a.kind, &a.id).cmp(&(&b.account, &b.region, b.kind, &b.id)));
    let text = |get: &dyn Fn(&Row) -> Option<String>| rows.iter().map(get).collect::<StringChunked>().into_series();
    let whole = |get: fn(&Row) -> Option<i64>| rows.iter().map(get).collect::<Int64Chunked>().into_series();
    let date = |get: fn(&Row) -> Option<NaiveDate>| dates(rows.iter().map(get));
    let column = |name: &&'static str| {
        let series = match *name {
            "ResourceId" => text(&|r| Some(r.id.clone())),
            "Kind" => text(&|r| Some(r.kind.to_owned())),
            "SubAccountId" => text(&|r| Some(r.account.clone())),
            "RegionId" => text(&|r| Some(r.region.clone())),
            "State" => text(&|r| r.state.clone()),
            "StateSince" => date(|r| r.state_since),
            "InstanceType" => text(&|r| r.instance_type.clone()),
            "VolumeType" => text(&|r| r.volume_type.clone()),
            "SizeGb" => whole(|r| r.size_gb),
            "Iops" => whole(|r| r.iops),
            "ThroughputMbps" => whole(|r| r.throughput_mbps),
            "AttachedTo" => text(&|r| r.attached_to.clone()),
            "Name" => text(&|r| r.name.clone()),
            "CreatedOn" => date(|r| r.created_on),
            "Tags" => text(&|r| document(&r.tags)),
            "Details" => text(&|r| document(&r.details)),
            other => Series::full_null(other.into(), rows.len(), &column_type(other)),
        };
        series.with_name((*name).into()).into_column()
    };
    DataFrame::new(rows.len(), COLUMNS.iter().map(column).collect())
}
