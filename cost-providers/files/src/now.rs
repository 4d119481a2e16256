//! The file that is being read, for a caller that must report it if reading ends the process.

use std::sync::OnceLock;

use cost_core::focus::{Batches, Columns, RowSource, Rows, UnreadCells};
use polars::prelude::SchemaRef;

use crate::bill_file::BillFile;

type Listener = Box<dyn Fn(Option<&str>) + Send + Sync>;

static LISTENER: OnceLock<Listener> = OnceLock::new();

/// Sets the listener of the process, once: later calls have no effect. It is called with the name
/// of each file when its reading begins, and with `None` when it ends, by the reading threads.
pub fn on_reading(listener: impl Fn(Option<&str>) + Send + Sync + 'static) {
    let _ = LISTENER.set(Box::new(listener));
}

/// Guard: a file is being read while this value exists.
pub(crate) struct Now;

impl Now {
    /// Starts reading one or more files.
    pub(crate) fn reading(name: &str) -> Self {
        notify(Some(name));
        Self
    }
}

impl Drop for Now {
    fn drop(&mut self) {
        notify(None);
    }
}

fn notify(name: Option<&str>) {
    if let Some(listener) = LISTENER.get() {
        listener(name);
    }
}

/// Wraps rows so that their files are reported while they are read.
pub(crate) fn named<'a>(
    rows: Rows,
    mut files: impl ExactSizeIterator<Item = &'a BillFile>,
) -> Rows {
    let others = files.len().saturating_sub(1);
    let first = files.next().map_or_else(String::new, BillFile::label);
    let name =
        if others == 0 { first } else { format!("{first} or one of {others} files next to it") };
    Rows::new(Named { rows, name })
}

struct Named {
    rows: Rows,
    name: String,
}

impl RowSource for Named {
    fn schema(&self) -> &SchemaRef {
        self.rows.schema()
    }

    /// A batch is read until the next one is requested.
    fn batches(&self, wanted: Option<&Columns>) -> Batches<'_> {
        let now = Now::reading(&self.name);
        let batches = wanted.map_or_else(|| self.rows.batches(), |w| self.rows.batches_of(w));
        Box::new(batches.inspect(move |_| _ = &now))
    }

    fn unread(&self) -> Vec<UnreadCells> {
        self.rows.unread()
    }

    fn only_value(&self, column: &str) -> Option<String> {
        self.rows.only_value(column)
    }
}
