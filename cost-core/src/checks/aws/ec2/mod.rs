//! Checks for Amazon EC2 instances and images. Shared code: `alternative`, `change_type`,
//! `machine`.

pub(in crate::checks) mod alternative;
mod amd_instance;
pub(in crate::checks) mod change_type;
mod disks;
mod graviton_instance;
mod idle_instance;
pub(in crate::checks) mod machine;
mod node_group;
mod off_hours_instance;
pub(in crate::checks) mod oversized_instance;
mod oversized_scaling_group;
mod previous_generation_instance;
mod spot_candidate;
mod stopped_instance;
mod surplus_credits_instance;
mod uncovered_steady_usage;
mod unused_capacity_reservation;
mod unused_image;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[
    &stopped_instance::StoppedInstance,
    &idle_instance::CHECK,
    &unused_image::UnusedImage,
    &unused_capacity_reservation::CHECK,
    &oversized_instance::OversizedInstance,
    &oversized_scaling_group::OversizedScalingGroup,
    &surplus_credits_instance::SurplusCreditsInstance,
    &previous_generation_instance::CHECK,
    &graviton_instance::CHECK,
    &amd_instance::CHECK,
    &off_hours_instance::CHECK,
    &spot_candidate::SpotCandidate,
    &uncovered_steady_usage::UncoveredSteadyUsage,
];
