//! Globs: the files they match, and the folders that may contain matches.

use std::path::{Path, PathBuf, is_separator};

use cost_provider_api::ProviderError;
use globset::GlobSet;

use crate::choice::matcher;

/// Characters that make a location a glob.
pub(super) const MARKS: [char; 4] = ['*', '?', '[', '{'];

/// Glob, with the patterns of its first folders: only folders that can lead to a match are listed.
pub(super) struct Pattern {
    full: GlobSet,
    /// For the names below the folder without wildcards: the glob up to each name except the last.
    starts: Vec<GlobSet>,
    /// Whether any number of names can follow: `**`, and separators in braces or brackets.
    is_open: bool,
}

impl Pattern {
    /// Splits a glob into the folder before the first name with a wildcard, and the pattern below
    /// it.
    pub(super) fn of(location: &str) -> Result<(PathBuf, Self), ProviderError> {
        let full = matcher(location)?;
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
            let is_balanced = |open: char, close: char| {
                start.matches(open).count() == start.matches(close).count()
            };
            !start.contains("**") && is_balanced('{', '}') && is_balanced('[', ']')
        };
        let fixed =
            ends.iter().take_while(is_fixed).map_while(|end| matcher(&location[..*end]).ok());
        let starts: Vec<GlobSet> = fixed.collect();
        let is_open = starts.len() < ends.len();
        Ok((PathBuf::from(base), Self { full, starts, is_open }))
    }

    /// Returns whether a file or folder, or one of its parent folders, matches.
    pub(super) fn matches(&self, path: &Path) -> bool {
        path.ancestors().any(|a| self.full.is_match(a))
    }

    /// Returns whether content of a folder, `depth` names below the first, can match.
    pub(super) fn may_lead(&self, folder: &Path, depth: usize) -> bool {
        let Some(at) = depth.checked_sub(1) else { return true };
        self.starts.get(at).map_or(self.is_open, |start| start.is_match(folder))
            || self.matches(folder)
    }
}

/// Splits a glob into names.
pub(super) struct Names(Vec<GlobSet>);

impl Names {
    pub(super) fn of(glob: &str) -> Self {
        Self(glob.split(is_separator).filter_map(|name| matcher(name).ok()).collect())
    }

    /// Returns whether the glob names a first letter explicitly: `_*` does, `*` does not.
    pub(super) fn ask_for(&self, name: &str) -> bool {
        let mut rest = name.chars();
        rest.next();
        // One byte, because `?` stands for one. No name starts with it.
        let other = format!("\u{1}{}", rest.as_str());
        self.0.iter().any(|n| n.is_match(name) && !n.is_match(&other))
    }
}
