//! FOCUS bills: columns and versions, exact decoding of cells, and [`FocusFrame`], a checked lazy
//! frame of line items.

pub mod columns;
pub mod conformance;
mod estate_rows;
mod explain;
mod expr;
mod failure;
mod fold;
mod frame;
mod headers;
mod kernels;
mod locate;
pub(crate) mod memo;
mod optional;
mod origin;
mod others;
mod rates;
pub mod repair;
mod rows;
mod source;
mod tags;
pub mod text;
mod typed;
mod unread;
mod used;
pub mod written;

pub use estate_rows::estate_rows;
pub(crate) use expr::kernel;
pub(crate) use failure::unreadable;
pub use fold::is_guid;
pub use frame::{FocusFrame, Reading};
pub use kernels::RoundedCells;
pub use origin::{Origin, Part};
pub use others::LeftOut;
pub use rows::{Batches, Columns, FILE, RowSource, Rows, leaves, only};
pub(crate) use source::Runs;
pub use source::{FileStatus, PAGE, Source, SourceFile, unread};
pub use tags::TAG_PREFIX;
pub(crate) use tags::{TAGGED_COLUMN, TAGS_COLUMN, split_tags};
pub use typed::{decimal, instant, optional_decimal, optional_instant, typed};
pub use unread::UnreadCells;
pub(crate) use used::CHARGE_START;
pub use used::is_needed;

pub use crate::text::quote_cell;

/// Why a bill cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FocusError {
    /// A column the numbers depend on is not there.
    #[error("{origin}: column {column} is missing; {hint}")]
    MissingColumn {
        /// File or frame.
        origin: String,
        /// FOCUS column id.
        column: &'static str,
        /// What to do about it.
        hint: String,
    },
    /// The same column twice, under two headers.
    #[error("{origin}: columns {first} and {second} are both {column}; keep one of them")]
    DuplicateColumn {
        /// File or frame.
        origin: String,
        /// FOCUS column id.
        column: &'static str,
        /// Header met first.
        first: String,
        /// Header met second.
        second: String,
    },
    /// A cell does not decode, or must not be null.
    #[error("{origin}, row {row}, column {column}: {problem}")]
    BadCell {
        /// File or frame.
        origin: String,
        /// 1-based data row; a header line is not counted.
        row: u64,
        /// FOCUS column id.
        column: String,
        /// What is wrong and what to do, the cell's text included.
        problem: String,
    },
    /// Two currencies in one estate.
    #[error(
        "{origin}, row {row}, column BillingCurrency: {found} after {first}: amounts in different currencies are never \
         added; look at one with --currency, such as --currency {}, or at all in one with --report-currency",
        .found.trim_matches('`')
    )]
    MixedCurrency {
        /// File or frame.
        origin: String,
        /// 1-based data row; a header line is not counted.
        row: u64,
        /// Currency of the rows before.
        first: String,
        /// Currency of this row.
        found: String,
        /// All there are, in the order of the alphabet.
        currencies: Vec<crate::money::Currency>,
    },
    /// Files that hold the same charges, which would be counted twice.
    #[error("{}", say_twice(.pairs, *.newest))]
    CountedTwice {
        /// Which.
        pairs: Vec<Twice>,
        /// Whether the newest of them were asked for, and cannot be taken: what else is in the
        /// older ones would be lost.
        newest: bool,
    },
    /// Two exports of the same account and month, which would be counted twice.
    #[error("{0}")]
    TwoExports(Box<TwoExports>),
    /// Not all rows of a file were read.
    #[error("{origin}: {read} of its {expected} rows were read; it may be damaged: fetch it again")]
    RowsMissing {
        /// File.
        origin: String,
        /// Rows it has by its footer or its manifest.
        expected: u64,
        /// Rows read.
        read: u64,
    },
    /// No line items in the currency asked for.
    #[error("there are no charges in {currency}; the bill has {}", .others.join(", "))]
    NotInCurrency {
        /// The currency asked for.
        currency: crate::money::Currency,
        /// Those there are, as the bill has them.
        others: Vec<String>,
    },
    /// No line items at all.
    #[error("{origin}: no line items; check the path, or the export's date range")]
    Empty {
        /// Where they were looked for.
        origin: String,
    },
    /// The engine failed: a damaged file, or an unsupported encoding.
    #[error("{origin}: cannot be read: {message}")]
    Unreadable {
        /// File or frame.
        origin: String,
        /// The engine's words.
        message: String,
    },
    /// A sum that does not fit.
    #[error("{origin}: its charges cannot be added up")]
    Money {
        /// Where.
        origin: String,
        /// What.
        source: crate::money::MoneyError,
    },
}

/// Two files, or groups of files, that hold the same charges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twice {
    /// The file with fewer charges, or those of a folder.
    pub smaller: Vec<String>,
    /// The other, or the others over which its charges are spread.
    pub larger: Vec<String>,
    /// `BillingAccountId` of the charges.
    pub billing_account: Option<String>,
    /// `BillingPeriodStart` of the charges.
    pub billing_period: Option<chrono::NaiveDate>,
    /// Share of the smaller file's charges that are in both, percent.
    pub pct: u64,
    /// In which way they are the same.
    pub how: TwiceAs,
    /// Whether all that the smaller file holds, of every account and period, is in the larger one;
    /// amounts may have been restated.
    pub whole: bool,
    /// Whether both hold the same charges and no others.
    pub equal: bool,
}

/// In which way the charges of two files are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TwiceAs {
    /// Row by row.
    Rows,
    /// The same is charged for the same time, with other amounts.
    Restated,
    /// The smaller file has by the day what the larger one has by the hour.
    Finer,
    /// The same amounts are charged for the same time, under other names of accounts, providers,
    /// services or resources.
    Renamed,
}

/// Two exports of the same account and month.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{first} ({first_kind}) and {second} ({second_kind}) are both of account {account}, {month}: two exports of the same \
     charges would count twice; choose one with --only GLOB"
)]
#[non_exhaustive]
pub struct TwoExports {
    /// A file of one.
    pub first: String,
    /// What it is.
    pub first_kind: String,
    /// A file of the other.
    pub second: String,
    /// What it is.
    pub second_kind: String,
    /// The account.
    pub account: String,
    /// The month of the billing period.
    pub month: String,
}

/// Pairs of files that are named in a message, at most.
const PAIRS_NAMED: usize = 5;

fn say_twice(pairs: &[Twice], newest: bool) -> String {
    let files = |all: &[String]| match all {
        [first, second, rest @ ..] if !rest.is_empty() => {
            format!("{first}, {second} and {} more", rest.len())
        }
        few => few.join(" with "),
    };
    let pair = |t: &Twice| {
        let period =
            t.billing_period.map_or_else(String::new, |p| format!(" of {}", p.format("%Y-%m")));
        let account = t
            .billing_account
            .as_deref()
            .map_or_else(String::new, |a| format!(", billing account {a}"));
        let all = if t.pct == 100 { "all".to_owned() } else { format!("{} %", t.pct) };
        let of = if t.whole { "" } else { " of the times that both have" };
        let how = match t.how {
            TwiceAs::Rows => "",
            TwiceAs::Restated => ", with other amounts",
            TwiceAs::Finer => ", one by the day and one by the hour",
            TwiceAs::Renamed => ", under other names of accounts, providers, services or resources",
        };
        let (smaller, larger) = (files(&t.smaller), files(&t.larger));
        format!(
            "{smaller} and {larger} hold the same charges{period}{account}{how} ({all} of those in the first{of})"
        )
    };
    let named: Vec<String> = pairs.iter().take(PAIRS_NAMED).map(pair).collect();
    let rest = pairs.len().saturating_sub(PAIRS_NAMED);
    let more = if rest > 0 { format!("; and {rest} more pairs") } else { String::new() };
    let cure = if newest {
        "choose files with --only GLOB: --newest cannot leave out the older ones, of which not all charges are in the newer ones"
    } else if pairs.iter().all(|t| t.whole) {
        "keep one of them, choose files with --only GLOB, or take the newest of them with --newest"
    } else {
        "choose files with --only GLOB, or take out of one what the other has"
    };
    format!("{}{more}: both would count twice; {cure}", named.join("; "))
}
