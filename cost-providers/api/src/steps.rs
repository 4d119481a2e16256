//! [`Steps`]: how far a pull is, told by a provider to whoever listens.

use std::fmt;
use std::sync::Arc;

/// Hears how far a pull is: what is under way, how many of its parts are done, and of how many.
type Listener = Arc<dyn Fn(&str, usize, usize) + Send + Sync>;

/// Listeners to the steps of a pull. A provider tells its steps and does not know who hears them:
/// by default nobody.
#[derive(Clone, Default)]
pub struct Steps(Vec<Listener>);

impl Steps {
    /// These listeners, and one more: it hears what is under way, how many of its parts are done,
    /// and of how many.
    #[must_use]
    pub fn and(mut self, listener: impl Fn(&str, usize, usize) + Send + Sync + 'static) -> Self {
        self.0.push(Arc::new(listener));
        self
    }

    /// The listeners of both.
    #[must_use]
    pub(crate) fn with(&self, others: &Self) -> Self {
        Self(self.0.iter().chain(&others.0).cloned().collect())
    }

    /// A step: `done` of the `of` parts of what is under way are done.
    pub fn tell(&self, what: &str, done: usize, of: usize) {
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
