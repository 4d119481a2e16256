//! Files as parts of a bill.

use std::path::PathBuf;
use std::sync::Arc;

use cost_core::focus::{
    Batches, Columns, FILE, FileStatus, Origin, PAGE, Part, RowSource, Rows, Source, SourceFile, columns,
};
use cost_core::shield::shield;
use cost_provider_api::{Gap, ProviderError};
use polars::prelude::*;

use crate::azure::CostDetails;
use crate::find::{self, BillFile, Choice, Format, Found, unreadable};
use crate::kind::Kind;
use crate::pair;
use crate::parquet::{self, ParquetFiles};
use crate::survey::survey;
use crate::text::TextFile;

/// The bill of a location.
#[derive(Default)]
pub struct Opened {
    /// The charges: files of one schema together, in path order.
    pub parts: Vec<Part>,
    /// What is missing from them.
    pub gaps: Vec<Gap>,
    /// Every file of the location, and what became of it.
    pub files: Vec<SourceFile>,
}

/// The bill at a location: a file, a folder, or a glob.
///
/// # Errors
/// [`ProviderError`].
pub fn open(location: &str, choice: &Choice) -> Result<Opened, ProviderError> {
    let Found { files, aside } = find::find(location, choice)?;
    let mut opened = open_files(&files)?;
    opened.files.extend(aside);
    opened.files.sort();
    Ok(opened)
}

/// The charges of files, and what they leave open.
///
/// # Errors
/// [`ProviderError`].
pub fn open_files(files: &[BillFile]) -> Result<Opened, ProviderError> {
    let mut opened = Opened::default();
    for group in groups(files, &mut opened.files)? {
        let failed = |e: PolarsError| unreadable(&group.files[0].path, &e);
        let rows = group.rows()?;
        let charges = group.kind.charges(&rows).map_err(failed)?;
        group.complete()?;
        let origins = group.files.iter().map(|f| group.origin(f)).collect::<Result<Vec<_>, _>>()?;
        opened.parts.push(Part { rows: charges, origins });
        // Of line items already in the part before: rows of their own, that no message points at.
        let more = group.kind.more(&rows).map_err(failed)?;
        opened.parts.extend(more.map(|rows| Part { rows, origins: Vec::new() }));
        let survey = shield(|| survey(&group.kind, &rows)).map_err(failed)?;
        opened.gaps.extend(survey.gaps);
        opened.parts.extend(survey.moved.map(|rows| Part { rows, origins: Vec::new() }));
    }
    Ok(opened)
}

/// The charges of each file, as they are: FOCUS rows, or a cost report's line items as FOCUS rows.
///
/// # Errors
/// [`ProviderError`].
pub fn origins(files: &[BillFile]) -> Result<Vec<Origin>, ProviderError> {
    let mut origins = Vec::new();
    for group in groups(files, &mut Vec::new())? {
        for file in &group.files {
            origins.push(group.origin(file)?);
        }
    }
    origins.sort_by(|a, b| a.label.cmp(&b.label));
    Ok(origins)
}

/// Files that are scanned together: of one format, one raw schema, and one set of partition columns.
struct Group {
    format: Format,
    schema: Schema,
    partitions: Vec<(String, String)>,
    kind: Kind,
    files: Vec<BillFile>,
    texts: Vec<TextFile>,
}

/// A file, and which bill its rows are.
struct Shaped {
    file: BillFile,
    schema: Schema,
    text: Option<TextFile>,
    kind: Kind,
    rows: Option<u64>,
}

impl Shaped {
    fn of(file: &BillFile) -> Result<Self, ProviderError> {
        let (schema, rows, text) = match file.format {
            Format::Parquet => (parquet::schema(file)?, Some(parquet::rows(file)?), None),
            Format::Text(packing) => {
                let text = TextFile::open(file.path.clone(), packing)?;
                (text.columns().clone(), None, Some(text))
            }
        };
        let rows = rows.and_then(|r| u64::try_from(r).ok());
        if let (Some(rows), Some(said)) = (rows, file.rows.filter(|said| rows.is_some_and(|r| r != *said))) {
            let problem = format!("it has {rows} rows, and its manifest says {said}: copy the export again");
            return Err(unreadable(&file.path, &problem));
        }
        let kind = Kind::of(&schema);
        Ok(Self { file: file.clone(), schema, text, kind, rows: rows.or(file.rows) })
    }

    /// Whether it is a table, of whatever: text of one column is prose.
    fn is_table(&self) -> bool {
        const PROSE: [&str; 5] = ["md", "txt", "log", "rst", "html"];
        let ending = self.file.path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        self.schema.len() > 1 && !ending.is_some_and(|e| PROSE.contains(&e.as_str()))
    }

    /// The file as a group of its own.
    fn alone(&self) -> Group {
        Group {
            format: self.file.format,
            schema: self.schema.clone(),
            partitions: partitions(&self.file, &self.schema),
            kind: self.kind.clone(),
            files: vec![self.file.clone()],
            texts: self.text.clone().into_iter().collect(),
        }
    }
}

/// Cost details with the order of day and month decided by all dates of a file: any of them may be the one that tells.
fn with_dates(details: CostDetails, rows: &Rows) -> PolarsResult<CostDetails> {
    let headers = details.date_columns();
    let dates: Vec<Expr> = headers.iter().map(|h| col(h.as_str())).collect();
    let wanted: Columns = headers.iter().map(|h| h.as_str().into()).collect();
    let mut seen = Vec::new();
    for batch in rows.batches_of(&wanted) {
        let of_batch = batch?.select(dates.clone()).unique(None, UniqueKeepStrategy::Any).collect()?;
        seen.push(of_batch.lazy());
    }
    if seen.is_empty() || headers.is_empty() {
        return Ok(details);
    }
    let all = concat(seen, UnionArgs::default())?.collect()?;
    details.with_dates_of(all.lazy())
}

/// Of Azure's cost details, as what each file is read.
fn settle_azure(all: &mut [Shaped]) -> Result<(), ProviderError> {
    let mut found = Vec::new();
    for (at, shaped) in all.iter_mut().enumerate() {
        let Kind::Azure(details, role) = shaped.kind.clone() else { continue };
        let failed = |e: PolarsError| unreadable(&shaped.file.path, &e);
        let rows = shaped.alone().rows()?;
        let details = shield(|| with_dates(details, &rows)).map_err(failed)?;
        found.push((at, shield(|| pair::details(&details, &rows)).map_err(failed)?));
        shaped.kind = Kind::Azure(details, role);
    }
    let paths: Vec<(usize, PathBuf)> = found.iter().map(|(at, _)| (*at, all[*at].file.path.clone())).collect();
    let of_files =
        paths.iter().zip(found).map(|((_, path), (_, details))| (path.as_path(), details)).collect::<Vec<_>>();
    for ((at, _), role) in paths.iter().zip(pair::roles(of_files)?) {
        if let Kind::Azure(_, kept) = &mut all[*at].kind {
            *kept = role;
        }
    }
    Ok(())
}

/// The files by raw schema, each schema's in path order. What is no bill is left out, unless there is nothing else.
fn groups(files: &[BillFile], inventory: &mut Vec<SourceFile>) -> Result<Vec<Group>, ProviderError> {
    let mut all = files.iter().map(Shaped::of).collect::<Result<Vec<_>, _>>()?;
    settle_azure(&mut all)?;
    let mut groups: Vec<Group> = Vec::new();
    for shaped in all {
        let is_other = matches!(shaped.kind, Kind::Other);
        if let Some(guess) = Kind::guess(&shaped.schema).filter(|_| is_other && files.len() == 1) {
            return Err(unreadable(&shaped.file.path, &format!("it is {guess}")));
        }
        let is_bill = !is_other || files.len() == 1;
        let notes = shaped.text.as_ref().and_then(TextFile::title);
        let mut source = SourceFile {
            path: shaped.file.label(),
            status: if is_bill { FileStatus::Read } else { FileStatus::LeftOut },
            what: if is_bill || shaped.is_table() {
                format!("{}, {}", shaped.kind.as_str(), shaped.file.format.as_str())
            } else {
                PAGE.to_owned()
            },
            reason: if is_bill { notes } else { Some(no_bill(&shaped.schema)) },
            line_items: None,
            expected_rows: shaped.rows.filter(|_| shaped.kind.keeps_rows()),
            source: Source::default(),
        };
        if is_bill {
            let own = shaped.alone();
            let same = |g: &Group| {
                let azure = g.kind.of_azure() == own.kind.of_azure();
                g.format == own.format && g.schema == own.schema && g.partitions == own.partitions && azure
            };
            let at = groups.iter().position(same);
            source.source = Source { kind: shaped.kind.as_str().to_owned(), schema: at.unwrap_or(groups.len()) };
            match at.and_then(|at| groups.get_mut(at)) {
                Some(group) => {
                    group.files.extend(own.files);
                    group.texts.extend(own.texts);
                }
                None => groups.push(own),
            }
        }
        inventory.push(source);
    }
    if groups.is_empty() && !files.is_empty() {
        let problem =
            format!("none of the {} files in there is a bill: they lack its columns, such as BilledCost", files.len());
        return Err(unreadable(&files[0].path, &problem));
    }
    Ok(groups)
}

fn no_bill(schema: &Schema) -> String {
    let first: Vec<&str> = schema.iter_names().map(PlSmallStr::as_str).take(3).collect();
    format!("it lacks the columns of a bill, such as BilledCost; its first are {}", first.join(", "))
}

/// Columns of FOCUS that only the path of a file has.
fn partitions(file: &BillFile, schema: &Schema) -> Vec<(String, String)> {
    let has = |name: &str| schema.iter_names().any(|h| columns::lookup(h).is_some_and(|c| c.name == name));
    let missing = |(key, _): &&(String, String)| columns::lookup(key).is_some_and(|c| !has(c.name));
    file.partitions.iter().filter(missing).cloned().collect()
}

impl Group {
    /// What a bill cannot be read without, beyond the columns it is recognized by.
    fn complete(&self) -> Result<(), ProviderError> {
        let Kind::Report(report) = &self.kind else { return Ok(()) };
        let lacks = report.lacks();
        if lacks.is_empty() {
            return Ok(());
        }
        let problem = format!("this cost report lacks {}: add them to the export's columns", lacks.join(", "));
        Err(unreadable(&self.files[0].path, &problem))
    }

    /// The raw rows of all files.
    fn rows(&self) -> Result<Rows, ProviderError> {
        self.rows_of(&self.files)
    }

    fn rows_of(&self, files: &[BillFile]) -> Result<Rows, ProviderError> {
        match self.format {
            Format::Parquet => Ok(Rows::new(ParquetFiles::open(files, &self.schema, &self.partitions)?)),
            Format::Text(_) => {
                let of = |file: &BillFile| self.files.iter().position(|f| f.path == file.path);
                let texts = files.iter().filter_map(|f| Some((f, self.texts.get(of(f)?)?)));
                let rows = texts.map(|(file, text)| Rows::new(Labelled::new(text.clone(), file, &self.partitions)));
                Rows::concat(rows.collect()).map_err(|e| unreadable(&self.files[0].path, &e))
            }
        }
    }

    fn origin(&self, file: &BillFile) -> Result<Origin, ProviderError> {
        let raw = self.rows_of(std::slice::from_ref(file))?;
        let rows = self.kind.charges(&raw).map_err(|e| unreadable(&file.path, &e))?;
        Ok(Origin { label: file.label(), rows })
    }
}

/// A table of text with the columns that its path tells.
struct Labelled {
    text: TextFile,
    columns: Vec<(PlSmallStr, String)>,
    schema: SchemaRef,
}

impl Labelled {
    fn new(text: TextFile, file: &BillFile, partitions: &[(String, String)]) -> Self {
        let mut columns: Vec<(PlSmallStr, String)> =
            partitions.iter().map(|(k, v)| (k.as_str().into(), v.clone())).collect();
        columns.push((FILE.into(), file.label()));
        let mut schema = text.columns().clone();
        schema.extend(columns.iter().map(|(name, _)| (name.clone(), DataType::String)));
        Self { text, columns, schema: Arc::new(schema) }
    }
}

impl RowSource for Labelled {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn batches(&self, wanted: Option<&Columns>) -> Batches<'_> {
        let is_wanted = |name: &PlSmallStr| wanted.is_none_or(|w| w.contains(name));
        let columns = self.columns.iter().filter(|(name, _)| is_wanted(name));
        let columns: Vec<Expr> = columns.map(|(name, value)| lit(value.clone()).alias(name.clone())).collect();
        Box::new(self.text.batches(wanted).map(move |batch| Ok(batch?.with_columns(columns.clone()))))
    }
}
