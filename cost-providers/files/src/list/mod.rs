//! Files of a location: a file, a folder with its subfolders, or a glob.

mod pattern;
mod walk;

use std::path::{Path, PathBuf};

use cost_provider_api::ProviderError;

use self::pattern::{MARKS, Names, Pattern};
use self::walk::{FOLDER, Wanted, plain, walk};
use crate::bill_file::slashes;
use crate::choice::{Choice, Found, WANTED};

/// Returns all regular files of a location, in path order.
///
/// # Errors
/// [`ProviderError::NotFound`] if there are none, [`ProviderError::Unreadable`] if the location
/// itself cannot be listed.
pub(crate) fn list(
    location: &str,
    choice: &Choice,
    found: &mut Found,
) -> Result<Vec<PathBuf>, ProviderError> {
    let not_found =
        |problem: String| ProviderError::NotFound { location: location.to_owned(), problem };
    let named = choice.only.iter().map(|g| Names::of(g)).collect::<Vec<_>>();
    let path = Path::new(location);
    let paths = if path.is_dir() {
        walk(path, &Wanted { glob: None, named }, found)?
    } else if path.is_file() {
        vec![path.to_owned()]
    } else if path.exists() {
        return Err(not_found(format!(
            "it is not a regular file, and a bill is read more than once: save it to a file, or pass `-` and send it to stdin; \
             {WANTED}"
        )));
    } else if location.contains(MARKS) {
        let (base, glob) = Pattern::of(location)?;
        if !base.exists() {
            return Err(not_found(format!("folder {} does not exist; {WANTED}", slashes(&base))));
        }
        let named = named.into_iter().chain([Names::of(location)]).collect();
        let paths = walk(&base, &Wanted { glob: Some(glob), named }, found)?;
        if paths.is_empty() {
            return Err(not_found(format!("nothing matches{}; {WANTED}", unread_folders(found))));
        }
        paths
    } else {
        return Err(not_found(format!("no such file or folder; {WANTED}")));
    };
    let mut paths: Vec<PathBuf> = paths.into_iter().map(plain).collect();
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

#[cfg(test)]
mod tests {
    use std::fs;

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
        // A loop is found when the folder that contains it is entered.
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
            fs::set_permissions(root.join("locked"), fs::Permissions::from_mode(mode))
                .expect("set");
        };
        mode(0);
        // A superuser can read everything, so nothing can be tested.
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
