//! Checks for Amazon Kinesis Data Streams. Shared code: `stream`.

mod extended_stream_retention;
mod idle_stream;
mod idle_stream_consumer;
mod stream;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] =
    &[&idle_stream::CHECK, &idle_stream_consumer::CHECK, &extended_stream_retention::CHECK];
