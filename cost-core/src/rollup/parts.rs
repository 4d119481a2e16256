//! The tables of a roll-up by the values of their columns, for many questions that are each about a
//! small part: otherwise each question would read all rows.

use std::collections::HashMap;

use polars::prelude::*;

use super::cube::{CostCube, ResourceMonths};
use super::query::QueryError;
use super::types::Rollup;
use crate::focus::TAG_PREFIX;

/// Columns of both tables that are indexed, besides the tags.
const COLUMNS: [&str; 4] = ["SubAccountId", "ServiceName", "RegionId", "SkuMeter"];
/// Number of questions from which an index takes less time than it saves. Chosen.
const WORTH_IT: usize = 32;

/// Some rows of the tables of a roll-up.
#[derive(Clone)]
pub(crate) struct Part {
    /// Costs by day.
    pub(crate) cube: CostCube,
    /// Costs by resource and month.
    pub(crate) resources: ResourceMonths,
}

/// Tables of a roll-up, by the values of their columns.
pub(crate) struct Parts {
    complete: Part,
    /// Indexes of the cube and of the resources; `None` if there were few questions so far.
    indexes: Option<[Index; 2]>,
}

impl Parts {
    /// Creates the parts without an index.
    pub(crate) fn new(rollup: &Rollup) -> Self {
        let (cube, resources) = (rollup.cube.clone(), rollup.resources.clone());
        Self { complete: Part { cube, resources }, indexes: None }
    }

    /// Prepares for this number of questions: builds the index, at most once.
    ///
    /// # Errors
    /// [`QueryError`].
    pub(crate) fn prepare(&mut self, questions: usize) -> Result<(), QueryError> {
        if questions >= WORTH_IT && self.indexes.is_none() {
            let Part { cube, resources } = &self.complete;
            let of = |frame: &DataFrame| Index::new(frame, cube.tag_keys());
            self.indexes = Some([of(cube.frame())?, of(resources.frame())?]);
        }
        Ok(())
    }

    /// Returns at least all rows with these values of columns, in the order of the tables. An empty
    /// value stands for rows without one.
    ///
    /// # Errors
    /// [`QueryError`].
    pub(crate) fn of(&self, values: &[(String, &str)]) -> Result<Part, QueryError> {
        let Some([of_cube, of_resources]) = &self.indexes else { return Ok(self.complete.clone()) };
        let (Some(cube), Some(resources)) = (of_cube.fewest(values), of_resources.fewest(values))
        else {
            return Ok(self.complete.clone());
        };
        Ok(Part {
            cube: self.complete.cube.with_rows(cube)?,
            resources: self.complete.resources.with_rows(resources)?,
        })
    }
}

/// Rows of a table by the value of each column.
struct Index(HashMap<String, HashMap<String, Vec<IdxSize>>>);

impl Index {
    fn new(frame: &DataFrame, tags: &[String]) -> Result<Self, QueryError> {
        let tags = tags.iter().map(|key| format!("{TAG_PREFIX}{key}"));
        let column = |name: String| {
            let mut rows: HashMap<String, Vec<IdxSize>> = HashMap::new();
            for (row, value) in (0..).zip(frame.column(&name)?.str()?.iter()) {
                let value = value.unwrap_or_default();
                match rows.get_mut(value) {
                    Some(rows) => rows.push(row),
                    None => drop(rows.insert(value.to_owned(), vec![row])),
                }
            }
            Ok((name, rows))
        };
        let names = COLUMNS.map(ToOwned::to_owned).into_iter().chain(tags);
        names.map(column).collect::<Result<_, _>>().map(Self)
    }

    /// Returns the rows of the value that has the fewest; `None` without values.
    fn fewest(&self, values: &[(String, &str)]) -> Option<&[IdxSize]> {
        let rows = values.iter().filter_map(|(column, value)| {
            let rows = self.0.get(column)?.get(*value);
            Some(rows.map(Vec::as_slice).unwrap_or_default())
        });
        rows.min_by_key(|rows| rows.len())
    }
}

#[cfg(test)]
mod tests {
    use super::super::roll_up;
    use super::*;

    #[test]
    fn a_part_has_the_rows_that_a_filter_finds() {
        let bill = crate::example::bill().unwrap();
        let rollup = roll_up(&bill).unwrap();
        let mut parts = Parts::new(&rollup);
        parts.prepare(WORTH_IT).unwrap();
        let places = rollup.cube.sum_by(&["SubAccountId", "ServiceName"], lit(true)).unwrap();
        assert_eq!(places.len(), 3, "one service in an account, two in the other");
        for place in &places {
            let of = |column: &str, value: &str| {
                let value = (!value.is_empty()).then(|| value.to_owned());
                value.map_or_else(|| col(column).is_null(), |value| col(column).eq(lit(value)))
            };
            let values: Vec<(String, &str)> = ["SubAccountId", "ServiceName"]
                .into_iter()
                .zip([place.key(0), place.key(1)])
                .map(|(column, value)| (column.to_owned(), value))
                .collect();
            let part = parts.of(&values).unwrap();
            assert!(part.cube.frame().height() < rollup.cube.frame().height());
            let filter = || of("SubAccountId", place.key(0)).and(of("ServiceName", place.key(1)));
            assert_eq!(
                part.cube.sum_by(&["ChargeDay"], filter()).unwrap(),
                rollup.cube.sum_by(&["ChargeDay"], filter()).unwrap()
            );
            assert_eq!(
                part.resources.sum_by(&["ResourceId"], filter()).unwrap(),
                rollup.resources.sum_by(&["ResourceId"], filter()).unwrap()
            );
        }
        let nothing = parts.of(&[("SubAccountId".to_owned(), "none")]).unwrap();
        assert_eq!(nothing.cube.frame().height(), 0);
        let complete = parts.of(&[]).unwrap();
        assert_eq!(complete.cube.frame().height(), rollup.cube.frame().height());
    }
}
