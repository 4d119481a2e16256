//! Memory, where the `CloudWatch` agent runs.

use std::collections::BTreeSet;

use aws_sdk_cloudwatch::operation::list_metrics::ListMetricsOutput;
use cost_provider_api::CallError;

use super::metrics::Measure;
use super::{Resource, Wanted};
use crate::connect::{At, client};
use crate::operation::LIST_METRICS;

/// Namespace and metric of the agent's default configuration, Linux. Source: `CloudWatch` user guide, "Metrics collected by the `CloudWatch`
/// agent", read 2026-11.
const NAMESPACE: &str = "CWAgent";
const METRIC: &str = "mem_used_percent";

/// What to ask for the instances that have the agent. Its dimensions depend on its configuration, so they are looked up.
pub(super) async fn memory(at: &At, resources: &[Resource]) -> Result<Vec<Wanted>, CallError> {
    let instances: BTreeSet<&str> = resources.iter().filter(|r| r.kind == "instance").map(|r| r.id.as_str()).collect();
    if instances.is_empty() {
        return Ok(Vec::new());
    }
    let cloudwatch = client!(aws_sdk_cloudwatch, at);
    let make = |token| cloudwatch.list_metrics().namespace(NAMESPACE).metric_name(METRIC).set_next_token(token).send();
    let split = |p: ListMetricsOutput| (p.metrics.unwrap_or_default(), p.next_token);
    let mut wanted = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for metric in at.place.pages(LIST_METRICS, make, split).await? {
        let pair = |d: &aws_sdk_cloudwatch::types::Dimension| Some((d.name.clone()?, d.value.clone()?));
        let dimensions: Vec<(String, String)> = metric.dimensions().iter().filter_map(pair).collect();
        let Some((_, id)) = dimensions.iter().find(|(name, _)| name == "InstanceId") else { continue };
        // An instance that moved between groups has several series: the first one told counts, not their sum.
        if !instances.contains(id.as_str()) || !seen.insert(id.clone()) {
            continue;
        }
        let stats = [("Average", Measure::MemoryMean), ("Maximum", Measure::MemoryMax)];
        wanted.extend(stats.map(|(stat, measure)| Wanted {
            resource: id.clone(),
            measure,
            namespace: NAMESPACE,
            metric: METRIC,
            stat,
            dimensions: dimensions.clone(),
            free_of: None,
        }));
    }
    Ok(wanted)
}
