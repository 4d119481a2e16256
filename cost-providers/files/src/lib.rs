//! Bill files: finding them, choosing versions by their manifests, and reading FOCUS files and AWS Cost and Usage Reports as FOCUS.
//!
//! Not a provider: what providers that read files share, wherever the files come from.

pub mod azure;
pub mod cur;
mod discover;
pub mod manifest;
mod open;

use cost_core::focus::{Origin, Part};
use cost_provider_api::{CallError, FailureKind, Gap, ProviderError, Pulled};
use polars::prelude::*;

pub use discover::{BillFile, Format, bill_file, discover};

/// The charges of each file, as they are: FOCUS rows, or a cost report's line items as FOCUS rows.
///
/// # Errors
/// [`ProviderError`].
pub fn origins(files: &[BillFile]) -> Result<Vec<Origin>, ProviderError> {
    files.iter().map(|file| origin(file, &open::shape(file)?)).collect()
}

/// Files of one raw schema.
type Group = (open::Shape, Vec<BillFile>);

/// The files by raw schema, each schema's in path order. CSV files are read for that, from end to end.
fn groups(files: &[BillFile]) -> Result<Vec<Group>, ProviderError> {
    let mut groups: Vec<Group> = Vec::new();
    for file in files {
        let shape = open::shape(file)?;
        match groups.iter_mut().find(|(s, _)| *s == shape) {
            Some((_, files)) => files.push(file.clone()),
            None => groups.push((shape, vec![file.clone()])),
        }
    }
    Ok(groups)
}

/// The charges of all files, those of one raw schema together, in path order.
///
/// # Errors
/// [`ProviderError`].
pub fn parts(files: &[BillFile]) -> Result<Vec<Part>, ProviderError> {
    parts_of(&groups(files)?)
}

/// The charges of all files, and what cost reports leave open.
///
/// # Errors
/// [`ProviderError`].
pub fn parts_and_gaps(files: &[BillFile]) -> Result<Pulled<Vec<Part>>, ProviderError> {
    let groups = groups(files)?;
    Ok(Pulled { data: parts_of(&groups)?, gaps: gaps_of(&groups)? })
}

/// What the engine says of the files of a group.
fn unreadable(files: &[BillFile], error: &PolarsError) -> ProviderError {
    let label = files.first().map(BillFile::label).unwrap_or_default();
    discover::unreadable(label.as_ref(), error)
}

fn parts_of(groups: &[Group]) -> Result<Vec<Part>, ProviderError> {
    let mut parts = Vec::new();
    for (shape, files) in groups {
        let origins = files.iter().map(|f| origin(f, shape)).collect::<Result<Vec<_>, _>>()?;
        let chunks = open::chunks(files, shape)?;
        let Some(report) = cur::Report::of(shape.schema()) else {
            parts.push(Part { chunks, origins });
            continue;
        };
        let unused = chunks.iter().map(|c| report.unused(c.clone())).collect::<PolarsResult<Vec<_>>>();
        let unused = unused.map_err(|e| unreadable(files, &e))?;
        let charges = chunks.into_iter().map(|c| report.charges(c)).collect();
        parts.push(Part { chunks: charges, origins });
        // Of fees already in the part before: rows of their own, that no message points at.
        parts.push(Part { chunks: unused, origins: Vec::new() });
    }
    Ok(parts)
}

/// Recurring fees of commitments that do not say what part was not used, so that their effective cost is too low.
fn gaps_of(groups: &[Group]) -> Result<Vec<Gap>, ProviderError> {
    let mut gaps = Vec::new();
    for (shape, files) in groups {
        let Some(report) = cur::Report::of(shape.schema()) else { continue };
        let count = report.silent_fees(open::scan_as(files, shape)?).select([len()]).collect();
        let count = count.and_then(|c| c.column("len")?.get(0)?.try_extract::<u64>());
        if count.map_err(|e| unreadable(files, &e))? > 0 {
            let error = CallError {
                provider: "files",
                operation: "read:cost-reports".to_owned(),
                account: None,
                region: None,
                kind: FailureKind::Unreadable,
                retryable: false,
                message: "recurring fees that do not say what part was not used; EffectiveCost lacks it".to_owned(),
            };
            gaps.push(Gap { what: "unused part of some commitments".to_owned(), error });
        }
    }
    Ok(gaps)
}

fn origin(file: &BillFile, shape: &open::Shape) -> Result<Origin, ProviderError> {
    let raw = open::scan_as(std::slice::from_ref(file), shape)?;
    let raw = match cur::Report::of(shape.schema()) {
        Some(report) => report.charges(raw),
        None => raw,
    };
    Ok(Origin { label: file.label(), raw })
}
