//! Files of one kind and schema, read together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cost_core::focus::{
    Batches, Columns, FILE, FileStatus, Origin, PAGE, RowSource, Rows, Source, SourceFile,
    UnreadCells, columns,
};
use cost_core::shield::shield;
use cost_provider_api::ProviderError;
use polars::prelude::*;

use crate::azure::{CostDetails, Dataset};
use crate::bill_file::{BillFile, Format, slashes, unreadable};
use crate::copies;
use crate::kind::Kind;
use crate::now::{Now, named};
use crate::pair;
use crate::parquet::{ParquetFile, ParquetFiles};
use crate::text::TextFile;

/// Files that are scanned together: of one format, one raw schema, and one set of partition
/// columns.
pub(crate) struct Group {
    format: Format,
    schema: Schema,
    partitions: Vec<(String, String)>,
    pub(crate) kind: Kind,
    files: Vec<Member>,
}

/// A file of a group, opened.
#[derive(Clone)]
struct Member {
    file: BillFile,
    opened: Opened,
}

/// What is known of a file once it was opened.
#[derive(Clone)]
enum Opened {
    Parquet(ParquetFile),
    Text(Box<TextFile>),
}

/// Which bill a file is; `None` if it is none.
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

/// Columns of a table without a header line, at least, before it is compared with the bills beside
/// it. Chosen.
const FEWEST_COLUMNS: usize = 10;

/// A file, and which bill its rows are.
struct Shaped {
    file: BillFile,
    schema: Schema,
    opened: Opened,
    kind: Kind,
    rows: Option<u64>,
    /// What a reader should know of it.
    note: Option<String>,
}

impl Shaped {
    /// `None` for a file without a line of column names.
    fn of(file: &BillFile, is_alone: bool) -> Result<Option<Self>, ProviderError> {
        let _now = Now::reading(&file.label());
        let (schema, rows, opened) = match file.format {
            Format::Parquet => {
                let parquet = ParquetFile::open(file)?;
                (parquet.schema().clone(), Some(parquet.rows()), Opened::Parquet(parquet))
            }
            Format::Text(packing) => {
                let Some(text) = TextFile::open(file.path.clone(), packing)? else {
                    return Ok(None);
                };
                (text.columns().clone(), None, Opened::Text(Box::new(text)))
            }
        };
        let rows = rows.and_then(|r| u64::try_from(r).ok());
        if let (Some(rows), Some(said)) =
            (rows, file.rows.filter(|said| rows.is_some_and(|r| r != *said)))
        {
            let problem =
                format!("it has {rows} rows, and its manifest says {said}: copy the export again");
            return Err(unreadable(&file.path, &problem));
        }
        let kind = Kind::of(&schema);
        // What is no bill may be written as it likes.
        let is_bill = is_alone || !matches!(kind, Kind::Other);
        let opened = match opened {
            Opened::Text(text) if is_bill => Opened::Text(Box::new(text.into_bill()?)),
            other => other,
        };
        Ok(Some(Self {
            file: file.clone(),
            schema,
            opened,
            kind,
            rows: rows.or(file.rows),
            note: None,
        }))
    }

    /// Whether it is a table, of whatever: text of one column is prose.
    fn is_table(&self) -> bool {
        const PROSE: [&str; 5] = ["md", "txt", "log", "rst", "html"];
        let ending = self.file.path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        self.schema.len() > 1 && !ending.is_some_and(|e| PROSE.contains(&e.as_str()))
    }

    /// Whether its first line is data: a number or a day is no name of a column.
    fn lacks_header(&self) -> bool {
        let is_data =
            |name: &PlSmallStr| name.parse::<f64>().is_ok() || name.get(..10).is_some_and(is_day);
        matches!(self.kind, Kind::Other)
            && self.schema.len() >= FEWEST_COLUMNS
            && self.schema.iter_names().any(is_data)
    }

    /// What becomes of it.
    fn source(&self, is_bill: bool) -> SourceFile {
        let title = match &self.opened {
            Opened::Text(text) => text.title(),
            Opened::Parquet(_) => None,
        };
        let notes = [title, self.note.clone()].into_iter().flatten().collect::<Vec<_>>();
        let notes = (!notes.is_empty()).then(|| notes.join("; "));
        SourceFile {
            path: self.file.label(),
            status: if is_bill { FileStatus::Read } else { FileStatus::LeftOut },
            what: match () {
                () if is_bill || self.is_table() => {
                    format!("{}, {}", self.kind.as_str(), self.file.format.as_str())
                }
                () if Kind::guess(&self.schema).is_some() => {
                    "a table that cannot be read".to_owned()
                }
                () => PAGE.to_owned(),
            },
            reason: if is_bill { notes } else { Some(no_bill(&self.schema)) },
            line_items: None,
            expected_rows: self.rows.filter(|_| self.kind.keeps_rows()),
            source: Source::default(),
            run: self.file.run.clone(),
        }
    }

    /// The file as a group of its own.
    fn alone(&self) -> Group {
        Group {
            format: self.file.format,
            schema: self.schema.clone(),
            partitions: partitions(&self.file, &self.schema),
            kind: self.kind.clone(),
            files: vec![Member { file: self.file.clone(), opened: self.opened.clone() }],
        }
    }
}

/// Cost details with the order of day and month decided by all dates of a file: any of them may be
/// the one that tells.
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

/// Of Azure's cost details, as what each file is read. Gives those that are copies of another file
/// of the same data set, by their places, with that file.
fn settle_azure(all: &mut [Shaped]) -> Result<Vec<(usize, PathBuf)>, ProviderError> {
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
    let mut kept: Vec<(usize, (&Path, pair::Details))> = Vec::new();
    for (at, (path, details)) in places.into_iter().zip(of_files) {
        let mut first = None;
        for (_, (other, of)) in kept.iter().filter(|(_, (_, of))| of.dataset == details.dataset) {
            let is_known = of.dataset != Dataset::WithoutCommitments;
            if is_known && copies::are_same(path, other).map_err(|e| unreadable(path, &e))? {
                first = Some(other.to_path_buf());
            }
        }
        match first {
            Some(first) => copies.push((at, first)),
            None => kept.push((at, (path, details))),
        }
    }
    let (places, of_files): (Vec<usize>, Vec<_>) = kept.into_iter().unzip();
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

/// What the files of a group have in common, as far as it can be looked up.
type Shape = (Format, Vec<(String, String)>, Vec<PlSmallStr>);

/// The files by raw schema, each schema's in path order. What is no bill is left out, unless there
/// is nothing else.
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
            "none of the {} files in there is a bill: they lack its columns, such as BilledCost",
            files.len()
        );
        return Err(unreadable(&first.path, &problem));
    }
    Ok(groups)
}

/// The files with what is in them; an empty one is left out.
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
                    &"it is empty; a bill starts with a line of column names",
                ));
            }
            None => inventory.push(SourceFile {
                path: file.label(),
                status: FileStatus::LeftOut,
                what: "an empty file".to_owned(),
                reason: Some("there are only blanks in it".to_owned()),
                line_items: None,
                expected_rows: None,
                source: Source::default(),
                run: None,
            }),
        }
    }
    Ok(all)
}

/// Leaves out the copies among Azure's exports.
fn leave_out_copies(
    all: &mut Vec<Shaped>,
    inventory: &mut Vec<SourceFile>,
) -> Result<(), ProviderError> {
    // From the last to the first, so that places stay what they are.
    for (at, of) in settle_azure(all)?.into_iter().rev() {
        let copy = all.remove(at);
        let reason = Some(format!("the same bytes as {}", slashes(&of)));
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
/// If a file lacks its header and has as many columns as the bills beside it.
fn refuse_torn(all: &[Shaped]) -> Result<(), ProviderError> {
    let widths: BTreeSet<usize> =
        all.iter().filter(|s| !matches!(s.kind, Kind::Other)).map(|s| s.schema.len()).collect();
    let Some(torn) = all.iter().find(|s| s.lacks_header() && widths.contains(&s.schema.len()))
    else {
        return Ok(());
    };
    let problem = "it has as many columns as the bills beside it and no header line, so that its rows may be charges: put the header \
                   line before them, or move the file away";
    Err(unreadable(&torn.file.path, &problem))
}

fn is_day(text: &str) -> bool {
    text.parse::<chrono::NaiveDate>().is_ok()
}

fn no_bill(schema: &Schema) -> String {
    if let Some(guess) = Kind::guess(schema) {
        return format!("it is {guess}");
    }
    let first: Vec<&str> = schema.iter_names().map(PlSmallStr::as_str).take(3).collect();
    format!(
        "it lacks the columns of a bill, such as BilledCost; its first are {}",
        first.join(", ")
    )
}

/// Columns of FOCUS that only the path of a file has.
fn partitions(file: &BillFile, schema: &Schema) -> Vec<(String, String)> {
    let has = |name: &str| {
        schema.iter_names().any(|h| columns::lookup(h).is_some_and(|c| c.name == name))
    };
    let missing = |(key, _): &&(String, String)| columns::lookup(key).is_some_and(|c| !has(c.name));
    file.partitions.iter().filter(missing).cloned().collect()
}

impl Group {
    /// What a bill cannot be read without, beyond the columns it is recognized by.
    pub(crate) fn complete(&self) -> Result<(), ProviderError> {
        let Kind::Report(report) = &self.kind else { return Ok(()) };
        let lacks = report.lacks();
        if lacks.is_empty() {
            return Ok(());
        }
        let problem = format!(
            "this cost report lacks {}: add them to the export's columns",
            lacks.join(", ")
        );
        Err(unreadable(self.first(), &problem))
    }

    /// `error`, which `look` ended with on the rows of all files, as an error of the file that it
    /// is about: each is looked at alone, and the first that fails is named, with what is wrong
    /// with it. The first of all if none fails alone.
    pub(crate) fn blame<T>(
        &self,
        error: &PolarsError,
        look: impl Fn(&Kind, &Rows) -> PolarsResult<T>,
    ) -> ProviderError {
        let failure = |member: &Member| {
            let rows = match self.rows_of(std::slice::from_ref(member)) {
                Ok(rows) => rows,
                Err(error) => return Some(error),
            };
            shield(|| look(&self.kind, &rows)).err().map(|e| unreadable(&member.file.path, &e))
        };
        let several = if self.files.len() > 1 { self.files.as_slice() } else { &[] };
        several.iter().find_map(failure).unwrap_or_else(|| unreadable(self.first(), error))
    }

    /// The first file, which errors about all of them name.
    pub(crate) fn first(&self) -> &Path {
        self.files.first().map_or(Path::new(""), |m| &m.file.path)
    }

    fn shape(&self) -> Shape {
        (self.format, self.partitions.clone(), self.schema.iter_names().cloned().collect())
    }

    /// Whether files of both can be scanned together, if their shapes are the same.
    fn is_like(&self, other: &Self) -> bool {
        self.schema == other.schema && self.kind.of_azure() == other.kind.of_azure()
    }

    /// The raw rows of all files.
    pub(crate) fn rows(&self) -> Result<Rows, ProviderError> {
        self.rows_of(&self.files)
    }

    fn rows_of(&self, members: &[Member]) -> Result<Rows, ProviderError> {
        let rows = match self.format {
            Format::Parquet => {
                let parquet = |m: &Member| match &m.opened {
                    Opened::Parquet(parquet) => Some(parquet.clone()),
                    Opened::Text(_) => None,
                };
                let parquets = members.iter().filter_map(parquet).collect();
                Rows::new(ParquetFiles::new(parquets, &self.schema, &self.partitions))
            }
            Format::Text(_) => {
                let text = |m: &Member| match &m.opened {
                    Opened::Text(text) => {
                        Some(Rows::new(Labeled::new((**text).clone(), &m.file, &self.partitions)))
                    }
                    Opened::Parquet(_) => None,
                };
                Rows::concat(members.iter().filter_map(text).collect())
                    .map_err(|e| unreadable(self.first(), &e))?
            }
        };
        Ok(named(rows, members.iter().map(|m| &m.file)))
    }

    /// The charges of each file.
    pub(crate) fn origins(&self) -> Result<Vec<Origin>, ProviderError> {
        let origin = |member: &Member| {
            let raw = self.rows_of(std::slice::from_ref(member))?;
            let rows = self.kind.charges(&raw).map_err(|e| unreadable(&member.file.path, &e))?;
            Ok(Origin { label: member.file.label(), rows })
        };
        self.files.iter().map(origin).collect()
    }
}

/// A table of text with the columns that its path tells.
struct Labeled {
    text: TextFile,
    columns: Vec<(PlSmallStr, String)>,
    schema: SchemaRef,
}

impl Labeled {
    fn new(text: TextFile, file: &BillFile, partitions: &[(String, String)]) -> Self {
        let mut columns: Vec<(PlSmallStr, String)> =
            partitions.iter().map(|(k, v)| (k.as_str().into(), v.clone())).collect();
        columns.push((FILE.into(), file.label()));
        let mut schema = text.columns().clone();
        schema.extend(columns.iter().map(|(name, _)| (name.clone(), DataType::String)));
        Self { text, columns, schema: Arc::new(schema) }
    }
}

impl RowSource for Labeled {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn unread(&self) -> Vec<UnreadCells> {
        vec![self.text.unread()]
    }

    fn batches(&self, wanted: Option<&Columns>) -> Batches<'_> {
        let is_wanted = |name: &PlSmallStr| wanted.is_none_or(|w| w.contains(name));
        let columns = self.columns.iter().filter(|(name, _)| is_wanted(name));
        let columns: Vec<Expr> =
            columns.map(|(name, value)| lit(value.clone()).alias(name.clone())).collect();
        Box::new(
            self.text.batches(wanted).map(move |batch| Ok(batch?.with_columns(columns.clone()))),
        )
    }
}
