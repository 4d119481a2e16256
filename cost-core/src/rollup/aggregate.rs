//! Single pass over line items: every batch of the scan is added to both tables.
//!
//! The engine scans and decodes. Its own group-by would hash some twenty text columns per line item
//! twice and keep the shared scan in memory (docs/adr/0009). Here a text is hashed about once, and
//! memory is bounded by the number of distinct keys. Each engine thread adds to its own part; the
//! parts are merged at the end. All sums are integers and all rows are sorted, so that the result
//! does not depend on the number of parts or the order of batches.
//!
//! The crate is compiled in units that are optimized separately (docs/performance.md, "Build"), so
//! functions that run once per line item are `#[inline]`, and their loops are written as `for`
//! loops rather than as chains of iterator adapters.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::*;

use super::batch::{Cells, amounts, asked, by_table, own_days, values};
use super::codes::{day_code, month_code, month_codes, of_row, translated};
use super::columns::{ACCOUNT, DAYS, OF_CUBE, OF_RESOURCES, RESOURCE, SHARED, TEXTS, USED_BY};
use super::commitments::{Commitments, Shared};
use super::coverage::Coverage;
use super::dictionary::{self, Dictionary, NULL};
use super::files::{Files, Owners};
use super::fingerprint::Prints;
use super::keys::{CUBE_KEYS, RESOURCE_KEYS};
use super::lines::Lines;
use super::numbers::index;
use super::options::RollUpOptions;
use super::repairs::Repairs;
use super::spread::{Days, is_endless};
use super::sums::{Batch, Combinations, MEASURED, SumsByKey};
use super::tables::{frame, pick, places};
use super::types::ChargeSums;
use crate::money::MoneyError;

/// Sums so far, of one thread or in total.
///
/// A line item's texts form few combinations of many columns, so the keys of the tables are short.
/// The cube's key is day, billing period, number of its own combination, number of the shared one;
/// the resource table's key is month and two numbers.
#[derive(Default)]
pub(super) struct Part {
    texts: [Dictionary; TEXTS],
    shared: Combinations<{ SHARED.len() }>,
    of_cube: Combinations<{ OF_CUBE.len() }>,
    of_resources: Combinations<{ OF_RESOURCES.len() }>,
    cube: SumsByKey<4>,
    resources: SumsByKey<3>,
    files: Files,
    coverage: Coverage,
    repairs: Repairs,
    /// Sums for commitment analyses, if requested.
    commitments: Option<Commitments>,
}

/// Parts that no thread is using.
#[derive(Clone, Default)]
pub(super) struct Aggregator {
    parts: Arc<Mutex<Vec<Part>>>,
    several_sources: bool,
    options: RollUpOptions,
}

impl Aggregator {
    /// `several_sources`: whether there are exports of several schemas, so that the amounts that
    /// each bills are needed.
    pub(super) fn new(several_sources: bool, options: RollUpOptions) -> Self {
        Self { several_sources, options, ..Self::default() }
    }

    /// Returns an expression that adds every line item and yields nulls.
    pub(super) fn expr(&self) -> Expr {
        let mut inputs = asked(self.options).map(col);
        let first = inputs.next().unwrap_or_else(|| lit(0));
        let aggregator = self.clone();
        let add = move |columns: &mut [Column]| {
            // A part is removed while a thread adds to it, so that threads do not wait for each
            // other.
            let lock = || aggregator.parts.lock().unwrap_or_else(PoisonError::into_inner);
            let mut part = lock()
                .pop()
                .unwrap_or_else(|| Part::new(aggregator.several_sources, aggregator.options));
            let added = part.add(columns);
            lock().push(part);
            added?;
            Ok(Column::full_null("added".into(), columns[0].len(), &DataType::Boolean))
        };
        let boolean = |_: &Schema, _: &[Field]| Ok(Field::new("added".into(), DataType::Boolean));
        first.map_many(add, &inputs.collect::<Vec<_>>(), boolean)
    }

    /// Moves the sums of the threads since the last call into `total`. Called after each chunk:
    /// tables of one chunk fit into the processor's caches, and most chunks of a bill contain one
    /// month.
    pub(super) fn settle(&self, total: &mut Part) {
        let parts = std::mem::take(&mut *self.parts.lock().unwrap_or_else(PoisonError::into_inner));
        for part in parts {
            total.merge(part);
        }
    }
}

/// Numbers of a row's combinations: texts in both tables, in the cube only, and in the resource
/// table only.
type Numbered = (u32, u32, u32);

/// Combinations and billing period of each row: its place in the tables.
struct Places<'a> {
    numbers: &'a [Numbered],
    period: &'a [i32],
}

impl Places<'_> {
    /// Returns the places of a row's day in both tables.
    #[inline]
    fn of(
        &self,
        row: usize,
        tables: (&mut SumsByKey<4>, &mut SumsByKey<3>),
        day: i32,
        month: u32,
    ) -> (u32, u32) {
        let (common, own, resource) = self.numbers[row];
        let in_cube = tables.0.place([day_code(day), day_code(self.period[row]), own, common]);
        (in_cube, tables.1.place([month, common, resource]))
    }
}

impl Part {
    /// `several_sources`: as in [`Aggregator::new`].
    pub(super) fn new(several_sources: bool, options: RollUpOptions) -> Self {
        let commitments = options.commitments.map(Commitments::new);
        Self { files: Files::watching(several_sources), commitments, ..Self::default() }
    }

    fn add(&mut self, columns: &[Column]) -> PolarsResult<()> {
        let cells = Cells::of(columns)?;
        let (utc_day, period) = (cells.utc_day.cont_slice()?, cells.period.cont_slice()?);
        let (start, end) = (values(&cells.start, i64::MIN), values(&cells.end, i64::MIN));
        let (start, end) = (&*start, &*end);
        let rows = 0..utc_day.len();
        let long: Vec<(usize, Days)> =
            rows.clone().filter_map(|row| Some((row, Days::of(start[row], end[row])?))).collect();
        let day = own_days(utc_day, &long);
        let day = &*day;
        let codes = dictionary::encode(&mut self.texts, cells.texts)?;
        let numbers = self.numbers(&codes, rows.clone());
        let mut batch = amounts(&cells.measures, day);
        let lines =
            Lines { start, end, utc_day, day, amounts: [&batch.amounts[0], &batch.amounts[1]] };
        self.add_files(cells.files, &lines, (&codes, &numbers), period);
        self.repairs.add(cells.repairs, &batch.amounts);
        self.coverage.add(day, &long);
        self.coverage.add_endless(rows.filter(|row| is_endless(start[*row], end[*row])).count());
        self.add_charges(cells.commitments, &numbers, utc_day, &batch)?;
        let place = Places { numbers: &numbers, period };
        for (row, days) in &long {
            self.add_later_days(*row, days, &mut batch, &place);
        }
        self.add_first_days(&batch, &place);
        Ok(())
    }

    /// Returns the combinations of each row, from the codes of its texts.
    #[inline]
    fn numbers(&mut self, codes: &[Vec<u32>], rows: Range<usize>) -> Vec<Numbered> {
        let with_meter = !self.files.has_several_sources();
        let [shared, of_cube, of_resources] = by_table(codes);
        let [of_shared, texts_of_cube, texts_of_resources] = by_table(&self.texts);
        let mut numbers = Vec::with_capacity(rows.len());
        for row in rows {
            let common = self
                .shared
                .number(of_row(shared, row), |c| Prints::of(&SHARED, of_shared, c, with_meter));
            let own = self.of_cube.number(of_row(of_cube, row), |c| {
                Prints::of(&OF_CUBE, texts_of_cube, c, with_meter)
            });
            let resource = self.of_resources.number(of_row(of_resources, row), |c| {
                // Without a resource, the other columns do not identify a charge.
                if c[RESOURCE] == NULL {
                    return Prints::NONE;
                }
                Prints::of(&OF_RESOURCES, texts_of_resources, c, with_meter)
            });
            numbers.push((common, own, resource));
        }
        numbers
    }

    /// Adds the rows of each file: line items by fingerprint, and the billed amounts by account.
    #[inline]
    fn add_files(
        &mut self,
        files: &StringChunked,
        lines: &Lines<'_>,
        (codes, numbers): (&[Vec<u32>], &[Numbered]),
        periods: &[i32],
    ) {
        let fingerprint = |row: usize| {
            let (common, own, resource) = numbers[row];
            let resource = self.of_resources.prints(resource);
            lines.print(row, [self.shared.prints(common), self.of_cube.prints(own), resource])
        };
        let print = |row: usize| lines.has_cost(row).then(|| fingerprint(row));
        let [shared, of_cube, _] = by_table(codes);
        let owners = Owners { used_by: &shared[USED_BY], paid_by: &of_cube[ACCOUNT], periods };
        self.files.add(files, owners, print, (lines.utc_day, lines.amounts));
    }

    /// Adds the batch to both tables. Of a charge of several days, the batch contains the first.
    #[inline]
    fn add_first_days(&mut self, batch: &Batch<'_>, place: &Places<'_>) {
        let months = month_codes(batch.day);
        let rows = batch.day.len();
        let (mut in_cube, mut in_resources) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        for (row, day) in batch.day.iter().enumerate() {
            let tables = (&mut self.cube, &mut self.resources);
            let (cube, resources) = place.of(row, tables, *day, months[row]);
            in_cube.push(cube);
            in_resources.push(resources);
        }
        self.cube.add(&in_cube, batch);
        self.resources.add(&in_resources, batch);
    }

    /// Adds the charges for commitment analyses, if they are requested. The amounts of `batch` are
    /// still those of the line items, before they are spread.
    fn add_charges(
        &mut self,
        cells: &[Column],
        numbers: &[Numbered],
        utc_day: &[i32],
        batch: &Batch<'_>,
    ) -> PolarsResult<()> {
        let Some(commitments) = &mut self.commitments else { return Ok(()) };
        let shared = Shared { combinations: &self.shared, texts: &self.texts[..SHARED.len()] };
        commitments.add(cells, (shared, numbers.iter().map(|(common, ..)| *common)), utc_day, batch)
    }

    /// Adds the later days of a charge; the batch retains only the first.
    fn add_later_days(
        &mut self,
        row: usize,
        days: &Days,
        batch: &mut Batch<'_>,
        place: &Places<'_>,
    ) {
        // Billed cost is not spread, because it belongs to the billing period.
        let unknown = std::array::from_fn(|at| batch.unknown[at].as_ref().is_some_and(|u| u[row]));
        let parts: [Vec<i128>; MEASURED] =
            std::array::from_fn(|at| days.parts(batch.amounts[at][row]));
        for (after, day) in (days.first..).take(days.len()).enumerate() {
            let amounts = std::array::from_fn(|at| if at == 0 { 0 } else { parts[at][after] });
            if after == 0 {
                let billed = batch.amounts[0][row];
                (0..MEASURED).for_each(|at| {
                    batch.amounts[at].to_mut()[row] = if at == 0 { billed } else { amounts[at] }
                });
                continue;
            }
            let month = month_code(day);
            let (in_cube, in_resources) =
                place.of(row, (&mut self.cube, &mut self.resources), day, month);
            self.cube.add_part(in_cube, amounts, unknown, day);
            self.resources.add_part(in_resources, amounts, unknown, day);
        }
    }

    /// Returns whether all sums fit into 128 bits.
    pub(super) fn sums_fit(&self) -> bool {
        self.cube.fit()
            && self.resources.fit()
            && self.commitments.as_ref().is_none_or(Commitments::fit)
    }

    fn merge(&mut self, other: Self) {
        let codes: Vec<Vec<u32>> = self
            .texts
            .iter_mut()
            .zip(&other.texts)
            .map(|(mine, theirs)| mine.adopt(theirs))
            .collect();
        let [shared, of_cube, of_resources] = by_table(&codes);
        self.files.merge(other.files, &shared[USED_BY], &of_cube[ACCOUNT]);
        self.coverage.merge(&other.coverage);
        self.repairs.merge(&other.repairs);
        let shared = self.shared.adopt(&other.shared, |c| translated(c, shared));
        if let (Some(mine), Some(theirs)) = (&mut self.commitments, &other.commitments) {
            mine.merge(theirs, &shared);
        }
        let of_cube = self.of_cube.adopt(&other.of_cube, |c| translated(c, of_cube));
        let of_resources =
            self.of_resources.adopt(&other.of_resources, |c| translated(c, of_resources));
        let at = |numbers: &[u32], number: u32| numbers[index(number)];
        self.cube.merge(&other.cube, |[day, period, own, s]| {
            [*day, *period, at(&of_cube, *own), at(&shared, *s)]
        });
        self.resources.merge(&other.resources, |[month, s, own]| {
            [*month, at(&shared, *s), at(&of_resources, *own)]
        });
    }

    /// Returns the files, and the accounts that use and those that pay.
    pub(super) fn files(&mut self) -> (Files, [&Dictionary; 2]) {
        (
            std::mem::take(&mut self.files),
            [&self.texts[USED_BY], &self.texts[SHARED.len() + ACCOUNT]],
        )
    }

    /// Returns the repairs.
    pub(super) fn repairs_mut(&mut self) -> &mut Repairs {
        &mut self.repairs
    }

    /// Returns the days that the charges cover.
    pub(super) fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// Returns the charges for commitment analyses, if they were requested.
    pub(super) fn charges(&self) -> Result<Option<Vec<ChargeSums>>, MoneyError> {
        let shared = Shared { combinations: &self.shared, texts: &self.texts[..SHARED.len()] };
        self.commitments.as_ref().map(|c| c.rows(shared)).transpose()
    }

    /// Returns both tables.
    pub(super) fn into_tables(self, tag_keys: &[String]) -> PolarsResult<[DataFrame; 2]> {
        let Self { texts, shared, of_cube, of_resources, cube, resources, .. } = self;
        let (of_day, of_month) = DAYS.split_at(2);
        let places = places::<{ CUBE_KEYS.len() + 1 }>(CUBE_KEYS, [of_day, &SHARED, &OF_CUBE]);
        let rows = cube.keys().iter().enumerate().map(|(at, [day, period, own, s])| {
            let codes: [&[u32]; 3] = [&[*day, *period], shared.codes(*s), of_cube.codes(*own)];
            (places.map(|place| pick(codes, place)), at)
        });
        let cube = frame(&texts, rows.collect(), &cube, (CUBE_KEYS, tag_keys), false)?;
        let places = self::places::<{ RESOURCE_KEYS.len() + 1 }>(
            RESOURCE_KEYS,
            [of_month, &SHARED, &OF_RESOURCES],
        );
        let rows = resources.keys().iter().enumerate().map(|(at, [month, s, own])| {
            let codes: [&[u32]; 3] = [&[*month], shared.codes(*s), of_resources.codes(*own)];
            (places.map(|place| pick(codes, place)), at)
        });
        Ok([cube, frame(&texts, rows.collect(), &resources, (RESOURCE_KEYS, tag_keys), true)?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::focus::TAGS_COLUMN;
    use crate::rollup::keys::MEASURES;
    use crate::rollup::tables::MAY_BE_UNKNOWN;

    #[test]
    fn every_key_and_measure_has_its_place() {
        let known = |own: &'static [&'static str]| {
            DAYS.iter().chain(&SHARED).chain(own).copied().collect::<Vec<_>>()
        };
        assert!(CUBE_KEYS.iter().all(|k| known(&OF_CUBE).contains(k)));
        assert!(RESOURCE_KEYS.iter().all(|k| known(&OF_RESOURCES).contains(k)));
        assert!(
            SHARED
                .iter()
                .all(|k| *k == TAGS_COLUMN || (CUBE_KEYS.contains(k) && RESOURCE_KEYS.contains(k)))
        );
        assert_eq!(
            (SHARED[USED_BY], OF_CUBE[ACCOUNT], OF_RESOURCES[RESOURCE]),
            ("SubAccountId", "BillingAccountId", "ResourceId")
        );
        assert_eq!(
            MAY_BE_UNKNOWN.map(|at| MEASURES[at]),
            ["ListCost", "ContractedCost", "PricingQuantity"]
        );
    }
}
