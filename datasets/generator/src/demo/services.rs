//! Daily usage of some twenty services other than instances, volumes, and addresses.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate, TimeDelta};
use rust_decimal::Decimal;

use super::company::{
    self, Account, DATA, DEV, EU, Region, SANDBOX, SHARED, SHOP, Tagging, US, date,
};
use super::events;
use crate::noise::Noise;
use crate::row::{AWS, Place, Row, Sku};

/// Billing schedule of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Billed {
    /// Quantity per day.
    Daily,
    /// GB-months: a day's share of the month.
    Stored,
    /// Once, on the first day of the month.
    MonthStart,
}

/// Usage type of a service in an account and region.
#[derive(Clone, Debug)]
pub(super) struct Series {
    /// Name for events.
    pub(super) key: &'static str,
    pub(super) account: Account,
    region: Option<Region>,
    sku: Sku,
    /// Paid price: the list price, or less if negotiated.
    paid: Decimal,
    billed: Billed,
    /// Quantity per day at the start; GB for stored data.
    base: f64,
    /// Weekend days, as a share of weekdays.
    weekend: f64,
    /// Monthly growth.
    growth: f64,
    spread: f64,
    place: Place,
    from: Option<NaiveDate>,
}

/// Series before account, region, and billing prices are set.
struct Spec {
    key: &'static str,
    service: &'static str,
    category: &'static str,
    subcategory: &'static str,
    meter: &'static str,
    unit: &'static str,
    /// USD per unit: rounded public list prices of us-east-1, as approximations.
    price: &'static str,
    account: Account,
    region: Option<Region>,
    base: f64,
    resource: Option<(&'static str, &'static str)>,
    owner: Option<(Tagging, &'static str, &'static str, &'static str)>,
}

type Shape = (Billed, f64, f64, f64);
const FLAT: Shape = (Billed::Daily, 1.0, 1.0, 0.02);
const BUSY: Shape = (Billed::Daily, 0.7, 1.015, 0.05);
const CALM: Shape = (Billed::Daily, 0.95, 1.01, 0.03);
const STORED: Shape = (Billed::Stored, 1.0, 1.02, 0.002);
const MONTHLY: Shape = (Billed::MonthStart, 1.0, 1.0, 0.0);

#[rustfmt::skip]
fn specs() -> Vec<(Spec, Shape)> {
    use Tagging::{Full, NoTeam};
    let shop = Some((Full, "storefront", "prod", "shop"));
    let data = Some((Full, "analytics", "prod", "lake"));
    let dev = Some((NoTeam, "", "dev", ""));
    let plat = Some((Full, "platform", "prod", "base"));
    let us = Some(US);
    let row = |key, service, category, subcategory, meter, unit, price, account, region, base, resource, owner| Spec {
        key, service, category, subcategory, meter, unit, price, account, region, base, resource, owner,
    };
    vec![
        (row("rds", "Amazon Relational Database Service", "Databases", "Relational Databases", "InstanceUsage:db.r5.2xl", "Hours", "1.00", SHOP, us, 48.0, Some(("arn:aws:rds:us-east-1:111111111111:db:orders", "DB instance")), shop), FLAT),
        (row("rds-storage", "Amazon Relational Database Service", "Databases", "Relational Databases", "RDS:GP3-Storage", "GB-Mo", "0.115", SHOP, us, 3000.0, Some(("arn:aws:rds:us-east-1:111111111111:db:orders", "DB instance")), shop), STORED),
        (row("rds-migration", "Amazon Relational Database Service", "Databases", "Relational Databases", "InstanceUsage:db.r6g.2xl", "Hours", "0.90", SHOP, us, 72.0, Some(("arn:aws:rds:us-east-1:111111111111:db:orders-next", "DB instance")), shop), FLAT),
        (row("rds-dev", "Amazon Relational Database Service", "Databases", "Relational Databases", "InstanceUsage:db.t3.medium", "Hours", "0.072", DEV, us, 48.0, Some(("arn:aws:rds:us-east-1:333333333333:db:dev", "DB instance")), dev), FLAT),
        (row("s3-lake", "Amazon Simple Storage Service", "Storage", "Object Storage", "TimedStorage-ByteHrs", "GB-Mo", "0.023", DATA, us, 95000.0, Some(("arn:aws:s3:::fernweh-lake", "Bucket")), data), STORED),
        (row("s3-shop", "Amazon Simple Storage Service", "Storage", "Object Storage", "TimedStorage-ByteHrs", "GB-Mo", "0.023", SHOP, us, 12000.0, Some(("arn:aws:s3:::fernweh-media", "Bucket")), shop), STORED),
        (row("s3-requests", "Amazon Simple Storage Service", "Storage", "Object Storage", "Requests-Tier1", "Requests", "0.000005", SHOP, us, 5_000_000.0, Some(("arn:aws:s3:::fernweh-media", "Bucket")), shop), BUSY),
        (row("s3-reads", "Amazon Simple Storage Service", "Storage", "Object Storage", "Requests-Tier2", "Requests", "0.0000004", SHOP, us, 5_000_000.0, Some(("arn:aws:s3:::fernweh-media", "Bucket")), shop), BUSY),
        (row("lake-reads", "Amazon Simple Storage Service", "Storage", "Object Storage", "Requests-Tier2", "Requests", "0.0000004", DATA, us, 20_000.0, Some(("arn:aws:s3:::fernweh-lake", "Bucket")), data), CALM),
        (row("cloudfront", "Amazon CloudFront", "Networking", "Content Delivery", "US-DataTransfer-Out-Bytes", "GB", "0.085", SHOP, None, 2600.0, Some(("arn:aws:cloudfront::111111111111:distribution/E1FERNWEH", "Distribution")), shop), BUSY),
        (row("elb", "Elastic Load Balancing", "Networking", "Network Connectivity", "LoadBalancerUsage", "Hours", "0.0225", SHOP, us, 96.0, Some(("arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/web/1", "LoadBalancer")), shop), FLAT),
        (row("elb-eu", "Elastic Load Balancing", "Networking", "Network Connectivity", "EU-LoadBalancerUsage", "Hours", "0.0252", SHOP, Some(EU), 24.0, Some(("arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/web/1", "LoadBalancer")), shop), FLAT),
        (row("nat-hours", "Amazon Virtual Private Cloud", "Networking", "Network Connectivity", "NatGateway-Hours", "Hours", "0.045", DATA, us, 72.0, Some(("arn:aws:ec2:us-east-1:222222222222:natgateway/nat-0data", "NatGateway")), data), FLAT),
        (row("nat-bytes", "Amazon Virtual Private Cloud", "Networking", "Network Connectivity", "NatGateway-Bytes", "GB", "0.045", DATA, us, 1800.0, Some(("arn:aws:ec2:us-east-1:222222222222:natgateway/nat-0data", "NatGateway")), data), CALM),
        (row("dynamodb-writes", "Amazon DynamoDB", "Databases", "NoSQL Databases", "WriteRequestUnits", "WriteRequestUnits", "0.000000625", SHOP, us, 60_000_000.0, Some(("arn:aws:dynamodb:us-east-1:111111111111:table/carts", "Table")), shop), BUSY),
        (row("dynamodb-reads", "Amazon DynamoDB", "Databases", "NoSQL Databases", "ReadRequestUnits", "ReadRequestUnits", "0.000000125", SHOP, us, 240_000_000.0, Some(("arn:aws:dynamodb:us-east-1:111111111111:table/carts", "Table")), shop), BUSY),
        (row("elasticache", "Amazon ElastiCache", "Databases", "Caching", "NodeUsage:cache.r6g.large", "Hours", "0.206", SHOP, us, 144.0, Some(("arn:aws:elasticache:us-east-1:111111111111:cluster:sessions", "Cluster")), shop), FLAT),
        (row("opensearch", "Amazon OpenSearch Service", "Analytics", "Search", "ESInstance:r6g.large", "Hours", "0.167", SHOP, us, 72.0, Some(("arn:aws:es:us-east-1:111111111111:domain/catalog", "Domain")), shop), FLAT),
        (row("redshift", "Amazon Redshift", "Analytics", "Data Warehouses", "Node:ra3.xlplus", "Hours", "1.086", DATA, us, 96.0, Some(("arn:aws:redshift:us-east-1:222222222222:cluster:dwh", "Cluster")), data), FLAT),
        (row("glue", "AWS Glue", "Analytics", "Data Processing", "ETL-DPU-Hour", "DPU-Hour", "0.44", DATA, us, 120.0, Some(("arn:aws:glue:us-east-1:222222222222:job/nightly", "Job")), data), CALM),
        (row("athena", "Amazon Athena", "Analytics", "Analytics Platforms", "DataScannedInTB", "Terabytes", "5.00", DATA, us, 4.0, None, data), (Billed::Daily, 0.2, 1.02, 0.12)),
        (row("kinesis", "Amazon Kinesis", "Analytics", "Streaming Analytics", "Storage-ShardHour", "Hours", "0.015", DATA, us, 480.0, Some(("arn:aws:kinesis:us-east-1:222222222222:stream/clicks", "Stream")), data), FLAT),
        (row("eks", "Amazon Elastic Container Service for Kubernetes", "Compute", "Containers", "AmazonEKS-Hours:perCluster", "Hours", "0.10", SHARED, us, 48.0, Some(("arn:aws:eks:us-east-1:444444444444:cluster/main", "Cluster")), plat), FLAT),
        (row("fargate", "Amazon Elastic Container Service", "Compute", "Containers", "Fargate-vCPU-Hours:perCPU", "Hours", "0.04048", SHARED, us, 600.0, Some(("arn:aws:ecs:us-east-1:444444444444:service/tools", "Service")), plat), CALM),
        (row("ecr", "Amazon EC2 Container Registry", "Developer Tools", "Developer Platforms", "TimedStorage-ByteHrs", "GB-Mo", "0.10", SHARED, us, 900.0, None, plat), STORED),
        (row("lambda", "AWS Lambda", "Compute", "Serverless Compute", "Lambda-GB-Second", "seconds", "0.0000166667", SHOP, us, 2_400_000.0, Some(("arn:aws:lambda:us-east-1:111111111111:function:checkout", "Function")), shop), BUSY),
        (row("lambda-dev", "AWS Lambda", "Compute", "Serverless Compute", "Lambda-GB-Second", "seconds", "0.0000166667", DEV, us, 180_000.0, Some(("arn:aws:lambda:us-east-1:333333333333:function:thumbnailer", "Function")), dev), BUSY),
        (row("api-gateway", "Amazon API Gateway", "Integration", "API Management", "ApiGatewayRequest", "Requests", "0.0000035", SHOP, us, 9_000_000.0, Some(("arn:aws:apigateway:us-east-1::/apis/shop", "Api")), shop), BUSY),
        (row("sqs", "Amazon Simple Queue Service", "Integration", "Messaging", "Requests-Tier1", "Requests", "0.0000004", SHOP, us, 30_000_000.0, Some(("arn:aws:sqs:us-east-1:111111111111:orders", "Queue")), shop), BUSY),
        (row("sns", "Amazon Simple Notification Service", "Integration", "Messaging", "DeliveryAttempts-HTTP", "Notifications", "0.0000006", SHOP, us, 6_000_000.0, None, shop), BUSY),
        (row("cw-logs", "AmazonCloudWatch", "Management and Governance", "Observability", "DataProcessing-Bytes", "GB", "0.50", DATA, us, 95.0, Some(("arn:aws:logs:us-east-1:222222222222:log-group:/etl/jobs", "LogGroup")), data), CALM),
        (row("cw-metrics", "AmazonCloudWatch", "Management and Governance", "Observability", "CW:MetricMonitorUsage", "Metrics", "0.30", SHOP, us, 30.0, None, shop), FLAT),
        (row("cloudtrail", "AWS CloudTrail", "Management and Governance", "Architecture", "PaidEventsRecorded", "Events", "0.000002", SHARED, us, 2_500_000.0, None, None), CALM),
        (row("config", "AWS Config", "Management and Governance", "Architecture", "ConfigurationItemRecorded", "ConfigurationItemRecorded", "0.003", SHARED, us, 2200.0, None, None), CALM),
        (row("guardduty", "Amazon GuardDuty", "Security", "Threat Detection and Response", "PaidEventsAnalyzed", "Events", "0.000004", SHARED, us, 3_000_000.0, None, None), CALM),
        (row("kms", "AWS Key Management Service", "Security", "Identity and Access Management", "KMS-Requests", "Requests", "0.000003", SHARED, us, 2_000_000.0, None, None), CALM),
        (row("secrets", "AWS Secrets Manager", "Security", "Identity and Access Management", "AWSSecretsManager-Secrets", "Secrets", "0.40", SHARED, us, 2.2, None, plat), FLAT),
        (row("waf", "AWS WAF", "Security", "Threat Detection and Response", "WebACLV2", "Requests", "0.0000006", SHOP, None, 14_000_000.0, None, shop), BUSY),
        (row("route53", "Amazon Route 53", "Networking", "Network Infrastructure", "HostedZone", "HostedZones", "0.50", SHARED, None, 44.0, None, plat), MONTHLY),
        (row("quicksight", "Amazon QuickSight", "Analytics", "Business Intelligence", "QS-User-Enterprise-Month", "Users", "24.00", DATA, us, 22.0, None, data), MONTHLY),
        (row("snapshots", "Amazon Elastic Compute Cloud", "Storage", "Backup Storage", "EBS:SnapshotUsage", "GB-Mo", "0.05", SHARED, us, 5200.0, None, plat), STORED),
        (row("transfer", "Amazon Elastic Compute Cloud", "Networking", "Network Infrastructure", "DataTransfer-Out-Bytes", "GB", "0.09", SHOP, us, 380.0, None, shop), BUSY),
        (row("transfer-az", "Amazon Elastic Compute Cloud", "Networking", "Network Infrastructure", "DataTransfer-Regional-Bytes", "GB", "0.01", DATA, us, 2400.0, None, data), CALM),
        (row("sandbox-s3", "Amazon Simple Storage Service", "Storage", "Object Storage", "TimedStorage-ByteHrs", "GB-Mo", "0.023", SANDBOX, us, 300.0, Some(("arn:aws:s3:::fernweh-sandbox", "Bucket")), None), STORED),
        (row("sandbox-reads", "Amazon Simple Storage Service", "Storage", "Object Storage", "Requests-Tier2", "Requests", "0.0000004", SANDBOX, us, 1_000.0, Some(("arn:aws:s3:::fernweh-sandbox", "Bucket")), None), CALM),
        (row("sagemaker", "Amazon SageMaker", "AI and Machine Learning", "Machine Learning", "Notebk:ml.t3.xlarge", "Hours", "0.20", DATA, us, 48.0, Some(("arn:aws:sagemaker:us-east-1:222222222222:notebook-instance/forecast", "NotebookInstance")), Some((Full, "ml", "prod", "forecast"))), FLAT),
        (row("bedrock", "Amazon Bedrock", "AI and Machine Learning", "Generative AI", "InputTokenCount", "1K tokens", "0.003", DATA, us, 22_000.0, None, Some((Full, "ml", "prod", "assistant"))), BUSY),
    ]
}

/// Negotiated price for storage, percent of the list price.
const STORAGE_DEAL_PCT: i64 = 90;

/// All series.
pub(super) fn series() -> anyhow::Result<Vec<Series>> {
    specs().into_iter().map(|(spec, shape)| build(spec, shape)).collect()
}

fn build(s: Spec, (billed, weekend, growth, spread): Shape) -> anyhow::Result<Series> {
    let list: Decimal = s.price.parse()?;
    let has_deal =
        s.meter == "TimedStorage-ByteHrs" && s.service == "Amazon Simple Storage Service";
    let paid = if has_deal { list * Decimal::new(STORAGE_DEAL_PCT, 2) } else { list };
    let tags = s.owner.and_then(|(tagging, team, env, app)| company::tags(tagging, team, env, app));
    let resource = s.resource.map(|(arn, kind)| (Arc::from(arn), kind));
    Ok(Series {
        key: s.key,
        account: s.account,
        region: s.region,
        sku: Sku {
            service: s.service,
            service_category: s.category,
            subcategory: s.subcategory,
            meter: Arc::from(s.meter),
            unit: s.unit,
            list_unit_price: list,
            description: Arc::from(format!("${} per {}", s.price, s.unit)),
            publisher: AWS,
        },
        paid,
        billed,
        base: s.base,
        weekend,
        growth,
        spread,
        place: company::place(s.account, s.region, resource, tags),
        from: (s.key == "bedrock").then(|| date(2026, 9, 14)),
    })
}

impl Series {
    /// Price list entry.
    pub(super) fn sku(&self) -> &Sku {
        &self.sku
    }

    /// Noise of this series.
    pub(super) fn noise(&self) -> Noise {
        Noise::of(self.key)
    }

    /// Identification in bills: service, region, usage type.
    pub(super) fn named(&self) -> (&'static str, Option<&'static str>, &str) {
        (self.sku.service, self.region.map(|r| r.0), &self.sku.meter)
    }

    /// Returns the quantity on a day without events; call it once per day, in order.
    fn quantity(&self, day: NaiveDate, noise: &mut Noise) -> f64 {
        let weekend = if company::is_weekend(day) { self.weekend } else { 1.0 };
        let grown = if self.growth > 1.0 { company::growth(self.growth, day) } else { 1.0 };
        let quantity = self.base * weekend * grown * noise.around_one(self.spread);
        match self.billed {
            Billed::Daily => quantity,
            Billed::Stored => quantity / f64::from(company::days_in_month(day)),
            Billed::MonthStart if day.day() == 1 => quantity,
            Billed::MonthStart => 0.0,
        }
    }

    /// Returns the row of a day, and the part of its cost that an event added; call it once per
    /// day, in order.
    pub(super) fn day(&self, day: NaiveDate, noise: &mut Noise) -> Option<Row> {
        let quantity = self.quantity(day, noise) * events::factor(self.key, day);
        if self.from.is_some_and(|from| day < from) || quantity <= 0.0 {
            return None;
        }
        let start = company::midnight(day);
        let span = (start, start + TimeDelta::days(1));
        let places = if self.sku.list_unit_price < Decimal::new(1, 3) { 0 } else { 4 };
        Some(Row::usage(
            &self.sku,
            &self.place,
            span,
            company::decimal(quantity, places),
            self.paid,
        ))
    }
}
