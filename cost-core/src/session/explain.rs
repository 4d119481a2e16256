//! Lookup of an opportunity or anomaly by its ID.

use super::asked::Session;
use crate::anomaly::Anomaly;
use crate::error::Error;
use crate::header::Header;
use crate::opportunity::Opportunity;
use crate::review::{ReviewError, SavingsReport};
use crate::risk::ReliabilityRisk;

/// Prefix of anomaly IDs.
pub const ANOMALY_ID: &str = "an-";

/// Prefix of the IDs of reliability risks.
pub const RISK_ID: &str = "rk-";

/// Opportunity, reliability risk, or anomaly of an ID, and the report it is in: see [`Session::explain`].
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
    /// Savings opportunity.
    Opportunity {
        /// Opportunity with its evidence, trade-offs, and runbook.
        opportunity: Box<Opportunity>,
        /// Savings report of the month in which it was found, with the plan and other variants.
        report: Box<SavingsReport>,
    },
    /// Reliability risk.
    Risk {
        /// Risk with its evidence and fix.
        risk: Box<ReliabilityRisk>,
        /// Header of the report.
        header: Header,
    },
    /// Anomaly or drop.
    Anomaly {
        /// Anomaly with its causes.
        anomaly: Box<Anomaly>,
        /// Header of the report.
        header: Header,
    },
}

impl Explained {
    /// Returns the header of the report: month, days, estate.
    #[must_use]
    pub fn header(&self) -> &Header {
        match self {
            Self::Opportunity { report, .. } => &report.header,
            Self::Risk { header, .. } | Self::Anomaly { header, .. } => header,
        }
    }
}

impl Session {
    /// Returns the opportunity (`op-…`), reliability risk (`rk-…`), or anomaly (`an-…`) with an ID; `None` if there is none.
    ///
    /// Searches the month that was set when the session was opened. If none was set, searches all
    /// months: for opportunities and risks, the default month first, then all others, newest first; for
    /// anomalies and drops, all days at once.
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

    /// Returns whether the month has an opportunity or a risk with this ID.
    fn has(&self, id: &str) -> Result<bool, ReviewError> {
        let section = self.savings_section()?;
        let is_risk = || section.risks.iter().any(|risk| risk.id == id);
        Ok(section.opportunities.iter().any(|o| o.id == id) || is_risk())
    }
}

fn find(report: SavingsReport, id: &str) -> Option<Explained> {
    if let Some(risk) = report.reliability_risks.iter().find(|risk| risk.id == id) {
        return Some(Explained::Risk { risk: Box::new(risk.clone()), header: report.header });
    }
    let opportunity = Box::new(report.opportunities.iter().find(|o| o.id == id)?.clone());
    Some(Explained::Opportunity { opportunity, report: Box::new(report) })
}
