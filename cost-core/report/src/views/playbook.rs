//! First steps and prevention for an anomaly, by its main cause.

use cost_core::anomaly::{Anomaly, Kind};
use cost_core::cloud::{Play, plays};

const NEW_PLACE: &[&str] = &[
    "Ask the owner at once whether this was planned. If it was not, treat it as an intrusion: deactivate the access keys and \
     sessions that created the resources (CloudTrail), and open a case with the provider.",
    "Save evidence (snapshots, CloudTrail logs) before you stop anything.",
];
const GENERAL: &[&str] = &[
    "Look at the resources and usage types above on the first day. Check what was deployed or changed on that day.",
    "Ask the owner whether it was planned. If so, add a known event to the configuration or resolve the alert.",
];
const GENERAL_PREVENTION: &str = "Set a budget with an owner for this scope, and add planned changes as known events in advance.";

/// Returns the first steps, in order.
pub(super) fn first_steps(anomaly: &Anomaly) -> Vec<&'static str> {
    let place: &[&str] =
        if matches!(anomaly.kind, Kind::NewAccount | Kind::NewRegion) { NEW_PLACE } else { &[] };
    let play = play(anomaly).map_or(&[][..], |p| p.first_steps);
    [place, play, GENERAL].concat()
}

/// Returns measures that prevent a recurrence.
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
