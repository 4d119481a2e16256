//! Inventory rows of the collectors.

use aws_sdk_ec2::types::Tag;
use cost_core::inventory::{Kind, Resource};
use cost_core::table::frame_of;
use polars::prelude::*;

use crate::connect::At;

/// Resource in an account and a region.
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

/// Tags as AWS returns them.
pub(super) trait Tagged {
    /// Adds the tags, and the name from the tag `Name`.
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

/// Returns a count as a detail.
pub(super) fn count(number: usize) -> Option<i64> {
    i64::try_from(number).ok()
}

/// Returns keys and values of EC2 tags.
pub(super) fn tags(
    tags: Option<Vec<Tag>>,
) -> impl Iterator<Item = (Option<String>, Option<String>)> {
    tags.unwrap_or_default().into_iter().map(|t| (t.key, t.value))
}

/// Returns the rows as an inventory, sorted by account, region, kind, and ID.
pub(super) fn to_frame(mut rows: Vec<Resource>) -> PolarsResult<DataFrame> {
    rows.sort_by(|a, b| {
        let (left, right) = ((&a.sub_account_id, &a.region_id), (&b.sub_account_id, &b.region_id));
        (left, a.kind.as_str(), &a.resource_id).cmp(&(right, b.kind.as_str(), &b.resource_id))
    });
    frame_of(&rows)
}
