//! How to look for savings: thresholds, what is left alone, what the plan may ask for.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::inventory::{Resource, resource_key};
use crate::plan::Limits;

/// The tag that takes a resource out of all advice; its value is the reason.
pub const IGNORE_TAG: &str = "cost:ignore";

/// How to look for savings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The tag that takes a resource out of all advice; its value is the reason. Default
    /// `cost:ignore`.
    pub ignore_tag: String,
    /// What else is left alone.
    pub ignore: Vec<Ignore>,
    /// Checks that are not run.
    pub skip: Vec<String>,
    /// Thresholds by check and key, in place of those in its documentation.
    pub checks: BTreeMap<String, BTreeMap<String, f64>>,
    /// What the joint plan may ask for.
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ignore_tag: IGNORE_TAG.to_owned(),
            ignore: Vec::new(),
            skip: Vec::new(),
            checks: BTreeMap::new(),
            limits: Limits::default(),
        }
    }
}

/// What is left alone, and why: all that is named must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ignore {
    /// Why.
    pub reason: String,
    /// Only by this check.
    pub check: Option<String>,
    /// A resource.
    pub resource_id: Option<String>,
    /// An account.
    pub sub_account_id: Option<String>,
    /// A region.
    pub region_id: Option<String>,
    /// A tag of the inventory, `key=value`.
    pub tag: Option<String>,
}

impl Ignore {
    pub(super) fn holds(
        &self,
        check: &str,
        claim: &crate::opportunity::Claim,
        region: Option<&str>,
        known: Option<&Resource>,
    ) -> bool {
        let is = |wanted: &Option<String>, value: Option<&str>| {
            wanted.is_none() || wanted.as_deref() == value
        };
        let resource = |wanted: &String| resource_key(wanted) == resource_key(&claim.resource_id);
        let tagged = |tag: &String| {
            let (key, value) = tag.split_once('=').unwrap_or((tag, ""));
            known.and_then(|r| r.tags.get(key)).is_some_and(|v| v == value)
        };
        is(&self.check, Some(check))
            && is(&self.sub_account_id, claim.sub_account_id.as_deref())
            && is(&self.region_id, region)
            && self.resource_id.as_ref().is_none_or(resource)
            && self.tag.as_ref().is_none_or(tagged)
    }
}
