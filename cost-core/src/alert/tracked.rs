//! [`Alert`]: an anomaly tracked by a scheduled job.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::decision::{Decision, Verdict};
use super::notice::{ChannelRule, Event, Notice, Sent};
use crate::anomaly::Anomaly;

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
    /// Notices that their channel refused for good. They are sent again only on request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Notice>,
}

impl Alert {
    /// Returns a new alert of an anomaly.
    pub(super) fn raised(anomaly: &Anomaly, now: DateTime<Utc>) -> Self {
        Self {
            id: anomaly.id.clone(),
            detected_at: now,
            status: if anomaly.ongoing { Status::Open } else { Status::Ended },
            anomaly: without_series(anomaly),
            decision: None,
            outbox: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// Returns whether it is open and has no decision that applies on `day`.
    #[must_use]
    pub fn is_waiting(&self, day: NaiveDate) -> bool {
        let snoozed = |d: &Decision| {
            d.verdict != Verdict::Snoozed || d.snoozed_until().is_none_or(|until| day < until)
        };
        self.status == Status::Open && !self.decision.as_ref().is_some_and(snoozed)
    }

    /// Returns whether an anomaly ID is its own, or the one that newer data assigned.
    #[must_use]
    pub fn has_id(&self, id: &str) -> bool {
        self.id == id || self.anomaly.id == id
    }

    pub(super) fn notify(
        &mut self,
        event: Event,
        detail: &str,
        day: NaiveDate,
        channels: &[ChannelRule],
    ) {
        for channel in channels.iter().filter(|c| self.anomaly.severity >= c.min_severity) {
            let id = format!("{}.{}{detail}.{}", self.id, event.as_str(), channel.name);
            if self.outbox.iter().chain(&self.refused).all(|n| n.id != id) {
                let channel = channel.name.clone();
                self.outbox.push(Notice { id, event, channel, day, attempts: 0, last_error: None });
            }
        }
    }

    /// Takes over newer data. Returns whether it is open again after it was closed, and neither
    /// resolved nor snoozed: someone who heard that it ended must hear that it goes on.
    pub(super) fn update(
        &mut self,
        anomaly: &Anomaly,
        day: NaiveDate,
        channels: &[ChannelRule],
    ) -> bool {
        let was_open = self.status == Status::Open;
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
        let over = self.decision.as_ref().and_then(Decision::snoozed_until);
        let over = over.filter(|until| day >= *until);
        if let Some(until) = over.filter(|_| goes_on && !resolved) {
            self.decision = None;
            self.notify(Event::Reminded, &format!(".{until}"), day, channels);
        }
        let is_quiet = self.decision.as_ref().is_some_and(|d| d.verdict != Verdict::Acknowledged);
        let is_back = goes_on && !was_open && !is_quiet;
        if is_back {
            self.notify(Event::Raised, &format!(".reopened.{day}"), day, channels);
        }
        is_back
    }

    /// Adds the outcome of sending a notice: it leaves the outbox, and a refused one is stored with
    /// the reason. A notice that is not in the outbox changes nothing.
    pub fn record(&mut self, sent: &Sent) {
        let Some(at) = self.outbox.iter().position(|notice| notice.id == sent.id) else { return };
        let mut notice = self.outbox.remove(at);
        if let Some(reason) = &sent.refused {
            notice.attempts = notice.attempts.saturating_add(1);
            notice.last_error = Some(reason.clone());
            self.refused.push(notice);
        }
    }

    pub(super) fn close(&mut self, status: Status, day: NaiveDate, channels: &[ChannelRule]) {
        let quiet = self.decision.as_ref().is_some_and(|d| d.verdict == Verdict::Resolved);
        self.status = status;
        if !quiet {
            self.notify(Event::Closed, &format!(".{}", self.anomaly.last_day), day, channels);
        }
    }
}

/// Returns an anomaly without its series, which the ledger does not store.
fn without_series(anomaly: &Anomaly) -> Anomaly {
    Anomaly { series: Vec::new(), ..anomaly.clone() }
}
