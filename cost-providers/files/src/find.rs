//! Which files a location stands for, and what becomes of each.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::time::SystemTime;

use cost_core::estate::Chunks;
use cost_core::focus::{FileStatus, Source, SourceFile};
use cost_provider_api::ProviderError;
use percent_encoding::percent_decode_str;

use crate::content::{self, Content};
use crate::kind::Kind;
use crate::list::{Chosen, list};
use crate::manifest::Promises;
use crate::unpack::Packing;
use crate::{copies, group, manifest, versions};

/// How a bill file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Apache Parquet.
    Parquet,
    /// A table of text, packed or not.
    Text(Packing),
}

impl Format {
    /// By the end of a file's name: for places where looking into a file costs.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let ends = [
            (".csv", Self::Text(Packing::Plain)),
            (".csv.gz", Self::Text(Packing::Gzip)),
            (".zip", Self::Text(Packing::Zip)),
            (".csv.zst", Self::Text(Packing::Zstd)),
            (".parquet", Self::Parquet),
        ];
        ends.into_iter().find_map(|(end, format)| name.ends_with(end).then_some(format))
    }

    /// For people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Parquet => "Parquet",
            Self::Text(Packing::Plain) => "CSV",
            Self::Text(Packing::Gzip) => "CSV in gzip",
            Self::Text(Packing::Zip) => "CSV in a ZIP archive",
            Self::Text(Packing::Zstd) => "CSV in zstd",
        }
    }
}

/// One file of a bill.
#[derive(Clone, Debug)]
pub struct BillFile {
    /// Where it is.
    pub path: PathBuf,
    /// How it is written.
    pub format: Format,
    /// `key=value` folders on the way to it, as hive-partitioned exports have them.
    pub partitions: Vec<(String, String)>,
    /// Rows it has by its manifest, if that says.
    pub rows: Option<u64>,
    /// The run that wrote it, by its manifest or its pull: files of one run are parts of one bill, and alike charges in them are real.
    pub run: Option<String>,
}

impl BillFile {
    /// What to call it in messages.
    #[must_use]
    pub fn label(&self) -> String {
        slashes(&self.path)
    }
}

/// Which of a location's files to read.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Globs, of which a file's path, or its end, must match one; all files if there are none.
    pub only: Vec<String>,
    /// Files that are not read, and the newer one that holds the same charges.
    pub except: BTreeMap<PathBuf, String>,
    /// Where files hold the same charges, read the newest.
    pub newest: bool,
}

/// What a location holds.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What is read, in path order.
    pub files: Vec<BillFile>,
    /// What is not, and why.
    pub aside: Vec<SourceFile>,
    /// Hidden files, which nobody asked for.
    pub(crate) hidden: Vec<PathBuf>,
}

impl Found {
    pub(crate) fn leave(&mut self, path: &Path, status: FileStatus, what: &str, reason: impl Into<String>) {
        self.aside.push(SourceFile {
            path: slashes(path),
            status,
            what: what.to_owned(),
            reason: Some(reason.into()),
            line_items: None,
            expected_rows: None,
            source: Source::default(),
            run: None,
        });
    }
}

pub(crate) const WANTED: &str =
    "a bill is a CSV or Parquet file (packed with gzip, zip or zstd), a folder of them, or a glob";

/// The bill files at `location`, in path order, and what else there is.
///
/// What manifests say holds for the whole location; of what they leave, the files that are chosen are read.
///
/// # Errors
/// [`ProviderError::NotFound`] if there are none, [`ProviderError::Unreadable`] if the location cannot be listed or the newest version
/// of a month cannot be told.
pub fn find(location: &str, choice: &Choice) -> Result<Found, ProviderError> {
    let chosen = Chosen::of(choice)?;
    let mut found = Found::default();
    let paths = list(location, choice, &mut found)?;
    if let Some(problem) = chosen.takes_nothing(choice, &paths, &found) {
        return Err(ProviderError::NotFound { location: location.to_owned(), problem });
    }
    let mut promises = Promises::new();
    let mut paths = manifest::newest(paths, choice.newest, &chosen, &mut promises, &mut |path, status, what, why| {
        if chosen.takes(path) || manifest::is_manifest(path) {
            found.leave(path, status, what, why);
        }
    })?;
    paths.retain(|path| chosen.takes(path));
    paths.retain(|path| {
        let newer = choice.except.get(path);
        if let Some(newer) = newer {
            let reason = format!("{newer} is newer and holds the same charges");
            found.leave(path, FileStatus::Superseded, "an older file", reason);
        }
        newer.is_none()
    });
    let paths = copies::links(paths, &mut |path, of| {
        let reason = format!("the same file as {}", slashes(of));
        found.leave(path, FileStatus::Duplicate, "a link", reason);
    });
    let files = bills(paths, &promises, &mut found)?;
    let files = versions::newest(files, choice, &mut |path, why| {
        found.leave(path, FileStatus::Superseded, "an older version", why);
    })?;
    for path in std::mem::take(&mut found.hidden).iter().filter(|p| chosen.is_all() && is_bill(p)) {
        found.leave(path, FileStatus::LeftOut, "a hidden bill", HIDDEN);
    }
    // Without commitments Azure's actual and amortized costs are the same bytes, each in a folder of its own.
    let may_be_pair = |a: &BillFile, b: &BillFile| {
        a.path.parent() != b.path.parent() && matches!(group::kind_of(a), Ok(Some(Kind::Azure(..))))
    };
    let files = copies::identical(files, may_be_pair, &mut |path, of| {
        let reason = format!("the same bytes as {}", slashes(of));
        found.leave(path, FileStatus::Duplicate, "a copy", reason);
    })
    .map_err(|(path, e)| unreadable(&path, &e))?;
    if files.is_empty() {
        return Err(ProviderError::NotFound { location: location.to_owned(), problem: nothing_in(&found) });
    }
    found.files = files;
    found.aside.sort();
    Ok(found)
}

const HIDDEN: &str =
    "files and folders whose names start with `.` or `_` are not read: rename it, or choose it with --only";

/// Whether a file is a bill. One that cannot be read is none.
fn is_bill(path: &Path) -> bool {
    let format = match content::look(path) {
        Ok(Content::Parquet) => Format::Parquet,
        Ok(Content::Text(packing)) => Format::Text(packing),
        _ => return false,
    };
    matches!(group::kind_of(&bill_file(path.to_owned(), format)), Ok(Some(_)))
}

/// Of files those that are tables, by what is in them.
fn bills(paths: Vec<PathBuf>, promises: &Promises, found: &mut Found) -> Result<Vec<BillFile>, ProviderError> {
    let mut files = Vec::new();
    let is_alone = paths.len() == 1;
    let mut chunks = Chunks::default();
    for path in paths {
        let look = content::look(&path).map_err(|e| unreadable(&path, &e))?;
        let format = match look {
            Content::Parquet => Format::Parquet,
            Content::Text(packing) => Format::Text(packing),
            Content::Empty if is_alone => {
                return Err(unreadable(&path, &"it is empty; a bill starts with a line of column names"));
            }
            Content::Empty => {
                found.leave(&path, FileStatus::LeftOut, "an empty file", "there is nothing in it");
                continue;
            }
            Content::Other(what, cure) if is_alone => {
                return Err(unreadable(&path, &format!("it is {what}, not a bill: {cure}")));
            }
            Content::Other(what, cure) => {
                found.leave(&path, FileStatus::LeftOut, what, cure);
                continue;
            }
        };
        let promise = promises.get(&path);
        let run = chunks.pull_of(&path).or_else(|| promise.map(|p| p.manifest.clone()));
        let rows = promise.and_then(|p| p.rows);
        files.push(BillFile { rows, run, ..bill_file(path, format) });
    }
    Ok(files)
}

/// Why there is nothing to read, with some of what is not read.
fn nothing_in(found: &Found) -> String {
    let other = |f: &SourceFile| match (f.status, &f.reason) {
        (FileStatus::Superseded | FileStatus::Duplicate, Some(reason)) => {
            format!("{} is {} ({reason}): to read it all the same, give its own path", f.path, f.what)
        }
        _ => format!("{} is {}", f.path, f.what),
    };
    let others: Vec<String> = found.aside.iter().take(3).map(other).collect();
    let others = if others.is_empty() { String::new() } else { format!(" ({})", others.join("; ")) };
    format!("no bill files in there{others}; {WANTED}")
}

/// A file as a bill file, with the partitions its path names.
#[must_use]
pub fn bill_file(path: PathBuf, format: Format) -> BillFile {
    let part = |c: &std::ffi::OsStr| {
        let (key, value) = c.to_str()?.split_once('=')?;
        (!key.is_empty()).then(|| (key.to_owned(), partition_value(value)))
    };
    let partitions = path.parent().into_iter().flat_map(Path::iter).filter_map(part).collect();
    BillFile { path, format, partitions, rows: None, run: None }
}

/// The folder of the rows without a value. Source: Apache Hive, `hive.exec.default.partition.name`; Spark writes the same.
const NO_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";

/// The value that a folder `key=value` stands for: Hive and Spark write what is no plain letter of a path as `%3A`, and have a name for none.
fn partition_value(text: &str) -> String {
    let text = if text == NO_VALUE { "" } else { text };
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), Cow::into_owned)
}

/// A path as it is called in messages and in the column of files: with `/` between folders, as the engine has it.
pub(crate) fn slashes(path: &Path) -> String {
    with_slashes(&path.to_string_lossy(), MAIN_SEPARATOR)
}

/// `\` is a letter like others where it is no separator.
fn with_slashes(path: &str, separator: char) -> String {
    path.replace(separator, "/")
}

/// When a file was last changed.
///
/// # Errors
/// [`ProviderError::Unreadable`] if that cannot be told: it is neither older nor newer than others then.
pub(crate) fn modified(path: &Path) -> Result<SystemTime, ProviderError> {
    fs::metadata(path).and_then(|m| m.modified()).map_err(|e| {
        let problem =
            format!("when it was last changed cannot be told ({e}), and with it which file is the newest: choose files with --only GLOB");
        unreadable(path, &problem)
    })
}

pub(crate) fn unreadable(path: &Path, problem: &impl ToString) -> ProviderError {
    ProviderError::Unreadable { location: slashes(path), problem: problem.to_string() }
}

#[cfg(test)]
mod tests {
    use super::{partition_value, with_slashes};

    #[test]
    fn partitions_have_the_values_that_were_written() {
        for (text, value) in [
            ("2026-09", "2026-09"),
            ("BoxUsage%3Am5.large", "BoxUsage:m5.large"),
            ("100%", "100%"),
            ("%FF", "%FF"),
            ("__HIVE_DEFAULT_PARTITION__", ""),
        ] {
            assert_eq!(partition_value(text), value);
        }
    }

    #[test]
    fn folders_are_parted_by_slashes_on_every_system() {
        assert_eq!(with_slashes(r"bills\2026-05\may.csv", '\\'), "bills/2026-05/may.csv");
        assert_eq!(with_slashes(r"bills/a\b.csv", '/'), r"bills/a\b.csv");
    }
}
