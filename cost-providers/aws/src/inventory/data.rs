//! RDS instances and clusters, `ElastiCache` nodes, `DynamoDB` tables.

use aws_sdk_rds::types::{DbCluster, DbInstance};
use cost_core::inventory::{Kind, Resource, detail};
use cost_provider_api::CallError;

use super::found::{Found, rows_of_each};
use super::row::{Tagged, count, resource};
use crate::connect::{At, client};
use crate::instant::day;
use crate::operation::{
    DESCRIBE_CACHE_CLUSTERS, DESCRIBE_DB_CLUSTERS, DESCRIBE_DB_INSTANCES, DESCRIBE_TABLE,
    LIST_TABLES,
};

fn tags(
    tags: Option<Vec<aws_sdk_rds::types::Tag>>,
) -> impl Iterator<Item = (Option<String>, Option<String>)> {
    tags.unwrap_or_default().into_iter().map(|t| (t.key, t.value))
}

/// Details: `Engine`, `EngineVersion`, `EngineLifecycleSupport`, `LicenseModel`, `MultiAz`,
/// `ClusterId`, `ReplicaOf`, `BackupRetentionDays`, `PerformanceInsights`.
pub(super) async fn db_instances(at: At) -> Result<Vec<Resource>, CallError> {
    let rds = client!(aws_sdk_rds, &at);
    let make = |marker| rds.describe_db_instances().set_marker(marker).send();
    let all = at
        .place
        .pages(DESCRIBE_DB_INSTANCES, make, |p| (p.db_instances.unwrap_or_default(), p.marker))
        .await?;
    let row = |d: DbInstance| {
        let row = Resource {
            state: d.db_instance_status,
            instance_type: d.db_instance_class,
            volume_type: d.storage_type,
            size_gb: d.allocated_storage.map(i64::from),
            iops: d.iops.map(i64::from),
            throughput_mbps: d.storage_throughput.map(i64::from).filter(|t| *t > 0),
            name: d.db_instance_identifier,
            created_on: day(d.instance_create_time.as_ref()),
            ..resource(Kind::DbInstance, d.db_instance_arn?, &at)
        };
        Some(
            row.with(detail::ENGINE, d.engine)
                .with(detail::ENGINE_VERSION, d.engine_version)
                .with(detail::ENGINE_LIFECYCLE_SUPPORT, d.engine_lifecycle_support)
                .with(detail::LICENSE_MODEL, d.license_model)
                .with(detail::MULTI_AZ, d.multi_az)
                .with(detail::CLUSTER_ID, d.db_cluster_identifier)
                .with(detail::REPLICA_OF, d.read_replica_source_db_instance_identifier)
                .with(detail::BACKUP_RETENTION_DAYS, d.backup_retention_period)
                .with(detail::PERFORMANCE_INSIGHTS, d.performance_insights_enabled)
                .tagged(tags(d.tag_list)),
        )
    };
    Ok(all.into_iter().filter_map(row).collect())
}

/// Details: `Engine`, `EngineVersion`, `EngineLifecycleSupport`, `EngineMode`, `Members`, `MultiAz`,
/// `BackupRetentionDays`, `StorageType`, `ClusterResourceId`, `MinCapacity`, `MaxCapacity`.
pub(super) async fn db_clusters(at: At) -> Result<Vec<Resource>, CallError> {
    let rds = client!(aws_sdk_rds, &at);
    let make = |marker| rds.describe_db_clusters().set_marker(marker).send();
    let all = at
        .place
        .pages(DESCRIBE_DB_CLUSTERS, make, |p| (p.db_clusters.unwrap_or_default(), p.marker))
        .await?;
    let row = |c: DbCluster| {
        let members = c.db_cluster_members().len();
        let range = c.serverless_v2_scaling_configuration.as_ref();
        let (least, most) =
            (range.and_then(|r| r.min_capacity), range.and_then(|r| r.max_capacity));
        let row = Resource {
            state: c.status,
            instance_type: c.db_cluster_instance_class,
            size_gb: c.allocated_storage.map(i64::from),
            iops: c.iops.map(i64::from),
            name: c.db_cluster_identifier,
            created_on: day(c.cluster_create_time.as_ref()),
            ..resource(Kind::DbCluster, c.db_cluster_arn?, &at)
        };
        Some(
            row.with(detail::ENGINE, c.engine)
                .with(detail::ENGINE_VERSION, c.engine_version)
                .with(detail::ENGINE_LIFECYCLE_SUPPORT, c.engine_lifecycle_support)
                .with(detail::ENGINE_MODE, c.engine_mode)
                .with(detail::MEMBERS, count(members))
                .with(detail::MULTI_AZ, c.multi_az)
                .with(detail::BACKUP_RETENTION_DAYS, c.backup_retention_period)
                .with(detail::STORAGE_TYPE, c.storage_type)
                .with(detail::CLUSTER_RESOURCE_ID, c.db_cluster_resource_id)
                .with(detail::MIN_CAPACITY, least.map(|units| units.to_string()))
                .with(detail::MAX_CAPACITY, most.map(|units| units.to_string()))
                .tagged(tags(c.tag_list)),
        )
    };
    Ok(all.into_iter().filter_map(row).collect())
}

/// Details: `Engine`, `EngineVersion`, `Nodes`, `ReplicationGroup`, `AvailabilityZone`.
pub(super) async fn cache_clusters(at: At) -> Result<Vec<Resource>, CallError> {
    let cache = client!(aws_sdk_elasticache, &at);
    let make = |marker| cache.describe_cache_clusters().set_marker(marker).send();
    let all = at
        .place
        .pages(DESCRIBE_CACHE_CLUSTERS, make, |p| (p.cache_clusters.unwrap_or_default(), p.marker))
        .await?;
    let row = |c: aws_sdk_elasticache::types::CacheCluster| {
        let row = Resource {
            state: c.cache_cluster_status,
            instance_type: c.cache_node_type,
            name: c.cache_cluster_id,
            created_on: day(c.cache_cluster_create_time.as_ref()),
            ..resource(Kind::CacheCluster, c.arn?, &at)
        };
        Some(
            row.with(detail::ENGINE, c.engine)
                .with(detail::ENGINE_VERSION, c.engine_version)
                .with(detail::NODES, c.num_cache_nodes)
                .with(detail::REPLICATION_GROUP, c.replication_group_id)
                .with(detail::AVAILABILITY_ZONE, c.preferred_availability_zone),
        )
    };
    Ok(all.into_iter().filter_map(row).collect())
}

/// Details: `BillingMode`, `ReadCapacityUnits`, `WriteCapacityUnits` (provisioned), `SizeBytes`,
/// `Items`, `TableClass`, `Indexes`.
pub(super) async fn tables(at: At) -> Result<Found, CallError> {
    let dynamodb = client!(aws_sdk_dynamodb, &at);
    let make = |last| dynamodb.list_tables().set_exclusive_start_table_name(last).send();
    let names = at
        .place
        .pages(LIST_TABLES, make, |p| {
            (p.table_names.unwrap_or_default(), p.last_evaluated_table_name)
        })
        .await?;
    Ok(rows_of_each("a DynamoDB table", &names, |name| table(&at, name)).await)
}

async fn table(at: &At, name: &str) -> Result<Option<Resource>, CallError> {
    let dynamodb = client!(aws_sdk_dynamodb, at);
    let answer =
        at.place.call(DESCRIBE_TABLE, || dynamodb.describe_table().table_name(name).send()).await?;
    let Some(t) = answer.table else { return Ok(None) };
    let Some(arn) = t.table_arn.clone() else { return Ok(None) };
    let mode = t
        .billing_mode_summary
        .as_ref()
        .and_then(|b| b.billing_mode.as_ref())
        .map(|m| m.as_str().to_owned());
    let throughput = t.provisioned_throughput.as_ref();
    let class = t
        .table_class_summary
        .as_ref()
        .and_then(|c| c.table_class.clone())
        .map(|c| c.as_str().to_owned());
    let row = Resource {
        state: t.table_status.as_ref().map(|s| s.as_str().to_owned()),
        created_on: day(t.creation_date_time.as_ref()),
        name: Some(name.to_owned()),
        ..resource(Kind::Table, arn, at)
    };
    Ok(Some(
        row.with(detail::BILLING_MODE, Some(mode.unwrap_or_else(|| "PROVISIONED".to_owned())))
            .with(detail::READ_CAPACITY_UNITS, throughput.and_then(|p| p.read_capacity_units))
            .with(detail::WRITE_CAPACITY_UNITS, throughput.and_then(|p| p.write_capacity_units))
            .with(detail::SIZE_BYTES, t.table_size_bytes)
            .with(detail::ITEMS, t.item_count)
            .with(detail::TABLE_CLASS, class)
            .with(detail::INDEXES, count(t.global_secondary_indexes().len())),
    ))
}
