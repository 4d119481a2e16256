//! Versions of one billing period that no manifest tells apart: an exporter's folders, copied without their manifests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cost_provider_api::ProviderError;

use crate::find::{Choice, modified};
use crate::manifest;

/// The paths without those of older versions of a billing period.
///
/// AWS and Azure write each version into a folder of its own below that of the billing period, named by an id or a time. Times tell
/// which is the newest; ids do not, then the files' own times must be asked for.
///
/// # Errors
/// [`ProviderError::Unreadable`] if versions lie there and which is the newest cannot be told.
pub(crate) fn newest(
    paths: Vec<PathBuf>,
    choice: &Choice,
    aside: &mut dyn FnMut(&Path, String),
) -> Result<Vec<PathBuf>, ProviderError> {
    let mut periods: BTreeMap<PathBuf, BTreeSet<String>> = BTreeMap::new();
    for (period, version) in paths.iter().filter_map(|p| version_of(p)) {
        periods.entry(period).or_default().insert(version);
    }
    periods.retain(|_, versions| versions.len() > 1);
    let mut changed: BTreeMap<(PathBuf, String), SystemTime> = BTreeMap::new();
    if choice.newest {
        for (path, version) in paths.iter().filter_map(|p| Some((p, version_of(p)?))) {
            let time = modified(path)?;
            changed.entry(version).and_modify(|t| *t = time.max(*t)).or_insert(time);
        }
    }
    let mut kept: BTreeMap<PathBuf, String> = BTreeMap::new();
    for (period, versions) in periods {
        let changed = |v: &String| changed.get(&(period.clone(), v.clone()));
        let newest = if versions.iter().all(|v| manifest::is_time(v)) {
            versions.last().cloned()
        } else if choice.newest {
            versions.iter().max_by_key(|v| (changed(v), (*v).clone())).cloned()
        } else {
            let folders = versions.iter().map(|v| period.join(v).display().to_string()).collect::<Vec<_>>();
            return Err(ProviderError::unreadable(
                folders.join(", "),
                format!(
                    "versions of the same billing period, which would be counted twice, and no manifest says which is the newest: copy \
                     the manifests too, choose one with --only '**/{}/**', or take the newest files with --newest",
                    versions.last().map(String::as_str).unwrap_or_default()
                ),
            ));
        };
        kept.extend(newest.map(|v| (period, v)));
    }
    let mut out = Vec::with_capacity(paths.len());
    for path in paths {
        match version_of(&path).and_then(|(period, version)| Some((kept.get(&period)?.clone(), version))) {
            Some((newest, version)) if newest != version => {
                aside(&path, format!("version {newest} of the same billing period is read"));
            }
            _ => out.push(path),
        }
    }
    Ok(out)
}

/// The folder of a billing period and the version below it that a path is of.
pub(crate) fn version_of(path: &Path) -> Option<(PathBuf, String)> {
    let names: Vec<String> = path.iter().map(|n| n.to_string_lossy().into_owned()).collect();
    let at = names.iter().rposition(|n| manifest::is_period(n))?;
    let version = names.get(at + 1).filter(|_| at + 2 < names.len())?;
    let is_version = is_guid(version) || manifest::is_time(version);
    is_version.then(|| (names[..=at].iter().collect(), version.clone()))
}

/// Whether a name is an id such as `6c1e1111-0000-4000-8000-000000000001`.
fn is_guid(name: &str) -> bool {
    let parts: Vec<usize> = name.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && name.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(all: &[&str]) -> Vec<PathBuf> {
        all.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn versions_that_are_times_are_in_order() {
        let all = paths(&[
            "e/data/BILLING_PERIOD=2026-01/20260201T010203Z-1f/a.parquet",
            "e/data/BILLING_PERIOD=2026-01/20260203T010203Z-2e/a.parquet",
            "e/data/BILLING_PERIOD=2026-02/20260203T010203Z-2e/a.parquet",
        ]);
        let mut aside = Vec::new();
        let read = newest(all.clone(), &Choice::default(), &mut |p, _| aside.push(p.to_owned())).expect("an order");
        assert_eq!((read, aside), (all[1..].to_vec(), all[..1].to_vec()));
    }

    #[test]
    fn versions_that_are_ids_are_refused_and_partitions_are_none() {
        let all = paths(&[
            "r/20240901-20241001/6c1e1111-0000-4000-8000-000000000001/r-1.csv.gz",
            "r/20240901-20241001/9f2e2222-0000-4000-8000-000000000002/r-1.csv.gz",
        ]);
        let refused = newest(all, &Choice::default(), &mut |_, _| {}).expect_err("no order");
        assert!(refused.to_string().contains("9f2e2222"), "{refused}");
        let all = paths(&["r/20240901-20241001/day=01/a.csv", "r/20240901-20241001/day=02/a.csv"]);
        assert_eq!(newest(all.clone(), &Choice::default(), &mut |_, _| {}).expect("no versions"), all);
    }
}
