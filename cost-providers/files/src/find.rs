//! Which files a location stands for, and what becomes of each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cost_core::focus::{FileStatus, Source, SourceFile};
use cost_provider_api::ProviderError;
use globset::{GlobBuilder, GlobMatcher};
use walkdir::WalkDir;

use crate::content::{self, Content};
use crate::unpack::Packing;
use crate::{copies, manifest, versions};

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
}

impl BillFile {
    /// What to call it in messages.
    #[must_use]
    pub fn label(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }
}

/// Which of a location's files to read.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Globs, of which a file's path, or its end, must match one; all files if there are none.
    pub only: Vec<String>,
    /// Files that are not read.
    pub except: Vec<PathBuf>,
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
}

impl Found {
    fn leave(&mut self, path: &Path, status: FileStatus, what: &str, reason: impl Into<String>) {
        self.aside.push(SourceFile {
            path: path.to_string_lossy().into_owned(),
            status,
            what: what.to_owned(),
            reason: Some(reason.into()),
            line_items: None,
            expected_rows: None,
            source: Source::default(),
        });
    }
}

const WANTED: &str = "a bill is a CSV or Parquet file (packed with gzip, zip or zstd), a folder of them, or a glob";

/// The bill files at `location`, in path order, and what else there is.
///
/// # Errors
/// [`ProviderError::NotFound`] if there are none, [`ProviderError::Unreadable`] if a folder cannot be listed or the newest version
/// of a month cannot be told.
pub fn find(location: &str, choice: &Choice) -> Result<Found, ProviderError> {
    let not_found = |problem: String| ProviderError::NotFound { location: location.to_owned(), problem };
    let only = choice.only.iter().map(|g| matcher(g)).collect::<Result<Vec<_>, _>>()?;
    let mut found = Found::default();
    let mut paths = list(location, &mut found)?;
    if !only.is_empty() {
        paths.retain(|p| manifest::is_manifest(p) || only.iter().any(|g| chosen(g, p)));
    }
    paths.retain(|path| {
        let is_excepted = choice.except.contains(path);
        if is_excepted {
            found.leave(path, FileStatus::Superseded, "an older file", "a newer one holds the same charges");
        }
        !is_excepted
    });
    let paths = copies::links(paths, &mut |path, of| {
        let reason = format!("the same file as {}", of.display());
        found.leave(path, FileStatus::Duplicate, "a link", reason);
    });
    let mut rows = BTreeMap::new();
    let paths = manifest::newest(paths, choice, &mut rows, &mut |path, status, what, why| {
        found.leave(path, status, what, why);
    })?;
    let paths = versions::newest(paths, choice, &mut |path, why| {
        found.leave(path, FileStatus::Superseded, "an older version", why);
    })?;
    let mut files = Vec::new();
    let is_alone = paths.len() == 1;
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
        files.push(BillFile { rows: rows.get(&path).copied(), ..bill_file(path, format) });
    }
    let files = copies::identical(files, &mut |path, of| {
        let reason = format!("the same bytes as {}", of.display());
        found.leave(path, FileStatus::Duplicate, "a copy", reason);
    })
    .map_err(|(path, e)| unreadable(&path, &e))?;
    if files.is_empty() {
        let others: Vec<String> = found.aside.iter().take(3).map(|f| format!("{} is {}", f.path, f.what)).collect();
        let others = if others.is_empty() { String::new() } else { format!(" ({})", others.join("; ")) };
        return Err(not_found(format!("no bill files in there{others}; {WANTED}")));
    }
    found.files = files;
    found.aside.sort();
    Ok(found)
}

/// A file as a bill file, with the partitions its path names.
#[must_use]
pub fn bill_file(path: PathBuf, format: Format) -> BillFile {
    let part = |c: &std::ffi::OsStr| {
        let (key, value) = c.to_str()?.split_once('=')?;
        (!key.is_empty()).then(|| (key.to_owned(), value.to_owned()))
    };
    let partitions = path.parent().into_iter().flat_map(Path::iter).filter_map(part).collect();
    BillFile { path, format, partitions, rows: None }
}

fn matcher(glob: &str) -> Result<GlobMatcher, ProviderError> {
    let built = GlobBuilder::new(glob).literal_separator(true).build();
    let problem = |e: globset::Error| format!("not a glob: {}", e.kind());
    built
        .map(|g| g.compile_matcher())
        .map_err(|e| ProviderError::NotFound { location: glob.to_owned(), problem: problem(e) })
}

/// Whether a glob matches a path, or its end.
fn chosen(glob: &GlobMatcher, path: &Path) -> bool {
    let names: Vec<_> = path.iter().collect();
    (0..names.len()).any(|from| glob.is_match(names[from..].iter().collect::<PathBuf>()))
}

/// All regular files of a location, in path order.
fn list(location: &str, found: &mut Found) -> Result<Vec<PathBuf>, ProviderError> {
    let not_found = |problem: String| ProviderError::NotFound { location: location.to_owned(), problem };
    let path = Path::new(location);
    let mut paths = Vec::new();
    if path.is_dir() {
        walk(path, &|_| true, &mut paths, found)?;
    } else if path.is_file() {
        paths.push(path.to_owned());
    } else if path.exists() {
        return Err(not_found(format!(
            "it is no regular file, and a bill is read more than once: save it to a file; {WANTED}"
        )));
    } else if location.contains(['*', '?', '[', '{']) {
        let glob = matcher(location)?;
        let (base, _) = location.split_at(location.find(['*', '?', '[', '{']).unwrap_or(0));
        let base = base.rfind('/').map_or(".", |at| if at == 0 { "/" } else { &base[..at] });
        // Folders that match are searched too: a file counts if the glob matches it or a folder it is in.
        let matches = |path: &Path| {
            let path = if base == "." { path.strip_prefix("./").unwrap_or(path) } else { path };
            path.ancestors().any(|a| glob.is_match(a))
        };
        walk(Path::new(base), &matches, &mut paths, found)?;
        if paths.is_empty() {
            return Err(not_found(format!("nothing matches; {WANTED}")));
        }
    } else {
        return Err(not_found(format!("there is no such file or folder; {WANTED}")));
    }
    let plain = |p: PathBuf| p.strip_prefix("./").map(Path::to_owned).unwrap_or(p);
    paths = paths.into_iter().map(plain).collect();
    paths.sort();
    Ok(paths)
}

/// Files under `folder` for which `wanted` holds, hidden ones and those of half-done writes left out. Links are followed once.
fn walk(
    folder: &Path,
    wanted: &dyn Fn(&Path) -> bool,
    out: &mut Vec<PathBuf>,
    found: &mut Found,
) -> Result<(), ProviderError> {
    let mut folders: BTreeSet<PathBuf> = BTreeSet::new();
    let mut walk = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(e) => {
                let path = e.path().unwrap_or(folder).to_owned();
                if e.loop_ancestor().is_some() {
                    found.leave(&path, FileStatus::Duplicate, "a link", "it leads to a folder that it is in");
                } else if path.is_symlink() {
                    found.leave(&path, FileStatus::LeftOut, "a link", "it leads to nothing");
                } else {
                    return Err(unreadable(&path, &e));
                }
                continue;
            }
        };
        let is_below = entry.depth() > 0;
        let name = entry.file_name().to_string_lossy();
        let is_aside = name.starts_with('.') || (name.starts_with('_') && !manifest::is_manifest(entry.path()));
        if is_below && is_aside {
            if entry.file_type().is_dir() {
                walk.skip_current_dir();
            }
            continue;
        }
        if entry.file_type().is_dir() {
            // Two links to one folder hold the same files.
            let real = fs::canonicalize(entry.path()).unwrap_or_else(|_| entry.path().to_owned());
            if !folders.insert(real) {
                found.leave(entry.path(), FileStatus::Duplicate, "a link", "it leads to a folder that is read already");
                walk.skip_current_dir();
            }
        } else if !wanted(entry.path()) {
        } else if entry.file_type().is_file() {
            out.push(entry.into_path());
        } else {
            found.leave(entry.path(), FileStatus::LeftOut, "no regular file", "only files can be read");
        }
    }
    Ok(())
}

/// When a file was last changed.
pub(crate) fn modified(path: &Path) -> SystemTime {
    fs::metadata(path).and_then(|m| m.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}

pub(crate) fn unreadable(path: &Path, problem: &impl ToString) -> ProviderError {
    ProviderError::Unreadable { location: path.to_string_lossy().into_owned(), problem: problem.to_string() }
}
