//! Progress of a pull, on stderr: a bar, and the calls that wait for an answer.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use cost_providers::api::{Steps, Watch};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tracing::level_filters::LevelFilter;

use crate::output;

/// Time after which a call without an answer has a line, if there is no bar. Chosen: no call takes
/// as long if all is well.
const LATE: Duration = Duration::from_secs(20);
/// Time between two such lines: calls to many regions wait at the same time. Chosen.
const BETWEEN: Duration = Duration::from_secs(20);

/// Returns a progress bar on stderr with progress, speed, and remaining time, and the listener to
/// calls that wait for an answer. The bar is hidden if stderr is not a terminal, or shows a log.
/// Then calls that wait have a line from time to time.
pub(super) fn bar() -> (Watch, Steps) {
    let is_free = LevelFilter::current() == LevelFilter::OFF;
    let target = if is_free { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(None, target);
    let style =
        ProgressStyle::with_template("{msg:14} {wide_bar} {pos}/{len}  {per_sec}, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let (shown, last) = (bar.clone(), Mutex::new(None));
    let waits = Steps::default().and_waits(move |service, time| {
        let words = format!("waiting for {service}, {} s", time.as_secs());
        if shown.is_hidden() {
            line(&words, time, &last);
        } else {
            shown.set_message(words);
        }
    });
    let steps = Watch::new(move |what, done, of| {
        bar.set_message(what.to_owned());
        bar.set_length(u64::try_from(of).unwrap_or(u64::MAX));
        bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
        if done == of {
            bar.finish_and_clear();
        }
    });
    (steps, waits)
}

/// Writes a line about a call that waits, unless the last line is recent.
fn line(words: &str, time: Duration, last: &Mutex<Option<Instant>>) {
    let Ok(mut last) = last.lock() else { return };
    let is_recent = last.is_some_and(|at| at.elapsed() < BETWEEN);
    if time >= LATE && !is_recent {
        *last = Some(Instant::now());
        output::warn(words);
    }
}
