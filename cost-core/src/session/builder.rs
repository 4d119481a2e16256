//! [`SessionBuilder`]: settings for opening a [`Session`] on line items.

use std::sync::{Arc, Mutex};

use chrono::NaiveDate;

use super::asked::{Data, OpenAgain, Opened, Session};
use crate::check::{Check, CheckSet, Settings, SettingsError};
use crate::commitment;
use crate::error::Error;
use crate::estate::{Estate, EstateError};
use crate::exchange::RateTable;
use crate::focus::FocusFrame;
use crate::lifecycle::SavingsLedger;
use crate::money::Currency;
use crate::month::Month;
use crate::review::{ReviewError, ReviewOptions};
use crate::rollup::{Dimension, RollUpOptions, Rollup, convert, roll_up_by_currency, roll_up_with};

impl Session {
    /// Opens a bill in one currency, with every built-in check and default options.
    ///
    /// ```
    /// use cost_core::prelude::*;
    ///
    /// let session = Session::open(&cost_core::example::bill()?)?;
    /// assert_eq!(session.review()?.totals.effective.this_month.to_string(), "1,247.70 USD");
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`SessionBuilder::open`].
    pub fn open(bill: &FocusFrame) -> Result<Self, Error> {
        Self::builder().open(bill)
    }

    /// Returns a builder to add other data, select checks, and set options.
    ///
    /// ```
    /// use cost_core::prelude::*;
    ///
    /// let july: Month = "2026-07".parse().expect("a month");
    /// let session = Session::builder()
    ///     .month(july)
    ///     .group_by([Dimension::Region])
    ///     .open(&cost_core::example::bill()?)?;
    /// assert_eq!(session.review()?.groups.len(), 1);
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn builder() -> SessionBuilder {
        SessionBuilder::default()
    }
}

/// Rolls up a bill: one roll-up per currency, with its line items.
type RollUp<'a> = dyn Fn(&FocusFrame) -> Result<Vec<(FocusFrame, Rollup)>, Error> + 'a;

/// Returns the number of line items in all roll-ups.
fn line_items(all: &[(FocusFrame, Rollup)]) -> u64 {
    all.iter().map(|(_, rollup)| rollup.line_items).sum()
}

/// Data, checks, and options of a [`Session`]. Nothing is read until it is opened.
///
/// ```
/// use cost_core::prelude::*;
///
/// let session = Session::builder()
///     .estate(Estate::bare("the example")?)
///     .month("2026-08".parse().expect("a month"))
///     .as_of("2026-10-01".parse().expect("a day"))
///     .checks(CheckSet::built_in().without("gp2_volume"))
///     .open(&cost_core::example::bill()?)?;
/// assert!(session.anomalies()?.anomalies.is_empty());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct SessionBuilder {
    estate: Option<Arc<Estate>>,
    checks: CheckSet,
    options: ReviewOptions,
    report: Option<(Currency, Vec<RateTable>)>,
    commitments: bool,
}

impl SessionBuilder {
    /// Adds the estate's other data: inventory, utilization, prices. Without it, the session has
    /// only the bill and the bundled list prices.
    ///
    /// ```
    /// use cost_core::prelude::*;
    ///
    /// // A provider reads the line items of an estate from `estate.billing`; `cost_providers::open` does both.
    /// let line_items = cost_core::example::bill()?;
    /// let estate = Estate { offers: Default::default(), ..Estate::bare("example")? };
    /// let session = Session::builder().estate(estate).open(&line_items)?;
    /// assert_eq!(session.estate().billing, "example");
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn estate(self, estate: impl Into<Arc<Estate>>) -> Self {
        Self { estate: Some(estate.into()), ..self }
    }

    /// Sets the checks to run, replacing the built-in ones and those set before.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// let session =
    ///     Session::builder().checks(CheckSet::empty()).open(&cost_core::example::bill()?)?;
    /// assert!(session.savings()?.opportunities.is_empty());
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn checks(self, checks: CheckSet) -> Self {
        Self { checks, ..self }
    }

    /// Adds a custom check.
    ///
    /// ```
    /// # use cost_core::check::{CheckError, CheckOutput, Context, Group};
    /// # use cost_core::prelude::*;
    /// # struct Mine(CheckMeta);
    /// # impl Check for Mine {
    /// #     fn meta(&self) -> &CheckMeta {
    /// #         &self.0
    /// #     }
    /// #     fn run(&self, _: &Context<'_>) -> Result<CheckOutput, CheckError> {
    /// #         Ok(CheckOutput::default())
    /// #     }
    /// # }
    /// # let mine = |id| Mine(CheckMeta::new(id, "Mine", Group::Idle));
    /// let bill = cost_core::example::bill()?;
    /// assert!(Session::builder().check(mine("my_check")).open(&bill).is_ok());
    /// // IDs must be unique.
    /// let twice = Session::builder().check(mine("gp2_volume")).open(&bill).err();
    /// assert_eq!(twice.map(|e| e.kind()), Some(ErrorKind::Options));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// See [`Check`] for an example with findings.
    #[must_use]
    pub fn check(self, check: impl Check + 'static) -> Self {
        Self { checks: self.checks.with(check), ..self }
    }

    /// Sets all options at once, replacing all options set before, including the month.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// let options = ReviewOptions { top: 1, ..ReviewOptions::default() };
    /// let session = Session::builder().options(options).open(&cost_core::example::bill()?)?;
    /// assert_eq!(session.options().top, 1);
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn options(self, options: ReviewOptions) -> Self {
        Self { options, ..self }
    }

    /// Sets the month. Default: the last month that has ended.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// let july = "2026-07".parse().expect("a month");
    /// let session = Session::builder().month(july).open(&cost_core::example::bill()?)?;
    /// assert_eq!(session.review()?.header.month, july);
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn month(self, month: Month) -> Self {
        self.option(|o| o.month = Some(month))
    }

    /// Sets the report date, because the library reads no clock. Charges that start on this day or
    /// later are hidden. Default: the day of the estate, or the day after the last charge.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// let september = "2026-09-10".parse().expect("a day");
    /// let session = Session::builder().as_of(september).open(&cost_core::example::bill()?)?;
    /// assert_eq!(session.review()?.header.month.to_string(), "2026-08");
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn as_of(self, day: NaiveDate) -> Self {
        self.option(|o| o.as_of = Some(day))
    }

    /// Sets the dimensions of group tables. Default: service, account, region, and the tag keys of
    /// the estate. The bill must have been read with these tag keys: see
    /// [`SessionBuilder::tag_keys`].
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// let team = Dimension::Tag("team".to_owned());
    /// let session = Session::builder().group_by([team]).open(&cost_core::example::bill()?)?;
    /// assert_eq!(session.review()?.groups[0].rows[0].key.as_deref(), Some("production"));
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn group_by(self, dimensions: impl IntoIterator<Item = Dimension>) -> Self {
        self.option(|o| o.group_by = Some(dimensions.into_iter().collect()))
    }

    /// Sets the number of rows of group tables and cost drivers. Default 10.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// let review = Session::builder().top(1).open(&cost_core::example::bill()?)?.review()?;
    /// assert_eq!((review.groups[0].rows.len(), review.groups[0].others_count), (1, 2));
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn top(self, rows: usize) -> Self {
        self.option(|o| o.top = rows)
    }

    /// Sets the anomaly settings.
    ///
    /// ```
    /// use cost_core::prelude::*;
    ///
    /// let mut settings = cost_core::anomaly::Settings::default();
    /// settings.thresholds.floor = 1_000;
    /// let session =
    ///     Session::builder().anomaly_settings(settings).open(&cost_core::example::bill()?)?;
    /// assert!(session.anomalies()?.anomalies.is_empty());
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn anomaly_settings(self, settings: crate::anomaly::Settings) -> Self {
        self.option(|o| o.anomalies = settings)
    }

    /// Sets the savings settings: thresholds by check, ignore rules, plan constraints.
    ///
    /// ```
    /// use cost_core::prelude::*;
    ///
    /// let settings = cost_core::check::Settings {
    ///     skip: vec!["idle_address".to_owned()],
    ///     ..Default::default()
    /// };
    /// let session =
    ///     Session::builder().savings_settings(settings).open(&cost_core::example::bill()?)?;
    /// assert!(session.savings()?.skipped.iter().any(|s| s.check == "idle_address"));
    ///
    /// let settings = cost_core::check::Settings {
    ///     skip: vec!["idle_adress".to_owned()],
    ///     ..Default::default()
    /// };
    /// let error =
    ///     Session::builder().savings_settings(settings).open(&cost_core::example::bill()?).err();
    /// assert_eq!(error.map(|e| e.kind()), Some(ErrorKind::Options));
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn savings_settings(self, settings: Settings) -> Self {
        self.option(|o| o.savings = settings)
    }

    /// Adds decisions on earlier findings. Dismissed opportunities are in no plan.
    ///
    /// ```
    /// use cost_core::lifecycle::{Decision, Verdict};
    /// use cost_core::prelude::*;
    ///
    /// let bill = cost_core::example::bill()?;
    /// let savings = Session::open(&bill)?.savings()?;
    /// let id = &savings.plan.steps[0].opportunity;
    /// let mut ledger = SavingsLedger::default();
    /// ledger.update(savings.header.month, savings.header.estate.as_of, &[savings.for_ledger()]);
    /// let verdict = Verdict::Dismissed { reason: "it goes away anyway".to_owned(), until: None };
    /// let at = "2026-10-01T12:00:00Z".parse().expect("an instant");
    /// ledger.decide(id, Some(Decision { verdict, at, note: None })).expect("it was found");
    ///
    /// let savings = Session::builder().decisions(ledger).open(&bill)?.savings()?;
    /// assert!(savings.plan.step(id).is_none());
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn decisions(self, ledger: SavingsLedger) -> Self {
        self.option(|o| o.decisions = ledger)
    }

    /// Converts all amounts to one currency. The rate comes from the first of these tables that has
    /// it, then from the bill itself.
    ///
    /// ```
    /// use cost_core::exchange::RateTable;
    /// use cost_core::prelude::*;
    ///
    /// let rates = "date,from,to,rate\n2026-07-31,USD,EUR,0.9\n2026-08-31,USD,EUR,0.9\n2026-09-30,USD,EUR,0.8\n";
    /// let rates = RateTable::parse("rates.csv", rates).expect("rates");
    /// let euro = "EUR".parse().expect("a currency");
    /// let session =
    ///     Session::builder().report_currency(euro, [rates]).open(&cost_core::example::bill()?)?;
    /// assert_eq!(session.review()?.totals.effective.this_month.currency(), euro);
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn report_currency(
        self,
        into: Currency,
        rates: impl IntoIterator<Item = RateTable>,
    ) -> Self {
        Self { report: Some((into, rates.into_iter().collect())), ..self }
    }

    /// Prepares for [`Session::commitments`]: its charges are summed in the scan that opens the
    /// session. Without this, the first call scans the line items once more.
    ///
    /// ```
    /// use cost_core::prelude::*;
    ///
    /// let session = Session::builder().for_commitments().open(&cost_core::example::bill()?)?;
    /// assert!(session.rollup().commitments.is_some());
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn for_commitments(self) -> Self {
        Self { commitments: true, ..self }
    }

    fn option(mut self, change: impl FnOnce(&mut ReviewOptions)) -> Self {
        change(&mut self.options);
        self
    }

    /// Returns the tag keys that the bill must be read with: those of the estate and those in the
    /// options.
    ///
    /// ```
    /// use cost_core::prelude::*;
    ///
    /// let builder = Session::builder().group_by([Dimension::Tag("team".to_owned())]);
    /// assert_eq!(builder.tag_keys(), ["team"]);
    /// ```
    #[must_use]
    pub fn tag_keys(&self) -> Vec<String> {
        let manifest = self.estate.as_ref().and_then(|estate| estate.manifest.as_ref());
        let mut keys = manifest.map(|m| m.tag_keys.clone()).unwrap_or_default();
        for key in self.options.tag_keys() {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    /// Opens a bill in one currency, or in several that are converted to one. Scans its line items
    /// once.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// let session = Session::builder().open(&cost_core::example::bill()?)?;
    /// assert_eq!(session.rollup().line_items, 460);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error`]: unreadable or duplicate line items, several currencies, a missing exchange rate,
    /// or settings with unknown names.
    pub fn open(&self, bill: &FocusFrame) -> Result<Session, Error> {
        if self.report.is_some() {
            return self.open_each(bill)?.pop().ok_or_else(|| ReviewError::Empty.into());
        }
        self.validate()?;
        let roll_up = |bill: &FocusFrame| {
            Ok(vec![(bill.clone(), roll_up_with(bill, self.roll_up_options())?)])
        };
        let sessions = self.sessions(bill, &roll_up)?;
        sessions.into_iter().next().ok_or_else(|| ReviewError::Empty.into())
    }

    /// Opens a bill with one session per currency, ordered by currency code; with conversion, a
    /// single session. There is at least one.
    ///
    /// ```
    /// use cost_core::prelude::*;
    ///
    /// let sessions = Session::builder().open_each(&cost_core::example::bill()?)?;
    /// assert_eq!(sessions.iter().map(Session::currency).collect::<Vec<_>>(), [Currency::USD]);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`SessionBuilder::open`], except for several currencies.
    pub fn open_each(&self, bill: &FocusFrame) -> Result<Vec<Session>, Error> {
        self.validate()?;
        self.sessions(bill, &|bill| self.converted(bill, self.by_currency(bill)?))
    }

    /// Returns the roll-up of each currency with its line items.
    fn by_currency(&self, bill: &FocusFrame) -> Result<Vec<(FocusFrame, Rollup)>, Error> {
        Ok(roll_up_by_currency(bill, self.roll_up_options())?)
    }

    /// Returns one roll-up in the reporting currency, if there is one and another one is billed;
    /// else those of each currency.
    fn converted(
        &self,
        bill: &FocusFrame,
        all: Vec<(FocusFrame, Rollup)>,
    ) -> Result<Vec<(FocusFrame, Rollup)>, Error> {
        let is_other = |into| all.iter().any(|(_, rollup)| rollup.cube.currency() != into);
        let Some((into, rates)) = self.report.as_ref().filter(|(into, _)| is_other(*into)) else {
            return Ok(all);
        };
        let rollups: Vec<Rollup> = all.into_iter().map(|(_, rollup)| rollup).collect();
        let tables: Vec<RateTable> =
            rates.iter().cloned().chain(RateTable::of_bill(&bill.exchange_rates()?)).collect();
        Ok(vec![(bill.clone(), convert(rollups, *into, &tables)?)])
    }

    /// Rolls up the bill, and opens a session for each roll-up. If the requested report date is
    /// before the last charge, the bill is rolled up again without the charges that started on that
    /// day or later. The first scan has then checked that all files were read completely.
    fn sessions(&self, bill: &FocusFrame, roll_up: &RollUp<'_>) -> Result<Vec<Session>, Error> {
        let all = roll_up(bill)?;
        let estate = self.known()?;
        let days = all.iter().filter_map(|(_, rollup)| rollup.cube.days());
        let days = days.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let latest = all.iter().filter_map(|(_, rollup)| rollup.cube.latest()).max();
        let hidden_from = self.options.as_of.filter(|day| latest.is_some_and(|last| *day <= last));
        let (all, hidden_from) = match (hidden_from, days) {
            (Some(as_of), Some((first, _))) if as_of <= first => {
                return Err(ReviewError::BeforeBill { as_of, first }.into());
            }
            (Some(as_of), _) => {
                let known = roll_up(&bill.before(as_of)?)?;
                let is_less = line_items(&known) < line_items(&all);
                (known, hidden_from.filter(|_| is_less))
            }
            (None, _) => (all, None),
        };
        let (builder, bill) = (self.clone(), bill.clone());
        let again: Arc<OpenAgain> =
            Arc::new(move |options| builder.clone().options(options).open_each(&bill));
        let session = |(own, rollup)| {
            let opened = Opened { again: Arc::clone(&again), hidden_from };
            self.session(&estate, own, rollup, opened)
        };
        Ok(all.into_iter().map(session).collect())
    }

    fn roll_up_options(&self) -> RollUpOptions {
        RollUpOptions { commitments: self.commitments.then_some(commitment::SCAN) }
    }

    fn validate(&self) -> Result<(), SettingsError> {
        self.options.savings.validate(&self.checks)
    }

    /// Returns the estate's data besides the bill.
    fn known(&self) -> Result<Arc<Estate>, EstateError> {
        match &self.estate {
            Some(estate) => Ok(Arc::clone(estate)),
            None => Ok(Arc::new(Estate::bare("bill")?)),
        }
    }

    fn session(
        &self,
        estate: &Arc<Estate>,
        bill: FocusFrame,
        rollup: Rollup,
        opened: Opened,
    ) -> Session {
        let (estate, checks) = (Arc::clone(estate), self.checks.clone());
        let data = Data { estate, checks, bill, rollup, charges: Mutex::default(), opened };
        Session::new(Arc::new(data), self.options.clone())
    }
}
