//! Names of folders for billing periods and their versions, as exporters write them.

use std::fs;
use std::path::{Path, PathBuf};

use cost_core::focus::is_guid;

/// Returns whether a folder is that of a billing period, by its name: `20260901-20261001`,
/// `BILLING_PERIOD=2026-09`.
pub(crate) fn is_period(folder: &str) -> bool {
    let digits = |t: &str| t.len() == 8 && t.bytes().all(|b| b.is_ascii_digit());
    let legacy = folder.split_once('-').is_some_and(|(from, to)| digits(from) && digits(to));
    legacy || folder.to_ascii_uppercase().starts_with("BILLING_PERIOD=")
}

/// Returns whether the name of a version folder starts with a time: a day of eight digits, `T`, and
/// the hour (`20260901T000000Z`, `2026-09-01T00:00:00Z`). A name such as `2026-09-EAST` does not.
pub(crate) fn is_time(folder: &str) -> bool {
    let Some((day, hour)) = folder.split_once('T') else { return false };
    let is_day = day.starts_with("20")
        && day.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'_'));
    is_day
        && day.bytes().filter(u8::is_ascii_digit).count() == 8
        && hour.starts_with(|c: char| c.is_ascii_digit())
}

/// Returns the folder of the billing period of a path, and the version below it.
pub(crate) fn version_of(path: &Path) -> Option<(PathBuf, String)> {
    // The folder of the period can be the current folder of the program, or the target of a link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let names: Vec<String> = path.iter().map(|n| n.to_string_lossy().into_owned()).collect();
    let at = names.iter().rposition(|n| is_period(n))?;
    let version = names.get(at + 1).filter(|_| at + 2 < names.len())?;
    let is_version = is_guid(version) || is_time(version);
    is_version.then(|| (names[..=at].iter().collect(), version.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_day_and_an_hour_are_a_time() {
        for time in [
            "20260901T000000Z",
            "2026-09-01T00:00:00Z",
            "2026-09-01T00_00_00.000Z-1a2b",
            "20260903T0515",
        ] {
            assert!(is_time(time), "{time}");
        }
        for other in [
            "2026-09-EAST",
            "2026-TeamA",
            "2026-09-01",
            "202609T",
            "2026-09-01Team",
            "1999-01-01T00",
            "T",
        ] {
            assert!(!is_time(other), "{other}");
        }
    }

    #[test]
    fn folders_are_versions_by_a_time_or_an_id_below_a_billing_period() {
        let version = |path: &str| version_of(Path::new(path)).map(|(_, version)| version);
        for (path, name) in [
            (
                "e/data/BILLING_PERIOD=2026-01/20260201T010203Z-1f/a.parquet",
                Some("20260201T010203Z-1f"),
            ),
            (
                "r/20240901-20241001/6c1e1111-0000-4000-8000-000000000001/r.csv",
                Some("6c1e1111-0000-4000-8000-000000000001"),
            ),
            ("r/20240901-20241001/day=01/a.csv", None),
            ("r/20240901-20241001/a.csv", None),
            ("e/data/2026-01/20260201T010203Z/a.parquet", None),
        ] {
            assert_eq!(version(path).as_deref(), name, "{path}");
        }
    }
}
