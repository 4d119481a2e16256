//! Rows of the roll-up by their values, so that an anomaly is analyzed without a scan of all rows:
//! with n anomalies in n parts of an estate, scans would take n² time.

use std::borrow::Cow;
use std::collections::HashMap;

use polars::prelude::{DataFrame, IdxSize};

use super::scope::Scope;
use crate::focus::TAG_PREFIX;
use crate::rollup::{QueryError, Rollup};

/// Number of anomalies from which an index is faster than scans. Chosen.
const WORTH_IT: usize = 32;

/// Rows of the tables of a roll-up, by the values that a scope can have.
pub(super) struct Rows<'a> {
    rollup: &'a Rollup,
    /// `None` if there are few anomalies.
    indexes: Option<[Index; 2]>,
}

impl<'a> Rows<'a> {
    /// Indexes the tables of a roll-up for this number of anomalies.
    pub(super) fn new(rollup: &'a Rollup, anomalies: usize) -> Result<Self, QueryError> {
        let index = || -> Result<_, QueryError> {
            let tags = rollup.cube.tag_keys();
            let of = |frame: &DataFrame| Index::new(frame, tags);
            Ok([of(rollup.cube.frame())?, of(rollup.resources.frame())?])
        };
        let indexes = (anomalies >= WORTH_IT).then(index).transpose()?;
        Ok(Self { rollup, indexes })
    }

    /// Returns a roll-up with at least all rows of a scope, in their order.
    pub(super) fn of(&self, scope: &Scope) -> Result<Cow<'a, Rollup>, QueryError> {
        let Some([cube, resources]) = &self.indexes else { return Ok(Cow::Borrowed(self.rollup)) };
        match (cube.of(scope), resources.of(scope)) {
            (Some(cube), Some(resources)) => {
                Ok(Cow::Owned(self.rollup.with_rows(cube, resources)?))
            }
            _ => Ok(Cow::Borrowed(self.rollup)),
        }
    }
}

/// Rows of a table by the value of each column.
struct Index(HashMap<String, HashMap<String, Vec<IdxSize>>>);

/// Columns of the fields of a scope, in their order; tags have columns of their own.
const COLUMNS: [&str; 4] = ["SubAccountId", "ServiceName", "RegionId", "SkuMeter"];

impl Index {
    fn new(frame: &DataFrame, tags: &[String]) -> Result<Self, QueryError> {
        let tags = tags.iter().map(|key| format!("{TAG_PREFIX}{key}"));
        let names = COLUMNS.map(ToOwned::to_owned).into_iter().chain(tags);
        let column = |name: String| {
            let mut rows: HashMap<String, Vec<IdxSize>> = HashMap::new();
            for (row, value) in (0..).zip(frame.column(&name)?.str()?.iter()) {
                // An empty text stands for charges without a value, as in a scope.
                let value = value.unwrap_or_default();
                match rows.get_mut(value) {
                    Some(rows) => rows.push(row),
                    None => drop(rows.insert(value.to_owned(), vec![row])),
                }
            }
            Ok((name, rows))
        };
        names.map(column).collect::<Result<_, _>>().map(Self)
    }

    /// Returns the rows of the value of a scope that has the fewest; `None` for the entire estate.
    fn of(&self, scope: &Scope) -> Option<&[IdxSize]> {
        let values =
            [&scope.sub_account_id, &scope.service_name, &scope.region_id, &scope.usage_type];
        let tag = scope.tag.as_deref().and_then(|tag| tag.split_once('='));
        let tag = tag.map(|(key, value)| (format!("{TAG_PREFIX}{key}"), value));
        let columns = COLUMNS
            .into_iter()
            .zip(values)
            .filter_map(|(column, value)| Some((column.to_owned(), value.as_deref()?)));
        let rows = columns.chain(tag).filter_map(|(column, value)| {
            let rows = self.0.get(&column)?.get(value);
            Some(rows.map(Vec::as_slice).unwrap_or_default())
        });
        rows.min_by_key(|rows| rows.len())
    }
}
