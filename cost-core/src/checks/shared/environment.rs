//! What a resource is for, according to its tags and its name.

use crate::inventory::Resource;

/// Keys of tags with the environment, lowercase.
const KEYS: [&str; 3] = ["env", "environment", "stage"];
/// Words for development and tests. Staging is not one of them, because it is often there to test
/// what happens in production.
const TESTS: [&str; 8] = ["dev", "development", "test", "testing", "qa", "sandbox", "demo", "uat"];
/// Words for production. One of them outweighs all others.
const PRODUCTION: [&str; 4] = ["prod", "production", "prd", "live"];

/// Returns the text that says that a resource is for development or tests, such as `env=qa`: a tag
/// with the environment, or with `or_name` also its name. `None` if one of these texts says that it
/// is for production.
pub(in crate::checks) fn for_tests(resource: &Resource, or_name: bool) -> Option<String> {
    let is_key = |key: &str| KEYS.iter().any(|k| key.eq_ignore_ascii_case(k));
    let tags = resource.tags.iter().filter(|(key, _)| is_key(key));
    let tags = tags.map(|(key, value)| (format!("{key}={value}"), value.as_str()));
    let name = resource.name.as_deref().filter(|_| or_name);
    let texts: Vec<(String, &str)> =
        tags.chain(name.map(|name| (format!("name {name}"), name))).collect();
    if texts.iter().any(|(_, value)| has_word(value, &PRODUCTION)) {
        return None;
    }
    texts.into_iter().find(|(_, value)| has_word(value, &TESTS)).map(|(text, _)| text)
}

fn has_word(text: &str, known: &[&str]) -> bool {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| known.iter().any(|k| word.eq_ignore_ascii_case(k)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_outweighs_a_word_for_tests() {
        let of = |name: &str, tags: &[(&str, &str)]| Resource {
            name: Some(name.into()),
            tags: tags.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            ..crate::checks::tests::world::bare("instance", "i-1")
        };
        assert_eq!(for_tests(&of("api", &[("Env", "qa-2")]), true).as_deref(), Some("Env=qa-2"));
        assert_eq!(for_tests(&of("api-test", &[]), true).as_deref(), Some("name api-test"));
        for none in [
            of("api-test", &[("env", "prod")]),
            of("api", &[("environment", "prod-demo")]),
            of("api", &[("team", "qa")]),
        ] {
            assert_eq!(for_tests(&none, true), None);
        }
        assert_eq!(for_tests(&of("api-test", &[]), false), None);
    }
}
