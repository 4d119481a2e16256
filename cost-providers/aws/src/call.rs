//! API calls: limited in number and time, retried within a budget, with classified failures.

use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use cost_core::call_limits::CallLimits;
use cost_provider_api::{CallError, FailureKind, GivenUp, Patience, Steps};
use tokio::sync::Semaphore;

use crate::bounded::TooLarge;
use crate::causes::{chain, deepest};
use crate::credentials;
use crate::operation::{ASSUME_ROLE, Operation};

/// Concurrent calls per service, region, and account. Chosen: EC2 refills its bucket for describe
/// calls at 20 a second, and a call takes some 100 ms. Source: EC2 user guide, "Request throttling
/// for the Amazon EC2 API", read 2026-11.
const AT_A_TIME: usize = 4;
/// Repetitions of a call that failed for a temporary reason, after the SDK's own retries. Chosen:
/// with 4 attempts each, a call fails permanently 1 time in 25 billion if 1 attempt in 20 fails.
const AGAIN: u32 = 1;
/// Repetitions in one pull. Chosen: if a provider is down, a pull should end in minutes, not hours.
const AGAIN_IN_ALL: u32 = 2_000;
/// Pages of one call. Chosen: with the 1,000 items of a page of EC2, ten million items. More pages
/// mean a server that does not end.
const PAGES: usize = 10_000;
/// A call without an answer is reported each time this much more time has passed. Chosen: longer
/// than almost every call takes, and soon enough to see that something hangs.
const REPORT_EVERY: Duration = Duration::from_secs(10);

/// Service, account and region.
type Whereto = (&'static str, String, String);

/// Limits that all calls of a pull share.
#[derive(Debug)]
pub(crate) struct Limits {
    permits: Mutex<HashMap<Whereto, Arc<Semaphore>>>,
    again: AtomicU32,
    pub(crate) patience: Patience,
    waits: Steps,
    /// HTTP client for downloads, whose answers are not held in memory.
    #[cfg_attr(
        not(feature = "reports"),
        expect(dead_code, reason = "only reports are downloaded")
    )]
    pub(crate) downloads: SharedHttpClient,
}

impl Limits {
    /// Starts the time of a pull. `waits` receives the calls that wait for an answer.
    pub(crate) fn new(limits: CallLimits, waits: &Steps, downloads: SharedHttpClient) -> Self {
        Self {
            permits: Mutex::default(),
            again: AtomicU32::new(AGAIN_IN_ALL),
            patience: Patience::new(limits, Instant::now()),
            waits: waits.clone(),
            downloads,
        }
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
        let patience = &self.limits.patience;
        let service = self.service(operation);
        let mut tried = 0;
        loop {
            let (start, answer) = {
                // The semaphore is never closed.
                let _permit = permits.acquire().await;
                let start = Instant::now();
                let left = patience.left(&self.key(&service), start);
                let left = left.map_err(|limit| self.given_up(operation, limit))?;
                (start, self.within(left, &service, make()).await)
            };
            let error = match answer {
                Some(Ok(answer)) => {
                    patience.answered(&self.key(&service));
                    return Ok(answer);
                }
                Some(Err(error)) => Some(self.error(operation, &error)),
                None => None,
            };
            if error.as_ref().is_some_and(is_answer) {
                patience.answered(&self.key(&service));
            } else if let Some(limit) = patience.failed(&self.key(&service), start, Instant::now())
            {
                let error = error.map(|e| format!("{}: {}; ", e.kind, e.message));
                let limit = self.given_up(operation, limit);
                let message = error.unwrap_or_default() + &limit.message;
                return Err(CallError { message, ..limit });
            }
            tried += 1;
            match error {
                Some(error) if !error.retryable || tried > AGAIN || !self.spend() => {
                    return Err(error);
                }
                _ => tokio::time::sleep(pause(tried)).await,
            }
        }
    }

    /// Waits for a call, and reports that it waits. `None` after `left`.
    async fn within<F: Future>(&self, left: Duration, service: &str, call: F) -> Option<F::Output> {
        let start = Instant::now();
        let mut call = pin!(call);
        loop {
            let rest = left.saturating_sub(start.elapsed());
            match tokio::time::timeout(rest.min(REPORT_EVERY), call.as_mut()).await {
                Ok(answer) => return Some(answer),
                Err(_) if start.elapsed() >= left => return None,
                Err(_) => self.limits.waits.waiting(service, start.elapsed()),
            }
        }
    }

    /// Names the service of an operation with the region, for people: `ec2 in eu-west-1`.
    fn service(&self, operation: &Operation) -> String {
        let service = operation.action.split(':').next().unwrap_or(operation.service);
        match &self.region {
            Some(region) => format!("{service} in {region}"),
            None => service.to_owned(),
        }
    }

    /// Names the service with the account, too.
    fn key(&self, service: &str) -> String {
        format!("{service} of {}", self.account.as_deref().unwrap_or_default())
    }

    /// Returns the error for a call that is not made, or was ended, because a limit is reached.
    pub(crate) fn given_up(&self, operation: &Operation, limit: GivenUp) -> CallError {
        let cure = match limit {
            GivenUp::Service(_) => {
                "check the network and the status of AWS, pull again later, or raise \
                 --service-timeout"
            }
            GivenUp::Pull(_) => {
                "pull again: what has arrived is reused; or choose fewer --accounts or --regions, \
                 or raise --pull-timeout"
            }
        };
        self.failed(operation, FailureKind::Limit, false, format!("{limit}; {cure}"))
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
        for _ in 0..PAGES {
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
        Err(self.unreadable(operation, format!("the answer has more than {PAGES} pages")))
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
        // Before the first call with a role, the SDK requests the role.
        let role = credentials::role_refused(error);
        let (operation, code) = match role {
            Some(code) => (ASSUME_ROLE, code),
            None => (operation, error.code().unwrap_or_default()),
        };
        if role.is_some() && code.is_empty() {
            let words = "the request for the role got no usable answer".to_owned();
            return self.failed(operation, FailureKind::Unavailable, true, words);
        }
        if let Some(large) = chain(error).find_map(|e| e.downcast_ref::<TooLarge>()) {
            return self.failed(operation, FailureKind::Limit, false, large.to_string());
        }
        let status = error.raw_response().map(|r| r.status().as_u16());
        let (kind, retryable) = kind(error, code, status);
        let words = error.message().unwrap_or_default();
        let message = match kind {
            // The text of a denial contains the caller and a request ID. The operation matters, and
            // the error contains it anyway.
            FailureKind::Denied if role.is_some() => credentials::role_denied(code),
            FailureKind::Denied => code.to_owned(),
            FailureKind::Credentials if code.is_empty() => credentials::missing(error),
            FailureKind::Credentials => credentials::refused(code),
            _ if code.is_empty() => without_code(error, status),
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

/// Returns whether a failure is an answer of the service. Throttling and internal errors are not:
/// a service that sends nothing else is given up.
fn is_answer(error: &CallError) -> bool {
    !matches!(error.kind, FailureKind::Throttled | FailureKind::Unavailable)
}

/// Returns the pause before a call is repeated: 1 s for the first repetition, and up to half as
/// much again, so that calls that failed together are not repeated together.
fn pause(tried: u32) -> Duration {
    let base = 500_u64 << tried;
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |t| t.subsec_nanos());
    Duration::from_millis(base + u64::from(clock) % (base / 2))
}

/// Returns the reason for a failure without a code.
fn without_code(error: &(dyn std::error::Error + 'static), status: Option<u16>) -> String {
    match status {
        Some(status @ 300..400) => format!("answered {status}, a redirect, which is not followed"),
        // The text of the parser quotes the answer, which can be a page of a proxy.
        Some(status @ 200..300) => {
            format!(
                "answered {status} with an incomplete answer, or not as AWS does, as a proxy may"
            )
        }
        Some(status) => format!("answered {status}"),
        None => deepest(error),
    }
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
