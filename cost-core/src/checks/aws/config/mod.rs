//! Checks for AWS Config.

mod continuous_recording;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&continuous_recording::ContinuousRecording];
