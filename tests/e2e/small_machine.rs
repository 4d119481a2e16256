//! Settings of threads, and logs when memory runs out. Limits of the system: `hostile/memory.rs`.

use std::fs;
use std::io::Write;

use crate::support::{DEMO, HEADER, ROW, command};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
#[cfg(target_os = "linux")]
fn a_number_of_threads_that_is_none_is_ignored_in_words() {
    let ran = command(&["review", DEMO]).env("POLARS_MAX_THREADS", "0").output().expect("runs");
    let stderr = text(&ran.stderr);
    assert_eq!((ran.status.code(), stderr.lines().count()), (Some(0), 1), "{stderr}");
    assert!(stderr.contains("POLARS_MAX_THREADS is `0`"), "{stderr}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_log_in_json_has_no_other_line_when_memory_runs_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.csv");
    let mut out = std::io::BufWriter::new(fs::File::create(&path).expect("created"));
    writeln!(out, "{HEADER},ResourceId").expect("written");
    for at in 0..400_000 {
        writeln!(out, "{ROW},machine-{at}-{}", "x".repeat(80)).expect("written");
    }
    out.flush().expect("written");
    let path = path.to_str().expect("UTF-8");
    let args = ["review", path, "--memory", "256MiB", "--log-format", "json"];
    let ran = command(&args).env("RUST_BACKTRACE", "1").output().expect("runs");
    let stderr = text(&ran.stderr);
    assert_eq!(ran.status.code(), Some(4), "{stderr}");
    let events = crate::log::events(&stderr);
    assert!(events.iter().any(|e| e["level"] == "ERROR"), "{stderr}");
}
