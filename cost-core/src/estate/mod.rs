//! An estate: a directory that holds everything a review needs, so that the review can be replayed from it, offline.
//!
//! ```text
//! estate.json                      what it is, as of when, and what is missing from it
//! billing/**                       bills: Parquet (as pulls write them), or tables of text
//! chunks.json                      the files of billing/ that the pull wrote, with sizes and line items
//! inventory/resources.parquet      columns: crate::inventory::COLUMNS          (optional)
//! utilization/hourly.parquet       columns: crate::usage::COLUMNS              (optional)
//! prices/list.parquet              columns: crate::price::COLUMNS              (optional)
//! commitments/monthly.parquet      columns: crate::commitment::COLUMNS         (optional)
//! commitments/offers.parquet       columns: crate::commitment::OFFER_COLUMNS   (optional)
//! resources/daily.parquet          columns: crate::resource_cost::COLUMNS      (optional)
//! recommendations/list.parquet     columns: crate::recommendation::COLUMNS     (optional)
//! ```
//!
//! A bare file or folder of bills is an estate with billing only.

mod chunks;
mod error;
mod exchange;
mod layout;
mod manifest;
mod reader;
mod writer;

pub use chunks::Chunks;
pub use error::EstateError;
pub use manifest::{FORMAT, Manifest};
pub use reader::Estate;
pub use writer::EstateWriter;
