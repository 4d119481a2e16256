//! Columns of the FOCUS Cost and Usage dataset, versions 1.0 to 1.4, with their requirements.
//!
//! Sources, read 2026-11: FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec, `specification/columns/*.md`
//! at tags v1.0, v1.1 and v1.2; `specification/datasets/cost_and_usage/dataset.md` and its
//! `columns/*.md` for 1.3 and 1.4; `ERRATA.md`. Where the table "Content Constraints" and a
//! sentence with MUST differ, the sentence counts, as the errata say. 1.4 drops `ProviderName` and
//! `PublisherName`, adds `CommitmentProgramEligibilityDetails` and `InvoiceDetailId`, and makes
//! `InvoiceId` conditional; no closed list changed between 1.2 and 1.4.
//!
//! Reading accepts more names than the specification defines ([`lookup`]). [`lookup_exact`] accepts
//! only the specification's names.

mod names;
mod spec;
mod table;

pub use names::{Match, is_heir, lookup, lookup_exact, lookup_ranked, lookup_spelled};
pub use spec::{ColumnSpec, Kind, Level, Version};
pub use table::COLUMNS;

/// The version a set of headers was written for: the newest that any of them was introduced in, or
/// a later one that removed columns if what took their place is there and none of them is.
///
/// Only FOCUS names count, however they are spelled; vendors' columns and earlier names do not.
#[must_use]
pub fn detect_version<'a>(headers: impl IntoIterator<Item = &'a str>) -> Version {
    let met: Vec<&ColumnSpec> = headers.into_iter().filter_map(lookup_spelled).collect();
    let has = |name: &str| met.iter().any(|c| c.name == name);
    let newest = met.iter().map(|c| c.since).max().unwrap_or(Version::V1_0);
    let left_behind =
        |gone: Version| met.iter().any(|c| c.removed.is_some_and(|(at, _)| at == gone));
    let removals = COLUMNS.iter().filter_map(|c| c.removed);
    removals
        .filter(|(gone, heir)| has(heir) && !left_behind(*gone))
        .map(|(gone, _)| gone)
        .fold(newest, Version::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_shows_in_its_headers() {
        let cases: [(&[&str], Version); 12] = [
            (&["BilledCost"], Version::V1_0),
            (&["BilledCost", "x_UsageType"], Version::V1_0),
            (&["BilledCost", "Provider", "UsageQuantity"], Version::V1_0),
            (&["BilledCost", "ServiceSubcategory"], Version::V1_1),
            (&["BilledCost", "SkuMeter"], Version::V1_1),
            (&["billed_cost", "sku_meter"], Version::V1_1),
            (&["ProviderName", "SubAccountType"], Version::V1_2),
            (&["ProviderName", "PublisherName", "ServiceProviderName"], Version::V1_3),
            (&["PublisherName", "ServiceProviderName", "HostProviderName"], Version::V1_3),
            (&["ProviderName", "AllocatedTags"], Version::V1_3),
            (&["ServiceProviderName", "BilledCost"], Version::V1_4),
            (&["ProviderName", "ServiceProviderName", "InvoiceDetailId"], Version::V1_4),
        ];
        for (headers, version) in cases {
            assert_eq!(detect_version(headers.iter().copied()), version, "{headers:?}");
        }
    }

    /// Numbers of columns: `specification/columns` at v1.0, v1.1, v1.2, and the table of
    /// `dataset.md` of 1.3 and 1.4.
    #[test]
    fn every_version_has_its_number_of_columns() {
        let columns = |version| COLUMNS.iter().filter(|c| c.is_in(version)).count();
        assert_eq!(Version::ALL.map(columns), [43, 50, 57, 65, 65]);
    }

    #[test]
    fn columns_change_with_the_version() {
        let level = |name: &str, version| lookup_exact(name).expect("a column").level_in(version);
        assert_eq!(level("InvoiceId", Version::V1_3), Level::Recommended);
        assert_eq!(level("InvoiceId", Version::V1_4), Level::Conditional);
        assert_eq!(level("ProviderName", Version::V1_2), Level::Mandatory);
        assert_eq!(level("ProviderName", Version::V1_3), Level::Recommended);
        let gone: Vec<&str> =
            COLUMNS.iter().filter(|c| !c.is_in(Version::V1_4)).map(|c| c.name).collect();
        assert_eq!(gone, ["ProviderName", "PublisherName"]);
    }
}
