//! Validation of settings: checks, thresholds, and ignore rules.

use std::collections::BTreeSet;

use super::meta::CheckMeta;
use super::set::CheckSet;
use super::settings::{Ignore, Settings};

/// Error in settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// A check that does not exist.
    #[error("there is no check `{0}`; `cost checks` lists them")]
    NoSuchCheck(String),
    /// A threshold that a check does not have.
    #[error("check `{check}` has no threshold `{key}`; it has {known}")]
    NoSuchThreshold {
        /// Check ID.
        check: String,
        /// Threshold that was named.
        key: String,
        /// Thresholds that the check has.
        known: String,
    },
    /// A threshold that is not a number of 0 or more.
    #[error("threshold `{key}` of check `{check}` is {value}; it must be a number of 0 or more")]
    NotAThreshold {
        /// Check ID.
        check: String,
        /// Threshold.
        key: String,
        /// Value that was given.
        value: String,
    },
    /// A threshold of reliability risks that is not a number of 0 or more.
    #[error("threshold `{key}` of reliability risks is {value}; it must be a number of 0 or more")]
    NotARiskThreshold {
        /// Threshold.
        key: &'static str,
        /// Value that was given.
        value: String,
    },
    /// An ignore rule without conditions, which would match everything.
    #[error(
        "the ignore rule with the reason `{0}` does not name what to ignore; add a resource, account, region, tag, or check"
    )]
    IgnoresAll(String),
    /// Two checks with the same ID.
    #[error("two checks have the id `{0}`; rename one, or remove the other from the set")]
    DuplicateCheck(String),
    /// A tag without a value.
    #[error("tag `{0}` has no value; write \"key=value\"")]
    TagWithoutValue(String),
}

impl Settings {
    /// Checks the settings against the available checks.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn validate(&self, checks: &CheckSet) -> Result<(), SettingsError> {
        let mut ids = BTreeSet::new();
        if let Some(twice) = checks.metas().find(|m| !ids.insert(m.id)) {
            return Err(SettingsError::DuplicateCheck(twice.id.to_owned()));
        }
        let find = |id: &String| {
            let known = checks.metas().find(|m| m.id == id);
            known.ok_or_else(|| SettingsError::NoSuchCheck(id.clone()))
        };
        for id in self.skip.iter().chain(self.ignore.iter().filter_map(|i| i.check.as_ref())) {
            find(id)?;
        }
        for (check, thresholds) in &self.checks {
            let meta = find(check)?;
            thresholds.iter().try_for_each(|(key, value)| threshold(meta, key, *value))?;
        }
        if let Some((key, value)) = self.reliability.invalid() {
            return Err(SettingsError::NotARiskThreshold { key, value: value.to_string() });
        }
        for rule in &self.ignore {
            let Ignore { reason, check, resource_id, sub_account_id, region_id, tag } = rule;
            if [check, resource_id, sub_account_id, region_id, tag]
                .iter()
                .all(|named| named.is_none())
            {
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
