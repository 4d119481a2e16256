//! Functions for files of the repository, and for running programs.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use walkdir::WalkDir;

/// Returns a command that runs cargo in the repository as a shell would: without the variables that
/// `cargo run` sets for this program. Some build scripts depend on them, and crates that use these
/// scripts would be compiled again.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    for (name, _) in std::env::vars_os() {
        let of_run = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_NAME", "CARGO_CRATE_NAME"];
        if name.to_str().is_some_and(|name| of_run.iter().any(|begin| name.starts_with(begin))) {
            command.env_remove(&name);
        }
    }
    command
}

/// Returns the stdout of a program that must succeed. Its stderr is shown.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(std::ffi::OsStr::to_string_lossy).collect();
    let program = format!("`{}`", words.join(" "));
    let done = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {program}"))?;
    ensure!(done.status.success(), "{program} failed: {}", done.status);
    Ok(String::from_utf8(done.stdout)?)
}

/// Returns all generated files in a folder, by their path in it.
pub(crate) fn files(
    folder: &Path,
    is_ours: fn(&Path) -> bool,
) -> anyhow::Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in WalkDir::new(folder).into_iter().filter(|_| folder.is_dir()) {
        let entry = entry?;
        if entry.file_type().is_file() && is_ours(entry.path()) {
            found.insert(entry.path().strip_prefix(folder)?.to_owned(), fs::read(entry.path())?);
        }
    }
    Ok(found)
}

/// Writes a file, and creates its folders.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Returns a path as text.
pub(crate) fn text(path: &Path) -> anyhow::Result<&str> {
    path.to_str().with_context(|| format!("{} is not UTF-8", path.display()))
}

/// Writes to stdout.
pub(crate) fn say(text: &str) -> anyhow::Result<()> {
    std::io::stdout().write_all(text.as_bytes()).map_err(Into::into)
}

/// Returns the root folder of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
