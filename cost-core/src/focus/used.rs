//! Columns that the analyses read, and their use.

/// How a column is used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Text,
    /// Word from a closed list.
    Word,
    /// Currency code.
    Currency,
    /// Identifier, which some providers write in several letter cases.
    Identifier,
    /// Account identifier, which some providers write as a number.
    Account,
    Decimal,
    /// Day of an instant, in UTC.
    Day,
    /// First day of a billing period, in the time zone of the invoice issuer.
    Period,
    /// Instant at which a charge ends.
    End,
}

/// Column that the analyses read.
pub(super) struct Used {
    pub(super) name: &'static str,
    pub(super) role: Role,
    /// Whether figures depend on it: it must exist and have no nulls.
    pub(super) required: bool,
    /// Whether to report it if it is missing, for any analysis.
    pub(super) reported: bool,
}

const fn text(name: &'static str) -> Used {
    Used { name, role: Role::Text, required: false, reported: true }
}
const fn word(name: &'static str) -> Used {
    Used { role: Role::Word, ..text(name) }
}
const fn identifier(name: &'static str) -> Used {
    Used { role: Role::Identifier, ..text(name) }
}
const fn required(name: &'static str, role: Role) -> Used {
    Used { name, role, required: true, reported: true }
}
const fn decimal(name: &'static str) -> Used {
    Used { name, role: Role::Decimal, required: false, reported: true }
}
/// Read only by the commitment analysis, which reports missing columns itself.
const fn of_commitments(name: &'static str) -> Used {
    Used { reported: false, ..text(name) }
}

/// Columns that are read from a bill, besides `Tags`. All others are ignored.
pub(super) const USED: &[Used] = &[
    required("BilledCost", Role::Decimal),
    required("EffectiveCost", Role::Decimal),
    decimal("ListCost"),
    decimal("ContractedCost"),
    decimal("PricingQuantity"),
    required("BillingPeriodStart", Role::Period),
    required("ChargePeriodStart", Role::Day),
    required("BillingCurrency", Role::Currency),
    required("ChargeCategory", Role::Word),
    required("BillingAccountId", Role::Account),
    required("ProviderName", Role::Text),
    required("ServiceName", Role::Text),
    text("InvoiceIssuerName"),
    Used { reported: false, ..identifier("InvoiceId") },
    Used { role: Role::Account, ..text("SubAccountId") },
    text("SubAccountName"),
    text("RegionId"),
    word("ChargeClass"),
    word("PricingCategory"),
    text("PricingUnit"),
    word("CommitmentDiscountStatus"),
    text("CommitmentDiscountType"),
    Used { role: Role::Identifier, ..of_commitments("CommitmentDiscountId") },
    of_commitments("CommitmentDiscountName"),
    Used { role: Role::Word, ..of_commitments("CommitmentDiscountCategory") },
    text("SkuMeter"),
    identifier("ResourceId"),
    text("ResourceType"),
    Used { role: Role::End, ..of_commitments("ChargePeriodEnd") },
    of_commitments(OPERATION),
];

/// Vendor column of AWS exports: the platform of an instance, such as `RunInstances:0002`.
pub(super) const OPERATION: &str = "x_Operation";
/// Instant at which a charge begins. The column `ChargePeriodStart` has only the day.
pub(crate) const CHARGE_START: &str = "ChargeStart";

/// Returns whether the figures of a bill depend on a column: it must exist, and each cell must be
/// readable.
#[must_use]
pub fn is_needed(column: &str) -> bool {
    USED.iter().any(|used| used.required && used.name == column)
}
