//! Little memory, few threads, and few files: the program works, or says what to raise.

use std::fs;
use std::io::Write;
use std::process::Output;

use crate::support::{DEMO, HEADER, ROW, command, stdout};

/// `cost ARGS` after `ulimit LIMIT`.
fn limited(limit: &str, args: &[&str]) -> Output {
    let program = command(&[]).get_program().to_owned();
    let mut shell = std::process::Command::new("sh");
    shell.arg("-c").arg(format!("ulimit {limit} && exec \"$@\"")).arg("sh").arg(program);
    let plain = command(&[]);
    shell.env("RUST_BACKTRACE", "1");
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let folder = plain.get_current_dir().expect("a folder").to_owned();
    shell.args(args).current_dir(folder).output().expect("sh runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
#[cfg(target_os = "linux")]
fn a_review_of_the_demo_needs_few_addresses() {
    let whole = stdout(&["review", DEMO]);
    // In KiB: 2 GiB, 1 GiB, and 512 MiB.
    for kib in [2_097_152, 1_048_576, 524_288] {
        let ran = limited(&format!("-v {kib}"), &["review", DEMO]);
        assert_eq!(ran.status.code(), Some(0), "{kib}: {}", text(&ran.stderr));
        assert_eq!(text(&ran.stdout), whole, "{kib}");
    }
    let ran = limited("-v 160000", &["review", DEMO]);
    assert_eq!(ran.status.code(), Some(4), "{}", text(&ran.stderr));
    let stderr = text(&ran.stderr);
    assert!(stderr.starts_with("error: ") && stderr.lines().count() == 1, "{stderr}");
}

#[test]
#[cfg(target_os = "linux")]
fn few_open_files_are_refused_in_words() {
    let ran = limited("-n 8", &["review", DEMO]);
    let stderr = text(&ran.stderr);
    assert_eq!((ran.status.code(), stderr.lines().count()), (Some(1), 1), "{stderr}");
    assert!(stderr.contains("8 open files") && stderr.contains("ulimit -n"), "{stderr}");
    assert_eq!(limited("-n 32", &["review", DEMO]).status.code(), Some(0));
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
