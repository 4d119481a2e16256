//! Progress bar of a pull from AWS, on stderr.

use std::sync::Arc;

use cost_providers::aws::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Returns a progress bar on stderr with progress, speed, and remaining time; hidden if stderr is
/// not a terminal.
pub(super) fn bar() -> Progress {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style =
        ProgressStyle::with_template("{msg:14} {wide_bar} {pos}/{len}  {per_sec}, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    Arc::new(move |what, done, of| {
        bar.set_message(what.to_owned());
        bar.set_length(u64::try_from(of).unwrap_or(u64::MAX));
        bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
        if done == of {
            bar.finish_and_clear();
        }
    })
}
