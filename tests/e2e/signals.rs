//! Signals that ask the program to end, also as the first process of a container.

use std::fs;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::jobs::{Answer, Job, Receiver, webhook};
use crate::support::{DEMO, command};

/// Signals, and the exit codes of a shell for them: 128 and their number (signal(7)).
const SIGNALS: [(&str, i32); 3] = [("-HUP", 129), ("-INT", 130), ("-TERM", 143)];

fn send(signal: &str, id: u32) {
    let sent = Command::new("kill").args([signal, &id.to_string()]).status().expect("kill runs");
    assert!(sent.success(), "{signal}");
}

fn start(run: &mut Command) -> Child {
    run.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it runs")
}

/// Child processes of a process.
fn children(of: u32) -> Vec<u32> {
    let ids = fs::read_to_string(format!("/proc/{of}/task/{of}/children")).unwrap_or_default();
    ids.split_whitespace().filter_map(|id| id.parse().ok()).collect()
}

/// Waits until `found` returns something.
fn wait_for<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Exit code as in a shell, and stderr.
fn ended(mut run: Child) -> (i32, String) {
    let mut stderr = String::new();
    run.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("UTF-8");
    let status = run.wait().expect("it ends");
    let signal = status.signal().map(|signal| 128 + signal);
    (status.code().or(signal).unwrap_or_default(), stderr)
}

/// The program as the first process of its own process namespace, as in a container; `None` if
/// this user cannot create one.
fn as_first(args: &[&str]) -> Option<Command> {
    const ALONE: [&str; 5] = ["--user", "--map-root-user", "--pid", "--fork", "--mount-proc"];
    let may = Command::new("unshare").args(ALONE).arg("true").stderr(Stdio::null()).status();
    may.is_ok_and(|status| status.success()).then(|| {
        let mut alone = Command::new("unshare");
        let plain = command(args);
        alone.args(ALONE).arg(plain.get_program()).args(plain.get_args());
        alone.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        alone.current_dir(plain.get_current_dir().expect("a folder"));
        alone
    })
}

#[test]
fn the_first_process_of_a_container_can_be_stopped() {
    for (signal, code) in SIGNALS {
        // Waits for a message that never comes.
        let Some(mut run) = as_first(&["review", "-"]) else { return };
        let run = start(run.stdin(Stdio::piped()));
        let first = wait_for("a process", || children(run.id()).first().copied());
        let status = format!("/proc/{first}/status");
        // Until its handler is there: the mask of signals that are caught is not empty.
        wait_for("a handler", || {
            let status = fs::read_to_string(&status).ok()?;
            let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"))?;
            let mask = u64::from_str_radix(caught.trim(), 16).ok()?;
            (mask & 0x4003 == 0x4003).then_some(())
        });
        send(signal, first);
        assert_eq!(ended(run), (code, String::new()), "{signal}");
    }
}

#[test]
fn the_child_of_the_first_process_ends_too() {
    for (signal, code) in SIGNALS {
        let Some(mut run) = as_first(&["anomalies", DEMO, "--backtest", "2025-11-01..2026-10-01"])
        else {
            return;
        };
        let run = start(&mut run);
        let first = wait_for("a process", || children(run.id()).first().copied());
        let child = wait_for("a child", || children(first).first().copied());
        send(signal, first);
        assert_eq!(ended(run), (code, String::new()), "{signal}");
        wait_for("the end of the child", || {
            (!fs::exists(format!("/proc/{child}")).unwrap_or(true)).then_some(())
        });
    }
}

#[test]
fn a_job_ends_after_the_notice_that_it_sends() {
    let two = [("first", 5, 6), ("second", 5, 6), ("quiet", 0, 0)];
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let receiver = Receiver::start();
        // Each notice takes a quarter of a second.
        receiver.answer(Answer::Slow);
        let job = Job::with(&webhook(&receiver.url), &two);
        let args = job.args("2026-03-08");
        let mut run = command(&args.iter().map(String::as_str).collect::<Vec<_>>());
        let run = start(&mut run);
        wait_for("a notice", || (receiver.begun() > 0).then_some(()));
        send(signal, run.id());
        let (ended_with, stderr) = ended(run);
        assert_eq!((ended_with, stderr.lines().count()), (code, 1), "{stderr}");
        assert!(stderr.starts_with("error: stopped: the next run sends"), "{stderr}");
        assert_eq!(receiver.bodies().len(), 1);
        for left in ["state.json.lock", "state.json.write-lock", "state.json.journal"] {
            assert!(!fs::exists(job.path(left)).expect("known"), "{left}");
        }
        receiver.answer(Answer::Ok);
        let (code, [new, ..]) = job.alerts("2026-03-08");
        assert_eq!((code, new), (3, 2), "the changes were not reported");
        assert_eq!(receiver.bodies().len(), 2, "each notice arrived once");
    }
}

/// A shell without job control starts programs in the background with SIGINT ignored, and `nohup`
/// ignores SIGHUP.
#[test]
fn ignored_signals_stay_ignored() {
    let plain = command(&["review", DEMO]);
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' INT HUP; exec \"$0\" review \"$1\""]);
    shell.arg(plain.get_program()).arg(DEMO);
    shell.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let run = start(shell.current_dir(plain.get_current_dir().expect("a folder")));
    wait_for("a child", || children(run.id()).first().copied());
    send("-INT", run.id());
    send("-HUP", run.id());
    assert_eq!(ended(run).0, 0);
}
