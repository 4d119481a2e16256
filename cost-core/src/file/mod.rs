//! Files that stay between runs: opened only if they are regular files, replaced in one step, and
//! created so that only their owner can read them.
//!
//! Decision files and alert files are [`StateFile`]s: text with a format version.
//! [`replace_private`] writes one so that a crash leaves either the previous file or the new one
//! (ADR 0045).
//!
//! ```
//! use cost_core::file::{MAX_STATE_BYTES, StateFile, read_text, replace_private};
//! use cost_core::prelude::*;
//!
//! let folder = std::env::temp_dir().join(format!("cost-state-{}", std::process::id()));
//! std::fs::create_dir_all(&folder)?;
//! let path = folder.join("savings.json");
//! replace_private(&path, &SavingsLedger::default().to_text()?)?;
//! let ledger = SavingsLedger::parse(&read_text(&path, MAX_STATE_BYTES)?)?;
//! assert_eq!(ledger, SavingsLedger::default());
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod access;
mod journal;
mod lock;
mod name;
mod regular;
mod replace;
mod resolve;
mod state_file;

pub(crate) use access::Access;
pub use access::{create_folders, create_new};
pub use journal::Journal;
pub use lock::Lock;
pub use name::{below, safe_name};
pub use regular::{MAX_STATE_BYTES, open, read_text};
pub use replace::{remove_left_over, replace, replace_private};
pub use resolve::resolve;
pub use state_file::{StateFile, StateFileError};
