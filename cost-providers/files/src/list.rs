//! The files that a location stands for: a file, a folder with those below, or a glob.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf, is_separator};

use cost_core::focus::FileStatus;
use cost_provider_api::ProviderError;
use globset::GlobSet;
use walkdir::WalkDir;

use crate::bill_file::{slashes, unreadable};
use crate::choice::{Choice, Found, WANTED, matcher};
use crate::manifest;

const MARKS: [char; 4] = ['*', '?', '[', '{'];

/// What a folder that cannot be listed is called in the inventory.
pub(crate) const FOLDER: &str = "a folder that cannot be read";

/// All regular files of a location, in path order.
///
/// # Errors
/// [`ProviderError::NotFound`] if it stands for nothing, [`ProviderError::Unreadable`] if the
/// location itself cannot be listed.
pub(crate) fn list(
    location: &str,
    choice: &Choice,
    found: &mut Found,
) -> Result<Vec<PathBuf>, ProviderError> {
    let not_found =
        |problem: String| ProviderError::NotFound { location: location.to_owned(), problem };
    let named = choice.only.iter().map(|g| Names::of(g)).collect::<Vec<_>>();
    let path = Path::new(location);
    let mut paths = Vec::new();
    if path.is_dir() {
        walk(path, &Wanted { glob: None, named }, &mut paths, found)?;
    } else if path.is_file() {
        paths.push(path.to_owned());
    } else if path.exists() {
        return Err(not_found(format!(
            "it is no regular file, and a bill is read more than once: save it to a file; {WANTED}"
        )));
    } else if location.contains(MARKS) {
        let (base, glob) = Pattern::of(location)?;
        if !base.exists() {
            return Err(not_found(format!("there is no folder {}; {WANTED}", slashes(&base))));
        }
        let named = named.into_iter().chain([Names::of(location)]).collect();
        walk(&base, &Wanted { glob: Some(glob), named }, &mut paths, found)?;
        if paths.is_empty() {
            return Err(not_found(format!("nothing matches{}; {WANTED}", unread_folders(found))));
        }
    } else {
        return Err(not_found(format!("there is no such file or folder; {WANTED}")));
    }
    paths = paths.into_iter().map(plain).collect();
    paths.sort();
    Ok(paths)
}

fn unread_folders(found: &Found) -> String {
    let folders: Vec<&str> =
        found.aside.iter().filter(|f| f.what == FOLDER).map(|f| f.path.as_str()).collect();
    if folders.is_empty() {
        String::new()
    } else {
        format!(" that can be read: {} cannot", folders.join(", "))
    }
}

fn plain(path: PathBuf) -> PathBuf {
    path.strip_prefix("./").map(Path::to_owned).unwrap_or(path)
}

/// A glob, and what its first folders match: only what can lead to a match is walked.
struct Pattern {
    whole: GlobSet,
    /// Of the names below the folder without marks, the glob up to each but the last.
    starts: Vec<GlobSet>,
    /// Whether more names may follow, in any number: `**`, and separators in braces or brackets.
    is_open: bool,
}

impl Pattern {
    /// The folder before the first name with a mark, and the pattern below it.
    fn of(location: &str) -> Result<(PathBuf, Self), ProviderError> {
        let whole = matcher(location)?;
        let first_mark = location.find(MARKS).unwrap_or(0);
        let below = location[..first_mark].rfind(is_separator).map_or(0, |at| at + 1);
        let base = match &location[..below] {
            "" => ".",
            root if root.chars().all(is_separator) => "/",
            folder => folder.trim_end_matches(is_separator),
        };
        let ends = location
            .char_indices()
            .filter(|(at, c)| *at >= below && is_separator(*c))
            .map(|(at, _)| at);
        let ends: Vec<usize> = ends.collect();
        let is_fixed = |end: &&usize| {
            let start = &location[below..**end];
            let is_whole = |open: char, close: char| {
                start.matches(open).count() == start.matches(close).count()
            };
            !start.contains("**") && is_whole('{', '}') && is_whole('[', ']')
        };
        let fixed =
            ends.iter().take_while(is_fixed).map_while(|end| matcher(&location[..*end]).ok());
        let starts: Vec<GlobSet> = fixed.collect();
        let is_open = starts.len() < ends.len();
        Ok((PathBuf::from(base), Self { whole, starts, is_open }))
    }

    /// Whether a file or folder, or a folder it is in, matches.
    fn matches(&self, path: &Path) -> bool {
        path.ancestors().any(|a| self.whole.is_match(a))
    }

    /// Whether what is in a folder, `depth` names below the first, may match.
    fn may_lead(&self, folder: &Path, depth: usize) -> bool {
        let Some(at) = depth.checked_sub(1) else { return true };
        self.starts.get(at).map_or(self.is_open, |start| start.is_match(folder))
            || self.matches(folder)
    }
}

/// The names of a glob, each by itself.
struct Names(Vec<GlobSet>);

impl Names {
    fn of(glob: &str) -> Self {
        Self(glob.split(is_separator).filter_map(|name| matcher(name).ok()).collect())
    }

    /// Whether the glob asks for a name by its first letter: `_*` does, `*` does not.
    fn ask_for(&self, name: &str) -> bool {
        let mut rest = name.chars();
        rest.next();
        // One byte: `?` stands for one. No name starts with it.
        let other = format!("\u{1}{}", rest.as_str());
        self.0.iter().any(|n| n.is_match(name) && !n.is_match(&other))
    }
}

/// Hidden files that are looked into, at most: folders of version control have many. Chosen.
const MOST_HIDDEN: usize = 1_000;

/// What is wanted of a walk.
struct Wanted {
    glob: Option<Pattern>,
    named: Vec<Names>,
}

impl Wanted {
    /// Hidden files, those of half-done writes, and what lies in such folders, unless a glob asks
    /// for them by name.
    fn is_aside(&self, path: &Path, name: &str) -> bool {
        let is_marked =
            name.starts_with('.') || (name.starts_with('_') && !manifest::is_manifest(path));
        is_marked && !self.named.iter().any(|glob| glob.ask_for(name))
    }

    fn may_lead(&self, folder: &Path, depth: usize) -> bool {
        self.glob.as_ref().is_none_or(|glob| glob.may_lead(folder, depth))
    }

    fn takes(&self, path: &Path) -> bool {
        self.glob.as_ref().is_none_or(|glob| glob.matches(path))
    }
}

/// Files under `folder` that are wanted. Links are followed once; a folder below that cannot be
/// read is left out, and named.
fn walk(
    folder: &Path,
    wanted: &Wanted,
    out: &mut Vec<PathBuf>,
    found: &mut Found,
) -> Result<(), ProviderError> {
    let mut folders: BTreeSet<PathBuf> = BTreeSet::new();
    // The depth of the hidden folder that the walk is in.
    let mut hidden: Option<usize> = None;
    let mut walk = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(e) => {
                let path = plain(e.path().unwrap_or(folder).to_owned());
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if e.depth() == 0 {
                    return Err(unreadable(&path, &e));
                }
                if hidden.is_some_and(|from| e.depth() > from)
                    || wanted.is_aside(&path, &name)
                    || !(wanted.may_lead(&path, e.depth()) || wanted.takes(&path))
                {
                } else if e.loop_ancestor().is_some() {
                    found.leave(
                        &path,
                        FileStatus::Duplicate,
                        "a link",
                        "it leads to a folder that it is in",
                    );
                } else if path.is_symlink() && !path.exists() {
                    found.leave(&path, FileStatus::LeftOut, "a link", "it leads to nothing");
                } else {
                    found.leave(&path, FileStatus::LeftOut, FOLDER, partial(&e));
                }
                continue;
            }
        };
        let path = plain(entry.path().to_owned());
        let (depth, is_folder) = (entry.depth(), entry.file_type().is_dir());
        hidden = hidden.filter(|from| depth > *from);
        let is_aside = depth > 0 && wanted.is_aside(&path, &entry.file_name().to_string_lossy());
        if is_folder && depth > 0 && !wanted.may_lead(&path, depth) {
            walk.skip_current_dir();
        } else if is_aside || hidden.is_some() {
            if found.hidden.len() >= MOST_HIDDEN {
                walk.skip_current_dir();
            } else if is_folder {
                hidden = hidden.or(Some(depth));
            } else if entry.file_type().is_file() && wanted.takes(&path) {
                found.hidden.push(path);
            }
        } else if is_folder {
            // Two links to one folder hold the same files.
            let real = fs::canonicalize(entry.path()).unwrap_or_else(|_| path.clone());
            if !folders.insert(real) {
                found.leave(
                    &path,
                    FileStatus::Duplicate,
                    "a link",
                    "it leads to a folder that is read already",
                );
                walk.skip_current_dir();
            }
        } else if !wanted.takes(&path) {
        } else if entry.file_type().is_file() {
            out.push(path);
        } else {
            found.leave(&path, FileStatus::LeftOut, "no regular file", "only files can be read");
        }
    }
    Ok(())
}

fn partial(error: &walkdir::Error) -> String {
    let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    format!(
        "{why}: charges in it are missing from all figures; make it readable, or leave it out by a glob"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(root: &Path, names: &[&str]) {
        for name in names {
            let path = root.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("created");
            fs::write(path, "x").expect("written");
        }
    }

    fn listed(root: &Path, glob: &str, only: &[&str]) -> (Vec<String>, Vec<String>) {
        let mut found = Found::default();
        let choice =
            Choice { only: only.iter().map(|o| (*o).to_owned()).collect(), ..Choice::default() };
        let location = root.join(glob).to_string_lossy().into_owned();
        let paths = list(&location, &choice, &mut found).expect("a list");
        let name = |p: &Path| p.strip_prefix(root).expect("below").to_string_lossy().into_owned();
        let aside = found.aside.iter().map(|f| name(Path::new(&f.path))).collect();
        (paths.iter().map(|p| name(p)).collect(), aside)
    }

    #[test]
    fn a_glob_walks_only_what_can_match() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        files(
            root,
            &["a1/x.csv", "a1/deep/y.csv", "b/x.csv", "_c/x.csv", "_x.csv", "x.csv", ".h/x.csv"],
        );
        // A loop is met by whoever goes into the folder it is in.
        for loops in ["b/loop", "a1/deep/loop"] {
            std::os::unix::fs::symlink(root, root.join(loops)).expect("linked");
        }
        for (glob, files, aside) in [
            ("a*/*.csv", &["a1/x.csv"][..], &[][..]),
            ("a*", &["a1/deep/y.csv", "a1/x.csv"], &["a1/deep/loop"]),
            ("a*/**/*.csv", &["a1/deep/y.csv", "a1/x.csv"], &["a1/deep/loop"]),
            ("{a1,b}/x.csv", &["a1/x.csv", "b/x.csv"], &[]),
            ("{a1/deep,b}/?.csv", &["a1/deep/y.csv", "b/x.csv"], &["a1/deep/loop", "b/loop"]),
            ("*.csv", &["x.csv"], &[]),
            ("_*.csv", &["_x.csv"], &[]),
            ("[_]x.csv", &["_x.csv"], &[]),
            ("_*/*.csv", &["_c/x.csv"], &[]),
            (".h/*.csv", &[".h/x.csv"], &[]),
            ("?h/*.csv", &[], &[]),
        ] {
            if files.is_empty() {
                let location = root.join(glob).to_string_lossy().into_owned();
                list(&location, &Choice::default(), &mut Found::default()).expect_err(glob);
                continue;
            }
            let of = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
            assert_eq!(listed(root, glob, &[]), (of(files), of(aside)), "{glob}");
        }
        let (all, _) = listed(root, "", &["_*.csv", ".h/*"]);
        assert!(
            all.contains(&"_x.csv".to_owned()) && all.contains(&".h/x.csv".to_owned()),
            "{all:?}"
        );
        assert!(!all.contains(&"_c/x.csv".to_owned()), "{all:?}");
    }

    #[test]
    fn a_folder_that_cannot_be_read_is_named_where_it_matters() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        files(root, &["a/x.csv", "b/x.csv", "locked/x.csv"]);
        let mode = |mode| {
            fs::set_permissions(root.join("locked"), fs::Permissions::from_mode(mode)).expect("set")
        };
        mode(0);
        // A superuser reads everything: then there is nothing to see.
        if fs::read_dir(root.join("locked")).is_err() {
            let of = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
            assert_eq!(listed(root, "?/*.csv", &[]), (of(&["a/x.csv", "b/x.csv"]), of(&[])));
            assert_eq!(listed(root, "", &[]), (of(&["a/x.csv", "b/x.csv"]), of(&["locked"])));
            assert_eq!(
                listed(root, "*/*.csv", &[]),
                (of(&["a/x.csv", "b/x.csv"]), of(&["locked"]))
            );
            let own = root.join("locked").to_string_lossy().into_owned();
            list(&own, &Choice::default(), &mut Found::default()).expect_err("the location itself");
        }
        mode(0o755);
    }
}
