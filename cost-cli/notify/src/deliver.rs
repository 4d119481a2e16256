//! Delivery of the pending notices in a ledger.

use chrono::{DateTime, Utc};
use cost_core::alert::Ledger;

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

/// Sends all pending notices, oldest alert first, and calls `save` after each attempt to record it.
/// A notice that its channel refuses for good is moved to the refused ones, and the channel gets the
/// next one. After any other failure, the channel is skipped for the rest of this run. Notices for
/// a channel that is no longer configured stay in the ledger.
///
/// # Errors
/// Returns errors of `save`. Notices sent before the error are already saved.
pub fn deliver<E>(
    ledger: &mut Ledger,
    channels: &[Channel],
    estate: &str,
    retry: &Retry,
    now: &dyn Fn() -> DateTime<Utc>,
    mut save: impl FnMut(&Ledger) -> Result<(), E>,
) -> Result<Vec<Failure>, E> {
    let mut failures: Vec<Failure> = Vec::new();
    for at in 0..ledger.alerts.len() {
        let mut place = 0;
        while let Some(notice) = ledger.alerts[at].outbox.get(place) {
            let channel = channels.iter().find(|c| c.name == notice.channel);
            let failed = failures.iter().any(|f| !f.refused && f.channel == notice.channel);
            let Some(channel) = channel.filter(|_| !failed) else {
                place += 1;
                continue;
            };
            let message = Message { notice, alert: &ledger.alerts[at], estate, now: now() };
            match channel.send(&message, retry) {
                Ok(()) => {
                    ledger.alerts[at].outbox.remove(place);
                }
                Err(error) => {
                    let failure = failure(ledger, at, place, &error);
                    if failure.refused {
                        let alert = &mut ledger.alerts[at];
                        alert.refused.push(alert.outbox.remove(place));
                    } else {
                        place += 1;
                    }
                    failures.push(failure);
                }
            }
            save(ledger)?;
        }
    }
    Ok(failures)
}

fn failure(ledger: &mut Ledger, at: usize, place: usize, error: &NotifyError) -> Failure {
    let alert = &mut ledger.alerts[at];
    let notice = &mut alert.outbox[place];
    notice.attempts = notice.attempts.saturating_add(1);
    notice.last_error = Some(error.to_string());
    Failure {
        refused: error.is_permanent(),
        channel: notice.channel.clone(),
        alert: alert.id.clone(),
        reason: error.to_string(),
    }
}
