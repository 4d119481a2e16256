//! Edits of source files: either all are made, or none.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use crate::files::{cargo, root, say, write};

/// Edits of source files: either all are made, or none.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    files: Vec<(PathBuf, String)>,
}

impl Edits {
    /// Adds a new file, and fails if it exists.
    pub(crate) fn new_file(&mut self, path: PathBuf, text: String) -> anyhow::Result<()> {
        ensure!(!path.exists(), "{} already exists", shown(&path));
        self.files.push((path, text));
        Ok(())
    }

    /// Returns the text of a file, with the edits so far.
    fn text(&mut self, path: &Path) -> anyhow::Result<&mut String> {
        let at = if let Some(at) = self.files.iter().position(|(p, _)| p == path) {
            at
        } else {
            let text =
                fs::read_to_string(path).with_context(|| format!("cannot read {}", shown(path)))?;
            self.files.push((path.to_owned(), text));
            self.files.len() - 1
        };
        Ok(&mut self.files[at].1)
    }

    /// Declares a module, in alphabetical order.
    pub(crate) fn module(&mut self, path: &Path, name: &str) -> anyhow::Result<()> {
        let line = format!("mod {name};");
        let text = self.text(path)?;
        let mut lines: Vec<&str> = text.lines().collect();
        let is_module = |l: &&str| l.starts_with("mod ") && l.ends_with(';');
        ensure!(!lines.contains(&line.as_str()), "{} already contains `{line}`", shown(path));
        let last = lines
            .iter()
            .rposition(is_module)
            .with_context(|| format!("{} declares no modules", shown(path)))?;
        let next = lines.iter().position(|l| is_module(l) && *l > line.as_str());
        // Insert before the attributes of the next module.
        let next = next.map(|at| {
            lines[..at].iter().rposition(|l| !l.starts_with("#[")).map_or(0, |before| before + 1)
        });
        lines.insert(next.unwrap_or(last + 1), &line);
        *text = lines.join("\n") + "\n";
        Ok(())
    }

    /// Adds a line at the end of the list that starts after `list`.
    pub(crate) fn before_end(&mut self, path: &Path, list: &str, line: &str) -> anyhow::Result<()> {
        let text = self.text(path)?;
        let (_, end) = bounds(text, path, list)?;
        // A list on one line gets a comma here. It is formatted later.
        let on_one_line = !text[..end].ends_with('\n');
        text.insert_str(
            end,
            &if on_one_line { format!(", {}", line.trim()) } else { line.to_owned() },
        );
        Ok(())
    }

    /// Adds a line to the sorted list that starts after `list` and has one line per item.
    pub(crate) fn in_order(&mut self, path: &Path, list: &str, line: &str) -> anyhow::Result<()> {
        let text = self.text(path)?;
        let (from, end) = bounds(text, path, list)?;
        let mut at = from + text[from..end].find('\n').map_or(end - from, |head| head + 1);
        for item in text[at..end].split_inclusive('\n') {
            if item > line {
                break;
            }
            at += item.len();
        }
        text.insert_str(at, line);
        Ok(())
    }

    /// Adds lines at the end of a file.
    pub(crate) fn append(&mut self, path: &Path, lines: &str) -> anyhow::Result<()> {
        self.text(path)?.push_str(lines);
        Ok(())
    }

    /// Replaces the first `what` in a file by `by`.
    pub(crate) fn replace(&mut self, path: &Path, what: &str, by: &str) -> anyhow::Result<()> {
        let text = self.text(path)?;
        ensure!(text.contains(what), "{} does not contain `{what}`", shown(path));
        *text = text.replacen(what, by, 1);
        Ok(())
    }

    /// Returns the new text of a file, if it is edited.
    #[cfg(test)]
    pub(crate) fn of(&self, path: &Path) -> Option<&str> {
        self.files.iter().find(|(p, _)| p == path).map(|(_, text)| text.as_str())
    }

    /// Writes and formats all files, then prints them and the next step.
    pub(crate) fn done(self, next: &str) -> anyhow::Result<()> {
        for (path, text) in &self.files {
            write(path, text.as_bytes())?;
        }
        let formatted = cargo().args(["fmt", "--all"]).status()?;
        ensure!(formatted.success(), "cargo fmt failed");
        for (path, _) in &self.files {
            say(&format!("{}\n", shown(path)))?;
        }
        say(&format!("{next}\n"))
    }
}

/// Returns the start and end of the list that starts after `list`.
fn bounds(text: &str, path: &Path, list: &str) -> anyhow::Result<(usize, usize)> {
    let from = text.find(list);
    let end = from.and_then(|from| Some((from, from + text[from..].find("];")?)));
    end.with_context(|| format!("{} has no list `{list}`", shown(path)))
}

/// Returns a path relative to the root of the repository, for messages.
pub(crate) fn shown(path: &Path) -> std::path::Display<'_> {
    path.strip_prefix(root()).unwrap_or(path).display()
}
