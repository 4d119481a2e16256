//! Cases: kind of problem, files, and expected result.

use serde_json::Value;

/// Kinds of problems, each with a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A: the same charges in several files are added.
    Doubled,
    /// B: a file of the location is not read, without a note.
    Unread,
    /// C: a known gap of a provider is treated as a fact.
    ProviderGap,
    /// D: closed lists are compared case-sensitively.
    Words,
    /// E: identifiers are compared case-sensitively although the provider ignores case.
    Identifiers,
    /// F: a charge of more than a day counts completely on its first day.
    LongCharge,
    /// G: line item types that reverse others, or are new.
    LineTypes,
    /// H: the FOCUS conversion of a cost report does not pass our own validation.
    OwnRules,
    /// I: columns with other names.
    ColumnNames,
    /// J: missing optional columns prevent reading a bill.
    Optional,
    /// K: column types of common writers.
    Types,
    /// L: the content type of a file is not checked.
    Content,
    /// M: months in UTC although the bill states its own offset.
    Months,
    /// N: a price increase is reported as new usage.
    Price,
    /// O: only one provider is evaluated, and the report does not state it.
    OneProvider,
    /// P: discount lines of a cost report.
    Discounts,
    /// Q: other details: changed names, several currencies, tiny amounts, total rows.
    Small,
}

/// All kinds, in the order of their letters.
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

/// Content of a file.
pub(super) enum Content {
    Bytes(Vec<u8>),
    /// Symbolic link to another file, relative to its own folder.
    Link(&'static str),
    /// Hard link to a file listed before it.
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

/// File of a bill: its path in the folder of the bill, and its content.
pub(super) fn file(path: impl Into<String>, content: impl Into<Content>) -> (String, Content) {
    (path.into(), content.into())
}

/// Bill, with its expected result.
pub(super) struct Case {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) files: Vec<(String, Content)>,
    pub(super) right: Want,
}

/// Creates a case.
pub(super) fn case(
    kind: Kind,
    name: impl Into<String>,
    files: Vec<(String, Content)>,
    right: Want,
) -> Case {
    Case { kind, name: name.into(), files, right }
}

/// Expected result. Amounts are exact, as text. Words match in any letter case; `a|b` matches
/// either.
pub(super) enum Want {
    /// Σ `BilledCost` and Σ `EffectiveCost` of a month; further arguments of the command.
    Total(&'static [&'static str], &'static str, &'static str),
    /// `EffectiveCost` of one row of a table by a dimension; `None` is the row of those without a
    /// value.
    Group(&'static [&'static str], &'static str, Option<&'static str>, &'static str),
    /// The command succeeds, and its JSON satisfies a condition, which is described in words.
    Holds(&'static [&'static str], &'static str, fn(&Value) -> bool),
    /// The review fails with exit code 1 and one line that contains all words.
    Refused(&'static [&'static str]),
    /// The review succeeds, and one of its notes, or stderr, contains all words.
    Said(&'static [&'static str]),
    /// The review succeeds, and none of its notes contains all words.
    NotSaid(&'static [&'static str]),
    /// `validate` exits with code 3, and its findings contain all words.
    Finds(&'static [&'static str]),
    /// `pull files` creates an estate from it without findings in `validate`.
    Conforms,
    /// Any of these results.
    Any(Vec<Want>),
    /// All of these results.
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
