//! [`Error`]: why a bill or an estate cannot be opened, or a report cannot be made.

use std::error::Error as StdError;
use std::fmt;

use crate::check::SettingsError;
use crate::estate::EstateError;
use crate::focus::FocusError;
use crate::money::MoneyError;
use crate::review::ReviewError;
use crate::rollup::{ExchangeError, QueryError};

/// What kind of failure it was, for programs that decide by it.
///
/// ```
/// use cost_core::prelude::*;
///
/// let session = Session::open(&cost_core::example::bill()?)?;
/// let by_owner = session.with(|o| o.group_by = Some(vec![Dimension::Tag("owner".to_owned())]))?;
/// let error = by_owner.review().expect_err("the bill was read without this tag");
/// match error.kind() {
///     ErrorKind::Options => eprintln!("{error}; {}", error.kind().hint()),
///     _ => return Err(error),
/// }
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no bill or estate at the location.
    NotFound,
    /// A call to a cloud provider failed.
    Provider,
    /// The bill cannot be read: a column is missing, a cell is invalid, or a file is damaged.
    Bill,
    /// Files of the bill contain the same charges, which would be counted twice.
    DuplicateCharges,
    /// The bill has several currencies, but the call needs one.
    SeveralCurrencies,
    /// A table of the estate cannot be read.
    Estate,
    /// Options name a check, threshold, tag key, or range that does not exist.
    Options,
    /// The bill has no charges, or none in the requested month.
    NoCharges,
    /// An exchange rate is missing.
    ExchangeRate,
    /// An amount does not fit into 28 digits.
    Amount,
    /// The query engine failed on the roll-up: a fault of the library, or not enough memory. A
    /// failure while a bill is opened is [`Self::Bill`], because its unreadable part is searched
    /// for first.
    Engine,
}

impl ErrorKind {
    /// Returns what a program that embeds the library can do about the error.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// assert!(ErrorKind::SeveralCurrencies.hint().contains("open_each"));
    /// ```
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::NotFound => "check the location: a file, a folder, a glob of bills, or an estate",
            Self::Provider => {
                "downcast the error to the provider's own type, which shows whether a retry can succeed"
            }
            Self::Bill => "correct the bill at the place that the error names, or exclude the file",
            Self::DuplicateCharges => "open the bill without one of the files that the error names",
            Self::SeveralCurrencies => {
                "open a session for each currency with SessionBuilder::open_each, or convert all amounts with SessionBuilder::report_currency"
            }
            Self::Estate => {
                "write the table that the error names again, or remove it: reports then show what is missing"
            }
            Self::Options => {
                "correct the options; CheckSet::metas lists the checks and their thresholds"
            }
            Self::NoCharges => "choose a month from Session::months",
            Self::ExchangeRate => {
                "pass a table with this exchange rate to SessionBuilder::report_currency"
            }
            Self::Amount => "look for a cost in the bill that is far too large",
            Self::Engine => "report this error together with its sources",
        }
    }
}

/// Error from opening a bill or an estate, or from making a report: its [`kind`](Error::kind),
/// the location, and what is wrong.
///
/// ```
/// use cost_core::prelude::*;
///
/// let session = Session::builder()
///     .month("2020-01".parse().expect("a month"))
///     .open(&cost_core::example::bill()?)?;
/// let error = session.review().expect_err("the bill is of 2026");
/// assert_eq!(error.kind(), ErrorKind::NoCharges);
/// assert_eq!(error.place(), Some("bill"));
/// assert_eq!(
///     error.to_string(),
///     "bill: there are no charges in 2020-01; the bill covers 2026-07-01 to 2026-09-30"
/// );
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    place: Option<String>,
    inner: Box<dyn StdError + Send + Sync>,
}

impl Error {
    /// Creates an error of a kind from another error. Provider crates use it to turn their own
    /// errors into errors of the library.
    ///
    /// ```
    /// use std::io;
    ///
    /// use cost_core::prelude::*;
    ///
    /// let error = Error::new(ErrorKind::NotFound, io::Error::other("bill.csv: no such file"));
    /// assert_eq!(error.kind(), ErrorKind::NotFound);
    /// assert_eq!(error.to_string(), "bill.csv: no such file");
    /// assert!(error.downcast::<io::Error>().is_ok());
    /// ```
    #[must_use]
    pub fn new(kind: ErrorKind, inner: impl StdError + Send + Sync + 'static) -> Self {
        Self { kind, place: None, inner: Box::new(inner) }
    }

    /// Returns the kind of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns the location of the bill that the report is about; `None` if the message itself
    /// names the file or row.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        self.place.as_deref()
    }

    /// Returns the same error with a location.
    #[must_use]
    pub(crate) fn at(self, place: &str) -> Self {
        Self { place: Some(place.to_owned()), ..self }
    }

    /// Returns the error that this one was made from, if its type is `E`: for example a
    /// [`FocusError`], which names row and column.
    ///
    /// ```
    /// use cost_core::prelude::*;
    /// use cost_core::review::ReviewError;
    ///
    /// let session = Session::builder()
    ///     .month("2020-01".parse().expect("a month"))
    ///     .open(&cost_core::example::bill()?)?;
    /// let error = session.review().expect_err("the bill is of 2026").downcast::<ReviewError>()?;
    /// assert!(matches!(error, ReviewError::NoSuchMonth { .. }));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// Returns this error unchanged if it was made from an error of another type.
    pub fn downcast<E: StdError + Send + Sync + 'static>(self) -> Result<E, Self> {
        let Self { kind, place, inner } = self;
        inner.downcast().map(|inner| *inner).map_err(|inner| Self { kind, place, inner })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.inner),
            None => self.inner.fmt(f),
        }
    }
}

impl StdError for Error {
    /// Returns the underlying cause. The message of the error that this one was made from is
    /// already part of this error's message.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source()
    }
}

fn of_money(error: &MoneyError) -> ErrorKind {
    match error {
        MoneyError::MixedCurrency { .. } => ErrorKind::SeveralCurrencies,
        _ => ErrorKind::Amount,
    }
}

fn of_query(error: &QueryError) -> ErrorKind {
    match error {
        QueryError::Money(e) => of_money(e),
        QueryError::Engine(_) => ErrorKind::Engine,
    }
}

fn of_bill(error: &FocusError) -> ErrorKind {
    match error {
        FocusError::CountedTwice { .. } | FocusError::TwoExports(_) => ErrorKind::DuplicateCharges,
        FocusError::MixedCurrency { .. } => ErrorKind::SeveralCurrencies,
        FocusError::Empty { .. } | FocusError::NotInCurrency { .. } => ErrorKind::NoCharges,
        FocusError::Money { source, .. } => of_money(source),
        _ => ErrorKind::Bill,
    }
}

fn of_review(error: &ReviewError) -> ErrorKind {
    match error {
        ReviewError::NoSuchMonth { .. } | ReviewError::Empty => ErrorKind::NoCharges,
        ReviewError::UnknownTag(_) | ReviewError::Converted | ReviewError::BeforeBill { .. } => {
            ErrorKind::Options
        }
        ReviewError::Query(e) | ReviewError::Check(crate::check::CheckError::Query(e)) => {
            of_query(e)
        }
        ReviewError::Money(e) | ReviewError::Check(crate::check::CheckError::Money(e)) => {
            of_money(e)
        }
        ReviewError::Bill(e) => of_bill(e),
    }
}

impl From<FocusError> for Error {
    fn from(error: FocusError) -> Self {
        Self::new(of_bill(&error), error)
    }
}

impl From<EstateError> for Error {
    fn from(error: EstateError) -> Self {
        Self::new(ErrorKind::Estate, error)
    }
}

impl From<SettingsError> for Error {
    fn from(error: SettingsError) -> Self {
        Self::new(ErrorKind::Options, error)
    }
}

impl From<ReviewError> for Error {
    fn from(error: ReviewError) -> Self {
        Self::new(of_review(&error), error)
    }
}

impl From<QueryError> for Error {
    fn from(error: QueryError) -> Self {
        Self::new(of_query(&error), error)
    }
}

impl From<MoneyError> for Error {
    fn from(error: MoneyError) -> Self {
        Self::new(of_money(&error), error)
    }
}

impl From<ExchangeError> for Error {
    fn from(error: ExchangeError) -> Self {
        let kind = match &error {
            ExchangeError::NoRate { .. } => ErrorKind::ExchangeRate,
            ExchangeError::Money(e) => of_money(e),
            ExchangeError::Engine(_) => ErrorKind::Engine,
        };
        Self::new(kind, error)
    }
}
