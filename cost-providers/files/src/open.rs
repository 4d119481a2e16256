//! Bills from files.

use std::collections::BTreeSet;

use cost_core::focus::{FileStatus, Origin, Part, SourceFile};
use cost_core::shield::shield;
use cost_provider_api::ProviderError;
use polars::prelude::PolarsError;
use tracing::{debug, info};

use crate::bill_file::{BillFile, unreadable};
use crate::choice::{Choice, Found};
use crate::find;
use crate::group::groups;
use crate::survey::survey;

/// Bill at a location.
#[derive(Default)]
pub struct Opened {
    /// Charges, with files of one schema together, in path order.
    pub parts: Vec<Part>,
    /// Notes for readers of the figures, one line each.
    pub notes: Vec<String>,
    /// Every file of the location, with its status.
    pub files: Vec<SourceFile>,
}

/// Opens the bill at a location: a file, a folder, or a glob.
///
/// # Errors
/// [`ProviderError`].
pub fn open(location: &str, choice: &Choice) -> Result<Opened, ProviderError> {
    let Found { files, aside, .. } = find::find(location, choice)?;
    let mut opened = open_files(&files)?;
    opened.files.extend(aside);
    opened.files.sort();
    log(location, &opened);
    Ok(opened)
}

/// Logs the status of each file.
fn log(location: &str, opened: &Opened) {
    for file in &opened.files {
        let (path, what, reason) = (&file.path, &file.what, file.reason.as_deref());
        let status = file.status.label();
        if file.status == FileStatus::Read {
            debug!(%path, status, %what, reason, "bill file");
        } else {
            info!(%path, status, %what, reason, "bill file");
        }
    }
    let read = opened.files.iter().filter(|f| f.status == FileStatus::Read).count();
    let excluded = opened.files.len() - read;
    info!(location, files = read, excluded, notes = opened.notes.len(), "bill opened");
}

/// Returns the charges of files, and notes on missing data.
///
/// # Errors
/// [`ProviderError`].
pub fn open_files(files: &[BillFile]) -> Result<Opened, ProviderError> {
    let mut opened = Opened::default();
    for group in groups(files, &mut opened.files)? {
        let failed = |e: PolarsError| unreadable(group.first(), &e);
        let rows = group.rows()?;
        let charges = group.kind.charges(&rows).map_err(failed)?;
        group.complete()?;
        let origins = group.origins()?;
        opened.parts.push(Part { rows: charges, origins });
        // Additional rows for line items of the part before. No message refers to these rows.
        let more = group.kind.more(&rows).map_err(failed)?;
        opened.parts.extend(more.map(|rows| Part { rows, origins: Vec::new() }));
        let survey = shield(|| survey(&group.kind, &rows)).map_err(|e| group.blame(&e, survey))?;
        opened.notes.extend(survey.notes);
        opened.parts.extend(survey.moved.map(|rows| Part { rows, origins: Vec::new() }));
    }
    Ok(opened)
}

/// Returns the charges of each file individually, and the formats of files that are not FOCUS: each
/// format once, in order of their names.
///
/// # Errors
/// [`ProviderError`].
pub fn origins(files: &[BillFile]) -> Result<(Vec<Origin>, Vec<String>), ProviderError> {
    let mut origins = Vec::new();
    let mut made_from = BTreeSet::new();
    for group in groups(files, &mut Vec::new())? {
        origins.extend(group.origins()?);
        made_from.extend(group.kind.made_from());
    }
    origins.sort_by(|a, b| a.label.cmp(&b.label));
    Ok((origins, made_from.into_iter().collect()))
}
