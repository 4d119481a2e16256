//! Files of one kind and schema, read together.

mod azure;
mod files;
mod labeled;
mod shaped;

use std::collections::{BTreeMap, BTreeSet};

use cost_core::focus::{FileStatus, Source, SourceFile};
use cost_provider_api::ProviderError;
use polars::prelude::*;

use self::azure::settle_azure;
pub(crate) use self::files::Group;
use self::files::Shape;
use self::shaped::Shaped;
use crate::bill_file::{BillFile, Format, slashes, unreadable};
use crate::kind::Kind;
use crate::parquet::ParquetFile;
use crate::text::TextFile;

/// Returns the kind of bill of a file; `None` if it is not a bill.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn kind_of(file: &BillFile) -> Result<Option<Kind>, ProviderError> {
    let schema = match file.format {
        Format::Parquet => ParquetFile::open(file)?.schema().clone(),
        Format::Text(packing) => match TextFile::open(file.path.clone(), packing)? {
            Some(text) => text.columns().clone(),
            None => return Ok(None),
        },
    };
    Ok(Some(Kind::of(&schema)).filter(|kind| !matches!(kind, Kind::Other)))
}

/// Groups files by raw schema, in path order. Tables that are not a bill are excluded, unless there
/// is no other file.
pub(crate) fn groups(
    files: &[BillFile],
    inventory: &mut Vec<SourceFile>,
) -> Result<Vec<Group>, ProviderError> {
    let is_alone = files.len() == 1;
    let mut all = shapes(files, inventory)?;
    leave_out_copies(&mut all, inventory)?;
    refuse_torn(&all)?;
    let mut groups: Vec<Group> = Vec::new();
    let mut by_shape: BTreeMap<Shape, Vec<usize>> = BTreeMap::new();
    let mut exports: BTreeMap<BTreeSet<PlSmallStr>, usize> = BTreeMap::new();
    for shaped in all {
        let is_other = matches!(shaped.kind, Kind::Other);
        if let Some(guess) = Kind::guess(&shaped.schema).filter(|_| is_other && is_alone) {
            return Err(unreadable(&shaped.file.path, &format!("it is {guess}")));
        }
        if is_other && is_alone && !shaped.is_table() {
            let (what, reason) = shaped.text();
            return Err(unreadable(
                &shaped.file.path,
                &format!("it is {what}, not a bill: {reason}"),
            ));
        }
        let mut source = shaped.source(!is_other || is_alone);
        if source.status == FileStatus::Read {
            let own = shaped.alone();
            let alike = by_shape.entry(own.shape()).or_default();
            let same = |at: &usize| groups.get(*at).is_some_and(|g| g.is_like(&own));
            let at = alike.iter().copied().find(same);
            // Files of one export have the same columns, however each is packed.
            let (columns, next) = (shaped.schema.iter_names().cloned().collect(), exports.len());
            let schema = *exports.entry(columns).or_insert(next);
            source.source = Source { kind: shaped.kind.as_str().to_owned(), schema };
            if let Some(group) = at.and_then(|at| groups.get_mut(at)) {
                group.files.extend(own.files);
            } else {
                alike.push(groups.len());
                groups.push(own);
            }
        }
        inventory.push(source);
    }
    if let (Some(first), true) = (files.first(), groups.is_empty()) {
        let problem = format!(
            "none of the {} files in this location is a bill: they lack required columns, such as \
             BilledCost",
            files.len()
        );
        return Err(unreadable(&first.path, &problem));
    }
    Ok(groups)
}

/// Opens the files; empty ones are excluded.
fn shapes(
    files: &[BillFile],
    inventory: &mut Vec<SourceFile>,
) -> Result<Vec<Shaped>, ProviderError> {
    let is_alone = files.len() == 1;
    let mut all = Vec::new();
    for file in files {
        match Shaped::of(file, is_alone)? {
            Some(shaped) => all.push(shaped),
            None if is_alone => {
                return Err(unreadable(
                    &file.path,
                    &"the file is empty; a bill starts with a line of column names",
                ));
            }
            None => inventory.push(SourceFile {
                path: file.label(),
                status: FileStatus::Excluded,
                what: "an empty file".to_owned(),
                reason: Some("it contains only whitespace".to_owned()),
                line_items: None,
                expected_rows: None,
                source: Source::default(),
                run: None,
            }),
        }
    }
    Ok(all)
}

/// Excludes copies among Azure exports.
fn leave_out_copies(
    all: &mut Vec<Shaped>,
    inventory: &mut Vec<SourceFile>,
) -> Result<(), ProviderError> {
    // From the last to the first, so that positions stay valid.
    for (at, of) in settle_azure(all)?.into_iter().rev() {
        let copy = all.remove(at);
        let reason = Some(format!("same content as {}", slashes(&of)));
        inventory.push(SourceFile {
            status: FileStatus::Duplicate,
            what: "a copy".to_owned(),
            reason,
            expected_rows: None,
            ..copy.source(true)
        });
    }
    Ok(())
}

/// # Errors
/// A file without a header line that has as many columns as the bills next to it.
fn refuse_torn(all: &[Shaped]) -> Result<(), ProviderError> {
    let widths: BTreeSet<usize> =
        all.iter().filter(|s| !matches!(s.kind, Kind::Other)).map(|s| s.schema.len()).collect();
    let Some(torn) = all.iter().find(|s| s.lacks_header() && widths.contains(&s.schema.len()))
    else {
        return Ok(());
    };
    let problem = "it has no header line, but as many columns as the bills next to it, so its \
        rows may be charges: add the header line, or move the file away";
    Err(unreadable(&torn.file.path, &problem))
}
