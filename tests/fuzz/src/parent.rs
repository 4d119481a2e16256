//! Parent of the workers: gives each its share of the cases, and reports disallowed results.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::asked::Asked;
use crate::pack::Result;

/// Timeout of a case. The slowest ones decompress 256 MiB.
const HANG: Duration = Duration::from_secs(30);
/// Maximum number of findings before the run ends.
const ENOUGH: usize = 40;

const ABORT: &str = "an abort";

/// Report of a worker.
enum Report {
    Case { number: u64, kind: String, how: String },
    Done(String),
    Found(String),
}

/// Cases by kind and outcome.
type Counts = BTreeMap<(String, String), u64>;

/// Runs cases until the time is over, or all are finished.
pub(crate) fn run(asked: &Asked) -> Result<ExitCode> {
    let until = Instant::now() + Duration::from_secs(asked.seconds);
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let (send, found) = channel();
    let threads: Vec<_> = (0..workers)
        .map(|worker| {
            let (mut asked, send) = (asked.clone(), send.clone());
            asked.from = u64::try_from(worker).unwrap_or(0);
            asked.step = u64::try_from(workers).unwrap_or(1);
            thread::spawn(move || share(asked, until, &send).map_err(|e| e.to_string()))
        })
        .collect();
    drop(send);
    let mut findings = 0;
    for finding in found {
        println!("{finding}");
        findings += 1;
    }
    let mut counts = Counts::new();
    for thread in threads {
        for (key, count) in thread.join().map_err(|_| "a thread broke off")?? {
            *counts.entry(key).or_default() += count;
        }
    }
    for ((kind, outcome), count) in &counts {
        println!("{kind:10} {outcome:10} {count:8}");
    }
    println!("{} cases, {findings} findings, seed {}", counts.values().sum::<u64>(), asked.seed);
    Ok(if findings == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs the share of one worker; a worker that ends is replaced.
fn share(mut asked: Asked, until: Instant, found: &Sender<String>) -> Result<Counts> {
    let mut counts = Counts::new();
    let mut findings = 0;
    while Instant::now() < until && asked.from < asked.cases && findings < ENOUGH {
        let (mut child, reports, stderr) = worker(&asked)?;
        let mut running: Option<(u64, String, String)> = None;
        let ended = loop {
            if Instant::now() >= until {
                break None;
            }
            match reports.recv_timeout(HANG) {
                Ok(Report::Case { number, kind, how }) => running = Some((number, kind, how)),
                Ok(Report::Done(outcome)) => {
                    if let Some((number, kind, _)) = running.take() {
                        asked.from = number + asked.step;
                        *counts.entry((kind, outcome)).or_default() += 1;
                    }
                }
                Ok(Report::Found(problem)) => break Some(problem),
                Err(RecvTimeoutError::Timeout) => break Some("a hang".to_owned()),
                Err(RecvTimeoutError::Disconnected) => {
                    break running.is_some().then(|| ABORT.to_owned());
                }
            }
        };
        // It may have exited already.
        let _ = child.kill();
        let status = child.wait()?;
        let stderr = stderr.join().unwrap_or_default();
        match (ended, running) {
            (Some(problem), Some((number, kind, how))) => {
                let last = stderr.lines().next_back().unwrap_or_default();
                let end =
                    if problem == ABORT { format!(" ({status}: {last})") } else { String::new() };
                let again = format!("--seed {} --case {number} --kind {kind}", asked.seed);
                found.send(format!("FOUND {problem}{end}\n      {how}\n      {again}"))?;
                findings += 1;
                *counts.entry((kind, "FOUND".to_owned())).or_default() += 1;
                asked.from = number + asked.step;
            }
            (None, None) if !status.success() && Instant::now() < until => {
                return Err(
                    format!("a worker ended with {status} outside of a case: {stderr}").into()
                );
            }
            _ => {}
        }
    }
    Ok(counts)
}

/// Starts a worker, with its reports and its stderr.
fn worker(asked: &Asked) -> Result<(Child, Receiver<Report>, JoinHandle<String>)> {
    let mut command = Command::new(std::env::current_exe()?);
    let number = |n: u64| n.to_string();
    command.args(["--seed", &number(asked.seed), "--cases", &number(asked.cases)]);
    command.args(["--worker", &number(asked.from), &number(asked.step)]);
    if let Some(kind) = asked.kind {
        command.args(["--kind", kind.as_str()]);
    }
    // One thread each, because there is one worker per processor.
    command.env("POLARS_MAX_THREADS", "1").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let out = child.stdout.take().ok_or("no output of the worker")?;
    let mut err = child.stderr.take().ok_or("no messages of the worker")?;
    let stderr = thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before it broke off is what there is.
        let _ = err.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let (send, reports) = channel();
    thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(std::result::Result::ok) {
            let mut parts = line.splitn(4, '\t').map(str::to_owned);
            let (what, first) =
                (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let one = match what.as_str() {
                "case" => Report::Case {
                    number: first.parse().unwrap_or(0),
                    kind: parts.next().unwrap_or_default(),
                    how: parts.next().unwrap_or_default(),
                },
                "done" => Report::Done(first),
                _ => Report::Found(first),
            };
            if send.send(one).is_err() {
                return;
            }
        }
    });
    Ok((child, reports, stderr))
}
