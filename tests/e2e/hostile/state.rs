//! State files: damaged, of another kind or version, of another estate, behind links, with locks
//! and dates that nobody expects. A file that is refused stays as it is, byte for byte.

use std::sync::OnceLock;

use serde_json::{Value, json};

use super::case::{Case, Ending, Kind, Scene, Thing, case};
use crate::jobs;
use crate::support::{Ran, command};

const SERVICES: [(&str, u32, u32); 2] = [("spike", 10, 12), ("quiet", 0, 0)];

/// A volume of a kind that has a cheaper successor, so that there is an opportunity.
const VOLUME: &str = "BilledCost,EffectiveCost,ListCost,ContractedCost,PricingQuantity,PricingUnit,\
BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,BillingCurrency,ChargeCategory,ChargeClass,\
BillingAccountId,ProviderName,ServiceName,InvoiceIssuerName,SubAccountId,RegionId,ResourceId,SkuMeter,PricingCategory,Tags\n\
100,100,100,100,1000,GB-Mo,2026-08-01T00:00:00Z,2026-09-01T00:00:00Z,2026-08-01T00:00:00Z,2026-09-01T00:00:00Z,USD,\
Usage,,b1,AWS,Amazon Elastic Compute Cloud,AWS,111122223333,us-east-1,vol-1,EBS:VolumeUsage.gp2,Standard,{}\n";

const JOB: [&str; 9] = [
    "anomalies",
    "{}/bill.csv",
    "--state",
    "{}/state.json",
    "--as-of",
    "2026-03-11",
    "--fail",
    "--format",
    "json",
];
const ALERTS: [&[&str]; 5] = [
    &JOB,
    &["anomalies", "ack", "an-1", "--state", "{}/state.json"],
    &["anomalies", "retry", "--all", "--state", "{}/state.json"],
    &["anomalies", "drop", "--all", "--state", "{}/state.json"],
    &["explain", "an-1", "{}/bill.csv", "--state", "{}/state.json"],
];
const SAVINGS: [&str; 4] = ["savings", "{}/volume.csv", "--decisions", "{}/state.json"];
const DECISIONS: [&[&str]; 4] = [
    &SAVINGS,
    &["savings", "accept", "op-1", "--decisions", "{}/state.json"],
    &["review", "{}/volume.csv", "--decisions", "{}/state.json"],
    &["savings", "{}/volume.csv", "--decisions", "{}/state.json", "--verify"],
];

/// State files that the program wrote: of alerts, and of decisions.
fn written() -> &'static [String; 2] {
    static WRITTEN: OnceLock<[String; 2]> = OnceLock::new();
    WRITTEN.get_or_init(|| {
        [JOB.as_slice(), SAVINGS.as_slice()].map(|args| {
            let folder = tempfile::tempdir().expect("a folder");
            let at = |name: &str| folder.path().join(name);
            std::fs::write(at("bill.csv"), jobs::bill(&SERVICES)).expect("written");
            std::fs::write(at("volume.csv"), VOLUME).expect("written");
            let place = folder.path().to_str().expect("UTF-8");
            let args: Vec<String> = args.iter().map(|a| a.replace("{}", place)).collect();
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let output = command(&args).output().expect("it runs");
            assert!([Some(0), Some(3)].contains(&output.status.code()), "{output:?}");
            std::fs::read_to_string(at("state.json")).expect("a state")
        })
    })
}

fn row(name: &str, args: &[&str], codes: &[i32]) -> Case {
    case(Kind::State, &format!("{name}: {}", args.join(" ")), args, codes)
        .file("bill.csv", jobs::bill(&SERVICES))
        .file("volume.csv", VOLUME)
}

/// Contents that are no state file of this version, made from one that is.
fn damaged(text: &str, other: &str) -> Vec<(&'static str, Vec<u8>)> {
    let cut = |share: usize| text.as_bytes()[..text.len() * share / 100].to_vec();
    let format = |version: &str| {
        text.replacen("\"format\": 1", &format!("\"format\": {version}"), 1).into_bytes()
    };
    vec![
        ("empty", Vec::new()),
        ("cut after the first byte", text.as_bytes()[..1].to_vec()),
        ("cut after a quarter", cut(25)),
        ("cut after a half", cut(50)),
        ("cut before its end", text.as_bytes()[..text.len() - 3].to_vec()),
        ("zeros after a power failure", vec![0; text.len()]),
        ("of another kind", other.as_bytes().to_vec()),
        ("of the next version", format("2")),
        ("of a version long after", format("4294967295")),
        ("of a version that is no number", format("\"1\"")),
        ("of a negative version", format("-1")),
        ("of version 0", format("0")),
        ("twice", text.repeat(2).into_bytes()),
        (
            "with a byte that is no UTF-8",
            [&text.as_bytes()[..20], b"\xff", &text.as_bytes()[20..]].concat(),
        ),
        ("UTF-16", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("deep", "[".repeat(100_000).into_bytes()),
        ("null", b"null".to_vec()),
        (
            "an unknown field",
            text.replacen("\"format\": 1", "\"format\": 1, \"later\": 2", 1).into_bytes(),
        ),
        ("HTML", b"<html><body>Sign in</body></html>".to_vec()),
    ]
}

fn refused() -> Vec<Case> {
    let [alerts, decisions] = written();
    let mut all = Vec::new();
    for (commands, text, other) in
        [(&ALERTS[..], alerts, decisions), (&DECISIONS[..], decisions, alerts)]
    {
        for args in commands {
            for (what, content) in damaged(text, other) {
                let row = row(what, args, &[1]).file("state.json", content);
                all.push(row.keeps("state.json").shows("state.json"));
            }
            // 2 GiB: more than a state file may have.
            let row = row("large", args, &[1]).thing("state.json", Thing::Sparse(2 << 30));
            all.push(row.shows("state.json"));
        }
    }
    all
}

/// Manifests of an estate that a pull does not replace.
fn estates() -> Vec<Case> {
    let manifests = [
        r#"{"format":2,"name":"x","as_of":"2026-02-01"}"#,
        r#"{"format":1,"na"#,
        "",
        "[]",
        "null",
        r#"{"format":1,"name":"x","as_of":"2026-02-31"}"#,
    ];
    let pull: &[&str] = &["pull", "files", "{}/bill.csv", "--into", "{}/estate"];
    let mut all = Vec::new();
    for args in [pull, &["review", "{}/estate"], &["savings", "{}/estate"]] {
        for text in manifests {
            let row = row(&format!("estate.json is {text:?}"), args, &[1]).before(pull);
            all.push(
                row.after("estate/estate.json", text)
                    .keeps("estate/estate.json")
                    .shows("estate.json"),
            );
        }
    }
    all
}

fn alerts(scene: &Scene<'_>) -> Vec<Value> {
    let ledger: Value = serde_json::from_str(&scene.text("state.json")).unwrap_or_default();
    ledger["alerts"].as_array().cloned().unwrap_or_default()
}

/// The spike is an alert, and this run, or the next one, has said so.
fn is_raised(scene: &Scene<'_>, ran: &Ran) -> Result<(), String> {
    let is_said = ran.code == 3 || scene.again()?.code == 3;
    if alerts(scene).len() == 1 && is_said {
        return Ok(());
    }
    Err(format!("{} alerts, said: {is_said}", alerts(scene).len()))
}

/// State files with this change.
fn with(change: impl FnOnce(&mut Value)) -> String {
    let mut state = serde_json::from_str(&written()[0]).expect("JSON");
    change(&mut state);
    format!("{state:#}\n")
}

/// Dates and IDs in a state that must not silence the job: the alert is raised at once, or a later
/// run does, or it is said.
fn silencers() -> Vec<Case> {
    let empty = |seen: &str, at: Value| {
        json!({"format": 1, "seen_until": seen, "seen_at": at, "alerts": []}).to_string()
    };
    let mut all = Vec::new();
    // Years that no clock shows are given up.
    for day in ["9999-12-31", "+262142-12-31", "2999-01-01", "2062-08-30"] {
        let text = empty(day, json!("2026-01-01T00:00:00Z"));
        let row = row(&format!("seen until {day}"), &JOB, &[3]).file("state.json", text);
        all.push(row.shows("counts from now on").then(is_raised));
    }
    // Newer data that has not come for a day, and newer data of a time that is still to come.
    for at in ["2000-01-01T00:00:00Z", "2999-01-01T00:00:00Z"] {
        let text = empty("2026-03-25", json!(at));
        let row = row(&format!("newer data, at {at}"), &JOB, &[3]).file("state.json", text);
        all.push(row.shows("counts from now on").then(is_raised));
    }
    for day in ["0001-01-01", "-262143-01-01", "1970-01-01"] {
        let text = empty(day, Value::Null);
        all.push(
            row(&format!("seen until {day}"), &JOB, &[3]).file("state.json", text).then(is_raised),
        );
    }
    for day in ["2026-13-45", "yesterday", ""] {
        let row = row(&format!("seen until {day:?}"), &JOB, &[1]);
        all.push(row.file("state.json", empty(day, Value::Null)).keeps("state.json"));
    }
    all
}

/// Runs that are out of order, of another bill, or in another currency.
fn others() -> Vec<Case> {
    let at = |day: &'static str| {
        let mut args = JOB;
        args[5] = day;
        args
    };
    let other = |from: &str, to: &str| jobs::bill(&SERVICES).replace(from, to);
    let job = |bill: &'static str| {
        let mut args = JOB;
        args[1] = bill;
        args
    };
    let quiet = jobs::bill(&[("spike", 0, 0), ("quiet", 0, 0)]);
    vec![
        row("an older bill after a newer one without its anomaly", &JOB, &[1])
            .ending(Ending::Warnings)
            .file("later.csv", quiet.clone())
            .before(&[
                "anomalies",
                "{}/later.csv",
                "--state",
                "{}/state.json",
                "--as-of",
                "2026-03-20",
            ])
            .shows("newer data has already been processed"),
        row("the same day again", &JOB, &[0]).before(&JOB),
        row("an older day", &at("2026-03-10"), &[0]).before(&JOB),
        row("a day after the clock", &at("2999-01-01"), &[0, 3]).before(&JOB),
        row("a day before the bill", &at("1999-01-01"), &[0, 1]).before(&JOB).keeps("state.json"),
        row("another billing account", &job("{}/other.csv"), &[1])
            .file("other.csv", other(",Usage,,b,", ",Usage,,other,"))
            .before(&JOB)
            .keeps("state.json")
            .shows("this bill is of other"),
        row("another currency", &job("{}/other.csv"), &[1])
            .file("other.csv", other(",USD,", ",EUR,"))
            .before(&JOB)
            .keeps("state.json")
            .shows("EUR"),
        row("two alerts of one ID", &JOB, &[0, 1]).file(
            "state.json",
            with(|state| {
                let alert = state["alerts"][0].clone();
                state["alerts"].as_array_mut().expect("alerts").push(alert);
            }),
        ),
    ]
}

/// Snoozes that never end, or never begin.
fn snoozes() -> Vec<Case> {
    let state: Value = serde_json::from_str(&written()[0]).expect("JSON");
    let id = state["alerts"][0]["id"].as_str().expect("an ID").to_owned();
    let days = [
        ("2999-01-01", "is too long"),
        ("9999-12-31", "is too long"),
        ("2026-03-11", "would be over at once"),
        ("0001-01-01", "would be over at once"),
    ];
    days.into_iter()
        .map(|(until, why)| {
            let args = ["anomalies", "snooze", &id, "--until", until, "--state", "{}/state.json"];
            let row = row("snooze", &args, &[1]).file("state.json", written()[0].as_str());
            row.keeps("state.json").shows(why)
        })
        .collect()
}

/// Links, locks, modes, and places of a state file.
fn places() -> Vec<Case> {
    let keep = "another file";
    let victim = |row: Case| row.file("victim", keep).keeps("victim");
    let mut all = vec![
        row("a link", &JOB, &[3])
            .thing("real", Thing::Folder)
            .thing("state.json", Thing::Link("real/s.json".to_owned()))
            .then(|scene, _| {
                let is_link = scene.path().join("state.json").is_symlink();
                let is_there = scene.path().join("real/s.json").is_file();
                (is_link && is_there).then_some(()).ok_or_else(|| "the link is gone".to_owned())
            }),
        row("a link to itself", &JOB, &[1])
            .thing("state.json", Thing::Link("state.json".to_owned())),
        row("a link into a folder that is missing", &JOB, &[1])
            .thing("state.json", Thing::Link("missing/s.json".to_owned())),
        row("a link to a device", &JOB, &[1])
            .thing("state.json", Thing::Link("/dev/null".to_owned())),
        row("a folder", &JOB, &[1]).thing("state.json", Thing::Folder),
        row("a pipe", &JOB, &[1]).thing("state.json", Thing::Pipe),
        row("a folder that everybody can write", &JOB, &[1])
            .thing("open", Thing::FolderOf(0o777))
            .thing("state.json", Thing::Link("open/s.json".to_owned()))
            .shows("chmod o-w"),
        row("a folder for temporary files", &JOB, &[3])
            .thing("open", Thing::FolderOf(0o1777))
            .thing("state.json", Thing::Link("open/s.json".to_owned())),
        // What a killed run leaves is removed; what looks like it is not.
        row("left over", &JOB, &[3])
            .file(".state.json.a1B2c3.writing", "half")
            .file("state.json.lock", "")
            .file("state.json.write-lock", "")
            .then(|scene, _| {
                let left =
                    [".state.json.a1B2c3.writing", "state.json.lock", "state.json.write-lock"];
                let left: Vec<&&str> =
                    left.iter().filter(|n| scene.path().join(n).exists()).collect();
                left.is_empty().then_some(()).ok_or_else(|| format!("{left:?} stay"))
            }),
        victim(row("a link with the name of a former version", &JOB, &[3]))
            .thing("state.json.writing", Thing::Link("victim".to_owned())),
    ];
    for lock in ["state.json.lock", "state.json.write-lock"] {
        let of = |what: &str| row(&format!("{lock} is {what}"), &JOB, &[1]);
        all.push(victim(of("a link")).thing(lock, Thing::Link("victim".to_owned())));
        all.push(of("a link to nothing").thing(lock, Thing::Link("nothing".to_owned())).then(
            |scene, _| {
                let is_made = scene.path().join("nothing").exists();
                (!is_made).then_some(()).ok_or_else(|| "the link was followed".to_owned())
            },
        ));
        all.push(of("a folder").thing(lock, Thing::Folder));
        all.push(of("a pipe").thing(lock, Thing::Pipe));
    }
    all
}

pub(super) fn cases() -> Vec<Case> {
    [refused(), estates(), silencers(), others(), snoozes(), places()].concat()
}
