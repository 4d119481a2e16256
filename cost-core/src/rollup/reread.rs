//! [`Reread`]: a second read of the charges of files, with all their columns.

use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasher;

use polars::prelude::*;

use super::charge::{Charge, Gathered, Part};
use crate::focus::columns::lookup;
use crate::focus::{
    FocusError, FocusFrame, Origin, Rows, leaves, optional_decimal, optional_instant, unreadable,
};
use crate::shield::shield;

/// Columns in which files of different schemas are compared: exporters write them equally in all
/// versions.
const IN_ALL_SCHEMAS: [&str; 12] = [
    "BilledCost",
    "ChargeCategory",
    "ChargeDescription",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "EffectiveCost",
    "ProviderName",
    "RegionId",
    "ResourceId",
    "ServiceName",
    "SkuId",
    "SubAccountId",
];

/// Files of a bill that can be read again.
pub(super) struct Reread<'a>(HashMap<&'a str, &'a Origin>);

impl<'a> Reread<'a> {
    pub(super) fn of(frame: &'a FocusFrame) -> Self {
        let origins = frame.parts().iter().flat_map(|p| &p.origins);
        Self(origins.map(|o| (o.label.as_str(), o)).collect())
    }

    fn origin(&self, file: &str) -> Result<&'a Origin, FocusError> {
        self.0.get(file).copied().ok_or_else(|| FocusError::Unreadable {
            origin: file.to_owned(),
            message: "the file is missing on the second read, which checks whether its charges are copies".to_owned(),
        })
    }

    /// Calls `take` with each charge of two lists of files, and whether it is from the second list.
    ///
    /// # Errors
    /// [`FocusError::Unreadable`] for the file that cannot be read again.
    pub(super) fn both(
        &self,
        small: &[String],
        large: &[String],
        mut take: impl FnMut(bool, Charge),
    ) -> Result<(), FocusError> {
        let of =
            |files: &[String]| files.iter().map(|f| self.origin(f)).collect::<Result<Vec<_>, _>>();
        let (small, large) = (of(small)?, of(large)?);
        let columns = Columns::of(&small.iter().chain(&large).map(|o| &o.rows).collect::<Vec<_>>());
        small.into_iter().try_for_each(|origin| columns.read(origin, &mut |c| take(false, c)))?;
        large.into_iter().try_for_each(|origin| columns.read(origin, &mut |c| take(true, c)))
    }

    /// Calls `take` with each charge of a file, in order.
    ///
    /// # Errors
    /// [`FocusError::Unreadable`].
    pub(super) fn one(&self, file: &str, mut take: impl FnMut(Charge)) -> Result<(), FocusError> {
        Columns::All.read(self.origin(file)?, &mut take)
    }
}

/// Columns in which files are compared.
enum Columns {
    /// All columns, because the files have the same ones.
    All,
    /// These columns, by FOCUS name.
    These(BTreeSet<&'static str>),
}

impl Columns {
    fn of(files: &[&Rows]) -> Self {
        let types = |rows: &Rows| {
            rows.schema().iter().map(|(n, t)| (n.clone(), t.clone())).collect::<PlHashMap<_, _>>()
        };
        if files.windows(2).all(|two| types(two[0]) == types(two[1])) {
            return Self::All;
        }
        let has = |rows: &Rows, name: &str| rows.schema().iter_names().any(|h| is_called(h, name));
        Self::These(
            IN_ALL_SCHEMAS
                .into_iter()
                .filter(|name| files.iter().all(|rows| has(rows, name)))
                .collect(),
        )
    }

    /// Returns the columns of a file by a common name, in the file's order, with the role of each.
    fn chosen(&self, rows: &Rows) -> Vec<(Part, Expr)> {
        let headers = || rows.schema().iter().map(|(name, dtype)| (name.as_str(), dtype));
        let mut all: Vec<(&str, &str, &DataType)> = match self {
            Self::All => headers().map(|(header, dtype)| (header, header, dtype)).collect(),
            Self::These(names) => {
                let of = |name: &&'static str| {
                    let called = headers().filter(|(header, _)| is_called(header, name));
                    // The column itself takes precedence over another name for it.
                    let (header, dtype) = called.min_by_key(|(header, _)| header != name)?;
                    Some((*name, header, dtype))
                };
                names.iter().filter_map(of).collect()
            }
        };
        all.sort_by_key(|(name, ..)| *name);
        let column = |(name, header, dtype): (&str, &str, &DataType)| {
            let raw = col(header);
            let part = Part::of(name)?;
            let cells = match part {
                Part::Start | Part::End => optional_instant(raw).cast(DataType::Int64),
                Part::Billed | Part::Effective => optional_decimal(raw),
                // Unchanged: bytes may not be UTF-8, and the engine panics on times outside the
                // calendar.
                _ if dtype.is_nested() || dtype.is_binary() => raw,
                _ if dtype.is_temporal() => raw.to_physical().cast(DataType::String),
                _ => raw.cast(DataType::String),
            };
            Some((part, cells))
        };
        all.into_iter().filter_map(column).collect()
    }

    /// Calls `take` with each charge that has a cost.
    fn read(&self, origin: &Origin, take: &mut dyn FnMut(Charge)) -> Result<(), FocusError> {
        shield(|| self.charges(&origin.rows, take)).map_err(|e| unreadable(&origin.label, &e))
    }

    fn charges(&self, rows: &Rows, take: &mut dyn FnMut(Charge)) -> PolarsResult<()> {
        let (parts, cells): (Vec<Part>, Vec<Expr>) = self.chosen(rows).into_iter().unzip();
        let cells: Vec<Expr> =
            cells.into_iter().enumerate().map(|(at, c)| c.alias(format!("{at}"))).collect();
        for batch in rows.batches_of(&leaves(&cells)) {
            let frame = batch?.select(cells.clone()).collect()?;
            let mut gathered = vec![Gathered::EMPTY; frame.height()];
            parts
                .iter()
                .zip(frame.columns())
                .try_for_each(|(part, column)| add(&mut gathered, *part, column))?;
            gathered.into_iter().map(Gathered::charge).filter(|c| c.cost != 0).for_each(&mut *take);
        }
        Ok(())
    }
}

/// Returns whether a header is FOCUS column `name`, under any of its names.
fn is_called(header: &str, name: &str) -> bool {
    header == name || lookup(header).is_some_and(|c| c.name == name)
}

/// Adds a column to the values of each row.
fn add(rows: &mut [Gathered], part: Part, column: &Column) -> PolarsResult<()> {
    match part {
        Part::Start | Part::End => {
            for (row, at) in rows.iter_mut().zip(column.i64()?.iter()) {
                let place = if part == Part::Start { &mut row.start } else { &mut row.end };
                *place = at.unwrap_or(i64::MIN);
            }
        }
        Part::Billed | Part::Effective => {
            let physical = column.as_materialized_series().to_physical_repr().into_owned();
            for (row, amount) in rows.iter_mut().zip(physical.i128()?.iter()) {
                let place = if part == Part::Billed { &mut row.billed } else { &mut row.effective };
                *place = amount.unwrap_or_default();
            }
        }
        _ => {
            let hasher = foldhash::fast::FixedState::with_seed(0x4528_21e6_38d0_1377);
            let text = |row: &mut Gathered, cell: Option<&str>| {
                let cell = cell.filter(|c| !c.is_empty());
                row.add(part, cell, hasher.hash_one(cell), |t| hasher.hash_one(t));
            };
            if let Ok(texts) = column.str() {
                rows.iter_mut().zip(texts.iter()).for_each(|(row, cell)| text(row, cell));
            } else if let Ok(bytes) = column.binary() {
                for (row, cell) in rows.iter_mut().zip(bytes.iter()) {
                    let shown = cell.map(|c| {
                        std::str::from_utf8(c).map_or_else(|_| format!("{c:?}"), ToOwned::to_owned)
                    });
                    text(row, shown.as_deref());
                }
            } else {
                for (at, row) in rows.iter_mut().enumerate() {
                    let mut all = String::new();
                    nested(&column.get(at)?, &mut all);
                    text(row, Some(&all));
                }
            }
        }
    }
    Ok(())
}

/// Returns a nested cell as text, at any depth. The engine's own text of a list omits its middle.
fn nested(cell: &AnyValue<'_>, out: &mut String) {
    match cell {
        AnyValue::List(items) => {
            out.push('[');
            items.iter().for_each(|item| nested(&item, out));
            out.push(']');
        }
        AnyValue::Struct(..) | AnyValue::StructOwned(..) => {
            out.push('{');
            cell._iter_struct_av().for_each(|field| nested(&field, out));
            out.push('}');
        }
        scalar => out.push_str(&format!("{scalar:?}\u{1f}")),
    }
}
