//! Column names of Azure cost details, however they are spelled.
//!
//! Exports write `CostInBillingCurrency` (Enterprise Agreement), `costInBillingCurrency` (Microsoft
//! Customer Agreement) or `PreTaxCost` (older versions and pay-as-you-go); downloads of a portal in
//! another language put the English name in parentheses: `Abonnement-GUID (SubscriptionGuid)`.
//! Sources, read 2026-11: `MicrosoftDocs/azure-docs`,
//! `articles/cost-management-billing/dataset-schema/` (all versions of the cost details file) and
//! `automate/understand-usage-details-fields.md`, "List of terms from older APIs".

/// Meaning of a column of cost details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    AdditionalInfo,
    BenefitId,
    BenefitName,
    BillingAccountId,
    BillingAccountName,
    BillingProfileId,
    BillingProfileName,
    ChargeType,
    ConsumedService,
    Cost,
    CostInPricingCurrency,
    Currency,
    Date,
    ExchangeRate,
    Frequency,
    InvoiceId,
    ListCost,
    ListPrice,
    Location,
    MeterCategory,
    MeterId,
    MeterName,
    MeterSubcategory,
    OfferId,
    OrderId,
    PartnerName,
    PeriodEnd,
    PeriodStart,
    PricingCurrency,
    PricingModel,
    Product,
    ProductId,
    PublisherName,
    PublisherType,
    Quantity,
    ReservationId,
    ReservationName,
    ResourceGroup,
    ResourceId,
    ResourceName,
    ResourceType,
    SubscriptionId,
    SubscriptionName,
    Tags,
    Term,
    Unit,
    UnitPrice,
    Zone,
}

/// Returns spellings in normal form, in order of preference. If a file has several, a blank cell of
/// one is filled from the next.
pub(super) const SPELLINGS: &[(Column, &[&str])] = &[
    (Column::AdditionalInfo, &["additionalinfo"]),
    (Column::BenefitId, &["benefitid"]),
    (Column::BenefitName, &["benefitname"]),
    (Column::BillingAccountId, &["billingaccountid"]),
    (Column::BillingAccountName, &["billingaccountname"]),
    (Column::BillingProfileId, &["billingprofileid"]),
    (Column::BillingProfileName, &["billingprofilename"]),
    (Column::ChargeType, &["chargetype"]),
    (Column::ConsumedService, &["consumedservice"]),
    (Column::Cost, &["costinbillingcurrency", "cost", "pretaxcost"]),
    (Column::CostInPricingCurrency, &["costinpricingcurrency"]),
    (Column::Currency, &["billingcurrency", "billingcurrencycode", "currency"]),
    (Column::Date, &["date", "usagedatetime", "usagedate", "usagestart"]),
    (Column::ExchangeRate, &["exchangeratepricingtobilling", "exchangerate"]),
    (Column::Frequency, &["frequency"]),
    (Column::InvoiceId, &["invoiceid"]),
    (Column::ListCost, &["paygcostinbillingcurrency"]),
    (Column::ListPrice, &["paygprice"]),
    (Column::Location, &["resourcelocation", "resourcelocationnormalized", "location"]),
    (Column::MeterCategory, &["metercategory"]),
    (Column::MeterId, &["meterid"]),
    (Column::MeterName, &["metername"]),
    (Column::MeterSubcategory, &["metersubcategory"]),
    (Column::OfferId, &["offerid"]),
    (Column::OrderId, &["productorderid"]),
    (Column::PartnerName, &["partnername"]),
    (Column::PeriodEnd, &["billingperiodenddate"]),
    (Column::PeriodStart, &["billingperiodstartdate"]),
    (Column::PricingCurrency, &["pricingcurrency", "pricingcurrencycode"]),
    (Column::PricingModel, &["pricingmodel"]),
    (Column::Product, &["productname", "product"]),
    (Column::ProductId, &["productid"]),
    (Column::PublisherName, &["publishername"]),
    (Column::PublisherType, &["publishertype"]),
    (Column::Quantity, &["quantity", "usagequantity", "consumedquantity"]),
    (Column::ReservationId, &["reservationid"]),
    (Column::ReservationName, &["reservationname"]),
    (Column::ResourceGroup, &["resourcegroupname", "resourcegroup"]),
    // The old name of an instance is its complete identifier.
    (Column::ResourceId, &["resourceid", "instanceid", "instancename"]),
    (Column::ResourceName, &["resourcename"]),
    (Column::ResourceType, &["resourcetype"]),
    // If a file has both, its SubscriptionId is a number of the enrollment, not the identifier of
    // Azure.
    (Column::SubscriptionId, &["subscriptionguid", "subscriptionid"]),
    (Column::SubscriptionName, &["subscriptionname"]),
    (Column::Tags, &["tags"]),
    (Column::Term, &["term"]),
    (Column::Unit, &["unitofmeasure", "unit"]),
    (Column::UnitPrice, &["unitprice"]),
    (Column::Zone, &["availabilityzone"]),
];

/// Returns the normal form of a header in any spelling: `Abonnement-GUID (SubscriptionGuid)` →
/// `subscriptionguid`.
pub(super) fn normal(header: &str) -> String {
    let header = header.trim_start_matches('\u{feff}').trim();
    let english =
        header.strip_suffix(')').and_then(|h| h.rsplit_once('(')).map(|(_, name)| name.trim());
    let is_name = |n: &&str| {
        !n.is_empty() && n.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b' ')
    };
    let name = english.filter(is_name).unwrap_or(header);
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_are_one() {
        for (header, form) in [
            ("CostInBillingCurrency", "costinbillingcurrency"),
            ("costInBillingCurrency", "costinbillingcurrency"),
            ("costinbillingcurrency", "costinbillingcurrency"),
            ("\u{feff}Abonnement-GUID (SubscriptionGuid)", "subscriptionguid"),
            ("Preis vor Steuern (PreTaxCost) ", "pretaxcost"),
            ("Resource Group", "resourcegroup"),
            ("meter_id", "meterid"),
            // The parentheses do not contain a name, so the header is unchanged.
            ("Kosten (in €)", "kostenin"),
            ("Kosten ()", "kosten"),
        ] {
            assert_eq!(normal(header), form, "{header}");
        }
    }

    #[test]
    fn a_spelling_means_one_column() {
        let mut all: Vec<&str> = SPELLINGS.iter().flat_map(|(_, s)| s.iter().copied()).collect();
        assert!(all.iter().all(|s| *s == normal(s)));
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(SPELLINGS.windows(2).all(|w| w[0].0 < w[1].0), "one entry a column, by name");
    }
}
