//! What a provider is: sources of a bill and of tables, how they fail, and what each must hold
//! ([`conformance`]).
//!
//! Sources are asynchronous, the core is not: what a source gives is frames of the core, and lines
//! that say what is missing.

pub mod conformance;
mod error;
mod gap;
mod source;

pub use error::{CallError, FailureKind, ProviderError};
pub use gap::{Gap, lines};
pub use source::{BillingSource, Known, Pulled, Pulling, TableSource, UsageType, in_order};
