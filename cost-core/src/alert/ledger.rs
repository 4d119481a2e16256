//! Alerts of a scheduled job and their state file.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::decision::{Decision, LONGEST_SNOOZE_DAYS};
use super::notice::{ChannelRule, Event, Notice, Sent};
use super::tracked::{Alert, Status};
use crate::anomaly::{Anomaly, Kind};
use crate::file::StateFile;
use crate::money::Currency;
use crate::review::AnomalyReport;

/// Days for which a closed alert is stored after its last day: longer than the detector looks back.
const RETENTION_DAYS: u64 = 400;

/// Error: the alert does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no alert `{0}` in the alert file")]
pub struct NoSuchAlert(pub String);

/// Error: a snooze that has no effect, or that never ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongSnooze {
    /// The day is not after the days that were processed.
    #[error(
        "a snooze until {until} would be over at once: data before {seen} has been processed; choose a later day"
    )]
    Over {
        /// Requested day.
        until: NaiveDate,
        /// Days before this one have been processed.
        seen: NaiveDate,
    },
    /// The day is too far away.
    #[error(
        "a snooze until {until} is too long: at most until {longest}; use resolve for an alert that needs no more notices"
    )]
    TooLong {
        /// Requested day.
        until: NaiveDate,
        /// Latest possible day.
        longest: NaiveDate,
    },
}

/// Time for which newer data that another job processed makes a report stale. Chosen (ADR 0043): no
/// run takes a day, and jobs run at least once a day.
const OVERTAKEN: TimeDelta = TimeDelta::hours(24);

/// Changes of an update, by alert ID.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Raised alerts, and closed ones that are open again.
    pub raised: Vec<String>,
    /// Closed alerts.
    pub closed: Vec<String>,
    /// Whether the report was older than the data already used: no alert was changed.
    pub stale: bool,
    /// Anomalies of a stale report that the ledger does not know.
    pub ignored: Vec<String>,
    /// Day until which data was processed, if it was given up: because it is later than the clock,
    /// or because for a day only older data came. The report was used.
    pub given_up: Option<NaiveDate>,
}

/// Alerts that changed, and that no run has reported yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Unreported {
    /// IDs of raised alerts.
    pub raised: Vec<String>,
    /// IDs of closed alerts.
    pub closed: Vec<String>,
}

impl Unreported {
    fn is_empty(&self) -> bool {
        self.raised.is_empty() && self.closed.is_empty()
    }

    fn add(&mut self, changes: &Changes) {
        for (all, more) in
            [(&mut self.raised, &changes.raised), (&mut self.closed, &changes.closed)]
        {
            let known: BTreeSet<&String> = all.iter().collect();
            let new: Vec<String> = more.iter().filter(|id| !known.contains(id)).cloned().collect();
            all.extend(new);
        }
    }
}

/// All alerts of a scheduled job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    /// Version of the format.
    pub format: u32,
    /// Days before this one have been processed.
    pub seen_until: Option<NaiveDate>,
    /// Time at which data until this day was last processed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<DateTime<Utc>>,
    /// Billing accounts of the bills that were processed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub billing_accounts: BTreeSet<String>,
    /// Billing accounts that the bills no longer have, with the day of the first run without them.
    /// Until they are back or forgotten, no alert is closed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub missing_accounts: BTreeMap<String, NaiveDate>,
    /// Accounts (`SubAccountId`) of open alerts that have no usage since, with the day of the first
    /// run without it. Until they are back or forgotten, their alerts are not closed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub missing_sub_accounts: BTreeMap<String, NaiveDate>,
    /// Currency of all amounts; `None` in files of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Changes that no run has reported yet.
    #[serde(default, skip_serializing_if = "Unreported::is_empty")]
    pub unreported: Unreported,
    /// Alerts, in the order in which they were raised.
    pub alerts: Vec<Alert>,
}

impl StateFile for Ledger {
    const WHAT: &'static str = "alert file";
    const FORMAT: u32 = 1;

    /// Adopts the decisions on alerts.
    fn adopt(&mut self, base: &Self, stored: &Self) {
        let (before, now) = (base.decisions(), stored.decisions());
        for alert in &mut self.alerts {
            let id = alert.id.as_str();
            if let Some(decision) = now.get(id).filter(|d| before.get(id) != Some(d)) {
                alert.decision = Some((*decision).clone());
            }
        }
    }

    /// Adds the outcomes of sending notices. A record that cannot be read is ignored: its notice is
    /// sent again.
    fn replay(&mut self, records: &[String]) {
        let sent = records.iter().filter_map(|record| serde_json::from_str(record).ok());
        let sent: BTreeMap<String, Sent> = sent.map(|sent: Sent| (sent.id.clone(), sent)).collect();
        for alert in &mut self.alerts {
            let of: Vec<&Sent> = alert.outbox.iter().filter_map(|n| sent.get(&n.id)).collect();
            for sent in of {
                alert.record(sent);
            }
        }
    }
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            format: Self::FORMAT,
            seen_until: None,
            seen_at: None,
            billing_accounts: BTreeSet::new(),
            missing_accounts: BTreeMap::new(),
            missing_sub_accounts: BTreeMap::new(),
            currency: None,
            unreported: Unreported::default(),
            alerts: Vec::new(),
        }
    }
}

impl Ledger {
    /// Returns the decisions by the ID of their alert.
    fn decisions(&self) -> BTreeMap<&str, &Decision> {
        self.alerts.iter().filter_map(|a| Some((a.id.as_str(), a.decision.as_ref()?))).collect()
    }

    /// Returns the first day that a job with a look-back of `lookback` days from `until` must
    /// process: that many days before `until`, or before the day until which data was processed, if
    /// that is earlier. Open alerts are followed up regardless of their age.
    #[must_use]
    pub fn watch_from(&self, until: NaiveDate, lookback: u64) -> NaiveDate {
        let last = self.seen_until.map_or(until, |seen| seen.min(until));
        let back = last.checked_sub_days(Days::new(lookback)).unwrap_or(last);
        let open =
            self.alerts.iter().filter(|a| a.status == Status::Open).map(|a| a.anomaly.first_day);
        open.fold(back, NaiveDate::min)
    }

    /// Adds a report: raises new alerts, updates known ones, and closes those that ended or are no
    /// longer detected. None is closed while the bills lack a billing account, and none of an account
    /// while it is missing ([`Self::use_usage`]).
    ///
    /// A report of older data than already used, such as that of a job that another one overtook,
    /// changes no alert. The newer data is given up if it is later than the clock, or if it has not
    /// come again for a day (ADR 0043): one wrong date must not silence all later reports.
    pub fn update(
        &mut self,
        report: &AnomalyReport,
        now: DateTime<Utc>,
        channels: &[ChannelRule],
    ) -> Changes {
        // Days later than the clock are wrong dates.
        let day = report.raised_until.min(latest(now));
        let mut changes = Changes::default();
        let mut anomalies: Vec<&Anomaly> = report.anomalies.iter().chain(&report.drops).collect();
        anomalies.sort_by(|a, b| (a.raised_on, &a.id).cmp(&(b.raised_on, &b.id)));
        let known = self.known(&anomalies);
        if let Some(seen) = self.seen_until.filter(|seen| day < *seen) {
            if !self.is_given_up(seen, now) {
                let unknown = anomalies.iter().zip(&known).filter(|(_, at)| at.is_none());
                changes.ignored = unknown.map(|(a, _)| a.id.clone()).collect();
                changes.stale = true;
                self.seen_at.get_or_insert(now);
                return changes;
            }
            changes.given_up = Some(seen);
        }
        if report.raised_until <= latest(now) {
            (self.seen_until, self.seen_at) = (Some(day), Some(now));
        }
        let mut seen = vec![false; self.alerts.len()];
        for (anomaly, known) in anomalies.into_iter().zip(known) {
            if let Some(at) = known {
                seen[at] = true;
                let is_missing = self.is_missing(&self.alerts[at]);
                let alert = &mut self.alerts[at];
                let was_open = alert.status == Status::Open;
                // It may have ended only because its charges are missing.
                if was_open && !anomaly.ongoing && is_missing {
                    continue;
                }
                if alert.update(anomaly, day, channels) {
                    changes.raised.push(alert.id.clone());
                }
                if was_open && alert.status != Status::Open {
                    changes.closed.push(alert.id.clone());
                }
                continue;
            }
            let mut alert = Alert::raised(anomaly, now);
            alert.notify(Event::Raised, "", day, channels);
            changes.raised.push(alert.id.clone());
            self.alerts.push(alert);
        }
        self.withdraw(report, &seen, channels, &mut changes);
        self.unreported.add(&changes);
        self.retain(day);
        changes
    }

    /// Closes the open alerts of the range that the report does not show, unless their charges are
    /// missing.
    fn withdraw(
        &mut self,
        report: &AnomalyReport,
        seen: &[bool],
        channels: &[ChannelRule],
        changes: &mut Changes,
    ) {
        let range = report.raised_from..report.raised_until;
        let is_missing: Vec<bool> = self.alerts.iter().map(|a| self.is_missing(a)).collect();
        // Alerts that this report raised are at the end, and shown by it.
        for ((alert, seen), is_missing) in self.alerts.iter_mut().zip(seen).zip(is_missing) {
            let is_open = alert.status == Status::Open && !is_missing;
            if !seen && is_open && range.contains(&alert.anomaly.raised_on) {
                alert.close(Status::Withdrawn, report.raised_until, channels);
                changes.closed.push(alert.id.clone());
            }
        }
    }

    /// Removes old closed alerts that have nothing to send or to report.
    fn retain(&mut self, day: NaiveDate) {
        let retained_from = day.checked_sub_days(Days::new(RETENTION_DAYS)).unwrap_or(day);
        let Unreported { raised, closed } = &self.unreported;
        let unreported: BTreeSet<&String> = raised.iter().chain(closed).collect();
        self.alerts.retain(|a| {
            a.status == Status::Open
                || a.anomaly.last_day >= retained_from
                || !(a.outbox.is_empty() && a.refused.is_empty())
                || unreported.contains(&a.id)
        });
    }

    /// Returns whether data until `seen` no longer counts, because it cannot be true or does not
    /// come any more.
    fn is_given_up(&self, seen: NaiveDate, now: DateTime<Utc>) -> bool {
        let is_gone = |at: DateTime<Utc>| now.signed_duration_since(at).abs() > OVERTAKEN;
        seen > latest(now) || self.seen_at.is_some_and(is_gone)
    }

    /// Removes the changes to report, after they were reported. Returns whether there were any.
    pub fn reported(&mut self) -> bool {
        !std::mem::take(&mut self.unreported).is_empty()
    }

    /// Returns the alert of each anomaly, if it is known: with the same ID, or else the same scope
    /// and days, because late data can move the raise date, and with it the ID. An alert with the
    /// ID of another anomaly of the same report is that other one.
    fn known(&self, anomalies: &[&Anomaly]) -> Vec<Option<usize>> {
        let mut taken = vec![false; self.alerts.len()];
        let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, alert) in self.alerts.iter().enumerate() {
            for id in BTreeSet::from([alert.id.as_str(), alert.anomaly.id.as_str()]) {
                places.entry(id).or_default().push(at);
            }
        }
        let by_id = |a: &&Anomaly| {
            let at = places.get(a.id.as_str())?.iter().copied().find(|at| !taken[*at])?;
            taken[at] = true;
            Some(at)
        };
        let mut known: Vec<Option<usize>> = anomalies.iter().map(by_id).collect();
        for (anomaly, known) in anomalies.iter().zip(&mut known).filter(|(_, at)| at.is_none()) {
            *known = (0..self.alerts.len())
                .find(|at| !taken[*at] && is_same(&self.alerts[*at].anomaly, anomaly));
            if let Some(at) = *known {
                taken[at] = true;
            }
        }
        known
    }

    /// Returns the notices that were not delivered, and whether their channel refused them: all, or
    /// those of an alert, a channel, or one notice by its ID.
    #[must_use]
    pub fn undelivered(&self, which: Option<&str>) -> Vec<(&Notice, bool)> {
        let mut all = Vec::new();
        for alert in &self.alerts {
            for (notices, is_refused) in [(&alert.outbox, false), (&alert.refused, true)] {
                let of = notices.iter().filter(|n| n.is_of(&alert.id, which));
                all.extend(of.map(|notice| (notice, is_refused)));
            }
        }
        all
    }

    /// Sends refused notices again with the next run: all, or those of an alert, a channel, or one
    /// notice by its ID. Returns their number.
    pub fn retry_notices(&mut self, which: Option<&str>) -> usize {
        let mut count = 0;
        for alert in &mut self.alerts {
            let id = alert.id.clone();
            let (again, refused) =
                std::mem::take(&mut alert.refused).into_iter().partition(|n| n.is_of(&id, which));
            let again: Vec<Notice> = again;
            alert.refused = refused;
            count += again.len();
            alert.outbox.extend(again.into_iter().map(|n| Notice { attempts: 0, ..n }));
        }
        count
    }

    /// Removes notices that were not delivered: all, or those of an alert, a channel, or one notice
    /// by its ID. Returns their number.
    pub fn drop_notices(&mut self, which: Option<&str>) -> usize {
        let mut count = 0;
        for alert in &mut self.alerts {
            let id = alert.id.clone();
            for notices in [&mut alert.outbox, &mut alert.refused] {
                let before = notices.len();
                notices.retain(|n| !n.is_of(&id, which));
                count += before - notices.len();
            }
        }
        count
    }

    /// Returns an error if a snooze until `until` has no effect, or never ends.
    ///
    /// # Errors
    /// [`WrongSnooze`].
    pub fn check_snooze(&self, until: NaiveDate, now: DateTime<Utc>) -> Result<(), WrongSnooze> {
        let today = latest(now);
        let seen = self.seen_until.map_or(today, |seen| seen.min(today));
        let longest =
            now.date_naive().checked_add_days(Days::new(LONGEST_SNOOZE_DAYS)).unwrap_or(today);
        match () {
            () if until <= seen => Err(WrongSnooze::Over { until, seen }),
            () if until > longest => Err(WrongSnooze::TooLong { until, longest }),
            () => Ok(()),
        }
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

/// Returns whether an anomaly is that of an alert whose ID late data moved.
fn is_same(theirs: &Anomaly, anomaly: &Anomaly) -> bool {
    // The cheapest conditions first: this compares each new anomaly with all alerts.
    theirs.first_day <= anomaly.last_day
        && anomaly.first_day <= theirs.last_day
        && theirs.raised_on.signed_duration_since(anomaly.raised_on).num_days().abs() <= MOVED_DAYS
        && (theirs.kind == Kind::Drop) == (anomaly.kind == Kind::Drop)
        && (theirs.scope.is_within(&anomaly.scope) || anomaly.scope.is_within(&theirs.scope))
}

/// Returns the latest day until which data can have been processed: the day after that of the
/// clock.
fn latest(now: DateTime<Utc>) -> NaiveDate {
    now.date_naive().succ_opt().unwrap_or(NaiveDate::MAX)
}

/// Days by which late data can move the raise date of an anomaly.
const MOVED_DAYS: i64 = 3;

#[cfg(test)]
mod tests;
