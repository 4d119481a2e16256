//! [`Journal`]: what a run has done since it last wrote its state.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::access::create_new;
use super::regular::{MAX_STATE_BYTES, open};
use super::resolve::resolve;

/// Ending of the name of a journal.
const ENDING: &str = ".journal";

/// Records that a run appends to a file next to its state, one line each, because writing the
/// complete state after each step would take quadratic time. A run that is killed leaves them for
/// the next one, which adds them to the state. The caller must have the lock of runs.
///
/// A record survives the end of the process, but it is not flushed to disk: after a power failure,
/// the last ones can be missing.
///
/// ```
/// use cost_core::file::Journal;
///
/// let state = std::env::temp_dir().join(format!("cost-journal-{}.json", std::process::id()));
/// let mut journal = Journal::of(&state)?;
/// journal.append("notice 1")?;
/// assert_eq!(Journal::of(&state)?.read()?, ["notice 1"]);
/// journal.clear()?;
/// assert!(journal.read()?.is_empty());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: Option<File>,
}

impl Journal {
    /// Returns the journal of the state at `path`: the file with the name of its target plus
    /// `.journal`. Creates no file.
    ///
    /// # Errors
    /// The operating system's error; a path that others can change: see [`resolve`].
    pub fn of(path: &Path) -> io::Result<Self> {
        let (target, _) = resolve(path)?;
        let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
        Ok(Self { path: target.with_file_name(format!("{name}{ENDING}")), file: None })
    }

    /// Returns the records of a run that was killed. A last record that is not complete is missing.
    ///
    /// # Errors
    /// The operating system's error; a file that is not a regular one, or a link.
    pub fn read(&self) -> io::Result<Vec<String>> {
        match fs::symlink_metadata(&self.path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Ok(found) if found.is_symlink() => {
                let problem = format!("{} is a link: remove it", self.path.display());
                return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
            }
            found => found?,
        };
        let mut bytes = Vec::new();
        open(&self.path)?.take(MAX_STATE_BYTES).read_to_end(&mut bytes)?;
        // A record that was cut within a character is not complete either.
        let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let complete = String::from_utf8_lossy(&bytes[..end]);
        Ok(complete.lines().map(ToOwned::to_owned).collect())
    }

    /// Appends a record, which is one line. The first one creates the file, for its owner only.
    ///
    /// # Errors
    /// The operating system's error. A file that an earlier run left is an error: [`Self::clear`]
    /// must remove it.
    pub fn append(&mut self, record: &str) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(create_new(&self.path)?),
        };
        // In one write, so that a killed process leaves no part of a record.
        file.write_all(format!("{record}\n").as_bytes())
    }

    /// Removes all records, after the state was written.
    ///
    /// # Errors
    /// The operating system's error.
    pub fn clear(&mut self) -> io::Result<()> {
        self.file = None;
        match fs::remove_file(&self.path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn complete_records_remain_after_a_kill() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = folder.path().join("state.json");
        let mut journal = Journal::of(&state).expect("a journal");
        assert!(journal.read().expect("read").is_empty());
        for record in ["a", "b"] {
            journal.append(record).expect("appended");
        }
        let path = folder.path().join("state.json.journal");
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        // As if the process had been killed while it wrote `c`.
        fs::write(&path, "a\nb\nc").expect("written");
        let mut next = Journal::of(&state).expect("a journal");
        assert_eq!(next.read().expect("read"), ["a", "b"]);
        next.append("d").expect_err("the records are not in the state yet");
        next.clear().expect("removed");
        next.append("d").expect("appended");
        assert_eq!(next.read().expect("read"), ["d"]);
    }

    #[test]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let victim = folder.path().join("victim");
        fs::write(&victim, "x\n").expect("written");
        symlink(&victim, folder.path().join("state.json.journal")).expect("linked");
        let mut journal = Journal::of(&folder.path().join("state.json")).expect("a journal");
        journal.read().expect_err("a link");
        journal.append("a").expect_err("a link");
        assert_eq!(fs::read_to_string(&victim).expect("read"), "x\n");
    }
}
