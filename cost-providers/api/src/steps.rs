//! [`Steps`]: progress of a pull, reported by a provider to listeners.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Receiver of progress: the current part of the pull, the number of its steps that are done, and
/// the total.
type Listener = Arc<dyn Fn(&str, usize, usize) + Send + Sync>;

/// Receiver of calls without an answer so far: the service and its region, and the time.
type WaitListener = Arc<dyn Fn(&str, Duration) + Send + Sync>;

/// Listeners to the steps of a pull; by default none. A provider reports its steps and does not
/// know the listeners.
#[derive(Clone, Default)]
pub struct Steps {
    steps: Vec<Listener>,
    waits: Vec<WaitListener>,
}

impl Steps {
    /// Adds a listener. It receives the current part of the pull, the number of its steps that are
    /// done, and the total.
    #[must_use]
    pub fn and(mut self, listener: impl Fn(&str, usize, usize) + Send + Sync + 'static) -> Self {
        self.steps.push(Arc::new(listener));
        self
    }

    /// Adds a listener to calls that wait for an answer. It receives the service with its region,
    /// and how long the call has been waiting.
    #[must_use]
    pub fn and_waits(mut self, listener: impl Fn(&str, Duration) + Send + Sync + 'static) -> Self {
        self.waits.push(Arc::new(listener));
        self
    }

    /// Returns the listeners of both.
    #[must_use]
    pub(crate) fn with(&self, others: &Self) -> Self {
        Self {
            steps: self.steps.iter().chain(&others.steps).cloned().collect(),
            waits: self.waits.iter().chain(&others.waits).cloned().collect(),
        }
    }

    /// Reports a step: `done` of `of` steps of a part of the pull are done.
    pub fn report(&self, what: &str, done: usize, of: usize) {
        for listener in &self.steps {
            listener(what, done, of);
        }
    }

    /// Reports that a call to a service has had no answer for some time.
    pub fn waiting(&self, service: &str, time: Duration) {
        for listener in &self.waits {
            listener(service, time);
        }
    }
}

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Steps({} listeners)", self.steps.len() + self.waits.len())
    }
}
