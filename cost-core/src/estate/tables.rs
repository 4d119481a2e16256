//! All tables of an estate.

use crate::commitment::{COMMITMENTS, OFFERS};
use crate::inventory::INVENTORY;
use crate::price::PRICES;
use crate::recommendation::RECOMMENDATIONS;
use crate::resource_cost::RESOURCE_COSTS;
use crate::table::Table;
use crate::usage::UTILIZATION;

/// All tables of an estate besides the bill, in the order in which they are pulled. Pulls, the
/// rules for providers, and `docs/estate.md` use this list.
pub static TABLES: [&Table; 7] =
    [&INVENTORY, &UTILIZATION, &PRICES, &COMMITMENTS, &OFFERS, &RESOURCE_COSTS, &RECOMMENDATIONS];
