//! [`StateFile`]: what a program keeps between runs, as text with a format version.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Why a state file cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateFileError {
    /// The text is not JSON of this state.
    #[error("not a valid {what}: {source}; move the file away to start a new one")]
    Json {
        /// [`StateFile::WHAT`].
        what: &'static str,
        /// The error of the JSON reader.
        source: serde_json::Error,
    },
    /// The text is of another format version.
    #[error(
        "{what}: format {found} is not supported, {known} is; use the version of cost that wrote it, or move the file away"
    )]
    Format {
        /// [`StateFile::WHAT`].
        what: &'static str,
        /// The format version of the text.
        found: u32,
        /// [`StateFile::FORMAT`].
        known: u32,
    },
}

/// What a program keeps between runs, as JSON with a field `format`.
///
/// ```
/// use cost_core::file::{StateFile, StateFileError};
/// use cost_core::lifecycle::SavingsLedger;
///
/// let text = SavingsLedger::default().to_text()?;
/// assert_eq!(SavingsLedger::parse(&text)?, SavingsLedger::default());
///
/// let newer = text.replace(r#""format": 1"#, r#""format": 9"#);
/// let error = SavingsLedger::parse(&newer).expect_err("a newer version wrote it");
/// assert!(matches!(error, StateFileError::Format { found: 9, known: 1, .. }));
/// # Ok::<(), StateFileError>(())
/// ```
pub trait StateFile: Default + Serialize + DeserializeOwned {
    /// A noun for messages, such as `ledger of savings`.
    const WHAT: &'static str;
    /// The format version that this version of the library reads and writes.
    const FORMAT: u32;

    /// Reads the text of a state file.
    ///
    /// # Errors
    /// [`StateFileError`] if the text is not JSON of this state, or of another format version.
    fn parse(text: &str) -> Result<Self, StateFileError> {
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        let other = |source| StateFileError::Json { what: Self::WHAT, source };
        let version: Version = serde_json::from_str(text).map_err(other)?;
        if version.format != Self::FORMAT {
            return Err(StateFileError::Format {
                what: Self::WHAT,
                found: version.format,
                known: Self::FORMAT,
            });
        }
        serde_json::from_str(text).map_err(other)
    }

    /// The text of a state file, with a line feed at its end.
    ///
    /// # Errors
    /// [`StateFileError::Json`] if a value has no JSON.
    fn to_text(&self) -> Result<String, StateFileError> {
        let text = crate::text::json_text(self)
            .map_err(|source| StateFileError::Json { what: Self::WHAT, source });
        Ok(text? + "\n")
    }
}
