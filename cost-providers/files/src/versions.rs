//! Versions of one billing period without manifests: export folders that were copied without their
//! manifests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use cost_core::focus::{FocusError, Origin};
use cost_core::rollup::{self, Relation};
use cost_provider_api::ProviderError;

use crate::bill_file::{BillFile, modified, slashes};
use crate::choice::Choice;
use crate::group::{groups, kind_of};
use crate::version_names::version_of;

/// Removes the files of older versions of a billing period.
///
/// AWS and Azure write each version to a separate folder below the folder of the billing period,
/// named by an ID or a time. Times determine the newest version. IDs do not; then the modification
/// times of the files decide, if the choice takes the newest. A folder is a newer version of
/// another only if it contains its charges. Folders without common charges, and exports of
/// different kinds, are parts of the period, and all are read.
///
/// # Errors
/// [`ProviderError::Unreadable`] if there are versions and the newest cannot be determined, if the
/// newest lacks charges of another, or if a file of a version cannot be read.
pub(crate) fn newest(
    files: Vec<BillFile>,
    choice: &Choice,
    aside: &mut dyn FnMut(&Path, String),
) -> Result<Vec<BillFile>, ProviderError> {
    let mut out = Vec::with_capacity(files.len());
    let mut periods: BTreeMap<PathBuf, BTreeMap<String, Vec<BillFile>>> = BTreeMap::new();
    for file in files {
        match version_of(&file.path) {
            Some((period, version)) => {
                periods.entry(period).or_default().entry(version).or_default().push(file);
            }
            None => out.push(file),
        }
    }
    for versions in periods.into_values() {
        if versions.len() < 2 {
            out.extend(versions.into_values().flatten());
        } else {
            of_period(versions, choice, &mut out, aside)?;
        }
    }
    out.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(out)
}

/// Folder of one version of a billing period.
struct Version {
    name: String,
    bills: Vec<BillFile>,
    /// Kinds of its bills: versions of one export have the same kind.
    kinds: BTreeSet<&'static str>,
    charges: Vec<Origin>,
    /// Time of the version; `None` if unknown.
    made: Option<DateTime<Utc>>,
}

impl Version {
    fn folder(&self) -> String {
        self.bills.first().and_then(|f| f.path.parent()).map(slashes).unwrap_or_default()
    }
}

/// Adds the files of a period that are to be read to `out`.
fn of_period(
    versions: BTreeMap<String, Vec<BillFile>>,
    choice: &Choice,
    out: &mut Vec<BillFile>,
    aside: &mut dyn FnMut(&Path, String),
) -> Result<(), ProviderError> {
    let mut with_bills = Vec::new();
    for (name, files) in versions {
        let mut bills = Vec::new();
        for file in files {
            // Files other than bills are listed with all files of the location.
            let is_bill = kind_of(&file).map_err(|e| not_compared(e, &name))?.is_some();
            if is_bill { bills.push(file) } else { out.push(file) }
        }
        if !bills.is_empty() {
            with_bills.push(version(name, bills, choice)?);
        }
    }
    if with_bills.len() < 2 {
        out.extend(with_bills.into_iter().flat_map(|v| v.bills));
        return Ok(());
    }
    with_bills.sort_by(|a, b| (b.made, &b.name).cmp(&(a.made, &a.name)));
    let charges: Vec<Vec<Origin>> = with_bills.iter().map(|v| v.charges.clone()).collect();
    let compared = rollup::Versions::of(&charges).map_err(|e| match e {
        FocusError::Unreadable { origin, message } => {
            let (_, name) = version_of(Path::new(&origin)).unwrap_or_default();
            not_compared(ProviderError::unreadable(origin, message), &name)
        }
        other => other.into(),
    })?;
    // Exports of different kinds are not versions of each other.
    let mut newer: BTreeMap<&BTreeSet<&'static str>, (rollup::Newer, Vec<&Version>)> =
        BTreeMap::new();
    let mut superseded = BTreeSet::new();
    for (at, version) in with_bills.iter().enumerate() {
        let (charges, read) = newer.entry(&version.kinds).or_default();
        let is_later = |newer: &&Version| newer.made > version.made && version.made.is_some();
        match compared.beside(at, charges) {
            Relation::Apart => {
                compared.read(at, charges);
                read.push(version);
            }
            _ if !read.iter().all(is_later) => return Err(undecided(&with_bills, choice)),
            Relation::Older => {
                let newest = read.first().map_or("", |v| v.name.as_str());
                for file in &version.bills {
                    aside(
                        &file.path,
                        format!("version {newest} of the same billing period is read"),
                    );
                }
                superseded.insert(at);
            }
            Relation::Unclear { pct, account, day } => {
                let lacks = account
                    .map(|a| format!("account {a}"))
                    .or(day.map(|d| format!("charges of {d}")));
                return Err(unclear(read, version, pct, lacks));
            }
        }
    }
    let is_read = |at: &usize| !superseded.contains(at);
    out.extend(
        with_bills.into_iter().enumerate().filter(|(at, _)| is_read(at)).flat_map(|(_, v)| v.bills),
    );
    Ok(())
}

fn version(name: String, bills: Vec<BillFile>, choice: &Choice) -> Result<Version, ProviderError> {
    let mut kinds = BTreeSet::new();
    let mut charges = Vec::new();
    for group in groups(&bills, &mut Vec::new()).map_err(|e| not_compared(e, &name))? {
        kinds.insert(group.kind.as_str());
        charges.extend(group.origins().map_err(|e| not_compared(e, &name))?);
    }
    let made = match time_of(&name) {
        Some(time) => Some(time),
        None if choice.newest => {
            let times = bills.iter().map(|f| modified(&f.path)).collect::<Result<Vec<_>, _>>()?;
            times.into_iter().max().map(DateTime::from)
        }
        None => None,
    };
    Ok(Version { name, bills, kinds, charges, made })
}

/// Adds to an error about a file of a version what to do about it.
fn not_compared(error: ProviderError, version: &str) -> ProviderError {
    match error {
        ProviderError::Unreadable { location, problem } => {
            let problem = format!(
                "{problem} (folder {version} is one of several of its billing period, and without \
                 its charges it cannot be determined whether they are in a newer one: copy it \
                 again, or move it away)"
            );
            ProviderError::Unreadable { location, problem }
        }
        other => other,
    }
}

/// Maximum number of folders in a message. Chosen.
const FOLDERS_SHOWN: usize = 3;

/// Returns the first folders, and how many more there are.
fn folders<'a>(versions: impl IntoIterator<Item = &'a Version>) -> String {
    let all: Vec<String> = versions.into_iter().map(Version::folder).collect();
    let more = all.len().saturating_sub(FOLDERS_SHOWN);
    let shown = all.iter().take(FOLDERS_SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

fn undecided(versions: &[Version], choice: &Choice) -> ProviderError {
    let cure = if choice.newest {
        "their files have the same modification time: move the older ones away, or choose files \
         with --only GLOB"
    } else {
        "copy the manifests too, move the older ones away, choose files with --only GLOB, or take the newest files with --newest"
    };
    let problem = format!(
        "there are several versions of one billing period, which would count twice, and no \
         manifest states which is the newest: {cure}; if all of them count, move them to folders \
         that are not below a billing period folder"
    );
    ProviderError::unreadable(folders(versions), problem)
}

fn unclear(newer: &[&Version], older: &Version, pct: u64, lacks: Option<String>) -> ProviderError {
    let lacks = lacks.map(|what| format!(" (it lacks {what})")).unwrap_or_default();
    let problem = format!(
        "{pct} % of the charges in {}, an older folder of the same billing period, are also in \
         this one{lacks}: too few for a newer version, too many for a separate part. If this is a \
         newer version, check that it is complete and move the older one away. If both count, \
         move them to folders that are not below a billing period folder. Or choose files with \
         --only GLOB",
        older.folder()
    );
    ProviderError::unreadable(folders(newer.iter().copied()), problem)
}

/// Returns the time at the start of a folder name: `20260901T010203Z-1f`,
/// `2026-09-01T01:02:03.500Z`, `20260901T010203+0200`. Without a zone it is UTC.
fn time_of(name: &str) -> Option<DateTime<Utc>> {
    let (day, rest) = name.split_once('T')?;
    let day = NaiveDate::parse_from_str(&day.replace('-', ""), "%Y%m%d").ok()?;
    let end =
        rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(end);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let digits = format!("{:0<6}.{:0<1}", clock.replace(':', ""), fraction);
    let time = NaiveTime::parse_from_str(&digits, "%H%M%S%.f").ok()?;
    Some((day.and_time(time) - offset(zone)?).and_utc())
}

/// Returns the UTC offset after a time: `Z` or nothing, with or without an ID, `+02:00`, `-0500`.
fn offset(zone: &str) -> Option<TimeDelta> {
    let digits = zone.get(1..).unwrap_or_default().replace(':', "");
    let is_offset = zone.starts_with(['+', '-'])
        && digits.len() == 4
        && digits.bytes().all(|b| b.is_ascii_digit());
    if !is_offset {
        return Some(TimeDelta::zero());
    }
    let minutes =
        digits.get(..2)?.parse::<i64>().ok()? * 60 + digits.get(2..)?.parse::<i64>().ok()?;
    TimeDelta::try_minutes(if zone.starts_with('-') { -minutes } else { minutes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bill_file::{Format, bill_file};

    fn files(all: &[&str]) -> Vec<BillFile> {
        all.iter().map(|path| bill_file(PathBuf::from(path), Format::Parquet)).collect()
    }

    fn paths(files: &[BillFile]) -> Vec<PathBuf> {
        files.iter().map(|f| f.path.clone()).collect()
    }

    #[test]
    fn folders_of_days_are_no_versions() {
        let all = files(&["r/20240901-20241001/day=01/a.csv", "r/20240901-20241001/day=02/a.csv"]);
        let read = newest(all.clone(), &Choice::default(), &mut |_, _| {}).expect("no versions");
        assert_eq!(paths(&read), paths(&all));
    }

    #[test]
    fn times_are_compared_as_instants() {
        let at = |name: &str| time_of(name).unwrap_or_else(|| panic!("{name}"));
        assert!(at("20260910T000000Z") < at("2026-10-05T00:00:00.000Z-1111"));
        assert!(at("20261003T010000+0500") < at("20261003T000000Z"));
        assert!(at("20261003T010203Z") < at("20261003T010203.500Z"));
        assert_eq!(at("20261003T01"), at("2026-10-03T01:00:00Z-2e"));
        assert_eq!(at("20261003T010000"), at("20261003T010000Z"));
        assert_eq!(time_of("6c1e1111-0000-4000-8000-000000000001"), None);
    }
}
