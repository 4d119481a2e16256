//! [`CheckSet`]: the set of checks that a session runs.

use std::fmt;
use std::sync::Arc;

use super::check_trait::Check;
use super::meta::CheckMeta;

/// Set of checks that a session runs, in the order of their documentation.
///
/// [`CheckSet::default`] has every built-in check. A custom check works like a built-in one: it is
/// configured by its ID, its opportunities compete in the plan, and its skips are reported.
///
/// ```
/// use cost_core::prelude::*;
///
/// let checks = CheckSet::built_in().without("gp2_volume");
/// let session = Session::builder().checks(checks).open(&cost_core::example::bill()?)?;
/// assert!(session.savings()?.opportunities.iter().all(|o| o.check != "gp2_volume"));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct CheckSet(Vec<Arc<dyn Check>>);

impl CheckSet {
    /// Creates an empty set.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// assert_eq!(CheckSet::empty().metas().count(), 0);
    /// ```
    #[must_use]
    pub fn empty() -> Self {
        Self(Vec::new())
    }

    /// Returns the set with one more check. Opening a session fails if two checks have the same ID.
    ///
    /// ```
    /// use cost_core::check::{CheckError, CheckOutput, Context, Group};
    /// use cost_core::prelude::*;
    ///
    /// struct Nothing(CheckMeta);
    ///
    /// impl Check for Nothing {
    ///     fn meta(&self) -> &CheckMeta {
    ///         &self.0
    ///     }
    ///
    ///     fn run(&self, _: &Context<'_>) -> Result<CheckOutput, CheckError> {
    ///         Ok(CheckOutput::skip_all("it looks at nothing"))
    ///     }
    /// }
    ///
    /// let nothing = Nothing(CheckMeta::new("nothing", "Nothing", Group::Idle));
    /// let checks = CheckSet::empty().with(nothing);
    /// let session = Session::builder().checks(checks).open(&cost_core::example::bill()?)?;
    /// assert_eq!(session.savings()?.skipped[0].reason, "it looks at nothing");
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// See [`Check`] for one that finds something.
    #[must_use]
    pub fn with(mut self, check: impl Check + 'static) -> Self {
        self.0.push(Arc::new(check));
        self
    }

    /// Returns the set without the check with an ID, to exclude or replace it.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// assert!(
    ///     CheckSet::built_in().without("gp2_volume").metas().all(|meta| meta.id != "gp2_volume")
    /// );
    /// ```
    #[must_use]
    pub fn without(mut self, id: &str) -> Self {
        self.0.retain(|check| check.meta().id != id);
        self
    }

    /// Returns the checks.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// assert!(CheckSet::built_in().iter().all(|check| !check.meta().docs.is_empty()));
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = &(dyn Check + 'static)> {
        self.0.iter().map(|check| &**check)
    }

    /// Returns the metadata of each check: ID, title, needs, thresholds.
    ///
    /// ```
    /// # use cost_core::prelude::*;
    /// let gp2 = CheckSet::built_in()
    ///     .metas()
    ///     .find(|meta| meta.id == "gp2_volume")
    ///     .map(|meta| meta.title);
    /// assert_eq!(gp2, Some("gp2 volumes that would cost less as gp3"));
    /// ```
    pub fn metas(&self) -> impl Iterator<Item = &CheckMeta> {
        self.0.iter().map(|check| check.meta())
    }
}

impl fmt::Debug for CheckSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.metas().map(|meta| meta.id)).finish()
    }
}
