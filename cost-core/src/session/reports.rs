//! The reports of a [`Session`].

use std::ops::Range;

use chrono::NaiveDate;

use super::asked::Session;
use super::results::once;
use crate::commitment::CommitmentsReport;
use crate::error::Error;
use crate::lifecycle::{RealizedReport, SavingsLedger, verify};
use crate::month::Month;
use crate::review::{
    self, AnomalyReport, CommitmentOptions, Parts, Review, ReviewError, SavingsReport,
};

impl Session {
    /// Returns the review of the month: spend, cost drivers, anomalies, and savings.
    ///
    /// ```
    /// use cost_core::prelude::*;
    ///
    /// let review = Session::open(&cost_core::example::bill()?)?.review()?;
    /// let services = &review.groups[0].rows;
    /// assert_eq!(services[0].key.as_deref(), Some("Amazon Elastic Compute Cloud"));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error`]: the month has no charges, a tag key to group by was not read with the bill, or an
    /// amount does not fit into 28 digits.
    pub fn review(&self) -> Result<Review, Error> {
        let make = || {
            let parts = Parts {
                spend: once(&self.results.spend, || {
                    review::spend(&self.subject()?, self.account_names()?, self.completeness()?)
                })?,
                savings: self.savings_section()?,
                found: self.found()?,
                earlier: self.earlier()?,
                completeness: self.completeness()?,
                quality: self.quality()?,
                account_names: self.account_names()?,
            };
            Ok(review::assemble(&self.subject()?, &parts)?)
        };
        make().map_err(|e| self.error(e))
    }

    /// Returns the savings opportunities and the plan. Does not run the anomaly detector.
    ///
    /// ```
    /// use cost_core::prelude::*;
    ///
    /// let savings = Session::open(&cost_core::example::bill()?)?.savings()?;
    /// assert!(
    ///     savings.opportunities.iter().any(|o| o.title == "Release the idle public IPv4 address")
    /// );
    /// assert!(savings.plan.joint.expected.amount() > Decimal::ZERO);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error`]: the month has no charges, or an amount does not fit.
    pub fn savings(&self) -> Result<SavingsReport, Error> {
        let make = || {
            let mut report = self.savings_report()?;
            report.front = review::front(&self.subject()?, self.savings_section()?)?;
            Ok(report)
        };
        make().map_err(|e: ReviewError| self.error(e))
    }

    /// Returns the month of its reports: the requested one, else the last month that has ended.
    ///
    /// # Errors
    /// [`Error`]: the month has no charges.
    pub fn month(&self) -> Result<Month, Error> {
        self.header().map(|header| header.month).map_err(|e| self.error(e))
    }

    pub(super) fn savings_report(&self) -> Result<SavingsReport, ReviewError> {
        let (section, quality, names) =
            (self.savings_section()?, self.quality()?, self.account_names()?);
        Ok(review::savings_report(&self.subject()?, section, quality, names))
    }

    /// Returns the anomalies of the month; if it has just ended, also those of the days since.
    ///
    /// ```
    /// use cost_core::prelude::*;
    ///
    /// let report = Session::open(&cost_core::example::bill()?)?.anomalies()?;
    /// assert_eq!(report.anomalies[0].first_day.to_string(), "2026-09-21");
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error`]: the month has no charges, or an amount does not fit.
    pub fn anomalies(&self) -> Result<AnomalyReport, Error> {
        let make = || {
            let subject = self.subject()?;
            let days = review::in_month(&subject);
            let found = self.found()?.clone();
            Ok(review::anomaly_report(
                &subject,
                &days,
                found,
                (self.completeness()?, self.account_names()?),
            ))
        };
        make().map_err(|e| self.error(e))
    }

    /// Returns the anomalies raised within a range of days, using no later data.
    ///
    /// ```
    /// use cost_core::prelude::*;
    ///
    /// let session = Session::open(&cost_core::example::bill()?)?;
    /// let days = session.days().expect("there are charges");
    /// assert_eq!(session.anomalies_in(days)?.anomalies.len(), 1);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Session::anomalies`].
    pub fn anomalies_in(&self, days: Range<NaiveDate>) -> Result<AnomalyReport, Error> {
        self.anomalies_of(&days).map_err(|e| self.error(e))
    }

    fn anomalies_of(&self, days: &Range<NaiveDate>) -> Result<AnomalyReport, ReviewError> {
        let subject = self.subject()?;
        let found = review::in_days(&subject, days)?;
        Ok(review::anomaly_report(
            &subject,
            days,
            found,
            (self.completeness()?, self.account_names()?),
        ))
    }

    /// Replays past days: returns the anomalies that would have been raised, in that order.
    ///
    /// ```
    /// use cost_core::prelude::*;
    ///
    /// let session = Session::open(&cost_core::example::bill()?)?;
    /// let replay = session.backtest(session.days().expect("there are charges"))?;
    /// assert!(replay.replay && replay.anomalies.is_sorted_by_key(|a| a.raised_on));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Session::anomalies`].
    pub fn backtest(&self, days: Range<NaiveDate>) -> Result<AnomalyReport, Error> {
        let mut report = self.anomalies_in(days)?;
        report.replay = true;
        report.anomalies.sort_by(|a, b| (a.raised_on, &a.id).cmp(&(b.raised_on, &b.id)));
        report.drops.sort_by(|a, b| (a.raised_on, &a.id).cmp(&(b.raised_on, &b.id)));
        Ok(report)
    }

    /// Returns commitments, their utilization and coverage, and purchase recommendations. The
    /// recommendations scan the line items again by hour, and once more if the session was not
    /// opened for it ([`SessionBuilder::for_commitments`](super::SessionBuilder::for_commitments)).
    ///
    /// ```
    /// use cost_core::prelude::*;
    ///
    /// let session = Session::builder().for_commitments().open(&cost_core::example::bill()?)?;
    /// let report = session.commitments(&CommitmentOptions::default())?;
    /// assert!(report.owned.is_empty());
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error`]: the month has no charges, amounts are converted from another currency, line items
    /// cannot be read again, a pull has replaced the estate since it was opened, or an amount does
    /// not fit.
    pub fn commitments(&self, options: &CommitmentOptions) -> Result<CommitmentsReport, Error> {
        let make = || {
            let (subject, charges) = (self.subject()?, self.commitment_charges()?);
            review::commitments(&subject, (&self.data.bill, &charges), options, || {
                self.savings_section()
            })
        };
        let report = make();
        // Line items were read again.
        self.data.estate.is_same()?;
        report.map_err(|e| self.error(e))
    }

    /// Returns realized savings: for each implemented step, the expected savings and those measured
    /// in the bill.
    ///
    /// ```
    /// use cost_core::prelude::*;
    ///
    /// let session = Session::open(&cost_core::example::bill()?)?;
    /// let report = session.verify(&SavingsLedger::default())?;
    /// assert!(report.steps.is_empty());
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error`]: the month has no charges, or an amount does not fit.
    pub fn verify(&self, decisions: &SavingsLedger) -> Result<RealizedReport, Error> {
        let header = self.header().map_err(|e| self.error(e))?.clone();
        verify(&self.data.rollup, decisions, header).map_err(|e| self.error(e.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commitments_are_the_same_whether_or_not_they_were_said_to_be_asked_for() {
        let bill = crate::example::bill().expect("the example");
        let options = CommitmentOptions::default();
        let at_once = Session::builder().for_commitments().open(&bill).expect("a session");
        let afterwards = Session::open(&bill).expect("a session");
        let report = at_once.commitments(&options).expect("a report");
        // The instance: 4.61 USD on each of 30 days.
        assert_eq!(report.total.effective.to_string(), "138.30 USD");
        assert_eq!(report, afterwards.commitments(&options).expect("a report"));
        assert_eq!(report, afterwards.commitments(&options).expect("once more"));
        assert_eq!(afterwards.rollup().commitments, None);
    }
}
