//! [`Session`]: its scope, and the sections that its reports are made from.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;

use super::results::{Results, once};
use crate::anomaly::Findings;
use crate::check::CheckSet;
use crate::commitment::{self, Charge};
use crate::error::Error;
use crate::estate::Estate;
use crate::focus::FocusFrame;
use crate::header::Header;
use crate::money::Currency;
use crate::month::Month;
use crate::review::{
    self, DayCompleteness, QualitySection, ReviewError, ReviewOptions, SavingsSection, Subject,
};
use crate::rollup::{RollUpOptions, Rollup, roll_up_with};

/// Charges of a bill in one currency and the other data of the estate: the entry point for reports.
///
/// A session covers one month, as of one report date, with one set of options. [`Session::with`]
/// returns a session with other options on the same charges, without scanning them again. Each
/// analysis runs once, when a report first needs it; reports are copies. A session can be shared
/// between threads.
///
/// ```
/// use cost_core::prelude::*;
///
/// let session = Session::open(&cost_core::example::bill()?)?;
/// let review = session.review()?;
/// assert_eq!(review.header.month.to_string(), "2026-09");
/// assert_eq!(review.totals.effective.this_month.to_string(), "1,247.70 USD");
/// assert_eq!(review.opportunities.len(), session.savings()?.opportunities.len());
/// # Ok::<(), Error>(())
/// ```
pub struct Session {
    pub(super) data: Arc<Data>,
    pub(super) options: ReviewOptions,
    pub(super) results: Results,
}

/// Data that the sessions of one bill share.
pub(super) struct Data {
    pub(super) estate: Arc<Estate>,
    pub(super) checks: CheckSet,
    /// Line items, for hourly analyses.
    pub(super) bill: FocusFrame,
    pub(super) rollup: Rollup,
    /// Charges for commitment analyses, once they were requested.
    pub(super) charges: Mutex<Option<Arc<[Charge]>>>,
    /// To open the bill again for another report date.
    pub(super) opened: Opened,
}

/// How the line items of a session were read, to read them again for another report date.
pub(super) struct Opened {
    /// Opens all line items, also those after the report date, with other options.
    pub(super) again: Arc<OpenAgain>,
    /// First day whose charges are hidden; `None` if no charges are.
    pub(super) hidden_from: Option<NaiveDate>,
}

/// Opens the same bill with other options, one session per currency.
pub(super) type OpenAgain = dyn Fn(ReviewOptions) -> Result<Vec<Session>, Error> + Send + Sync;

/// Short form: the currency and the options.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("currency", &self.currency())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Session {
    pub(super) fn new(data: Arc<Data>, options: ReviewOptions) -> Self {
        Self { data, options, results: Results::default() }
    }

    /// Returns a session with other options on the same charges. Analyses run again. Line items are
    /// scanned again only if another report date hides or shows charges.
    ///
    /// ```
    /// use cost_core::prelude::*;
    ///
    /// let session = Session::open(&cost_core::example::bill()?)?;
    /// let august = session.with(|options| options.month = "2026-08".parse().ok())?;
    /// assert_eq!(august.review()?.header.month.to_string(), "2026-08");
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Options`](crate::error::ErrorKind::Options) if settings name a check or a
    /// threshold that does not exist; if line items are scanned again, errors of
    /// [`SessionBuilder::open`](super::SessionBuilder::open), and
    /// [`ErrorKind::Estate`](crate::error::ErrorKind::Estate) if a pull has replaced the estate.
    pub fn with(&self, change: impl FnOnce(&mut ReviewOptions)) -> Result<Self, Error> {
        let mut options = self.options.clone();
        change(&mut options);
        options.savings.validate(&self.data.checks)?;
        if self.hides_others(options.as_of) {
            return self.opened_again(options);
        }
        Ok(Self::new(Arc::clone(&self.data), options))
    }

    /// Returns whether another report date hides other charges than the session does.
    fn hides_others(&self, as_of: Option<NaiveDate>) -> bool {
        let last = self.data.rollup.cube.latest();
        let hides = |day: NaiveDate| last.is_some_and(|last| day <= last);
        as_of != self.options.as_of
            && (self.data.opened.hidden_from.is_some() || as_of.is_some_and(hides))
    }

    /// Opens the bill again with other options, and returns the session in the same currency.
    fn opened_again(&self, options: ReviewOptions) -> Result<Self, Error> {
        let sessions = (self.data.opened.again)(options);
        // Line items were read again.
        self.data.estate.is_same()?;
        let sessions = sessions?;
        let same = sessions.into_iter().find(|s| s.currency() == self.currency());
        same.ok_or_else(|| ReviewError::Empty.into())
    }

    /// Returns the same session for another month.
    pub(super) fn of_month(&self, month: Month) -> Self {
        let options = ReviewOptions { month: Some(month), ..self.options.clone() };
        Self::new(Arc::clone(&self.data), options)
    }

    /// Returns the options.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// assert_eq!(Session::open(&cost_core::example::bill()?)?.options().top, 10);
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn options(&self) -> &ReviewOptions {
        &self.options
    }

    /// Returns the estate's data besides the charges.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// assert!(Session::open(&cost_core::example::bill()?)?.estate().inventory.is_none());
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn estate(&self) -> &Estate {
        &self.data.estate
    }

    /// Returns the roll-up: charges by day and by resource, for custom queries.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// let session = Session::open(&cost_core::example::bill()?)?;
    /// let accounts =
    ///     session.rollup().cube.sum_by(&["SubAccountName"], polars::prelude::lit(true))?;
    /// assert_eq!(accounts[0].keys, [Some("development".to_owned())]);
    /// assert_eq!(accounts[0].amounts.effective.to_string(), "151.80 USD");
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn rollup(&self) -> &Rollup {
        &self.data.rollup
    }

    /// Returns the currency of all amounts.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// assert_eq!(Session::open(&cost_core::example::bill()?)?.currency(), Currency::USD);
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.data.rollup.cube.currency()
    }

    /// Returns the half-open range of all days with charges; `None` if there are none.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// let days = Session::open(&cost_core::example::bill()?)?.days().expect("there are charges");
    /// assert_eq!(
    ///     (days.start.to_string(), days.end.to_string()),
    ///     ("2026-07-01".into(), "2026-10-01".into())
    /// );
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn days(&self) -> Option<Range<NaiveDate>> {
        self.data.rollup.cube.day_range().map(|(first, end)| first..end)
    }

    /// Returns the months of the bill, newest first.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// let months = Session::open(&cost_core::example::bill()?)?.months();
    /// assert_eq!(
    ///     months.iter().map(Month::to_string).collect::<Vec<_>>(),
    ///     ["2026-09", "2026-08", "2026-07"]
    /// );
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn months(&self) -> Vec<Month> {
        let Some((first, last)) = self.data.rollup.cube.days() else { return Vec::new() };
        let (oldest, newest) = (Month::of(first), Month::of(last));
        std::iter::successors(Some(newest), |m| Some(m.minus(1)))
            .take_while(|m| *m >= oldest)
            .collect()
    }
}

/// Sections of reports, each computed once.
impl Session {
    /// Returns the header of its reports: month, report date, bill.
    pub(super) fn header(&self) -> Result<&Header, ReviewError> {
        let Data { estate, rollup, bill, .. } = &*self.data;
        once(&self.results.header, || {
            let bill = (bill.version().as_str(), self.data.opened.hidden_from);
            review::header(estate, rollup, bill, &self.options)
        })
    }

    pub(super) fn subject(&self) -> Result<Subject<'_>, ReviewError> {
        let Data { estate, rollup, checks, .. } = &*self.data;
        Ok(Subject { estate, rollup, checks, options: &self.options, header: self.header()? })
    }

    pub(super) fn savings_section(&self) -> Result<&SavingsSection, ReviewError> {
        once(&self.results.savings, || review::savings(&self.subject()?))
    }

    pub(super) fn found(&self) -> Result<&Findings, ReviewError> {
        let make = || {
            let subject = self.subject()?;
            review::in_days(&subject, &review::in_month(&subject))
        };
        once(&self.results.found, make)
    }

    /// Returns the anomalies of the previous month, which explain changes from it.
    pub(super) fn earlier(&self) -> Result<&Findings, ReviewError> {
        let make = || {
            let subject = self.subject()?;
            let days = review::in_previous_month(&subject);
            if days.is_empty() {
                return Ok(Findings::default());
            }
            review::in_days(&subject, &days)
        };
        once(&self.results.earlier, make)
    }

    pub(super) fn completeness(&self) -> Result<&[DayCompleteness], ReviewError> {
        let make = || Ok(review::last_days(&self.data.rollup, self.header()?.estate.as_of)?);
        once(&self.results.completeness, make).map(Vec::as_slice)
    }

    pub(super) fn quality(&self) -> Result<&QualitySection, ReviewError> {
        once(&self.results.quality, || {
            Ok(review::quality_section(&self.subject()?, self.completeness()?)?)
        })
    }

    pub(super) fn account_names(&self) -> Result<&BTreeMap<String, String>, ReviewError> {
        once(&self.results.account_names, || Ok(review::account_names(&self.data.rollup)?))
    }

    /// Returns the charges for commitment analyses: from the roll-up, else from one more scan of
    /// the line items.
    ///
    /// # Errors
    /// [`ReviewError::Converted`], because purchase recommendations need the currency of the bill;
    /// and errors from reading the line items again.
    pub(super) fn commitment_charges(&self) -> Result<Arc<[Charge]>, ReviewError> {
        let Data { bill, rollup, charges, .. } = &*self.data;
        if rollup.exchange.is_some() {
            return Err(ReviewError::Converted);
        }
        // Locked during the scan, so that it runs only once.
        let mut known = charges.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(charges) = &*known {
            return Ok(Arc::clone(charges));
        }
        let sums = match &rollup.commitments {
            Some(sums) => Cow::Borrowed(sums),
            None => Cow::Owned(
                roll_up_with(bill, RollUpOptions { commitments: Some(commitment::SCAN) })?
                    .commitments
                    .unwrap_or_default(),
            ),
        };
        let charges: Arc<[Charge]> = Arc::from(commitment::charges(&sums, self.currency())?);
        *known = Some(Arc::clone(&charges));
        Ok(charges)
    }

    /// Returns an error with the location of this bill.
    pub(super) fn error(&self, error: ReviewError) -> Error {
        Error::from(error).at(&self.data.estate.billing)
    }
}
