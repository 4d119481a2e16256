//! Bills from stdin: stored in a temporary file without a name, which the system removes when the
//! process ends for any reason.

use std::fs::{File, metadata};
use std::io::{self, Read, Seek};

use anyhow::{Context, ensure};

/// Maximum size of a bill from stdin: 16 GiB. Chosen.
const MAX_BYTES: u64 = 16 << 30;

/// Returns a file with the content of stdin; `None` if stdin is a regular file.
pub(super) fn as_file() -> anyhow::Result<Option<File>> {
    if metadata("/dev/stdin").is_ok_and(|m| m.is_file()) {
        return Ok(None);
    }
    let folder = std::env::temp_dir();
    let failed = || format!("cannot store stdin in {}", folder.display());
    let mut file = tempfile::tempfile().with_context(failed)?;
    let mut input = io::stdin().lock().take(MAX_BYTES + 1);
    let bytes = io::copy(&mut input, &mut file).with_context(failed)?;
    ensure!(
        bytes <= MAX_BYTES,
        "stdin has more than {} GiB, the maximum: save it to a file",
        MAX_BYTES >> 30
    );
    file.rewind().with_context(failed)?;
    Ok(Some(file))
}
