//! Delivery of the pending notices in a ledger.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

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

/// Attempts of a run that are each recorded at once. Chosen: most runs have fewer notices.
const RECORDED_AT_ONCE: usize = 20;
/// Minimum time between two calls of `save` after that. Chosen: longer than writing a state file of
/// 1,000 alerts takes, and short enough that a killed run repeats few notices.
const SAVE_EVERY: Duration = Duration::from_millis(200);

/// Sends all pending notices, oldest alert first, and calls `save` to record the attempts: after
/// each of the first 20, then at most every 200 ms and half of the time, and at the end.
///
/// If the process is killed, the next run sends what was not recorded again, with the same IDs.
/// `save` can change decisions in the ledger.
///
/// A notice that its channel refuses for good is moved to the refused ones, and the channel gets the
/// next one. After any other failure, the channel is skipped for the rest of this run. Notices for
/// a channel that is no longer configured stay in the ledger.
///
/// # Errors
/// Returns errors of `save`. Attempts of earlier calls are already saved.
pub fn deliver<E>(
    ledger: &mut Ledger,
    channels: &[Channel],
    estate: &str,
    retry: &Retry,
    now: &dyn Fn() -> DateTime<Utc>,
    mut save: impl FnMut(&mut Ledger) -> Result<(), E>,
) -> Result<Vec<Failure>, E> {
    let mut failures: Vec<Failure> = Vec::new();
    let mut failed: BTreeSet<String> = BTreeSet::new();
    let mut saves = Saves::default();
    for at in 0..ledger.alerts.len() {
        let mut place = 0;
        while let Some(notice) = ledger.alerts[at].outbox.get(place) {
            let channel = channels.iter().find(|c| c.name == notice.channel);
            let Some(channel) = channel.filter(|c| !failed.contains(&c.name)) else {
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
                        failed.insert(failure.channel.clone());
                        place += 1;
                    }
                    failures.push(failure);
                }
            }
            saves.after_attempt(|| save(ledger))?;
        }
    }
    if saves.is_due {
        save(ledger)?;
    }
    Ok(failures)
}

/// Decides when to save.
#[derive(Default)]
struct Saves {
    attempts: usize,
    /// Whether an attempt is not saved yet.
    is_due: bool,
    /// Time before which attempts are not saved.
    next: Option<Instant>,
}

impl Saves {
    fn after_attempt<E>(&mut self, save: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
        let start = Instant::now();
        self.attempts += 1;
        self.is_due =
            self.attempts > RECORDED_AT_ONCE && self.next.is_some_and(|next| start < next);
        if !self.is_due {
            save()?;
            // As long as the save took, so that most of the time is not spent on saving.
            self.next = Instant::now().checked_add(start.elapsed().max(SAVE_EVERY));
        }
        Ok(())
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_attempts_are_saved_each_and_many_together() {
        let mut saves = Saves::default();
        let mut count = 0;
        let mut attempt = |saves: &mut Saves| {
            saves.after_attempt(|| {
                count += 1;
                Ok::<_, ()>(())
            })
        };
        for _ in 0..RECORDED_AT_ONCE {
            attempt(&mut saves).expect("saved");
            assert!(!saves.is_due);
        }
        // As if the last save had taken a minute.
        saves.next = Instant::now().checked_add(Duration::from_mins(1));
        for _ in 0..1_000 {
            attempt(&mut saves).expect("not saved");
            assert!(saves.is_due);
        }
        saves.next = Some(Instant::now());
        attempt(&mut saves).expect("saved");
        assert!(!saves.is_due);
        assert_eq!(count, RECORDED_AT_ONCE + 1);
    }
}
