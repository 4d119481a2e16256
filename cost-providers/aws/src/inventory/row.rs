//! What collectors make of each resource: a row of the inventory.

use aws_sdk_ec2::types::Tag;
use cost_core::inventory::{Kind, Resource};
use cost_core::table::frame_of;
use polars::prelude::*;

use crate::connect::At;

/// A resource in an account and a region.
pub(super) fn resource(kind: Kind, id: impl Into<String>, at: &At) -> Resource {
    let (account, region) = (Some(at.account().to_owned()), Some(at.region().to_owned()));
    Resource {
        resource_id: id.into(),
        kind,
        sub_account_id: account,
        region_id: region,
        ..Resource::default()
    }
}

/// Tags as AWS gives them.
pub(super) trait Tagged {
    /// Adds the tags, and the name that the tag `Name` gives.
    fn tagged(self, tags: impl IntoIterator<Item = (Option<String>, Option<String>)>) -> Self;
}

impl Tagged for Resource {
    fn tagged(mut self, tags: impl IntoIterator<Item = (Option<String>, Option<String>)>) -> Self {
        self.tags =
            tags.into_iter().filter_map(|(k, v)| Some((k?, v.unwrap_or_default()))).collect();
        self.name = self.name.or_else(|| self.tags.get("Name").cloned());
        self
    }
}

/// How many there are, as a detail.
pub(super) fn count(number: usize) -> Option<i64> {
    i64::try_from(number).ok()
}

/// Keys and values of the tags of EC2.
pub(super) fn tags(
    tags: Option<Vec<Tag>>,
) -> impl Iterator<Item = (Option<String>, Option<String>)> {
    tags.unwrap_or_default().into_iter().map(|t| (t.key, t.value))
}

/// The rows as an inventory, by account, region, kind and id.
pub(super) fn to_frame(mut rows: Vec<Resource>) -> PolarsResult<DataFrame> {
    rows.sort_by(|a, b| {
        let (left, right) = ((&a.sub_account_id, &a.region_id), (&b.sub_account_id, &b.region_id));
        (left, a.kind.as_str(), &a.resource_id).cmp(&(right, b.kind.as_str(), &b.resource_id))
    });
    frame_of(&rows)
}
