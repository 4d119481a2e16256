//! What to do first about an anomaly, and how to keep it from coming again, by what its main cause
//! is.

use cost_core::anomaly::{Anomaly, Kind};
use cost_core::cloud::{Play, plays};

const NEW_PLACE: &[&str] = &[
    "Ask the owner at once whether this was planned. If nobody knows, treat it as an intrusion: deactivate the access keys and \
     sessions that made the resources (CloudTrail), and open a case with the provider.",
    "Keep evidence (snapshots, CloudTrail logs) before anything is stopped.",
];
const GENERAL: &[&str] = &[
    "Look at the resources and usage types named above on the first day, and at what was deployed or changed then.",
    "Ask the owner whether it was planned. If so, say so in the configuration as a known event, or resolve the alert.",
];
const GENERAL_PREVENTION: &str =
    "Give the scope a budget with an owner, and name planned changes as known events beforehand.";

/// First steps, in order.
pub(super) fn first_steps(anomaly: &Anomaly) -> Vec<&'static str> {
    let place: &[&str] =
        if matches!(anomaly.kind, Kind::NewAccount | Kind::NewRegion) { NEW_PLACE } else { &[] };
    let play = play(anomaly).map_or(&[][..], |p| p.first_steps);
    [place, play, GENERAL].concat()
}

/// How to keep it from coming again.
pub(super) fn prevention(anomaly: &Anomaly) -> Vec<&'static str> {
    play(anomaly).map(|p| p.prevention).into_iter().chain([GENERAL_PREVENTION]).collect()
}

fn play(anomaly: &Anomaly) -> Option<&'static Play> {
    let cause = anomaly.causes.first()?;
    let texts = [cause.usage_type.as_deref(), cause.service_name.as_deref()];
    let fits = |play: &&Play| {
        texts.iter().flatten().any(|t| play.parts.iter().any(|part| t.contains(part)))
    };
    plays().find(fits)
}
