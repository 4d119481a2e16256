//! EBS volumes and snapshots, S3 buckets, log groups.

use aws_sdk_ec2::types::{Snapshot, Volume};
use aws_sdk_s3::types::Bucket;
use cost_core::inventory::{Kind, Resource, detail};
use cost_provider_api::CallError;

use super::found::{Found, each};
use super::row::{Tagged, count, resource, tags};
use crate::connect::{At, client};
use crate::instant::day;
use crate::operation::{
    DESCRIBE_LOG_GROUPS, DESCRIBE_SNAPSHOTS, DESCRIBE_VOLUMES, GET_BUCKET_LIFECYCLE,
    GET_BUCKET_VERSIONING, LIST_BUCKETS,
};

/// Volumes per page: the maximum of the operation.
const VOLUMES: i32 = 500;
/// Snapshots per page: the maximum of the operation.
const SNAPSHOTS: i32 = 1000;

/// Details: `AvailabilityZone`, `Encrypted`, `SnapshotId`, `DeleteOnTermination`, `Device`.
pub(super) async fn volumes(at: At) -> Result<Vec<Resource>, CallError> {
    let ec2 = client!(aws_sdk_ec2, &at);
    let make = |token| ec2.describe_volumes().max_results(VOLUMES).set_next_token(token).send();
    let all = at
        .place
        .pages(DESCRIBE_VOLUMES, make, |p| (p.volumes.unwrap_or_default(), p.next_token))
        .await?;
    let row = |v: Volume| {
        let attachment = v.attachments().first().cloned();
        let (attached_to, device, delete) = match attachment {
            Some(a) => (a.instance_id, a.device, a.delete_on_termination),
            None => (None, None, None),
        };
        let row = Resource {
            state: v.state.map(|s| s.as_str().to_owned()),
            volume_type: v.volume_type.map(|t| t.as_str().to_owned()),
            size_gb: v.size.map(i64::from),
            iops: v.iops.map(i64::from),
            throughput_mbps: v.throughput.map(i64::from),
            attached_to,
            created_on: day(v.create_time.as_ref()),
            ..resource(Kind::Volume, v.volume_id?, &at)
        };
        Some(
            row.with(detail::AVAILABILITY_ZONE, v.availability_zone)
                .with(detail::ENCRYPTED, v.encrypted)
                .with(detail::SNAPSHOT_ID, v.snapshot_id)
                .with(detail::DELETE_ON_TERMINATION, delete)
                .with(detail::DEVICE, device)
                .tagged(tags(v.tags)),
        )
    };
    Ok(all.into_iter().filter_map(row).collect())
}

/// Snapshots the account owns. `SizeGb` is the volume's size, an upper bound of what is billed.
/// Details: `VolumeId`, `StorageTier`, `Description`, `FullSnapshotSizeInBytes` (the blocks written
/// when it was made).
pub(super) async fn snapshots(at: At) -> Result<Vec<Resource>, CallError> {
    let ec2 = client!(aws_sdk_ec2, &at);
    let make = |token| {
        ec2.describe_snapshots()
            .owner_ids("self")
            .max_results(SNAPSHOTS)
            .set_next_token(token)
            .send()
    };
    let all = at
        .place
        .pages(DESCRIBE_SNAPSHOTS, make, |p| (p.snapshots.unwrap_or_default(), p.next_token))
        .await?;
    let row = |s: Snapshot| {
        let row = Resource {
            state: s.state.map(|s| s.as_str().to_owned()),
            size_gb: s.volume_size.map(i64::from),
            created_on: day(s.start_time.as_ref()),
            ..resource(Kind::Snapshot, s.snapshot_id?, &at)
        };
        Some(
            row.with(detail::VOLUME_ID, s.volume_id)
                .with(detail::STORAGE_TIER, s.storage_tier.map(|t| t.as_str().to_owned()))
                .with(detail::FULL_SNAPSHOT_SIZE_IN_BYTES, s.full_snapshot_size_in_bytes)
                .with(detail::DESCRIPTION, s.description)
                .tagged(tags(s.tags)),
        )
    };
    Ok(all.into_iter().filter_map(row).collect())
}

/// Buckets of the account in all regions. Details: `Versioning`, `LifecycleRules` (number of
/// enabled rules; 0 if none), `ExpiresNoncurrent` and `AbortsUploads` (whether an enabled rule does
/// so). Access can be denied for single buckets: such a bucket stays in the inventory, with a gap.
pub(super) async fn buckets(at: At) -> Result<Found, CallError> {
    let s3 = client!(aws_sdk_s3, &at);
    let make = |token| s3.list_buckets().set_continuation_token(token).send();
    let all = at
        .place
        .pages(LIST_BUCKETS, make, |p| (p.buckets.unwrap_or_default(), p.continuation_token))
        .await?;
    let details = each(&all, |bucket| details(&at, bucket)).await;
    let mut found = Found::default();
    for (bucket, details) in all.iter().zip(details) {
        let (Some(name), Some((region, versioning, rules))) = (&bucket.name, details) else {
            continue;
        };
        let row = Resource {
            created_on: day(bucket.creation_date.as_ref()),
            name: Some(name.clone()),
            ..resource(Kind::Bucket, name, &at.in_region(&region))
        };
        let versioning = found.known("versioning of S3 buckets", versioning);
        let rules = found.known("lifecycle rules of S3 buckets", rules);
        found.rows.push(
            row.with(detail::VERSIONING, versioning)
                .with(detail::LIFECYCLE_RULES, rules.and_then(|r| count(r.rules)))
                .with(detail::EXPIRES_NONCURRENT, rules.map(|r| r.expires_noncurrent))
                .with(detail::ABORTS_UPLOADS, rules.map(|r| r.aborts_uploads)),
        );
    }
    Ok(found)
}

/// Actions of the enabled lifecycle rules of a bucket.
#[derive(Clone, Copy, Debug, Default)]
struct Lifecycle {
    rules: usize,
    /// Whether one expires noncurrent versions.
    expires_noncurrent: bool,
    /// Whether one aborts incomplete uploads.
    aborts_uploads: bool,
}

/// Region, versioning and lifecycle rules of a bucket.
async fn details(
    at: &At,
    bucket: &Bucket,
) -> Option<(String, Result<String, CallError>, Result<Lifecycle, CallError>)> {
    let name = bucket.name.as_deref()?;
    let region = bucket.bucket_region.clone().unwrap_or_else(|| at.region().to_owned());
    let there = at.in_region(&region);
    Some((region, versioning(&there, name).await, lifecycle_rules(&there, name).await))
}

async fn versioning(at: &At, bucket: &str) -> Result<String, CallError> {
    let s3 = client!(aws_sdk_s3, at);
    let answer = at
        .place
        .call(GET_BUCKET_VERSIONING, || s3.get_bucket_versioning().bucket(bucket).send())
        .await?;
    Ok(answer
        .status
        .map_or("Disabled", |s| if s.as_str() == "Enabled" { "Enabled" } else { "Suspended" })
        .to_owned())
}

async fn lifecycle_rules(at: &At, bucket: &str) -> Result<Lifecycle, CallError> {
    let s3 = client!(aws_sdk_s3, at);
    let make = || s3.get_bucket_lifecycle_configuration().bucket(bucket).send();
    match at.place.call(GET_BUCKET_LIFECYCLE, make).await {
        Ok(answer) => {
            let enabled = || answer.rules().iter().filter(|r| r.status().as_str() == "Enabled");
            Ok(Lifecycle {
                rules: enabled().count(),
                expires_noncurrent: enabled().any(|r| r.noncurrent_version_expiration.is_some()),
                aborts_uploads: enabled().any(|r| r.abort_incomplete_multipart_upload.is_some()),
            })
        }
        Err(e) if e.message.starts_with("NoSuchLifecycleConfiguration") => Ok(Lifecycle::default()),
        Err(e) => Err(e),
    }
}

/// Details: `RetentionDays` (missing: retained forever), `StoredBytes`, `Class`.
pub(super) async fn log_groups(at: At) -> Result<Vec<Resource>, CallError> {
    let logs = client!(aws_sdk_cloudwatchlogs, &at);
    let make = |token| logs.describe_log_groups().limit(50).set_next_token(token).send();
    let all = at
        .place
        .pages(DESCRIBE_LOG_GROUPS, make, |p| (p.log_groups.unwrap_or_default(), p.next_token))
        .await?;
    let row = |g: aws_sdk_cloudwatchlogs::types::LogGroup| {
        let created_on = g
            .creation_time
            .and_then(chrono::DateTime::from_timestamp_millis)
            .map(|t| t.date_naive());
        // Bills name a log group by its ARN without the `:*` of its streams.
        let id = g.arn.map(|a| a.trim_end_matches(":*").to_owned())?;
        let row =
            Resource { created_on, name: g.log_group_name, ..resource(Kind::LogGroup, id, &at) };
        Some(
            row.with(detail::RETENTION_DAYS, g.retention_in_days)
                .with(detail::STORED_BYTES, g.stored_bytes)
                .with(detail::CLASS, g.log_group_class.map(|c| c.as_str().to_owned())),
        )
    };
    Ok(all.into_iter().filter_map(row).collect())
}
