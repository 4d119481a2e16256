//! Which file is being read: for whoever must say so when reading it ends the process.

use std::sync::OnceLock;

use cost_core::focus::{Batches, Columns, RowSource, Rows, UnreadCells};
use polars::prelude::SchemaRef;

use crate::bill_file::BillFile;

type Listener = Box<dyn Fn(Option<&str>) + Send + Sync>;

static LISTENER: OnceLock<Listener> = OnceLock::new();

/// Has `listener` called with the name of each file as its reading begins, and with `None` when it
/// ends. There is one for the process: the first. It is called by the threads that read.
pub fn on_reading(listener: impl Fn(Option<&str>) + Send + Sync + 'static) {
    let _ = LISTENER.set(Box::new(listener));
}

/// A file is being read as long as this is there.
pub(crate) struct Now;

impl Now {
    /// Begins to read a file, or some.
    pub(crate) fn reading(name: &str) -> Self {
        tell(Some(name));
        Self
    }
}

impl Drop for Now {
    fn drop(&mut self) {
        tell(None);
    }
}

fn tell(name: Option<&str>) {
    if let Some(listener) = LISTENER.get() {
        listener(name);
    }
}

/// Rows of files of which it is known by name when they are read.
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

    /// A batch is read until the next one is asked for.
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
