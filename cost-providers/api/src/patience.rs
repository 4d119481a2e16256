//! [`Patience`]: how long a pull waits for services that do not answer.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cost_core::call_limits::CallLimits;

/// Time that the calls of a pull may still take. A service that fails for longer than
/// [`CallLimits::service`] without one answer is not called again, and nothing is called after
/// [`CallLimits::pull`]. An answer that refuses the request also counts as an answer.
///
/// The time of calls at the same time counts once. Time without a call does not count for a
/// service, and all time counts for the pull.
#[derive(Debug)]
pub struct Patience {
    limits: CallLimits,
    start: Instant,
    lost: Mutex<HashMap<String, Lost>>,
}

/// Time of the calls to a service since its last answer.
#[derive(Clone, Copy, Debug, Default)]
struct Lost {
    time: Duration,
    /// End of the last of these calls.
    until: Option<Instant>,
}

/// Limit that was reached: the service, or the pull, is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenUp {
    /// The service in this account and region, after this time without an answer.
    Service(Duration),
    /// All calls of the pull, after this time.
    Pull(Duration),
}

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(time) => {
                write!(f, "no usable answer for {} s, the limit of a service", time.as_secs())
            }
            Self::Pull(time) => write!(f, "the limit of a pull of {} s is reached", time.as_secs()),
        }
    }
}

impl Patience {
    /// Starts the time of a pull.
    #[must_use]
    pub fn new(limits: CallLimits, start: Instant) -> Self {
        Self { limits, start, lost: Mutex::default() }
    }

    /// Returns the limits of a call.
    #[must_use]
    pub fn limits(&self) -> &CallLimits {
        &self.limits
    }

    fn lost(&self) -> MutexGuard<'_, HashMap<String, Lost>> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the time that a call which starts `now` may take, with its retries.
    ///
    /// # Errors
    /// The limit that is reached.
    pub fn left(&self, service: &str, now: Instant) -> Result<Duration, GivenUp> {
        let CallLimits { service: of_service, pull, .. } = self.limits;
        let of_pull = pull.saturating_sub(now.saturating_duration_since(self.start));
        if of_pull.is_zero() {
            return Err(GivenUp::Pull(pull));
        }
        let lost = self.lost().get(service).map_or(Duration::ZERO, |lost| lost.time);
        let left = of_service.saturating_sub(lost);
        if left.is_zero() { Err(GivenUp::Service(of_service)) } else { Ok(left.min(of_pull)) }
    }

    /// Records an answer of a service.
    pub fn answered(&self, service: &str) {
        self.lost().remove(service);
    }

    /// Records a call to a service that got no answer, and returns the limit that is reached now.
    pub fn failed(&self, service: &str, from: Instant, until: Instant) -> Option<GivenUp> {
        {
            let mut all = self.lost();
            let lost = all.entry(service.to_owned()).or_default();
            let from = lost.until.map_or(from, |before| before.max(from));
            lost.time += until.saturating_duration_since(from);
            lost.until = Some(lost.until.map_or(until, |before| before.max(until)));
        }
        self.left(service, until).err()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Limits of 10 s for a service and 100 s for a pull.
    fn patience(start: Instant) -> Patience {
        let (service, pull) = (Duration::from_secs(10), Duration::from_secs(100));
        let mut limits = CallLimits::default();
        (limits.service, limits.pull) = (service, pull);
        Patience::new(limits, start)
    }

    #[test]
    fn a_service_that_never_answers_is_given_up_and_no_other() {
        let start = Instant::now();
        let at = |s: u64| start + Duration::from_secs(s);
        let left = |patience: &Patience, service: &str, s: u64| {
            patience.left(service, at(s)).map(|left| left.as_secs())
        };
        let patience = patience(start);
        assert_eq!(left(&patience, "ec2", 0), Ok(10));
        // Two calls at the same time: 4 s, not 7.
        assert_eq!(patience.failed("ec2", at(0), at(4)), None);
        assert_eq!(patience.failed("ec2", at(1), at(4)), None);
        assert_eq!(left(&patience, "ec2", 4), Ok(6));
        // The time without a call does not count.
        assert_eq!(left(&patience, "ec2", 50), Ok(6));
        let reached = Some(GivenUp::Service(Duration::from_secs(10)));
        assert_eq!(patience.failed("ec2", at(50), at(56)), reached);
        assert_eq!(left(&patience, "ec2", 57), Err(GivenUp::Service(Duration::from_secs(10))));
        assert_eq!(left(&patience, "rds", 57), Ok(10));
        // The rest of the pull.
        assert_eq!(left(&patience, "rds", 97), Ok(3));
        assert_eq!(left(&patience, "rds", 100), Err(GivenUp::Pull(Duration::from_secs(100))));
    }

    #[test]
    fn an_answer_starts_the_time_again() {
        let start = Instant::now();
        let at = |s: u64| start + Duration::from_secs(s);
        let patience = patience(start);
        for round in 0..5 {
            assert_eq!(patience.failed("ec2", at(round * 10), at(round * 10 + 9)), None);
            patience.answered("ec2");
        }
    }
}
