//! A disk that is full at every possible moment: files end at a size limit, from 0 KiB upward, until
//! a run succeeds. Nothing is lost, and nothing half-written stays.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::jobs::{Job, Receiver, webhook};
use crate::support::{Ran, SAMPLE, command, cost, ran};

/// Runs a command whose files can have this size at most. A write beyond it fails, as on a full
/// disk. What goes to a pipe has no limit.
fn with_at_most(kib: u32, args: &[&str]) -> Ran {
    let inner = command(args);
    let mut shell = Command::new("bash");
    let limit = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" \"$@\"");
    shell.args(["-c", &limit]).arg(inner.get_program()).args(inner.get_args());
    shell.current_dir(inner.get_current_dir().expect("the repository"));
    ran(shell.output().expect("bash runs"))
}

/// Content of all files below a folder, by path.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("listed").map(|e| e.expect("an entry").path()) {
        if entry.is_dir() {
            all.extend(files(&entry));
        } else {
            let content = fs::read(&entry).expect("it can be read");
            all.insert(entry, content);
        }
    }
    all
}

#[test]
fn a_job_on_a_full_disk_loses_no_alert() {
    for kib in 0..64 {
        let receiver = Receiver::start();
        let metrics = tempfile::tempdir().expect("a folder");
        let path = metrics.path().join("cost.prom");
        let job = Job::new(&format!("{}[metrics]\npath = {path:?}\n", webhook(&receiver.url)));
        let before = files(Path::new(&job.path("")));
        let args = job.args("2026-03-11");
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let run = with_at_most(kib, &args);
        if run.code == 3 {
            assert!(kib > 0, "the limit is never reached");
            assert_eq!(receiver.bodies().len(), 1);
            return;
        }
        assert_eq!(run.code, 1, "{kib} KiB: {}", run.stderr);
        assert!(run.stderr.contains("File too large"), "{kib} KiB: {}", run.stderr);
        // Files are complete or not there.
        let after = files(Path::new(&job.path("")));
        for (path, content) in &after {
            let is_state = path.ends_with("state.json");
            assert!(is_state || before.contains_key(path), "{kib} KiB: {} stays", path.display());
            if is_state {
                serde_json::from_slice::<serde_json::Value>(content).expect("a complete state");
            }
        }
        // The next run reports the alert, and its notice arrives.
        assert_eq!(job.alerts("2026-03-11"), (3, [1, 0, 1]), "{kib} KiB");
        let sent: Vec<String> = receiver.bodies().iter().map(|b| b["id"].to_string()).collect();
        assert!(!sent.is_empty() && sent.iter().all(|id| *id == sent[0]), "{kib} KiB: {sent:?}");
    }
    panic!("no run succeeds");
}

#[test]
fn a_pull_on_a_full_disk_leaves_the_former_estate() {
    let folder = tempfile::tempdir().expect("a folder");
    let estate = folder.path().join("estate");
    let into = estate.to_str().expect("UTF-8");
    let pull = ["pull", "files", SAMPLE, "--into", into];
    assert_eq!(cost(&pull).code, 0);
    let former = files(folder.path());
    let largest = former.values().map(Vec::len).max().expect("files");
    let most = u32::try_from(largest / 1024 + 2).expect("a small bill");
    let mut failed = 0;
    for kib in (0..most).step_by(8).chain([most]) {
        let run = with_at_most(kib, &pull);
        if run.code == 0 {
            continue;
        }
        failed += 1;
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{kib} KiB: {}", run.stderr);
        assert_eq!(run.stderr.lines().count(), 1, "{kib} KiB: {}", run.stderr);
        assert!(run.stderr.contains("File too large"), "{kib} KiB: {}", run.stderr);
        assert_eq!(files(folder.path()), former, "{kib} KiB: the former estate, and nothing else");
    }
    assert!(failed > 0, "the limit is never reached");
    assert_eq!(with_at_most(most, &pull).code, 0, "large enough");
}

#[test]
fn a_decision_on_a_full_disk_leaves_the_former_state() {
    let job = Job::new("");
    assert_eq!(job.alerts("2026-03-11"), (3, [1, 0, 1]));
    let former = files(Path::new(&job.path("")));
    let id = job.ledger()["alerts"][0]["id"].as_str().expect("an id").to_owned();
    let ack = ["anomalies", "ack", &id, "--state", &job.path("state.json"), "--note", "seen"];
    for kib in 0..64 {
        let run = with_at_most(kib, &ack);
        if run.code == 0 {
            assert!(kib > 0, "the limit is never reached");
            assert_eq!(job.ledger()["alerts"][0]["decision"]["note"], "seen");
            return;
        }
        assert_eq!((run.code, run.stderr.lines().count()), (1, 1), "{kib} KiB: {}", run.stderr);
        assert_eq!(files(Path::new(&job.path(""))), former, "{kib} KiB");
    }
    panic!("no run succeeds");
}
