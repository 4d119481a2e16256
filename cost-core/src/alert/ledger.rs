//! Alerts of a scheduled job and their state file.

use std::fmt;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::notice::{ChannelRule, Event, Notice};
use crate::anomaly::{Anomaly, Kind};
use crate::file::StateFile;
use crate::review::AnomalyReport;

/// Days for which a closed alert is stored after its last day: longer than the detector looks back.
const RETENTION_DAYS: u64 = 400;

/// Error: the alert does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no alert `{0}` in the alert file")]
pub struct NoSuchAlert(pub String);

/// State of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The anomaly is ongoing.
    Open,
    /// The anomaly ended.
    Ended,
    /// Newer data or settings no longer show the anomaly.
    Withdrawn,
}

/// Kind of decision on an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Acknowledged: someone is working on it. No more notices, except that it ended.
    Acknowledged,
    /// Snoozed: no notices until a day.
    Snoozed,
    /// Resolved: no more notices.
    Resolved,
}

/// Decision on an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// Kind of decision.
    pub verdict: Verdict,
    /// Time of the decision.
    pub at: DateTime<Utc>,
    /// For snoozed alerts: first day with notices again.
    pub until: Option<NaiveDate>,
    /// Reason given by the person.
    pub note: Option<String>,
}

/// Short text without time and reason: `snoozed until 2026-03-14`.
impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.verdict, self.until) {
            (Verdict::Acknowledged, _) => f.write_str("acknowledged"),
            (Verdict::Snoozed, Some(until)) => write!(f, "snoozed until {until}"),
            (Verdict::Snoozed, None) => f.write_str("snoozed"),
            (Verdict::Resolved, _) => f.write_str("resolved"),
        }
    }
}

/// Returns the time by which a detected anomaly should be investigated and reported: four hours
/// later, the project's promise to scheduled jobs.
#[must_use]
pub fn report_due(detected_at: DateTime<Utc>) -> DateTime<Utc> {
    detected_at.checked_add_signed(TimeDelta::hours(4)).unwrap_or(detected_at)
}

/// Alert: an anomaly tracked by a scheduled job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Alert {
    /// ID of the anomaly that it was raised for.
    pub id: String,
    /// Time at which the job raised it.
    pub detected_at: DateTime<Utc>,
    /// State.
    pub status: Status,
    /// Anomaly as last detected, without its series. Late data can move its raise date, and with it
    /// its ID.
    pub anomaly: Anomaly,
    /// Last decision.
    pub decision: Option<Decision>,
    /// Notices that are not delivered yet.
    pub outbox: Vec<Notice>,
}

impl Alert {
    /// Returns whether it is open and has no decision that applies on `day`.
    #[must_use]
    pub fn is_waiting(&self, day: NaiveDate) -> bool {
        let snoozed =
            |d: &Decision| d.verdict != Verdict::Snoozed || d.until.is_none_or(|until| day < until);
        self.status == Status::Open && !self.decision.as_ref().is_some_and(snoozed)
    }

    /// Returns whether an anomaly ID is its own, or the one that newer data assigned.
    #[must_use]
    pub fn has_id(&self, id: &str) -> bool {
        self.id == id || self.anomaly.id == id
    }

    fn notify(&mut self, event: Event, detail: &str, day: NaiveDate, channels: &[ChannelRule]) {
        for channel in channels.iter().filter(|c| self.anomaly.severity >= c.min_severity) {
            let id = format!("{}.{}{detail}.{}", self.id, event.as_str(), channel.name);
            if self.outbox.iter().all(|n| n.id != id) {
                let channel = channel.name.clone();
                self.outbox.push(Notice { id, event, channel, day, attempts: 0, last_error: None });
            }
        }
    }

    fn update(&mut self, anomaly: &Anomaly, day: NaiveDate, channels: &[ChannelRule]) {
        let worse = anomaly.severity > self.anomaly.severity;
        self.anomaly = without_series(anomaly);
        let goes_on = anomaly.ongoing;
        let resolved = self.decision.as_ref().is_some_and(|d| d.verdict == Verdict::Resolved);
        if goes_on {
            self.status = Status::Open;
        } else if self.status == Status::Open {
            self.close(Status::Ended, day, channels);
        }
        if worse && self.is_waiting(day) {
            self.notify(
                Event::Worsened,
                &format!(".{}", self.anomaly.severity.as_str()),
                day,
                channels,
            );
        }
        let over = self.decision.as_ref().and_then(|d| d.until).filter(|until| day >= *until);
        if let Some(until) = over.filter(|_| goes_on && !resolved) {
            self.decision = None;
            self.notify(Event::Reminded, &format!(".{until}"), day, channels);
        }
    }

    fn close(&mut self, status: Status, day: NaiveDate, channels: &[ChannelRule]) {
        let quiet = self.decision.as_ref().is_some_and(|d| d.verdict == Verdict::Resolved);
        self.status = status;
        if !quiet {
            self.notify(Event::Closed, &format!(".{}", self.anomaly.last_day), day, channels);
        }
    }
}

/// Changes of an update, by alert ID.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Raised alerts.
    pub raised: Vec<String>,
    /// Closed alerts.
    pub closed: Vec<String>,
    /// Whether the report was older than the data already used: nothing was changed.
    pub stale: bool,
}

/// All alerts of a scheduled job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// Version of the format.
    pub format: u32,
    /// Days before this one have been processed.
    pub seen_until: Option<NaiveDate>,
    /// Alerts, in the order in which they were raised.
    pub alerts: Vec<Alert>,
}

impl StateFile for Ledger {
    const WHAT: &'static str = "alert file";
    const FORMAT: u32 = 1;

    /// Adopts the decisions on alerts.
    fn adopt(&mut self, base: &Self, stored: &Self) {
        let decision = |ledger: &Self, id: &str| {
            ledger.alerts.iter().find(|a| a.id == id).and_then(|a| a.decision.clone())
        };
        for alert in &mut self.alerts {
            let now = decision(stored, &alert.id);
            if now.is_some() && now != decision(base, &alert.id) {
                alert.decision = now;
            }
        }
    }
}

impl Default for Ledger {
    fn default() -> Self {
        Self { format: Self::FORMAT, seen_until: None, alerts: Vec::new() }
    }
}

impl Ledger {
    /// Returns the first day that a job with a look-back of `lookback` days from `until` must
    /// process. Open alerts are followed up regardless of their age.
    #[must_use]
    pub fn watch_from(&self, until: NaiveDate, lookback: u64) -> NaiveDate {
        let back = until.checked_sub_days(Days::new(lookback)).unwrap_or(until);
        let open =
            self.alerts.iter().filter(|a| a.status == Status::Open).map(|a| a.anomaly.first_day);
        open.fold(back, NaiveDate::min)
    }

    /// Adds a report: raises new alerts, updates known ones, and closes those that ended or are no
    /// longer detected.
    ///
    /// A report of older data than already used, such as that of a job that another one overtook,
    /// changes nothing.
    pub fn update(
        &mut self,
        report: &AnomalyReport,
        now: DateTime<Utc>,
        channels: &[ChannelRule],
    ) -> Changes {
        let day = report.raised_until;
        let mut changes =
            Changes { stale: self.seen_until.is_some_and(|seen| day < seen), ..Changes::default() };
        if changes.stale {
            return changes;
        }
        self.seen_until = Some(day);
        let mut seen = vec![false; self.alerts.len()];
        let mut anomalies: Vec<&Anomaly> = report.anomalies.iter().chain(&report.drops).collect();
        anomalies.sort_by(|a, b| (a.raised_on, &a.id).cmp(&(b.raised_on, &b.id)));
        for anomaly in anomalies {
            if let Some(at) = self.same(anomaly, &seen) {
                seen[at] = true;
                let alert = &mut self.alerts[at];
                let was_open = alert.status == Status::Open;
                alert.update(anomaly, day, channels);
                if was_open && alert.status != Status::Open {
                    changes.closed.push(alert.id.clone());
                }
                continue;
            }
            let mut alert = Alert {
                id: anomaly.id.clone(),
                detected_at: now,
                status: if anomaly.ongoing { Status::Open } else { Status::Ended },
                anomaly: without_series(anomaly),
                decision: None,
                outbox: Vec::new(),
            };
            alert.notify(Event::Raised, "", day, channels);
            changes.raised.push(alert.id.clone());
            self.alerts.push(alert);
            seen.push(true);
        }
        // Within the range but no longer detected.
        for (alert, seen) in self.alerts.iter_mut().zip(seen) {
            if !seen
                && alert.status == Status::Open
                && alert.anomaly.raised_on >= report.raised_from
            {
                alert.close(Status::Withdrawn, day, channels);
                changes.closed.push(alert.id.clone());
            }
        }
        let retained_from = day.checked_sub_days(Days::new(RETENTION_DAYS)).unwrap_or(day);
        self.alerts.retain(|a| {
            a.status == Status::Open || a.anomaly.last_day >= retained_from || !a.outbox.is_empty()
        });
        changes
    }

    /// Returns the alert of an anomaly: with the same ID, or else the same scope and days. Late
    /// data can move the raise date, and with it the ID.
    fn same(&self, anomaly: &Anomaly, seen: &[bool]) -> Option<usize> {
        let free = |at: &usize| !seen[*at];
        let by_id = |at: &usize| self.alerts[*at].has_id(&anomaly.id);
        let by_place = |at: &usize| {
            let theirs = &self.alerts[*at].anomaly;
            (theirs.kind == Kind::Drop) == (anomaly.kind == Kind::Drop)
                && (theirs.scope.is_within(&anomaly.scope)
                    || anomaly.scope.is_within(&theirs.scope))
                && theirs.first_day <= anomaly.last_day
                && anomaly.first_day <= theirs.last_day
                && theirs.raised_on.signed_duration_since(anomaly.raised_on).num_days().abs()
                    <= MOVED_DAYS
        };
        (0..self.alerts.len())
            .filter(free)
            .find(by_id)
            .or_else(|| (0..self.alerts.len()).filter(free).find(by_place))
    }

    /// Records a decision.
    ///
    /// # Errors
    /// [`NoSuchAlert`].
    pub fn decide(&mut self, id: &str, decision: Decision) -> Result<&Alert, NoSuchAlert> {
        let alert = self.alerts.iter_mut().find(|a| a.has_id(id));
        let alert = alert.ok_or_else(|| NoSuchAlert(id.to_owned()))?;
        alert.decision = Some(decision);
        Ok(alert)
    }
}

fn without_series(anomaly: &Anomaly) -> Anomaly {
    Anomaly { series: Vec::new(), ..anomaly.clone() }
}

/// Days by which late data can move the raise date of an anomaly.
const MOVED_DAYS: i64 = 3;

#[cfg(test)]
mod tests;
