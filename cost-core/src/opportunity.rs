//! [`Opportunity`]: a change that saves cost, with its estimate, evidence, and trade-off.

mod action;
mod claim;
mod draft;
mod types;

pub use self::action::{Action, Change, Variant};
pub use self::claim::Claim;
pub use self::draft::Draft;
pub use self::types::{Certainty, Evidence, Opportunity, Scope};
pub use crate::runbook::{Runbook, shell_word};
pub use crate::slice::Slice;
