//! [`Provider`]: the cloud of a line item, from its `ProviderName`.

/// Cloud of a line item.
///
/// ```
/// use cost_core::prelude::*;
///
/// assert_eq!(Provider::named("Amazon Web Services EMEA SARL"), Provider::Aws);
/// assert_eq!(Provider::named("Amazonia Hosting"), Provider::Other);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Provider {
    /// Amazon Web Services.
    Aws,
    /// Microsoft Azure.
    Azure,
    /// Google Cloud.
    Google,
    /// Oracle Cloud Infrastructure.
    Oracle,
    /// Any other.
    Other,
}

/// First words of the names by which `ProviderName` has a cloud: the exporters' own, legal names of
/// the companies, former names, and abbreviations that people and converters write. Sources: FOCUS
/// exports of the four; FOCUS Sample Data; microsoft/finops-toolkit, `Costs_transform_v1_2`
/// (`Microsoft`).
const FIRST_WORDS: [(&str, Provider); 14] = [
    ("AWS", Provider::Aws),
    ("Amazon", Provider::Aws),
    ("AmazonWebServices", Provider::Aws),
    ("Azure", Provider::Azure),
    ("Microsoft", Provider::Azure),
    ("MicrosoftAzure", Provider::Azure),
    ("GCP", Provider::Google),
    ("Google", Provider::Google),
    ("GoogleCloud", Provider::Google),
    ("GoogleCloudPlatform", Provider::Google),
    ("OCI", Provider::Oracle),
    ("Oracle", Provider::Oracle),
    ("OracleCloud", Provider::Oracle),
    ("OracleCloudInfrastructure", Provider::Oracle),
];

impl Provider {
    /// All providers.
    pub const ALL: [Self; 5] = [Self::Aws, Self::Azure, Self::Google, Self::Oracle, Self::Other];

    /// Returns the cloud of a `ProviderName`. FOCUS requires a name; a line item without one is
    /// read as AWS's (ADR 0034).
    #[must_use]
    pub fn of(name: Option<&str>) -> Self {
        name.filter(|name| !name.trim().is_empty()).map_or(Self::Aws, Self::named)
    }

    /// Returns the cloud of a name, by its first word in any letter case: `Amazon Web Services EMEA
    /// SARL` is AWS, `Amazonia Hosting` is not.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let word = name.trim().split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        let known = FIRST_WORDS.iter().find(|(first, _)| first.eq_ignore_ascii_case(word));
        known.map_or(Self::Other, |(_, provider)| *provider)
    }

    /// Returns the common name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Aws => "AWS",
            Self::Azure => "Azure",
            Self::Google => "Google Cloud",
            Self::Oracle => "Oracle Cloud",
            Self::Other => "another provider",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cloud_is_known_by_any_of_its_names() {
        for (name, cloud) in [
            ("microsoft", Provider::Azure),
            (" Microsoft Azure ", Provider::Azure),
            ("Microsoft Corporation", Provider::Azure),
            ("amazon web services", Provider::Aws),
            ("Amazon Web Services, Inc.", Provider::Aws),
            ("Amazon Web Services EMEA SARL", Provider::Aws),
            ("Amazon.com Services LLC", Provider::Aws),
            ("AWS Marketplace", Provider::Aws),
            ("AmazonWebServices", Provider::Aws),
            ("MicrosoftAzure", Provider::Azure),
            ("googlecloud", Provider::Google),
            ("GCP", Provider::Google),
            ("Google Cloud Platform", Provider::Google),
            ("Oracle", Provider::Oracle),
            ("OracleCloud", Provider::Oracle),
            ("OracleCloudInfrastructure", Provider::Oracle),
            ("Oracle Cloud Infrastructure", Provider::Oracle),
            ("Amazonia Hosting", Provider::Other),
            ("Datadog on AWS", Provider::Other),
            ("", Provider::Other),
        ] {
            assert_eq!(Provider::named(name), cloud, "{name}");
        }
        assert_eq!(
            [None, Some(" "), Some("Sky")].map(Provider::of),
            [Provider::Aws, Provider::Aws, Provider::Other]
        );
    }
}
