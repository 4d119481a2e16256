//! Manifests: the files of an export as its exporter lists them.
//!
//! ```text
//! aws, azure              content of a manifest
//! order                   which runs of Azure's exports count
//! aws_files, azure_files  which files count as a result
//! promise                 what manifests state about files
//! months                  months of files that no manifest lists
//! fields, time, names     JSON, times and names as they are written
//! ```

mod aws;
mod aws_files;
mod azure;
mod azure_files;
mod fields;
mod months;
mod names;
mod order;
mod promise;
mod time;

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use cost_core::focus::FileStatus;
use cost_provider_api::ProviderError;
use serde_json::Value;

pub use aws::{Keys, Manifest, SUFFIX, choose, parse, time_in_key};
pub(crate) use names::is_manifest;
pub(crate) use promise::Promises;

use crate::bill_file::{slashes, unreadable};
use crate::choice::Chosen;
use crate::copies;
use crate::text::encoding;
use promise::SetAside;

/// Returns the files of a location that count: those that manifests list as current, and all files
/// outside exports with a manifest. Row counts and runs from manifests are added to `promises`.
///
/// The choice of files only decides which files must be complete, and between versions for which
/// the newest cannot be determined.
///
/// # Errors
/// [`ProviderError::NotFound`] if a chosen file is missing; [`ProviderError::Unreadable`] if it
/// differs from its manifest, or if the newest version cannot be determined.
pub(crate) fn newest(
    paths: Vec<PathBuf>,
    by_file_time: bool,
    chosen: &Chosen,
    promises: &mut Promises,
    aside: SetAside<'_>,
) -> Result<Vec<PathBuf>, ProviderError> {
    let (manifests, files): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.into_iter().partition(|p| is_manifest(p));
    let (mut of_aws, mut of_azure) = (Vec::new(), Vec::new());
    for path in copies::links(manifests, &mut |_, _| {}) {
        match read(&path) {
            Ok(Some(Known::Aws(manifest))) => of_aws.push(manifest),
            Ok(Some(Known::Azure(run))) => of_azure.push(run),
            Ok(None) => {
                let why = "its exporter is unknown".to_owned();
                aside(&path, FileStatus::Excluded, "a manifest", why);
            }
            // A single file has no versions.
            Err(problem) if chosen.is_all() && files.len() > 1 => {
                return Err(unreadable(&path, &format!("{problem}; {UNKNOWN}")));
            }
            Err(problem) => {
                aside(&path, FileStatus::Excluded, "a manifest", format!("{problem}; {CHOSEN}"));
            }
        }
    }
    let files = aws_files::of_manifests(files, of_aws, by_file_time, chosen, promises, aside)?;
    azure_files::of_runs(files, of_azure, by_file_time, chosen, promises, aside)
}

/// Consequence of an unreadable manifest if no files are chosen.
const UNKNOWN: &str = "it lists which files of its export count, and older versions of them may \
    be next to them: copy it again, move it away, or choose the files with --only";
/// Consequence if files are chosen, or there is only one file.
const CHOSEN: &str = "the other files are read without it";

/// Maximum size of a manifest in bytes: one with a thousand files has some 200 kB. Chosen.
const LONGEST: u64 = 64 << 20;

/// Manifest of a known exporter.
enum Known {
    Aws(Manifest),
    Azure(azure::Run),
}

/// Reads a manifest; `None` if its exporter is unknown.
fn read(path: &Path) -> Result<Option<Known>, String> {
    let (key, document) = (slashes(path), document(path)?);
    if let Some(manifest) = aws::of_document(&key, &document)? {
        return Ok(Some(Known::Aws(manifest)));
    }
    Ok(azure::parse(&key, &document)?.map(Known::Azure))
}

/// Reads the JSON document of a manifest.
fn document(path: &Path) -> Result<Value, String> {
    let mut file = cost_core::file::open(path).map_err(|e| format!("it cannot be read ({e})"))?;
    let mut bytes = Vec::new();
    let read = file.by_ref().take(LONGEST + 1).read_to_end(&mut bytes);
    let size = read.map_err(|e| format!("it cannot be read ({e})"))?;
    if u64::try_from(size).is_ok_and(|size| size > LONGEST) {
        return Err(format!("it has more than {LONGEST} bytes, the maximum for a manifest"));
    }
    let as_utf16 = encoding::guess(&bytes);
    let mut text = String::new();
    encoding::utf8(Box::new(Cursor::new(bytes)), as_utf16)
        .read_to_string(&mut text)
        .map_err(|_| "it is neither UTF-8 nor UTF-16".to_owned())?;
    serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|e| format!("it is not a complete JSON document ({e})"))
}
