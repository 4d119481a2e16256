//! Files that need more resources than a bill, and the memory budget: each ends with a message, in
//! little memory, and fast.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::{HEADER, ROW, command, cost};

/// Runs `cost ARGS` on a file of these bytes, within the least budget there is.
fn within_least(name: &str, bytes: &[u8]) -> (i32, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("written");
    let ran = cost(&["review", path.to_str().expect("UTF-8"), "--memory", "256MiB"]);
    (ran.code, ran.stdout, ran.stderr)
}

/// Returns a bill that repeats `unit` for a GiB, in some megabytes of gzip; without the header if
/// `header` is false.
fn bomb(unit: &[u8], header: bool) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    if header {
        gz.write_all(format!("{HEADER}\n{ROW}\n").as_bytes()).expect("written");
    }
    let mib = unit.repeat((1 << 20) / unit.len());
    for _ in 0..1024 {
        gz.write_all(&mib).expect("written");
    }
    gz.finish().expect("finished")
}

#[test]
fn few_bytes_that_unpack_to_many_are_refused_soon_and_in_little_memory() {
    for (unit, header, says) in [
        (&b"x"[..], true, "row 2 is longer than 16 MiB"),
        (b"\"", true, "row 2 is longer than 16 MiB"),
        (b"\n", true, "row 2 is longer than 16 MiB, or as many blank lines"),
        (b",", true, "row 2 has more than 20000 cells"),
        (b"x", false, "its header line is longer than 1024 KiB"),
        (b",", false, "its header line is longer than 1024 KiB"),
    ] {
        let bytes = bomb(unit, header);
        let start = Instant::now();
        let (code, stdout, stderr) = within_least("bill.csv.gz", &bytes);
        assert_eq!((code, stdout.as_str()), (1, ""), "{says}: {stderr}");
        assert!(stderr.contains(says) && stderr.contains("bill.csv.gz"), "{stderr}");
        assert!(start.elapsed() < Duration::from_secs(10), "{says}: {:?}", start.elapsed());
    }
}

#[test]
fn rows_of_thousands_of_empty_cells_are_read_in_little_memory() {
    // 20,000 columns and 4,000 rows: 80 MB of text, and 1.3 GB if all of it were held.
    let extra: Vec<String> = (0..19_900).map(|n| format!("x_{n}")).collect();
    let commas = ",".repeat(19_900);
    let text =
        format!("{HEADER},{}\n{}", extra.join(","), format!("{ROW}{commas}\n").repeat(4_000));
    let (code, stdout, stderr) = within_least("bill.csv", text.as_bytes());
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.contains("6,000.00"), "4,000 rows of 1.5: {stdout}");
}

#[test]
fn a_glob_of_many_stars_is_refused() {
    for glob in [
        format!("a{}b", "*".repeat(4_000)),
        format!("a{}b", "*".repeat(100_000)),
        "{a,".repeat(1_300),
    ] {
        let ran = cost(&["review", &glob]);
        assert_eq!((ran.code, ran.stderr.lines().count()), (1, 1), "{}", ran.stderr);
        assert!(
            ran.stderr.contains("nothing matches") || ran.stderr.contains("invalid glob"),
            "{}",
            ran.stderr
        );
        let only = cost(&["review", "datasets/focus", "--only", &glob]);
        assert_eq!((only.code, only.stderr.lines().count()), (1, 1), "{}", only.stderr);
    }
}

/// Charges whose amounts are as large as can be, of several services: their sums fit by the
/// service, and not together.
#[test]
fn sums_beyond_what_is_exact_are_errors_and_no_panics() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bill.csv");
    let largest = "99999999999999999999999999.999999999999";
    let mut text = format!("{HEADER}\n");
    for at in 0..16 {
        let day = 1 + at / 3;
        let sign = if (at / 4) % 2 == 1 { "-" } else { "" };
        let row =
            ROW.replacen("1.5,1.5,1.5,1.5", &vec![format!("{sign}{largest}"); 4].join(","), 1);
        let row = row.replace("2026-01-05", &format!("2026-01-{day:02}"));
        let row = row.replace("2026-01-06", &format!("2026-01-{:02}", day + 1));
        text.push_str(&row.replace(",EC2,", &format!(",service {},", at % 4)));
        text.push('\n');
    }
    // 2^126 units of 10⁻¹² four times: 2^128, of which 128 bits keep nothing.
    let part = "85070591730234615865843651.857942052864";
    let row = ROW.replacen("1.5,1.5,1.5,1.5", &[part; 4].join(","), 1);
    let wraps: Vec<String> =
        (0..4).map(|at| row.replace(",EC2,", &format!(",service {at},"))).collect();
    let wraps = format!("{HEADER}\n{}\n", wraps.join("\n"));
    for bill in [&text, &wraps] {
        refused_as_too_large(&path, bill);
    }
}

fn refused_as_too_large(path: &Path, bill: &str) {
    fs::write(path, bill).expect("written");
    let path = path.to_str().expect("UTF-8");
    for command in ["review", "savings", "anomalies", "commitments"] {
        let ran = cost(&[command, path]);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{command}: {}", ran.stderr);
        assert!(
            ran.stderr.contains("does not fit") || ran.stderr.contains("too large"),
            "{command}: {}",
            ran.stderr
        );
    }
}

/// A bill that takes more than the least budget: every charge is of another resource.
fn large(folder: &Path) -> String {
    let path = folder.join("large.csv");
    let mut out = std::io::BufWriter::new(fs::File::create(&path).expect("created"));
    writeln!(out, "{HEADER},ResourceId").expect("written");
    for at in 0..400_000 {
        writeln!(out, "{ROW},machine-{at}-{}", "x".repeat(80)).expect("written");
    }
    out.flush().expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn more_memory_than_the_budget_ends_in_a_message() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = large(folder.path());
    let ran = cost(&["review", &path, "--memory", "256MiB"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (4, ""), "{}", ran.stderr);
    let last = ran.stderr.lines().last().unwrap_or_default();
    for word in ["error: ", "large.csv", "256 MiB", "--memory", "--only"] {
        assert!(last.contains(word), "{word}: {}", ran.stderr);
    }
    let by_environment =
        command(&["review", &path]).env("COST_MEMORY", "256MiB").output().expect("runs");
    assert_eq!(by_environment.status.code(), Some(4));
    // The message only: neither the line of the runtime nor its backtrace.
    let into = folder.path().join("estate").to_string_lossy().into_owned();
    for args in [&["review", &path][..], &["pull", "files", &path, "--into", &into]] {
        for value in ["0", "1", "full"] {
            let args = [args, &["--memory", "256MiB"]].concat();
            let ran = command(&args).env("RUST_BACKTRACE", value).output().expect("runs");
            let stderr = String::from_utf8_lossy(&ran.stderr);
            assert_eq!((ran.status.code(), stderr.lines().count()), (Some(4), 1), "{stderr}");
            assert!(stderr.starts_with("error: "), "{stderr}");
        }
    }
    let wrong = cost(&["review", &path, "--memory", "much"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("4GiB"), "{}", wrong.stderr);
}

/// What a parent process left in the environment does not make a run a child.
#[test]
fn a_leftover_of_another_run_is_no_parent() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = large(folder.path());
    let mut command = command(&["review", &path, "--memory", "256MiB"]);
    let ran = command.env("COST_CHILD_OF", "1:99999999999999:3:4").output().expect("runs");
    assert_eq!(ran.status.code(), Some(4));
}

/// Signals reach the run, and end all of it.
#[test]
#[cfg(target_os = "linux")]
fn a_run_that_is_ended_ends_with_its_child() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = large(folder.path());
    let send = |signal: &str, id: &str| {
        Command::new("kill").args([signal, id]).status().expect("kill runs")
    };
    for (signal, to_child, code) in [
        ("-TERM", false, None),
        ("-KILL", false, None),
        ("-TERM", true, Some(143)),
        ("-KILL", true, Some(4)),
    ] {
        let mut command = command(&["review", &path]);
        let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("runs");
        let children = format!("/proc/{0}/task/{0}/children", run.id());
        let start = Instant::now();
        let child = loop {
            let ids = fs::read_to_string(&children).unwrap_or_default();
            if let Some(id) = ids.split_whitespace().next() {
                break id.to_owned();
            }
            assert!(start.elapsed() < Duration::from_secs(10), "there is no child");
            std::thread::sleep(Duration::from_millis(1));
        };
        std::thread::sleep(Duration::from_millis(50));
        send(signal, if to_child { child.clone() } else { run.id().to_string() }.as_str());
        assert_eq!(run.wait().expect("ends").code(), code, "{signal} {to_child}");
        let start = Instant::now();
        let of_child = format!("/proc/{child}/stat");
        let runs = || fs::read_to_string(&of_child).is_ok_and(|s| !s.contains(") Z "));
        while runs() {
            assert!(start.elapsed() < Duration::from_secs(5), "the child goes on after {signal}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn days_of_no_bill_are_refused() {
    // A series of days up to them would take all memory there is.
    for (from, to) in [
        ("ChargePeriodStart", "9999-12-31T00:00:00Z"),
        ("BillingPeriodStart", "0001-01-01T00:00:00Z"),
    ] {
        let at = HEADER.split(',').position(|name| name == from).expect("a column");
        let mut cells: Vec<&str> = ROW.split(',').collect();
        cells[at] = to;
        let (code, _, stderr) =
            within_least("bill.csv", format!("{HEADER}\n{ROW}\n{}\n", cells.join(",")).as_bytes());
        assert_eq!(code, 1, "{stderr}");
        for word in ["row 2", from, to, "2000 to 2099"] {
            assert!(stderr.contains(word), "{stderr}");
        }
    }
}
