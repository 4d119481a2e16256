//! Clouds, by any spelling of their names.

/// A cloud of which exporters' ways are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cloud {
    Aws,
    Azure,
    Google,
    Oracle,
}

/// What `ProviderName` has for a cloud: the exporters' own words, former names, and abbreviations that people and converters write.
/// Sources: FOCUS exports of the four; FOCUS Sample Data; microsoft/finops-toolkit, `Costs_transform_v1_2` (`Microsoft`).
const SPELLINGS: [(&str, Cloud); 17] = [
    ("AWS", Cloud::Aws),
    ("Amazon", Cloud::Aws),
    ("Amazon AWS", Cloud::Aws),
    ("Amazon Web Services", Cloud::Aws),
    ("Amazon Web Services, Inc.", Cloud::Aws),
    ("Azure", Cloud::Azure),
    ("Microsoft", Cloud::Azure),
    ("Microsoft Azure", Cloud::Azure),
    ("Microsoft Corporation", Cloud::Azure),
    ("GCP", Cloud::Google),
    ("Google", Cloud::Google),
    ("Google Cloud", Cloud::Google),
    ("Google Cloud Platform", Cloud::Google),
    ("OCI", Cloud::Oracle),
    ("Oracle", Cloud::Oracle),
    ("Oracle Cloud", Cloud::Oracle),
    ("Oracle Cloud Infrastructure", Cloud::Oracle),
];

impl Cloud {
    /// The cloud of a name, in any letter case; `None` if it is of none of these.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let name = name.trim();
        SPELLINGS.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(name)).map(|(_, cloud)| *cloud)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cloud_is_known_by_any_of_its_names() {
        for (name, cloud) in [
            ("microsoft", Some(Cloud::Azure)),
            (" Microsoft Azure ", Some(Cloud::Azure)),
            ("amazon web services", Some(Cloud::Aws)),
            ("GCP", Some(Cloud::Google)),
            ("Oracle", Some(Cloud::Oracle)),
            ("Amazonia Hosting", None),
            ("", None),
        ] {
            assert_eq!(Cloud::of(name), cloud, "{name}");
        }
    }
}
