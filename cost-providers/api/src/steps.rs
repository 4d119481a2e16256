//! [`Steps`]: progress of a pull, reported by a provider to listeners.

use std::fmt;
use std::sync::Arc;

/// Receiver of progress: the current part of the pull, the number of its steps that are done, and
/// the total.
type Listener = Arc<dyn Fn(&str, usize, usize) + Send + Sync>;

/// Listeners to the steps of a pull; by default none. A provider reports its steps and does not
/// know the listeners.
#[derive(Clone, Default)]
pub struct Steps(Vec<Listener>);

impl Steps {
    /// Adds a listener. It receives the current part of the pull, the number of its steps that are
    /// done, and the total.
    #[must_use]
    pub fn and(mut self, listener: impl Fn(&str, usize, usize) + Send + Sync + 'static) -> Self {
        self.0.push(Arc::new(listener));
        self
    }

    /// Returns the listeners of both.
    #[must_use]
    pub(crate) fn with(&self, others: &Self) -> Self {
        Self(self.0.iter().chain(&others.0).cloned().collect())
    }

    /// Reports a step: `done` of `of` steps of a part of the pull are done.
    pub fn report(&self, what: &str, done: usize, of: usize) {
        for listener in &self.0 {
            listener(what, done, of);
        }
    }
}

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Steps({} listeners)", self.0.len())
    }
}
