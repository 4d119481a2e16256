//! AWS through its API: a pull from an emulated organization finds all its data, field by field.

mod faults;
mod log;
mod organization;

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use polars::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

use crate::cur::{independent, nise, of_estate};
use crate::python::{python, script};
use crate::support::{command, cost, root, stdout};

/// A server of `tests/aws`, which ends with the test run.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    /// The emulator.
    fn start() -> Self {
        Self::run("server.py", &[])
    }

    /// `tests/aws/SCRIPT PORT ARGS`.
    fn run(script: &str, args: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|l| l.local_addr())
            .expect("a free port")
            .port();
        let child = python()
            .arg(root().join("tests/aws").join(script))
            .arg(port.to_string())
            .args(args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("python runs");
        let server = Self { child, url: format!("http://127.0.0.1:{port}") };
        for _ in 0..600 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return server;
            }
            sleep(Duration::from_millis(100));
        }
        panic!("{script} does not answer: is moto installed? `tests/run` installs it");
    }

    /// `cost ARGS`, as if the emulator were AWS.
    fn cost(&self, args: &[&str]) -> Command {
        let mut command = command(args);
        self.environment(&mut command);
        command
    }

    fn environment<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("AWS_ENDPOINT_URL", &self.url)
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
        command
    }

    fn json(&self, args: &[&str]) -> Value {
        let args = [args, &["--format", "json"]].concat();
        let output = self.cost(&args).output().expect("the binary runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("stdout is JSON")
    }

    /// What `cost ARGS` would do.
    fn plan(&self, args: &[&str]) -> String {
        let args = [args, &["--dry-run"]].concat();
        let output = self.cost(&args).output().expect("the binary runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const ORGANIZATION: [&str; 4] = ["--accounts", "organization", "--regions", "us-east-1,eu-west-1"];

fn pull<'a>(estate: &'a str, as_of: &'a str) -> Vec<&'a str> {
    let fixed = ["pull", "aws", "--into", estate, "--as-of", as_of, "--months", "2"];
    [&fixed[..], &ORGANIZATION[..]].concat()
}

/// Whether `found` has all that `wanted` has.
fn holds(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => {
            wanted.iter().all(|(k, w)| found.get(k).is_some_and(|f| holds(f, w)))
        }
        _ => found == wanted,
    }
}

/// The inventory of an estate.
fn inventory(estate: &Path) -> Vec<Value> {
    rows(&estate.join("inventory/resources.parquet"))
}

/// Returns the rows of a file, without nulls and with JSON documents parsed.
fn rows(path: &Path) -> Vec<Value> {
    let file = fs::File::open(path).expect("the file is there");
    let frame = ParquetReader::new(file).finish().expect("Parquet");
    let text = |c: &Column| c.cast(&DataType::String).expect("text");
    let columns: Vec<(&Column, Column)> = frame.columns().iter().map(|c| (c, text(c))).collect();
    let cell = |(column, text): &(&Column, Column), row: usize| {
        let text = text.str().ok()?.get(row)?.to_owned();
        Some(match column.dtype() {
            DataType::Int64 | DataType::Float64 => serde_json::from_str(&text).ok()?,
            DataType::Datetime(..) => {
                Value::String(text.replacen(' ', "T", 1).split('.').next()?.to_owned() + "Z")
            }
            _ if text.starts_with('{') => serde_json::from_str(&text).ok()?,
            _ => Value::String(text),
        })
    };
    let row = |row: usize| {
        columns
            .iter()
            .filter_map(|c| Some((c.0.name().to_string(), cell(c, row)?)))
            .collect::<Value>()
    };
    (0..frame.height()).map(row).collect()
}

#[test]
fn a_pull_that_fails_or_is_killed_leaves_the_former_estate() {
    let moto = Server::start();
    script("world.py", &[&moto.url]);
    let folder = TempDir::new().expect("folder");
    let estate = folder.path().join("fernweh");
    let place = estate.to_str().expect("UTF-8");
    moto.json(&pull(place, "2026-11-01"));
    let before = stdout(&["review", place]);
    for delay in [0, 20, 60, 120, 250, 500, 1000] {
        let mut child =
            moto.cost(&pull(place, "2026-11-01")).stdout(Stdio::null()).spawn().expect("runs");
        sleep(Duration::from_millis(delay));
        let _ = child.kill();
        let _ = child.wait();
        assert_eq!(stdout(&["review", place]), before, "killed after {delay} ms");
    }
    // Invalid credentials, and an address without a server.
    let mut without = moto.cost(&pull(place, "2026-11-02"));
    let ran = without
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .output()
        .expect("runs");
    let words = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.code() == Some(1) && words.contains("no valid credentials"), "{words}");
    assert_eq!(stdout(&["review", place]), before);
    moto.json(&pull(place, "2026-11-01"));
    assert_eq!(stdout(&["review", place]), before);
}

#[test]
fn cost_reports_come_from_s3_in_their_newest_version() {
    let moto = Server::start();
    let folder = TempDir::new().expect("folder");
    let (raw, estate) = (folder.path().join("raw"), folder.path().join("estate"));
    fs::create_dir(&raw).expect("folder");
    nise(&raw, "2026-08-01", "2026-09-30", true);
    nise(&raw, "2026-09-01", "2026-09-30", true);
    let bucket = raw.join("bucket");
    script("upload.py", &[&moto.url, bucket.to_str().expect("UTF-8"), "bills"]);
    let place = estate.to_str().expect("UTF-8");
    let args = [
        "pull",
        "aws",
        "--reports",
        "s3://bills/reports",
        "--into",
        place,
        "--as-of",
        "2026-10-01",
    ];
    let args = [&args[..], &["--regions", "us-east-1"]].concat();
    let report = moto.json(&args);
    assert_eq!(of_estate(&estate), independent(&bucket).0);
    let gets = |report: &Value| {
        let all = report["requests"].as_array().expect("requests").clone();
        all.iter()
            .find(|r| r["operation"] == "s3:GetObject")
            .and_then(|r| r["count"].as_u64())
            .unwrap_or(0)
    };
    assert!(gets(&report) > 6, "manifests and files");
    assert_eq!(gets(&moto.json(&args)), 0, "what is there is not fetched again");
    let one = moto.json(&[&args[..], &["--months", "1"]].concat());
    let periods = one["invoices"]
        .as_array()
        .expect("invoices")
        .iter()
        .filter_map(|i| i["billing_period"].as_str());
    assert_eq!(
        periods.collect::<BTreeSet<_>>(),
        BTreeSet::from(["2026-09-01"]),
        "one month was requested"
    );
}

#[test]
fn aws_holds_what_every_provider_must() {
    let moto = Server::start();
    script("world.py", &[&moto.url]);
    // An example of the provider's own, so that it runs as an embedder runs it; tests and examples
    // are built together.
    let tests = std::env::current_exe().expect("a test has a path");
    let example = tests.ancestors().nth(2).expect("target/release").join("examples/conformance");
    let mut command = Command::new(example);
    let output = moto.environment(command.arg("us-east-1")).output().expect("the example is built");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_identity_is_shown_without_secrets() {
    let moto = Server::start();
    let output = moto.cost(&["aws", "whoami", "--regions", "us-east-1"]).output().expect("runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        text.contains("account 123456789012, partition aws") && text.contains("us-east-1"),
        "{text}"
    );
    let redacted =
        moto.cost(&["aws", "whoami", "--regions", "us-east-1", "--redact"]).output().expect("runs");
    let redacted = [redacted.stdout, redacted.stderr].concat();
    let redacted = String::from_utf8(redacted).expect("UTF-8");
    assert!(
        redacted.contains("account ********9012") && !redacted.contains("123456789012"),
        "{redacted}"
    );
    let wrong = moto.cost(&["aws", "whoami", "--regions", "mars-1"]).output().expect("runs");
    let text = String::from_utf8(wrong.stdout).expect("UTF-8");
    assert!(
        wrong.status.code() == Some(3) && text.contains("region mars-1 is not enabled"),
        "{text}"
    );
}

#[test]
fn roles_profiles_partitions_and_permissions_are_those_asked_for() {
    let moto = Server::start();
    script("world.py", &[&moto.url]);
    let folder = TempDir::new().expect("folder");
    let config = folder.path().join("config");
    let keys = "aws_access_key_id = test\naws_secret_access_key = test\nregion = us-east-1";
    let chained = "role_arn = arn:aws:iam::123456789012:role/Guarded\nsource_profile = finance\nexternal_id = 7";
    fs::write(&config, format!("[profile finance]\n{keys}\n[profile chained]\n{chained}\n"))
        .expect("written");
    let whoami = |more: &[&str]| {
        let mut command = moto.cost(&[&["aws", "whoami", "--regions", "us-east-1"], more].concat());
        command
            .env("AWS_CONFIG_FILE", &config)
            .env_remove("AWS_ACCESS_KEY_ID")
            .env_remove("AWS_SECRET_ACCESS_KEY");
        let output = command.output().expect("runs");
        let words = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(words).expect("UTF-8"))
    };
    // One permission is missing, which is named; and the code says that something is.
    let (code, text) = whoami(&["--profile", "finance"]);
    assert!(code == Some(3) && text.contains("user/moto of account 123456789012"), "{text}");
    assert!(
        text.contains("rds:DescribeDBClusters") && !text.contains("ec2:DescribeVolumes"),
        "{text}"
    );
    let (_, text) = whoami(&["--profile", "chained"]);
    assert!(text.contains("assumed-role/Guarded"), "{text}");
    let role = ["--profile", "finance", "--role-arn", "arn:aws:iam::210987654321:role/Guarded"];
    let (_, text) = whoami(&[&role[..], &["--external-id", "7"]].concat());
    assert!(text.contains("assumed-role/Guarded/cost of account 210987654321"), "{text}");
    let (code, text) = whoami(&role);
    assert!(code == Some(1) && text.contains("sts:AssumeRole"), "{text}");

    for (region, partition) in [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")] {
        let mut command = moto.cost(&["aws", "whoami", "--regions", region]);
        let output = command.env("AWS_REGION", region).output().expect("runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(text.contains(&format!("arn:{partition}:")) && text.contains(region), "{text}");
    }
}

#[test]
fn a_folder_that_is_no_estate_is_not_replaced() {
    let folder = TempDir::new().expect("folder");
    let place: PathBuf = folder.path().join("precious");
    fs::create_dir(&place).expect("folder");
    fs::write(place.join("thesis.txt"), "years").expect("written");
    let sample = root().join("datasets/focus/focus_sample_1000.csv");
    let args = [
        "pull",
        "files",
        sample.to_str().expect("UTF-8"),
        "--into",
        place.to_str().expect("UTF-8"),
    ];
    let ran = cost(&args);
    assert!(ran.code == 1 && ran.stderr.contains("is not an estate"), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(place.join("thesis.txt")).expect("still there"), "years");
}
