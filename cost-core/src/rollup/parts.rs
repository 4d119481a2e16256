//! The tables of a roll-up by account and service, for many questions that are each about one of
//! them: otherwise each question would read all rows.

use std::collections::BTreeMap;
use std::ops::Range;

use polars::prelude::*;

use super::cube::{CostCube, ResourceMonths};
use super::query::QueryError;
use super::types::Rollup;

/// Columns by which the rows are sorted.
const PLACE: [&str; 2] = ["SubAccountId", "ServiceName"];

/// Account and service of rows; `None` if the bill has none.
type Place = (Option<String>, Option<String>);

/// Tables of a part of a roll-up.
pub(crate) struct Part {
    /// Costs by day.
    pub(crate) cube: CostCube,
    /// Costs by resource and month.
    pub(crate) resources: ResourceMonths,
}

/// Tables of a roll-up, by account and service.
pub(crate) struct Parts {
    cube: Sorted,
    resources: Sorted,
    complete: Part,
}

impl Parts {
    /// # Errors
    /// [`QueryError`].
    pub(crate) fn new(rollup: &Rollup) -> Result<Self, QueryError> {
        let (cube, resources) = (rollup.cube.clone(), rollup.resources.clone());
        Ok(Self {
            cube: Sorted::new(cube.frame())?,
            resources: Sorted::new(resources.frame())?,
            complete: Part { cube, resources },
        })
    }

    /// Returns all rows of an account, or of one of its services; an empty text stands for rows
    /// without a value. All rows of the roll-up if there is no account.
    pub(crate) fn of(&self, account: Option<&str>, service: Option<&str>) -> Part {
        let Part { cube, resources } = &self.complete;
        let Some(account) = account else {
            return Part { cube: cube.clone(), resources: resources.clone() };
        };
        Part {
            cube: cube.with(self.cube.of(account, service)),
            resources: resources.with(self.resources.of(account, service)),
        }
    }
}

/// Table sorted by account and service, and the rows of each.
struct Sorted {
    frame: DataFrame,
    rows: BTreeMap<Place, Range<usize>>,
}

impl Sorted {
    fn new(frame: &DataFrame) -> Result<Self, QueryError> {
        let order = SortMultipleOptions::default().with_maintain_order(true);
        let mut frame = frame.sort(PLACE, order)?;
        frame.rechunk_mut();
        let [accounts, services] = PLACE.map(|column| frame.column(column).and_then(|c| c.str()));
        let (accounts, services) = (accounts?, services?);
        let mut rows: BTreeMap<Place, Range<usize>> = BTreeMap::new();
        let mut start = 0;
        let at = |row: usize| (accounts.get(row), services.get(row));
        for row in 1..=frame.height() {
            if row == frame.height() || at(row) != at(start) {
                let (account, service) = at(start);
                let place = (account.map(ToOwned::to_owned), service.map(ToOwned::to_owned));
                rows.insert(place, start..row);
                start = row;
            }
        }
        Ok(Self { frame, rows })
    }

    fn of(&self, account: &str, service: Option<&str>) -> DataFrame {
        let value = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
        let rows = match service {
            Some(service) => self.rows.get(&(value(account), value(service))).cloned(),
            None => self.of_account(value(account)),
        };
        let rows = rows.unwrap_or(0..0);
        self.frame.slice(i64::try_from(rows.start).unwrap_or(i64::MAX), rows.len())
    }

    /// Returns the rows of all services of an account, which follow each other.
    fn of_account(&self, account: Option<String>) -> Option<Range<usize>> {
        let services = self.rows.range((account.clone(), None)..);
        let mut of_account = services.take_while(|((a, _), _)| *a == account).map(|(_, r)| r);
        let first = of_account.next()?;
        Some(first.start..of_account.last().unwrap_or(first).end)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{is_usage, roll_up};
    use super::*;
    use crate::focus::FocusFrame;

    fn equals(column: &str, value: Option<&str>) -> Expr {
        value.map_or_else(|| col(column).is_null(), |v| col(column).eq(lit(v.to_owned())))
    }

    #[test]
    fn a_part_has_the_rows_that_a_filter_finds() {
        let charges: FocusFrame = crate::example::charges().unwrap();
        let rollup = roll_up(&charges).unwrap();
        let parts = Parts::new(&rollup).unwrap();
        let places = rollup.cube.sum_by(&["SubAccountId", "ServiceName"], is_usage()).unwrap();
        assert_eq!(places.len(), 3, "one service in an account, two in the other");
        for place in &places {
            let (account, service) = (place.key(0), place.key(1));
            let of_account = equals("SubAccountId", Some(account));
            let of_service = of_account.clone().and(equals("ServiceName", Some(service)));
            for (part, filter) in [
                (parts.of(Some(account), Some(service)), of_service),
                (parts.of(Some(account), None), of_account),
                (parts.of(None, Some(service)), lit(true)),
            ] {
                assert_eq!(
                    part.cube.sum_by(&["ChargeDay"], lit(true)).unwrap(),
                    rollup.cube.sum_by(&["ChargeDay"], filter.clone()).unwrap()
                );
                assert_eq!(
                    part.resources.sum_by(&["ResourceId"], lit(true)).unwrap(),
                    rollup.resources.sum_by(&["ResourceId"], filter).unwrap()
                );
            }
        }
        assert_eq!(parts.of(Some("none"), None).cube.frame().height(), 0);
    }
}
