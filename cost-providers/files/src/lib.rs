//! Bill files: finding them, choosing versions by their manifests, and reading FOCUS, and what AWS,
//! Azure and Google Cloud export themselves, as FOCUS.
//!
//! Not a provider: what providers that read files share, wherever the files come from.
//!
//! ```text
//! find      which files a location stands for, by what is in them; links, copies and older versions are set aside
//! group     each file as rows, Parquet or a table of text; files of one kind and schema together
//! kind      which bill the rows are, by their columns, and how they become FOCUS charges
//! open      the bill, with what it leaves open; checked: added up before it is handed over
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
