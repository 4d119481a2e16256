//! Where files are in an estate, besides its tables.

/// What the estate is.
pub(super) const MANIFEST: &str = "estate.json";
/// Folder of the bill.
pub(super) const BILLING: &str = "billing";
/// The files of `billing` that a pull wrote, in the estate's folder.
pub(super) const CHUNKS: &str = "chunks.json";
/// What pulls remember from one to the next, in the estate's folder: answers that cost money, files
/// already fetched. No part of what a review reads.
pub(super) const CACHE: &str = ".cache";
