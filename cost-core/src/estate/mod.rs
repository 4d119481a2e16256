//! Estate: a folder with all data that a review needs, so that the review can be repeated offline.
//!
//! ```text
//! estate.json                      what it is, as of when, and what is missing from it
//! billing/**                       bills: Parquet (as pulls write them), or tables of text
//! chunks.json                      the files of billing/ that the pull wrote, with sizes and line items
//! <table>.parquet                  the tables of TABLES, each optional: docs/estate.md
//! ```
//!
//! A bare file or folder of bills is an estate with only bills.

mod chunks;
mod documentation;
mod error;
mod exchange;
mod foreign;
mod former;
mod identity;
mod layout;
mod manifest;
mod noted;
mod reader;
mod staging;
mod tables;
mod unfinished;
mod writer;

pub use chunks::Chunks;
pub use documentation::documentation;
pub use error::EstateError;
pub use former::Former;
pub use identity::Identity;
pub use manifest::{FORMAT, Manifest};
pub use reader::Estate;
pub use staging::abandon_all;
pub use tables::TABLES;
pub use unfinished::remove_unfinished;
pub use writer::EstateWriter;
