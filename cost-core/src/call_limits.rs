//! [`CallLimits`]: how long a call to another machine may take, and how much it may answer. The
//! core makes no calls: providers and notifications share these limits.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Limits of calls to a provider or to a receiver of notices. In a configuration, times are whole
/// seconds and sizes MiB.
///
/// All defaults are chosen. Each field states the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct CallLimits {
    /// Time for a connection, including TLS. Default 10 s: three lost packets are repeated within
    /// 7 s (RFC 6298, first timeout of 1 s, doubled each time).
    #[serde(rename = "connect_s", with = "seconds")]
    pub connect: Duration,
    /// Time without a byte of the answer. Default 20 s: a service that works
    /// begins its answer within some seconds.
    #[serde(rename = "idle_s", with = "seconds")]
    pub idle: Duration,
    /// Time of one attempt, from its start to the end of the answer. Default 60 s: three times
    /// [`Self::idle`], for an answer that arrives slowly.
    #[serde(rename = "call_s", with = "seconds")]
    pub call: Duration,
    /// Time in which a service in an account and region may fail without one answer. Then it is not
    /// called again. Default 60 s: three attempts that get no answer.
    #[serde(rename = "service_s", with = "seconds")]
    pub service: Duration,
    /// Time of all calls of a pull. Default 2 h: a job at night ends before the working
    /// day.
    #[serde(rename = "pull_s", with = "seconds")]
    pub pull: Duration,
    /// Attempts of one call, including the first. Default 4: with 1 failure in 20, a call fails
    /// for good 1 time in 160,000.
    pub attempts: u32,
    /// Largest answer that is held in memory, MiB. Default 32: far more than a page of some
    /// hundred or thousand items. Files are not held in memory, and have the size that their
    /// list states.
    pub answer_mib: u32,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(20),
            call: Duration::from_mins(1),
            service: Duration::from_mins(1),
            pull: Duration::from_hours(2),
            attempts: 4,
            answer_mib: 32,
        }
    }
}

impl CallLimits {
    /// Returns the limits of a call that is repeated `attempts` times, and takes `call` each time.
    /// A connection and a pause take no longer than the call.
    #[must_use]
    pub fn of_call(call: Duration, attempts: u32) -> Self {
        let all = Self::default();
        Self {
            connect: all.connect.min(call),
            idle: all.idle.min(call),
            call,
            attempts: attempts.max(1),
            answer_mib: 1,
            ..all
        }
    }

    /// Returns the largest answer that is held in memory, in bytes.
    #[must_use]
    pub fn answer_bytes(&self) -> usize {
        usize::try_from(u64::from(self.answer_mib) << 20).unwrap_or(usize::MAX)
    }

    /// Returns the time for a download of `bytes`: that of a call, and a second for each
    /// [`SLOWEST`] bytes.
    #[must_use]
    pub fn download(&self, bytes: u64) -> Duration {
        self.call + Duration::from_secs(bytes / SLOWEST)
    }

    /// Checks that nothing is limited to zero.
    ///
    /// # Errors
    /// The name of the limit that is zero.
    pub fn validate(&self) -> Result<(), String> {
        let times = [
            ("connect_s", self.connect),
            ("idle_s", self.idle),
            ("call_s", self.call),
            ("service_s", self.service),
            ("pull_s", self.pull),
        ];
        let zero = times.iter().find(|(_, time)| time.is_zero()).map(|(name, _)| *name);
        let zero = zero.or((self.attempts == 0).then_some("attempts"));
        match zero.or((self.answer_mib == 0).then_some("answer_mib")) {
            Some(name) => Err(format!("`{name}` must be at least 1")),
            None => Ok(()),
        }
    }
}

/// Slowest download that is worth waiting for, bytes per second: a file of 1 GB takes 3 hours.
/// Chosen.
pub const SLOWEST: u64 = 100_000;

/// Durations as whole seconds.
mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(time.as_secs())
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Duration, D::Error> {
        // At most 2^32 seconds, so that sums of times do not overflow.
        u32::deserialize(from).map(|seconds| Duration::from_secs(u64::from(seconds)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_in_seconds_and_mib() {
        let text = r#"{"idle_s": 5, "pull_s": 90, "answer_mib": 2}"#;
        let limits: CallLimits = serde_json::from_str(text).expect("limits");
        assert_eq!((limits.idle, limits.pull), (Duration::from_secs(5), Duration::from_secs(90)));
        assert_eq!((limits.connect, limits.attempts), (Duration::from_secs(10), 4));
        assert_eq!(limits.answer_bytes(), 2_097_152);
        assert!(serde_json::from_str::<CallLimits>(r#"{"idle": 5}"#).is_err(), "a unit is missing");
        let written = serde_json::to_string(&limits).expect("text");
        assert_eq!(serde_json::from_str::<CallLimits>(&written).expect("limits"), limits);
    }

    #[test]
    fn nothing_is_limited_to_zero() {
        assert_eq!(CallLimits::default().validate(), Ok(()));
        let limits: CallLimits = serde_json::from_str(r#"{"idle_s": 0}"#).expect("limits");
        assert_eq!(limits.validate(), Err("`idle_s` must be at least 1".to_owned()));
    }

    #[test]
    fn a_large_download_takes_longer() {
        // 60 s, and 250 MB at 100 kB/s: 2,500 s.
        let time = CallLimits::default().download(250_000_000);
        assert_eq!(time, Duration::from_secs(2_560));
    }
}
