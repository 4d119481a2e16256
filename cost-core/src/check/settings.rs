//! How to look for savings: thresholds, what is left alone, what the plan may ask for.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Check, CheckMeta};
use crate::inventory::{Resource, resource_key};
use crate::plan::Limits;

/// The tag that takes a resource out of all advice; its value is the reason.
pub const IGNORE_TAG: &str = "cost:ignore";

/// How to look for savings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The tag that takes a resource out of all advice; its value is the reason. Default `cost:ignore`.
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
        let is = |wanted: &Option<String>, value: Option<&str>| wanted.is_none() || wanted.as_deref() == value;
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

/// What is wrong with settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// A check that does not exist.
    #[error("there is no check `{0}`; `cost checks` lists them")]
    NoSuchCheck(String),
    /// A threshold that a check does not have.
    #[error("check `{check}` has no threshold `{key}`; it has {known}")]
    NoSuchThreshold {
        /// The check.
        check: String,
        /// What was named.
        key: String,
        /// What there is.
        known: String,
    },
    /// A threshold that cannot be meant.
    #[error("threshold `{key}` of check `{check}` is {value}; it must be a number of 0 or more")]
    NotAThreshold {
        /// The check.
        check: String,
        /// Its threshold.
        key: String,
        /// What was given.
        value: String,
    },
    /// A rule that would leave everything alone.
    #[error("the rule to ignore because of `{0}` names nothing to ignore")]
    IgnoresAll(String),
    /// A tag without a value.
    #[error("tag `{0}` has no value; write \"key=value\"")]
    TagWithoutValue(String),
}

impl Settings {
    /// Holds what they name against the checks there are.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn validate(&self, checks: &[&dyn Check]) -> Result<(), SettingsError> {
        let find = |id: &String| {
            let known = checks.iter().map(|c| c.meta()).find(|m| m.id == id);
            known.ok_or_else(|| SettingsError::NoSuchCheck(id.clone()))
        };
        for id in self.skip.iter().chain(self.ignore.iter().filter_map(|i| i.check.as_ref())) {
            find(id)?;
        }
        for (check, thresholds) in &self.checks {
            let meta = find(check)?;
            thresholds.iter().try_for_each(|(key, value)| threshold(meta, key, *value))?;
        }
        for rule in &self.ignore {
            let Ignore { reason, check, resource_id, sub_account_id, region_id, tag } = rule;
            if [check, resource_id, sub_account_id, region_id, tag].iter().all(|named| named.is_none()) {
                return Err(SettingsError::IgnoresAll(reason.clone()));
            }
            if let Some(tag) = tag.as_ref().filter(|t| !t.contains('=')) {
                return Err(SettingsError::TagWithoutValue(tag.clone()));
            }
        }
        Ok(())
    }
}

fn threshold(meta: &CheckMeta, key: &str, value: f64) -> Result<(), SettingsError> {
    let (check, key) = (meta.id.to_owned(), key.to_owned());
    if !meta.thresholds.iter().any(|t| t.key == key) {
        let keys: Vec<String> = meta.thresholds.iter().map(|t| format!("`{}`", t.key)).collect();
        let known = if keys.is_empty() { "none".to_owned() } else { keys.join(", ") };
        return Err(SettingsError::NoSuchThreshold { check, key, known });
    }
    if value.is_finite() && value >= 0.0 {
        return Ok(());
    }
    Err(SettingsError::NotAThreshold { check, key, value: value.to_string() })
}
