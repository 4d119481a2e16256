//! Check of bills: their charges are aggregated before they are returned.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cost_core::focus::{FocusError, FocusFrame, Twice};
use cost_core::rollup::roll_up;
use cost_provider_api::ProviderError;

use crate::bill_file::modified;
use crate::choice::Choice;
use crate::open::Opened;

/// Opens a bill and aggregates it once, so that duplicate charges are found where the file names
/// are known. If the choice takes the newest, the older files are excluded and the bill is opened
/// again.
///
/// # Errors
/// Errors of `open`, and [`ProviderError::Focus`] for a bill that cannot be aggregated. Several
/// currencies are not an error here; the reader of the charges reports them.
pub fn checked(
    choice: &Choice,
    open: impl Fn(&Choice) -> Result<Opened, ProviderError>,
) -> Result<Opened, ProviderError> {
    without_older(choice, |choice| {
        let opened = open(choice)?;
        let bill =
            FocusFrame::from_parts(opened.parts.clone(), &[])?.with_files(opened.files.clone());
        match roll_up(&bill) {
            Ok(_) | Err(FocusError::MixedCurrency { .. }) => Ok(opened),
            Err(error) => Err(error.into()),
        }
    })
}

/// Reads the files of a choice. If `read` fails because files contain the same charges, and the
/// choice takes the newest, it reads again without the older ones, until there are no such files.
///
/// # Errors
/// Errors of `read`.
pub fn without_older<T>(
    choice: &Choice,
    read: impl Fn(&Choice) -> Result<T, ProviderError>,
) -> Result<T, ProviderError> {
    let mut choice = choice.clone();
    loop {
        match read(&choice) {
            Err(ProviderError::Focus(error)) => match older(&choice, &error)? {
                Some(files) => choice.except.extend(files),
                None => return Err(without_cure(&choice, error).into()),
            },
            done => return done,
        }
    }
}

/// Returns the error without advice that was already followed.
fn without_cure(choice: &Choice, error: FocusError) -> FocusError {
    match error {
        FocusError::CountedTwice { pairs, .. } => {
            FocusError::CountedTwice { pairs, newest: choice.newest }
        }
        other => other,
    }
}

/// Returns the older ones of files with the same charges in `error`, by their last modification,
/// each with the first of the newer ones. `None` if the choice does not take the newest, or if an
/// older file also has other charges, which would be lost.
///
/// # Errors
/// [`ProviderError::Unreadable`] if the modification time of a file cannot be read.
fn older(
    choice: &Choice,
    error: &FocusError,
) -> Result<Option<Vec<(PathBuf, String)>>, ProviderError> {
    let FocusError::CountedTwice { pairs, .. } = error else { return Ok(None) };
    if !choice.newest {
        return Ok(None);
    }
    let of_pair = |t: &Twice| {
        let (smaller, larger) = (Changed::of(&t.smaller)?, Changed::of(&t.larger)?);
        let (files, newer) = match () {
            () if t.contained && smaller.last <= larger.first => (&t.smaller, &t.larger),
            () if t.equal && larger.last < smaller.first => (&t.larger, &t.smaller),
            () => return Ok(None),
        };
        let newer = newer.first().cloned().unwrap_or_default();
        Ok(Some(files.iter().map(|file| (PathBuf::from(file), newer.clone())).collect::<Vec<_>>()))
    };
    let all = pairs.iter().map(of_pair).collect::<Result<Option<Vec<_>>, ProviderError>>()?;
    Ok(all.map(|files| files.concat()))
}

/// First and last modification of some files. Of two sides, all files of one must be older than all
/// of the other.
struct Changed {
    first: SystemTime,
    last: SystemTime,
}

impl Changed {
    fn of(files: &[String]) -> Result<Self, ProviderError> {
        let times = files.iter().map(|f| modified(Path::new(f))).collect::<Result<Vec<_>, _>>()?;
        let (first, last) = (times.iter().min().copied(), times.iter().max().copied());
        Ok(Self {
            first: first.unwrap_or(SystemTime::UNIX_EPOCH),
            last: last.unwrap_or(SystemTime::UNIX_EPOCH),
        })
    }
}

#[cfg(test)]
mod tests {
    use cost_core::focus::TwiceAs;

    use super::*;

    #[test]
    fn a_file_whose_time_cannot_be_read_is_neither_older_nor_newer() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        std::fs::write(file("there.csv"), "a").expect("written");
        let twice = |smaller: &str, larger: &str| {
            let (smaller, larger) = (vec![file(smaller)], vec![file(larger)]);
            let (billing_account, billing_period) = (None, None);
            let (how, contained, equal) = (TwiceAs::Rows, true, true);
            let pair = Twice {
                smaller,
                larger,
                billing_account,
                billing_period,
                pct: 100,
                how,
                contained,
                equal,
            };
            FocusError::CountedTwice { pairs: vec![pair], newest: false }
        };
        let newest = Choice { newest: true, ..Choice::default() };
        for error in [twice("gone.csv", "there.csv"), twice("there.csv", "gone.csv")] {
            let refused = older(&newest, &error).expect_err("no time").to_string();
            assert!(refused.contains("gone.csv") && refused.contains("--only"), "{refused}");
            assert!(older(&Choice::default(), &error).expect("nobody asks").is_none());
        }
        let same = older(&newest, &twice("there.csv", "there.csv")).expect("times");
        assert_eq!(same, Some(vec![(PathBuf::from(file("there.csv")), file("there.csv"))]));
    }
}
