//! One call: bounded in number, retried within a budget, its failure told apart.

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

/// Calls of one service in one region and account at a time. Chosen: EC2 fills its bucket for
/// describe calls at 20 a second, and a call takes some 100 ms. Source: EC2 user guide, "Request
/// throttling for the Amazon EC2 API", read 2026-11.
const AT_A_TIME: usize = 4;
/// Times that a call which failed for a passing reason is made anew, after the SDK's own retries.
/// Chosen: with 4 attempts each, a call fails for good 1 time in 25 billion if 1 attempt in 20
/// fails.
const AGAIN: u32 = 1;
/// Such repetitions in one pull. Chosen: a provider that is down should end a pull in minutes, not
/// hours.
const AGAIN_IN_ALL: u32 = 2_000;

/// Service, account and region.
type Whereto = (&'static str, String, String);

/// What all calls of a pull share.
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

/// Where calls go.
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

    /// Makes a call, and makes it anew while that may help and the budget lasts.
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

    /// All pages of a call. `make` takes the token of a page, `split` an answer into its items and
    /// the next page's token.
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
                return Err(
                    self.unreadable(operation, "a page names itself as the next".to_owned())
                );
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

    /// A failure of the SDK as one of ours.
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
            // Words of a denial name the caller and a request: what matters is the operation, which
            // is told anyway.
            FailureKind::Denied => code.to_owned(),
            _ if code.is_empty() => deepest(error),
            _ if words.is_empty() => code.to_owned(),
            _ => format!("{code}: {words}"),
        };
        self.failed(operation, kind, retryable, message.chars().take(200).collect())
    }

    /// An answer that makes no sense.
    pub(crate) fn unreadable(&self, operation: &Operation, message: String) -> CallError {
        self.failed(operation, FailureKind::Unreadable, false, message)
    }

    /// A failure here.
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

/// An error and its causes.
fn chain<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |e| e.source())
}

/// The last cause, which says what happened; those above it only say that something did.
fn deepest(error: &(dyn std::error::Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

/// Kind by the provider's code. Sources: "Common errors" of the API references of EC2, STS, Cost
/// Explorer, S3, read 2026-11.
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
        // Credentials that expired on the way: the SDK has new ones for the next attempt.
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
        // A ResponseError: the answer broke off, or is not what the operation answers.
        (_, Some(500..)) | (SdkError::TimeoutError(_) | SdkError::ResponseError(_), _) => {
            (FailureKind::Unavailable, true)
        }
        (SdkError::DispatchFailure(failure), _) => {
            // A request that was not made at all: no credentials, or not declared.
            if failure.is_io() || failure.is_timeout() {
                (FailureKind::Unavailable, true)
            } else if chain(error).any(|e| e.to_string().contains("credentials")) {
                (FailureKind::Credentials, false)
            } else {
                (FailureKind::Refused, false)
            }
        }
        (SdkError::ServiceError(_), Some(403)) => (FailureKind::Denied, false),
        // A good answer that is not the operation's: cut short on the way, perhaps.
        (SdkError::ServiceError(_), Some(200..=299)) => (FailureKind::Unreadable, true),
        _ => (FailureKind::Refused, false),
    }
}
