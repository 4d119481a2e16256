//! EBS volumes and snapshots, S3 buckets, log groups.

use aws_sdk_ec2::types::{Snapshot, Volume};
use cost_provider_api::{CallError, FailureKind};

use super::compute::tags;
use super::row::{Row, day};
use crate::connect::{At, client};
use crate::operation::{
    DESCRIBE_LOG_GROUPS, DESCRIBE_SNAPSHOTS, DESCRIBE_VOLUMES, GET_BUCKET_LIFECYCLE, GET_BUCKET_VERSIONING,
    LIST_BUCKETS,
};

/// Volumes of one page: the most the operation gives.
const VOLUMES: i32 = 500;
/// Snapshots of one page: the most the operation gives.
const SNAPSHOTS: i32 = 1000;

/// Details: `AvailabilityZone`, `Encrypted`, `SnapshotId`, `DeleteOnTermination`, `Device`.
pub(super) async fn volumes(at: At) -> Result<Vec<Row>, CallError> {
    let ec2 = client!(aws_sdk_ec2, &at);
    let make = |token| ec2.describe_volumes().max_results(VOLUMES).set_next_token(token).send();
    let all = at.place.pages(DESCRIBE_VOLUMES, make, |p| (p.volumes.unwrap_or_default(), p.next_token)).await?;
    let row = |v: Volume| {
        let attachment = v.attachments().first().cloned();
        let (attached_to, device, delete) = match attachment {
            Some(a) => (a.instance_id, a.device, a.delete_on_termination),
            None => (None, None, None),
        };
        let row = Row {
            state: v.state.map(|s| s.as_str().to_owned()),
            volume_type: v.volume_type.map(|t| t.as_str().to_owned()),
            size_gb: v.size.map(i64::from),
            iops: v.iops.map(i64::from),
            throughput_mbps: v.throughput.map(i64::from),
            attached_to,
            created_on: day(v.create_time.as_ref()),
            ..Row::new("volume", v.volume_id?, &at)
        };
        Some(
            row.detail("AvailabilityZone", v.availability_zone)
                .detail("Encrypted", v.encrypted)
                .detail("SnapshotId", v.snapshot_id.filter(|s| !s.is_empty()))
                .detail("DeleteOnTermination", delete)
                .detail("Device", device)
                .tagged(tags(v.tags)),
        )
    };
    Ok(all.into_iter().filter_map(row).collect())
}

/// Snapshots the account owns. `SizeGb` is the volume's size, an upper bound of what is billed. Details: `VolumeId`,
/// `StorageTier`, `Description`.
pub(super) async fn snapshots(at: At) -> Result<Vec<Row>, CallError> {
    let ec2 = client!(aws_sdk_ec2, &at);
    let make = |token| ec2.describe_snapshots().owner_ids("self").max_results(SNAPSHOTS).set_next_token(token).send();
    let all = at.place.pages(DESCRIBE_SNAPSHOTS, make, |p| (p.snapshots.unwrap_or_default(), p.next_token)).await?;
    let row = |s: Snapshot| {
        let row = Row {
            state: s.state.map(|s| s.as_str().to_owned()),
            size_gb: s.volume_size.map(i64::from),
            created_on: day(s.start_time.as_ref()),
            ..Row::new("snapshot", s.snapshot_id?, &at)
        };
        Some(
            row.detail("VolumeId", s.volume_id)
                .detail("StorageTier", s.storage_tier.map(|t| t.as_str().to_owned()))
                .detail("Description", s.description.filter(|d| !d.is_empty()))
                .tagged(tags(s.tags)),
        )
    };
    Ok(all.into_iter().filter_map(row).collect())
}

/// Buckets of the account, of all regions. Details: `Versioning`, `LifecycleRules` (how many are enabled; 0 if there are none).
pub(super) async fn buckets(at: At) -> Result<Vec<Row>, CallError> {
    let s3 = client!(aws_sdk_s3, &at);
    let make = |token| s3.list_buckets().set_continuation_token(token).send();
    let all = at.place.pages(LIST_BUCKETS, make, |p| (p.buckets.unwrap_or_default(), p.continuation_token)).await?;
    let mut rows = Vec::new();
    for bucket in all {
        let Some(name) = bucket.name else { continue };
        let region = bucket.bucket_region.clone().unwrap_or_else(|| at.region().to_owned());
        let there =
            At { config: at.config.to_builder().region(aws_config::Region::new(region.clone())).build(), ..at.clone() };
        let s3 = client!(aws_sdk_s3, &there);
        let versioning =
            there.place.call(GET_BUCKET_VERSIONING, || s3.get_bucket_versioning().bucket(&name).send()).await?;
        let lifecycle = || s3.get_bucket_lifecycle_configuration().bucket(&name).send();
        let rules = match there.place.call(GET_BUCKET_LIFECYCLE, lifecycle).await {
            Ok(answer) => answer.rules().iter().filter(|r| r.status().as_str() == "Enabled").count(),
            Err(e) if e.message.starts_with("NoSuchLifecycleConfiguration") || e.kind == FailureKind::NotFound => 0,
            Err(e) => return Err(e),
        };
        let versioning = versioning.status.map_or_else(|| "Disabled".to_owned(), |s| s.as_str().to_owned());
        let row = Row {
            region,
            created_on: day(bucket.creation_date.as_ref()),
            name: Some(name.clone()),
            ..Row::new("bucket", name, &at)
        };
        rows.push(row.detail("Versioning", Some(versioning)).detail("LifecycleRules", Some(rules)));
    }
    Ok(rows)
}

/// Details: `RetentionDays` (none: kept for ever), `StoredBytes`, `Class`.
pub(super) async fn log_groups(at: At) -> Result<Vec<Row>, CallError> {
    let logs = client!(aws_sdk_cloudwatchlogs, &at);
    let make = |token| logs.describe_log_groups().limit(50).set_next_token(token).send();
    let all = at.place.pages(DESCRIBE_LOG_GROUPS, make, |p| (p.log_groups.unwrap_or_default(), p.next_token)).await?;
    let row = |g: aws_sdk_cloudwatchlogs::types::LogGroup| {
        let created_on = g.creation_time.and_then(chrono::DateTime::from_timestamp_millis).map(|t| t.date_naive());
        // Bills name a log group by its ARN without the `:*` of its streams.
        let id = g.arn.map(|a| a.trim_end_matches(":*").to_owned())?;
        let row = Row { created_on, name: g.log_group_name, ..Row::new("log-group", id, &at) };
        Some(
            row.detail("RetentionDays", g.retention_in_days)
                .detail("StoredBytes", g.stored_bytes)
                .detail("Class", g.log_group_class.map(|c| c.as_str().to_owned())),
        )
    };
    Ok(all.into_iter().filter_map(row).collect())
}
