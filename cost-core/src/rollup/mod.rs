//! The roll-up: one lazy scan of the line items makes the daily [`CostCube`] and the
//! resource-by-month table. This is the only code that touches line items; every analysis works on
//! what it makes.

mod account;
mod aggregate;
mod batch;
mod charge;
mod codes;
mod columns;
mod commitments;
mod confirm;
mod converted;
mod coverage;
mod cube;
mod currencies;
mod currency;
mod dictionary;
mod dimension;
mod exports;
mod files;
mod fingerprint;
mod guard;
mod keys;
mod lines;
mod numbers;
mod options;
mod query;
mod renamed;
mod repairs;
mod repeats;
mod reread;
mod scan;
mod sketch;
mod spread;
mod sums;
mod suspects;
mod tables;
mod types;
mod version_lines;
mod versions;

pub(crate) use converted::Costs;
pub use converted::{ExchangeError, convert};
pub use cube::{CostCube, ResourceMonths};
pub use currencies::roll_up_by_currency;
pub(crate) use currency::other_currencies;
pub use dimension::Dimension;
pub use keys::{CHARGE_KEYS, CUBE_KEYS, LINE_ITEMS, MEASURES, RESOURCE_KEYS};
pub use options::{CommitmentScan, RollUpOptions};
pub use query::{Amounts, Group, Measure, QueryError};
pub(crate) use query::{ResourceRow, days_in, is_usage, is_used, nothing, scaled};
pub use repeats::RepeatedFile;
pub use scan::{roll_up, roll_up_with};
pub use types::{ChargeSums, Exchange, Rollup};
pub use versions::{Newer, Relation, Versions};
