//! [`Capability`]: data that a provider can collect.

use std::fmt;

use cost_core::commitment::{COMMITMENTS, OFFERS};
use cost_core::inventory::INVENTORY;
use cost_core::price::PRICES;
use cost_core::recommendation::RECOMMENDATIONS;
use cost_core::resource_cost::RESOURCE_COSTS;
use cost_core::table::Table;
use cost_core::usage::UTILIZATION;

/// Data that a provider can collect: the bill, or a table of an estate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Capability {
    /// Charges.
    Billing,
    /// Resources that exist.
    Inventory,
    /// Utilization of resources.
    Utilization,
    /// Prices of the price list.
    Prices,
    /// Utilization of commitments.
    Commitments,
    /// Commitment offers.
    Offers,
    /// Daily costs of resources.
    ResourceCosts,
    /// Provider recommendations.
    Recommendations,
}

impl Capability {
    /// All capabilities, in the order of a pull: the bill, then the tables in the order of
    /// [`cost_core::estate::TABLES`], since requests for later tables depend on the inventory.
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

    /// Returns the table of the capability; `None` for the bill, which is not a table.
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

    /// Returns the capability of a table; `None` for a table that is not part of an estate.
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
        let tables: Vec<&str> =
            Capability::ALL.into_iter().filter_map(|c| Some(c.table()?.name)).collect();
        assert_eq!(tables, TABLES.map(|table| table.name));
        for table in TABLES {
            let capability = Capability::of(table).expect("a capability");
            assert_eq!(capability.to_string(), table.name);
        }
    }
}
