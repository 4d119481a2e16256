//! Dimensions for grouping the daily cost table.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::focus::TAG_PREFIX;

/// Dimension of the daily cost table.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(into = "String", try_from = "String")]
#[schemars(with = "String")]
#[non_exhaustive]
pub enum Dimension {
    /// `ServiceName`.
    Service,
    /// `SubAccountId`.
    Account,
    /// `RegionId`.
    Region,
    /// `ProviderName`.
    Provider,
    /// `SkuMeter` (AWS usage type), else `SkuId`.
    UsageType,
    /// `ChargeCategory`.
    ChargeCategory,
    /// `PricingCategory`.
    PricingCategory,
    /// Value of one tag key.
    Tag(String),
}

/// ```
/// use cost_core::prelude::*;
///
/// assert_eq!("tag:team".parse().ok(), Some(Dimension::Tag("team".to_owned())));
/// let session = Session::builder()
///     .group_by([Dimension::Account])
///     .open(&cost_core::example::bill()?)?;
/// let accounts = &session.review()?.groups[0];
/// assert_eq!(accounts.rows[0].key.as_deref(), Some("111111111111"));
/// # Ok::<(), Error>(())
/// ```
impl Dimension {
    /// Returns the column of the table.
    #[must_use]
    pub fn column(&self) -> String {
        match self {
            Self::Service => "ServiceName".into(),
            Self::Account => "SubAccountId".into(),
            Self::Region => "RegionId".into(),
            Self::Provider => "ProviderName".into(),
            Self::UsageType => "SkuMeter".into(),
            Self::ChargeCategory => "ChargeCategory".into(),
            Self::PricingCategory => "PricingCategory".into(),
            Self::Tag(key) => format!("{TAG_PREFIX}{key}"),
        }
    }

    /// Returns the label for null.
    #[must_use]
    pub fn null_label(&self) -> &'static str {
        match self {
            Self::Tag(_) => "(untagged)",
            Self::Region => "(no region)",
            _ => "(none)",
        }
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service => f.write_str("service"),
            Self::Account => f.write_str("account"),
            Self::Region => f.write_str("region"),
            Self::Provider => f.write_str("provider"),
            Self::UsageType => f.write_str("usage-type"),
            Self::ChargeCategory => f.write_str("charge-category"),
            Self::PricingCategory => f.write_str("pricing-category"),
            Self::Tag(key) => write!(f, "{TAG_PREFIX}{key}"),
        }
    }
}

impl FromStr for Dimension {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(key) = text.strip_prefix(TAG_PREFIX).filter(|k| !k.is_empty()) {
            return Ok(Self::Tag(key.to_owned()));
        }
        let plain = [
            Self::Service,
            Self::Account,
            Self::Region,
            Self::Provider,
            Self::UsageType,
            Self::ChargeCategory,
            Self::PricingCategory,
        ];
        plain.into_iter().find(|d| d.to_string() == text).ok_or_else(|| {
            format!(
                "`{text}` is not a dimension; use service, account, region, provider, usage-type, charge-category, \
                 pricing-category or tag:KEY"
            )
        })
    }
}

impl From<Dimension> for String {
    fn from(d: Dimension) -> Self {
        d.to_string()
    }
}

impl TryFrom<String> for Dimension {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
