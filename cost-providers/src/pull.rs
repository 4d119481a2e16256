//! Pull: collecting data from a provider into an estate.
//!
//! The new estate is written next to the old one and replaces it in one step. A pull that is
//! stopped leaves the old one complete.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use cost_bill_files::Choice;
use cost_core::cloud::Provider as Cloud;
use cost_core::estate::{EstateError, EstateWriter, FORMAT, Former, Manifest};
use cost_core::focus::{FILE, FocusFrame, Part, estate_rows};
use cost_core::inventory::INVENTORY;
use cost_core::rollup::{Group, QueryError, RollUpOptions, Rollup, roll_up, roll_up_by_currency};
use cost_core::shield::shield;
use cost_core::table::{Table, rows_of};
use cost_provider_api::{
    Capability, FailureKind, Gap, Known, Provider, ProviderError, Steps, UsageType, lines,
};
use polars::prelude::*;
use tracing::info;

/// Error of a pull. The previous estate is unchanged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PullError {
    /// The bill could not be collected or read.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The estate could not be written.
    #[error(transparent)]
    Estate(#[from] EstateError),
    /// The written bill could not be aggregated.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The new data is incomplete, and the previous estate has more.
    #[error(
        "the pull is partial, and the estate of {as_of} has more: {}; it stays as it is. Pull again later, or replace it with --allow-partial",
        .less.join("; ")
    )]
    Partial {
        /// Date of the previous estate.
        as_of: NaiveDate,
        /// What there is less of, and why.
        less: Vec<String>,
    },
    /// Error of polars.
    #[error("{0}")]
    Engine(#[from] PolarsError),
}

/// Result of a pull.
#[derive(Debug)]
#[non_exhaustive]
pub struct Summary {
    /// Number of line items written.
    pub line_items: u64,
    /// Roll-ups of the written bill, one per currency, for totals.
    pub rollups: Vec<Rollup>,
    /// Number of rows of each table that the provider supports, by its name.
    rows: BTreeMap<&'static str, usize>,
    /// Recommendation services of the provider that are not enabled; this is not a gap.
    pub not_enabled: Vec<String>,
    /// Gaps, one line each.
    pub partial: Vec<String>,
    /// Notes on the bill files for readers, one line each.
    pub notes: Vec<String>,
}

impl Summary {
    /// Returns the number of rows of a table; `None` if the provider does not support it.
    #[must_use]
    pub fn rows(&self, table: &Table) -> Option<usize> {
        self.rows.get(table.name).copied()
    }
}

/// Name and date of an estate.
#[derive(Clone, Debug)]
pub struct Label {
    /// Name; `None` for the folder name.
    pub name: Option<String>,
    /// Day of the pull: charges up to the day before can be included.
    pub as_of: NaiveDate,
    /// Tag keys that reviews group by if none are requested.
    pub tag_keys: Vec<String>,
    /// Whether an incomplete pull may replace an estate that has more. Otherwise it fails: gaps are
    /// often temporary, such as a throttled region.
    pub allow_partial: bool,
}

/// Pulls all data of a provider into the estate at `into`. The provider must support a bill.
///
/// # Errors
/// [`PullError`], if there is no bill, the estate cannot be written, or the pull is partial and the
/// previous estate has more. All other failures are gaps.
pub async fn pull(
    provider: &dyn Provider,
    into: &Path,
    label: &Label,
) -> Result<Summary, PullError> {
    let mut writer = EstateWriter::create(into)?;
    let mut gaps: Vec<Gap> = Vec::new();

    let bill = provider.bill(&Steps::default()).await?;
    let of_bill = lines(&bill.gaps);
    gaps.extend(bill.gaps);
    let line_items = write_bill(&mut writer, bill.data)?;
    if line_items == 0 {
        let problem =
            "it has no charges in the requested time: check accounts and months".to_owned();
        return Err(ProviderError::NotFound { location: provider.describe(), problem }.into());
    }

    info!(line_items, "bill written");
    let rollups = roll_up_written(&writer.billing())?;
    let read: u64 = rollups.iter().map(|r| r.line_items).sum();
    if read != line_items {
        let problem = format!("{line_items} charges were written, but {read} were read back");
        return Err(ProviderError::unreadable(provider.describe(), problem).into());
    }
    let tables = pull_tables(provider, usage_types(&rollups)?, &writer).await?;
    if let Some(former) = writer.former().filter(|_| !label.allow_partial) {
        let bill = less_charges(line_items, &of_bill, former);
        let less: Vec<String> = bill.into_iter().chain(tables.less).collect();
        if !less.is_empty() {
            return Err(PullError::Partial { as_of: former.manifest.as_of, less });
        }
    }
    gaps.extend(tables.gaps);
    let folder = into.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let partial = lines(&gaps);
    writer.commit(&Manifest {
        format: FORMAT,
        name: label.name.clone().unwrap_or(folder),
        as_of: label.as_of,
        tag_keys: label.tag_keys.clone(),
        partial: partial.clone(),
        notes: bill.notes.clone(),
    })?;
    info!(estate = %into.display(), missing = partial.len(), "estate written");
    Ok(Summary {
        line_items,
        rollups,
        rows: tables.rows,
        not_enabled: lines(&tables.off),
        partial,
        notes: bill.notes,
    })
}

/// Results of the tables.
#[derive(Default)]
struct Tables {
    rows: BTreeMap<&'static str, usize>,
    gaps: Vec<Gap>,
    /// Services that are not enabled.
    off: Vec<Gap>,
    /// Tables with new gaps and fewer rows than in the previous estate.
    less: Vec<String>,
}

/// Returns whether an estate did not have one of these gaps.
fn is_new(gaps: &[String], former: &Former) -> bool {
    gaps.iter().any(|gap| !former.manifest.partial.contains(gap))
}

/// Returns how many charges a bill with new gaps has, if the previous estate has more.
fn less_charges(line_items: u64, gaps: &[String], former: &Former) -> Option<String> {
    let before = former.line_items().filter(|before| *before > line_items)?;
    is_new(gaps, former).then(|| format!("{line_items} of {before} charges ({})", gaps.join(", ")))
}

/// Returns how many rows a table with new gaps has, if the previous estate has more.
fn less(table: &Table, rows: usize, missing: &[Gap], former: &Former) -> Option<String> {
    let gaps = lines(missing);
    let before = if is_new(&gaps, former) { former.rows(table) } else { 0 };
    let what = table.label;
    (before > rows).then(|| format!("{rows} of {before} rows of {what} ({})", gaps.join(", ")))
}

/// Pulls and writes each table. A table that fails is a gap and is not written.
async fn pull_tables(
    provider: &dyn Provider,
    usage: Vec<UsageType>,
    writer: &EstateWriter,
) -> Result<Tables, PullError> {
    let mut known = Known { inventory: Vec::new(), usage };
    let mut all = Tables::default();
    let can = provider.capabilities();
    for table in Capability::ALL.iter().filter(|c| can.contains(c)).filter_map(|c| c.table()) {
        let (frame, gaps) = match provider.table(table, &known, &Steps::default()).await {
            Ok(pulled) => (Some(pulled.data), pulled.gaps),
            Err(error) => (None, vec![Gap::failed(table.label, error)]),
        };
        let is_off = |gap: &Gap| table.opt_in && gap.error.kind == FailureKind::NotEnabled;
        let (off, missing): (Vec<Gap>, Vec<Gap>) = gaps.into_iter().partition(is_off);
        let rows = frame.as_ref().map_or(0, DataFrame::height);
        all.less.extend(writer.former().and_then(|former| less(table, rows, &missing, former)));
        all.off.extend(off);
        all.gaps.extend(missing);
        all.rows.insert(table.name, rows);
        let Some(mut frame) = frame else { continue };
        if table.name == INVENTORY.name {
            known.inventory = rows_of(&frame)?;
        }
        writer.table(table, &mut frame)?;
    }
    Ok(all)
}

/// Returns the usage types of the bill, each once.
fn usage_types(rollups: &[Rollup]) -> Result<Vec<UsageType>, QueryError> {
    let of = |group: &Group| UsageType {
        region_id: group.key(0).to_owned(),
        usage_type: group.key(1).to_owned(),
        provider: Cloud::of(group.keys[2].as_deref()),
    };
    let mut all: BTreeSet<UsageType> = BTreeSet::new();
    for rollup in rollups {
        let groups = rollup.cube.sum_by(&["RegionId", "SkuMeter", "ProviderName"], lit(true))?;
        all.extend(groups.iter().map(of));
    }
    Ok(all.into_iter().collect())
}

/// Writes the charges of all parts under `billing/BILLING_PERIOD=…/`, one file per chunk and
/// billing period, and returns their number.
fn write_bill(writer: &mut EstateWriter, parts: Vec<Part>) -> Result<u64, PullError> {
    let mut rows: u64 = 0;
    let mut number = 0;
    for part in &parts {
        let has_file = part.rows.schema().contains(FILE);
        let label = part.origins.first().map_or("bill", |o| o.label.as_str());
        for batch in part.rows.batches() {
            let charges = match batch {
                Ok(rows) => {
                    estate_rows(label, if has_file { rows.drop(cols([FILE])) } else { rows })
                }
                Err(error) => return Err(explain(parts.clone(), error)),
            };
            let charges = charges.map_err(ProviderError::from)?;
            let frame = match shield(|| charges.collect()) {
                Ok(frame) => frame,
                Err(error) => return Err(explain(parts.clone(), error)),
            };
            rows += u64::try_from(frame.height()).unwrap_or(u64::MAX);
            for (period, mut frame) in by_period(frame)? {
                number += 1;
                writer.chunk(&period, number, &mut frame)?;
            }
        }
    }
    writer.list_chunks()?;
    Ok(rows)
}

/// Returns an error with file, row, and column, if the bill reader can find them.
fn explain(parts: Vec<Part>, error: PolarsError) -> PullError {
    let located = FocusFrame::from_parts(parts, &[]).and_then(|bill| roll_up(&bill));
    match located {
        Err(found) => ProviderError::from(found).into(),
        Ok(_) => error.into(),
    }
}

/// Returns the charges by the month in which their billing period starts, oldest first; charges
/// without one under `unknown`.
fn by_period(frame: DataFrame) -> PolarsResult<Vec<(String, DataFrame)>> {
    let starts = frame.column("BillingPeriodStart")?.cast(&DataType::String)?;
    let month =
        |start: Option<&str>| start.and_then(|s| s.get(..7)).unwrap_or("unknown").to_owned();
    let months: Vec<String> = starts.str()?.iter().map(month).collect();
    let distinct: BTreeSet<&String> = months.iter().collect();
    if let (1, Some(only)) = (distinct.len(), distinct.first()) {
        return Ok(vec![((*only).clone(), frame)]);
    }
    let of = |wanted: &String| {
        let mask: BooleanChunked = months.iter().map(|m| Some(m == wanted)).collect();
        Ok((wanted.clone(), frame.filter(&mask)?))
    };
    distinct.into_iter().map(of).collect()
}

/// Reads back and aggregates the written bill. A bill that cannot be read does not replace the
/// estate.
fn roll_up_written(billing: &Path) -> Result<Vec<Rollup>, PullError> {
    let opened = cost_bill_files::open(&billing.to_string_lossy(), &Choice::default())?;
    let bill = FocusFrame::from_parts(opened.parts, &[])
        .map_err(ProviderError::from)?
        .with_files(opened.files);
    let all = roll_up_by_currency(&bill, RollUpOptions::default()).map_err(ProviderError::from)?;
    Ok(all.into_iter().map(|(_, rollup)| rollup).collect())
}
