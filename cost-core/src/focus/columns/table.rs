//! Table of columns. A new column is a line here.

use super::spec::ColumnSpec;
use super::spec::Kind::{self, Currency, DateTime, Decimal, KeyValue, Text};
use super::spec::Level::{self, Conditional, Mandatory, Recommended};
use super::spec::Version::{self, V1_0, V1_1, V1_2, V1_3, V1_4};

const fn column(
    name: &'static str,
    since: Version,
    level: Level,
    nullable: bool,
    kind: Kind,
) -> ColumnSpec {
    ColumnSpec {
        name,
        since,
        removed: None,
        level,
        changed: None,
        nullable,
        kind,
        nested: false,
        allowed: &[],
        aliases: &[],
    }
}

impl ColumnSpec {
    const fn one_of(self, allowed: &'static [&'static str]) -> Self {
        Self { allowed, ..self }
    }
    const fn also(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }
    const fn nested(self) -> Self {
        Self { nested: true, ..self }
    }
    const fn then(self, from: Version, level: Level) -> Self {
        Self { changed: Some((from, level)), ..self }
    }
    const fn replaced(self, gone: Version, heir: &'static str) -> Self {
        Self { removed: Some((gone, heir)), ..self }
    }
}

const SERVICE_CATEGORIES: &[&str] = &[
    "AI and Machine Learning",
    "Analytics",
    "Business Applications",
    "Compute",
    "Databases",
    "Developer Tools",
    "Multicloud",
    "Identity",
    "Integration",
    "Internet of Things",
    "Management and Governance",
    "Media",
    "Migration",
    "Mobile",
    "Networking",
    "Security",
    "Storage",
    "Web",
    "Other",
];

/// Source: `servicesubcategory.md` at v1.1 and v1.2, "Allowed values", in its order.
#[rustfmt::skip]
const SERVICE_SUBCATEGORIES: &[&str] = &[
    "AI Platforms", "Bots", "Generative AI", "Machine Learning", "Natural Language Processing",
    "Other (AI and Machine Learning)",
    "Analytics Platforms", "Business Intelligence", "Data Processing", "Search", "Streaming Analytics",
    "Other (Analytics)",
    "Productivity and Collaboration", "Other (Business Applications)",
    "Containers", "End User Computing", "Quantum Compute", "Serverless Compute", "Virtual Machines",
    "Other (Compute)",
    "Caching", "Data Warehouses", "Ledger Databases", "NoSQL Databases", "Relational Databases",
    "Time Series Databases", "Other (Databases)",
    "Developer Platforms", "Continuous Integration and Deployment", "Development Environments",
    "Source Code Management", "Quality Assurance", "Other (Developer Tools)",
    "Identity and Access Management", "Other (Identity)",
    "API Management", "Messaging", "Workflow Orchestration", "Other (Integration)",
    "IoT Analytics", "IoT Platforms", "Other (Internet of Things)",
    "Architecture", "Compliance", "Cost Management", "Data Governance", "Disaster Recovery", "Endpoint Management",
    "Observability", "Support", "Other (Management and Governance)",
    "Content Creation", "Gaming", "Media Streaming", "Mixed Reality", "Other (Media)",
    "Data Migration", "Resource Migration", "Other (Migration)",
    "Other (Mobile)",
    "Multicloud Integration", "Other (Multicloud)",
    "Application Networking", "Content Delivery", "Network Connectivity", "Network Infrastructure",
    "Network Routing", "Network Security", "Other (Networking)",
    "Secret Management", "Security Posture Management", "Threat Detection and Response", "Other (Security)",
    "Backup Storage", "Block Storage", "File Storage", "Object Storage", "Storage Platforms", "Other (Storage)",
    "Application Platforms", "Other (Web)",
    "Other (Other)",
];

/// Every column of the dataset, by name.
pub const COLUMNS: &[ColumnSpec] = &[
    column("AllocatedMethodDetails", V1_3, Recommended, true, KeyValue).nested(),
    column("AllocatedMethodId", V1_3, Conditional, true, Text),
    column("AllocatedResourceId", V1_3, Conditional, true, Text),
    column("AllocatedResourceName", V1_3, Conditional, true, Text),
    column("AllocatedTags", V1_3, Conditional, true, KeyValue),
    column("AvailabilityZone", V1_0, Recommended, true, Text),
    column("BilledCost", V1_0, Mandatory, false, Decimal),
    column("BillingAccountId", V1_0, Mandatory, false, Text),
    column("BillingAccountName", V1_0, Mandatory, true, Text),
    column("BillingAccountType", V1_2, Conditional, false, Text),
    column("BillingCurrency", V1_0, Mandatory, false, Currency),
    column("BillingPeriodEnd", V1_0, Mandatory, false, DateTime),
    column("BillingPeriodStart", V1_0, Mandatory, false, DateTime),
    column("CapacityReservationId", V1_1, Conditional, true, Text),
    column("CapacityReservationStatus", V1_1, Conditional, true, Text).one_of(&["Used", "Unused"]),
    // 0.5: ChargeType.
    column("ChargeCategory", V1_0, Mandatory, false, Text)
        .one_of(&["Usage", "Purchase", "Tax", "Credit", "Adjustment"])
        .also(&["ChargeType"]),
    column("ChargeClass", V1_0, Mandatory, true, Text).one_of(&["Correction"]),
    column("ChargeDescription", V1_0, Mandatory, true, Text),
    column("ChargeFrequency", V1_0, Recommended, false, Text).one_of(&[
        "One-Time",
        "Recurring",
        "Usage-Based",
    ]),
    column("ChargePeriodEnd", V1_0, Mandatory, false, DateTime),
    column("ChargePeriodStart", V1_0, Mandatory, false, DateTime),
    column("CommitmentDiscountCategory", V1_0, Conditional, true, Text).one_of(&["Spend", "Usage"]),
    column("CommitmentDiscountId", V1_0, Conditional, true, Text),
    column("CommitmentDiscountName", V1_0, Conditional, true, Text),
    column("CommitmentDiscountQuantity", V1_1, Conditional, true, Decimal),
    column("CommitmentDiscountStatus", V1_0, Conditional, true, Text).one_of(&["Used", "Unused"]),
    column("CommitmentDiscountType", V1_0, Conditional, true, Text),
    column("CommitmentDiscountUnit", V1_1, Conditional, true, Text),
    column("CommitmentProgramEligibilityDetails", V1_4, Conditional, true, KeyValue).nested(),
    // 1.0-preview: UsageQuantity, UsageUnit.
    column("ConsumedQuantity", V1_0, Conditional, true, Decimal).also(&["UsageQuantity"]),
    column("ConsumedUnit", V1_0, Conditional, true, Text).also(&["UsageUnit"]),
    column("ContractApplied", V1_3, Conditional, true, KeyValue).nested(),
    column("ContractedCost", V1_0, Mandatory, false, Decimal),
    column("ContractedUnitPrice", V1_0, Conditional, true, Decimal),
    // 0.5: AmortizedCost.
    column("EffectiveCost", V1_0, Mandatory, false, Decimal).also(&["AmortizedCost"]),
    // Null where nothing is hosted ("MAY be NULL when …"), whatever the table of the 1.3 data set
    // says.
    column("HostProviderName", V1_3, Mandatory, true, Text),
    column("InvoiceDetailId", V1_4, Conditional, true, Text),
    column("InvoiceId", V1_2, Recommended, true, Text).then(V1_4, Conditional),
    // Display names up to 1.2, which Oracle's reports have as headers: Invoice Issuer, Provider,
    // Publisher.
    column("InvoiceIssuerName", V1_0, Mandatory, false, Text).also(&["InvoiceIssuer"]),
    column("ListCost", V1_0, Mandatory, false, Decimal),
    column("ListUnitPrice", V1_0, Conditional, true, Decimal),
    column("PricingCategory", V1_0, Conditional, true, Text).one_of(&[
        "Standard",
        "Dynamic",
        "Committed",
        "Other",
    ]),
    // These two "MUST NOT be null" from 1.2 on; the tables that allow it are errata #9 and #10 of
    // 1.3.
    column("PricingCurrency", V1_2, Conditional, false, Text),
    column("PricingCurrencyContractedUnitPrice", V1_2, Conditional, true, Decimal),
    column("PricingCurrencyEffectiveCost", V1_2, Conditional, false, Decimal),
    column("PricingCurrencyListUnitPrice", V1_2, Conditional, true, Decimal),
    column("PricingQuantity", V1_0, Mandatory, true, Decimal),
    column("PricingUnit", V1_0, Mandatory, true, Text),
    // Deprecated in 1.3, where a bill "SHOULD include both deprecated and new columns"
    // (version_migration_guidance.md), and gone in 1.4. Read as one column: the name that the
    // analyses know is the older.
    column("ProviderName", V1_0, Mandatory, false, Text)
        .then(V1_3, Recommended)
        .replaced(V1_4, "ServiceProviderName")
        .also(&["ServiceProviderName", "Provider"]),
    column("PublisherName", V1_0, Mandatory, false, Text)
        .then(V1_3, Recommended)
        .replaced(V1_4, "ServiceProviderName")
        .also(&["Publisher"]),
    // 0.5 and 1.0-preview: Region.
    column("RegionId", V1_0, Conditional, true, Text).also(&["Region"]),
    column("RegionName", V1_0, Conditional, true, Text),
    column("ResourceId", V1_0, Conditional, true, Text),
    column("ResourceName", V1_0, Conditional, true, Text),
    column("ResourceType", V1_0, Conditional, true, Text),
    column("ServiceCategory", V1_0, Mandatory, false, Text).one_of(SERVICE_CATEGORIES),
    column("ServiceName", V1_0, Mandatory, false, Text),
    column("ServiceProviderName", V1_3, Mandatory, false, Text),
    column("ServiceSubcategory", V1_1, Recommended, false, Text).one_of(SERVICE_SUBCATEGORIES),
    column("SkuId", V1_0, Conditional, true, Text),
    // AWS and Azure exports of 1.0 carry the meter under their own names.
    column("SkuMeter", V1_1, Conditional, true, Text).also(&["x_UsageType", "x_SkuMeterName"]),
    column("SkuPriceDetails", V1_1, Conditional, true, KeyValue),
    column("SkuPriceId", V1_0, Conditional, true, Text),
    column("SubAccountId", V1_0, Conditional, true, Text),
    column("SubAccountName", V1_0, Conditional, true, Text),
    column("SubAccountType", V1_2, Conditional, true, Text),
    column("Tags", V1_0, Conditional, true, KeyValue),
];
