//! Masking of account IDs, for `--redact`.
//!
//! An account ID is found by its form, because it also stands in ARNs, names, file names, and
//! arguments:
//!
//! - AWS: a run of exactly twelve digits ("AWS account identifiers"), also within a name; or three
//!   groups of four digits, as the console shows it.
//! - Google Cloud and others: a number of 10 to 13 digits that is a word of its own.
//! - Azure: a GUID, such as that of a subscription or tenant. Only after a part of an ARN that
//!   names a commitment, such as `savingsplan/`, it is none.
//!
//! The last four characters stay, so that accounts can be told apart. Amounts are never masked:
//! decimal numbers, numbers of JSON, JSON texts that are amounts by their key, and cells and
//! figures of other formats that are no texts.

use std::ops::RangeInclusive;

use cost_report::{Document, Report, ReportError, ViewOptions};

/// Characters that stay.
const SHOWN: usize = 4;
/// Digits of an AWS account ID.
const AWS_DIGITS: usize = 12;
/// Digits of a number that is an ID if it is a word of its own. Google's project numbers have about
/// 12 (observed); shorter numbers are counts, longer ones are times.
const DIGITS: RangeInclusive<usize> = 10..=13;
/// Groups of an account ID as the AWS console shows it.
const GROUPS: [usize; 3] = [4, 4, 4];
/// Groups of a GUID. Source: RFC 9562, section 4.
const GUID: [usize; 5] = [8, 4, 4, 4, 12];
/// Characters of a GUID without hyphens.
const PLAIN_GUID: usize = 32;
/// Groups of the ID of a billing account. Source: Google, Cloud Billing documentation, "View your
/// Cloud Billing account ID".
const BILLING: [usize; 3] = [6, 6, 6];
/// Parts of an ARN before the GUID of a commitment. Source: AWS, Service Authorization Reference.
const COMMITMENTS: [&str; 2] = ["savingsplan/", "reserved-instances/"];
/// Keys of JSON texts that are decimal numbers: `docs/schema`. Keys in `_pct` are, too.
const AMOUNTS: [&str; 9] = [
    "amount",
    "unused",
    "min_saving",
    "step_up",
    "rate",
    "break_even_months",
    "excess",
    "usd_each",
    "usd_per_hour",
];
/// Masks account IDs in text.
pub(crate) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // A form starts at a word: after anything but a letter or digit.
    while let Some(at) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let end = from.find(|c: char| !is_part(c)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        word_into(word, &mut out);
        rest = after;
    }
    out + rest
}

/// Returns whether `c` is part of a word: letters, digits, and what joins the groups of an ID or
/// the digits of a decimal number.
fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')
}

/// Appends a word with the IDs in it masked.
fn word_into(word: &str, out: &mut String) {
    let mut at = 0;
    while let Some(rest) = word.get(at..).filter(|r| !r.is_empty()) {
        let starts = !word[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        if starts && let Some(length) = commitment(rest, out) {
            out.push_str(&rest[..length]);
            at += length;
            continue;
        }
        let id = if starts { grouped(rest).or_else(|| number(word, at)) } else { None };
        let id = id.or_else(|| digits(word, at));
        if let Some(length) = id {
            mask(&rest[..length], out);
            at += length;
        } else {
            let length = decimal(word, at).unwrap_or_else(|| run(rest).max(1));
            out.push_str(&rest[..length]);
            at += length;
        }
    }
}

/// Returns the length of the run of digits, or of other characters, at the start of `text`.
fn run(text: &str) -> usize {
    let is_digit = text.starts_with(|c: char| c.is_ascii_digit());
    if is_digit {
        return text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    }
    // Each start of a word is looked at, because a GUID can begin with a letter.
    let next = |(at, c): (usize, char)| {
        let begins = at > 0 && !text[..at].ends_with(|b: char| b.is_ascii_alphanumeric());
        (c.is_ascii_digit() || (begins && c.is_ascii_alphanumeric())).then_some(at)
    };
    text.char_indices().find_map(next).unwrap_or(text.len())
}

/// Returns the length of a GUID, also without hyphens, of a number in three groups, or of a billing
/// account of Google Cloud, at the start of `text`.
fn grouped(text: &str) -> Option<usize> {
    let is_upper_hex = |c: char| c.is_ascii_digit() || ('A'..='F').contains(&c);
    guid(text)
        .or_else(|| groups(text, &GROUPS, |c| c.is_ascii_digit()))
        .or_else(|| groups(text, &BILLING, is_upper_hex))
        .or_else(|| groups(text, &[PLAIN_GUID], |c| c.is_ascii_hexdigit()))
}

/// Returns the length of the GUID of a commitment at the start of `text`. `before` is what comes
/// before it.
fn commitment(text: &str, before: &str) -> Option<usize> {
    guid(text).filter(|_| COMMITMENTS.iter().any(|part| before.ends_with(part)))
}

fn guid(text: &str) -> Option<usize> {
    groups(text, &GUID, |c| c.is_ascii_hexdigit())
}

/// Returns the length of groups of characters that `is` accepts, joined by `-`, at the start of
/// `text` and ending a word.
fn groups(text: &str, lengths: &[usize], is: impl Fn(char) -> bool) -> Option<usize> {
    let total = lengths.iter().sum::<usize>() + lengths.len() - 1;
    let candidate = text.get(..total)?;
    let all = candidate.split('-').map(|group| (group.len(), group.chars().all(&is)));
    let fits = all.eq(lengths.iter().map(|length| (*length, true)));
    let ends = !text[total..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-');
    (fits && ends).then_some(total)
}

/// Returns the length of a number at `at` that is an ID by its length, and a word of its own.
fn number(word: &str, at: usize) -> Option<usize> {
    let rest = &word[at..];
    let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let joins = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let alone = !word[..at].ends_with(joins) && !rest[length..].starts_with(joins);
    (alone && DIGITS.contains(&length) && decimal(word, at).is_none()).then_some(length)
}

/// Returns the length of a run of exactly twelve digits at `at` that is not part of a decimal
/// number.
fn digits(word: &str, at: usize) -> Option<usize> {
    let rest = &word[at..];
    let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let begins = !word[..at].ends_with(|c: char| c.is_ascii_digit());
    (begins && length == AWS_DIGITS && decimal(word, at).is_none()).then_some(length)
}

/// Returns the length of the rest of a decimal number at `at`: digits, one dot, and digits, which
/// are not part of a name.
fn decimal(word: &str, at: usize) -> Option<usize> {
    let of_number = |c: char| c.is_ascii_digit() || c == '.';
    let start = word[..at].rfind(|c| !of_number(c)).map_or(0, |last| last + 1);
    let end = word[at..].find(|c| !of_number(c)).map_or(word.len(), |length| at + length);
    let (whole, fraction) = word[start..end].trim_end_matches('.').split_once('.')?;
    let is_number = !whole.is_empty() && !fraction.is_empty() && !fraction.contains('.');
    let before = &word[..start];
    let joined = before.strip_suffix('-').is_some_and(|b| b.ends_with(char::is_alphanumeric));
    let in_name = joined
        || before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        || word[end..].starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let last = start + whole.len() + 1 + fraction.len();
    // After the number, such as at the dot that ends a sentence, there is no rest.
    (is_number && !in_name).then_some(last)?.checked_sub(at).filter(|length| *length > 0)
}

/// Appends an ID with all but its last characters masked. Hyphens stay.
fn mask(id: &str, out: &mut String) {
    let hidden = id.len().saturating_sub(SHOWN);
    out.extend(id.chars().enumerate().map(|(at, c)| if at < hidden && c != '-' { '*' } else { c }));
}

/// Masks account IDs in JSON: in texts and keys, but not in numbers and amounts.
pub(crate) fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut key) = (text, "");
    while let Some(start) = rest.find('"') {
        out.push_str(&rest[..=start]);
        rest = &rest[start + 1..];
        let end = end_of_string(rest);
        let (string, after) = rest.split_at(end);
        let is_key = after.strip_prefix('"').is_some_and(|a| a.trim_start().starts_with(':'));
        let is_amount = !is_key && (AMOUNTS.contains(&key) || key.ends_with("_pct"));
        if is_amount {
            out.push_str(string);
        } else {
            out.push_str(&self::text(string));
        }
        key = if is_key { string } else { "" };
        out.push_str(after.get(..1).unwrap_or_default());
        rest = after.get(1..).unwrap_or_default();
    }
    out + rest
}

/// Returns the position of the quote that ends a JSON string.
fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    let quote = text.bytes().position(|b| {
        let is_end = b == b'"' && !escaped;
        escaped = b == b'\\' && !escaped;
        is_end
    });
    quote.unwrap_or(text.len())
}

/// A report with account IDs masked: before it is laid out, because a line break can split an ID.
pub(crate) struct Redacted<'a>(pub(crate) &'a dyn Report);

impl Report for Redacted<'_> {
    fn schema_name(&self) -> Option<&'static str> {
        self.0.schema_name()
    }

    fn json(&self) -> Result<String, ReportError> {
        self.0.json().map(|text| json(&text))
    }

    fn documents(&self, view: &ViewOptions) -> Vec<Document> {
        self.0.documents(view).into_iter().map(|document| document.mapped(&text)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_ids_are_masked_and_amounts_are_not() {
        for (plain, masked) in [
            ("account 123456789012, region", "account ********9012, region"),
            ("arn:aws:iam::123456789012:role/x", "arn:aws:iam::********9012:role/x"),
            ("logs.123456789012", "logs.********9012"),
            ("savings of 12.5.", "savings of 12.5."),
            ("12.5.. and 123456789012.5.", "12.5.. and 123456789012.5."),
            ("logs.5.123456789012", "logs.5.********9012"),
            ("logs-123456789012-eu.s3", "logs-********9012-eu.s3"),
            ("a123456789012b", "a********9012b"),
            ("123456789012.dkr.ecr", "********9012.dkr.ecr"),
            ("of 123456789012.", "of ********9012."),
            ("ü123456789012", "ü********9012"),
            ("1234-5678-9012", "****-****-9012"),
            ("12345678901", "*******8901"),
            ("projects/9876543210123/x", "projects/*********0123/x"),
            ("1a2b3c4d-1111-2222-3333-444455556666", "********-****-****-****-********6666"),
            (
                "/subscriptions/1A2B3C4D-1111-2222-3333-444455556666/resourceGroups/a",
                "/subscriptions/********-****-****-****-********6666/resourceGroups/a",
            ),
            (
                "/tmp/1a2b3c4d-1111-2222-3333-444455556666.csv",
                "/tmp/********-****-****-****-********6666.csv",
            ),
            (
                "savingsplan/1a2b3c4d-1111-2222-3333-444455556666",
                "savingsplan/1a2b3c4d-1111-2222-3333-444455556666",
            ),
            ("480.500000000031", "480.500000000031"),
            ("123456789012.5", "123456789012.5"),
            ("-123456789012.5 USD", "-123456789012.5 USD"),
            ("123,456,789,012.00", "123,456,789,012.00"),
            ("0123AB-45CD67-89EF01", "******-******-**EF01"),
            ("1a2b3c4d111122223333444455556666", "****************************6666"),
            ("logs-123456789012.2024", "logs-********9012.2024"),
            ("op-4545838155", "op-4545838155"),
            ("123456789 12345678901234", "123456789 12345678901234"),
            ("2026-11-27T12:00:00Z", "2026-11-27T12:00:00Z"),
        ] {
            assert_eq!(text(plain), masked, "{plain}");
        }
    }

    #[test]
    fn amounts_of_json_are_left() {
        let plain =
            r#"{"amount": "123456789012", "n": 123456789012, "id": "123456789012", "a\"": "\\"}"#;
        let masked =
            r#"{"amount": "123456789012", "n": 123456789012, "id": "********9012", "a\"": "\\"}"#;
        assert_eq!(json(plain), masked);
    }
}
