//! [`Capability`]: what a provider can tell.

use std::fmt;

use cost_core::commitment::{COMMITMENTS, OFFERS};
use cost_core::inventory::INVENTORY;
use cost_core::price::PRICES;
use cost_core::recommendation::RECOMMENDATIONS;
use cost_core::resource_cost::RESOURCE_COSTS;
use cost_core::table::Table;
use cost_core::usage::UTILIZATION;

/// What a provider can tell: the bill, or a table of an estate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Capability {
    /// The charges.
    Billing,
    /// The resources that exist.
    Inventory,
    /// How busy resources are.
    Utilization,
    /// Prices of the price list.
    Prices,
    /// How well commitments are used.
    Commitments,
    /// Commitments that are offered.
    Offers,
    /// What resources cost by day.
    ResourceCosts,
    /// What the provider itself advises.
    Recommendations,
}

impl Capability {
    /// Every capability, in the order of a pull: the bill, then the tables in the order of
    /// [`cost_core::estate::TABLES`], since the inventory says what later ones are asked about.
    pub const ALL: [Self; 8] = [
        Self::Billing,
        Self::Inventory,
        Self::Utilization,
        Self::Prices,
        Self::Commitments,
        Self::Offers,
        Self::ResourceCosts,
        Self::Recommendations,
    ];

    /// The table that it is; `None` for the bill, which is no table.
    #[must_use]
    pub fn table(self) -> Option<&'static Table> {
        match self {
            Self::Billing => None,
            Self::Inventory => Some(&INVENTORY),
            Self::Utilization => Some(&UTILIZATION),
            Self::Prices => Some(&PRICES),
            Self::Commitments => Some(&COMMITMENTS),
            Self::Offers => Some(&OFFERS),
            Self::ResourceCosts => Some(&RESOURCE_COSTS),
            Self::Recommendations => Some(&RECOMMENDATIONS),
        }
    }

    /// The capability that a table is; `None` for a table that is not one of an estate.
    #[must_use]
    pub fn of(table: &Table) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.table().is_some_and(|known| known.name == table.name))
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.table().map_or("billing", |table| table.name))
    }
}

#[cfg(test)]
mod tests {
    use cost_core::estate::TABLES;

    use super::*;

    #[test]
    fn every_table_of_an_estate_is_a_capability_in_the_order_of_a_pull() {
        let told: Vec<&str> =
            Capability::ALL.into_iter().filter_map(|c| Some(c.table()?.name)).collect();
        assert_eq!(told, TABLES.map(|table| table.name));
        for table in TABLES {
            let capability = Capability::of(table).expect("a capability");
            assert_eq!(capability.to_string(), table.name);
        }
    }
}
