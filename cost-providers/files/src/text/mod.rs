//! Tables of text: UTF-8 or UTF-16, by several separators, packed or not, split in one place.

mod commas;
pub(crate) mod dialect;
pub(crate) mod encoding;
mod number;
mod records;
mod source;

pub(crate) use source::TextFile;
