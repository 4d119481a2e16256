//! API calls: limited in number, retried within a budget, with classified failures.

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use cost_provider_api::{CallError, FailureKind};
use tokio::sync::Semaphore;

use crate::operation::Operation;

/// Concurrent calls per service, region, and account. Chosen: EC2 refills its bucket for describe
/// calls at 20 a second, and a call takes some 100 ms. Source: EC2 user guide, "Request throttling
/// for the Amazon EC2 API", read 2026-11.
const AT_A_TIME: usize = 4;
/// Repetitions of a call that failed for a temporary reason, after the SDK's own retries. Chosen:
/// with 4 attempts each, a call fails permanently 1 time in 25 billion if 1 attempt in 20 fails.
const AGAIN: u32 = 1;
/// Repetitions in one pull. Chosen: if a provider is down, a pull should end in minutes, not hours.
const AGAIN_IN_ALL: u32 = 2_000;

/// Service, account and region.
type Whereto = (&'static str, String, String);

/// Limits that all calls of a pull share.
#[derive(Debug)]
pub(crate) struct Limits {
    permits: Mutex<HashMap<Whereto, Arc<Semaphore>>>,
    again: AtomicU32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { permits: Mutex::default(), again: AtomicU32::new(AGAIN_IN_ALL) }
    }
}

/// Account, region, and service that calls go to.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) account: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) limits: Arc<Limits>,
}

impl Place {
    fn permits(&self, operation: &Operation) -> Arc<Semaphore> {
        let key = (
            operation.service,
            self.account.clone().unwrap_or_default(),
            self.region.clone().unwrap_or_default(),
        );
        let mut permits = self.limits.permits.lock().unwrap_or_else(PoisonError::into_inner);
        permits.entry(key).or_insert_with(|| Arc::new(Semaphore::new(AT_A_TIME))).clone()
    }

    /// Makes a call, and repeats it while that may help and the budget lasts.
    pub(crate) async fn call<T, E, F>(
        &self,
        operation: &'static Operation,
        make: impl Fn() -> F,
    ) -> Result<T, CallError>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let permits = self.permits(operation);
        let mut tried = 0;
        loop {
            let answer = {
                // The semaphore is never closed.
                let _permit = permits.acquire().await;
                make().await
            };
            let error = match answer {
                Ok(answer) => return Ok(answer),
                Err(error) => self.error(operation, &error),
            };
            tried += 1;
            if !error.retryable || tried > AGAIN || !self.spend() {
                return Err(error);
            }
            tokio::time::sleep(Duration::from_millis(500 << tried)).await;
        }
    }

    /// Returns the items of all pages of a call. `make` takes the token of a page; `split`
    /// separates an answer into its items and the token of the next page.
    pub(crate) async fn pages<T, I, E, F>(
        &self,
        operation: &'static Operation,
        make: impl Fn(Option<String>) -> F,
        split: impl Fn(T) -> (Vec<I>, Option<String>),
    ) -> Result<Vec<I>, CallError>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let mut all = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let answer = self.call(operation, || make(token.clone())).await?;
            let (items, next) = split(answer);
            all.extend(items);
            let next = next.filter(|t| !t.is_empty());
            if next.is_none() {
                return Ok(all);
            }
            if next == token {
                return Err(self
                    .unreadable(operation, "the answer repeats the token of its page".to_owned()));
            }
            token = next;
        }
    }

    fn spend(&self) -> bool {
        self.limits
            .again
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
            .is_ok()
    }

    /// Converts a failure of the SDK to a [`CallError`].
    pub(crate) fn error<E>(
        &self,
        operation: &Operation,
        error: &SdkError<E, HttpResponse>,
    ) -> CallError
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let code = error.code().unwrap_or_default();
        let status = error.raw_response().map(|r| r.status().as_u16());
        let (kind, retryable) = kind(error, code, status);
        let words = error.message().unwrap_or_default();
        let message = match kind {
            // The text of a denial contains the caller and a request ID. The operation matters, and
            // the error contains it anyway.
            FailureKind::Denied => code.to_owned(),
            _ if code.is_empty() => deepest(error),
            _ if words.is_empty() => code.to_owned(),
            _ => format!("{code}: {words}"),
        };
        self.failed(operation, kind, retryable, message.chars().take(200).collect())
    }

    /// Returns the error for an answer that cannot be used.
    pub(crate) fn unreadable(&self, operation: &Operation, message: String) -> CallError {
        self.failed(operation, FailureKind::Unreadable, false, message)
    }

    /// Returns the error for a failure with a known kind.
    pub(crate) fn failed(
        &self,
        operation: &Operation,
        kind: FailureKind,
        retryable: bool,
        message: String,
    ) -> CallError {
        CallError {
            provider: "aws",
            operation: operation.action.to_owned(),
            account: self.account.clone(),
            region: self.region.clone(),
            kind,
            retryable,
            message,
        }
    }
}

/// Returns an error and its causes.
fn chain<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |e| e.source())
}

/// Returns the text of the last cause, which is the specific one.
fn deepest(error: &(dyn std::error::Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

/// Classifies a failure by the provider's code. Sources: "Common errors" of the API references of
/// EC2, STS, Cost Explorer, S3, read 2026-11.
fn kind<E>(
    error: &SdkError<E, HttpResponse>,
    code: &str,
    status: Option<u16>,
) -> (FailureKind, bool)
where
    E: std::error::Error + 'static,
{
    match code {
        "AccessDenied"
        | "AccessDeniedException"
        | "AuthorizationError"
        | "UnauthorizedOperation"
        | "NotAuthorized"
        | "UnauthorizedException"
        | "AccountAccessDenied" => return (FailureKind::Denied, false),
        // Credentials expired during the pull: the SDK has new ones for the next attempt.
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => {
            return (FailureKind::Credentials, true);
        }
        "AuthFailure"
        | "IncompleteSignature"
        | "InvalidAccessKeyId"
        | "InvalidClientTokenId"
        | "InvalidToken"
        | "SignatureDoesNotMatch"
        | "UnrecognizedClientException" => return (FailureKind::Credentials, false),
        "OptInRequired"
        | "OptInRequiredException"
        | "SubscriptionRequiredException"
        | "AWSOrganizationsNotInUseException"
        | "DataUnavailableException" => return (FailureKind::NotEnabled, false),
        "NoSuchBucket" | "NoSuchKey" | "NotFound" | "ResourceNotFoundException" => {
            return (FailureKind::NotFound, false);
        }
        "LimitExceededException"
        | "RequestLimitExceeded"
        | "SlowDown"
        | "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "TooManyRequestsException" => return (FailureKind::Throttled, true),
        _ => {}
    }
    match (error, status) {
        (_, Some(429)) => (FailureKind::Throttled, true),
        // A ResponseError: the answer is incomplete, or is not a valid answer of the operation.
        (_, Some(500..)) | (SdkError::TimeoutError(_) | SdkError::ResponseError(_), _) => {
            (FailureKind::Unavailable, true)
        }
        (SdkError::DispatchFailure(failure), _) => {
            // The request was not sent: no credentials, or the operation is not declared.
            if failure.is_io() || failure.is_timeout() {
                (FailureKind::Unavailable, true)
            } else if chain(error).any(|e| e.to_string().contains("credentials")) {
                (FailureKind::Credentials, false)
            } else {
                (FailureKind::Refused, false)
            }
        }
        (SdkError::ServiceError(_), Some(403)) => (FailureKind::Denied, false),
        // A successful status with an answer that does not parse: it may be incomplete.
        (SdkError::ServiceError(_), Some(200..=299)) => (FailureKind::Unreadable, true),
        _ => (FailureKind::Refused, false),
    }
}
