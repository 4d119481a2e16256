//! Costs to come: charges that start or rise on a known date unless something changes, such as the
//! surcharge for versions past their standard support. They are reported next to the savings and
//! never added to them: nothing of them is paid yet.

mod types;

pub use types::{HORIZON_MONTHS, LaterPrice, UpcomingCost, UpcomingKind};
