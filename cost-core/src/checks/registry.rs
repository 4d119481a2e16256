//! Every check there is: a new one is a file and a line here.

use crate::check::Check;

/// The checks, in the order they are documented.
#[must_use]
pub fn registry() -> &'static [&'static dyn Check] {
    &[
        &super::unattached_volume::UnattachedVolume,
        &super::idle_address::IdleAddress,
        &super::previous_generation_instance::PreviousGenerationInstance,
        &super::oversized_instance::OversizedInstance,
        &super::gp2_volume::Gp2Volume,
        &super::uncovered_steady_usage::UncoveredSteadyUsage,
    ]
}
