//! Receivers of notices: what becomes of a notice, for every class of answer. A notice is
//! delivered, or waits, or is refused for good in words. None is lost, and none is sent twice.

use serde_json::Value;

use super::case::{Case, Ending, Kind, Thing, case};
use super::server::{Manner, Spec, Stage};
use crate::jobs;

/// Two services that rise, so that there are two notices, and one that does not.
const SERVICES: [(&str, u32, u32); 3] = [("poison", 5, 6), ("spike", 10, 12), ("quiet", 0, 0)];
const NOTICES: usize = 2;
/// Attempts for each notice, as configured below.
const TRIES: usize = 2;

/// What becomes of the notices (ADR 0043).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Delivered,
    /// Sent again by the next run; the channel is left after the attempts for the first notice.
    Waits,
    /// As [`Waits`](Self::Waits), after one attempt: a setting is wrong.
    Setting,
    /// Refused for good. Each notice is tried once.
    Refused,
}

impl Fate {
    /// Requests of the run, and the numbers of waiting and of refused notices after it.
    fn counts(self) -> (usize, [usize; 2]) {
        match self {
            Self::Delivered => (NOTICES, [0, 0]),
            Self::Waits => (TRIES, [NOTICES, 0]),
            Self::Setting => (1, [NOTICES, 0]),
            Self::Refused => (NOTICES, [0, NOTICES]),
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Channel {
    Webhook,
    Slack,
    Teams,
    Email,
}

impl Channel {
    fn config(self) -> String {
        let url = "url = \"env:COST_TEST_URL\"\n";
        let settings = match self {
            Self::Webhook => format!("kind = \"webhook\"\n{url}"),
            Self::Slack => format!("kind = \"slack\"\n{url}"),
            Self::Teams => format!("kind = \"teams\"\n{url}"),
            Self::Email => "kind = \"email\"\nhost = \"127.0.0.1\"\nport = {port}\n\
                            security = \"none\"\nfrom = \"cost@example.com\"\n\
                            to = [\"team@example.com\"]\n"
                .to_owned(),
        };
        format!(
            "[retry]\ntries = {TRIES}\nfirst_wait_ms = 1\ntimeout_ms = 700\n\
             [[notify]]\nname = \"hook\"\n{settings}"
        )
    }
}

/// Numbers of waiting and of refused notices in a state file.
fn notices(state: &str) -> [usize; 2] {
    let ledger: Value = serde_json::from_str(state).unwrap_or_default();
    let alerts = ledger["alerts"].as_array().cloned().unwrap_or_default();
    ["outbox", "refused"]
        .map(|key| alerts.iter().filter_map(|a| a[key].as_array()).map(Vec::len).sum::<usize>())
}

/// A job whose receiver behaves so; then the next run, when it takes everything again.
fn row(channel: Channel, spec: Spec, fate: Fate) -> Case {
    let name = format!("{channel:?}: {spec:?}: {fate:?}");
    let args = [
        "anomalies",
        "{}/bill.csv",
        "--state",
        "{}/state.json",
        "--config",
        "{}/cost.toml",
        "--as-of",
        "2026-03-11",
        "--format",
        "json",
    ];
    let code = i32::from(fate != Fate::Delivered);
    let row = case(Kind::Alerts, &name, &args, &[code])
        .ending(Ending::Warnings)
        .file("bill.csv", jobs::bill(&SERVICES))
        .thing("cost.toml", Thing::Text(channel.config()))
        .server(spec)
        .env("COST_TEST_URL", "http://127.0.0.1:{port}/SECRETLEAK")
        .hides("SECRETLEAK")
        .hides("other-secret");
    let row = match fate {
        Fate::Delivered => row,
        Fate::Waits | Fate::Setting => row.shows("not delivered, the next run retries"),
        Fate::Refused => row.shows("refused for good"),
    };
    let row = match spec {
        // Only the host of the target, because the rest can be a secret.
        Spec::Http(Manner::Status(300..400)) => row.shows("a redirect to https://new.example,"),
        Spec::Http(Manner::Status(400..500)) if fate == Fate::Setting => {
            row.shows("check the URL of the channel")
        }
        _ => row,
    };
    row.then(move |scene, _| {
        let (requests, left) = fate.counts();
        let found = (scene.server().take_answered(), notices(&scene.text("state.json")));
        // What is cut off is not always a request.
        if found.1 != left || (found.0 != requests && found.0 != 0) {
            return Err(format!("{found:?} instead of {requests}, {left:?}"));
        }
        scene.server().heal();
        let again = scene.again()?;
        let sent = scene.server().take_answered();
        let (wanted, left) = match fate {
            Fate::Waits | Fate::Setting => (NOTICES, [0, 0]),
            Fate::Delivered | Fate::Refused => (0, left),
        };
        let now = notices(&scene.text("state.json"));
        if (again.code, sent, now) != (0, wanted, left) {
            return Err(format!(
                "next run: {}, {sent} sent, {now:?}: {}",
                again.code, again.stderr
            ));
        }
        Ok(())
    })
}

/// HTTP status codes, and what they mean for a notice. Source: RFC 9110, section 15, and ADR 0043.
const STATUSES: [(Fate, &[u16]); 4] = [
    (Fate::Delivered, &[200, 201, 202, 203, 204, 205, 206, 226, 299]),
    (Fate::Setting, &[300, 301, 302, 303, 304, 305, 307, 308, 401, 403, 404, 405, 407, 410]),
    (
        Fate::Refused,
        &[
            400, 402, 406, 409, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 426,
            428, 431, 451,
        ],
    ),
    (Fate::Waits, &[408, 425, 429, 500, 501, 502, 503, 504, 507, 511, 520, 530, 599, 999]),
];

/// Answers of receivers that are no plain status.
fn manners() -> Vec<(Manner, Fate)> {
    vec![
        (Manner::Silent, Fate::Waits),
        (Manner::Cut, Fate::Waits),
        (Manner::CutHead, Fate::Waits),
        (Manner::Garbage, Fate::Waits),
        (Manner::Headers, Fate::Waits),
        (Manner::Continues, Fate::Waits),
        (Manner::Throttling, Fate::Waits),
        (Manner::Unavailable, Fate::Waits),
        (Manner::Says("HTTP/1.1 200"), Fate::Waits),
        (Manner::Says("HTTP/1.1 2000 OK\r\n\r\n"), Fate::Waits),
        (Manner::Says("HTTP/1.1 OK\r\n\r\n"), Fate::Waits),
        (Manner::Says("200 OK\r\n\r\n"), Fate::Waits),
        (Manner::Says("\r\n\r\n"), Fate::Waits),
        (Manner::Says("HTTP/1.1 302 x\r\nlocation: \u{1b}[31m\r\n\r\n"), Fate::Waits),
        (
            Manner::Says(
                "HTTP/1.1 302 x\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n",
            ),
            Fate::Setting,
        ),
        (Manner::Says("HTTP/1.1 302 x\r\nlocation: \r\ncontent-length: 0\r\n\r\n"), Fate::Setting),
        // A receiver that states success has taken the notice, whatever else it sends.
        (Manner::Html, Fate::Delivered),
        (Manner::Json, Fate::Delivered),
        (Manner::Short, Fate::Delivered),
        (Manner::Trickle, Fate::Delivered),
        (Manner::Flood, Fate::Delivered),
        (Manner::Endless, Fate::Delivered),
        (
            Manner::Says(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            ),
            Fate::Delivered,
        ),
        (Manner::Says("HTTP/1.0 200 OK\r\n\r\n"), Fate::Delivered),
    ]
}

/// SMTP codes, and what they mean for a notice. Sources: RFC 5321, section 4.2.3, RFC 4954, and
/// RFC 7504.
const CODES: [(Fate, Stage, &[u16]); 12] = [
    (Fate::Waits, Stage::Greeting, &[421, 450]),
    (Fate::Setting, Stage::Greeting, &[521]),
    (Fate::Waits, Stage::Hello, &[421]),
    (Fate::Setting, Stage::Hello, &[521]),
    (Fate::Waits, Stage::From, &[421, 451, 452, 455]),
    (Fate::Setting, Stage::From, &[530, 535, 538]),
    (Fate::Refused, Stage::From, &[550, 552, 553, 555]),
    (Fate::Waits, Stage::To, &[450, 451, 452]),
    (Fate::Refused, Stage::To, &[550, 551, 552, 553, 556]),
    (Fate::Refused, Stage::Data, &[503, 554]),
    (Fate::Waits, Stage::Body, &[421, 450, 451, 452]),
    (Fate::Refused, Stage::Body, &[550, 552, 554]),
];

pub(super) fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for (fate, statuses) in STATUSES {
        for status in statuses {
            all.push(row(Channel::Webhook, Spec::Http(Manner::Status(*status)), fate));
        }
    }
    for channel in [Channel::Slack, Channel::Teams] {
        for (status, fate) in [
            (200, Fate::Delivered),
            (302, Fate::Setting),
            (400, Fate::Refused),
            (404, Fate::Setting),
            (429, Fate::Waits),
            (500, Fate::Waits),
        ] {
            all.push(row(channel, Spec::Http(Manner::Status(status)), fate));
        }
    }
    for (manner, fate) in manners() {
        all.push(row(Channel::Webhook, Spec::Http(manner), fate));
    }
    for (fate, stage, codes) in CODES {
        for code in codes {
            all.push(row(Channel::Email, Spec::Smtp(stage, *code), fate));
        }
    }
    for manner in [
        Manner::Silent,
        Manner::Trickle,
        Manner::Flood,
        Manner::Garbage,
        Manner::Html,
        Manner::Cut,
        Manner::Says("220"),
        Manner::Says("220-more\r\n"),
        Manner::Says("999 no\r\n"),
    ] {
        all.push(row(Channel::Email, Spec::Mail(manner), Fate::Waits));
    }
    all
}
