//! Advice for anomalies in AWS usage.

use crate::cloud::play::Play;

/// The first match applies, so specific entries come first. Add an entry here for a new cause.
pub(super) const PLAYS: &[Play] = &[
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
