//! Delivery of the pending notices in a ledger.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use cost_core::alert::{Alert, Ledger, Notice, Sent};

use crate::{Channel, Message, NotifyError, Retry};

/// Notice that was not delivered. It stays in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Whether the channel refused it for good: it is not sent again unless requested.
    pub refused: bool,
    /// Name of the channel.
    pub channel: String,
    /// ID of the alert.
    pub alert: String,
    /// Reason for the failure.
    pub reason: String,
}

/// Result of [`deliver`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Notices that were not delivered.
    pub failures: Vec<Failure>,
    /// Number of notices that were sent, with or without success. The caller must save the ledger
    /// if there are any.
    pub attempts: usize,
    /// Whether it was stopped before all notices were sent.
    pub is_stopped: bool,
}

/// Sends all pending notices, oldest alert first, and calls `record` after each that was delivered or
/// refused. Before each, `is_stopped` can end it.
///
/// If the process is killed, at most the notice of that moment is not recorded: the next run sends
/// it again, with the same ID.
///
/// A notice that its channel refuses for good is moved to the refused ones, and the channel gets the
/// next one. After any other failure, the channel is skipped for the rest of this run. Notices for
/// a channel that is no longer configured stay in the ledger.
///
/// # Errors
/// Returns errors of `record`.
pub fn deliver<E>(
    ledger: &mut Ledger,
    channels: &[Channel],
    estate: &str,
    retry: &Retry,
    now: &dyn Fn() -> DateTime<Utc>,
    is_stopped: &dyn Fn() -> bool,
    mut record: impl FnMut(&Sent) -> Result<(), E>,
) -> Result<Delivery, E> {
    let mut all = Delivery::default();
    let mut failed: BTreeSet<String> = BTreeSet::new();
    for alert in &mut ledger.alerts {
        let mut place = 0;
        while let Some(notice) = alert.outbox.get(place) {
            let channel = channels.iter().find(|c| c.name == notice.channel);
            let Some(channel) = channel.filter(|c| !failed.contains(&c.name)) else {
                place += 1;
                continue;
            };
            if is_stopped() {
                all.is_stopped = true;
                return Ok(all);
            }
            let message = Message { notice, alert, estate, now: now() };
            let error = channel.send(&message, retry).err();
            all.attempts += 1;
            let is_final = error.as_ref().is_none_or(NotifyError::is_permanent);
            let id = notice.id.clone();
            if let Some(error) = &error {
                all.failures.push(failure(alert, place, error));
            }
            if is_final {
                let sent = Sent { id, refused: error.map(|e| e.to_string()) };
                alert.record(&sent);
                record(&sent)?;
            } else {
                failed.insert(channel.name.clone());
                fail(&mut alert.outbox[place], all.failures.last());
                place += 1;
            }
        }
    }
    Ok(all)
}

/// Returns the failure of a notice.
fn failure(alert: &Alert, place: usize, error: &NotifyError) -> Failure {
    Failure {
        refused: error.is_permanent(),
        channel: alert.outbox[place].channel.clone(),
        alert: alert.id.clone(),
        reason: error.to_string(),
    }
}

/// Stores a failure that is not final in its notice.
fn fail(notice: &mut Notice, failure: Option<&Failure>) {
    notice.attempts = notice.attempts.saturating_add(1);
    notice.last_error = failure.map(|failure| failure.reason.clone());
}
