//! Text of files that the tool keeps between runs, with a version that says whether it can read
//! them.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeptError {
    /// The text is something else.
    #[error("not a {what}: {source}; move it away to begin a new one")]
    Json {
        /// What was wanted.
        what: &'static str,
        /// What is wrong with the text.
        source: serde_json::Error,
    },
    /// It is of another version.
    #[error(
        "{what}: format {found} is not {known}; use the version of cost that wrote it, or move it away"
    )]
    Format {
        /// What was wanted.
        what: &'static str,
        /// The file's.
        found: u32,
        /// The one that can be read.
        known: u32,
    },
}

/// What the tool keeps between runs. It has a field `format`.
pub trait Kept: Default + Serialize + DeserializeOwned {
    /// What it is, for messages.
    const WHAT: &'static str;
    /// Version of its format.
    const FORMAT: u32;

    /// Reads it.
    ///
    /// # Errors
    /// [`KeptError`] if the text is something else, or of another version.
    fn parse(text: &str) -> Result<Self, KeptError> {
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        let other = |source| KeptError::Json { what: Self::WHAT, source };
        let version: Version = serde_json::from_str(text).map_err(other)?;
        if version.format != Self::FORMAT {
            return Err(KeptError::Format {
                what: Self::WHAT,
                found: version.format,
                known: Self::FORMAT,
            });
        }
        serde_json::from_str(text).map_err(other)
    }

    /// As text.
    ///
    /// # Errors
    /// [`KeptError`].
    fn to_text(&self) -> Result<String, KeptError> {
        let text = crate::visible::json_text(self)
            .map_err(|source| KeptError::Json { what: Self::WHAT, source });
        Ok(text? + "\n")
    }
}
