//! Bills from files: FOCUS, AWS Cost and Usage Reports, Azure cost details, and Google Cloud's
//! billing export, as Parquet or text tables. The location is a file, a folder, or a glob, with
//! Hive-partitioned folders and exports with manifests.
//!
//! ```no_run
//! use cost_provider_focus::FocusFiles;
//! let bill = FocusFiles::new("bills/").bill(&["team".to_owned()])?;
//! let rollup = cost_core::rollup::roll_up(&bill)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod config;
mod files;
mod rates;

pub use config::FilesConfig;
pub use cost_bill_files::{Choice, on_reading, without_older};
pub use files::FocusFiles;
pub use rates::exchange_rates;

#[cfg(test)]
mod tests;
