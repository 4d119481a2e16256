//! What an id of a report stands for.

use super::asked::Session;
use crate::anomaly::Anomaly;
use crate::error::Error;
use crate::header::Header;
use crate::opportunity::Opportunity;
use crate::review::{ReviewError, SavingsReport};

/// How ids of anomalies begin.
pub const ANOMALY_ID: &str = "an-";

/// What an id stands for, and where it was found: see [`Session::explain`].
///
/// ```
/// use cost_core::prelude::*;
///
/// let session = Session::open(&cost_core::example::bill()?)?;
/// let id = &session.anomalies()?.anomalies[0].id;
/// let explained = session.explain(id)?.expect("it was found");
/// assert_eq!(explained.header().month.to_string(), "2026-09");
/// let Explained::Anomaly { anomaly, .. } = explained else { panic!("it is an anomaly") };
/// assert!(!anomaly.causes.is_empty());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Explained {
    /// Something that can be saved.
    Opportunity {
        /// It, with its evidence, trade-offs and runbook.
        opportunity: Box<Opportunity>,
        /// All that can be saved in the month in which it was found: with the joint plan, and other
        /// ways to do the same.
        report: Box<SavingsReport>,
    },
    /// Something out of the ordinary.
    Anomaly {
        /// It, with its causes.
        anomaly: Box<Anomaly>,
        /// What it was found in.
        header: Header,
    },
}

impl Explained {
    /// The report that it was found in: month, days, estate.
    #[must_use]
    pub fn header(&self) -> &Header {
        match self {
            Self::Opportunity { report, .. } => &report.header,
            Self::Anomaly { header, .. } => header,
        }
    }
}

impl Session {
    /// What the id of an opportunity (`op-…`) or anomaly (`an-…`) stands for; `None` if it stands
    /// for nothing here.
    ///
    /// It looks into the month that was asked for when the session was opened. If none was, it
    /// looks into all: for opportunities in the default month first, then in all others, newest
    /// first; for anomalies, drops among them, on all days at once.
    ///
    /// ```
    /// use cost_core::prelude::*;
    ///
    /// let session = Session::open(&cost_core::example::bill()?)?;
    /// let id = &session.savings()?.opportunities[0].id;
    /// let Some(Explained::Opportunity { opportunity, .. }) = session.explain(id)? else {
    ///     panic!("it was found")
    /// };
    /// assert!(!opportunity.evidence.is_empty());
    /// assert_eq!(session.explain("op-0000000000")?, None);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Session::savings`] and [`Session::anomalies`].
    pub fn explain(&self, id: &str) -> Result<Option<Explained>, Error> {
        if id.starts_with(ANOMALY_ID) {
            self.anomaly(id)
        } else {
            self.opportunity(id).map_err(|e| self.error(e))
        }
    }

    fn anomaly(&self, id: &str) -> Result<Option<Explained>, Error> {
        let all = self.with(|options| options.anomalies.drops = true)?;
        let report = match self.days().filter(|_| self.options().month.is_none()) {
            Some(days) => all.anomalies_in(days)?,
            None => all.anomalies()?,
        };
        let found = report.anomalies.into_iter().chain(report.drops).find(|a| a.id == id);
        Ok(found.map(|anomaly| Explained::Anomaly {
            anomaly: Box::new(anomaly),
            header: report.header,
        }))
    }

    fn opportunity(&self, id: &str) -> Result<Option<Explained>, ReviewError> {
        if self.has(id)? {
            return Ok(find(self.savings_report()?, id));
        }
        if self.options().month.is_some() {
            return Ok(None);
        }
        let seen = self.header()?.month;
        for month in self.months().into_iter().filter(|month| *month != seen) {
            let of_month = self.of_month(month);
            if of_month.has(id)? {
                return Ok(find(of_month.savings_report()?, id));
            }
        }
        Ok(None)
    }

    /// Whether the month has an opportunity of this id.
    fn has(&self, id: &str) -> Result<bool, ReviewError> {
        Ok(self.savings_section()?.opportunities.iter().any(|o| o.id == id))
    }
}

fn find(report: SavingsReport, id: &str) -> Option<Explained> {
    let opportunity = Box::new(report.opportunities.iter().find(|o| o.id == id)?.clone());
    Some(Explained::Opportunity { opportunity, report: Box::new(report) })
}
