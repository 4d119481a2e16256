//! [`Log`]: layer that logs pulls.

use std::time::Instant;

use cost_core::focus::Part;
use cost_core::table::Table;
use polars::prelude::DataFrame;
use tracing::{Instrument, debug, info, info_span};

use crate::{Gap, Known, Layer, Provider, ProviderError, Pulled, Pulling, Steps, lines};

/// Layer that logs each pull: its part, the amount of data, the time, and the gaps. Log events of
/// the provider are in the span of the pull, `pull`.
pub struct Log;

impl Layer for Log {
    fn bill<'a>(&'a self, of: &'a dyn Provider, steps: &'a Steps) -> Pulling<'a, Vec<Part>> {
        let span = info_span!("pull", provider = of.name(), part = "billing");
        let pull = async move {
            info!(from = of.describe(), "pulling");
            let start = Instant::now();
            let pulled = of.bill(steps).await;
            match &pulled {
                // The charges are lazy: their number is known when they are written.
                Ok(Pulled { data, gaps, notes }) => {
                    let (parts, missing, notes) = (data.len(), gaps.len(), notes.len());
                    info!(parts, ms = ms(start), gaps = missing, notes, "pulled");
                    log_gaps(gaps);
                }
                Err(error) => failed(start, error),
            }
            pulled
        };
        Box::pin(pull.instrument(span))
    }

    fn table<'a>(
        &'a self,
        of: &'a dyn Provider,
        table: &'static Table,
        known: &'a Known,
        steps: &'a Steps,
    ) -> Pulling<'a, DataFrame> {
        let span = info_span!("pull", provider = of.name(), part = table.name);
        let pull = async move {
            info!("pulling");
            let start = Instant::now();
            let pulled = of.table(table, known, steps).await;
            match &pulled {
                Ok(Pulled { data, gaps, .. }) => {
                    info!(rows = data.height(), ms = ms(start), gaps = gaps.len(), "pulled");
                    log_gaps(gaps);
                }
                Err(error) => failed(start, error),
            }
            pulled
        };
        Box::pin(pull.instrument(span))
    }
}

/// Returns the milliseconds since the start.
fn ms(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn log_gaps(gaps: &[Gap]) {
    for line in lines(gaps) {
        debug!(gap = line, "missing");
    }
}

fn failed(start: Instant, error: &ProviderError) {
    info!(ms = ms(start), %error, "failed");
}
