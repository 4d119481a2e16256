//! Cache of paid Cost Explorer answers in the estate, by question and month.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate};
use cost_core::file::{MAX_STATE_BYTES, below, create_folders, read_text, replace_private};
use cost_core::month::Month;
use cost_provider_api::ProviderError;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Days after the end of a month until its costs count as final. Source: AWS Data Exports user
/// guide, "Understanding export delivery": AWS updates a billing period up to two weeks after its
/// end; read 2026-11.
const SETTLED_AFTER: u64 = 15;

/// One row of an answer: a day (or month) and two keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) day: NaiveDate,
    pub(super) keys: [String; 2],
    pub(super) unblended: String,
    pub(super) amortized: String,
    pub(super) currency: String,
    pub(super) quantity: Option<String>,
    pub(super) unit: Option<String>,
}

/// One month of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredMonth<R = Row> {
    /// Day of the request; the answer contains the days before it.
    pub(super) asked_on: NaiveDate,
    /// Dimension values that the question was limited to.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) narrowed_to: BTreeSet<String>,
    pub(super) rows: Vec<R>,
}

/// Folder of the stored answers.
#[derive(Clone, Debug)]
pub(super) struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// Opens the cache of one management account in an estate.
    pub(super) fn of(estate: &Path, payer: &str) -> Self {
        Self { folder: below(&estate.join(".cache").join("cost-explorer"), payer) }
    }

    fn path(&self, question: &str, month: Month) -> PathBuf {
        self.folder.join(question).join(format!("{month}.json"))
    }

    /// Returns the stored answer of a month, if there is one. An answer that cannot be read is
    /// requested again.
    pub(super) fn get<R: DeserializeOwned>(
        &self,
        question: &str,
        month: Month,
    ) -> Option<StoredMonth<R>> {
        self.read(question, month)
    }

    /// Returns the day on which a stored month was requested.
    pub(super) fn asked_on(&self, question: &str, month: Month) -> Option<NaiveDate> {
        #[derive(Deserialize)]
        struct Asked {
            asked_on: NaiveDate,
        }
        Some(self.read::<Asked>(question, month)?.asked_on)
    }

    fn read<T: DeserializeOwned>(&self, question: &str, month: Month) -> Option<T> {
        serde_json::from_str(&read_text(&self.path(question, month), MAX_STATE_BYTES).ok()?).ok()
    }

    /// Whether a month must be requested (again): it is not stored, or it was requested on another
    /// day while it could still change.
    pub(super) fn stale(&self, question: &str, month: Month, as_of: NaiveDate) -> bool {
        let settled = month.end().checked_add_days(Days::new(SETTLED_AFTER));
        let fresh = |day: NaiveDate| day == as_of || settled.is_some_and(|settled| day >= settled);
        !self.asked_on(question, month).is_some_and(fresh)
    }

    /// Stores one month of an answer, complete or not at all.
    pub(super) fn put(
        &self,
        question: &str,
        month: Month,
        stored: &StoredMonth<impl Serialize>,
    ) -> Result<(), ProviderError> {
        let path = self.path(question, month);
        let failed = |e: &dyn ToString| ProviderError::Unreadable {
            location: path.display().to_string(),
            problem: format!("the answer cannot be stored: {}", e.to_string()),
        };
        let text = serde_json::to_string(stored).map_err(|e| failed(&e))?;
        let folder = path.parent().unwrap_or(&self.folder);
        create_folders(folder).map_err(|e| failed(&e))?;
        replace_private(&path, &text).map_err(|e| failed(&e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_asked_for_until_it_is_settled() {
        let folder = std::env::temp_dir().join(format!("cost-cache-{}", std::process::id()));
        let cache = Cache::of(&folder, "1");
        let month: Month = "2026-08".parse().expect("month");
        let day = |text: &str| text.parse::<NaiveDate>().expect("day");
        let ask = |on: &str| {
            let stored: StoredMonth =
                StoredMonth { asked_on: day(on), narrowed_to: BTreeSet::new(), rows: Vec::new() };
            cache.put("usage", month, &stored).expect("stored");
        };
        assert!(cache.stale("usage", month, day("2026-08-20")));
        ask("2026-08-20");
        assert!(!cache.stale("usage", month, day("2026-08-20")), "not twice a day");
        assert!(cache.stale("usage", month, day("2026-08-21")));
        ask("2026-09-15");
        assert!(cache.stale("usage", month, day("2026-09-16")), "a fortnight has not passed");
        ask("2026-09-16");
        assert!(!cache.stale("usage", month, day("2027-01-01")));
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
