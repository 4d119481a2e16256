//! Tables of text: any encoding, separator and packing, split in one place.

pub(crate) mod dialect;
pub(crate) mod encoding;
mod records;
mod source;

pub(crate) use source::TextFile;
