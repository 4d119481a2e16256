//! Concurrent requests, a few at a time, with their answers and gaps.

use cost_provider_api::{CallError, Gap, Steps};
use futures::StreamExt;
use futures::future::BoxFuture;

/// Request in progress: the name of the gap if it fails, and the answer.
pub(crate) type Asking<'a, T> = BoxFuture<'a, (String, Result<T, CallError>)>;

/// Returns all answers as they arrive, and a gap for each request that failed. `part` names the
/// part of the pull that they are for.
pub(crate) async fn gather<T>(
    part: &str,
    asking: Vec<Asking<'_, T>>,
    at_a_time: usize,
    steps: &Steps,
) -> (Vec<T>, Vec<Gap>) {
    let of = asking.len();
    let mut running = futures::stream::iter(asking).buffer_unordered(at_a_time);
    let (mut answers, mut gaps, mut done) = (Vec::new(), Vec::new(), 0);
    while let Some((what, answer)) = running.next().await {
        done += 1;
        steps.report(part, done, of);
        match answer {
            Ok(answer) => answers.push(answer),
            Err(error) => gaps.push(Gap::new(what, error)),
        }
    }
    (answers, gaps)
}
