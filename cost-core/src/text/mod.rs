//! Text output: safe display of names from a bill, and counts with their noun.
//!
//! Names of accounts, services, resources, and tags are untrusted. Programs display them with
//! [`terminal_text`] and write JSON with [`json_text`].
//!
//! ```
//! use cost_core::text::{counted, terminal_text};
//!
//! // The right-to-left override would show the name backwards.
//! assert_eq!(terminal_text("prod\u{202e}tset"), r"prod\u{202e}tset");
//! assert_eq!(counted(4_410, "line item"), "4,410 line items");
//! ```

mod count;
mod visible;

pub use count::{counted, thousands};
pub use visible::{is_hidden, json_text, quote_cell, terminal_text, visible, visible_json};
