//! Scheduled jobs: state, decisions, notifications, and behavior when receivers fail. Jobs that
//! overlap or are killed: `at_once.rs` and `kills.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{Days, NaiveDate};
use serde_json::Value;

use crate::support::{HEADER, Ran, command, cost};

/// How a receiver answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Ok,
    /// Refuses bodies with this text: 400.
    Refuses(&'static str),
    Error,
    /// Closes without a word.
    Reset,
    /// Takes longer than anybody waits.
    Hang,
    /// Takes a quarter of a second.
    Slow,
    /// Refuses with 400 and this body.
    Explains(&'static str),
}

/// Header lines and body of requests.
type Taken = Mutex<Vec<(Vec<String>, String)>>;

/// A receiver of webhooks, and what it took.
pub(crate) struct Receiver {
    pub(crate) url: String,
    taken: Arc<Taken>,
    begun: Arc<AtomicUsize>,
    answer: Arc<Mutex<Answer>>,
}

impl Receiver {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url =
            format!("http://{}/hook-secret-token", listener.local_addr().expect("an address"));
        let (taken, answer) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Answer::Ok)));
        let begun = Arc::new(AtomicUsize::new(0));
        let shared = (Arc::clone(&taken), Arc::clone(&answer), Arc::clone(&begun));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                shared.2.fetch_add(1, Ordering::SeqCst);
                let (taken, answer) = (Arc::clone(&shared.0), *shared.1.lock().expect("a lock"));
                std::thread::spawn(move || serve(stream, answer, &taken));
            }
        });
        Self { url, taken, begun, answer }
    }

    /// Number of requests that have begun.
    pub(crate) fn begun(&self) -> usize {
        self.begun.load(Ordering::SeqCst)
    }

    pub(crate) fn answer(&self, answer: Answer) {
        *self.answer.lock().expect("a lock") = answer;
    }

    /// Forgets what it took.
    pub(crate) fn forget(&self) {
        self.taken.lock().expect("a lock").clear();
    }

    pub(crate) fn bodies(&self) -> Vec<Value> {
        let taken = self.taken.lock().expect("a lock");
        taken.iter().map(|(_, body)| serde_json::from_str(body).expect("bodies are JSON")).collect()
    }
}

/// Takes one request. A request that was not read to its end, as when its sender is killed, is not
/// taken.
fn serve(stream: TcpStream, answer: Answer, taken: &Taken) -> Option<()> {
    if answer == Answer::Reset {
        return None;
    }
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        headers.push(line.trim().to_owned());
    }
    let length = headers
        .iter()
        .find_map(|h| h.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok())?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut stream = stream;
    let body = String::from_utf8(body).ok()?;
    match answer {
        Answer::Refuses(text) if body.contains(text) => {
            stream.write_all(b"HTTP/1.1 400 no\r\ncontent-length: 0\r\n\r\n").ok()?;
        }
        Answer::Error => stream.write_all(b"HTTP/1.1 500 no\r\ncontent-length: 0\r\n\r\n").ok()?,
        Answer::Hang => std::thread::sleep(Duration::from_secs(3)),
        Answer::Explains(text) => {
            let head = format!("HTTP/1.1 400 no\r\ncontent-length: {}\r\n\r\n", text.len());
            stream.write_all(head.as_bytes()).ok()?;
            stream.write_all(text.as_bytes()).ok()?;
        }
        _ => {
            if answer == Answer::Slow {
                std::thread::sleep(Duration::from_millis(250));
            }
            taken.lock().expect("a lock").push((headers, body));
            stream.write_all(b"HTTP/1.1 200 ok\r\ncontent-length: 0\r\n\r\n").ok()?;
        }
    }
    Some(())
}

/// A bill of 90 days from 2026-01-01, 100 USD a day and service. Each service rises to 400 from one
/// day of March to another.
pub(crate) fn bill(services: &[(&str, u32, u32)]) -> String {
    let mut bill = format!("{HEADER}\n");
    let first = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
    let march = NaiveDate::from_ymd_opt(2026, 3, 1).expect("a day");
    for day in first.iter_days().take(90) {
        let (month, next) = (day.format("%Y-%m-01T00:00:00Z"), day + Days::new(1));
        let of_march = u32::try_from((day - march).num_days() + 1).unwrap_or(0);
        for (service, from, to) in services {
            let cost = if (*from..=*to).contains(&of_march) && *from > 0 { 400 } else { 100 };
            bill.push_str(&format!(
                "{cost},{cost},{cost},{cost},{cost},Units,{month},2026-12-01T00:00:00Z,{day}T00:00:00Z,{next}T00:00:00Z,USD,\
                 Usage,,b,AWS,{service},AWS,a1,us-east-1,\n"
            ));
        }
    }
    bill
}

/// A scheduled job with a [`bill()`].
pub(crate) struct Job {
    folder: tempfile::TempDir,
}

/// Services, and the days of March from and to which they rise.
const RISES: [(&str, u32, u32); 3] = [("quiet", 0, 0), ("spike", 10, 12), ("late", 20, 31)];

impl Job {
    pub(crate) fn new(config: &str) -> Self {
        Self::with(config, &RISES)
    }

    pub(crate) fn with(config: &str, services: &[(&str, u32, u32)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("bill.csv"), bill(services)).expect("it can be written");
        fs::write(folder.path().join("cost.toml"), config).expect("it can be written");
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    pub(crate) fn args(&self, as_of: &str) -> Vec<String> {
        let parts =
            ["anomalies", &self.path("bill.csv"), "--state", &self.path("state.json"), "--config"];
        let parts = parts.map(ToOwned::to_owned).into_iter().chain([self.path("cost.toml")]);
        parts
            .chain(["--as-of", as_of, "--fail", "--format", "json"].map(ToOwned::to_owned))
            .collect()
    }

    pub(crate) fn run(&self, as_of: &str) -> Ran {
        let args = self.args(as_of);
        cost(&args.iter().map(String::as_str).collect::<Vec<_>>())
    }

    pub(crate) fn spawn(&self, as_of: &str) -> Child {
        let args = self.args(as_of);
        let mut command = command(&args.iter().map(String::as_str).collect::<Vec<_>>());
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs")
    }

    /// What a run says of alerts: exit code, and the numbers of new, closed and waiting ones.
    pub(crate) fn alerts(&self, as_of: &str) -> (i32, [usize; 3]) {
        let ran = self.run(as_of);
        let report: Value =
            serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {}", ran.stderr));
        let count = |key: &str| report["alerts"][key].as_array().map_or(0, Vec::len);
        (ran.code, ["new", "closed", "waiting"].map(count))
    }

    pub(crate) fn ledger(&self) -> Value {
        let text = fs::read_to_string(self.path("state.json")).expect("the state is there");
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("the state is complete: {e}\n{text}"))
    }

    pub(crate) fn decide(&self, args: &[&str]) -> Ran {
        let state = self.path("state.json");
        cost(&[&["anomalies"], args, &["--state", &state]].concat())
    }
}

pub(crate) fn webhook(url: &str) -> String {
    // The URL is a secret: it is read from a file.
    let path = secret(url);
    format!(
        "[retry]\ntries = 2\nfirst_wait_ms = 1\ntimeout_ms = 400\n\
         [[notify]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"file:{}\"\n",
        path.display()
    )
}

pub(crate) fn secret(text: &str) -> PathBuf {
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), text).expect("it can be written");
    file.into_temp_path().keep().expect("it remains")
}

#[test]
fn an_anomaly_is_raised_once_and_closed_when_it_ends() {
    let job = Job::new("");
    assert_eq!(job.alerts("2026-03-10"), (0, [0, 0, 0]));
    assert_eq!(job.alerts("2026-03-11"), (3, [1, 0, 1]));
    assert_eq!(job.alerts("2026-03-11"), (0, [0, 0, 1]));
    assert_eq!(job.alerts("2026-03-13"), (0, [0, 0, 1]));
    assert_eq!(job.alerts("2026-03-17"), (0, [0, 1, 0]));
    assert_eq!(job.ledger()["alerts"][0]["anomaly"]["last_day"], "2026-03-12");
    assert_eq!(job.alerts("2026-03-21"), (3, [1, 0, 1]));
    // A job with older data, overtaken by this one.
    assert_eq!(job.alerts("2026-03-12"), (0, [0, 0, 1]));
    assert_eq!(job.ledger()["seen_until"], "2026-03-21");
}

#[test]
fn decisions_are_stored_and_shown() {
    let job = Job::new("");
    job.run("2026-03-11");
    let id = job.ledger()["alerts"][0]["id"].as_str().expect("an id").to_owned();
    let done = job.decide(&["ack", &id, "--note", "a \u{1b}[31mbackfill|"]);
    assert_eq!((done.code, done.stdout.contains("acknowledged")), (0, true), "{}", done.stderr);
    assert_eq!(job.alerts("2026-03-12"), (0, [0, 0, 0]));
    let report = cost(&[
        "explain",
        &id,
        &job.path("bill.csv"),
        "--state",
        &job.path("state.json"),
        "--format",
        "markdown",
    ]);
    assert!(report.stdout.contains("acknowledged on "), "{}", report.stdout);
    assert!(report.stdout.contains(r"a \\u{1b}\[31mbackfill\|"), "{}", report.stdout);
    assert_eq!(job.decide(&["snooze", &id, "--until", "2026-03-13"]).code, 0);
    assert_eq!(job.alerts("2026-03-13"), (0, [0, 0, 1]));
    assert_eq!(job.decide(&["resolve", &id]).code, 0);
    assert_eq!(job.alerts("2026-03-14"), (0, [0, 0, 0]));
    let unknown = job.decide(&["resolve", "an-0000000000"]);
    assert_eq!((unknown.code, unknown.stderr.contains("no alert `an-0000000000`")), (1, true));
    assert_eq!(job.decide(&["snooze", &id]).code, 2);
}

#[test]
fn a_receiver_that_fails_is_notified_the_next_time() {
    let receiver = Receiver::start();
    let job = Job::new(&webhook(&receiver.url));
    for (answer, why) in [
        (Answer::Error, "answered 500"),
        (Answer::Reset, "connection failed"),
        (Answer::Hang, "timed out"),
    ] {
        receiver.answer(answer);
        let ran = job.run("2026-03-11");
        assert!(
            ran.stderr.contains("not delivered") && ran.stderr.contains(why),
            "{answer:?}: {}",
            ran.stderr
        );
        assert!(
            !ran.stderr.contains("hook-secret-token") && !ran.stdout.contains("hook-secret-token")
        );
        assert!(ran.code == 3 || ran.code == 1, "{}", ran.code);
        assert_eq!(job.ledger()["alerts"][0]["outbox"].as_array().map(Vec::len), Some(1));
    }
    assert!(receiver.bodies().is_empty());
    receiver.answer(Answer::Ok);
    assert_eq!(job.run("2026-03-11").code, 0);
    assert_eq!(job.run("2026-03-11").code, 0);
    let events = receiver.bodies();
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0]["type"], "cost.anomaly.raised");
    assert_eq!(events[0]["data"]["anomaly"]["scope"]["service_name"], "spike");
    assert_eq!(job.ledger()["alerts"][0]["outbox"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_log_has_no_address_of_a_channel() {
    let receiver = Receiver::start();
    receiver.answer(Answer::Error);
    for format in ["text", "json"] {
        let job = Job::new(&webhook(&receiver.url));
        let args = job.args("2026-03-11");
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let ran = cost(&[&args[..], &["-vv", "--log-format", format]].concat());
        let is_said = ran.stderr.contains("channel hook: notice of an-")
            && ran.stderr.contains("the next run retries");
        assert!(is_said, "{ran:?}");
        assert!(!ran.stderr.contains("hook-secret-token"), "{}", ran.stderr);
        if format == "json" {
            let warned = |e: &Value| e["level"] == "WARN";
            assert_eq!(crate::log::events(&ran.stderr).iter().filter(|e| warned(e)).count(), 1);
        }
    }
}

#[test]
fn every_channel_has_its_form() {
    let receiver = Receiver::start();
    let path = secret(&receiver.url).display().to_string();
    let mail = mail_server();
    let metrics = tempfile::tempdir().expect("a folder");
    let config = format!(
        "[[notify]]\nname = \"chat\"\nkind = \"slack\"\nurl = \"file:{path}\"\n\
         [[notify]]\nname = \"team\"\nkind = \"teams\"\nurl = \"file:{path}\"\n\
         [[notify]]\nname = \"signed\"\nkind = \"webhook\"\nurl = \"file:{path}\"\nsecret = \"file:{}\"\n\
         [[notify]]\nname = \"mail\"\nkind = \"email\"\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n\
         from = \"Cost <cost@example.com>\"\nto = [\"finops@example.com\"]\n\
         [[notify]]\nname = \"never\"\nkind = \"slack\"\nurl = \"env:COST_NO_SUCH\"\nmin_severity = \"critical\"\n\
         [metrics]\npath = \"{}\"\n",
        secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").display(),
        mail.port,
        metrics.path().join("cost.prom").display()
    );
    let ran = Job::with(&config, &[("a <!channel> & *b*", 10, 12), ("quiet", 0, 0), ("big", 0, 0)])
        .run("2026-03-11");
    let problems = ran.stderr.lines().filter(|l| !l.contains("never")).count();
    assert_eq!(problems, 0, "{}", ran.stderr);
    let bodies = receiver.bodies();
    let text = bodies.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(text.len(), 3);
    assert!(text[0].contains("&lt;!channel&gt; &amp; *b*"), "{}", text[0]);
    assert!(
        text[1].contains(r"\\*b\\*")
            && bodies[1]["attachments"][0]["content"]["type"] == "AdaptiveCard"
    );
    assert_eq!(bodies[2]["specversion"], "1.0");
    let headers = receiver.taken.lock().expect("a lock")[2].0.join("\n").to_lowercase();
    assert!(
        headers.contains("webhook-signature: v1,") && headers.contains("webhook-id: an-"),
        "{headers}"
    );
    let mail = mail.taken.lock().expect("a lock").clone();
    assert!(mail.contains("To: finops@example.com") && mail.contains("report due: "), "{mail}");
    assert!(
        mail.contains("MIME-Version: 1.0\n")
            && mail.contains("Content-Type: text/plain; charset=utf-8\n"),
        "{mail}"
    );
    let metrics =
        fs::read_to_string(metrics.path().join("cost.prom")).expect("the metrics are there");
    assert!(metrics.contains("cost_anomaly_excess{id=\"an-"), "{metrics}");
}

pub(crate) struct Mail {
    pub(crate) port: u16,
    pub(crate) taken: Arc<Mutex<String>>,
}

/// A mail server that takes one mail after the other.
pub(crate) fn mail_server() -> Mail {
    mail_server_but("\0")
}

/// A mail server that refuses mails with this text, and takes all others.
pub(crate) fn mail_server_but(refused: &'static str) -> Mail {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let taken = Arc::new(Mutex::new(String::new()));
    let shared = Arc::clone(&taken);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut out = stream.try_clone().expect("a stream");
            let mut say = |text: &str| out.write_all(format!("{text}\r\n").as_bytes()).is_ok();
            say("220 test");
            let (mut in_data, mut is_refused) = (false, false);
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if in_data {
                    shared.lock().expect("a lock").push_str(&format!("{line}\n"));
                    in_data = line != ".";
                    is_refused |= line.contains(refused);
                    if in_data {
                        continue;
                    }
                    if std::mem::take(&mut is_refused) {
                        say("550 refused");
                        continue;
                    }
                }
                let verb = line.get(..4).unwrap_or("").to_uppercase();
                in_data = verb == "DATA";
                if !say(if in_data { "354 go on" } else { "250 ok" }) || verb == "QUIT" {
                    break;
                }
            }
        }
    });
    Mail { port, taken }
}

#[test]
fn wrong_configurations_are_distinguished() {
    let cases = [
        (
            "[[notify]]\nname = \"x\"\nkind = \"slack\"\nurl = \"https://hooks.example/T0/secret\"\n",
            "channel `x`: `url` must be env:NAME or file:PATH, because the URL is a secret",
        ),
        ("[[notify]]\nname = \"x\"\nkind = \"pigeon\"\n", "pigeon"),
        ("[anomalies]\nthreshold = 3\n", "threshold"),
        ("[[anomalies.exclude]]\ntag = \"team\"\n", "tag `team` has no value"),
        (
            "[[anomalies.events]]\nname = \"m\"\nfirst_day = \"2026-03-09\"\nlast_day = \"2026-03-01\"\n",
            "ends on 2026-03-01 before it begins",
        ),
        ("[[anomalies.exclude]]\n", "without a condition excludes everything"),
        (
            "[[notify]]\nname = \"x\"\nkind = \"email\"\nhost = \"h\"\nport = 25\nfrom = \"cost\"\nto = [\"a@b.c\"]\n",
            "channel `x`: `cost` in `from` is not an e-mail address",
        ),
        (
            "[[notify]]\nname = \"x\"\nkind = \"email\"\nhost = \"mail.example\"\nport = 25\nsecurity = \"none\"\nuser = \"u\"\n\
             password = \"env:A\"\nfrom = \"c@b.c\"\nto = [\"a@b.c\"]\n",
            "a password is not sent without encryption to mail.example",
        ),
        ("[retry]\ntimeout_ms = 0\n", "`timeout_ms` must be above 0"),
        (
            "[[notify]]\nname = \"x\"\nkind = \"slack\"\nurl = \"env:A\"\n[[notify]]\nname = \"x\"\nkind = \"slack\"\nurl = \"env:A\"\n",
            "two channels are named `x`",
        ),
    ];
    for (config, message) in cases {
        let ran = Job::new(config).run("2026-03-11");
        assert!(
            ran.code == 1 && ran.stderr.contains(message) && ran.stdout.is_empty(),
            "{config}: {}",
            ran.stderr
        );
        assert!(!ran.stderr.contains("T0/secret"), "{}", ran.stderr);
    }
}

/// A killed run repeats at most the notice that it was sending, however many there are.
#[test]
fn a_killed_run_repeats_at_most_one_notice() {
    let receiver = Receiver::start();
    let names: Vec<String> = (0..60).map(|n| format!("service {n}")).collect();
    let services: Vec<(&str, u32, u32)> = names.iter().map(|n| (n.as_str(), 10, 12)).collect();
    let job = Job::with(&webhook(&receiver.url), &services);
    for sent in [5, 25, 45] {
        let mut child = job.spawn("2026-03-11");
        let begun = std::time::Instant::now();
        while receiver.begun() < sent {
            assert!(begun.elapsed() < Duration::from_mins(1), "{sent} notices");
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        // The child process ends a moment later, and then releases the state.
    }
    job.run("2026-03-11");
    let mut notified: BTreeMap<String, usize> = BTreeMap::new();
    for event in receiver.bodies() {
        *notified.entry(event["id"].as_str().expect("an id").to_owned()).or_default() += 1;
    }
    assert_eq!(notified.len(), 60);
    let repeated = receiver.bodies().len() - 60;
    assert!(repeated <= 3, "one a kill: {repeated}");
    assert!(!fs::exists(job.path("state.json.journal")).expect("known"));
}
