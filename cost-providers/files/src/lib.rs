//! Bill files: finding them, choosing versions by their manifests, and reading FOCUS files and AWS Cost and Usage Reports as FOCUS.
//!
//! Not a provider: what providers that read files share, wherever the files come from.
//!
//! ```text
//! find      which files a location stands for, by what is in them; links, copies and older versions are set aside
//! open      each file as rows: tables of text of any encoding, separator and packing; Parquet
//! kind      which bill the rows are, by their columns, and how they become FOCUS charges
//! ```

pub mod azure;
mod content;
mod copies;
pub mod cur;
mod find;
pub mod gcp;
mod kind;
pub mod manifest;
mod open;
mod pair;
mod parquet;
mod survey;
mod table;
mod text;
mod unpack;
mod versions;

pub use find::{BillFile, Choice, Format, Found, bill_file, find};
pub use open::{Opened, open, open_files, origins};
pub use unpack::Packing;
