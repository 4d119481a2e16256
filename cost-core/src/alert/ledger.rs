//! The ledger itself.

use std::fmt;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::notice::{ChannelRule, Event, Notice};
use crate::anomaly::{Anomaly, Kind};
use crate::file::StateFile;
use crate::review::AnomalyReport;

/// Days after its last day for which a closed alert is kept: longer than any anomaly is looked back
/// for.
const KEPT_DAYS: u64 = 400;

/// There is no such alert.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no alert `{0}` in the alert file")]
pub struct NoSuchAlert(pub String);

/// What became of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It goes on.
    Open,
    /// It ended.
    Ended,
    /// Newer data or settings do not show it any more.
    Withdrawn,
}

/// What a person decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Seen, somebody works on it: no more notices but that it ended.
    Acknowledged,
    /// Not now: no notices until a day.
    Snoozed,
    /// Done: no more notices at all.
    Resolved,
}

/// A person's decision on an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// What.
    pub verdict: Verdict,
    /// When.
    pub at: DateTime<Utc>,
    /// For snoozed ones: until before this day.
    pub until: Option<NaiveDate>,
    /// Why, in the person's words.
    pub note: Option<String>,
}

/// What was decided, without when and why: `snoozed until 2026-03-14`.
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

/// When an anomaly that was detected at some time should have been looked into and reported: four
/// hours later, the project's promise to scheduled jobs.
#[must_use]
pub fn report_due(detected_at: DateTime<Utc>) -> DateTime<Utc> {
    detected_at.checked_add_signed(TimeDelta::hours(4)).unwrap_or(detected_at)
}

/// One alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Alert {
    /// Id of the anomaly that it was raised for.
    pub id: String,
    /// When the job raised it.
    pub detected_at: DateTime<Utc>,
    /// What became of it.
    pub status: Status,
    /// What it is of, as last seen, without its series. Late data can have moved the day on which
    /// it became clear, and its id with that.
    pub anomaly: Anomaly,
    /// What a person decided last.
    pub decision: Option<Decision>,
    /// Who is still to be told what.
    pub outbox: Vec<Notice>,
}

impl Alert {
    /// Whether it is open and not decided on by `day`.
    #[must_use]
    pub fn is_waiting(&self, day: NaiveDate) -> bool {
        let snoozed =
            |d: &Decision| d.verdict != Verdict::Snoozed || d.until.is_none_or(|until| day < until);
        self.status == Status::Open && !self.decision.as_ref().is_some_and(snoozed)
    }

    /// Whether an anomaly's id is its own, or the one that newer data gave it.
    #[must_use]
    pub fn has_id(&self, id: &str) -> bool {
        self.id == id || self.anomaly.id == id
    }

    fn tell(&mut self, event: Event, detail: &str, day: NaiveDate, channels: &[ChannelRule]) {
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
            self.tell(
                Event::Worsened,
                &format!(".{}", self.anomaly.severity.as_str()),
                day,
                channels,
            );
        }
        let over = self.decision.as_ref().and_then(|d| d.until).filter(|until| day >= *until);
        if let Some(until) = over.filter(|_| goes_on && !resolved) {
            self.decision = None;
            self.tell(Event::Reminded, &format!(".{until}"), day, channels);
        }
    }

    fn close(&mut self, status: Status, day: NaiveDate, channels: &[ChannelRule]) {
        let quiet = self.decision.as_ref().is_some_and(|d| d.verdict == Verdict::Resolved);
        self.status = status;
        if !quiet {
            self.tell(Event::Closed, &format!(".{}", self.anomaly.last_day), day, channels);
        }
    }
}

/// What an update changed: ids of alerts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Raised by it.
    pub raised: Vec<String>,
    /// Closed by it.
    pub closed: Vec<String>,
    /// The report was older than what the ledger has seen: nothing was changed.
    pub stale: bool,
}

/// All alerts of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// Version of the format.
    pub format: u32,
    /// Days before this one have been looked at.
    pub seen_until: Option<NaiveDate>,
    /// The alerts, in the order in which they were raised.
    pub alerts: Vec<Alert>,
}

impl StateFile for Ledger {
    const WHAT: &'static str = "alert file";
    const FORMAT: u32 = 1;
}

impl Default for Ledger {
    fn default() -> Self {
        Self { format: Self::FORMAT, seen_until: None, alerts: Vec::new() }
    }
}

impl Ledger {
    /// The first day that a job which looks `lookback` days back from `until` has to look at:
    /// alerts that are still open are followed up however old they are.
    #[must_use]
    pub fn watch_from(&self, until: NaiveDate, lookback: u64) -> NaiveDate {
        let back = until.checked_sub_days(Days::new(lookback)).unwrap_or(until);
        let open =
            self.alerts.iter().filter(|a| a.status == Status::Open).map(|a| a.anomaly.first_day);
        open.fold(back, NaiveDate::min)
    }

    /// Takes in a report: raises what is new, updates what is known, closes what has ended or is
    /// not seen any more.
    ///
    /// A report of older data than the ledger has seen, such as that of a job that was overtaken by
    /// another, changes nothing.
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
            alert.tell(Event::Raised, "", day, channels);
            changes.raised.push(alert.id.clone());
            self.alerts.push(alert);
            seen.push(true);
        }
        // Looked for and not found any more.
        for (alert, seen) in self.alerts.iter_mut().zip(seen) {
            if !seen
                && alert.status == Status::Open
                && alert.anomaly.raised_on >= report.raised_from
            {
                alert.close(Status::Withdrawn, day, channels);
                changes.closed.push(alert.id.clone());
            }
        }
        let kept_from = day.checked_sub_days(Days::new(KEPT_DAYS)).unwrap_or(day);
        self.alerts.retain(|a| {
            a.status == Status::Open || a.anomaly.last_day >= kept_from || !a.outbox.is_empty()
        });
        changes
    }

    /// The alert of an anomaly: of the same id, or else of the same place and days. Late data can
    /// move the day on which it became clear, and its id with that.
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

    /// Writes down a person's decision.
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

/// Days by which late data can move the day on which an anomaly became clear.
const MOVED_DAYS: i64 = 3;

#[cfg(test)]
mod tests;
