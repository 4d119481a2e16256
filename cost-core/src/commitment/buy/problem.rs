//! The input of the search: hourly on-demand usage, and the instruments that could cover it.

/// Usage with the same discount from every instrument: on-demand cost in each hour, USD.
///
/// These are statistics. [`crate::commitment::simulate`] computes the exact savings of a purchase.
pub type Group = Vec<f64>;

/// An instrument that can be bought in any amount: a Savings Plan, or a reservation in normalized
/// units.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Display name.
    pub name: String,
    /// USD of commitment per USD of on-demand usage, by group: 0.7 if it saves 30 %. `None` if it
    /// does not apply.
    pub rates: Vec<Option<f64>>,
}

/// Usage to cover, and the instruments. Layers apply in their order: reservations, EC2 Instance,
/// then Compute Savings Plans.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Problem {
    /// Usage. All groups have the same number of hours.
    pub groups: Vec<Group>,
    /// Instruments, in the order in which they apply.
    pub layers: Vec<Layer>,
}

impl Problem {
    /// Returns the number of hours.
    #[must_use]
    pub fn hours(&self) -> usize {
        self.groups.first().map_or(0, Vec::len)
    }
}
