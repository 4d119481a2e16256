//! Many questions at once, a few at a time: what came, and what did not.

use cost_provider_api::{CallError, Gap, Steps};
use futures::StreamExt;
use futures::future::BoxFuture;

/// A question under way: what is missing if it fails, and the answer.
pub(crate) type Asking<'a, T> = BoxFuture<'a, (String, Result<T, CallError>)>;

/// All answers, as they come, and a gap for each question that failed. `part` of the pull is what
/// they are for.
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
        steps.tell(part, done, of);
        match answer {
            Ok(answer) => answers.push(answer),
            Err(error) => gaps.push(Gap { what, error }),
        }
    }
    (answers, gaps)
}
