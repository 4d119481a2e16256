//! Which runs of Azure exports count.
//!
//! A newer run of an export supersedes runs whose days it contains. There are also runs for part of
//! the days (Exports - Execute takes a `timePeriod`; `Start-FinOpsCostExport` of
//! microsoft/finops-toolkit makes one for each month). Such a run does not supersede a longer one;
//! the check for duplicate rows reports common charges.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::{Days, NaiveTime, TimeDelta};
use cost_core::focus::FileStatus;

use super::azure::{Blob, Dataset, Run};
use super::names::{folder_of, last};

/// Runs that count, and runs that do not.
pub(crate) struct Decided {
    pub(crate) read: Vec<Run>,
    pub(crate) aside: Vec<Aside>,
}

/// Run that does not count, and why.
pub(crate) struct Aside {
    pub(crate) run: Run,
    pub(crate) status: FileStatus,
    pub(crate) why: String,
}

/// Two runs, by their manifests, for which it cannot be determined which one counts.
#[derive(Debug)]
pub(crate) struct Undecided {
    pub(crate) keys: [String; 2],
    pub(crate) problem: String,
}

/// Order of two runs by the modification times of their files.
pub(crate) type ByFile<'a> = &'a dyn Fn(&Run, &Run) -> Ordering;

/// Rules where manifests do not decide.
pub(crate) struct Help<'a> {
    /// Order of runs by file time, if allowed.
    pub(crate) by_file_time: Option<ByFile<'a>>,
    /// Whether a file of the run is chosen. Runs without a chosen file do not cause an error if
    /// runs cannot be ordered.
    pub(crate) is_wanted: &'a dyn Fn(&Run) -> bool,
}

/// Exports run daily, so two exports of one scope can differ by a day.
const APART: TimeDelta = TimeDelta::hours(24);
/// Time until Azure closes the charges of a month: up to 72 hours after its end. Source: Microsoft
/// Learn, "Understand Cost Management data".
const CLOSED: Days = Days::new(3);

/// Returns the newest runs of each export and, for each scope and days, FOCUS instead of actual and
/// amortized costs, which contain the same charges.
///
/// # Errors
/// Runs of which only one counts, if it cannot be determined which.
pub(crate) fn choose(runs: Vec<Run>, help: &Help<'_>) -> Result<Decided, Undecided> {
    let mut aside = Vec::new();
    let mut exports: BTreeMap<(String, Dataset), Vec<Run>> = BTreeMap::new();
    for run in runs {
        match &run.dataset {
            Dataset::Other(what) => {
                let what = if what.is_empty() { "something else" } else { what };
                let why = format!("an export of {what}, which is not a bill");
                aside.push(Aside { status: FileStatus::Excluded, why, run });
            }
            _ => exports.entry((run.export.clone(), run.dataset.clone())).or_default().push(run),
        }
    }
    let mut read = Vec::new();
    for runs in exports.into_values() {
        read.extend(of_export(runs, help, &mut aside)?);
    }
    read.sort_by(|a, b| {
        (&a.export, &a.dataset, a.days, &a.key).cmp(&(&b.export, &b.dataset, b.days, &b.key))
    });
    let read = of_scopes(read, help, &mut aside)?;
    Ok(Decided { read, aside })
}

/// Whether a run contains all days of another.
fn covers(run: &Run, other: &Run) -> bool {
    run.days.zip(other.days).is_some_and(|(a, b)| a.0 <= b.0 && a.1 >= b.1)
}

fn meet(a: &Run, b: &Run) -> bool {
    covers(a, b) || covers(b, a)
}

/// Whether two manifests are copies of one run, in any place; some tools write the new folder into
/// the file names.
fn is_same(a: &Run, b: &Run) -> bool {
    // All fields except the key; fields that differ between most runs come first.
    let Run { key: _, scope, export, dataset, days, submitted, submitted_text, all, blobs } = a;
    // Without a time, runs with the same number of bytes can still be two runs.
    let is_name = |a: &str, b: &str| if submitted.is_some() { last(a) == last(b) } else { a == b };
    let is_blob = |(a, b): (&Blob, &Blob)| {
        (a.bytes, a.rows) == (b.bytes, b.rows) && is_name(&a.name, &b.name)
    };
    (submitted, all, days, blobs.len()) == (&b.submitted, &b.all, &b.days, b.blobs.len())
        && (submitted_text, scope, export, dataset)
            == (&b.submitted_text, &b.scope, &b.export, &b.dataset)
        && blobs.iter().zip(&b.blobs).all(is_blob)
}

/// Returns the order of two runs by submission; `None` if not stated.
fn by_submission(a: &Run, b: &Run) -> Option<Ordering> {
    Some(a.submitted?.cmp(&b.submitted?)).filter(|o| o.is_ne())
}

fn pairs(runs: &[Run]) -> impl Iterator<Item = (&Run, &Run)> {
    runs.iter().enumerate().flat_map(|(at, a)| runs[at + 1..].iter().map(move |b| (a, b)))
}

/// Returns the runs of one export that count.
fn of_export(
    mut runs: Vec<Run>,
    help: &Help<'_>,
    aside: &mut Vec<Aside>,
) -> Result<Vec<Run>, Undecided> {
    runs.sort_by(|a, b| a.key.cmp(&b.key));
    runs.dedup_by(|b, a| is_same(a, b) && folder_of(&a.key) == folder_of(&b.key));
    let unordered = |runs: &[Run]| {
        let found = pairs(runs).find(|(a, b)| {
            meet(a, b)
                && by_submission(a, b).is_none()
                && !a.is_empty()
                && !b.is_empty()
                && !is_same(a, b)
        });
        found.map(|(a, b)| [a.key.clone(), b.key.clone()])
    };
    while let Some(keys) = unordered(&runs).filter(|_| help.by_file_time.is_none()) {
        let before = runs.len();
        runs.retain(|r| !keys.contains(&r.key) || (help.is_wanted)(r));
        if runs.len() == before {
            let said: Vec<&str> = runs
                .iter()
                .filter(|r| keys.contains(&r.key))
                .map(|r| r.submitted_text.as_str())
                .collect();
            let problem = format!(
                "two runs of one export have the same days, and their submittedTime ({}) does not \
                 determine which is newer: choose one with --only, move the older one away, or \
                 take the newest by file time with --newest",
                said.iter()
                    .map(|s| if s.is_empty() { "none" } else { s })
                    .collect::<Vec<_>>()
                    .join(" and ")
            );
            return Err(Undecided { keys, problem });
        }
    }
    // One order for all of them: manifest times and file times are not mixed.
    let file_time = help.by_file_time.filter(|_| unordered(&runs).is_some());
    let order =
        |a: &Run, b: &Run| file_time.map_or_else(|| a.submitted.cmp(&b.submitted), |by| by(a, b));
    runs.sort_by(|a, b| order(b, a).then_with(|| b.key.cmp(&a.key)));
    let mut read: Vec<Run> = Vec::new();
    let mut empty = Vec::new();
    for run in runs {
        let by = read.iter().find(|newer| covers(newer, &run) && !is_same(newer, &run));
        if let Some(why) = by.map(|newer| superseded(newer, &run)) {
            aside.push(Aside { status: FileStatus::Superseded, why, run });
        } else if run.is_empty() {
            empty.push(run);
        } else {
            read.push(run);
        }
    }
    for run in empty {
        if let Some(full) = read.iter().find(|full| meet(full, &run)) {
            let why = format!("its run has no rows; the run of {} has rows and is read", full.key);
            aside.push(Aside { status: FileStatus::Excluded, why, run });
        } else {
            read.push(run);
        }
    }
    Ok(read)
}

/// Returns why a run does not count next to a newer one.
fn superseded(newer: &Run, run: &Run) -> String {
    let when = if newer.submitted.is_some() {
        format!(", submitted {}", newer.submitted_text)
    } else {
        String::new()
    };
    let days =
        newer.days.map(|(first, last)| format!(", of {first} to {last}")).unwrap_or_default();
    let fewer = match (newer.rows(), run.rows()) {
        (Some(now), Some(before)) if now < before => {
            format!(
                "; it has {now} rows, this one {before}: check whether the newer run is \
                complete"
            )
        }
        _ => String::new(),
    };
    format!(
        "a newer run of the same export with all its days is read: {}{when}{days}{fewer}",
        newer.key
    )
}

/// Selects FOCUS runs instead of others for each scope and days.
fn of_scopes(
    mut read: Vec<Run>,
    help: &Help<'_>,
    aside: &mut Vec<Aside>,
) -> Result<Vec<Run>, Undecided> {
    let is_focus = |r: &Run| r.dataset == Dataset::Focus && !r.is_empty();
    let focus: Vec<Run> = read.iter().filter(|r| is_focus(r)).cloned().collect();
    for focus in focus {
        let others: Vec<Run> = read
            .iter()
            .filter(|r| {
                r.dataset != Dataset::Focus
                    && !r.scope.is_empty()
                    && r.scope == focus.scope
                    && covers(&focus, r)
            })
            .cloned()
            .collect();
        for other in others {
            let (put, for_) = match choice(&focus, &other, help)? {
                Choice::Focus => (&other, &focus),
                Choice::Other => (&focus, &other),
                Choice::Wanted => {
                    read.retain(|r| {
                        ![&focus.key, &other.key].contains(&&r.key) || (help.is_wanted)(r)
                    });
                    continue;
                }
            };
            let before = read.len();
            read.retain(|r| r.key != put.key);
            if read.len() < before {
                aside.push(Aside {
                    status: FileStatus::Superseded,
                    why: beside(for_),
                    run: put.clone(),
                });
            }
        }
    }
    Ok(read)
}

fn name_of(dataset: &Dataset) -> &'static str {
    match dataset {
        Dataset::Focus => "FOCUS",
        Dataset::Actual => "actual cost",
        Dataset::Amortized => "amortized cost",
        Dataset::Other(_) => "something else",
    }
}

fn beside(read: &Run) -> String {
    let when = if read.submitted.is_some() {
        format!(", submitted {}", read.submitted_text)
    } else {
        String::new()
    };
    format!(
        "the {} export of the same scope and days is read: {}{when}",
        name_of(&read.dataset),
        read.key
    )
}

enum Choice {
    Focus,
    Other,
    /// The chosen ones.
    Wanted,
}

/// Returns which to read: a FOCUS run, or another run of the same days.
fn choice(focus: &Run, other: &Run, help: &Help<'_>) -> Result<Choice, Undecided> {
    let (wants_focus, wants_other) = ((help.is_wanted)(focus), (help.is_wanted)(other));
    if other.is_empty() || is_as_late(focus, other) {
        return Ok(Choice::Focus);
    }
    if let Some(by_file_time) = help.by_file_time {
        let order = by_submission(focus, other).unwrap_or_else(|| by_file_time(focus, other));
        return Ok(if order.is_lt() { Choice::Other } else { Choice::Focus });
    }
    if !(wants_focus && wants_other) {
        return Ok(Choice::Wanted);
    }
    let said = |r: &Run| {
        let when = if r.submitted_text.is_empty() {
            "at an unknown time".to_owned()
        } else {
            r.submitted_text.clone()
        };
        let rows = r.rows().map(|n| format!(", {n} rows")).unwrap_or_default();
        format!("{} (submitted {when}{rows})", name_of(&r.dataset))
    };
    let problem = format!(
        "{} and {} have the same scope and days, so charges would count twice, and the older one \
         lacks charges of later days: choose one with --only, or take the newer one with --newest",
        said(focus),
        said(other)
    );
    Err(Undecided { keys: [focus.key.clone(), other.key.clone()], problem })
}

/// Whether a FOCUS run lacks no data of another: the difference in age is at most that of exports
/// of one day, or its days were closed.
fn is_as_late(focus: &Run, other: &Run) -> bool {
    let (Some(own), Some(others)) = (focus.submitted, other.submitted) else { return false };
    let closed = focus
        .days
        .and_then(|(_, last)| last.checked_add_days(Days::new(1))?.checked_add_days(CLOSED));
    let is_closed = closed.is_some_and(|day| own >= day.and_time(NaiveTime::MIN).and_utc());
    others - own <= APART || is_closed
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::azure::Totals;
    use super::super::time::instant;
    use super::*;

    fn run(key: &str, dataset: Dataset, days: (u32, u32), submitted: &str) -> Run {
        let day = |d| NaiveDate::from_ymd_opt(2026, 9, d).expect("a day");
        Run {
            key: format!("{key}/manifest.json"),
            scope: "/subscriptions/s".to_owned(),
            export: format!("{dataset:?}"),
            dataset,
            days: Some((day(days.0), day(days.1))),
            submitted: instant(submitted),
            submitted_text: submitted.to_owned(),
            all: Totals::default(),
            blobs: vec![Blob { name: format!("{key}/part.csv"), bytes: Some(7), rows: Some(3) }],
        }
    }

    const NONE: Help<'_> = Help { by_file_time: None, is_wanted: &|_| true };

    fn read(runs: Vec<Run>) -> Vec<String> {
        let decided = choose(runs, &NONE).expect("an order");
        decided
            .read
            .into_iter()
            .map(|r| r.key.split('/').next().unwrap_or_default().to_owned())
            .collect()
    }

    fn refused(runs: Vec<Run>) -> String {
        choose(runs, &NONE).err().expect("no order").problem
    }

    #[test]
    fn a_newer_run_takes_the_place_of_those_whose_days_it_has() {
        let month = |key: &str, at: &str| run(key, Dataset::Focus, (1, 30), at);
        assert_eq!(
            read(vec![
                month("b", "2026-09-20"),
                month("c", "2026-09-30"),
                month("a", "2026-09-10")
            ]),
            ["c"]
        );
        let to_date = run("a", Dataset::Focus, (1, 10), "2026-09-10");
        assert_eq!(read(vec![to_date, run("b", Dataset::Focus, (1, 20), "2026-09-20")]), ["b"]);
        let again = run("b", Dataset::Focus, (1, 5), "2026-10-05");
        assert_eq!(read(vec![month("a", "2026-10-01"), again]), ["b", "a"], "of some days alone");
        let weeks = vec![
            run("a", Dataset::Focus, (1, 7), "2026-09-08"),
            run("b", Dataset::Focus, (8, 14), "2026-09-15"),
        ];
        assert_eq!(read(weeks), ["a", "b"]);
    }

    #[test]
    fn a_run_without_rows_takes_no_place() {
        let full = run("a", Dataset::Focus, (1, 30), "2026-09-10");
        let bare = Run { blobs: Vec::new(), ..run("b", Dataset::Focus, (1, 30), "2026-09-20") };
        let decided = choose(vec![full, bare.clone()], &NONE).expect("an order");
        assert_eq!((decided.read.len(), decided.aside.len()), (1, 1));
        assert!(decided.aside[0].why.contains("a/manifest.json"), "{}", decided.aside[0].why);
        assert_eq!(read(vec![bare]), ["b"], "alone");
    }

    #[test]
    fn a_copy_is_the_same_run_and_what_differs_in_anything_else_is_none() {
        let one = run("a", Dataset::Focus, (1, 30), "2026-09-10");
        let blob = |name: &str, bytes, rows| vec![Blob { name: name.to_owned(), bytes, rows }];
        assert!(is_same(&one, &Run { key: "copy/manifest.json".to_owned(), ..one.clone() }));
        assert!(
            is_same(&one, &Run { blobs: blob("copy/part.csv", Some(7), Some(3)), ..one.clone() }),
            "in another folder"
        );
        let totals = Totals { rows: Some(3), ..Totals::default() };
        for other in [
            Run { scope: "/subscriptions/t".to_owned(), ..one.clone() },
            Run { export: "other".to_owned(), ..one.clone() },
            Run { dataset: Dataset::Actual, ..one.clone() },
            Run { days: None, ..one.clone() },
            Run { submitted: None, ..one.clone() },
            Run { submitted_text: "10 September".to_owned(), ..one.clone() },
            Run { all: totals, ..one.clone() },
            Run { blobs: Vec::new(), ..one.clone() },
            Run { blobs: blob("a/other.csv", Some(7), Some(3)), ..one.clone() },
            Run { blobs: blob("a/part.csv", Some(8), Some(3)), ..one.clone() },
            Run { blobs: blob("a/part.csv", Some(7), Some(4)), ..one.clone() },
        ] {
            assert!(!is_same(&one, &other) && !is_same(&other, &one), "{other:?}");
        }
        let timeless = Run { submitted: None, ..one };
        let moved = Run { blobs: blob("copy/part.csv", Some(7), Some(3)), ..timeless.clone() };
        assert!(!is_same(&timeless, &moved), "without a time, of as many bytes");
    }

    #[test]
    fn what_has_no_time_has_no_order() {
        let timeless = |key: &str, at: &str| run(key, Dataset::Focus, (1, 30), at);
        assert!(refused(vec![timeless("a", ""), timeless("b", "2026-09-20")]).contains("none"));
        let mut other = timeless("b", "2026-09-20");
        assert_eq!(
            read(vec![timeless("a", "2026-09-20"), other.clone()]),
            ["a", "b"],
            "one run, copied"
        );
        other.blobs[0].bytes = Some(8);
        assert!(refused(vec![timeless("a", "2026-09-20"), other]).contains("submittedTime"));
        let by_name: &dyn Fn(&Run, &Run) -> Ordering = &|a, b| a.key.cmp(&b.key);
        let help = Help { by_file_time: Some(by_name), is_wanted: &|_| true };
        let decided = choose(vec![timeless("a", ""), timeless("b", "")], &help).expect("an order");
        assert_eq!(decided.read[0].key, "b/manifest.json");
        let help = Help { by_file_time: None, is_wanted: &|r| r.key.starts_with('a') };
        let decided = choose(vec![timeless("a", ""), timeless("b", "")], &help).expect("an order");
        assert_eq!(decided.read[0].key, "a/manifest.json");
    }

    #[test]
    fn focus_comes_before_actual_and_amortized_costs_unless_it_is_stale() {
        let focus = |at: &str| run("focus", Dataset::Focus, (1, 30), at);
        let actual = |at: &str| run("actual", Dataset::Actual, (1, 30), at);
        let amortized = run("amortized", Dataset::Amortized, (1, 30), "2026-09-10");
        let prices = run("prices", Dataset::Other("PriceSheet".to_owned()), (1, 30), "2026-09-10");
        let all = vec![focus("2026-09-10"), actual("2026-09-10T06:00:00Z"), amortized, prices];
        let decided = choose(all.clone(), &NONE).expect("an order");
        let status = |dataset: &str| {
            decided.aside.iter().find(|a| a.run.key.starts_with(dataset)).map(|a| a.status)
        };
        assert_eq!(status("prices"), Some(FileStatus::Excluded), "nothing took its place");
        assert_eq!(status("actual"), Some(FileStatus::Superseded));
        assert_eq!(read(all), ["focus"]);
        assert_eq!(
            read(vec![focus("2026-10-04"), actual("2026-10-20")]),
            ["focus"],
            "the month was closed"
        );
        let stale = refused(vec![focus("2026-09-15"), actual("2026-10-05")]);
        assert!(stale.contains("2026-09-15") && stale.contains("actual cost"), "{stale}");
        let of_less = run("focus", Dataset::Focus, (1, 15), "2026-10-05");
        assert_eq!(
            read(vec![of_less, actual("2026-10-05")]),
            ["actual", "focus"],
            "left to the guard"
        );
    }
}
