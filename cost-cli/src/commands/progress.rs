//! Progress bar of a pull, on stderr.

use cost_providers::api::Watch;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tracing::level_filters::LevelFilter;

/// Returns a progress bar on stderr with progress, speed, and remaining time; hidden if stderr is
/// not a terminal, or shows a log.
pub(super) fn bar() -> Watch {
    let is_free = LevelFilter::current() == LevelFilter::OFF;
    let target = if is_free { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(None, target);
    let style =
        ProgressStyle::with_template("{msg:14} {wide_bar} {pos}/{len}  {per_sec}, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    Watch::new(move |what, done, of| {
        bar.set_message(what.to_owned());
        bar.set_length(u64::try_from(of).unwrap_or(u64::MAX));
        bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
        if done == of {
            bar.finish_and_clear();
        }
    })
}
