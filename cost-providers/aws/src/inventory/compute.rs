//! EC2 instances with their AMIs and Auto Scaling groups, own AMIs, Lambda functions.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::{Image, Instance};
use chrono::NaiveDate;
use cost_core::inventory::{Kind, Resource, detail};
use cost_provider_api::CallError;

use super::found::Found;
use super::row::{Tagged, resource, tags};
use crate::connect::{At, client};
use crate::instant::day;
use crate::operation::{
    DESCRIBE_AUTO_SCALING_INSTANCES, DESCRIBE_IMAGES, DESCRIBE_INSTANCES, LIST_FUNCTIONS,
};

/// Resources of one page.
const PAGE: i32 = 1000;
/// AMI IDs per request: the maximum number of values of a list parameter.
const IMAGES_AT_A_TIME: usize = 200;

/// Details: `Platform`, `Tenancy`, `Lifecycle` (`on-demand`, `spot`, `scheduled`,
/// `capacity-block`), `Architecture`, `ImageId`, `ImageCreatedOn`, `AutoScalingGroup`,
/// `DetailedMonitoring`, `AvailabilityZone`, `LaunchedOn`.
pub(super) async fn instances(at: At) -> Result<Found, CallError> {
    let ec2 = client!(aws_sdk_ec2, &at);
    let make = |token| ec2.describe_instances().max_results(PAGE).set_next_token(token).send();
    let reservations = at
        .place
        .pages(DESCRIBE_INSTANCES, make, |p| (p.reservations.unwrap_or_default(), p.next_token))
        .await?;
    let instances: Vec<Instance> =
        reservations.into_iter().flat_map(|r| r.instances.unwrap_or_default()).collect();
    let mut found = Found::default();
    if instances.is_empty() {
        return Ok(found);
    }
    let groups =
        found.known("Auto Scaling groups of EC2 instances", groups(&at).await).unwrap_or_default();
    let ages = image_ages(&at, instances.iter().filter_map(|i| i.image_id.clone()).collect()).await;
    let ages = found.known("age of the AMIs of EC2 instances", ages).unwrap_or_default();
    found.rows = instances.into_iter().filter_map(|i| instance(i, &groups, &ages, &at)).collect();
    Ok(found)
}

fn instance(
    i: Instance,
    groups: &BTreeMap<String, String>,
    ages: &BTreeMap<String, NaiveDate>,
    at: &At,
) -> Option<Resource> {
    let id = i.instance_id?;
    let lifecycle =
        i.instance_lifecycle.map_or_else(|| "on-demand".to_owned(), |l| l.as_str().to_owned());
    let image_day = i.image_id.as_ref().and_then(|image| ages.get(image)).copied();
    let group = groups.get(&id).cloned();
    let placement = i.placement.as_ref();
    let row = Resource {
        state: i.state.and_then(|s| s.name).map(|s| s.as_str().to_owned()),
        state_since: i.state_transition_reason.as_deref().and_then(day_in_parentheses),
        instance_type: i.instance_type.map(|t| t.as_str().to_owned()),
        ..resource(Kind::Instance, id, at)
    };
    Some(
        row.with(detail::PLATFORM, i.platform_details)
            .with(
                detail::TENANCY,
                placement.and_then(|p| p.tenancy.as_ref()).map(aws_sdk_ec2::types::Tenancy::as_str),
            )
            .with(detail::LIFECYCLE, Some(lifecycle))
            .with(detail::ARCHITECTURE, i.architecture.map(|a| a.as_str().to_owned()))
            .with(detail::AVAILABILITY_ZONE, placement.and_then(|p| p.availability_zone.clone()))
            .with(detail::IMAGE_ID, i.image_id)
            .with(detail::IMAGE_CREATED_ON, image_day)
            .with(detail::AUTO_SCALING_GROUP, group)
            .with(
                detail::DETAILED_MONITORING,
                i.monitoring.and_then(|m| m.state).map(|s| s.as_str() == "enabled"),
            )
            .with(detail::LAUNCHED_ON, day(i.launch_time.as_ref()))
            .tagged(tags(i.tags)),
    )
}

/// Returns the day since when an instance is stopped, from the text of EC2: `User initiated
/// (2026-05-01 10:11:12 GMT)`.
fn day_in_parentheses(reason: &str) -> Option<NaiveDate> {
    reason.split_once('(')?.1.get(..10)?.parse().ok()
}

/// Returns the Auto Scaling group of each instance that is in one.
async fn groups(at: &At) -> Result<BTreeMap<String, String>, CallError> {
    let scaling = client!(aws_sdk_autoscaling, at);
    let make = |token| scaling.describe_auto_scaling_instances().set_next_token(token).send();
    let split =
        |p: aws_sdk_autoscaling::operation::describe_auto_scaling_instances::DescribeAutoScalingInstancesOutput| {
            (p.auto_scaling_instances.unwrap_or_default(), p.next_token)
        };
    let all = at.place.pages(DESCRIBE_AUTO_SCALING_INSTANCES, make, split).await?;
    Ok(all.into_iter().filter_map(|i| Some((i.instance_id?, i.auto_scaling_group_name?))).collect())
}

/// Returns the creation day of each AMI. AMIs that were deleted or are no longer shared are
/// missing.
async fn image_ages(
    at: &At,
    ids: BTreeSet<String>,
) -> Result<BTreeMap<String, NaiveDate>, CallError> {
    let ec2 = client!(aws_sdk_ec2, at);
    let ids: Vec<String> = ids.into_iter().collect();
    let mut ages = BTreeMap::new();
    for some in ids.chunks(IMAGES_AT_A_TIME) {
        // By filter: IDs of deleted AMIs are then skipped and do not fail the call.
        let filter = aws_sdk_ec2::types::Filter::builder()
            .name("image-id")
            .set_values(Some(some.to_vec()))
            .build();
        let make =
            |token| ec2.describe_images().filters(filter.clone()).set_next_token(token).send();
        let images = at
            .place
            .pages(DESCRIBE_IMAGES, make, |p| (p.images.unwrap_or_default(), p.next_token))
            .await?;
        ages.extend(images.iter().filter_map(|i| Some((i.image_id.clone()?, created_on(i)?))));
    }
    Ok(ages)
}

fn created_on(image: &Image) -> Option<NaiveDate> {
    image.creation_date.as_deref()?.get(..10)?.parse().ok()
}

/// AMIs the account owns. Details: `SnapshotIds`, `Public`.
pub(super) async fn images(at: At) -> Result<Vec<Resource>, CallError> {
    let ec2 = client!(aws_sdk_ec2, &at);
    let make = |token| ec2.describe_images().owners("self").set_next_token(token).send();
    let images = at
        .place
        .pages(DESCRIBE_IMAGES, make, |p| (p.images.unwrap_or_default(), p.next_token))
        .await?;
    let row = |i: Image| {
        let snapshots: Vec<String> = i
            .block_device_mappings()
            .iter()
            .filter_map(|m| m.ebs.as_ref()?.snapshot_id.clone())
            .collect();
        let created_on = created_on(&i);
        let row = Resource {
            state: i.state.map(|s| s.as_str().to_owned()),
            created_on,
            name: i.name,
            ..resource(Kind::Image, i.image_id?, &at)
        };
        Some(
            row.with(detail::SNAPSHOT_IDS, Some(snapshots))
                .with(detail::PUBLIC, i.public)
                .tagged(tags(i.tags)),
        )
    };
    Ok(images.into_iter().filter_map(row).collect())
}

/// Details: `MemoryMb`, `Runtime`, `Architecture`, `TimeoutSeconds`, `EphemeralStorageMb`,
/// `CodeBytes`.
pub(super) async fn functions(at: At) -> Result<Vec<Resource>, CallError> {
    let lambda = client!(aws_sdk_lambda, &at);
    let make = |token| lambda.list_functions().set_marker(token).send();
    let all = at
        .place
        .pages(LIST_FUNCTIONS, make, |p| (p.functions.unwrap_or_default(), p.next_marker))
        .await?;
    let row = |f: aws_sdk_lambda::types::FunctionConfiguration| {
        let architecture = f.architectures().first().map(|a| a.as_str().to_owned());
        let row = Resource {
            state: f.state.map(|s| s.as_str().to_owned()),
            name: f.function_name,
            ..resource(Kind::Function, f.function_arn?, &at)
        };
        Some(
            row.with(detail::MEMORY_MB, f.memory_size)
                .with(detail::RUNTIME, f.runtime.map(|r| r.as_str().to_owned()))
                .with(detail::ARCHITECTURE, architecture)
                .with(detail::TIMEOUT_SECONDS, f.timeout)
                .with(detail::EPHEMERAL_STORAGE_MB, f.ephemeral_storage.map(|s| s.size))
                .with(detail::CODE_BYTES, Some(f.code_size))
                .with(detail::LAST_MODIFIED, f.last_modified),
        )
    };
    Ok(all.into_iter().filter_map(row).collect())
}
