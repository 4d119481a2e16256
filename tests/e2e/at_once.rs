//! Jobs, decisions, and pulls at the same time on one state or estate: nothing is lost, nothing is
//! raised twice, and every reader sees the former or the new estate.

use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::jobs::{Job, Receiver, webhook};
use crate::kills::{Estates, VOLUMES, Volumes};
use crate::support::{command, ran};

/// Starts a command whose output nobody reads.
fn spawn(mut command: Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs")
}

/// Starts all commands, and returns their exit codes.
fn codes(commands: impl IntoIterator<Item = Command>) -> Vec<Option<i32>> {
    let all: Vec<Child> = commands.into_iter().map(spawn).collect();
    all.into_iter().map(|mut run| run.wait().expect("it ends").code()).collect()
}

fn count(codes: &[Option<i32>], code: i32) -> usize {
    codes.iter().filter(|c| **c == Some(code)).count()
}

#[test]
fn overlapping_jobs_raise_and_notify_once() {
    for jobs in [2, 8] {
        let receiver = Receiver::start();
        let job = Job::with(&webhook(&receiver.url), &[("a", 10, 12), ("b", 10, 12), ("c", 0, 0)]);
        let all: Vec<Child> = (0..jobs).map(|_| job.spawn("2026-03-11")).collect();
        let codes: Vec<Option<i32>> =
            all.into_iter().map(|mut j| j.wait().expect("it ends").code()).collect();
        assert_eq!((count(&codes, 3), count(&codes, 0)), (1, jobs - 1), "{codes:?}");
        assert_eq!(job.ledger()["alerts"].as_array().map(Vec::len), Some(2));
        let ids: Vec<String> = receiver.bodies().iter().map(|b| b["id"].to_string()).collect();
        let unique: BTreeSet<&String> = ids.iter().collect();
        // No run is killed here, so each notice is sent once.
        assert_eq!((ids.len(), unique.len()), (2, 2), "{ids:?}");
        assert_eq!(job.alerts("2026-03-11"), (0, [0, 0, 2]));
    }
}

#[test]
fn decisions_on_alerts_at_once_are_all_there_also_during_jobs() {
    let services: Vec<(String, u32, u32)> = (0..8).map(|n| (format!("s{n}"), 10, 12)).collect();
    let services: Vec<(&str, u32, u32)> =
        services.iter().map(|(name, from, to)| (name.as_str(), *from, *to)).collect();
    let quiet: Vec<(String, u32, u32)> = (0..8).map(|n| (format!("q{n}"), 0, 0)).collect();
    let quiet: Vec<(&str, u32, u32)> = quiet.iter().map(|(n, ..)| (n.as_str(), 0, 0)).collect();
    let job = Job::with("", &[services, quiet].concat());
    assert_eq!(job.alerts("2026-03-11"), (3, [8, 0, 8]));
    let state = job.path("state.json");
    let ids: Vec<String> = alerts(&job, |a| a["id"].as_str().map(str::to_owned));
    for round in ["first", "second"] {
        let jobs: Vec<Child> = (0..2).map(|_| job.spawn("2026-03-11")).collect();
        let acks = ids
            .iter()
            .map(|id| command(&["anomalies", "ack", id, "--state", &state, "--note", round]));
        assert_eq!(count(&codes(acks), 0), 8);
        for mut run in jobs {
            assert_eq!(run.wait().expect("it ends").code(), Some(0));
        }
        let notes = alerts(&job, |a| a["decision"]["note"].as_str().map(str::to_owned));
        assert_eq!(notes, [round; 8], "{round}");
    }
}

/// A part of each alert in the state of a job.
fn alerts(job: &Job, part: impl Fn(&Value) -> Option<String>) -> Vec<String> {
    job.ledger()["alerts"].as_array().into_iter().flatten().filter_map(part).collect()
}

#[test]
fn decisions_on_savings_at_once_are_all_there_also_during_runs() {
    let volumes = Volumes::new();
    assert_eq!(codes([volumes.command()]), [Some(0)]);
    let ids: Vec<String> = volumes.decided().expect("decisions").into_keys().collect();
    assert_eq!(ids.len(), VOLUMES);
    let file = volumes.path("decisions.json");
    let accepted = ids.iter().map(|id| command(&["savings", "accept", id, "--decisions", &file]));
    let runs = (0..2).map(|_| volumes.command());
    let codes = codes(accepted.chain(runs));
    assert_eq!(count(&codes, 0), VOLUMES + 2, "{codes:?}");
    let decided = volumes.decided().expect("decisions");
    assert!(decided.values().all(|decision| !decision.is_null()), "{decided:?}");
}

#[test]
fn reviews_during_pulls_are_of_the_former_or_of_the_new_estate() {
    let estates = Estates::new();
    assert_eq!(codes([estates.pull(1)]), [Some(0)]);
    let mut seen = BTreeSet::new();
    for turn in 0..8 {
        let mut pulls = [spawn(estates.pull(turn)), spawn(estates.pull(turn))];
        let reviews: Vec<String> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|_| scope.spawn(|| estates.total())).collect();
            all.into_iter().map(|one| one.join().expect("no panic").expect("a review")).collect()
        });
        for pull in &mut pulls {
            assert_eq!(pull.wait().expect("it ends").code(), Some(0));
        }
        assert!(reviews.iter().all(|total| total == "20" || total == "40"), "{reviews:?}");
        assert_eq!(estates.total().expect("a review"), Estates::wanted(turn));
        seen.extend(reviews);
    }
    assert_eq!(seen.len(), 2, "no review was of the former and of the new one: {seen:?}");
}

#[test]
fn two_first_pulls_at_once_give_one_estate() {
    let estates = Estates::new();
    let all = codes((0..2).map(|_| estates.pull(0)));
    assert_eq!(count(&all, 0), 2, "{all:?}");
    assert_eq!(estates.total().expect("a review"), "40");
    let ran = ran(command(&["review", &estates.path("estate")]).output().expect("it runs"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}
