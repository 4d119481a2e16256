//! Text tables: UTF-8 or UTF-16, with different separators, compressed or not. Only `records`
//! splits text into cells.

mod commas;
pub(crate) mod dialect;
pub(crate) mod encoding;
mod number;
mod records;
mod source;

pub(crate) use source::TextFile;
