//! [`FocusFrame`]: line items under canonical names and types, still lazy.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use polars::prelude::*;

use super::columns::{self, Version};
use super::expr::null_if_blank;
use super::failure::unreadable;
use super::headers::{Headers, Notes};
use super::kernels::RoundedCells;
use super::origin::{Origin, Part};
use super::others::{LeftOut, OtherCurrencies};
use super::rows::Rows;
use super::source::SourceFile;
use super::unread::UnreadCells;
use super::{FocusError, repair};
use crate::cloud::Provider;
use crate::money::Currency;

/// Line items of a bill, checked for the columns the numbers depend on and mapped to canonical
/// names and types.
///
/// Grain: one row a line item (FOCUS "charge"). Costs and quantities are `Decimal(38, 12)` in
/// `BillingCurrency`, `ChargePeriodStart` and `BillingPeriodStart` are UTC `Date`s (half-open
/// periods), `ChargePeriodEnd` is an instant and so is `ChargeStart`, the start as the file has it;
/// the rest is text. Optional columns that a file lacks are null, and said in
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

/// How a bill is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    /// Only the charges in this `BillingCurrency`; `None` for all.
    pub currency: Option<Currency>,
    /// As the files have it: without [`repair`].
    pub as_is: bool,
}

impl FocusFrame {
    /// A bill from any frame with FOCUS columns; `label` names it in messages, `tag_keys` are the
    /// tags to keep.
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

    /// A bill from several parts, which may have different columns.
    ///
    /// # Errors
    /// [`FocusError::MissingColumn`], [`FocusError::DuplicateColumn`], [`FocusError::Unreadable`],
    /// [`FocusError::Empty`] if there are no parts.
    pub fn from_parts(parts: Vec<Part>, tag_keys: &[String]) -> Result<Self, FocusError> {
        Self::read(parts, tag_keys, &Reading::default())
    }

    /// As [`FocusFrame::from_parts`], but as [`Reading`] says.
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

    /// The charges in one `BillingCurrency`, and those that do not say theirs, which a roll-up then
    /// refuses.
    ///
    /// # Errors
    /// [`FocusError::Unreadable`].
    pub fn of_currency(&self, currency: Currency) -> Result<Self, FocusError> {
        let cell = || col("BillingCurrency");
        self.filtered(&cell().eq(lit(currency.to_string())).or(null_if_blank(cell()).is_null()))
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

    /// The same bill, with what became of the files it was read from.
    #[must_use]
    pub fn with_files(self, files: Vec<SourceFile>) -> Self {
        Self { files, ..self }
    }

    /// The same bill, with more to know of it.
    #[must_use]
    pub fn with_notes(mut self, notes: Vec<String>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// What became of the files it was read from; empty if it was not read from files.
    #[must_use]
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The canonical line items, lazily, in batches of bounded size.
    pub fn batches(&self) -> impl Iterator<Item = PolarsResult<LazyFrame>> {
        self.rows.iter().flat_map(Rows::batches)
    }

    /// The tag keys kept.
    #[must_use]
    pub fn tag_keys(&self) -> &[String] {
        &self.tag_keys
    }

    /// What a reader should know: optional columns that are missing, a line each.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The newest FOCUS version whose columns were met.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The parts it was made of.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// What errors about the whole call it: the first file or part of it.
    pub(crate) fn label(&self) -> &str {
        self.parts.first().map_or("bill", Part::label)
    }

    /// Cells rounded to 12 places in scans so far.
    #[must_use]
    pub fn rounded(&self) -> &RoundedCells {
        &self.rounded
    }

    /// Cells of columns that no cost depends on that could not be read in scans so far.
    #[must_use]
    pub fn unread(&self) -> &UnreadCells {
        &self.unread
    }

    /// What could not be read in the last scan and counts as null, by its kernels and by its
    /// sources: a line a column.
    pub(crate) fn unread_notes(&self) -> Vec<String> {
        let all = UnreadCells::default();
        all.merge(&self.unread);
        self.rows.iter().flat_map(Rows::unread).for_each(|unread| all.merge(&unread));
        all.notes()
    }

    /// A lock on the bill: what a scan counts, and the commitments that it finds, are shared by all
    /// clones of a frame, so that two scans at once would mix them up. A scan holds it from its
    /// start until all of that is taken.
    pub(crate) fn scanning(&self) -> MutexGuard<'_, ()> {
        self.scans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The commitments of which usage is known to carry the cost.
    pub(crate) fn amortized(&self) -> &repair::Amortized {
        &self.amortized
    }

    /// Whether it is read without repair.
    pub(crate) fn is_as_is(&self) -> bool {
        self.as_is
    }

    /// Forgets what scans so far have counted.
    pub(crate) fn reset_counts(&self) {
        self.rounded.reset();
        self.unread.reset();
        self.others.iter().for_each(OtherCurrencies::reset);
    }

    /// What the last scan left out because another currency was asked for.
    pub(crate) fn left_out(&self) -> LeftOut {
        self.others.as_ref().map(OtherCurrencies::so_far).unwrap_or_default()
    }

    /// That there is no line item, seen after a scan.
    pub(crate) fn nothing_there(&self) -> FocusError {
        let others: Vec<String> = self.left_out().line_items.into_keys().collect();
        match &self.others {
            Some(of) if !others.is_empty() => {
                FocusError::NotInCurrency { currency: of.wanted(), others }
            }
            _ => FocusError::Empty { origin: self.label().to_owned() },
        }
    }

    /// Whether only some of the rows are read.
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
        let whole = Rows::new(Torn { frame: charges(), column: "" });
        let torn = Rows::new(Torn { frame: charges(), column });
        let rows = Rows::concat(vec![whole.clone(), torn.clone()]).expect("one schema");
        let origin = |label: &str, rows| Origin { label: label.to_owned(), rows };
        let part =
            Part { rows, origins: vec![origin("a.parquet", whole), origin("b.parquet", torn)] };
        FocusFrame::from_parts(vec![part], &["team".to_owned()]).expect("a bill")
    }

    #[test]
    fn the_file_whose_column_cannot_be_read_is_named() {
        for column in ["BilledCost", "Tags", "x_UsageType"] {
            let error = roll_up(&bill(column)).expect_err("torn").to_string();
            assert_eq!(error, "b.parquet: cannot be read: torn", "{column}");
        }
        let bill = bill("x_BillingExchangeRate");
        assert!(roll_up(&bill).is_ok(), "nobody asks for it");
        let error = bill.exchange_rates().expect_err("torn").to_string();
        assert_eq!(error, "b.parquet: cannot be read: torn");
    }
}
