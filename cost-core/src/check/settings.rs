//! Settings of savings checks: thresholds, ignore rules, plan constraints.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::inventory::{Resource, resource_key};
use crate::plan::Limits;
use crate::risk::RiskThresholds;

/// Tag that excludes a resource from all findings. Its value is the reason.
pub const IGNORE_TAG: &str = "cost:ignore";

/// Settings of savings checks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Tag that excludes a resource from all findings. Its value is the reason. Default
    /// `cost:ignore`.
    pub ignore_tag: String,
    /// Ignore rules.
    pub ignore: Vec<Ignore>,
    /// Checks that are not run.
    pub skip: Vec<String>,
    /// Thresholds by check and key, replacing the documented defaults.
    pub checks: BTreeMap<String, BTreeMap<String, f64>>,
    /// Plan constraints.
    pub limits: Limits,
    /// Thresholds of reliability risks.
    pub reliability: RiskThresholds,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ignore_tag: IGNORE_TAG.to_owned(),
            ignore: Vec::new(),
            skip: Vec::new(),
            checks: BTreeMap::new(),
            limits: Limits::default(),
            reliability: RiskThresholds::default(),
        }
    }
}

/// Ignore rule with its reason. All fields that are set must match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ignore {
    /// Reason.
    pub reason: String,
    /// Check to which the rule is limited.
    pub check: Option<String>,
    /// Resource.
    pub resource_id: Option<String>,
    /// Account.
    pub sub_account_id: Option<String>,
    /// Region.
    pub region_id: Option<String>,
    /// Tag in the inventory, `key=value`.
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
