//! Opening of a location: the data of an estate, its bills, and one scan of them as sessions.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use cost_core::estate::{Estate, Identity};
use cost_core::focus::{FocusError, Reading};
use cost_core::{Error, Session, SessionBuilder};
use cost_provider_focus::{Choice, FocusFiles, without_older};
use tracing::info;

/// Selection of bill files, and how they are read.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// Selection of its files.
    pub choice: Choice,
    /// Currency, and whether known exporter errors are repaired.
    pub reading: Reading,
}

/// Opens the estate or the bills at a location (a file, a folder, or a glob). Returns one session
/// per currency, in the order of the currency codes, or a single session if `builder` converts
/// amounts. There is at least one. The bill is read with the tag keys of the estate and of the
/// options of `builder`.
///
/// ```
/// use cost_core::prelude::*;
/// use cost_providers::{OpenOptions, open};
///
/// # let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../datasets/focus/focus_sample_1000.csv");
/// let sessions = open(sample, &OpenOptions::default(), Session::builder())?;
/// println!("{}", sessions[0].review()?.totals.effective.this_month);
///
/// let error = open("no-such-bill.csv", &OpenOptions::default(), Session::builder()).err();
/// assert_eq!(error.map(|e| e.kind()), Some(ErrorKind::NotFound));
/// # Ok::<(), Error>(())
/// ```
///
/// If a pull replaces the estate meanwhile, everything is read again, so that a report never has
/// parts of two estates.
///
/// # Errors
/// [`Error`]: the location does not exist, the bill or a table of the estate cannot be read, pulls
/// replace the estate again and again, or an error of [`SessionBuilder::open_each`].
pub fn open(
    location: &str,
    options: &OpenOptions,
    builder: SessionBuilder,
) -> Result<Vec<Session>, Error> {
    for _ in 1..READINGS {
        let before = Identity::at(Path::new(location));
        let opened = open_once(location, options, builder.clone());
        if Identity::at(Path::new(location)) == before {
            return opened;
        }
        info!(location, "a pull has replaced the estate while it was read: reading it again");
    }
    open_once(location, options, builder)
}

/// Readings of an estate that is replaced each time. Chosen: pulls take longer than a reading, so
/// that a second one is rare.
const READINGS: u32 = 5;

fn open_once(
    location: &str,
    options: &OpenOptions,
    builder: SessionBuilder,
) -> Result<Vec<Session>, Error> {
    let start = Instant::now();
    let estate = Arc::new(Estate::open(location)?);
    info!(location, bill = estate.billing, "opening");
    let builder = builder.estate(Arc::clone(&estate));
    let tag_keys = builder.tag_keys();
    let sessions = sessions(&estate, options, &builder, &tag_keys, start);
    estate.is_same()?;
    sessions
}

/// Scans the bills of an estate.
fn sessions(
    estate: &Estate,
    options: &OpenOptions,
    builder: &SessionBuilder,
    tag_keys: &[String],
    start: Instant,
) -> Result<Vec<Session>, Error> {
    without_older(&options.choice, |choice| {
        let files = FocusFiles::new(&estate.billing).choosing(choice.clone());
        let bill = files.bill_as(tag_keys, &options.reading)?;
        match builder.open_each(&bill).map_err(Error::downcast::<FocusError>) {
            Ok(sessions) => {
                let ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
                for session in &sessions {
                    let (currency, line_items) = (session.currency(), session.rollup().line_items);
                    info!(%currency, line_items, ms, "bill aggregated");
                }
                Ok(Ok(sessions))
            }
            // If files contain the same charges, the older ones can be excluded.
            Err(Ok(error)) => Err(error.into()),
            Err(Err(other)) => Ok(Err(other)),
        }
    })?
}
