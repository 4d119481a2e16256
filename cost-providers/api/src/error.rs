//! How providers fail.

use std::fmt;

use cost_core::ErrorKind;
use cost_core::focus::FocusError;

/// Why a provider could not deliver.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// Nothing to read there.
    #[error("{location}: {problem}")]
    NotFound {
        /// Path, glob, or address asked for.
        location: String,
        /// What was looked for, and what to do.
        problem: String,
    },
    /// It is there, but cannot be read.
    #[error("{location}: {problem}")]
    Unreadable {
        /// File.
        location: String,
        /// What is wrong with it, and what to do.
        problem: String,
    },
    /// It can be read, but is no usable bill.
    #[error(transparent)]
    Focus(#[from] FocusError),
    /// A call to a provider failed.
    #[error(transparent)]
    Call(#[from] Box<CallError>),
    /// The provider does not support the requested data.
    #[error("the provider `{provider}` does not support {what}")]
    NotOffered {
        /// Its name.
        provider: String,
        /// Requested data.
        what: String,
    },
    /// The pull would cost more than the limit.
    #[error(transparent)]
    OverLimit(#[from] OverLimit),
}

/// Pull that did not start, because its paid requests would cost more than the limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverLimit {
    /// Lowest number of paid requests.
    pub requests: usize,
    /// Their price, hundredths of a USD.
    pub cents: u32,
}

impl fmt::Display for OverLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, cents) = (self.cents / 100, self.cents % 100);
        let requests = self.requests;
        write!(f, "this pull needs at least {requests} paid requests for {whole}.{cents:02} USD")
    }
}

impl std::error::Error for OverLimit {}

impl ProviderError {
    /// What is there cannot be read.
    #[must_use]
    pub fn unreadable(location: impl Into<String>, problem: impl ToString) -> Self {
        Self::Unreadable { location: location.into(), problem: problem.to_string() }
    }

    /// Whether the same again may succeed.
    #[must_use]
    pub fn retryable(&self) -> bool {
        matches!(self, Self::Call(call) if call.retryable)
    }

    /// What kind of failure it was.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        match self {
            Self::NotFound { .. } => FailureKind::NotFound,
            Self::Unreadable { .. } | Self::Focus(_) => FailureKind::Unreadable,
            Self::Call(call) => call.kind,
            Self::NotOffered { .. } => FailureKind::Refused,
            Self::OverLimit(_) => FailureKind::Limit,
        }
    }
}

/// The library's error, so that a program that opens bills and asks for reports handles one type.
impl From<ProviderError> for cost_core::Error {
    fn from(error: ProviderError) -> Self {
        let kind = match error {
            ProviderError::Focus(error) => return error.into(),
            ProviderError::NotFound { .. } => ErrorKind::NotFound,
            ProviderError::Unreadable { .. } => ErrorKind::Bill,
            ProviderError::Call(_)
            | ProviderError::NotOffered { .. }
            | ProviderError::OverLimit(_) => ErrorKind::Provider,
        };
        Self::new(kind, error)
    }
}

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FailureKind {
    /// The caller may not do this: a permission is missing, or a policy of the organization forbids
    /// it.
    Denied,
    /// No credentials, or none that are valid (any more).
    Credentials,
    /// Too many calls.
    Throttled,
    /// The provider failed, or could not be reached.
    Unavailable,
    /// The feature is not turned on for the account.
    NotEnabled,
    /// What was asked for does not exist.
    NotFound,
    /// The provider refused the request as wrong.
    Refused,
    /// The answer makes no sense.
    Unreadable,
    /// Our own limit of calls or costs stopped it.
    Limit,
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Denied => "access denied",
            Self::Credentials => "no valid credentials",
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::NotEnabled => "not enabled",
            Self::NotFound => "not found",
            Self::Refused => "refused",
            Self::Unreadable => "answer unreadable",
            Self::Limit => "limit reached",
        })
    }
}

/// A call that failed for good: after all its retries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallError {
    /// Which provider: `aws`.
    pub provider: &'static str,
    /// Service and operation, as its access rules name them: `ec2:DescribeInstances`.
    pub operation: String,
    /// Account, if known.
    pub account: Option<String>,
    /// Region, if the service has regions.
    pub region: Option<String>,
    /// What kind of failure.
    pub kind: FailureKind,
    /// Whether the same again may succeed.
    pub retryable: bool,
    /// The provider's code and words.
    pub message: String,
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.provider, self.operation)?;
        if let Some(account) = &self.account {
            write!(f, ", account {account}")?;
        }
        if let Some(region) = &self.region {
            write!(f, ", region {region}")?;
        }
        write!(f, ": {}", self.kind)?;
        if !self.message.is_empty() {
            write!(f, " ({})", self.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for CallError {}
