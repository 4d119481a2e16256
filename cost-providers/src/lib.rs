//! All providers, each behind a separate feature; none is on by default. [`pull()`] collects data
//! from a provider into an estate; `open` opens an estate or bills as sessions.
//!
//! | feature | provider | reads |
//! | --- | --- | --- |
//! | `focus` | [`focus`] | bills from files: FOCUS, and the export formats of AWS, Azure, and Google Cloud; Parquet and text tables |
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
