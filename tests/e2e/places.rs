//! Files that are no files, links, modes, locks, and outputs that cannot be written: only regular
//! files are read, only own files are changed, and only their owner can read them.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use std::collections::BTreeSet;

use cost_core::focus::{Origin, Part};
use cost_core::inventory::{Kind, Resource};
use cost_core::table::{Table, frame_of};
use cost_provider_api::{Capability, Gap, Known, Provider, ProviderError, Pulled, Pulling, Steps};
use cost_providers::Label;
use polars::prelude::DataFrame;
use tempfile::TempDir;

use crate::support::{HEADER, Ran, SAMPLE, command, cost, json, stdout};

/// A folder, and the paths of files in it.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    /// Names in the folder, also hidden ones.
    fn names(&self) -> Vec<String> {
        let all = fs::read_dir(self.0.path()).expect("listed");
        let mut names: Vec<String> =
            all.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

/// A run that is ended after 20 seconds, with exit code 124.
fn limited(args: &[&str]) -> Ran {
    let inner = command(args);
    let mut outer = Command::new("timeout");
    outer.arg("20").arg(inner.get_program()).args(inner.get_args());
    outer.current_dir(inner.get_current_dir().expect("the repository"));
    let output = outer.output().expect("it runs");
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
}

fn pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().expect("mkfifo");
    assert!(made.success());
}

/// An estate from a small bill.
fn estate(place: &Place, name: &str) -> String {
    let into = place.text(name);
    stdout(&["pull", "files", SAMPLE, "--into", &into, "--as-of", "2024-11-01"]);
    into
}

#[test]
fn what_is_no_regular_file_is_named_wherever_a_file_is_expected() {
    let place = Place::new();
    pipe(&place.path("a-pipe"));
    symlink("a-pipe", place.path("a-link")).expect("linked");
    let _socket = UnixListener::bind(place.path("a-socket")).expect("bound");
    fs::create_dir(place.path("a-folder")).expect("created");
    let mut failures = Vec::new();
    let special = ["a-pipe", "a-link", "a-socket", "a-folder"].map(|name| place.text(name));
    for path in special.iter().map(String::as_str).chain(["/dev/zero", "/dev/full"]) {
        let into = place.text("estate");
        let uses: [&[&str]; 8] = [
            &["review", path],
            &["pull", "files", path, "--into", &into],
            &["review", SAMPLE, "--config", path],
            &["review", SAMPLE, "--decisions", path],
            &["anomalies", SAMPLE, "--state", path],
            &["anomalies", "ack", "an-1", "--state", path],
            &["savings", "accept", "x", "--decisions", path],
            &["review", SAMPLE, "--report-currency", "EUR", "--rates", path],
        ];
        for args in uses {
            let ran = limited(args);
            let lines = ran.stderr.lines().count();
            let is_right = ran.code == 1 && lines == 1 && ran.stderr.contains(path);
            if !is_right {
                failures.push(format!("{args:?}: {} {}", ran.code, ran.stderr));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(place.names(), ["a-folder", "a-link", "a-pipe", "a-socket"], "nothing is left");
}

#[test]
fn a_pipe_in_an_estate_or_among_bills_blocks_nothing() {
    let place = Place::new();
    for file in ["estate.json", "chunks.json", "prices/list.parquet"] {
        let root = estate(&place, &file.replace('/', "-"));
        let path = Path::new(&root).join(file);
        let _ = fs::remove_file(&path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        pipe(&path);
        let ran = limited(&["review", &root]);
        // Without the list, the files of the bill are compared.
        let code = i32::from(file != "chunks.json");
        assert_eq!(ran.code, code, "{file}: {}", ran.stderr);
        assert!(code == 0 || ran.stderr.contains(file), "{}", ran.stderr);
        // A pull replaces its own files, but not an estate that it cannot identify.
        let ran = limited(&["pull", "files", SAMPLE, "--into", &root]);
        assert_eq!(ran.code, i32::from(file == "estate.json"), "{file}: {}", ran.stderr);
    }
    fs::create_dir(place.path("bills")).expect("created");
    fs::copy(crate::support::root().join(SAMPLE), place.path("bills/a.csv")).expect("copied");
    pipe(&place.path("bills/b.csv"));
    let ran = limited(&["review", &place.text("bills"), "--format", "json"]);
    assert!(ran.code == 0 && ran.stdout.contains("only regular files can be read"), "{ran:?}");
}

#[test]
fn an_output_that_cannot_be_written_is_one_line_and_exit_code_1() {
    let runs: [&[&str]; 9] = [
        &["--help"],
        &["--version"],
        &["help", "review"],
        &["review", "--help"],
        &["review", SAMPLE],
        &["checks"],
        &["man"],
        &["completions", "bash"],
        &["schema"],
    ];
    for args in runs {
        let full = fs::File::options().write(true).open("/dev/full").expect("the device");
        let output = command(args).stdout(full).output().expect("it runs");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{args:?}: {stderr}");
        assert!(stderr.contains("cannot write to stdout"), "{args:?}: {stderr}");
    }
}

#[test]
fn a_bill_is_read_from_stdin() {
    let bill = fs::read(crate::support::root().join(SAMPLE)).expect("the sample");
    let of_file = json(&["review", SAMPLE]);
    for name in ["-", "/dev/stdin"] {
        let mut child = command(&["review", name, "--format", "json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut input = child.stdin.take().expect("a pipe");
        input.write_all(&bill).expect("it is read");
        drop(input);
        let output = child.wait_with_output().expect("it ends");
        let review: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(review["totals"], of_file["totals"], "{name}");
    }
    let input = fs::File::open(crate::support::root().join(SAMPLE)).expect("the sample");
    let output = command(&["validate", "-"]).stdin(input).output().expect("it runs");
    assert_eq!(output.status.code(), Some(cost(&["validate", SAMPLE]).code));
}

#[test]
fn new_files_are_private_whatever_the_umask_and_former_ones_keep_their_mode() {
    let place = Place::new();
    let shell = |line: &str| {
        let inner = command(&[]);
        let mut outer = Command::new("sh");
        outer.args(["-c", &format!("umask 0; exec \"$0\" {line}")]).arg(inner.get_program());
        let output = outer.current_dir(crate::support::root()).output().expect("it runs");
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let at = |name: &str| place.path(name);
    fs::write(at("cost.toml"), format!("[metrics]\npath = \"{}\"\n", place.text("cost.prom")))
        .expect("written");
    let (estate, config) = (place.text("estate"), place.text("cost.toml"));
    let (alerts, decisions) = (place.text("alerts.json"), place.text("decisions.json"));
    let all = [
        format!("pull files {SAMPLE} --into {estate}"),
        format!("anomalies {estate} --state {alerts} --config {config}"),
        format!("savings {estate} --decisions {decisions}"),
    ];
    for line in &all {
        shell(line);
    }
    for file in ["alerts.json", "cost.prom", "estate/estate.json", "estate/chunks.json"] {
        assert_eq!(mode(&at(file)), 0o600, "{file}");
    }
    for folder in ["estate", "estate/billing"] {
        assert_eq!(mode(&at(folder)), 0o700, "{folder}");
    }
    for (name, kept) in [
        ("alerts.json", 0o640),
        ("cost.prom", 0o644),
        ("estate", 0o750),
        ("estate/estate.json", 0o640),
    ] {
        set_mode(&at(name), kept);
    }
    for line in &all {
        shell(line);
    }
    for (name, kept) in [
        ("alerts.json", 0o640),
        ("cost.prom", 0o644),
        ("estate", 0o750),
        ("estate/billing", 0o750),
        ("estate/estate.json", 0o640),
        ("estate/chunks.json", 0o640),
    ] {
        assert_eq!(mode(&at(name)), kept, "{name}");
    }
    let left: Vec<String> =
        place.names().into_iter().filter(|n| n.contains("lock") || n.contains("writing")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_pull_replaces_only_its_own_files() {
    let place = Place::new();
    let root = estate(&place, "estate");
    let at = |name: &str| Path::new(&root).join(name);
    let own = ["alerts.json", ".git/HEAD", "inventory/notes.md", "billing/notes.txt"];
    for name in own {
        fs::create_dir_all(at(name).parent().expect("a folder")).expect("created");
        fs::write(at(name), name).expect("written");
    }
    let before = fs::read_to_string(at("estate.json")).expect("read");
    symlink("estate", place.path("link")).expect("linked");
    for into in [root.as_str(), &place.text("link")] {
        stdout(&["pull", "files", SAMPLE, "--into", into, "--as-of", "2024-12-01"]);
        for name in own {
            assert_eq!(fs::read_to_string(at(name)).ok().as_deref(), Some(name), "{name}");
        }
        assert_ne!(fs::read_to_string(at("estate.json")).expect("read"), before);
        assert_eq!(place.names(), ["estate", "link"]);
        assert!(place.path("link").is_symlink());
    }
    // The name of a file that the next pull writes.
    let mut all = fs::read_dir(at("billing")).expect("listed").map(|e| e.expect("an entry").path());
    let period = all.find(|p| p.is_dir()).expect("a billing period");
    fs::remove_file(at("chunks.json")).expect("removed");
    fs::write(at("chunks.json"), "[]").expect("written");
    let ran = cost(&["pull", "files", SAMPLE, "--into", &root]);
    assert!(ran.code == 1 && ran.stderr.contains("is not from a pull"), "{ran:?}");
    assert!(period.exists() && at(".git/HEAD").exists(), "everything is as before");
}

#[test]
fn a_linked_state_stays_linked_and_an_unsafe_folder_is_refused() {
    let place = Place::new();
    for folder in ["a", "real", "open"] {
        fs::create_dir(place.path(folder)).expect("created");
    }
    symlink("../real/s.json", place.path("a/s.json")).expect("linked");
    for _ in 0..2 {
        stdout(&["anomalies", SAMPLE, "--state", &place.text("a/s.json")]);
        assert!(place.path("a/s.json").is_symlink() && place.path("real/s.json").is_file());
    }
    set_mode(&place.path("open"), 0o777);
    let (state, into) = (place.text("open/s.json"), place.text("open/estate"));
    for args in [
        &["anomalies", SAMPLE, "--state", &state][..],
        &["savings", SAMPLE, "--decisions", &state],
        &["pull", "files", SAMPLE, "--into", &into],
    ] {
        let ran = cost(args);
        assert!(ran.code == 1 && ran.stderr.contains("chmod o-w"), "{args:?}: {ran:?}");
    }
    assert_eq!(fs::read_dir(place.path("open")).expect("listed").count(), 0);
    set_mode(&place.path("open"), 0o1777);
    stdout(&["anomalies", SAMPLE, "--state", &state]);
    assert_eq!(mode(&place.path("open/s.json")), 0o600);
}

#[test]
fn reading_takes_no_lock() {
    let place = Place::new();
    let (alerts, decisions) = (place.text("alerts.json"), place.text("decisions.json"));
    stdout(&["savings", "datasets/demo", "--decisions", &decisions]);
    // Locks cannot be taken where a folder has their names, as on a file system without writing.
    for name in ["alerts.json", "decisions.json"] {
        for ending in [".lock", ".write-lock"] {
            fs::create_dir(place.path(&format!("{name}{ending}"))).expect("created");
        }
    }
    stdout(&["review", "datasets/demo", "--decisions", &decisions]);
    let ran = cost(&["explain", "an-1", "datasets/demo", "--state", &alerts]);
    assert!(ran.stderr.contains("has no opportunity"), "{}", ran.stderr);
}

#[test]
fn a_decision_does_not_wait_for_a_receiver_that_never_answers_and_is_not_lost() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let place = Place::new();
    let mut bill = format!("{HEADER}\n");
    let first = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
    for (number, day) in first.iter_days().take(75).enumerate() {
        let cost = if number >= 68 { 900 } else { 100 };
        let next = day + chrono::Days::new(1);
        bill.push_str(&format!(
            "{cost},{cost},{cost},{cost},{cost},Units,{},2026-12-01T00:00:00Z,{day}T00:00:00Z,\
             {next}T00:00:00Z,USD,Usage,,b,AWS,EC2,AWS,a1,us-east-1,\n",
            day.format("%Y-%m-01T00:00:00Z")
        ));
    }
    fs::write(place.path("bill.csv"), bill).expect("written");
    let config = "[[notify]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"env:COST_TEST_URL\"\n\
                  secret = \"env:COST_TEST_KEY\"\n";
    fs::write(place.path("cost.toml"), config).expect("written");
    let state = place.text("state.json");
    let mut job = command(&["anomalies", &place.text("bill.csv"), "--state", &state, "--config"])
        .arg(place.path("cost.toml"))
        .env("COST_TEST_URL", format!("http://{address}/"))
        .env("COST_TEST_KEY", "0123456789abcdef0123456789abcdef")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    // The notice arrives, and is not answered.
    let (connection, _) = listener.accept().expect("a notice");
    let ledger: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&state).expect("saved before")).expect("JSON");
    let id = ledger["alerts"][0]["id"].as_str().expect("an alert").to_owned();
    let start = Instant::now();
    stdout(&["anomalies", "ack", &id, "--state", &state, "--note", "mine"]);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert!(job.try_wait().expect("it is ours").is_none(), "the job still waits");
    // From now on, connections are refused, so that the job records the failure and ends.
    drop(listener);
    drop(connection);
    job.wait().expect("it ends");
    let ledger: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&state).expect("read")).expect("JSON");
    let alert = &ledger["alerts"][0];
    assert_eq!(alert["decision"]["note"], "mine", "{alert}");
    assert_eq!(alert["outbox"][0]["attempts"], 1, "{alert}");
    assert!(!place.names().iter().any(|n| n.contains("lock")), "{:?}", place.names());
}

/// A provider with the example bill and a number of volumes, some of which it may not get.
struct Small {
    volumes: usize,
    fails: bool,
}

impl Provider for Small {
    fn name(&self) -> &'static str {
        "small"
    }

    fn describe(&self) -> String {
        "the example".to_owned()
    }

    fn capabilities(&self) -> BTreeSet<Capability> {
        [Capability::Billing, Capability::Inventory].into()
    }

    fn bill<'a>(&'a self, _: &'a Steps) -> Pulling<'a, Vec<Part>> {
        Box::pin(async {
            let charges = cost_core::example::charges().expect("charges");
            Ok(Pulled::complete(vec![Part::from(Origin::of_frame("the example", charges)?)]))
        })
    }

    fn table<'a>(
        &'a self,
        _: &'static Table,
        _: &'a Known,
        _: &'a Steps,
    ) -> Pulling<'a, DataFrame> {
        Box::pin(async move {
            let volume = |number: usize| Resource {
                resource_id: format!("vol-{number}"),
                kind: Kind::Volume,
                ..Resource::default()
            };
            let volumes: Vec<Resource> = (0..self.volumes).map(volume).collect();
            let error = ProviderError::unreadable("the region", "it did not answer");
            let gaps = if self.fails { vec![Gap::failed("volumes", error)] } else { Vec::new() };
            Ok(Pulled::partly(frame_of(&volumes).expect("a frame"), gaps))
        })
    }
}

#[test]
fn a_partial_pull_replaces_no_estate_that_has_more() {
    let place = Place::new();
    let into = place.path("estate");
    let runtime = tokio::runtime::Builder::new_multi_thread().build().expect("a runtime");
    let pull = |volumes, fails, allow_partial| {
        let as_of = "2026-11-01".parse().expect("a day");
        let label = Label { name: None, as_of, tag_keys: Vec::new(), allow_partial };
        let provider = Small { volumes, fails };
        runtime.block_on(cost_providers::pull(&provider, &into, &label)).map(|_| ())
    };
    let rows = || {
        let estate = cost_core::estate::Estate::open(&into.to_string_lossy()).expect("an estate");
        estate.inventory.expect("an inventory").len()
    };
    pull(3, false, false).expect("the first one");
    let error = pull(1, true, false).expect_err("it has less").to_string();
    assert!(error.contains("1 of 3 rows") && error.contains("--allow-partial"), "{error}");
    assert_eq!(rows(), 3, "the former estate stays");
    pull(3, true, false).expect("as much as before");
    pull(2, true, false).expect("the gap is not new");
    assert_eq!(rows(), 2);
    pull(2, false, false).expect("complete");
    pull(1, false, false).expect("complete, with fewer volumes");
    pull(0, true, true).expect("it is allowed");
    assert_eq!(rows(), 0);
}
