//! Secrets: the configuration contains only their location.

use std::fmt;
use std::path::Path;

use cost_core::file::read_text;
use serde::Deserialize;

use crate::NotifyError;

/// Maximum size of the file of a secret, in bytes. Chosen.
const MAX_SECRET_BYTES: u64 = 64 << 10;

/// Location of a secret: `env:NAME` or `file:PATH`. The secret itself is read when needed and never
/// shown. Any other text may be the secret itself: it is dropped at once, and
/// [`Channel::validate`](crate::Channel::validate) names the channel and the key.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Secret(Place);

#[derive(Clone, PartialEq, Eq)]
enum Place {
    Environment(String),
    File(String),
    /// The text is neither.
    Wrong,
}

/// Returns whether a text can be the name of an environment variable. Anything else may be the secret
/// itself.
fn is_variable(name: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.chars().all(is_word) && name.starts_with(|c: char| !c.is_ascii_digit())
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(match text.split_once(':') {
            Some(("env", name)) if is_variable(name) => Place::Environment(name.to_owned()),
            Some(("file", path)) if !path.is_empty() => Place::File(path.to_owned()),
            _ => Place::Wrong,
        })
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Environment(name) => write!(f, "env:{name}"),
            Place::File(path) => write!(f, "file:{path}"),
            Place::Wrong => f.write_str("(neither env:NAME nor file:PATH)"),
        }
    }
}

impl Secret {
    /// Returns an error if it is no location. `key` is the name of its setting, `what` the secret.
    pub(crate) fn validate(&self, key: &str, what: &str) -> Result<(), String> {
        if self.0 == Place::Wrong {
            return Err(format!(
                "`{key}` must be env:NAME or file:PATH, because {what} is a secret"
            ));
        }
        Ok(())
    }

    /// Reads the secret and trims surrounding white space.
    pub(crate) fn read(&self) -> Result<String, NotifyError> {
        let missing = |problem: String| NotifyError::Secret(problem);
        let text = match &self.0 {
            Place::Environment(name) => std::env::var(name)
                .map_err(|_| missing(format!("environment variable {name} is not set")))?,
            Place::File(path) => read_text(Path::new(path), MAX_SECRET_BYTES)
                .map_err(|e| missing(format!("secret file {path}: {e}")))?,
            Place::Wrong => {
                return Err(missing("a secret must be env:NAME or file:PATH".to_owned()));
            }
        };
        let text = text.trim();
        if text.is_empty() {
            Err(missing(format!("{self:?} is empty")))
        } else {
            Ok(text.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_named_and_never_shown() {
        for literal in
            ["https://hooks.example/T0/xyz", "env:https://hooks.example/T0/xyz", "env:9xyz"]
        {
            let literal = Secret::from(literal.to_owned());
            let refused = literal.validate("url", "the URL").expect_err("it is written here");
            assert_eq!(refused, "`url` must be env:NAME or file:PATH, because the URL is a secret");
            let unread = literal.read().expect_err("it is no location").to_string();
            assert!(!format!("{literal:?}{unread}").contains("xyz"), "{literal:?} {unread}");
        }
        let named = Secret::from("env:COST_NO_SUCH_SECRET".to_owned());
        assert_eq!(named.validate("url", "the URL"), Ok(()));
        assert_eq!(format!("{named:?}"), "env:COST_NO_SUCH_SECRET");
        assert_eq!(
            named.read().expect_err("it is not there").to_string(),
            "environment variable COST_NO_SUCH_SECRET is not set"
        );
    }
}
