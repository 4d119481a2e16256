//! Bills from files: FOCUS and AWS Cost and Usage Reports, as CSV, CSV.gz and Parquet; a file, a folder, a glob, hive-partitioned
//! folders, exports with manifests.
//!
//! ```no_run
//! use cost_provider_focus::FocusFiles;
//! let bill = FocusFiles::new("bills/").bill(&["team".to_owned()])?;
//! let rollup = cost_core::rollup::roll_up(&bill)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use cost_bill_files::Choice;
use cost_bill_files::{Opened, find, open, origins};
use cost_core::focus::{FileStatus, FocusError, FocusFrame, Origin, PAGE, Part, Reading, SourceFile, Twice};
use std::path::PathBuf;

use cost_core::rollup::roll_up;
use cost_provider_api::{BillingSource, CallError, FailureKind, Gap, ProviderError, Pulled, Pulling};

/// A bill in files.
#[derive(Clone, Debug)]
pub struct FocusFiles {
    location: String,
    choice: Choice,
}

impl FocusFiles {
    /// The bill at a path: a file, a folder (searched with its sub-folders), or a glob such as `bills/2026-*/*.parquet`.
    #[must_use]
    pub fn new(location: &str) -> Self {
        Self { location: location.to_owned(), choice: Choice::default() }
    }

    /// The same, but of its files only those chosen.
    #[must_use]
    pub fn choosing(self, choice: Choice) -> Self {
        Self { choice, ..self }
    }

    /// The charges of each file, as they are: for `cost validate`.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn raw(&self) -> Result<Vec<Origin>, ProviderError> {
        origins(&find(&self.location, &self.choice)?.files)
    }

    /// The line items, checked and still lazy, with the chosen tag keys kept.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn bill(&self, tag_keys: &[String]) -> Result<FocusFrame, ProviderError> {
        self.bill_as(tag_keys, &Reading::default())
    }

    /// As [`FocusFiles::bill`], but as [`Reading`] says.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn bill_as(&self, tag_keys: &[String], reading: &Reading) -> Result<FocusFrame, ProviderError> {
        let opened = open(&self.location, &self.choice)?;
        let notes = cost_provider_api::lines(&opened.gaps);
        Ok(FocusFrame::read(opened.parts, tag_keys, reading)?.with_files(opened.files).with_notes(notes))
    }
}

/// Of files that `error` says hold the same charges, the older ones, by when they were last changed. `None` if the newest are not asked for, and
/// where an older file holds other charges too, which would be lost.
#[must_use]
pub fn older(choice: &Choice, error: &FocusError) -> Option<Vec<PathBuf>> {
    let FocusError::CountedTwice(pairs) = error else { return None };
    let changed = |path: &String| std::fs::metadata(path).and_then(|m| m.modified()).ok();
    // All of one side must be older than all of the other.
    let times = |paths: &[String]| (paths.iter().map(changed).min(), paths.iter().map(changed).max());
    let of_pair = |t: &Twice| {
        let ((first, last), (first_of_larger, last_of_larger)) = (times(&t.smaller), times(&t.larger));
        let files = if t.whole && last <= first_of_larger {
            &t.smaller
        } else if t.equal && last_of_larger < first {
            &t.larger
        } else {
            return None;
        };
        Some(files.iter().map(PathBuf::from).collect::<Vec<_>>())
    };
    if choice.newest { pairs.iter().map(of_pair).collect::<Option<Vec<_>>>().map(|files| files.concat()) } else { None }
}

/// A file of the location that is not in the bill.
fn left_out(file: &SourceFile) -> Gap {
    let error = CallError {
        provider: "files",
        operation: "read:bill".to_owned(),
        account: None,
        region: None,
        kind: FailureKind::Unreadable,
        retryable: false,
        message: format!("{}; {}", file.what, file.reason.as_deref().unwrap_or_default()),
    };
    Gap { what: format!("{} was not read", file.path), error }
}

impl FocusFiles {
    /// The bill, added up once: an estate keeps no trace of the files it came from, so that what a review would refuse must not get into it.
    fn checked(&self) -> Result<Opened, ProviderError> {
        let mut choice = self.choice.clone();
        loop {
            let opened = open(&self.location, &choice)?;
            let bill = FocusFrame::from_parts(opened.parts.clone(), &[])?.with_files(opened.files.clone());
            match roll_up(&bill) {
                // What is no matter of the files is said by whoever reads the estate.
                Ok(_) | Err(FocusError::MixedCurrency { .. }) => return Ok(opened),
                Err(error) => match older(&choice, &error) {
                    Some(files) => choice.except.extend(files),
                    None => return Err(error.into()),
                },
            }
        }
    }
}

impl BillingSource for FocusFiles {
    fn describe(&self) -> String {
        self.location.clone()
    }

    fn billing(&self) -> Pulling<'_, Vec<Part>> {
        Box::pin(async {
            let opened = self.checked()?;
            let aside = opened.files.iter().filter(|f| f.status == FileStatus::LeftOut && f.what != PAGE);
            let gaps = opened.gaps.into_iter().chain(aside.map(left_out)).collect();
            Ok(Pulled { data: opened.parts, gaps })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::FocusFiles;

    #[test]
    fn files_hold_what_every_provider_must() {
        let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../datasets/focus/focus_sample_1000.csv");
        let unmet = futures::executor::block_on(cost_provider_api::conformance::billing(&FocusFiles::new(sample)));
        assert_eq!(unmet.expect("the sample can be read"), Vec::<String>::new());
    }
}
