//! Secrets: named in the configuration, kept elsewhere.

use std::fmt;
use std::path::Path;

use serde::Deserialize;

use crate::NotifyError;

/// Where a secret is: `env:NAME` or `file:PATH`. The secret itself is read when it is needed, and
/// never shown.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Secret(Place);

#[derive(Clone, PartialEq, Eq)]
enum Place {
    Environment(String),
    File(String),
}

impl TryFrom<String> for Secret {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        // The text may be the secret itself: it is not repeated.
        match text.split_once(':') {
            Some(("env", name)) if !name.is_empty() => {
                Ok(Self(Place::Environment(name.to_owned())))
            }
            Some(("file", path)) if !path.is_empty() => Ok(Self(Place::File(path.to_owned()))),
            _ => Err("a secret is named, not written here: use env:NAME or file:PATH".to_owned()),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Environment(name) => write!(f, "env:{name}"),
            Place::File(path) => write!(f, "file:{path}"),
        }
    }
}

impl Secret {
    /// Reads it; white space around it is cut off.
    pub(crate) fn read(&self) -> Result<String, NotifyError> {
        let missing = |problem: String| NotifyError::Secret(problem);
        let text = match &self.0 {
            Place::Environment(name) => std::env::var(name)
                .map_err(|_| missing(format!("the environment has no {name}")))?,
            Place::File(path) => std::fs::read_to_string(Path::new(path))
                .map_err(|e| missing(format!("secret file {path}: {e}")))?,
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
        let literal = "https://hooks.example/T000/B000/xyz";
        let refused = Secret::try_from(literal.to_owned()).expect_err("it is written here");
        assert!(!refused.contains("xyz"), "{refused}");
        let named = Secret::try_from("env:COST_NO_SUCH_SECRET".to_owned()).expect("it is named");
        assert_eq!(format!("{named:?}"), "env:COST_NO_SUCH_SECRET");
        assert_eq!(
            named.read().expect_err("it is not there").to_string(),
            "the environment has no COST_NO_SUCH_SECRET"
        );
    }
}
