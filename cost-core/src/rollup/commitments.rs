//! Sums of charges for commitment analyses, built in the same pass as the two tables.
//!
//! In:  each batch of the scan, with the combinations of texts that both tables share.
//! Out: [`ChargeSums`].

use std::collections::BTreeMap;

use polars::prelude::*;

use super::codes::{day_of, month_codes, of_row, translated};
use super::columns::SHARED;
use super::dictionary::{self, Dictionary, NULL};
use super::keys::CHARGE_KEYS;
use super::numbers::{Numbers, index};
use super::options::CommitmentScan;
use super::sums::{Batch, Combinations, NOWHERE, SumsByKey};
use super::types::ChargeSums;
use crate::cells::day;
use crate::money::MoneyError;
use crate::month::Month;

/// Text columns of these sums only.
pub(super) const OF_COMMITMENTS: [&str; 4] = [
    "CommitmentDiscountName",
    "CommitmentDiscountType",
    "CommitmentDiscountCategory",
    "CommitmentDiscountId",
];
/// Position of `CommitmentDiscountId` in [`OF_COMMITMENTS`].
const ID: usize = 3;

/// Positions in [`SHARED`].
const PROVIDER: usize = 1;
const CHARGE_CATEGORY: usize = 4;
const PRICING_CATEGORY: usize = 6;
const USAGE_TYPE: usize = 8;

/// Combinations of texts of both tables, and their dictionaries.
#[derive(Clone, Copy)]
pub(super) struct Shared<'a> {
    pub(super) combinations: &'a Combinations<{ SHARED.len() }>,
    pub(super) texts: &'a [Dictionary],
}

impl Shared<'_> {
    /// Returns whether charges of a combination are needed although they name no commitment: usage
    /// that a commitment paid for or could pay for. Spot and other dynamic prices are excluded,
    /// because commitments do not apply to them.
    fn is_wanted(&self, codes: &[u32; SHARED.len()], scan: CommitmentScan) -> bool {
        let text = |place: usize| self.texts[place].text(codes[place]);
        let pricing = text(PRICING_CATEGORY);
        let is_coverable =
            || text(USAGE_TYPE).is_some_and(|usage| (scan.is_coverable)(text(PROVIDER), usage));
        text(CHARGE_CATEGORY) == Some("Usage")
            && pricing != Some("Dynamic")
            && (pricing == Some("Committed") || is_coverable())
    }
}

/// Sums of one part of the scan, by month of the UTC day on which a charge begins, own combination,
/// and shared combination.
pub(super) struct Commitments {
    scan: CommitmentScan,
    texts: [Dictionary; OF_COMMITMENTS.len()],
    own: Numbers<{ OF_COMMITMENTS.len() }>,
    /// For each shared combination: whether its charges are needed without a commitment.
    wanted: Vec<bool>,
    sums: SumsByKey<3>,
}

impl Commitments {
    pub(super) fn new(scan: CommitmentScan) -> Self {
        Self {
            scan,
            texts: Default::default(),
            own: Numbers::default(),
            wanted: Vec::new(),
            sums: SumsByKey::default(),
        }
    }

    /// Adds a batch whose amounts are those of the line items, before they are spread over days.
    /// `numbers` contains each row's shared combination, `cells` are the columns
    /// [`OF_COMMITMENTS`].
    #[inline]
    pub(super) fn add(
        &mut self,
        cells: &[Column],
        (shared, numbers): (Shared<'_>, impl Iterator<Item = u32>),
        utc_day: &[i32],
        batch: &Batch<'_>,
    ) -> PolarsResult<()> {
        let codes = dictionary::encode(&mut self.texts, cells)?;
        let new = shared.combinations.all().iter().skip(self.wanted.len());
        self.wanted.extend(new.map(|codes| shared.is_wanted(codes, self.scan)));
        let months = month_codes(utc_day);
        let place = |(row, common): (usize, u32)| {
            if codes[ID][row] == NULL && !self.wanted[index(common)] {
                return NOWHERE;
            }
            let (own, _) = self.own.number(of_row(&codes, row));
            self.sums.place([months[row], own, common])
        };
        let places: Vec<u32> = numbers.enumerate().map(place).collect();
        if places.iter().any(|place| *place != NOWHERE) {
            self.sums.add(&places, batch);
        }
        Ok(())
    }

    /// Adds the sums of another part; `shared` translates its shared combinations to numbers of
    /// this part.
    pub(super) fn merge(&mut self, other: &Self, shared: &[u32]) {
        let texts: Vec<Vec<u32>> = self
            .texts
            .iter_mut()
            .zip(&other.texts)
            .map(|(mine, theirs)| mine.adopt(theirs))
            .collect();
        let own = other.own.keys().iter().map(|codes| self.own.number(translated(codes, &texts)).0);
        let own: Vec<u32> = own.collect();
        let at = |numbers: &[u32], number: u32| numbers[index(number)];
        self.sums.merge(&other.sums, |[month, mine, common]| {
            [*month, at(&own, *mine), at(shared, *common)]
        });
    }

    /// Returns whether all sums fit into 128 bits.
    pub(super) fn fit(&self) -> bool {
        self.sums.fit()
    }

    /// Returns the sums in order of month and [`CHARGE_KEYS`], nulls first. Sums that differ only
    /// in other columns are combined.
    pub(super) fn rows(&self, shared: Shared<'_>) -> Result<Vec<ChargeSums>, MoneyError> {
        let places = CHARGE_KEYS.map(|key| (place(&OF_COMMITMENTS, key), place(&SHARED, key)));
        let mut rows: BTreeMap<(Month, [Option<&str>; CHARGE_KEYS.len()]), Sums> = BTreeMap::new();
        for (at, [month, own, common]) in self.sums.keys().iter().enumerate() {
            let Some(month) = day(day_of(*month)).map(Month::of) else { continue };
            let (own, common) = (&self.own.keys()[index(*own)], shared.combinations.codes(*common));
            let texts = places.map(|of| match of {
                (Some(place), _) => self.texts[place].text(own[place]),
                (None, Some(place)) => shared.texts[place].text(common[place]),
                (None, None) => None,
            });
            rows.entry((month, texts)).or_default().add(&self.sums, at)?;
        }
        Ok(rows.into_iter().map(|((month, texts), sums)| sums.row(month, texts)).collect())
    }
}

fn place(columns: &[&str], name: &str) -> Option<usize> {
    columns.iter().position(|c| *c == name)
}

/// Sums of one row of the result: the first four measures, and the number of null list and
/// contracted costs.
#[derive(Default)]
struct Sums {
    amounts: [i128; 4],
    unknown: [i64; 2],
}

impl Sums {
    #[inline]
    fn add(&mut self, sums: &SumsByKey<3>, at: usize) -> Result<(), MoneyError> {
        for (sum, amounts) in self.amounts.iter_mut().zip(&sums.amounts) {
            *sum = sum.checked_add(amounts[at]).ok_or(MoneyError::Overflow)?;
        }
        for (sum, unknown) in self.unknown.iter_mut().zip(&sums.unknown) {
            *sum = sum.saturating_add(unknown[at]);
        }
        Ok(())
    }

    fn row(&self, month: Month, texts: [Option<&str>; CHARGE_KEYS.len()]) -> ChargeSums {
        let [billed, effective, list, contracted] = self.amounts;
        let [no_list, no_contracted] = self.unknown;
        ChargeSums {
            month,
            texts: texts.map(|text| text.map(ToOwned::to_owned)),
            billed,
            effective,
            list: (no_list == 0).then_some(list),
            contracted: (no_contracted == 0).then_some(contracted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rollup::keys::MEASURES;

    #[test]
    fn every_key_and_measure_has_its_place() {
        assert!(
            CHARGE_KEYS.iter().all(|k| place(&OF_COMMITMENTS, k).or(place(&SHARED, k)).is_some())
        );
        assert_eq!(
            [PROVIDER, CHARGE_CATEGORY, PRICING_CATEGORY, USAGE_TYPE].map(|at| SHARED[at]),
            ["ProviderName", "ChargeCategory", "PricingCategory", "SkuMeter"]
        );
        assert_eq!(OF_COMMITMENTS[ID], "CommitmentDiscountId");
        assert_eq!(MEASURES[..4], ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"]);
    }
}
