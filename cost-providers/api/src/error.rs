//! Errors of providers.

use std::fmt;

use cost_core::ErrorKind;
use cost_core::focus::FocusError;

/// Error of a provider: the requested data could not be read or collected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// The location does not exist or contains no data.
    #[error("{location}: {problem}")]
    NotFound {
        /// Requested path, glob, or address.
        location: String,
        /// What is missing, and what to do.
        problem: String,
    },
    /// The location exists, but cannot be read.
    #[error("{location}: {problem}")]
    Unreadable {
        /// Path of the file.
        location: String,
        /// What is wrong with it, and what to do.
        problem: String,
    },
    /// The data can be read, but is not a usable bill.
    #[error(transparent)]
    Focus(#[from] FocusError),
    /// A call to a provider failed.
    #[error(transparent)]
    Call(#[from] Box<CallError>),
    /// The provider does not support the requested data.
    #[error("the provider `{provider}` does not support {what}")]
    NotOffered {
        /// Name of the provider.
        provider: String,
        /// Requested data.
        what: String,
    },
    /// The pull would cost more than the limit.
    #[error(transparent)]
    OverLimit(#[from] OverLimit),
}

/// Error of a pull that did not start, because its paid requests would cost more than the limit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
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
    /// Returns the error for a location that exists, but cannot be read.
    #[must_use]
    pub fn unreadable(location: impl Into<String>, problem: impl ToString) -> Self {
        Self::Unreadable { location: location.into(), problem: problem.to_string() }
    }

    /// Returns whether the same request may succeed later.
    #[must_use]
    pub fn retryable(&self) -> bool {
        matches!(self, Self::Call(call) if call.retryable)
    }

    /// Returns the kind of failure.
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

/// Converts to the error of the core, so that a program that opens bills and creates reports
/// handles one type.
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

/// Kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FailureKind {
    /// The caller is not allowed to do this: a permission is missing, or a policy of the
    /// organization denies it.
    Denied,
    /// Credentials are missing, invalid, or expired.
    Credentials,
    /// The provider rejected the call because of too many calls.
    Throttled,
    /// The provider had an internal error, or could not be reached.
    Unavailable,
    /// The feature is not turned on for the account.
    NotEnabled,
    /// The requested data does not exist.
    NotFound,
    /// The request is invalid, or the provider does not support it.
    Refused,
    /// The data or the response cannot be read.
    Unreadable,
    /// A limit of this program on calls or costs was reached.
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

/// Failed call, after all retries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallError {
    /// Name of the provider: `aws`.
    pub provider: &'static str,
    /// Service and operation, as access policies of the provider name them:
    /// `ec2:DescribeInstances`.
    pub operation: String,
    /// Account, if known.
    pub account: Option<String>,
    /// Region, if the service has regions.
    pub region: Option<String>,
    /// Kind of failure.
    pub kind: FailureKind,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// Error code and message of the provider.
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
