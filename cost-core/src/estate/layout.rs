//! Paths of an estate's files besides its tables.

/// Manifest of the estate.
pub(super) const MANIFEST: &str = "estate.json";
/// Folder of the bill.
pub(super) const BILLING: &str = "billing";
/// List of the files in `billing` that a pull wrote, in the estate's folder.
pub(super) const CHUNKS: &str = "chunks.json";
/// Cache of pulls, in the estate's folder: API responses that cost money, and files that were
/// already downloaded. Reviews do not read it.
pub(super) const CACHE: &str = ".cache";
/// Maximum size of `estate.json` and `chunks.json`, in bytes: a list of 300,000 files has about
/// 30 MB. Chosen.
pub(super) const MAX_LIST_BYTES: u64 = 64 << 20;
