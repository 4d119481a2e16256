//! What to do first about an anomaly, and how to keep it from coming again, by what its main cause is.

use cost_core::anomaly::{Anomaly, Kind};

/// Advice for a kind of cause.
struct Play {
    /// Parts of a usage type or service name that it is for.
    parts: &'static [&'static str],
    first_steps: &'static [&'static str],
    prevention: &'static str,
}

/// The first that fits counts: special ones first. A new cause is an entry here.
const PLAYS: &[Play] = &[
    Play {
        parts: &["NatGateway"],
        first_steps: &[
            "Look in the VPC flow logs for the private addresses that send or receive most through the NAT gateway.",
            "If the other side is S3 or DynamoDB in the same region, add a gateway endpoint to the route tables: it is free.",
        ],
        prevention: "Add gateway endpoints to each new VPC by template, and watch BytesOutToDestination of NAT gateways.",
    },
    Play {
        parts: &["DataTransfer", "Out-Bytes", "CloudFront"],
        first_steps: &[
            "Find the objects or paths that are fetched most: access logs of CloudFront, S3 or the load balancer.",
            "Check whether the traffic is wanted: user agents, countries, cache hit rate, hot links from elsewhere.",
        ],
        prevention: "Set cache lifetimes, compress and size media, and put a rate-based rule in front of public paths.",
    },
    Play {
        parts: &["DataProcessing-Bytes", "VendedLog", "AmazonCloudWatch"],
        first_steps: &[
            "List log groups by IncomingBytes over the anomaly's days, and compare with the week before.",
            "Look for a log level that was raised with a deployment of those days.",
        ],
        prevention: "Set the log level by configuration with an end date, and retention on each log group.",
    },
    Play {
        parts: &["Lambda"],
        first_steps: &[
            "Compare Invocations, Duration and ConcurrentExecutions by function over the anomaly's days.",
            "Look for a function that triggers itself: its output in the bucket, queue or table that it listens to.",
        ],
        prevention: "Set reserved concurrency and a dead-letter queue for functions fed by events; keep recursive loop detection on.",
    },
    Play {
        parts: &["Requests-Tier", "Simple Storage Service"],
        first_steps: &[
            "Find the bucket and the caller: S3 server access logs or CloudTrail data events, by operation and requester.",
            "Look for a loop that lists a bucket or writes small objects.",
        ],
        prevention: "Cache listings, batch small objects, and alarm on request counts of the bucket.",
    },
    Play {
        parts: &["RequestUnits", "DynamoDB"],
        first_steps: &[
            "Compare ConsumedReadCapacityUnits and ConsumedWriteCapacityUnits by table and index over the days.",
            "Look for retries without back-off, a scan, or a backfill.",
        ],
        prevention: "Set maximum on-demand throughput per table, and back off with jitter in clients.",
    },
    Play {
        parts: &["BoxUsage", "SpotUsage", "Elastic Compute Cloud"],
        first_steps: &[
            "List instances by launch time, and who launched them: CloudTrail, RunInstances, on the first day and the day before.",
            "Check Auto Scaling groups for a raised minimum or a failing health check that replaces instances.",
        ],
        prevention: "Limit regions and instance types by service control policy, and give instances of tests an end date.",
    },
];

const NEW_PLACE: &[&str] = &[
    "Ask the owner at once whether this was planned. If nobody knows, treat it as an intrusion: deactivate the access keys and \
     sessions that made the resources (CloudTrail), and open a case with the provider.",
    "Keep evidence (snapshots, CloudTrail logs) before anything is stopped.",
];
const GENERAL: &[&str] = &[
    "Look at the resources and usage types named above on the first day, and at what was deployed or changed then.",
    "Ask the owner whether it was planned. If so, say so in the configuration as a known event, or resolve the alert.",
];
const GENERAL_PREVENTION: &str =
    "Give the scope a budget with an owner, and name planned changes as known events beforehand.";

/// First steps, in order.
pub(super) fn first_steps(anomaly: &Anomaly) -> Vec<&'static str> {
    let place: &[&str] = if matches!(anomaly.kind, Kind::NewAccount | Kind::NewRegion) { NEW_PLACE } else { &[] };
    let play = play(anomaly).map_or(&[][..], |p| p.first_steps);
    [place, play, GENERAL].concat()
}

/// How to keep it from coming again.
pub(super) fn prevention(anomaly: &Anomaly) -> Vec<&'static str> {
    play(anomaly).map(|p| p.prevention).into_iter().chain([GENERAL_PREVENTION]).collect()
}

fn play(anomaly: &Anomaly) -> Option<&'static Play> {
    let cause = anomaly.causes.first()?;
    let texts = [cause.usage_type.as_deref(), cause.service_name.as_deref()];
    let fits = |play: &&Play| texts.iter().flatten().any(|t| play.parts.iter().any(|part| t.contains(part)));
    PLAYS.iter().find(fits)
}
