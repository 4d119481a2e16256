//! [`FocusFrame`]: lazy line items with canonical names and types.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;
use polars::prelude::*;

use super::columns::{self, Version};
use super::expr::null_if_blank;
use super::failure::unreadable;
use super::headers::{Headers, Notes};
use super::kernels::RoundedCells;
use super::origin::{Origin, Part};
use super::others::{ExcludedLineItems, OtherCurrencies};
use super::rows::Rows;
use super::source::SourceFile;
use super::unread::UnreadCells;
use super::{FocusError, repair};
use crate::cells::day_lit;
use crate::cloud::Provider;
use crate::money::Currency;

/// Line items of a bill with canonical names and types, validated for the columns that the figures
/// depend on.
///
/// Grain: one row per line item (FOCUS "charge"). Costs and quantities are `Decimal(38, 12)` in
/// `BillingCurrency`. `ChargePeriodStart` and `BillingPeriodStart` are UTC `Date`s (half-open
/// periods). `ChargePeriodEnd` is an instant, and so is `ChargeStart`, the start as in the file.
/// All other columns are text. Optional columns that a file lacks are null and listed in
/// [`FocusFrame::notes`].
///
/// ```
/// use cost_core::prelude::*;
///
/// // Any frame with FOCUS columns will do, whatever it was read from.
/// let charges = cost_core::example::charges()?;
/// let bill = FocusFrame::from_lazy("my bill", charges, &["team".to_owned()])?;
/// assert_eq!(bill.tag_keys(), ["team"]);
/// assert_eq!(Session::open(&bill)?.rollup().line_items, 460);
///
/// let renamed = cost_core::example::charges()?.rename(["EffectiveCost"], ["Other"], true);
/// let error = FocusFrame::from_lazy("my bill", renamed, &[]).map_err(Error::from).err();
/// assert_eq!(error.map(|e| e.kind()), Some(ErrorKind::Bill));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct FocusFrame {
    parts: Vec<Part>,
    rows: Vec<Rows>,
    tag_keys: Vec<String>,
    notes: Vec<String>,
    version: Version,
    rounded: RoundedCells,
    unread: UnreadCells,
    amortized: repair::Amortized,
    /// Held while the line items are scanned: see [`FocusFrame::scanning`].
    scans: Arc<Mutex<()>>,
    files: Vec<SourceFile>,
    is_filtered: bool,
    others: Option<OtherCurrencies>,
    as_is: bool,
}

/// Options for reading a bill.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    /// Reads only the charges in this `BillingCurrency`; `None` for all.
    pub currency: Option<Currency>,
    /// Reads the files without [`repair`].
    pub as_is: bool,
}

impl FocusFrame {
    /// Creates a bill from any frame with FOCUS columns. `label` names it in messages, `tag_keys`
    /// are the tags to read.
    ///
    /// # Errors
    /// As [`FocusFrame::from_parts`].
    pub fn from_lazy(
        label: &str,
        frame: LazyFrame,
        tag_keys: &[String],
    ) -> Result<Self, FocusError> {
        Self::from_parts(vec![Part::from(Origin::of_frame(label, frame)?)], tag_keys)
    }

    /// Creates a bill from several parts, which may have different columns.
    ///
    /// # Errors
    /// [`FocusError::MissingColumn`], [`FocusError::DuplicateColumn`], [`FocusError::Unreadable`],
    /// [`FocusError::Empty`] if there are no parts.
    pub fn from_parts(parts: Vec<Part>, tag_keys: &[String]) -> Result<Self, FocusError> {
        Self::read(parts, tag_keys, &Reading::default())
    }

    /// Creates a bill as [`FocusFrame::from_parts`], with the options of [`Reading`].
    ///
    /// # Errors
    /// As [`FocusFrame::from_parts`].
    pub fn read(
        parts: Vec<Part>,
        tag_keys: &[String],
        reading: &Reading,
    ) -> Result<Self, FocusError> {
        let (rounded, unread) = (RoundedCells::default(), UnreadCells::default());
        let amortized = repair::Amortized::default();
        let mut rows = Vec::new();
        let mut notes = Notes::default();
        let mut version = Version::V1_0;
        for part in &parts {
            let label = part.label().to_owned();
            let schema = part.rows.schema();
            version =
                version.max(columns::detect_version(schema.iter_names().map(PlSmallStr::as_str)));
            let failed = |e: PolarsError| unreadable(&label, &e);
            let counters = (&rounded, &unread);
            let headers = Headers::read(schema, &label)?;
            let columns = headers.canonical(tag_keys, counters, (&label, schema), &mut notes)?;
            let only_provider =
                headers.get("ProviderName").and_then(|header| part.rows.only_value(header));
            let file = repair::File {
                has: &|name| schema.contains(name),
                of: &|provider| {
                    only_provider.as_deref().is_none_or(|name| Provider::named(name) == provider)
                },
            };
            let rules = repair::rules_for(&file);
            let canonical = part
                .rows
                .select([columns, repair::extra_columns(&rules)].concat())
                .map_err(failed)?;
            let names: Vec<PlSmallStr> = canonical.schema().iter_names().cloned().collect();
            let repaired = if reading.as_is {
                canonical.select(repair::untouched(&names))
            } else {
                let all = names.iter().map(|name| col(name.clone()));
                let hits = all.chain(repair::hits(&rules, &amortized)).collect();
                canonical.select(hits).and_then(|rows| rows.select(repair::columns(&names, &rules)))
            };
            rows.push(repaired.map_err(failed)?);
        }
        if rows.is_empty() {
            return Err(FocusError::Empty { origin: "bill".into() });
        }
        let all = Self {
            parts,
            rows,
            tag_keys: tag_keys.to_vec(),
            notes: notes.lines(),
            version,
            rounded,
            unread,
            amortized,
            scans: Arc::default(),
            files: Vec::new(),
            is_filtered: false,
            others: None,
            as_is: reading.as_is,
        };
        let Some(currency) = reading.currency else { return Ok(all) };
        let others = OtherCurrencies::than(currency);
        Ok(Self { others: Some(others.clone()), ..all.filtered(&others.filter())? })
    }

    /// Returns the charges in one `BillingCurrency`, and those without a currency, which a roll-up
    /// then refuses.
    ///
    /// # Errors
    /// [`FocusError::Unreadable`].
    pub fn of_currency(&self, currency: Currency) -> Result<Self, FocusError> {
        let cell = || col("BillingCurrency");
        self.filtered(&cell().eq(lit(currency.to_string())).or(null_if_blank(cell()).is_null()))
    }

    /// Returns the charges that started before `day` (`ChargePeriodStart`, UTC).
    ///
    /// # Errors
    /// [`FocusError::Unreadable`].
    pub(crate) fn before(&self, day: NaiveDate) -> Result<Self, FocusError> {
        self.filtered(&col("ChargePeriodStart").lt(day_lit(day)))
    }

    fn filtered(&self, wanted: &Expr) -> Result<Self, FocusError> {
        let filtered = |rows: &Rows| {
            let (wanted, all) = (wanted.clone(), rows.schema().iter_names().cloned().collect());
            rows.derive(all, move |f| Ok(f.filter(wanted.clone())))
        };
        let rows = self.rows.iter().map(filtered).collect::<PolarsResult<_>>();
        let rows = rows.map_err(|e| unreadable(self.label(), &e))?;
        Ok(Self { rows, is_filtered: true, ..self.clone() })
    }

    /// Returns the bill with the status of the files it was read from.
    #[must_use]
    pub fn with_files(self, files: Vec<SourceFile>) -> Self {
        Self { files, ..self }
    }

    /// Returns the bill with additional notes.
    #[must_use]
    pub fn with_notes(mut self, notes: Vec<String>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// Returns the status of the files it was read from; empty if it was not read from files.
    #[must_use]
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// Returns the canonical line items lazily, in batches of bounded size.
    pub fn batches(&self) -> impl Iterator<Item = PolarsResult<LazyFrame>> {
        self.rows.iter().flat_map(Rows::batches)
    }

    /// Returns the tag keys that were read.
    #[must_use]
    pub fn tag_keys(&self) -> &[String] {
        &self.tag_keys
    }

    /// Returns notes: missing optional columns, one line each.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Returns the newest FOCUS version whose columns were found.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// Returns the parts of the bill.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Returns the name for errors about the entire bill: its first file or part.
    pub(crate) fn label(&self) -> &str {
        self.parts.first().map_or("bill", Part::label)
    }

    /// Returns the cells that were rounded to 12 places in scans so far.
    #[must_use]
    pub fn rounded(&self) -> &RoundedCells {
        &self.rounded
    }

    /// Returns unreadable cells of columns that costs do not depend on, in scans so far.
    #[must_use]
    pub fn unread(&self) -> &UnreadCells {
        &self.unread
    }

    /// Returns notes on cells that were unreadable in the last scan and count as null, one line per
    /// column.
    pub(crate) fn unread_notes(&self) -> Vec<String> {
        let all = UnreadCells::default();
        all.merge(&self.unread);
        self.rows.iter().flat_map(Rows::unread).for_each(|unread| all.merge(&unread));
        all.notes()
    }

    /// Returns a lock on the bill. All clones of a frame share the counts and commitments of a
    /// scan, so that concurrent scans would mix them. A scan holds the lock from its start until it
    /// has read all of them.
    pub(crate) fn scanning(&self) -> MutexGuard<'_, ()> {
        self.scans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the commitments whose usage is known to have the cost.
    pub(crate) fn amortized(&self) -> &repair::Amortized {
        &self.amortized
    }

    /// Returns whether it is read without repairs.
    pub(crate) fn is_as_is(&self) -> bool {
        self.as_is
    }

    /// Clears the counts of previous scans.
    pub(crate) fn reset_counts(&self) {
        self.rounded.reset();
        self.unread.reset();
        self.others.iter().for_each(OtherCurrencies::reset);
    }

    /// Returns the line items that the last scan excluded because another currency was requested.
    pub(crate) fn excluded(&self) -> ExcludedLineItems {
        self.others.as_ref().map(OtherCurrencies::so_far).unwrap_or_default()
    }

    /// Returns the error for a bill without line items, after a scan.
    pub(crate) fn nothing_there(&self) -> FocusError {
        let others: Vec<String> = self.excluded().line_items.into_keys().collect();
        match &self.others {
            Some(of) if !others.is_empty() => {
                FocusError::NotInCurrency { currency: of.wanted(), others }
            }
            _ => FocusError::Empty { origin: self.label().to_owned() },
        }
    }

    /// Returns whether only some of the rows are read.
    pub(crate) fn is_filtered(&self) -> bool {
        self.is_filtered
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::focus::{Batches, Columns, RowSource};
    use crate::rollup::roll_up;

    /// A file of which one column cannot be read.
    struct Torn {
        frame: DataFrame,
        column: &'static str,
    }

    impl RowSource for Torn {
        fn schema(&self) -> &SchemaRef {
            self.frame.schema()
        }

        fn batches(&self, columns: Option<&Columns>) -> Batches<'_> {
            let is_asked_for =
                !self.column.is_empty() && columns.is_none_or(|c| c.contains(self.column));
            let torn = || Err(polars_err!(ComputeError: "torn"));
            Box::new(std::iter::once(if is_asked_for {
                torn()
            } else {
                Ok(self.frame.clone().lazy())
            }))
        }
    }

    fn charges() -> DataFrame {
        df!(
            "BilledCost" => ["1"], "EffectiveCost" => ["1"], "BillingCurrency" => ["USD"],
            "BillingPeriodStart" => ["2026-05-01"], "ChargePeriodStart" => ["2026-05-01"], "ChargeCategory" => ["Usage"],
            "BillingAccountId" => ["b"], "ProviderName" => ["AWS"], "ServiceName" => ["EC2"], "Tags" => ["{}"],
            "x_UsageType" => ["BoxUsage"], "x_BillingExchangeRate" => ["1.1"], "PricingCurrency" => ["EUR"]
        )
        .expect("columns of one length")
    }

    /// Two files scanned together, of which a column of the second cannot be read.
    fn bill(column: &'static str) -> FocusFrame {
        let complete = Rows::new(Torn { frame: charges(), column: "" });
        let torn = Rows::new(Torn { frame: charges(), column });
        let rows = Rows::concat(vec![complete.clone(), torn.clone()]).expect("one schema");
        let origin = |label: &str, rows| Origin { label: label.to_owned(), rows };
        let part =
            Part { rows, origins: vec![origin("a.parquet", complete), origin("b.parquet", torn)] };
        FocusFrame::from_parts(vec![part], &["team".to_owned()]).expect("a bill")
    }

    #[test]
    fn the_file_whose_column_cannot_be_read_is_named() {
        for column in ["BilledCost", "Tags", "x_UsageType"] {
            let error = roll_up(&bill(column)).expect_err("torn").to_string();
            assert_eq!(error, "b.parquet: cannot be read: torn", "{column}");
        }
        let bill = bill("x_BillingExchangeRate");
        assert!(roll_up(&bill).is_ok(), "it is not requested");
        let error = bill.exchange_rates().expect_err("torn").to_string();
        assert_eq!(error, "b.parquet: cannot be read: torn");
    }
}
