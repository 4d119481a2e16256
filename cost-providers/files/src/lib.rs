//! Bill files: finding them, choosing versions by their manifests, and reading FOCUS and the export
//! formats of AWS, Azure, and Google Cloud as FOCUS.
//!
//! This crate is not a provider. Providers that read files share it, for any origin of the files.
//!
//! ```text
//! find      the files of a location, by their content; without links, copies, and older versions
//! group     each file as rows, Parquet or a text table; files of one kind and schema together
//! kind      the kind of bill, by the columns, and how its rows become FOCUS charges
//! open      the bill, with notes on missing data; checked: aggregated before it is returned
//! ```

pub mod azure;
mod bill_file;
mod checked;
mod choice;
mod content;
mod copies;
pub mod cur;
mod find;
pub mod gcp;
mod group;
mod gzip;
mod kind;
mod list;
pub mod manifest;
mod now;
mod open;
mod pair;
mod parquet;
mod rows;
mod strangers;
mod survey;
mod table;
mod text;
mod unpack;
mod version_names;
mod versions;

pub use bill_file::{BillFile, Format, bill_file};
pub use checked::{checked, without_older};
pub use choice::{Choice, Found};
pub use find::find;
pub use now::on_reading;
pub use open::{Opened, open, open_files, origins};
pub use unpack::{Packing, text_of};
