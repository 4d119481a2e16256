//! Azure cost details: the data set of each file, and which files are pairs.

use std::path::{Path, PathBuf};

use cost_core::focus::{Columns, Rows};
use cost_core::shield::shield;
use cost_provider_api::ProviderError;
use polars::prelude::*;

use super::shaped::Shaped;
use crate::azure::{CostDetails, Dataset};
use crate::bill_file::unreadable;
use crate::copies;
use crate::kind::Kind;
use crate::pair;

/// Returns cost details with the order of day and month determined from all dates of a file, since
/// any date can be the evidence.
fn with_dates(details: CostDetails, rows: &Rows) -> PolarsResult<CostDetails> {
    let headers = details.date_columns();
    let dates: Vec<Expr> = headers.iter().map(|h| col(h.as_str())).collect();
    let wanted: Columns = headers.iter().map(|h| h.as_str().into()).collect();
    let mut seen = Vec::new();
    for batch in rows.batches_of(&wanted) {
        let of_batch =
            batch?.select(dates.clone()).unique(None, UniqueKeepStrategy::Any).collect()?;
        seen.push(of_batch.lazy());
    }
    if seen.is_empty() || headers.is_empty() {
        return Ok(details);
    }
    let all = concat(seen, UnionArgs::default())?.collect()?;
    details.with_dates_of(all.lazy())
}

/// Determines the role in which each file of Azure cost details is read. Returns the files that are
/// copies of another file of the same data set, by their positions, with that file.
pub(super) fn settle_azure(all: &mut [Shaped]) -> Result<Vec<(usize, PathBuf)>, ProviderError> {
    let mut found = Vec::new();
    for (at, shaped) in all.iter_mut().enumerate() {
        let Kind::Azure(details, role) = shaped.kind.clone() else { continue };
        let failed = |e: PolarsError| unreadable(&shaped.file.path, &e);
        let rows = shaped.alone().rows()?;
        let details = shield(|| with_dates(details, &rows)).map_err(failed)?;
        found.push((at, shield(|| pair::details(&details, &rows)).map_err(failed)?));
        shaped.kind = Kind::Azure(details, role);
    }
    let places: Vec<usize> = found.iter().map(|(at, _)| *at).collect();
    let paths: Vec<PathBuf> = places.iter().map(|at| all[*at].file.path.clone()).collect();
    let mut of_files: Vec<_> =
        paths.iter().map(PathBuf::as_path).zip(found.into_iter().map(|(_, d)| d)).collect();
    pair::by_folder(&mut of_files);
    let mut copies = Vec::new();
    let mut unique: Vec<(usize, (&Path, pair::Details))> = Vec::new();
    for (at, (path, details)) in places.into_iter().zip(of_files) {
        let mut first = None;
        for (_, (other, of)) in unique.iter().filter(|(_, (_, of))| of.dataset == details.dataset) {
            let is_known = of.dataset != Dataset::WithoutCommitments;
            if is_known && copies::are_same(path, other).map_err(|e| unreadable(path, &e))? {
                first = Some(other.to_path_buf());
            }
        }
        match first {
            Some(first) => copies.push((at, first)),
            None => unique.push((at, (path, details))),
        }
    }
    let (places, of_files): (Vec<usize>, Vec<_>) = unique.into_iter().unzip();
    let settled = pair::settle(of_files)?;
    for (at, role) in places.iter().zip(&settled.roles) {
        if let Kind::Azure(details, _) = all[*at].kind.clone() {
            all[*at].kind = Kind::Azure(details.with_pairs(settled.pairs.clone()), *role);
        }
    }
    if let Some((at, note)) = settled.note {
        all[places[at]].note = Some(note);
    }
    Ok(copies)
}
