//! Every provider, each behind a feature of its own; none is on by default. And [`pull()`]: from a
//! provider to an estate; `open`: from an estate or bills to sessions.
//!
//! | feature | provider | reads |
//! | --- | --- | --- |
//! | `focus` | [`focus`] | bills from files: FOCUS, and what AWS, Azure and Google Cloud export themselves; Parquet and tables of text |
//! | `aws` | [`aws`] | a live AWS organization, read-only; compiles the AWS SDK |

#[cfg(feature = "focus")]
mod open;
mod pull;

#[cfg(feature = "focus")]
pub use open::{OpenOptions, open};
pub use pull::{Label, PullError, Summary, pull};

pub use cost_provider_api as api;
#[cfg(feature = "aws")]
pub use cost_provider_aws as aws;
#[cfg(feature = "focus")]
pub use cost_provider_focus as focus;
