//! Bills that are added up before they are handed over.

use std::path::PathBuf;

use cost_core::focus::{FocusError, FocusFrame, Twice};
use cost_core::rollup::roll_up;
use cost_provider_api::ProviderError;

use crate::find::Choice;
use crate::open::Opened;

/// The bill that `open` gives, added up once, so that files which hold the same charges do not get beyond the place where their names are
/// known. Of those the older are left out, if the choice says so: then it is opened again.
///
/// # Errors
/// What `open` says, and [`ProviderError::Focus`] for a bill that cannot be added up. Several currencies are no matter of the files, and
/// are said by whoever reads the charges.
pub fn checked(
    choice: &Choice,
    open: impl Fn(&Choice) -> Result<Opened, ProviderError>,
) -> Result<Opened, ProviderError> {
    without_older(choice, |choice| {
        let opened = open(choice)?;
        let bill = FocusFrame::from_parts(opened.parts.clone(), &[])?.with_files(opened.files.clone());
        match roll_up(&bill) {
            Ok(_) | Err(FocusError::MixedCurrency { .. }) => Ok(opened),
            Err(error) => Err(error.into()),
        }
    })
}

/// What `read` makes of the files of a choice. If it fails because files hold the same charges, and the choice asks for the newest, it reads
/// again without the older ones: each time there is a file less.
///
/// # Errors
/// What `read` says.
pub fn without_older<T>(
    choice: &Choice,
    read: impl Fn(&Choice) -> Result<T, ProviderError>,
) -> Result<T, ProviderError> {
    let mut choice = choice.clone();
    loop {
        match read(&choice) {
            Err(ProviderError::Focus(error)) => match older(&choice, &error) {
                Some(files) => choice.except.extend(files),
                None => return Err(without_cure(&choice, error).into()),
            },
            done => return done,
        }
    }
}

/// The error without the advice that was followed.
fn without_cure(choice: &Choice, error: FocusError) -> FocusError {
    match error {
        FocusError::CountedTwice { pairs, .. } => FocusError::CountedTwice { pairs, newest: choice.newest },
        other => other,
    }
}

/// Of files that `error` says hold the same charges, the older ones, by when they were last changed, each with the first of those that are newer.
/// `None` if the newest are not asked for, and where an older file holds other charges too, which would be lost.
fn older(choice: &Choice, error: &FocusError) -> Option<Vec<(PathBuf, String)>> {
    let FocusError::CountedTwice { pairs, .. } = error else { return None };
    let changed = |path: &String| std::fs::metadata(path).and_then(|m| m.modified()).ok();
    // All of one side must be older than all of the other.
    let times = |paths: &[String]| (paths.iter().map(changed).min(), paths.iter().map(changed).max());
    let of_pair = |t: &Twice| {
        let ((first, last), (first_of_larger, last_of_larger)) = (times(&t.smaller), times(&t.larger));
        let (files, newer) = if t.whole && last <= first_of_larger {
            (&t.smaller, &t.larger)
        } else if t.equal && last_of_larger < first {
            (&t.larger, &t.smaller)
        } else {
            return None;
        };
        let newer = newer.first().cloned().unwrap_or_default();
        Some(files.iter().map(|file| (PathBuf::from(file), newer.clone())).collect::<Vec<_>>())
    };
    if choice.newest { pairs.iter().map(of_pair).collect::<Option<Vec<_>>>().map(|files| files.concat()) } else { None }
}
