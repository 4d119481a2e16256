//! [`Check`]: the trait of every check.

use super::context::Context;
use super::meta::CheckMeta;
use super::output::{CheckError, CheckOutput};

/// Check: a rule that looks for one kind of waste.
///
/// A custom check that covers all cost of one service in development:
///
/// ```
/// use cost_core::check::{CheckError, CheckOutput, Context, Group};
/// use cost_core::opportunity::{Action, Draft};
/// use cost_core::prelude::*;
/// use cost_core::tradeoff::{Level, TradeOff};
///
/// struct StorageInDevelopment;
///
/// static META: CheckMeta = CheckMeta::new(
///     "storage_in_development",
///     "Buckets of the development account",
///     Group::Storage,
/// )
/// .with_columns(&["ResourceId"])
/// .with_docs("## What it finds\nEvery bucket of the development account.");
///
/// impl Check for StorageInDevelopment {
///     fn meta(&self) -> &CheckMeta {
///         &META
///     }
///
///     fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
///         let mut out = CheckOutput::default();
///         for bucket in cx
///             .used(|used| used.service_name.as_deref() == Some("Amazon Simple Storage Service"))
///         {
///             // All that it costs goes away.
///             let claim = cx.claim(bucket, Decimal::ONE)?;
///             let trade_off =
///                 TradeOff::new(Level::Low, Level::Low, "nothing reads it", cx.currency());
///             let draft = Draft::new(
///                 META.id,
///                 Action::Remove,
///                 &bucket.resource_id,
///                 cx.scope_of(bucket),
///                 trade_off,
///             )
///             .title("Delete the bucket")
///             .claims([claim]);
///             out.opportunities.push(draft.finish(cx.currency())?);
///         }
///         Ok(out)
///     }
/// }
///
/// let session =
///     Session::builder().check(StorageInDevelopment).open(&cost_core::example::bill()?)?;
/// let savings = session.savings()?;
/// let found = savings
///     .opportunities
///     .iter()
///     .find(|o| o.check == "storage_in_development")
///     .expect("the bucket");
/// assert!(savings.plan.step(&found.id).is_some());
/// # Ok::<(), Error>(())
/// ```
pub trait Check: Send + Sync {
    /// Returns the metadata of the check.
    fn meta(&self) -> &CheckMeta;

    /// Runs the check.
    ///
    /// # Errors
    /// [`CheckError`]. A resource that cannot be evaluated is a skip, not an error.
    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError>;
}

/// References to checks, such as the static built-in ones.
impl<C: Check + ?Sized> Check for &C {
    fn meta(&self) -> &CheckMeta {
        (**self).meta()
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        (**self).run(cx)
    }
}
