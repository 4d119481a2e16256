//! [`Choice`]: which files of a location to read; and [`Found`]: the files of a location.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cost_core::focus::{FileStatus, Source, SourceFile, quote_cell};
use cost_core::text::counted;
use cost_provider_api::ProviderError;
use globset::{ErrorKind, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::bill_file::{BillFile, slashes};

/// Selection of the files of a location to read.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Globs, one of which must match the path of a file or its end; all files if empty.
    pub only: Vec<String>,
    /// Files to exclude, each with the newer one that contains the same charges.
    pub except: BTreeMap<PathBuf, String>,
    /// Whether to read only the newest of files with the same charges.
    pub newest: bool,
}

/// Files of a location.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Files to read, in path order.
    pub files: Vec<BillFile>,
    /// Files that are not read, with the reason.
    pub aside: Vec<SourceFile>,
    /// Hidden files that no glob selects.
    pub(crate) hidden: Vec<PathBuf>,
}

impl Found {
    pub(crate) fn leave(
        &mut self,
        path: &Path,
        status: FileStatus,
        what: &str,
        reason: impl Into<String>,
    ) {
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

/// Maximum length of a glob in bytes: that of a path on Linux. Longer ones could overflow the
/// stack.
const LONGEST_GLOB: usize = 4096;

/// Compiles a glob. (As a set of one: a single glob with too many wildcards panics.)
pub(crate) fn matcher(glob: &str) -> Result<GlobSet, ProviderError> {
    let problem = |problem: String| {
        let location: String = glob.chars().take(200).collect();
        ProviderError::NotFound { location, problem: format!("invalid glob: {problem}") }
    };
    if glob.len() > LONGEST_GLOB {
        return Err(problem(format!("it has {} bytes; the maximum is {LONGEST_GLOB}", glob.len())));
    }
    let one = GlobBuilder::new(glob).literal_separator(true).build();
    one.and_then(|one| GlobSetBuilder::new().add(one).build()).map_err(|e| {
        problem(match e.kind() {
            ErrorKind::Regex(_) => {
                "it has too many wildcards, or too deeply nested braces".to_owned()
            }
            other => other.to_string(),
        })
    })
}

/// Files that a choice selects: all, or those whose path, or its end, matches one of its globs.
pub(crate) struct Chosen(Vec<GlobSet>);

impl Chosen {
    /// # Errors
    /// [`ProviderError::NotFound`] for an invalid glob.
    pub(crate) fn of(choice: &Choice) -> Result<Self, ProviderError> {
        choice.only.iter().map(|g| matcher(g)).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn is_all(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn takes(&self, path: &Path) -> bool {
        let names: Vec<_> = path.iter().collect();
        let ends = || (0..names.len()).map(|from| names[from..].iter().collect::<PathBuf>());
        self.is_all() || ends().any(|end| self.0.iter().any(|glob| glob.is_match(&end)))
    }

    /// Returns a message if no existing file is selected, with some of the files; `None` if one is.
    pub(crate) fn takes_nothing(
        &self,
        choice: &Choice,
        paths: &[PathBuf],
        found: &Found,
    ) -> Option<String> {
        let aside = found
            .aside
            .iter()
            .map(|f| Path::new(&f.path))
            .chain(found.hidden.iter().map(PathBuf::as_path));
        if paths.is_empty()
            || paths.iter().map(PathBuf::as_path).chain(aside).any(|path| self.takes(path))
        {
            return None;
        }
        let globs: Vec<String> =
            choice.only.iter().map(|glob| format!("--only {}", quote_cell(glob))).collect();
        let some: Vec<String> = paths.iter().take(FILES_SHOWN).map(|path| slashes(path)).collect();
        let count = u64::try_from(paths.len()).unwrap_or(u64::MAX);
        let is_or_are = if count == 1 { "is" } else { "are" };
        Some(format!(
            "no path matches {}; there {is_or_are} {}, such as {}. `*` matches within one folder, \
             `**` also matches the folders below it",
            globs.join(" or "),
            counted(count, "file"),
            some.join(", ")
        ))
    }
}

/// Number of files that this message names.
const FILES_SHOWN: usize = 3;
