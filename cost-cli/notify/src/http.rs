//! HTTP POST requests and retries.

use std::io::Read;
use std::time::Duration;

use cost_core::call_limits::CallLimits;
use cost_core::text::terminal_text;
use serde::Deserialize;
use ureq::Agent;

use crate::answer::{MOST_BYTES, said, secret_of};
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
                    std::thread::sleep(wait);
                    wait = wait.saturating_mul(2).min(LONGEST_WAIT);
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

/// Posts a body. Only an answer of class 2xx is a delivery. Redirects are not followed: their
/// targets are not configured.
///
/// # Errors
/// Returns a [`NotifyError`] without the URL, which may be a secret, and with the first line of the
/// answer.
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
    // Only the start of the answer is read, and only if it is no delivery. Its header has at most
    // 64 KiB.
    let config = Agent::config_builder()
        .timeout_global(Some(limits.call))
        .timeout_connect(Some(limits.connect))
        .timeout_per_read(Some(limits.idle))
        .timeout_per_write(Some(limits.idle))
        .max_response_header_size(64 << 10)
        .max_redirects(0)
        .http_status_as_error(false)
        .build();
    let mut request = Agent::from(config).post(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut answer = request.send(body).map_err(|e| explain(&e))?;
    let status = answer.status().as_u16();
    let mut start = Vec::new();
    if !(200..300).contains(&status) {
        // What has arrived before an error is used.
        let _ = answer.body_mut().as_reader().take(MOST_BYTES).read_to_end(&mut start);
    }
    let path = secret_of(url);
    let is_signature = |name: &str| name.ends_with("signature");
    let signatures = headers.iter().filter(|(name, _)| is_signature(name)).map(|(_, v)| *v);
    let secrets: Vec<&str> = signatures.chain([path.as_str()]).collect();
    let target = answer.headers().get("location").and_then(|l| l.to_str().ok());
    judge(status, target, &said(&start, &secrets))
}

/// Returns whether a status means that the receiver has the notice. Statuses about the URL, the
/// login, or the method concern every notice, so this one is sent again once that is mended.
/// `said` is the text of the answer. Source: RFC 9110, section 15; 425: RFC 8470; 429: RFC 6585.
fn judge(status: u16, target: Option<&str>, said: &str) -> Result<(), NotifyError> {
    match status {
        200..300 => Ok(()),
        300..=399 => Err(NotifyError::Misconfigured(redirect(status, target))),
        401 | 403 | 404 | 405 | 407 | 410 => Err(NotifyError::Misconfigured(format!(
            "answered {status}{said}; check the URL of the channel, and its secret"
        ))),
        408 | 425 | 429 | 500.. => {
            Err(NotifyError::Unreachable(format!("answered {status}{said}")))
        }
        _ => Err(NotifyError::Refused(format!("answered {status}{said}"))),
    }
}

/// Describes a redirect by the host of its target only: the rest can be a secret.
fn redirect(status: u16, target: Option<&str>) -> String {
    let url = target.and_then(|t| t.split_once("://"));
    let host = url.and_then(|(scheme, rest)| {
        let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
        (!host.is_empty()).then(|| format!(" to {scheme}://{host}"))
    });
    let host = host.map(|h| terminal_text(&h)).unwrap_or_default();
    format!(
        "answered {status}, a redirect{host}, which is not followed: configure the final URL of the receiver"
    )
}

fn explain(error: &ureq::Error) -> NotifyError {
    match error {
        ureq::Error::Timeout(_) => NotifyError::Unreachable("timed out".to_owned()),
        ureq::Error::HostNotFound => NotifyError::Unreachable("host not found".to_owned()),
        ureq::Error::Io(e) => NotifyError::Unreachable(format!("connection failed: {}", e.kind())),
        ureq::Error::BadUri(_) => NotifyError::Secret("the URL is invalid".to_owned()),
        _ => NotifyError::Unreachable("the request failed".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_success_is_a_delivery() {
        for status in [200, 201, 202, 204] {
            assert!(judge(status, None, "").is_ok(), "{status}");
        }
        for status in [401, 403, 404, 405, 407, 410] {
            let error = judge(status, None, "").expect_err("it is a wrong setting");
            assert!(!error.is_permanent() && !error.is_retryable(), "{status}");
        }
        for status in [100, 400, 402, 409, 413, 422] {
            let error = judge(status, None, "").expect_err("it is refused");
            assert!(error.is_permanent() && !error.is_retryable(), "{status}");
        }
        for status in [408, 425, 429, 500, 503] {
            let error = judge(status, None, "").expect_err("it failed");
            assert!(!error.is_permanent() && error.is_retryable(), "{status}");
        }
        for status in [301, 302, 303, 304, 307, 308] {
            let error = judge(status, Some("https://u:p@new.example:8443/T0/secret?k=1"), "");
            let error = error.expect_err("it is a redirect");
            assert!(!error.is_permanent() && !error.is_retryable(), "{status}");
            let text = error.to_string();
            assert!(text.contains(" to https://new.example:8443, "), "{text}");
            assert!(!text.contains("secret") && !text.contains("u:p"), "{text}");
        }
        let said = judge(400, None, ": no_text").expect_err("it is refused").to_string();
        assert_eq!(said, "answered 400: no_text");
        let inside =
            judge(302, Some("/login/secret"), "").expect_err("it is a redirect").to_string();
        assert!(!inside.contains("login"), "{inside}");
    }
}
