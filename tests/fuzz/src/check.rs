//! Results of cases, and whether they are allowed.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use cost_core::Session;
use cost_core::estate::Estate;
use cost_core::shield;
use cost_provider_focus::FocusFiles;
use cost_report::{RenderOptions, Reviews, format};
use polars::prelude::lit;

use crate::bill::Sums;
use crate::case::{Case, Want};

/// Result of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The expected totals.
    Right,
    /// An error that names the file.
    Refused,
    /// Other totals, with a note on what was not read.
    Said,
    /// Other totals, for a file whose damage cannot be detected.
    Other,
}

/// Panics that were not converted to errors.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Collects panics instead of printing them.
pub(crate) fn collect_panics() {
    std::panic::set_hook(Box::new(|info| {
        if !shield::is_inside()
            && let Ok(mut panics) = PANICS.lock()
        {
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            panics.push(format!("{} ({place})", info.payload_as_str().unwrap_or("a panic")));
        }
    }));
}

/// Reads, adds up, and reviews the files of a case.
///
/// # Errors
/// Why the result is not allowed.
pub(crate) fn check(case: &Case) -> Result<Outcome, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let root = folder.path().join("bill");
    for (name, bytes) in &case.files {
        let path = root.join(name);
        let written =
            path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, bytes));
        written.map_err(|e| format!("{}: {e}", path.display()))?;
    }
    let location = match case.files.as_slice() {
        [(name, _)] => root.join(name),
        _ => root.clone(),
    };
    let location = location.to_string_lossy().into_owned();
    let read = catch_unwind(AssertUnwindSafe(|| read(&location)));
    let panics = PANICS.lock().map(|mut p| std::mem::take(&mut *p)).unwrap_or_default();
    let read = match read {
        Ok(read) if panics.is_empty() => read,
        _ => return Err(format!("a panic: {}", panics.join("; "))),
    };
    match (read, &case.want) {
        (Err(error), Want::Sums(_)) => Err(format!("refused: {error}")),
        (Err(error), _) if !error.contains(&*root.to_string_lossy()) => {
            Err(format!("names no file: {error}"))
        }
        (Err(_), _) => Ok(Outcome::Refused),
        (Ok((sums, _)), Want::Sums(right)) if sums == *right => Ok(Outcome::Right),
        (Ok((sums, _)), Want::SumsOrError(right) | Want::SumsOrSaid(right, _))
            if right.contains(&sums) =>
        {
            Ok(Outcome::Right)
        }
        (Ok((_, notes)), Want::SumsOrSaid(_, files))
            if files.iter().any(|f| notes.contains(&format!("{f}: "))) =>
        {
            Ok(Outcome::Said)
        }
        (Ok(_), Want::Anything) => Ok(Outcome::Other),
        (Ok((sums, _)), want) => {
            Err(format!("a wrong number without a word: {sums:?}, and not {want:?}"))
        }
    }
}

/// Returns the totals of the bill at a location, and the notes; the review must succeed too.
fn read(location: &str) -> Result<(Sums, String), String> {
    let text = |e: &dyn ToString| e.to_string();
    let bill = FocusFiles::new(location).bill(&["team".to_owned()]).map_err(|e| text(&e))?;
    let estate = Estate::bare(location).map_err(|e| text(&e))?;
    let session = Session::builder().estate(estate).open(&bill).map_err(|e| text(&e))?;
    let rollup = session.rollup();
    let named = |e: &dyn ToString| format!("{location}: {}", e.to_string());
    let all = rollup.cube.total(lit(true)).map_err(|e| named(&e))?;
    let review = session.review().map_err(|e| text(&e))?;
    let look = RenderOptions { width: 80, color: false, top: 10 };
    let json = format("json").ok_or("no JSON")?;
    json.text(&Reviews(std::slice::from_ref(&review)), &look).map_err(|e| named(&e))?;
    let sums = Sums {
        billed: all.billed.amount(),
        effective: all.effective.amount(),
        line_items: all.line_items,
    };
    Ok((sums, rollup.notes.join("\n")))
}
