//! The roll-up: one lazy scan of the line items makes the daily [`CostCube`] and the resource-by-month table. This is
//! the only code that touches line items; every analysis works on what it makes.

mod account;
mod aggregate;
mod charge;
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
mod numbers;
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
mod types;
mod version_lines;
mod versions;

pub(crate) use converted::Costs;
pub use converted::{ExchangeError, convert};
pub use cube::{CostCube, ResourceMonths};
pub use currencies::roll_up_by_currency;
pub(crate) use currency::other_currencies;
pub use dimension::Dimension;
pub use keys::{CUBE_KEYS, LINE_ITEMS, MEASURES, RESOURCE_KEYS};
pub use query::{Amounts, Group, Measure, QueryError};
pub(crate) use query::{ResourceRow, days_in, is_usage, is_used, nothing, scaled};
pub use repeats::RepeatedFile;
pub use scan::roll_up;
pub use types::{Exchange, Rollup};
pub use versions::{Newer, Relation, Versions};
