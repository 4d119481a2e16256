//! [`FocusFrame`]: line items under canonical names and types, still lazy.

use polars::prelude::*;

use super::columns::{self, Version};
use super::kernels::{self, RoundedCells};
use super::optional::Optional;
use super::others::{LeftOut, OtherCurrencies};
use super::rows::{FILE, Rows};
use super::source::SourceFile;
use super::tags::{self, TAGS_COLUMN};
use super::unread::UnreadCells;
use super::used::{CHARGE_START, OPERATION, Role, USED, Used};
use super::{Cloud, FocusError, fold, locate, repair};
use crate::money::Currency;
use crate::shield::shield;

/// Prefix of the columns that hold one chosen tag key each: `tag:team`.
pub const TAG_PREFIX: &str = "tag:";

/// Where rows come from: one file, or a frame an embedder handed over.
#[derive(Clone)]
pub struct Origin {
    /// What to call it in messages: a path, or a name.
    pub label: String,
    /// The raw rows, as the file has them.
    pub rows: Rows,
}

impl Origin {
    /// A frame, under a name for messages.
    ///
    /// # Errors
    /// [`FocusError::Unreadable`] if the frame's columns cannot be told.
    pub fn of_frame(label: &str, frame: LazyFrame) -> Result<Self, FocusError> {
        let rows = Rows::of_frame(frame).map_err(|e| unreadable(label, &e))?;
        Ok(Self { label: label.to_owned(), rows })
    }
}

/// One or more origins of the same raw schema, scanned together.
#[derive(Clone)]
pub struct Part {
    /// The raw rows of all origins. A roll-up goes through them batch by batch, and holds one in memory at a time at most.
    pub rows: Rows,
    /// The origins one by one, for messages that name file and row.
    pub origins: Vec<Origin>,
}

impl Part {
    /// What errors about all of it call it: its first origin.
    pub(super) fn label(&self) -> &str {
        self.origins.first().map_or("bill", |o| o.label.as_str())
    }

    /// `error`, which `look` ended with on all rows, as an error of the origin it is about: each is looked at alone, and the first that fails
    /// is named, with what is wrong with it. The first of all if none fails alone.
    pub(super) fn blame<T>(&self, error: &PolarsError, look: impl Fn(&Rows) -> PolarsResult<T>) -> FocusError {
        let several = if self.origins.len() > 1 { self.origins.as_slice() } else { &[] };
        let failure = |origin: &Origin| {
            let failed = shield(|| look(&origin.rows)).err()?;
            Some(unreadable(&origin.label, &failed))
        };
        several.iter().find_map(failure).unwrap_or_else(|| unreadable(self.label(), error))
    }
}

impl From<Origin> for Part {
    fn from(origin: Origin) -> Self {
        Self { rows: origin.rows.clone(), origins: vec![origin] }
    }
}

/// Line items of a bill, checked for the columns the numbers depend on and mapped to canonical names and types.
///
/// Grain: one row a line item (FOCUS "charge"). Costs and quantities are `Decimal(38, 12)` in `BillingCurrency`,
/// `ChargePeriodStart` and `BillingPeriodStart` are UTC `Date`s (half-open periods), `ChargePeriodEnd` is an instant and so is
/// `ChargeStart`, the start as the file has it; the rest is text. Optional columns that a file lacks are null, and said in
/// [`FocusFrame::notes`].
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
    /// A bill from any frame with FOCUS columns; `label` names it in messages, `tag_keys` are the tags to keep.
    ///
    /// # Errors
    /// As [`FocusFrame::from_parts`].
    pub fn from_lazy(label: &str, frame: LazyFrame, tag_keys: &[String]) -> Result<Self, FocusError> {
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
    pub fn read(parts: Vec<Part>, tag_keys: &[String], reading: &Reading) -> Result<Self, FocusError> {
        let (rounded, unread) = (RoundedCells::default(), UnreadCells::default());
        let amortized = repair::Amortized::default();
        let mut rows = Vec::new();
        let mut notes = Notes::default();
        let mut version = Version::V1_0;
        for part in &parts {
            let label = part.label().to_owned();
            let schema = part.rows.schema();
            version = version.max(columns::detect_version(schema.iter_names().map(PlSmallStr::as_str)));
            let failed = |e: PolarsError| unreadable(&label, &e);
            let counters = (&rounded, &unread);
            let headers = Headers::read(schema, &label)?;
            let columns = headers.canonical(tag_keys, counters, (&label, schema), &mut notes)?;
            let only_provider = headers.get("ProviderName").and_then(|header| part.rows.only_value(header));
            let file = repair::File {
                has: &|name| schema.contains(name),
                of: &|cloud| only_provider.as_deref().is_none_or(|name| Cloud::of(name) == Some(cloud)),
            };
            let rules = repair::rules_for(&file);
            let canonical = part.rows.select([columns, repair::extra_columns(&rules)].concat()).map_err(failed)?;
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
            files: Vec::new(),
            is_filtered: false,
            others: None,
            as_is: reading.as_is,
        };
        let Some(currency) = reading.currency else { return Ok(all) };
        let others = OtherCurrencies::than(currency);
        Ok(Self { others: Some(others.clone()), ..all.filtered(&others.filter())? })
    }

    /// The charges in one `BillingCurrency`, and those that do not say theirs, which a roll-up then refuses.
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

    /// What could not be read in the last scan and counts as null, by its kernels and by its sources: a line a column.
    pub(crate) fn unread_notes(&self) -> Vec<String> {
        let all = UnreadCells::default();
        all.merge(&self.unread);
        self.rows.iter().flat_map(Rows::unread).for_each(|unread| all.merge(&unread));
        all.notes()
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
            Some(of) if !others.is_empty() => FocusError::NotInCurrency { currency: of.wanted(), others },
            _ => FocusError::Empty { origin: self.label().to_owned() },
        }
    }

    /// Whether only some of the rows are read.
    pub(crate) fn is_filtered(&self) -> bool {
        self.is_filtered
    }

    /// Turns a failure of the engine into one that names file, row and column, by looking for the cell; or else file and failure, by reading
    /// each alone.
    pub(crate) fn explain(&self, error: &PolarsError) -> FocusError {
        let found = locate::first_bad_cell(&self.parts).or_else(|| self.first_failure());
        found.unwrap_or_else(|| unreadable(self.label(), error))
    }

    /// The failure of the first origin that cannot be read, alone, as this bill reads it: by whichever of the columns it needs.
    fn first_failure(&self) -> Option<FocusError> {
        let reading = Reading { currency: None, as_is: self.as_is };
        locate::origins(&self.parts).into_iter().find_map(|origin| {
            let label = origin.label.clone();
            let alone = match Self::read(vec![Part::from(origin)], &self.tag_keys, &reading) {
                Ok(alone) => alone,
                Err(error) => return Some(error),
            };
            let read = || alone.batches().try_for_each(|batch| batch?.collect().map(drop));
            shield(read).err().map(|e| unreadable(&label, &e))
        })
    }

    /// The error of a bill in several currencies: the first row whose currency differs from the first row's.
    pub(crate) fn mixed_currency(&self, currencies: &[Currency]) -> FocusError {
        let codes: Vec<String> = currencies.iter().map(ToString::to_string).collect();
        let found = locate::mixed_currency(&self.parts, currencies);
        found.unwrap_or_else(|| self.not_found("BillingCurrency", &format!("has several ({})", codes.join(", "))))
    }

    /// The error of the first row without a currency, or with what is none.
    pub(crate) fn bad_currency(&self) -> FocusError {
        let problem = "has a cell that is not a three-letter ISO 4217 currency code";
        locate::bad_currency(&self.parts).unwrap_or_else(|| self.not_found("BillingCurrency", problem))
    }

    /// The error of the first row whose value of a text column is not one of those allowed.
    pub(crate) fn not_allowed(&self, column: &'static str) -> FocusError {
        let problem = "has a value that is not one of those that FOCUS allows";
        locate::not_allowed(&self.parts, column).unwrap_or_else(|| self.not_found(column, problem))
    }

    /// What is wrong with a column of the rows as they were read, where no row that is read again shows it.
    fn not_found(&self, column: &str, problem: &str) -> FocusError {
        let message = format!(
            "column {column} {problem}, and its row was not found again: was the bill changed while it was read?"
        );
        FocusError::Unreadable { origin: self.label().to_owned(), message }
    }
}

/// A failure of the engine, of rows that are called so.
pub(crate) fn unreadable(origin: &str, error: &PolarsError) -> FocusError {
    FocusError::Unreadable { origin: origin.to_owned(), message: one_line(&error.to_string()) }
}

/// The engine's message without its multi-line context, and what to do where that is known.
fn one_line(message: &str) -> String {
    let line = message.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or("unknown failure");
    let is_parquet = line.starts_with("parquet: ");
    let hint = match line {
        _ if is_parquet => ": the file is damaged, fetch it again",
        _ if line.contains("save the file as UTF-8") => "",
        _ if line.to_lowercase().contains("utf-8") || line.contains("utf8") => "; save the file as UTF-8",
        _ => "",
    };
    format!("{line}{hint}")
}

#[derive(Default)]
struct Notes(std::collections::BTreeMap<&'static str, Vec<String>>);

impl Notes {
    fn missing(&mut self, column: &'static str, label: &str) {
        self.0.entry(column).or_default().push(label.to_owned());
    }

    fn lines(&self) -> Vec<String> {
        let line = |(column, labels): (&&str, &Vec<String>)| {
            let rest = if labels.len() > 1 { format!(" and {} more", labels.len() - 1) } else { String::new() };
            format!("column {column} is missing in {}{rest}: taken as null", labels[0])
        };
        self.0.iter().map(line).collect()
    }
}

/// Which header holds which column.
pub(super) struct Headers {
    found: std::collections::HashMap<&'static str, String>,
    meters: Vec<String>,
}

/// How a header claims to be a column.
struct Claim {
    /// It is the column that took the other's place.
    is_heir: bool,
    how: columns::Match,
}

impl Claim {
    /// Of a column and the deprecated one beside it, as 1.3 keeps them, the newer counts; of two names by the letter the surer. Which of two
    /// counts that differ in spelling alone is not known.
    fn beats(&self, other: &Self) -> bool {
        if self.is_heir != other.is_heir {
            return self.is_heir;
        }
        self.how < other.how && other.how != columns::Match::Form
    }
}

impl Headers {
    pub(super) fn read(schema: &Schema, label: &str) -> Result<Self, FocusError> {
        let mut found: std::collections::HashMap<&'static str, String> = std::collections::HashMap::new();
        let mut sure: std::collections::HashMap<&'static str, Claim> = std::collections::HashMap::new();
        let mut meters = Vec::new();
        for header in schema.iter_names().map(PlSmallStr::as_str) {
            if header == OPERATION {
                found.insert(OPERATION, header.to_owned());
            }
            let Some((spec, how)) = columns::lookup_ranked(header) else { continue };
            if spec.name == "SkuMeter" {
                meters.push(header.to_owned());
                continue;
            }
            let claim = Claim { is_heir: columns::is_heir(header, spec), how };
            let is_first = match (sure.get(spec.name), found.get(spec.name)) {
                (Some(before), _) if claim.beats(before) => true,
                (Some(before), _) if before.beats(&claim) => false,
                (Some(_), Some(first)) => {
                    return Err(FocusError::DuplicateColumn {
                        origin: label.to_owned(),
                        column: spec.name,
                        first: first.clone(),
                        second: header.to_owned(),
                    });
                }
                _ => true,
            };
            if is_first {
                sure.insert(spec.name, claim);
                found.insert(spec.name, header.to_owned());
            }
        }
        // Most telling first: AWS' usage type names region, meter and size; a SKU id names nothing.
        meters.sort_by_key(|h| ["x_UsageType", "SkuMeter", "x_SkuMeterName"].iter().position(|k| k == h));
        Ok(Self { found, meters })
    }

    pub(super) fn get(&self, column: &str) -> Option<&str> {
        self.found.get(column).map(String::as_str)
    }

    fn canonical(
        &self,
        tag_keys: &[String],
        (rounded, unread): (&RoundedCells, &UnreadCells),
        (label, schema): (&str, &Schema),
        notes: &mut Notes,
    ) -> Result<Vec<Expr>, FocusError> {
        let mut out = Vec::with_capacity(USED.len() + 1);
        for used in USED {
            let raw = if used.name == "SkuMeter" { self.meter(unread) } else { self.get(used.name).map(col) };
            out.push(match raw {
                Some(raw) => decode(raw, used, rounded, unread).alias(used.name),
                None if used.required => return Err(missing(used.name, label)),
                None => {
                    if used.told {
                        notes.missing(used.name, label);
                    }
                    lit(NULL).cast(canonical_type(used.role)).alias(used.name)
                }
            });
        }
        if let Some(start) = self.get("ChargePeriodStart") {
            out.push(kernel(col(start), kernels::instant_type(), |c| kernels::to_instant(c, None)).alias(CHARGE_START));
        }
        let has_file = schema.contains(FILE);
        out.push(if has_file { col(FILE) } else { lit(NULL).cast(DataType::String).alias(FILE) });
        let (keys, unread) = (tag_keys.to_vec(), unread.clone());
        let no_tags = lit(NULL).cast(DataType::String);
        let tags = self.get("Tags").map_or_else(
            || {
                notes.missing("Tags", label);
                no_tags
            },
            col,
        );
        out.push(kernel(tags, DataType::String, move |c| tags::to_tags(c, &keys, &unread)).alias(TAGS_COLUMN));
        Ok(out)
    }

    /// The usage type: the first of the meter columns that is not null, else the SKU id.
    fn meter(&self, unread: &UnreadCells) -> Option<Expr> {
        let names = self.meters.iter().map(String::as_str).chain(self.get("SkuId"));
        let text = |name: &str| null_if_blank(text(col(name), "SkuMeter", Some(unread.clone())));
        names.map(text).reduce(Expr::fill_null)
    }
}

fn missing(column: &'static str, label: &str) -> FocusError {
    let aliases = columns::lookup(column).map_or(&[][..], |c| c.aliases);
    let names = if aliases.is_empty() { String::new() } else { format!(" (or {})", aliases.join(", ")) };
    let hint = format!(
        "every FOCUS bill from 1.0 on has it{names}: check that the file is a FOCUS export, or run `cost validate` on it"
    );
    FocusError::MissingColumn { origin: label.to_owned(), column, hint }
}

/// `input` by way of a kernel that makes a column of type `dtype`, batch by batch, in the engine's own threads.
/// (`Expr::map` would hand each batch to a thread of its own, for functions that call the engine: kernels do not.)
pub(crate) fn kernel(
    input: Expr,
    dtype: DataType,
    function: impl Fn(&Column) -> PolarsResult<Column> + Send + Sync + 'static,
) -> Expr {
    let output = move |_: &Schema, fields: &[Field]| {
        let name = fields.first().map(|f| f.name().clone()).unwrap_or_default();
        Ok(Field::new(name, dtype.clone()))
    };
    input.map_many(move |columns| function(&columns[0]), &[], output)
}

fn canonical_type(role: Role) -> DataType {
    match role {
        Role::Text | Role::Word | Role::Currency | Role::Identifier | Role::Account => DataType::String,
        Role::Decimal => kernels::decimal_type(),
        Role::Day | Role::Period => DataType::Date,
        Role::End => kernels::instant_type(),
    }
}

/// As [`super::text::is_null_text`] says.
pub(super) fn null_if_blank(text: Expr) -> Expr {
    let is = |word: &str| text.clone().eq(lit(word));
    when(is("").or(is("NULL")).or(is("null"))).then(lit(NULL)).otherwise(text)
}

/// `raw` as text. `unread` takes what is no text; without it, that fails.
fn text(raw: Expr, name: &'static str, unread: Option<UnreadCells>) -> Expr {
    kernel(raw, DataType::String, move |c| {
        kernels::to_text(c, unread.as_ref().map(|unread| Optional { column: name, unread }))
    })
}

/// `raw` decoded to its canonical type. Blank text stays as it is here: it is turned to null in the cube, where there
/// are few rows.
fn decode(raw: Expr, used: &Used, rounded: &RoundedCells, unread: &UnreadCells) -> Expr {
    let dtype = canonical_type(used.role);
    let (name, required) = (used.name, used.required);
    let (rounded, unread) = (rounded.clone(), unread.clone());
    let as_text = |raw| text(raw, name, (!required).then(|| unread.clone()));
    let checked = move |column: PolarsResult<Column>| kernels::refuse_null(column?, required);
    match used.role {
        Role::Text => as_text(raw),
        Role::Word => kernel(as_text(raw), dtype, move |c| fold::words(c, name)),
        Role::Currency => kernel(as_text(raw), dtype, fold::currencies),
        Role::Identifier => kernel(as_text(raw), dtype, fold::identifiers),
        Role::Account => kernel(raw, dtype, fold::accounts),
        Role::Period => kernel(raw, dtype, move |c| checked(kernels::to_period(c))),
        Role::Day => kernel(raw, dtype, move |c| checked(kernels::to_day(c))),
        Role::Decimal => kernel(raw, dtype, move |c| {
            let optional = (!required).then_some(Optional { column: name, unread: &unread });
            checked(kernels::to_decimal(c, &rounded, optional))
        }),
        Role::End => kernel(raw, dtype, move |c| {
            let optional = (!required).then_some(Optional { column: name, unread: &unread });
            checked(kernels::to_end(c, optional))
        }),
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
            let is_asked_for = !self.column.is_empty() && columns.is_none_or(|c| c.contains(self.column));
            let torn = || Err(polars_err!(ComputeError: "torn"));
            Box::new(std::iter::once(if is_asked_for { torn() } else { Ok(self.frame.clone().lazy()) }))
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
        let part = Part { rows, origins: vec![origin("a.parquet", whole), origin("b.parquet", torn)] };
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
