//! Bill files: finding them, choosing versions by their manifests, and reading FOCUS files and AWS Cost and Usage Reports as FOCUS.
//!
//! Not a provider: what providers that read files share, wherever the files come from.

pub mod cur;
mod discover;
pub mod manifest;
mod open;

use cost_core::focus::{Origin, Part};
use cost_provider_api::{CallError, FailureKind, Gap, ProviderError};
use polars::prelude::*;

pub use discover::{BillFile, Format, bill_file, discover};

/// The charges of each file, as they are: FOCUS rows, or a cost report's line items as FOCUS rows.
///
/// # Errors
/// [`ProviderError`].
pub fn origins(files: &[BillFile]) -> Result<Vec<Origin>, ProviderError> {
    files.iter().map(|file| origin(file, &open::shape(file)?)).collect()
}

/// The charges of all files, those of one raw schema together, in path order.
///
/// # Errors
/// [`ProviderError`].
pub fn parts(files: &[BillFile]) -> Result<Vec<Part>, ProviderError> {
    let mut groups: Vec<(open::Shape, Vec<BillFile>)> = Vec::new();
    for file in files {
        let shape = open::shape(file)?;
        match groups.iter_mut().find(|(s, _)| *s == shape) {
            Some((_, files)) => files.push(file.clone()),
            None => groups.push((shape, vec![file.clone()])),
        }
    }
    let mut parts = Vec::new();
    for (shape, files) in &groups {
        let origins = files.iter().map(|f| origin(f, shape)).collect::<Result<Vec<_>, _>>()?;
        let chunks = open::chunks(files, shape)?;
        let Some(report) = cur::Report::of(shape.schema()) else {
            parts.push(Part { chunks, origins });
            continue;
        };
        let label = files.first().map(BillFile::label).unwrap_or_default();
        let unused = chunks.iter().map(|c| report.unused(c.clone())).collect::<PolarsResult<Vec<_>>>();
        let unused = unused.map_err(|e| discover::unreadable(label.as_ref(), &e))?;
        let charges = chunks.into_iter().map(|c| report.charges(c)).collect();
        parts.push(Part { chunks: charges, origins });
        // Of fees already in the part before: rows of their own, that no message points at.
        parts.push(Part { chunks: unused, origins: Vec::new() });
    }
    Ok(parts)
}

/// What reports leave open: recurring fees of commitments that do not say what part was not used, so that their effective cost is too low.
///
/// # Errors
/// [`ProviderError`].
pub fn gaps(files: &[BillFile]) -> Result<Vec<Gap>, ProviderError> {
    let mut gaps = Vec::new();
    for file in files {
        let shape = open::shape(file)?;
        let Some(report) = cur::Report::of(shape.schema()) else { continue };
        let raw = open::scan_as(std::slice::from_ref(file), &shape)?;
        let count = report.silent_fees(raw).select([len()]).collect();
        let count = count.and_then(|c| c.column("len")?.get(0)?.try_extract::<u64>());
        let count = count.map_err(|e| discover::unreadable(&file.path, &e))?;
        if count > 0 {
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
