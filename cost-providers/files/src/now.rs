//! Which file is being read: for whoever must say so when reading it ends the process.

use std::sync::OnceLock;

type Listener = Box<dyn Fn(Option<&str>) + Send + Sync>;

static LISTENER: OnceLock<Listener> = OnceLock::new();

/// Has `listener` called with the name of each file as its reading begins, and with `None` when it ends. There is one for the process: the
/// first. It is called by the threads that read.
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
