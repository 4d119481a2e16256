//! A case: the kind of fault it stands for, its files, and what must come out.

use serde_json::Value;

/// The kinds of faults, each with a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A: the same charges in several files are added.
    Doubled,
    /// B: a file of the location is not read, and nobody is told.
    Unread,
    /// C: a known gap of a provider is taken for a fact.
    ProviderGap,
    /// D: words of closed lists are compared by letter.
    Words,
    /// E: identifiers are compared by letter where the provider does not.
    Identifiers,
    /// F: a charge of more than a day counts on its first day.
    LongCharge,
    /// G: types of line items that cancel others, or are new.
    LineTypes,
    /// H: what is made of a cost report fails the product's own rules.
    OwnRules,
    /// I: columns under other names.
    ColumnNames,
    /// J: optional columns decide whether a bill is read.
    Optional,
    /// K: types that writers use.
    Types,
    /// L: what kind of file it is, is not looked at.
    Content,
    /// M: months by UTC, even if the bill tells its own offset.
    Months,
    /// N: a rise by price is called new usage.
    Price,
    /// O: one provider alone is meant, and the report does not say so.
    OneProvider,
    /// P: discount lines of a cost report.
    Discounts,
    /// Q: small things: names that change, several currencies, dust, sums among the rows.
    Small,
}

/// Every kind, in the order of its letters.
pub(super) const KINDS: [Kind; 17] = [
    Kind::Doubled,
    Kind::Unread,
    Kind::ProviderGap,
    Kind::Words,
    Kind::Identifiers,
    Kind::LongCharge,
    Kind::LineTypes,
    Kind::OwnRules,
    Kind::ColumnNames,
    Kind::Optional,
    Kind::Types,
    Kind::Content,
    Kind::Months,
    Kind::Price,
    Kind::OneProvider,
    Kind::Discounts,
    Kind::Small,
];

/// What is in a file's place.
pub(super) enum Content {
    Bytes(Vec<u8>),
    /// A symbolic link to what is there under another name, relative to its own folder.
    Link(&'static str),
    /// A second name of a file that is named before it.
    HardLink(&'static str),
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::Bytes(text.into_bytes())
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::Bytes(text.as_bytes().to_vec())
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// A file of a bill: its path in the bill's folder, and what it holds.
pub(super) fn file(path: impl Into<String>, content: impl Into<Content>) -> (String, Content) {
    (path.into(), content.into())
}

/// One bill, and what is right.
pub(super) struct Case {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) files: Vec<(String, Content)>,
    pub(super) right: Want,
}

/// A row of the table.
pub(super) fn case(
    kind: Kind,
    name: impl Into<String>,
    files: Vec<(String, Content)>,
    right: Want,
) -> Case {
    Case { kind, name: name.into(), files, right }
}

/// What must come out. Amounts are exact, as text; a word is found in any letter case, `a|b` stands
/// for either.
pub(super) enum Want {
    /// Σ `BilledCost` and Σ `EffectiveCost` of a month; further arguments of the command.
    Total(&'static [&'static str], &'static str, &'static str),
    /// `EffectiveCost` of one row of a table by a dimension; `None` is the row of those without a
    /// value.
    Group(&'static [&'static str], &'static str, Option<&'static str>, &'static str),
    /// The command answers, and its JSON holds to something, which is told in words.
    Holds(&'static [&'static str], &'static str, fn(&Value) -> bool),
    /// The review refuses, with exit code 1 and one line that has all words.
    Refused(&'static [&'static str]),
    /// The review answers, and one of its notes, or stderr, has all words.
    Said(&'static [&'static str]),
    /// The review answers, and none of its notes has all words.
    NotSaid(&'static [&'static str]),
    /// `validate` ends with exit code 3, and what it found has all words.
    Finds(&'static [&'static str]),
    /// `pull files` makes an estate of it that `validate` finds nothing in.
    Conforms,
    /// Several behaviors are right.
    Any(Vec<Want>),
    /// All of these.
    All(Vec<Want>),
}

/// The totals of a month by the review.
pub(super) fn total(month: &'static str, billed: &'static str, effective: &'static str) -> Want {
    Want::Total(of_month(month), billed, effective)
}

/// The arguments of a review of a month: a table, since what a case is about is written down.
fn of_month(month: &str) -> &'static [&'static str] {
    match month {
        "2026-04" => &["review", "--month", "2026-04"],
        "2026-05" => &["review", "--month", "2026-05"],
        other => panic!("bills are of April and May 2026, not of {other}"),
    }
}

/// Σ `EffectiveCost` of May 2026 of a row of the table by a dimension.
pub(super) fn group(
    by: &'static str,
    key: impl Into<Option<&'static str>>,
    effective: &'static str,
) -> Want {
    let args: &'static [&'static str] = match by {
        "tag:team" => &["review", "--month", "2026-05", "--top", "1000", "--group-by", "tag:team"],
        "account" => &["review", "--month", "2026-05", "--top", "1000", "--group-by", "account"],
        "service" => &["review", "--month", "2026-05", "--top", "1000", "--group-by", "service"],
        other => panic!("tables are by tag, account and service, not by {other}"),
    };
    Want::Group(args, by, key.into(), effective)
}

/// The right total of May, or a refusal that says what is wrong.
pub(super) fn read_or_refused(
    billed_and_effective: &'static str,
    words: &'static [&'static str],
) -> Want {
    Want::Any(vec![
        total("2026-05", billed_and_effective, billed_and_effective),
        Want::Refused(words),
    ])
}
