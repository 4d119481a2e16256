//! [`StateFile`]: data that is stored between runs, as text with a format version.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Error from reading or writing a state file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateFileError {
    /// The text is not JSON of this state.
    #[error("not a valid {what}: {source}; move the file away to start a new one")]
    Json {
        /// [`StateFile::WHAT`].
        what: &'static str,
        /// Error of the JSON parser.
        source: serde_json::Error,
    },
    /// The text has another format version.
    #[error(
        "{what}: format {found} is not supported, {known} is; use the version of cost that wrote it, or move the file away"
    )]
    Format {
        /// [`StateFile::WHAT`].
        what: &'static str,
        /// Format version of the text.
        found: u32,
        /// [`StateFile::FORMAT`].
        known: u32,
    },
}

/// State that is stored between runs, as JSON with a field `format`.
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
    /// Noun for messages, such as `decision file`.
    const WHAT: &'static str;
    /// Format version that this version of the library reads and writes.
    const FORMAT: u32;

    /// Reads the text of a state file.
    ///
    /// # Errors
    /// [`StateFileError`] if the text is not JSON of this state, or has another format version.
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

    /// Adopts what people have decided while a job was running: the changes from `base`, which the
    /// job has read, to `stored`, which is in the file now. Without an implementation, nothing is
    /// adopted, and decisions must wait for the job.
    fn adopt(&mut self, base: &Self, stored: &Self) {
        let _ = (base, stored);
    }

    /// Adds what a run did after it last wrote the state, from its [`Journal`](super::Journal).
    /// Records that were added before change nothing. Without an implementation, there are none.
    fn replay(&mut self, records: &[String]) {
        let _ = records;
    }

    /// Returns the text of a state file, with a line feed at its end.
    ///
    /// # Errors
    /// [`StateFileError::Json`] if a value cannot be written as JSON.
    fn to_text(&self) -> Result<String, StateFileError> {
        let text = crate::text::json_text(self)
            .map_err(|source| StateFileError::Json { what: Self::WHAT, source });
        Ok(text? + "\n")
    }
}
