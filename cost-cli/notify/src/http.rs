//! HTTP POST requests and retries.

use std::time::Duration;

use cost_core::call_limits::CallLimits;
use serde::Deserialize;
use ureq::Agent;

use crate::{NotifyError, Secret};

/// Retry settings: `[retry]` in the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retry {
    /// Attempts per run. A notice that fails is retried in the next run.
    pub tries: u32,
    /// Wait after the first failure, in milliseconds. It doubles after each failure.
    pub first_wait_ms: u64,
    /// Timeout of one attempt, in milliseconds.
    pub timeout_ms: u64,
}

impl Default for Retry {
    fn default() -> Self {
        Self { tries: 3, first_wait_ms: 1_000, timeout_ms: 10_000 }
    }
}

impl Retry {
    /// Returns the limits of one attempt, and the number of attempts.
    pub(crate) fn limits(&self) -> CallLimits {
        CallLimits::of_call(Duration::from_millis(self.timeout_ms), self.tries)
    }

    /// Runs `send` until it succeeds, fails permanently, or no attempts are left.
    pub(crate) fn run(
        &self,
        send: impl Fn() -> Result<(), NotifyError>,
    ) -> Result<(), NotifyError> {
        let mut wait = Duration::from_millis(self.first_wait_ms);
        let mut left = self.limits().attempts;
        loop {
            left -= 1;
            match send() {
                Err(e) if left > 0 && e.is_retryable() => {
                    std::thread::sleep(wait.min(LONGEST_WAIT));
                    wait = wait.saturating_mul(2);
                }
                done => return done,
            }
        }
    }
}

/// Longest wait between two attempts. Chosen: the next run of the job comes sooner than a longer one
/// would help.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Posts JSON to a secret URL.
///
/// # Errors
/// Returns a [`NotifyError`] if the secret is missing or the request fails.
pub(crate) fn post_json(
    url: &Secret,
    body: &serde_json::Value,
    retry: &Retry,
) -> Result<(), NotifyError> {
    post(&url.read()?, &[("content-type", "application/json")], &body.to_string(), retry)
}

/// Posts a body. Redirects are not followed: their targets are not configured.
///
/// # Errors
/// Returns a [`NotifyError`] without the URL, which may be a secret.
pub(crate) fn post(
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
    retry: &Retry,
) -> Result<(), NotifyError> {
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(NotifyError::Secret("the URL must start with https:// or http://".to_owned()));
    }
    let limits = retry.limits();
    // The body of the answer is not read, whatever its size. Its header has at most 64 KiB.
    let config = Agent::config_builder()
        .timeout_global(Some(limits.call))
        .timeout_connect(Some(limits.connect))
        .timeout_per_read(Some(limits.idle))
        .timeout_per_write(Some(limits.idle))
        .max_response_header_size(64 << 10)
        .max_redirects(0)
        .build();
    let mut request = Agent::from(config).post(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send(body).map(|_| ()).map_err(|e| explain(&e))
}

fn explain(error: &ureq::Error) -> NotifyError {
    match error {
        ureq::Error::StatusCode(code @ (429 | 500..)) => {
            NotifyError::Unreachable(format!("answered {code}"))
        }
        ureq::Error::StatusCode(code) => NotifyError::Refused(format!("answered {code}")),
        ureq::Error::Timeout(_) => NotifyError::Unreachable("timed out".to_owned()),
        ureq::Error::HostNotFound => NotifyError::Unreachable("host not found".to_owned()),
        ureq::Error::Io(e) => NotifyError::Unreachable(format!("connection failed: {}", e.kind())),
        ureq::Error::TooManyRedirects => {
            NotifyError::Refused("the URL redirects; configure its target instead".to_owned())
        }
        ureq::Error::BadUri(_) => NotifyError::Secret("the URL is invalid".to_owned()),
        _ => NotifyError::Unreachable("the request failed".to_owned()),
    }
}
