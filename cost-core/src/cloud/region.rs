//! Normalization of region names.

use super::choose::cloud;
use super::id::is_region_id;
use super::provider::Provider;

/// Returns the ID of a region in any spelling: without surrounding blanks; for a known cloud in
/// lowercase, and the ID instead of a name.
///
/// Source: Google Cloud and Oracle, "Regions": IDs in lowercase. The known names are in each
/// cloud's module.
#[must_use]
pub fn region_id(provider: Provider, cell: &str) -> String {
    let cell = cell.trim();
    if provider == Provider::Other {
        return cell.to_owned();
    }
    let small = cell.to_lowercase();
    if is_region_id(&small) {
        return small;
    }
    cloud(provider).region_id(&small).unwrap_or_else(|| cell.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_has_one_spelling() {
        for (provider, cell, is) in [
            (Provider::Aws, "US-EAST-1", "us-east-1"),
            (Provider::Aws, "us-east-1 ", "us-east-1"),
            (Provider::Aws, "US East (N. Virginia)", "us-east-1"),
            (Provider::Aws, "EU (Ireland)", "eu-west-1"),
            (Provider::Aws, "South America (Sao Paulo)", "sa-east-1"),
            (Provider::Aws, "Moon (Base)", "Moon (Base)"),
            (Provider::Azure, "East US 2", "eastus2"),
            (Provider::Azure, "EastUS", "eastus"),
            (Provider::Azure, "UK South (London)", "UK South (London)"),
            (Provider::Google, "US-CENTRAL1", "us-central1"),
            (Provider::Other, "North", "North"),
            (Provider::Other, " North", "North"),
        ] {
            assert_eq!(region_id(provider, cell), is);
        }
    }
}
