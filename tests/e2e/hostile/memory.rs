//! Little memory, few threads, and few files: a command works, with the same output as ever, or one
//! error says what to raise. It never faults, and never hangs.

use std::sync::{Arc, OnceLock};

use super::case::{Case, Ending, Kind, case};
use crate::jobs;
use crate::support::{DEMO, SAMPLE, cost};

/// Addresses in KiB (`ulimit -v`), from below what a review needs to more than is needed. Below 160
/// MB, the system or the runtime can end the program before it says why (ADR 0044).
const ADDRESSES: [u32; 13] = [
    162_000, 164_000, 166_000, 168_000, 170_000, 175_000, 180_000, 200_000, 230_000, 262_144,
    524_288, 1_048_576, 2_097_152,
];
/// From here on, each of the commands works.
const ENOUGH: u32 = 262_144;

/// Commands that need little, and those that read a bill or an estate.
const COMMANDS: [&[&str]; 9] = [
    &["--version"],
    &["checks"],
    &["review", DEMO],
    &["review", SAMPLE, "--format", "json"],
    &["savings", DEMO, "--format", "csv"],
    &["validate", SAMPLE],
    &["explain", "an-1", SAMPLE],
    &["anomalies", "{}/bill.csv", "--state", "{}/state.json", "--format", "json"],
    &["pull", "files", SAMPLE, "--into", "{}/estate", "--as-of", "2024-12-01"],
];

/// Other limits: open files, size of the stack in KiB, private memory in KiB, and locked memory.
const OTHERS: [(&str, bool); 8] = [
    ("-n 8", false),
    ("-n 16", false),
    ("-n 32", true),
    ("-s 256", true),
    ("-s 8192", true),
    ("-d 20000", false),
    ("-d 400000", true),
    ("-l 0", true),
];

/// A command under a limit. What it shows without one is computed once.
fn row(
    limit: &str,
    args: &'static [&'static str],
    works: bool,
    plain: &Arc<OnceLock<String>>,
) -> Case {
    let is_pure = !args.iter().any(|a| a.contains("{}"));
    let codes: &[i32] = if works { &[0, 3] } else { &[0, 1, 3, 4] };
    // An alert that does not exist is an error in any case.
    let codes = if args[0] == "explain" && works { &[1] } else { codes };
    let plain = Arc::clone(plain);
    let row = case(Kind::Memory, &format!("ulimit {limit}: {}", args.join(" ")), args, codes)
        .ulimit(limit)
        .ending(Ending::LastLine)
        .file("bill.csv", jobs::bill(&[("spike", 20, 22), ("quiet", 0, 0)]));
    let row = if limit == "-n 8" { row.shows("8 open files").shows("ulimit -n") } else { row };
    row.then(move |scene, ran| {
        if !is_pure && [1, 4].contains(&ran.code) && scene.path().join("estate").exists() {
            return Err("half an estate".to_owned());
        }
        let works = ran.code == 0 || ran.code == 3;
        if is_pure && works && ran.stdout != *plain.get_or_init(|| cost(args).stdout) {
            return Err(format!("another output: {}", ran.stdout));
        }
        Ok(())
    })
}

pub(super) fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for args in COMMANDS {
        let plain = Arc::default();
        for kib in ADDRESSES {
            let works = kib >= ENOUGH || args == ["--version"];
            all.push(row(&format!("-v {kib}"), args, works, &plain));
        }
    }
    for args in [COMMANDS[2], COMMANDS[7], COMMANDS[8]] {
        let plain = Arc::default();
        for (limit, works) in OTHERS {
            all.push(row(limit, args, works, &plain));
        }
    }
    all
}
