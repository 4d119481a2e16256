//! [`TextFile`]: a text table as rows for polars.

use std::collections::HashMap;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use cost_core::focus::{Batches, Columns, UnreadCells};
use cost_core::shield::shield;
use cost_provider_api::ProviderError;
use encoding_rs::Encoding;
use polars::prelude::*;

use super::dialect::{self, Dialect};
use super::encoding;
use super::number::with_point;
use super::records::{Record, Records, SplitError};
use crate::bill_file::slashes;
use crate::now::Now;
use crate::table;
use crate::unpack::{self, Packing};

/// Rows per batch: enough to use two cores for a moment. Chosen.
const ROWS: usize = 200_000;
/// Maximum memory of a batch in bytes, since rows of reports with many tags are long. Two or three
/// batches are in memory at a time. Chosen.
const BYTES: usize = 128 << 20;
/// Bytes per cell that polars needs in addition to its text, also for an empty cell (a view of
/// Arrow).
const CELL: usize = 16;

/// Text table.
#[derive(Clone)]
pub(crate) struct TextFile {
    pub(super) path: PathBuf,
    packing: Packing,
    encoding: Option<&'static Encoding>,
    pub(super) dialect: Dialect,
    pub(super) schema: SchemaRef,
    /// Column of a bill that the header names twice.
    pub(super) doubled: Option<String>,
    /// Cells that are not valid text, from the last complete reading. Shared by all clones.
    unread: UnreadCells,
}

impl TextFile {
    /// Opens a file and reads its header. `None` if the file is blank.
    ///
    /// # Errors
    /// [`ProviderError::Unreadable`]: a damaged file.
    pub(crate) fn open(path: PathBuf, packing: Packing) -> Result<Option<Self>, ProviderError> {
        let unreadable = |problem: String| ProviderError::unreadable(slashes(&path), problem);
        let damaged = |e: io::Error| unreadable(damaged(packing, &e));
        let mut head = Vec::new();
        unpack::open(&path, packing)
            .map_err(damaged)?
            .take(64)
            .read_to_end(&mut head)
            .map_err(damaged)?;
        let encoding = encoding::guess(&head);
        let text = || unpack::open(&path, packing).map(|bytes| encoding::utf8(bytes, encoding));
        let found =
            dialect::find(text().map_err(damaged)?).map_err(|e| unreadable(why(packing, &e)))?;
        let Some(dialect) = found else { return Ok(None) };
        let (schema, doubled) = schema(&dialect.header);
        Ok(Some(Self {
            path: path.clone(),
            packing,
            encoding,
            dialect,
            schema: Arc::new(schema),
            doubled,
            unread: UnreadCells::default(),
        }))
    }

    /// Returns a note on the content before the header that is skipped, if any.
    pub(crate) fn title(&self) -> Option<String> {
        (self.dialect.skip > 0)
            .then(|| format!("the {} bytes before its header line are skipped", self.dialect.skip))
    }

    /// Returns the cells that the last complete reading took as null because they are not UTF-8.
    pub(crate) fn unread(&self) -> UnreadCells {
        self.unread.clone()
    }

    /// Returns names and types of its columns.
    pub(crate) fn columns(&self) -> &Schema {
        &self.schema
    }

    pub(super) fn records(&self) -> io::Result<Records> {
        let mut text = encoding::utf8(unpack::open(&self.path, self.packing)?, self.encoding);
        let skip = u64::try_from(self.dialect.skip).unwrap_or(u64::MAX);
        io::copy(&mut (&mut text).take(skip), &mut io::sink())?;
        Ok(Records::new(text, self.dialect.separator))
    }

    pub(super) fn why(&self, error: &SplitError) -> String {
        why(self.packing, error)
    }

    /// Reads all records and sends them batch by batch, until the receiver is gone.
    fn produce(&self, columns: Option<&Columns>, to: &SyncSender<PolarsResult<Option<DataFrame>>>) {
        let _now = Now::reading(&slashes(&self.path));
        let done = shield(|| self.read(columns, |frame| to.send(Ok(Some(frame))).is_ok()));
        // If the receiver is gone, the result is not needed.
        let _ = to.send(done.map(|()| None));
    }

    fn read(
        &self,
        columns: Option<&Columns>,
        mut give: impl FnMut(DataFrame) -> bool,
    ) -> PolarsResult<()> {
        let failed = |e: &SplitError| polars_err!(ComputeError: "{}", self.why(e));
        let mut records = self.records().map_err(|e| failed(&e.into()))?;
        records.next().map_err(|e| failed(&e))?;
        let mut batch = Batch::new(&self.schema, columns, self.dialect.decimal_comma);
        let width = self.schema.len();
        loop {
            let row = records.row();
            let Some(record) = records.next().map_err(|e| failed(&e))? else { break };
            if record.is_blank() {
                continue;
            }
            if record.len() != width {
                polars_bail!(
                    ComputeError:
                    "row {row} has {} cells, the header {width}: put text that contains {} in \
                     quotation marks, and check that the file is complete",
                    record.len(),
                    if self.dialect.separator == b',' { "commas" } else { name_of(self.dialect.separator) }
                );
            }
            // Concatenated files repeat the header.
            if self.is_header(&record) {
                continue;
            }
            batch.push(&record).map_err(|column| {
                polars_err!(ComputeError: "row {row}, column {column}: not UTF-8; save \
                    the file as UTF-8")
            })?;
            if (batch.rows >= ROWS || batch.bytes >= BYTES) && !give(batch.take()?) {
                return Ok(());
            }
        }
        self.unread.replace(&batch.unread);
        if batch.rows > 0 {
            give(batch.take()?);
        }
        Ok(())
    }

    fn is_header(&self, record: &Record<'_>) -> bool {
        let first = self.dialect.header.first().map(String::as_bytes);
        let cell = |bytes: &[u8]| {
            String::from_utf8_lossy(bytes)
                .trim_matches(|c: char| c == '\u{feff}' || c.is_whitespace())
                .to_owned()
        };
        record.get(0).map(without_mark) == first
            && record.iter().map(cell).eq(self.dialect.header.iter().cloned())
    }
}

impl TextFile {
    /// Returns all rows, read by a separate thread, one batch ahead; only the requested columns.
    pub(crate) fn batches(&self, columns: Option<&Columns>) -> Batches<'static> {
        let (send, receive) = sync_channel(1);
        let (file, columns) = (self.clone(), columns.cloned());
        let spawned = std::thread::Builder::new()
            .name("read text".to_owned())
            .spawn(move || file.produce(columns.as_ref(), &send));
        match spawned {
            Ok(_) => Box::new(Received(receive)),
            Err(e) => Box::new(std::iter::once(Err(
                polars_err!(ComputeError: "cannot start a thread to read the file: {e}"),
            ))),
        }
    }
}

/// Batches in order; `None` is the end. A sender that stops without it has failed.
struct Received(Receiver<PolarsResult<Option<DataFrame>>>);

impl Iterator for Received {
    type Item = PolarsResult<LazyFrame>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.0.recv() {
            Ok(Ok(frame)) => frame.map(|f| Ok(f.lazy())),
            Ok(Err(error)) => Some(Err(error)),
            Err(_) => Some(Err(polars_err!(ComputeError: "reading the file stopped unexpectedly"))),
        }
    }
}

/// Text columns under construction.
struct Batch {
    columns: Vec<Building>,
    rows: usize,
    bytes: usize,
    /// Totals of all batches so far.
    unread: UnreadCells,
}

struct Building {
    at: usize,
    name: PlSmallStr,
    cells: StringChunkedBuilder,
    /// Whether its commas are decimal commas.
    decimal_comma: bool,
    /// Whether no cost depends on it.
    is_optional: bool,
}

impl Batch {
    fn new(schema: &Schema, wanted: Option<&Columns>, decimal_comma: bool) -> Self {
        let is_wanted = |name: &PlSmallStr| wanted.is_none_or(|w| w.contains(name));
        let column = |(at, name): (usize, &PlSmallStr)| Building {
            at,
            name: name.clone(),
            cells: StringChunkedBuilder::new(name.clone(), 0),
            decimal_comma: decimal_comma && table::is_amount(name),
            is_optional: table::is_optional(name),
        };
        let columns = schema
            .iter_names()
            .enumerate()
            .filter(|(_, name)| is_wanted(name))
            .map(column)
            .collect();
        Self { columns, rows: 0, bytes: 0, unread: UnreadCells::default() }
    }

    /// Adds a record. Returns the name of a column with a cell that is not valid text, if a cost
    /// depends on it.
    fn push(&mut self, record: &Record<'_>) -> Result<(), PlSmallStr> {
        for column in &mut self.columns {
            let bytes = record.get(column.at).unwrap_or_default();
            let bytes = if column.at == 0 { without_mark(bytes) } else { bytes };
            self.bytes += bytes.len() + CELL;
            let Ok(text) = std::str::from_utf8(bytes) else {
                if !column.is_optional {
                    return Err(column.name.clone());
                }
                self.unread.add(&column.name, 1, &String::from_utf8_lossy(bytes));
                column.cells.append_null();
                continue;
            };
            match text {
                "" | "NULL" => column.cells.append_null(),
                text if column.decimal_comma => column.cells.append_value(with_point(text)),
                text => column.cells.append_value(text),
            }
        }
        self.rows += 1;
        Ok(())
    }

    fn take(&mut self) -> PolarsResult<DataFrame> {
        let rows = std::mem::take(&mut self.rows);
        self.bytes = 0;
        let column = |c: &mut Building| {
            let next = StringChunkedBuilder::new(c.name.clone(), rows);
            std::mem::replace(&mut c.cells, next).finish().into_series().into_column()
        };
        DataFrame::new(rows, self.columns.iter_mut().map(column).collect())
    }
}

/// Removes the byte order mark, which some writers also put before the first row.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Returns the schema: every column is text. Names can be repeated or blank, so each column gets a
/// unique one. Also returns the first column of a bill whose name is repeated.
fn schema(header: &[String]) -> (Schema, Option<String>) {
    let mut schema = Schema::default();
    let mut met: HashMap<&str, usize> = HashMap::new();
    let mut doubled = None;
    for (at, cell) in header.iter().enumerate() {
        let times = met.entry(cell.as_str()).or_default();
        *times += 1;
        if *times > 1 && table::is_known(cell) {
            doubled.get_or_insert_with(|| cell.clone());
        }
        let mut name = match (*times, cell.as_str()) {
            (_, "") => format!("column {}", at + 1),
            (1, _) => cell.clone(),
            (times, _) => format!("{cell} ({times})"),
        };
        while schema.contains(&name) {
            *times += 1;
            name = format!("{cell} ({times})");
        }
        schema.insert(name.as_str().into(), DataType::String);
    }
    (schema, doubled)
}

pub(super) fn name_of(separator: u8) -> &'static str {
    match separator {
        b';' => "semicolons",
        b'\t' => "tabs",
        b'|' => "bars",
        _ => "commas",
    }
}

fn why(packing: Packing, error: &SplitError) -> String {
    match error {
        SplitError::Read(e) => damaged(packing, e),
        other => other.to_string(),
    }
}

/// Describes the damage of a file, compressed or not.
fn damaged(packing: Packing, error: &io::Error) -> String {
    match packing {
        Packing::Plain => error.to_string(),
        Packing::Zstd if error.to_string().contains("too much memory") => format!(
            "its compression window is larger than {} MiB: compress it again without --long",
            (1_u64 << unpack::LARGEST_WINDOW) >> 20
        ),
        packed => format!(
            "incomplete {} file ({error}); it may be truncated: download it again",
            packed.as_str()
        ),
    }
}
