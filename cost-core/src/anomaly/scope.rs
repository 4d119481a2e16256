//! Scope of an anomaly: a part of the estate's usage, and the levels at which the estate is
//! monitored.

use std::fmt;

use polars::prelude::{Expr, col, lit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::focus::TAG_PREFIX;
use crate::rollup::is_usage;

/// Part of the estate's usage. Fields that are not set do not restrict it. An empty text selects
/// charges without a value.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// `SubAccountId`.
    #[serde(default)]
    pub sub_account_id: Option<String>,
    /// `ServiceName`.
    #[serde(default)]
    pub service_name: Option<String>,
    /// `RegionId`.
    #[serde(default)]
    pub region_id: Option<String>,
    /// `SkuMeter`: AWS usage type.
    #[serde(default)]
    pub usage_type: Option<String>,
    /// A tag, `key=value`.
    #[serde(default)]
    pub tag: Option<String>,
}

/// Levels at which costs are monitored, because opposite changes cancel out in a total. Deeper
/// levels come last: if two levels show the same cost, the deeper one is more specific.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Entire estate.
    Total,
    /// Tag value.
    Tag,
    /// Account.
    Account,
    /// Service.
    Service,
    /// Service in a region.
    ServiceRegion,
    /// Service of an account.
    AccountService,
    /// Usage type of a service of an account.
    UsageType,
}

impl Level {
    /// All levels except tags, shallow ones first.
    pub(super) const FIXED: [Self; 6] = [
        Self::Total,
        Self::Account,
        Self::Service,
        Self::ServiceRegion,
        Self::AccountService,
        Self::UsageType,
    ];

    /// Returns the scope at this level for a charge of an account, service, region, and usage type;
    /// `None` if the charge has no region.
    pub(super) fn scope_of(
        self,
        [account, service, region, usage]: [Option<&str>; 4],
    ) -> Option<Scope> {
        let text = |value: Option<&str>| Some(value.unwrap_or("").to_owned());
        let mut scope = Scope::default();
        if matches!(self, Self::Account | Self::AccountService | Self::UsageType) {
            scope.sub_account_id = text(account);
        }
        if matches!(
            self,
            Self::Service | Self::ServiceRegion | Self::AccountService | Self::UsageType
        ) {
            scope.service_name = text(service);
        }
        if self == Self::ServiceRegion {
            scope.region_id = Some(region?.to_owned());
        }
        if self == Self::UsageType {
            scope.usage_type = Some(usage?.to_owned());
        }
        Some(scope)
    }
}

impl Scope {
    fn fields(&self) -> [&Option<String>; 5] {
        [&self.sub_account_id, &self.service_name, &self.region_id, &self.usage_type, &self.tag]
    }

    /// Returns whether `self` is within `other`, as far as their restrictions show.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.fields()
            .into_iter()
            .zip(other.fields())
            .all(|(mine, theirs)| theirs.is_none() || mine == theirs)
    }

    /// Returns whether both have a common part, as far as their restrictions show.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let mut both = self.fields().into_iter().zip(other.fields());
        both.all(|(mine, theirs)| mine.is_none() || theirs.is_none() || mine == theirs)
    }

    /// Returns whether both differ at most in their usage types.
    pub(super) fn is_next_to(&self, other: &Self) -> bool {
        (&self.sub_account_id, &self.service_name, &self.region_id, &self.tag)
            == (&other.sub_account_id, &other.service_name, &other.region_id, &other.tag)
    }

    /// Returns the part that is in both; `None` if they exclude each other.
    #[must_use]
    pub fn and(&self, other: &Self) -> Option<Self> {
        let mut both = self.fields().into_iter().zip(other.fields()).map(|(mine, theirs)| {
            match (mine, theirs) {
                (Some(a), Some(b)) if a != b => Err(()),
                (a, b) => Ok(a.clone().or_else(|| b.clone())),
            }
        });
        let mut next = || both.next().unwrap_or(Err(())).ok();
        Some(Self {
            sub_account_id: next()?,
            service_name: next()?,
            region_id: next()?,
            usage_type: next()?,
            tag: next()?,
        })
    }

    /// Returns a filter on the roll-up's tables for usage within the scope.
    pub(crate) fn filter(&self) -> Expr {
        let value_of = |value| Some(value).filter(|v: &&str| !v.is_empty());
        self.values().into_iter().fold(is_usage(), |filter, (column, value)| {
            filter.and(equals(&column, value_of(value)))
        })
    }

    /// Returns the columns of the roll-up's tables that it restricts, with their values. An empty
    /// value selects charges without one.
    pub(super) fn values(&self) -> Vec<(String, &str)> {
        let columns = ["SubAccountId", "ServiceName", "RegionId", "SkuMeter"];
        let fields = columns
            .into_iter()
            .zip(self.fields())
            .filter_map(|(column, value)| Some((column.to_owned(), value.as_deref()?)));
        let tag = self.tag.as_deref().and_then(|t| t.split_once('='));
        let tag = tag.map(|(key, value)| (format!("{TAG_PREFIX}{key}"), value));
        fields.chain(tag).collect()
    }
}

/// Returns a filter for rows with this value, or with null.
pub(super) fn equals(column: &str, value: Option<&str>) -> Expr {
    value.map_or_else(|| col(column).is_null(), |v| col(column).eq(lit(v.to_owned())))
}

/// Text for reports: `account 123, service S3`.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = ["account", "service", "region", "usage type", "tag"];
        let parts = names
            .into_iter()
            .zip(self.fields())
            .filter_map(|(name, value)| Some((name, value.as_deref()?)));
        let parts: Vec<String> = parts
            .map(|(name, value)| {
                format!("{name} {}", if value.is_empty() { "(none)" } else { value })
            })
            .collect();
        if parts.is_empty() {
            f.write_str("the entire estate")
        } else {
            f.write_str(&parts.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(account: Option<&str>, service: Option<&str>) -> Scope {
        let text = |t: Option<&str>| t.map(ToOwned::to_owned);
        Scope { sub_account_id: text(account), service_name: text(service), ..Scope::default() }
    }

    #[test]
    fn scopes_nest_and_cross() {
        let both = scope(Some("1"), Some("S3"));
        assert!(both.is_within(&scope(Some("1"), None)) && both.is_within(&Scope::default()));
        assert!(!scope(Some("1"), None).is_within(&both));
        assert_eq!(scope(Some("1"), None).and(&scope(None, Some("S3"))), Some(both.clone()));
        assert_eq!(scope(Some("2"), None).and(&both), None);
        assert!(!scope(Some("2"), None).overlaps(&both));
        assert!(scope(Some("1"), None).overlaps(&scope(None, Some("S3"))));
        let of = |usage: &str| Scope { usage_type: Some(usage.to_owned()), ..both.clone() };
        assert!(of("a").is_next_to(&of("b")) && of("a").is_next_to(&both));
        assert!(!of("a").is_next_to(&scope(Some("2"), Some("S3"))));
        assert_eq!(both.to_string(), "account 1, service S3");
    }
}
