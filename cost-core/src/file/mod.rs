//! Atomic file replacement, and state files that are stored between runs.
//!
//! Decision files and alert files are [`StateFile`]s: text with a format version. [`replace`]
//! writes one so that a crash leaves either the previous file or the new one.
//!
//! ```
//! use cost_core::file::{StateFile, replace};
//! use cost_core::prelude::*;
//!
//! let folder = std::env::temp_dir().join(format!("cost-state-{}", std::process::id()));
//! std::fs::create_dir_all(&folder)?;
//! let path = folder.join("savings.json");
//! replace(&path, &SavingsLedger::default().to_text()?)?;
//! let ledger = SavingsLedger::parse(&std::fs::read_to_string(&path)?)?;
//! assert_eq!(ledger, SavingsLedger::default());
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod replace;
mod state_file;

pub use replace::replace;
pub use state_file::{StateFile, StateFileError};
