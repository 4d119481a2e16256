//! Comparison of account spellings.

use crate::focus::is_guid;

/// Form of an account. A provider's billing account has a number, an address, or a profile code,
/// depending on the exporter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Form {
    /// Missing: the export has no such column.
    Missing,
    /// Digits: AWS accounts, Azure enrollments.
    Number,
    /// An id such as `6c1e1111-0000-4000-8000-000000000001`: Azure subscriptions, billing accounts
    /// without an agreement.
    Guid,
    /// Parts joined by a colon: Azure billing accounts of a customer agreement.
    Joined,
    /// Anything else.
    Word,
}

impl Form {
    /// Returns the form of an account; `name` is its [`normal`] name.
    pub(super) fn of(name: &str) -> Self {
        let is_digits = name.bytes().all(|b| b.is_ascii_digit());
        match name {
            "" => Self::Missing,
            _ if is_digits => Self::Number,
            joined if joined.contains(':') => Self::Joined,
            guid if is_guid(guid) => Self::Guid,
            _ => Self::Word,
        }
    }
}

/// Account with its form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Account {
    name: String,
    form: Form,
}

impl Account {
    /// Returns the account of a cell.
    pub(super) fn of(text: &str) -> Self {
        let name = normal(text);
        let form = Form::of(&name);
        Self { name, form }
    }

    /// Returns whether both may be the same account: they have the same name, or different forms
    /// that cannot be compared.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        self.name == other.name || self.form != other.form
    }
}

/// Digits of an AWS account.
const AWS_DIGITS: usize = 12;

/// Returns an account's name without what differs between exports: letter case, the path or ARN
/// that contains it, the name in front of its number (`prod (111122223333)`), separators of AWS's
/// 12 digits, leading zeros (which spreadsheets drop), and marks that spreadsheets and other tools
/// write around digits (`'111122223333`, `="111122223333"`, `111122223333.0`).
///
/// Sources: AWS, "ARN format" (`arn:partition:service:region:account-id:resource`); Azure, cost
/// details fields `BillingAccountId` and `BillingProfileId`, which are names or complete resource
/// IDs.
pub(super) fn normal(text: &str) -> String {
    let text = number_in(text.trim()).trim_end_matches('/').to_lowercase();
    let of_arn = text
        .starts_with("arn:")
        .then(|| text.split(':').nth(4))
        .flatten()
        .filter(|id| !id.is_empty());
    let last = of_arn.or_else(|| text.rsplit('/').next()).unwrap_or_default();
    let is_spaced = last.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b' '));
    let digits: String = last.chars().filter(char::is_ascii_digit).collect();
    if !digits.is_empty() && is_spaced && (digits.len() == last.len() || digits.len() == AWS_DIGITS)
    {
        return digits.trim_start_matches('0').to_owned();
    }
    without_fraction(last).unwrap_or_else(|| last.to_owned())
}

/// Returns an account number without the text around it.
fn number_in(text: &str) -> &str {
    let bare = text
        .strip_prefix("=\"")
        .and_then(|t| t.strip_suffix('"'))
        .or_else(|| text.strip_prefix('\''));
    let in_brackets = || {
        let (_, inner) = text.strip_suffix(')')?.rsplit_once('(')?;
        let is_number = inner.len() == AWS_DIGITS && inner.bytes().all(|b| b.is_ascii_digit());
        is_number.then_some(inner)
    };
    bare.or_else(in_brackets).unwrap_or(text)
}

/// Returns mantissa and exponent of a number such as `4.44456e+11`: its digits, and how many are
/// before the point.
fn scientific(text: &str) -> Option<(String, usize)> {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let exponent: usize = exponent.strip_prefix('+')?.parse().ok()?;
    let (first, rest) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let is_number = first.len() == 1 && [first, rest].concat().bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| ([first, rest].concat(), exponent + 1))
}

/// Returns the digits of an account number that a program has written as an amount:
/// `111122223333.0`, `1.11122223333e+11`. `None` for other text.
fn without_fraction(text: &str) -> Option<String> {
    let (digits, length) = match text.split_once('.') {
        Some((digits, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => {
            (digits.to_owned(), digits.len())
        }
        _ => scientific(text)?,
    };
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let (number, rest) = digits.split_at_checked(length).filter(|_| is_number)?;
    rest.bytes().all(|b| b == b'0').then(|| number.trim_start_matches('0').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_account_are_one() {
        for (a, b) in [
            ("111122223333", "1111-2222-3333"),
            ("011122223333", "11122223333"),
            ("111122223333", "arn:aws:iam::111122223333:root"),
            ("arn:aws:organizations::111122223333:account/o-1/444455556666", "111122223333"),
            ("/providers/Microsoft.Billing/billingAccounts/1234567", "1234567"),
            ("111122223333", "111122223333.0"),
            ("111122223333", "1.11122223333E+11"),
            ("111122223333", "'111122223333"),
            ("111122223333", "=\"111122223333\""),
            ("111122223333", "prod (111122223333)"),
            (
                "/subscriptions/6C1E1111-0000-4000-8000-000000000001/",
                "6c1e1111-0000-4000-8000-000000000001",
            ),
        ] {
            assert_eq!(normal(a), normal(b));
        }
        assert_ne!(
            normal("2026-10-01"),
            "20261001",
            "digits with dashes that are no account of AWS"
        );
    }

    #[test]
    fn other_accounts_stay_apart() {
        // The second one has only the first digits.
        for (a, b) in
            [("4.44456E+11", "444456000000"), ("prod (blue)", "test (blue)"), ("v1.0.0", "v1")]
        {
            assert_ne!(normal(a), normal(b));
        }
    }

    #[test]
    fn accounts_of_one_form_differ_by_name() {
        let may_be = |a: &str, b: &str| Account::of(a).may_be(&Account::of(b));
        assert!(!may_be("111122223333", "111122224444"));
        assert!(!may_be("harbor-1", "quay-2"));
        assert!(may_be("", "harbor-1"), "an export without the column");
        assert!(
            may_be("a1b2:c3d4_2019-05-31", "ABCD-EFGH-BG7-PGB"),
            "a billing account beside its profile"
        );
        assert!(may_be("Harbor-1", "harbor-1"));
    }
}
