//! FOCUS bills: columns and versions, exact decoding of cells, and [`FocusFrame`], a validated lazy
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
pub use others::ExcludedLineItems;
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

/// Error from reading a bill.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FocusError {
    /// A column that the figures depend on is missing.
    #[error("{origin}: column {column} is missing; {hint}")]
    MissingColumn {
        /// File or frame.
        origin: String,
        /// FOCUS column id.
        column: &'static str,
        /// How to fix it.
        hint: String,
    },
    /// Two headers stand for the same column.
    #[error("{origin}: columns {first} and {second} are both {column}; remove one of them")]
    DuplicateColumn {
        /// File or frame.
        origin: String,
        /// FOCUS column id.
        column: &'static str,
        /// First header.
        first: String,
        /// Second header.
        second: String,
    },
    /// A cell is invalid, or is null although the column requires a value.
    #[error("{origin}, row {row}, column {column}: {problem}")]
    BadCell {
        /// File or frame.
        origin: String,
        /// 1-based data row; a header line is not counted.
        row: u64,
        /// FOCUS column id.
        column: String,
        /// What is wrong and what to do, including the cell's text.
        problem: String,
    },
    /// The bill has more than one currency.
    #[error(
        "{origin}, row {row}, column BillingCurrency: {found} after {first}: amounts in different currencies are never \
         added; report one currency with --currency, such as --currency {}, or convert all amounts with --report-currency",
        .found.trim_matches('`')
    )]
    MixedCurrency {
        /// File or frame.
        origin: String,
        /// 1-based data row; a header line is not counted.
        row: u64,
        /// Currency of the previous rows.
        first: String,
        /// Currency of this row.
        found: String,
        /// All currencies of the bill, in alphabetical order.
        currencies: Vec<crate::money::Currency>,
    },
    /// Files contain the same charges, which would be counted twice.
    #[error("{}", say_twice(.pairs, *.newest))]
    CountedTwice {
        /// Pairs of files with the same charges.
        pairs: Vec<Twice>,
        /// Whether only the newest files were requested. That is not possible: charges that only
        /// the older files contain would be lost.
        newest: bool,
    },
    /// Two exports cover the same account and month, which would be counted twice.
    #[error("{0}")]
    TwoExports(Box<TwoExports>),
    /// Not all rows of a file were read.
    #[error(
        "{origin}: only {read} of its {expected} rows were read; the file may be damaged: fetch it again"
    )]
    RowsMissing {
        /// File.
        origin: String,
        /// Rows of the file according to its footer or its manifest.
        expected: u64,
        /// Rows read.
        read: u64,
    },
    /// The bill has no line items in the requested currency.
    #[error("there are no charges in {currency}; the bill has {}", .others.join(", "))]
    NotInCurrency {
        /// Requested currency.
        currency: crate::money::Currency,
        /// Currencies of the bill, as the bill writes them.
        others: Vec<String>,
    },
    /// The bill has no line items.
    #[error("{origin}: no line items; check the path, or the export's date range")]
    Empty {
        /// Location that was searched.
        origin: String,
    },
    /// The query engine failed: a damaged file, or an unsupported encoding.
    #[error("{origin}: cannot be read: {message}")]
    Unreadable {
        /// File or frame.
        origin: String,
        /// Message of the query engine.
        message: String,
    },
    /// A sum does not fit into 28 digits.
    #[error("{origin}: its charges cannot be added up")]
    Money {
        /// File or bill.
        origin: String,
        /// Cause.
        source: crate::money::MoneyError,
    },
}

/// Two files, or groups of files, that contain the same charges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twice {
    /// File with fewer charges, or the files of a folder.
    pub smaller: Vec<String>,
    /// Other file, or the files over which the same charges are spread.
    pub larger: Vec<String>,
    /// `BillingAccountId` of the charges.
    pub billing_account: Option<String>,
    /// `BillingPeriodStart` of the charges.
    pub billing_period: Option<chrono::NaiveDate>,
    /// Share of the smaller file's charges that are in both, percent.
    pub pct: u64,
    /// How the charges match.
    pub how: TwiceAs,
    /// Whether the larger file contains all charges of the smaller one, for each account and
    /// period. Amounts may have been restated.
    pub contained: bool,
    /// Whether both contain the same charges and no others.
    pub equal: bool,
}

/// How the charges of two files match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TwiceAs {
    /// Row by row.
    Rows,
    /// Same charges and charge periods, different amounts.
    Restated,
    /// The smaller file has daily rows, the larger one hourly rows.
    Finer,
    /// Same amounts and charge periods, different names of accounts, providers, services, or
    /// resources.
    Renamed,
}

/// Two exports of the same account and month.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{first} ({first_kind}) and {second} ({second_kind}) both cover account {account}, {month}: two exports of the same \
     charges would be counted twice; choose one with --only GLOB"
)]
#[non_exhaustive]
pub struct TwoExports {
    /// File of the first export.
    pub first: String,
    /// Format of the first export.
    pub first_kind: String,
    /// File of the second export.
    pub second: String,
    /// Format of the second export.
    pub second_kind: String,
    /// Billing account.
    pub account: String,
    /// Month of the billing period.
    pub month: String,
}

/// Largest number of file pairs that a message names.
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
        let of = if t.contained { "" } else { ", for the periods that both cover" };
        let how = match t.how {
            TwiceAs::Rows => "",
            TwiceAs::Restated => ", with different amounts",
            TwiceAs::Finer => ", one by day and one by hour",
            TwiceAs::Renamed => {
                ", under different names of accounts, providers, services, or resources"
            }
        };
        let (smaller, larger) = (files(&t.smaller), files(&t.larger));
        format!(
            "{smaller} and {larger} contain the same charges{period}{account}{how} ({all} of the charges in the first{of})"
        )
    };
    let named: Vec<String> = pairs.iter().take(PAIRS_NAMED).map(pair).collect();
    let rest = pairs.len().saturating_sub(PAIRS_NAMED);
    let more = if rest > 0 { format!("; and {rest} more pairs") } else { String::new() };
    let cure = if newest {
        "choose files with --only GLOB: --newest cannot exclude the older files, because they contain charges that the newer files do not"
    } else if pairs.iter().all(|t| t.contained) {
        "remove one of them, choose files with --only GLOB, or read only the newest with --newest"
    } else {
        "choose files with --only GLOB, or remove the duplicate charges from one file"
    };
    format!("{}{more}: these charges would be counted twice; {cure}", named.join("; "))
}
