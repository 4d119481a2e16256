//! Columns that the analyses read, and their use.

/// How a column is used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Text,
    /// A word of a closed list.
    Word,
    /// A currency's code.
    Currency,
    /// An identifier, which some providers write in several letter cases.
    Identifier,
    /// An identifier of an account, which is a number with some providers.
    Account,
    Decimal,
    /// The day, in UTC, that an instant falls on.
    Day,
    /// The first day of a billing period, in the time of whoever bills.
    Period,
    /// The instant at which a charge ends.
    End,
}

/// A column the analyses read.
pub(super) struct Used {
    pub(super) name: &'static str,
    pub(super) role: Role,
    /// The numbers depend on it: it must be there, and never null.
    pub(super) required: bool,
    /// Whether a reader of any analysis should know that it is missing.
    pub(super) told: bool,
}

const fn text(name: &'static str) -> Used {
    Used { name, role: Role::Text, required: false, told: true }
}
const fn word(name: &'static str) -> Used {
    Used { role: Role::Word, ..text(name) }
}
const fn identifier(name: &'static str) -> Used {
    Used { role: Role::Identifier, ..text(name) }
}
const fn required(name: &'static str, role: Role) -> Used {
    Used { name, role, required: true, told: true }
}
const fn decimal(name: &'static str) -> Used {
    Used { name, role: Role::Decimal, required: false, told: true }
}
/// Read by the analysis of commitments alone, which says itself what it lacks.
const fn of_commitments(name: &'static str) -> Used {
    Used { told: false, ..text(name) }
}

/// The columns kept of a bill, besides `Tags`. Everything else in a file is ignored.
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

/// Vendor column of AWS exports: what runs on an instance, such as `RunInstances:0002`.
pub(super) const OPERATION: &str = "x_Operation";
/// The instant at which a charge begins: `ChargePeriodStart`, of which the column of that name has
/// the day alone.
pub(crate) const CHARGE_START: &str = "ChargeStart";

/// Returns whether the figures of a bill depend on a column: it must exist, and each cell must be
/// readable.
#[must_use]
pub fn is_needed(column: &str) -> bool {
    USED.iter().any(|used| used.required && used.name == column)
}
