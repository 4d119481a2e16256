//! Every provider, each behind a feature of its own; none is on by default.
//!
//! | feature | provider | reads |
//! | --- | --- | --- |
//! | `focus` | [`focus`] | FOCUS bills from CSV, CSV.gz and Parquet files |
//!
//! The AWS provider will come as feature `aws`; an embedder that does not turn it on compiles no AWS SDK.

pub use cost_provider_api as api;
#[cfg(feature = "aws")]
pub use cost_provider_aws as aws;
#[cfg(feature = "focus")]
pub use cost_provider_focus as focus;
