//! AWS, or what takes its place, as a hostile server. Every call ends within its limits, in words,
//! and without much memory.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
#[cfg(target_os = "linux")]
use std::time::Instant;

use super::case::{Case, Kind, case};
use super::server::{Manner, Server, Spec};
use crate::support::{HEADER, ROW, command, ran};

/// Limits of calls for these tests: short, so that the tests are fast.
const LIMITS: [&str; 14] = [
    "--connect-timeout",
    "1",
    "--idle-timeout",
    "1",
    "--call-timeout",
    "2",
    "--service-timeout",
    "3",
    "--pull-timeout",
    "12",
    "--attempts",
    "2",
    "--max-answer",
    "4",
];

/// Credentials, and no others.
const ENVIRONMENT: [(&str, &str); 6] = [
    ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "SECRETLEAK"),
    ("AWS_REGION", "eu-west-1"),
    ("AWS_EC2_METADATA_DISABLED", "true"),
    ("AWS_CONFIG_FILE", "/dev/null"),
    ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
];

/// `cost ARGS` with credentials for the server at this port, and no others.
pub(crate) fn aws(port: u16, args: &[&str]) -> Command {
    let mut command = command(args);
    command
        .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}"))
        .envs(ENVIRONMENT)
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_SESSION_TOKEN");
    command
}

/// Manners of the server, each with words of the error. Unless a limit ends the call first, one of
/// the texts is shown.
const MANNERS: [(Manner, &[&str]); 25] = [
    (Manner::Silent, &[LATE]),
    (Manner::Trickle, &[LATE]),
    (Manner::Flood, &["larger than 4 MiB"]),
    (Manner::Endless, &["larger than 4 MiB"]),
    (Manner::Garbage, &["invalid HTTP version"]),
    (Manner::Short, &["end of file"]),
    (Manner::Throttling, &["Throttling"]),
    (Manner::Unavailable, &["answered 503"]),
    (Manner::Html, &["answered 200"]),
    (Manner::Redirect, &["a redirect"]),
    (Manner::Cut, &["unavailable", "connection closed"]),
    (Manner::CutHead, &["connection closed"]),
    (Manner::Empty, &["answered 200"]),
    (Manner::Json, &["answered 200"]),
    (Manner::Deep, &["answered 200"]),
    (Manner::Entities, &["answered 200"]),
    (Manner::Headers, &[""]),
    (Manner::Continues, &[""]),
    (Manner::Chunk, &[""]),
    (Manner::Denied, &["AccessDenied"]),
    (Manner::Status(404), &["answered 404"]),
    (Manner::Status(500), &["answered 500"]),
    (Manner::Status(999), &["answered 999"]),
    (Manner::Says("HTTP/1.1 200"), &["connection closed"]),
    (Manner::Says("HTTP/9.9 200 OK\r\n\r\n"), &["invalid HTTP version"]),
];

/// Words of a call that took longer than its service may.
const LATE: &str = "no usable answer for 3 s, the limit of a service";
/// Addresses of the program under attack, in KiB: 2 GiB. An answer of 5 GB is not held in memory.
const ADDRESSES: &str = "-v 2097152";

/// A command with credentials for the server, and no others.
fn row(name: &str, args: &[&str], codes: &[i32], spec: Spec) -> Case {
    let row = case(Kind::Servers, name, args, codes)
        .file("bill.csv", format!("{HEADER}\n{ROW}\n"))
        .server(spec)
        .ulimit(ADDRESSES)
        .hides("SECRETLEAK")
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:{port}");
    ENVIRONMENT.iter().fold(row, |row, (name, value)| row.env(name, value))
}

pub(super) fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    let whoami = [&["aws", "whoami"], &LIMITS[..]].concat();
    for (manner, words) in MANNERS {
        let name = format!("whoami: {manner:?}");
        let row = row(&name, &whoami, &[1], Spec::Http(manner));
        all.push(row.then(move |_, ran| {
            let is_said = |word: &str| ran.stderr.contains(word);
            if words.iter().any(|w| is_said(w)) || is_said(LATE) {
                return Ok(());
            }
            Err(format!("does not show {words:?}"))
        }));
    }
    // A pull whose services all fail has the bill, and says what it lacks.
    let pull = ["pull", "aws", "--into", "{}/estate", "--reports", "{}/bill.csv"];
    let pull = [&pull[..], &LIMITS[..]].concat();
    // A connection that is always cut does not even say whose account it is.
    for (manner, _) in MANNERS.into_iter().filter(|(manner, _)| *manner != Manner::Cut) {
        let row = row(&format!("pull: {manner:?}"), &pull, &[0], Spec::Aws(manner));
        all.push(row.shows("PARTIAL").then(|scene, _| {
            let is_there = scene.path().join("estate/estate.json").is_file()
                && !scene.path().join(".estate.writing").exists();
            is_there.then_some(()).ok_or_else(|| "not an estate".to_owned())
        }));
        let strict = [&pull[..], &["--strict"]].concat();
        if [Manner::Denied, Manner::Html, Manner::Unavailable].contains(&manner) {
            let name = format!("strict pull: {manner:?}");
            all.push(self::row(&name, &strict, &[3], Spec::Aws(manner)).shows("PARTIAL"));
        }
    }
    all.extend(credentials());
    all.extend(encryption());
    all
}

/// Servers of credentials: of a container, and of a machine. They are asked before anything else.
fn credentials() -> Vec<Case> {
    let whoami = [&["aws", "whoami"], &LIMITS[..]].concat();
    let mut all = Vec::new();
    for manner in [
        Manner::Silent,
        Manner::Trickle,
        Manner::Flood,
        Manner::Endless,
        Manner::Garbage,
        Manner::Cut,
        Manner::Html,
        Manner::Json,
        Manner::Redirect,
        Manner::Headers,
        Manner::Status(403),
        Manner::Status(500),
    ] {
        for (name, variable, value) in [
            (
                "container",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "http://127.0.0.1:{port}/SECRETLEAK",
            ),
            ("machine", "AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:{port}"),
        ] {
            let row = row(&format!("{name}: {manner:?}"), &whoami, &[1], Spec::Http(manner));
            let row = row.env("AWS_ACCESS_KEY_ID", "").env("AWS_SECRET_ACCESS_KEY", "");
            all.push(row.env("AWS_EC2_METADATA_DISABLED", "false").env(variable, value));
        }
    }
    all
}

/// Servers that should encrypt, and do not.
fn encryption() -> Vec<Case> {
    let whoami = [&["aws", "whoami"], &LIMITS[..]].concat();
    let spec = [
        Spec::Http(Manner::Html),
        Spec::Http(Manner::Cut),
        Spec::Mail(Manner::Silent),
        Spec::Mail(Manner::Trickle),
        Spec::Mail(Manner::Garbage),
        // A record of TLS: a fatal alert, `handshake_failure` (RFC 8446, section 6).
        Spec::Mail(Manner::Says("\u{15}\u{3}\u{3}\0\u{2}\u{2}\u{28}")),
    ];
    spec.into_iter()
        .map(|spec| {
            row(&format!("TLS: {spec:?}"), &whoami, &[1], spec)
                .env("AWS_ENDPOINT_URL", "https://127.0.0.1:{port}")
        })
        .collect()
}

fn small_bill(folder: &Path) -> String {
    let path = folder.join("bill.csv");
    fs::write(&path, format!("{HEADER}\n{ROW}\n")).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

/// A pull that is ended leaves nothing of the new estate, and the former one unchanged.
#[test]
#[cfg(target_os = "linux")]
fn a_pull_that_is_ended_removes_what_it_wrote() {
    use std::os::unix::process::ExitStatusExt;

    let folder = tempfile::tempdir().expect("a folder");
    let (bill, into) = (small_bill(folder.path()), folder.path().join("estate"));
    let into = into.to_str().expect("UTF-8");
    assert_eq!(crate::support::cost(&["pull", "files", &bill, "--into", into]).code, 0);
    let former = fs::read(format!("{into}/estate.json")).expect("an estate");
    let port = Server::start(Spec::Aws(Manner::Silent)).port;
    let writing = folder.path().join(".estate.writing");
    let written = writing.join("billing");
    for (signal, number) in [("-TERM", 15), ("-INT", 2), ("-KILL", 9)] {
        let args = ["pull", "aws", "--into", into, "--reports", &bill];
        let mut run = aws(port, &args);
        let mut run =
            run.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the binary runs");
        let is_there = |wanted: bool| {
            let start = Instant::now();
            while written.exists() != wanted && start.elapsed() < Duration::from_secs(10) {
                std::thread::sleep(Duration::from_millis(10));
            }
            written.exists() == wanted
        };
        assert!(is_there(true), "{signal}: a pull writes");
        let id = run.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().expect("kill runs").success());
        let mut stderr = String::new();
        run.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("UTF-8");
        assert_eq!(run.wait().expect("ends").signal(), Some(number), "{signal}: {stderr}");
        assert!(is_there(false) && !writing.exists(), "{signal}: removed: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{signal}: {stderr}");
        assert!(stderr.contains("stopped"), "{signal}: {stderr}");
        assert_eq!(fs::read(format!("{into}/estate.json")).expect("an estate"), former);
    }
}

#[test]
fn missing_credentials_say_what_to_do_and_show_no_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("config");
    fs::write(
        &config,
        "[profile fails]\ncredential_process = sh -c 'echo SECRETLEAK >&2; exit 3'\n\
         [profile broken]\ncredential_process = echo SECRETLEAK\n\
         [profile sso]\nsso_start_url = https://example.com\nsso_region = eu-west-1\n\
         sso_account_id = 123456789012\nsso_role_name = Reader\n",
    )
    .expect("written");
    for (profile, words) in [
        ("fails", "credential_process of the profile failed (exit status: 3)"),
        ("broken", "credential_process of the profile gave no valid credentials"),
        ("sso", "aws sso login"),
        ("absent", "profile `absent` is not defined"),
    ] {
        let mut whoami = aws(1, &["aws", "whoami", "--profile", profile]);
        whoami.env("AWS_CONFIG_FILE", &config).env("HOME", folder.path());
        whoami.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        let ran = ran(whoami.output().expect("runs"));
        assert_eq!(ran.code, 1, "{profile}: {}", ran.stderr);
        assert!(ran.stderr.contains(words), "{profile}: {}", ran.stderr);
        assert!(!ran.stderr.contains("SECRETLEAK"), "{profile}: {}", ran.stderr);
    }
}
