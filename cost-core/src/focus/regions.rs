//! Regions in one spelling.

use super::providers::Cloud;

/// Names of regions by code. Source: AWS Regions and Availability Zones user guide, "AWS Regions". By code, sorted.
const AWS: &[(&str, &str)] = &[
    ("af-south-1", "Africa (Cape Town)"),
    ("ap-east-1", "Asia Pacific (Hong Kong)"),
    ("ap-east-2", "Asia Pacific (Taipei)"),
    ("ap-northeast-1", "Asia Pacific (Tokyo)"),
    ("ap-northeast-2", "Asia Pacific (Seoul)"),
    ("ap-northeast-3", "Asia Pacific (Osaka)"),
    ("ap-south-1", "Asia Pacific (Mumbai)"),
    ("ap-south-2", "Asia Pacific (Hyderabad)"),
    ("ap-southeast-1", "Asia Pacific (Singapore)"),
    ("ap-southeast-2", "Asia Pacific (Sydney)"),
    ("ap-southeast-3", "Asia Pacific (Jakarta)"),
    ("ap-southeast-4", "Asia Pacific (Melbourne)"),
    ("ap-southeast-5", "Asia Pacific (Malaysia)"),
    ("ap-southeast-6", "Asia Pacific (New Zealand)"),
    ("ap-southeast-7", "Asia Pacific (Thailand)"),
    ("ca-central-1", "Canada (Central)"),
    ("ca-west-1", "Canada West (Calgary)"),
    ("cn-north-1", "China (Beijing)"),
    ("cn-northwest-1", "China (Ningxia)"),
    ("eu-central-1", "Europe (Frankfurt)"),
    ("eu-central-2", "Europe (Zurich)"),
    ("eu-north-1", "Europe (Stockholm)"),
    ("eu-south-1", "Europe (Milan)"),
    ("eu-south-2", "Europe (Spain)"),
    ("eu-west-1", "Europe (Ireland)"),
    ("eu-west-2", "Europe (London)"),
    ("eu-west-3", "Europe (Paris)"),
    ("il-central-1", "Israel (Tel Aviv)"),
    ("me-central-1", "Middle East (UAE)"),
    ("me-south-1", "Middle East (Bahrain)"),
    ("mx-central-1", "Mexico (Central)"),
    ("sa-east-1", "South America (São Paulo)"),
    ("us-east-1", "US East (N. Virginia)"),
    ("us-east-2", "US East (Ohio)"),
    ("us-gov-east-1", "AWS GovCloud (US-East)"),
    ("us-gov-west-1", "AWS GovCloud (US-West)"),
    ("us-west-1", "US West (N. California)"),
    ("us-west-2", "US West (Oregon)"),
];

/// The name of a region of AWS; `None` if it is not known.
#[must_use]
pub fn aws_region_name(code: &str) -> Option<&'static str> {
    AWS.binary_search_by(|(c, _)| (*c).cmp(code)).ok().map(|at| AWS[at].1)
}

/// Whether a cell is as region ids are written: small letters, digits, and hyphens.
pub(super) fn is_id(cell: &str) -> bool {
    cell.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// A region's id, whichever way it is written: without blanks around; of a known cloud in small letters, and the id where it is a name.
///
/// Sources: AWS, "AWS Regions" (codes, and names; `EU` was `Europe` in price lists until 2021); Microsoft Learn, "Azure regions": the name
/// without blanks in small letters; Google Cloud and Oracle, "Regions": ids in small letters.
pub(super) fn id(cloud: Option<Cloud>, cell: &str) -> String {
    let cell = cell.trim();
    let Some(cloud) = cloud else { return cell.to_owned() };
    let small = cell.to_lowercase();
    let is_word = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if is_word(&small) {
        return small;
    }
    let named = match cloud {
        Cloud::Aws => {
            let name = small.replace("eu (", "europe (").replace("sao paulo", "são paulo");
            AWS.iter().find(|(_, of)| of.to_lowercase() == name).map(|(code, _)| (*code).to_owned())
        }
        Cloud::Azure => Some(small.replace(' ', "")).filter(|id| is_word(id)),
        Cloud::Google | Cloud::Oracle => None,
    };
    named.unwrap_or_else(|| cell.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_found() {
        assert!(AWS.windows(2).all(|w| w[0].0 < w[1].0));
        assert_eq!((aws_region_name("eu-west-1"), aws_region_name("xx-moon-1")), (Some("Europe (Ireland)"), None));
    }

    #[test]
    fn a_region_has_one_spelling() {
        for (cloud, cell, is) in [
            (Some(Cloud::Aws), "US-EAST-1", "us-east-1"),
            (Some(Cloud::Aws), "us-east-1 ", "us-east-1"),
            (Some(Cloud::Aws), "US East (N. Virginia)", "us-east-1"),
            (Some(Cloud::Aws), "EU (Ireland)", "eu-west-1"),
            (Some(Cloud::Aws), "South America (Sao Paulo)", "sa-east-1"),
            (Some(Cloud::Aws), "Moon (Base)", "Moon (Base)"),
            (Some(Cloud::Azure), "East US 2", "eastus2"),
            (Some(Cloud::Azure), "EastUS", "eastus"),
            (Some(Cloud::Azure), "UK South (London)", "UK South (London)"),
            (Some(Cloud::Google), "US-CENTRAL1", "us-central1"),
            (None, "North", "North"),
            (None, " North", "North"),
        ] {
            assert_eq!(id(cloud, cell), is);
        }
    }
}
