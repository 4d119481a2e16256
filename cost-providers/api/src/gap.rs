//! [`Gap`]: data that is missing from a pull, and lines about it for reviews.

use std::collections::{BTreeMap, BTreeSet};

use crate::{CallError, FailureKind, ProviderError};

/// Part of a pull that could not be collected.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gap {
    /// Missing data: `EC2 volumes`.
    pub what: String,
    /// Reason.
    pub error: CallError,
}

impl Gap {
    /// Returns the gap of a call that failed. `what` names the missing data: `EC2 volumes`.
    #[must_use]
    pub fn new(what: impl Into<String>, error: CallError) -> Self {
        Self { what: what.into(), error }
    }

    /// Returns the gap of a table or source that failed completely.
    #[must_use]
    pub fn failed(what: &str, error: ProviderError) -> Self {
        let error = match error {
            ProviderError::Call(call) => *call,
            other => CallError {
                provider: "pull",
                operation: format!("read:{what}"),
                account: None,
                region: None,
                kind: other.kind(),
                retryable: other.retryable(),
                message: other.to_string(),
            },
        };
        Self { what: what.to_owned(), error }
    }
}

/// Returns one line per kind of missing data and reason. Accounts for which it is missing in the
/// same regions share a line. At most five accounts and five regions are named.
#[must_use]
pub fn lines(gaps: &[Gap]) -> Vec<String> {
    type Reason<'a> = (&'a str, &'a str, FailureKind, &'a str);
    type Regions<'a> = BTreeSet<&'a str>;
    let mut reasons: BTreeMap<Reason<'_>, BTreeMap<Option<&str>, Regions<'_>>> = BTreeMap::new();
    for gap in gaps {
        let e = &gap.error;
        let key = (gap.what.as_str(), e.operation.as_str(), e.kind, e.message.as_str());
        reasons
            .entry(key)
            .or_default()
            .entry(e.account.as_deref())
            .or_default()
            .extend(e.region.as_deref());
    }
    let mut lines = Vec::new();
    for ((what, operation, kind, message), accounts) in reasons {
        let mut same: BTreeMap<Regions<'_>, BTreeSet<&str>> = BTreeMap::new();
        for (account, regions) in accounts {
            same.entry(regions).or_default().extend(account);
        }
        let words = if message.is_empty() { String::new() } else { format!(" ({message})") };
        for (regions, accounts) in same {
            let mut places = String::new();
            for (of, names) in [("account", accounts), ("region", regions)] {
                if !names.is_empty() {
                    places.push_str(&format!(", {}", named(of, &names)));
                }
            }
            lines.push(format!("no {what}{places}: {operation} {kind}{words}"));
        }
    }
    lines
}

fn named(of: &str, names: &BTreeSet<&str>) -> String {
    let plural = if names.len() == 1 { "" } else { "s" };
    let shown = names.iter().take(5).copied().collect::<Vec<_>>().join(", ");
    let more =
        if names.len() > 5 { format!(" and {} more", names.len() - 5) } else { String::new() };
    format!("{of}{plural} {shown}{more}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_with_one_reason_share_a_line() {
        let gap = |account: &str, region: &str| Gap {
            what: "EC2 volumes".to_owned(),
            error: CallError {
                provider: "aws",
                operation: "ec2:DescribeVolumes".to_owned(),
                account: Some(account.to_owned()),
                region: Some(region.to_owned()),
                kind: FailureKind::Denied,
                retryable: false,
                message: "UnauthorizedOperation".to_owned(),
            },
        };
        let of = |places: &str| {
            format!(
                "no EC2 volumes, {places}: ec2:DescribeVolumes access denied (UnauthorizedOperation)"
            )
        };
        let both = [
            gap("1", "eu-west-1"),
            gap("1", "us-east-1"),
            gap("2", "us-east-1"),
            gap("2", "eu-west-1"),
        ];
        assert_eq!(lines(&both), [of("accounts 1, 2, regions eu-west-1, us-east-1")]);
        // The accounts have different regions: one line each.
        assert_eq!(
            lines(&both[..3]),
            [of("account 1, regions eu-west-1, us-east-1"), of("account 2, region us-east-1")]
        );
    }
}
