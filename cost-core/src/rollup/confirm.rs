//! Confirmation that similar files contain the same charges, by reading their rows again with all
//! columns.
//!
//! A later run of an export differs from a part of one: a run has all charges of an account at a
//! time (a *place*), a part has some of them. So two files are compared where both have charges of
//! one place. Small numbers of equal charges count only if the files have no others there.

use std::collections::{BTreeSet, HashMap};

use super::charge::Charge;
use super::renamed::Amounts;
use super::reread::Reread;
use super::sketch::ENOUGH;
use super::suspects::{Suspect, Way, folder};
use crate::focus::{FocusError, TwiceAs};

/// Share of the smaller side's distinct charges, in common places, that the other side has as many
/// times, percent. An earlier run of the month differs from a later one only in charges that were
/// corrected since. Chosen.
const SAME_PCT: u64 = 50;
/// Share of the smaller side's charges, in common places, whose keys the other side has as many
/// times, percent. More than the 50 % that two parts share by chance if each key has two rows.
/// Chosen.
const RESTATED_PCT: u64 = 75;
/// Share of the larger side's charges, in common places, that are on the smaller side, percent:
/// each part of one export has only a share of a place. Chosen.
const OF_LARGER_PCT: u64 = 50;
/// Share of the keys of a daily file whose cost equals that of the other file's hours, percent, and
/// the largest difference between both costs. Chosen.
const DAYS_PCT: u64 = 75;
const COST_PCT: i128 = 10;
/// Approximate number of the smaller side's charges that are compared. If there are more, a sample
/// by key is used, the same on both sides. 64 MiB. Chosen.
const MOST: u64 = 1 << 19;

/// Result of a comparison of two sides.
pub(super) struct Confirmed {
    /// Share of the smaller side's charges that both sides have, percent.
    pub(super) pct: u64,
    /// How the charges match.
    pub(super) how: TwiceAs,
    /// Whether the larger side contains all charges of the smaller one.
    pub(super) contained: bool,
    /// Whether both contain the same charges and no others.
    pub(super) equal: bool,
}

/// Returns the common charges of both sides; `None` if they do not contain the same charges.
///
/// # Errors
/// [`FocusError::Unreadable`] for a file that cannot be read again. Whether it contains the same
/// charges is then unknown.
pub(super) fn confirm(
    reread: &Reread<'_>,
    suspect: &Suspect,
) -> Result<Option<Confirmed>, FocusError> {
    let one_in = suspect.count / MOST + 1;
    if suspect.way == Way::Renamed {
        let mut amounts = Amounts::of(one_in);
        reread.both(&suspect.small, &suspect.large, |of_large, charge| {
            amounts.add(of_large, &charge);
        })?;
        let (contained, equal) = amounts.contained();
        let same = |pct| Confirmed { pct, how: TwiceAs::Renamed, contained, equal };
        return Ok(amounts.same().map(same));
    }
    let mut met = Met { one_in, ..Met::default() };
    reread.both(&suspect.small, &suspect.large, |of_large, charge| met.add(of_large, &charge))?;
    let (contained, equal) = met.contained();
    let found = match suspect.way {
        Way::DaysAndHours => met.days_of_hours().map(|pct| (pct, TwiceAs::Finer)),
        Way::Overlap => {
            let rows = met.overlap(&met.rows, SAME_PCT).map(|pct| (pct, TwiceAs::Rows));
            rows.or_else(|| met.overlap(&met.ids, RESTATED_PCT).map(|pct| (pct, TwiceAs::Restated)))
        }
        Way::Renamed => None,
        Way::Both | Way::Spread => {
            let apart =
                suspect.small.iter().all(|a| suspect.large.iter().all(|b| folder(a) != folder(b)));
            let rows =
                met.same_rows(suspect.way == Way::Spread, apart).map(|pct| (pct, TwiceAs::Rows));
            // Keys with one row each, spread over parts by chance, also occur once elsewhere, so
            // they are no sign of leftovers.
            rows.or_else(|| {
                (suspect.way == Way::Both)
                    .then(|| met.restated())?
                    .map(|pct| (pct, TwiceAs::Restated))
            })
        }
    };
    Ok(found.map(|(pct, how)| Confirmed {
        pct,
        how,
        contained: contained && how != TwiceAs::Finer,
        equal,
    }))
}

type Map<T> = HashMap<u64, T, foldhash::fast::FixedState>;

/// Number of occurrences on both sides.
#[derive(Clone, Copy, Default)]
struct Times {
    place: u64,
    /// Properties that distinguish it from others at the same time; 0 if there are none.
    identity: u64,
    small: u64,
    large: u64,
}

/// Cost of a key on a day on both sides, and the number of charges.
#[derive(Clone, Copy, Default)]
struct Day {
    place: u64,
    small: (u64, i128),
    large: (u64, i128),
}

/// Charges found on both sides. Of the larger side, only those that the smaller side has too.
#[derive(Default)]
struct Met {
    one_in: u64,
    rows: Map<Times>,
    ids: Map<Times>,
    places: Map<Times>,
    days: Map<Day>,
    day_places: Map<Day>,
    /// Number of charges of both sides, and Σ of their fingerprints.
    all: [(u64, u128); 2],
}

impl Met {
    fn add(&mut self, of_large: bool, charge: &Charge) {
        let (count, sum) = &mut self.all[usize::from(of_large)];
        *count += 1;
        *sum = sum.wrapping_add(u128::from(charge.id));
        let is_in_sample =
            |print: u64| self.one_in < 2 || (print >> 20).is_multiple_of(self.one_in);
        if is_in_sample(charge.id) {
            // A resource has each of its charges once. Other charges can be equal, such as seats of
            // one license, but not with several amounts.
            let identity = |id: u64, other: u64| if charge.has_resource { id } else { other };
            let known = [
                (&mut self.rows, charge.row, identity(charge.row, charge.amounts)),
                (&mut self.ids, charge.id, identity(charge.id, 0)),
                (&mut self.places, charge.place, 0),
            ];
            for (map, print, identity) in known {
                if of_large {
                    map.entry(print).and_modify(|t| t.large += 1);
                } else {
                    let new = Times { place: charge.place, identity, ..Times::default() };
                    map.entry(print).or_insert(new).small += 1;
                }
            }
        }
        if is_in_sample(charge.id_of_day) {
            for (map, print) in
                [(&mut self.days, charge.id_of_day), (&mut self.day_places, charge.day)]
            {
                let day = if of_large {
                    map.get_mut(&print).map(|d| &mut d.large)
                } else {
                    Some(
                        &mut map
                            .entry(print)
                            .or_insert(Day { place: charge.day, ..Day::default() })
                            .small,
                    )
                };
                if let Some((count, cost)) = day {
                    *count += 1;
                    *cost = cost.saturating_add(charge.cost);
                }
            }
        }
    }

    /// Returns whether all keys of the smaller side are on the larger side, and whether it has no
    /// others.
    fn contained(&self) -> (bool, bool) {
        let contained = self.ids.values().all(|t| t.large >= t.small);
        (contained, contained && self.all[0] == self.all[1])
    }

    /// Counts in a place that both sides have.
    fn is_shared(&self, times: &Times) -> bool {
        self.places.get(&times.place).is_some_and(|p| p.large > 0)
    }

    /// Returns whether the charges are most of those that the larger side has in the places of the
    /// smaller one.
    fn are_most_of_larger(&self, charges: u64) -> bool {
        let all: u64 = self.places.values().map(|p| p.large).sum();
        charges * 100 >= all * OF_LARGER_PCT
    }

    /// Returns the share of the smaller side's charges that the larger side has with equal values
    /// in all columns, percent; `None` if it is too small to decide. `spread`: several files
    /// together may have a charge more often. `apart`: the files are in other folders.
    fn same_rows(&self, spread: bool, apart: bool) -> Option<u64> {
        let shared: Vec<&Times> = self.rows.values().filter(|t| self.is_shared(t)).collect();
        let is_same = |t: &Times| if spread { t.large >= t.small } else { t.large == t.small };
        let same: Vec<&Times> = shared.iter().copied().filter(|t| is_same(t)).collect();
        let (different, alike) = (count(shared.len()), count(same.len()));
        if alike == 0 || alike * 100 < different * SAME_PCT {
            return None;
        }
        let is_all = self.rows.values().all(is_same);
        let is_run =
            is_all && (apart || self.are_most_of_larger(same.iter().map(|t| t.small).sum()));
        (alike >= ENOUGH || (is_run && !spread)).then(|| alike * 100 / different)
    }

    /// Returns the share of the smaller side's rows or keys that the larger side has as many times,
    /// in common hours and days, percent; `None` if it is below `least`, or if the matches may be
    /// chance.
    fn overlap(&self, of: &Map<Times>, least: u64) -> Option<u64> {
        let shared: Vec<&Times> = of.values().filter(|t| self.is_shared(t)).collect();
        let same: Vec<&Times> = shared.iter().copied().filter(|t| t.large == t.small).collect();
        let identities: BTreeSet<u64> =
            same.iter().map(|t| t.identity).filter(|t| *t != 0).collect();
        let pct = count(same.len()) * 100 / count(shared.len()).max(1);
        (count(identities.len()) >= ENOUGH && pct >= least).then_some(pct)
    }

    /// Returns the share of the smaller side's charges whose keys the larger side has as many
    /// times, percent; `None` if it is too small to decide.
    fn restated(&self) -> Option<u64> {
        let shared: Vec<&Times> = self.ids.values().filter(|t| self.is_shared(t)).collect();
        let same: Vec<&Times> = shared.iter().copied().filter(|t| t.large == t.small).collect();
        let all: u64 = shared.iter().map(|t| t.small).sum();
        let rows: u64 = same.iter().map(|t| t.small).sum();
        let is_run = rows > 0 && rows * 100 >= all * RESTATED_PCT && self.are_most_of_larger(rows);
        // If there are very few, each must occur exactly once on both sides, without any others.
        let is_clear =
            count(same.len()) >= ENOUGH || self.ids.values().all(|t| (t.small, t.large) == (1, 1));
        (is_run && is_clear).then(|| rows * 100 / all)
    }

    /// Returns the share of the smaller side's days whose cost equals that of the larger side's
    /// hours, percent; `None` if few are equal.
    fn days_of_hours(&self) -> Option<u64> {
        let has_both = |d: &&Day| self.day_places.get(&d.place).is_some_and(|p| p.large.0 > 0);
        let days: Vec<&Day> = self.days.values().filter(has_both).collect();
        let differs =
            |d: &Day| d.small.1.saturating_sub(d.large.1).saturating_abs().saturating_mul(100);
        let is_same =
            |d: &Day| d.large.0 >= d.small.0 && differs(d) <= d.small.1.saturating_abs() * COST_PCT;
        let same: Vec<&Day> = days.iter().copied().filter(|d| is_same(d)).collect();
        let finer = same.iter().filter(|d| d.large.0 > d.small.0).count();
        let charges: u64 = same.iter().map(|d| d.large.0).sum();
        let all: u64 = self.day_places.values().map(|p| p.large.0).sum();
        let most =
            count(same.len()) * 100 >= count(days.len()) * DAYS_PCT && finer * 2 > same.len();
        (most && charges * 100 >= all * OF_LARGER_PCT)
            .then(|| count(same.len()) * 100 / count(days.len()))
    }
}

fn count(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::*;
    use crate::focus::{FocusFrame, Origin, Part};

    fn bill(files: &[(&str, DataFrame)]) -> FocusFrame {
        let origin = |(label, frame): &(&str, DataFrame)| {
            Origin::of_frame(label, frame.clone().lazy()).expect("columns")
        };
        FocusFrame::from_parts(files.iter().map(|f| Part::from(origin(f))).collect(), &[])
            .expect("a bill")
    }

    fn confirmed(way: Way, small: DataFrame, large: DataFrame) -> Option<Confirmed> {
        let [small_file, large_file] = ["a", "b"].map(|f| vec![f.to_owned()]);
        let count = count(small.height());
        let suspect =
            Suspect { small: small_file, large: large_file, way, count, account: None, period: 0 };
        confirm(&Reread::of(&bill(&[("a", small), ("b", large)])), &suspect)
            .expect("both are read again")
    }

    /// Charges of these days: `cost`, of a team, without a resource.
    fn charges(days: std::ops::RangeInclusive<u32>, cost: &str, team: &str) -> DataFrame {
        let starts: Vec<String> = days.map(|d| format!("2026-10-{d:02}")).collect();
        let text = |value: &str| vec![value.to_owned(); starts.len()];
        df!(
            "BilledCost" => text(cost), "EffectiveCost" => text(cost), "BillingCurrency" => text("USD"),
            "BillingPeriodStart" => text("2026-10-01"), "ChargePeriodStart" => starts.clone(),
            "ChargeCategory" => text("Usage"), "BillingAccountId" => text("b1"), "ProviderName" => text("AWS"),
            "ServiceName" => text("EC2"), "x_Team" => text(team), "InvoiceId" => text("")
        )
        .expect("columns of one length")
    }

    #[test]
    fn a_file_that_is_not_there_again_is_an_error_that_names_it() {
        let bill = bill(&[("a", charges(1..=4, "1.5", "web"))]);
        let files = |name: &str| vec![name.to_owned()];
        let suspect = Suspect {
            small: files("a"),
            large: files("b"),
            way: Way::Both,
            count: 4,
            account: None,
            period: 0,
        };
        let error = confirm(&Reread::of(&bill), &suspect).err().expect("b is not there");
        assert!(
            matches!(&error, FocusError::Unreadable { origin, .. } if origin == "b"),
            "{error}"
        );
    }

    #[test]
    fn words_for_no_end_are_read_as_the_roll_up_reads_them() {
        let endless = |cost: &str| {
            let mut frame = charges(1..=4, cost, "web");
            frame
                .with_column(Column::new("ChargePeriodEnd".into(), ["NaT", "None", "", "nan"]))
                .expect("added");
            frame
        };
        let same = confirmed(Way::Both, endless("1.5"), endless("1.5")).expect("the same");
        assert_eq!((same.pct, same.how), (100, TwiceAs::Rows));
        assert!(
            confirmed(Way::Both, endless("1.5"), charges(5..=8, "1.5", "web")).is_none(),
            "of other days"
        );
    }

    #[test]
    fn bytes_that_are_no_text_and_times_of_no_calendar_are_compared_as_they_are() {
        let with = |note: &[u8], time: i64| {
            let mut frame = charges(1..=4, "1.5", "web");
            let milliseconds = DataType::Datetime(TimeUnit::Milliseconds, None);
            let times = Column::new("x_Seen".into(), [time; 4]).cast(&milliseconds).expect("cast");
            frame.with_column(Column::new("x_Note".into(), [note; 4])).expect("added");
            frame.with_column(times).expect("added");
            frame
        };
        let (note, never) = (&b"\xff\xfe"[..], i64::MAX / 2);
        assert!(confirmed(Way::Both, with(note, never), with(note, never)).is_some());
        assert!(
            confirmed(Way::Both, with(note, never), with(b"\xff", never)).is_none(),
            "other bytes"
        );
        assert!(confirmed(Way::Both, with(note, never), with(note, 0)).is_none(), "another time");
    }

    #[test]
    fn the_order_of_columns_and_the_invoice_do_not_matter() {
        let one = charges(1..=4, "1.5", "web");
        let names: Vec<String> =
            one.get_column_names_owned().into_iter().rev().map(|n| n.to_string()).collect();
        let mut other = one.select(names).expect("the same columns");
        let invoiced = StringChunked::full("InvoiceId".into(), "17", other.height())
            .into_series()
            .into_column();
        other.with_column(invoiced).expect("replaced");
        let same = confirmed(Way::Both, one, other).expect("the same");
        assert_eq!(
            (same.pct, same.how, same.contained, same.equal),
            (100, TwiceAs::Rows, true, true)
        );
    }

    #[test]
    fn other_amounts_are_restated_and_an_earlier_run_is_contained() {
        let same = confirmed(Way::Both, charges(1..=4, "1.5", "web"), charges(1..=9, "1.4", "web"))
            .expect("the same");
        assert_eq!(
            (same.pct, same.how, same.contained, same.equal),
            (100, TwiceAs::Restated, true, false)
        );
        // In files that each have some charges of a key, this happens by chance.
        assert!(
            confirmed(Way::Spread, charges(1..=4, "1.5", "web"), charges(1..=9, "1.4", "web"))
                .is_none()
        );
        let more = charges(1..=4, "1.5", "web")
            .vstack(&charges(10..=10, "2", "web"))
            .expect("the same columns");
        let same = confirmed(Way::Both, more, charges(1..=9, "1.5", "web")).expect("the same");
        assert_eq!((same.how, same.contained), (TwiceAs::Rows, false), "the tenth would be lost");
    }

    #[test]
    fn a_column_that_is_not_rolled_up_distinguishes_charges() {
        assert!(
            confirmed(Way::Both, charges(1..=4, "1.5", "web"), charges(1..=4, "1.5", "db"))
                .is_none()
        );
        let tagged = |team: &str| {
            let tags =
                DataFrame::new(1, vec![Column::new("team".into(), [team])]).expect("a column");
            let list = tags
                .into_struct("tag".into())
                .into_series()
                .implode()
                .expect("a list")
                .into_series();
            let mut frame = charges(1..=1, "1.5", "web");
            frame.with_column(list.with_name("x_Labels".into()).into_column()).expect("added");
            frame
        };
        assert!(confirmed(Way::Both, tagged("web"), tagged("db")).is_none(), "nested");
        assert!(confirmed(Way::Both, tagged("web"), tagged("web")).is_some(), "nested");
        let of_resource = |team: &str| {
            let mut frame = tagged(team);
            frame.with_column(Column::new("ResourceId".into(), ["i-1"])).expect("added");
            frame
        };
        assert!(
            confirmed(Way::Both, of_resource("web"), of_resource("db")).is_some(),
            "tags filled in later"
        );
    }

    #[test]
    fn a_few_charges_count_only_if_they_are_all_of_their_time() {
        let other = charges(1..=1, "7", "db");
        let many = other.vstack(&charges(1..=1, "8", "ops")).expect("the same columns");
        let shard = many.vstack(&charges(1..=9, "1.5", "web")).expect("the same columns");
        assert!(
            confirmed(Way::Both, charges(1..=1, "1.5", "web"), shard).is_none(),
            "one of three"
        );
        assert!(
            confirmed(Way::Both, charges(1..=1, "1.5", "web"), charges(1..=9, "1.5", "web"))
                .is_some()
        );
    }
}
