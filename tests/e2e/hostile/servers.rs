//! One hostile server for everything that the program calls: AWS, webhooks, and mail. Every call
//! ends within its limits, in words, and without much memory.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};

use crate::support::{HEADER, ROW, Ran, command};

/// What the server does with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// Accepts, and never answers.
    Silent,
    /// Sends its header, and then a byte now and then.
    Trickle,
    /// States 5 GB, and sends them.
    Flood,
    /// Sends without end, without a length.
    Endless,
    /// Bytes that are no HTTP.
    Garbage,
    /// States more bytes than it sends.
    Short,
    Throttling,
    Unavailable,
    /// The page of a proxy or a login.
    Html,
    Redirect,
}

const ALL: [Manner; 10] = [
    Manner::Silent,
    Manner::Trickle,
    Manner::Flood,
    Manner::Endless,
    Manner::Garbage,
    Manner::Short,
    Manner::Throttling,
    Manner::Unavailable,
    Manner::Html,
    Manner::Redirect,
];

/// Starts the server, and returns its port. Requests for the identity and for the regions are
/// answered as AWS does if `lets_in`, and everything else in its manner.
fn server(manner: Manner, lets_in: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || serve(stream, manner, lets_in));
        }
    });
    port
}

const IDENTITY: &str = "<GetCallerIdentityResponse><GetCallerIdentityResult>\
<Arn>arn:aws:iam::123456789012:user/me</Arn><UserId>A</UserId><Account>123456789012</Account>\
</GetCallerIdentityResult></GetCallerIdentityResponse>";
const REGIONS: &str = "<DescribeRegionsResponse><regionInfo><item><regionName>eu-west-1</regionName>\
<optInStatus>opted-in</optInStatus></item></regionInfo></DescribeRegionsResponse>";

fn serve(mut stream: TcpStream, manner: Manner, lets_in: bool) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    loop {
        let body = request(&mut reader)?;
        let of_aws = [("GetCallerIdentity", IDENTITY), ("DescribeRegions", REGIONS)];
        match of_aws.iter().find(|(action, _)| lets_in && body.contains(action)) {
            Some((_, xml)) => {
                stream.write_all(answer("200 OK", "text/xml", xml).as_bytes()).ok()?;
            }
            None => return behave(&mut stream, manner),
        }
    }
}

/// Reads a request, and returns its body.
fn request(reader: &mut impl BufRead) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim().to_ascii_lowercase();
        if let Some(number) = line.strip_prefix("content-length:") {
            length = number.trim().parse().ok()?;
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(String::from_utf8_lossy(&body).into_owned())
}

fn answer(status: &str, kind: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn behave(stream: &mut TcpStream, manner: Manner) -> Option<()> {
    let open = "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n";
    match manner {
        Manner::Silent => std::thread::sleep(Duration::from_mins(2)),
        Manner::Trickle => {
            stream.write_all(open.as_bytes()).ok()?;
            stream.write_all(b"content-length: 100000\r\n\r\n").ok()?;
            drip(stream)?;
        }
        Manner::Flood => {
            stream.write_all(open.as_bytes()).ok()?;
            stream.write_all(b"content-length: 5000000000\r\n\r\n").ok()?;
            flood(stream)?;
        }
        Manner::Endless => {
            stream.write_all(open.as_bytes()).ok()?;
            stream.write_all(b"connection: close\r\n\r\n").ok()?;
            flood(stream)?;
        }
        Manner::Garbage => stream.write_all(&b"\0\xff garbage\r\n".repeat(100)).ok()?,
        Manner::Short => {
            stream.write_all(open.as_bytes()).ok()?;
            stream.write_all(b"content-length: 1000\r\n\r\n<A>").ok()?;
        }
        Manner::Throttling => {
            let body = "<ErrorResponse><Error><Code>Throttling</Code><Message>slow</Message>\
                        </Error></ErrorResponse>";
            let text = answer("429 Too Many Requests", "text/xml", body);
            stream.write_all(text.as_bytes()).ok()?;
        }
        Manner::Unavailable => {
            let text = answer("503 Service Unavailable", "text/plain", "later");
            stream.write_all(text.as_bytes()).ok()?;
        }
        Manner::Html => {
            let text = answer("200 OK", "text/html", "<html><body>Log in</body></html>");
            stream.write_all(text.as_bytes()).ok()?;
        }
        Manner::Redirect => {
            let text = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\n\
                        content-length: 0\r\n\r\n";
            stream.write_all(text.as_bytes()).ok()?;
        }
    }
    Some(())
}

/// Sends a byte five times a second for two minutes.
fn drip(stream: &mut TcpStream) -> Option<()> {
    for _ in 0..600 {
        stream.write_all(b"2").ok()?;
        std::thread::sleep(Duration::from_millis(200));
    }
    Some(())
}

/// Sends 5 GB without a line end.
fn flood(stream: &mut TcpStream) -> Option<()> {
    let mib = vec![b'x'; 1 << 20];
    for _ in 0..5_000 {
        stream.write_all(&mib).ok()?;
    }
    Some(())
}

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

/// `cost ARGS` with credentials for the server at this port, and no others.
fn aws(port: u16, args: &[&str]) -> Command {
    let mut command = command(args);
    command
        .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}"))
        .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "SECRETLEAK")
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_SESSION_TOKEN");
    command
}

fn ran(mut command: Command) -> (Ran, Duration) {
    let start = Instant::now();
    let output = command.output().expect("runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    let code = output.status.code().unwrap_or(-1);
    let ran = Ran { code, stdout: text(output.stdout), stderr: text(output.stderr) };
    (ran, start.elapsed())
}

#[test]
fn a_call_to_aws_ends_within_its_limits_and_in_words() {
    for manner in ALL {
        let port = server(manner, false);
        let (ran, time) = ran(aws(port, &[&["aws", "whoami"], &LIMITS[..]].concat()));
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{manner:?}: {}", ran.stderr);
        assert!(time < Duration::from_secs(15), "{manner:?}: {time:?}: {}", ran.stderr);
        // A limit, or the failure of the last attempt, whichever comes first.
        let late = ["no usable answer for 3 s", "--service-timeout"];
        let (says, or) = match manner {
            Manner::Silent | Manner::Trickle => (late, late),
            Manner::Flood | Manner::Endless => (["larger than 4 MiB", "--max-answer"], late),
            Manner::Short => (["unavailable", "end of file"], late),
            Manner::Unavailable => (["unavailable", "answered 503"], late),
            Manner::Throttling => (["throttled", "Throttling"], late),
            Manner::Html => (["answer unreadable", "answered 200"], late),
            Manner::Garbage => (["refused", "invalid HTTP version"], late),
            Manner::Redirect => (["answered 302", "a redirect"], late),
        };
        let all = |words: [&str; 2]| words.iter().all(|word| ran.stderr.contains(word));
        assert!(all(says) || all(or), "{manner:?}: {}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{manner:?}: {}", ran.stderr);
        assert!(!ran.stderr.contains("SECRETLEAK"), "{manner:?}: {}", ran.stderr);
    }
}

fn small_bill(folder: &Path) -> String {
    let path = folder.join("bill.csv");
    fs::write(&path, format!("{HEADER}\n{ROW}\n")).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_pull_from_services_that_never_answer_is_partial_and_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let (bill, into) = (small_bill(folder.path()), folder.path().join("estate"));
    let port = server(Manner::Silent, true);
    let pull = ["pull", "aws", "--into", into.to_str().expect("UTF-8"), "--reports", &bill];
    let (ran, time) = ran(aws(port, &[&pull[..], &LIMITS[..]].concat()));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(time < Duration::from_secs(30), "{time:?}");
    for words in
        ["PARTIAL", "no usable answer for 3 s, the limit of a service", "--service-timeout"]
    {
        assert!(ran.stdout.contains(words), "{words}: {}", ran.stdout);
    }
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
    let port = server(Manner::Silent, true);
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
        let (ran, _) = ran(whoami);
        assert_eq!(ran.code, 1, "{profile}: {}", ran.stderr);
        assert!(ran.stderr.contains(words), "{profile}: {}", ran.stderr);
        assert!(!ran.stderr.contains("SECRETLEAK"), "{profile}: {}", ran.stderr);
    }
}

/// A bill with one day that costs four times as much.
fn bill_with_a_spike(folder: &Path) -> String {
    let mut bill = format!("{HEADER}\n");
    let first = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
    for (at, day) in first.iter_days().take(70).enumerate() {
        let cost = if at == 69 { 400 } else { 100 };
        let (month, next) = (day.format("%Y-%m-01T00:00:00Z"), day + Days::new(1));
        bill.push_str(&format!(
            "{cost},{cost},{cost},{cost},{cost},Units,{month},2026-12-01T00:00:00Z,{day}T00:00:00Z,\
             {next}T00:00:00Z,USD,Usage,,b,AWS,spike,AWS,a1,us-east-1,\n"
        ));
    }
    let path = folder.join("spike.csv");
    fs::write(&path, bill).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

/// Runs a scheduled job with one channel. The notice must not count as delivered.
fn undelivered(channel: &str, label: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let (bill, config) = (bill_with_a_spike(folder.path()), folder.path().join("cost.toml"));
    let retry = "[retry]\ntries = 2\nfirst_wait_ms = 1\ntimeout_ms = 700\n";
    fs::write(&config, format!("{retry}[[notify]]\nname = \"hook\"\n{channel}")).expect("written");
    let state = folder.path().join("state.json");
    let job = command(&[
        "anomalies",
        &bill,
        "--state",
        state.to_str().expect("UTF-8"),
        "--config",
        config.to_str().expect("UTF-8"),
    ]);
    let (ran, time) = ran(job);
    assert_eq!(ran.code, 1, "{label}: {}", ran.stderr);
    assert!(ran.stderr.contains("not delivered"), "{label}: {}", ran.stderr);
    assert!(time < Duration::from_secs(10), "{label}: {time:?}");
    let ledger = fs::read_to_string(&state).expect("a ledger");
    assert!(ledger.contains("\"outbox\""), "{label}: {ledger}");
}

#[test]
fn a_hostile_receiver_of_a_webhook_is_left_in_time() {
    let taken = |manner| {
        // A receiver that states success has taken the notice, whatever its answer contains.
        let success = [Manner::Trickle, Manner::Flood, Manner::Endless, Manner::Short];
        manner == Manner::Html || manner == Manner::Redirect || success.contains(&manner)
    };
    for manner in ALL.into_iter().filter(|manner| !taken(*manner)) {
        let url = tempfile::NamedTempFile::new().expect("a file");
        let port = server(manner, false);
        fs::write(url.path(), format!("http://127.0.0.1:{port}/SECRETLEAK")).expect("written");
        let channel = format!("kind = \"webhook\"\nurl = \"file:{}\"\n", url.path().display());
        undelivered(&channel, &format!("{manner:?}"));
    }
}

/// A mail server that speaks first, in its manner.
fn mail_server(manner: Manner) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || match manner {
                Manner::Trickle => drip(&mut stream),
                Manner::Flood | Manner::Endless => flood(&mut stream),
                _ => behave(&mut stream, manner),
            });
        }
    });
    port
}

#[test]
fn a_hostile_mail_server_is_left_in_time() {
    for manner in [Manner::Silent, Manner::Trickle, Manner::Flood, Manner::Garbage, Manner::Html] {
        let port = mail_server(manner);
        let channel = format!(
            "kind = \"email\"\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\n\
             from = \"cost@example.com\"\nto = [\"team@example.com\"]\n"
        );
        undelivered(&channel, &format!("{manner:?}"));
    }
}
