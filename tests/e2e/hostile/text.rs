//! Every command in every format on estates with troublesome text, and what its readers see.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use cost_core::opportunity::shell_word;
use cost_core::text::is_hidden;
use serde_json::Value;
use serde_json::json as value;

use super::case::in_parallel;
use super::names::{self, Estate};
use crate::python::python;
use crate::support::{DEMO, command, json, root};

/// An output for a reader.
pub(super) struct Shown {
    /// The reader in `tests/hostile/readers.py`.
    pub(super) reader: &'static str,
    /// The run, and where in its output.
    pub(super) what: String,
    pub(super) text: Vec<u8>,
    /// For scripts: the account that they run in.
    pub(super) account: Option<String>,
}

impl Shown {
    pub(super) fn new(reader: &'static str, what: &str, text: impl Into<Vec<u8>>) -> Self {
        Self { reader, what: what.to_owned(), text: text.into(), account: None }
    }
}

/// Formats with their readers.
const FORMATS: [(&str, &str); 6] = [
    ("table", "terminal"),
    ("json", "json"),
    ("csv", "csv"),
    ("markdown", "markdown"),
    ("xlsx", "workbook"),
    ("html", "html"),
];

/// Commands that show an estate or a bill; `{}` stands for the folder of the files.
const COMMANDS: [&[&str]; 7] = [
    &["review", "{}/estate", "--config", "{}/cost.toml"],
    &["savings", "{}/estate", "--config", "{}/cost.toml"],
    &["commitments", "{}/estate", "--config", "{}/cost.toml"],
    &["anomalies", "{}/estate", "--config", "{}/cost.toml", "--drops"],
    &["anomalies", "{}/bill.csv", "--backtest", "2026-10-01..2026-11-01"],
    &["validate", "{}/bill.csv"],
    &["pull", "files", "{}/bill.csv", "--into", "{}/again", "--as-of", "2026-11-02"],
];

#[test]
fn no_reader_sees_more_than_the_program_means() {
    let estates = Estate::of(&names::all());
    let shown = in_parallel(&estates, walk);
    println!("{} names, {} estates", names::all().len(), estates.len());
    read(&shown);
}

/// A word for the shell is the text, and nothing else: bash itself says what it reads.
#[test]
fn bash_reads_each_name_as_it_is() {
    let names: Vec<String> = names::all().into_iter().filter(|n| !n.contains('\0')).collect();
    let words: Vec<String> = names.iter().map(|name| shell_word(name)).collect();
    assert!(words.iter().all(|word| !word.chars().any(is_hidden)));
    let script = format!("printf '%s\\0' {}", words.join(" "));
    let ran = Command::new("bash").arg("-c").arg(script).env("LC_ALL", "C").output();
    let ran = ran.expect("bash runs");
    let read = String::from_utf8(ran.stdout).expect("UTF-8");
    let read: Vec<&str> = read.split_terminator('\0').collect();
    assert_eq!(read, names);
}

/// The demo with troublesome names: scripts of nearly all checks, and the pages that show them.
#[test]
fn scripts_run_only_the_command_lines_of_clouds() {
    let folder = tempfile::tempdir().expect("a folder");
    let shown = in_parallel(&[0_u32], |offset| {
        let demo = folder.path().join(offset.to_string());
        let made = python()
            .arg(root().join("tests/hostile/demo.py"))
            .args([root().join(DEMO).as_os_str(), demo.as_os_str()])
            .arg(offset.to_string())
            .output()
            .expect("python runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let demo = demo.to_str().expect("UTF-8");
        let mut all = scripts(&json(&["savings", demo]));
        for command in ["review", "savings", "commitments", "anomalies"] {
            for (format, reader) in FORMATS {
                let args = [command, demo, "--format", format, "--top", "1000"];
                let ran = crate::support::command(&args).output().expect("it runs");
                assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
                let what = format!("{command} of the demo + {offset}");
                all.push(Shown::new(reader, &what, ran.stdout));
            }
        }
        all
    });
    assert!(shown.iter().filter(|s| s.reader == "shell").count() > 300, "of nearly all checks");
    read(&shown);
}

/// All outputs of all commands on an estate.
fn walk(estate: &Estate) -> Vec<Shown> {
    let mut shown: Vec<Shown> = COMMANDS.iter().flat_map(|args| in_formats(estate, args)).collect();
    shown.extend(explained(estate));
    shown.extend(failures(estate));
    shown
}

fn in_formats(estate: &Estate, args: &[&str]) -> Vec<Shown> {
    let of = |(format, reader): (&str, &'static str)| {
        let mut args = args.to_vec();
        args.extend(["--format", format]);
        if reader == "terminal" {
            args.extend(["--color", "always"]);
        }
        shown(estate, &args, reader)
    };
    FORMATS.into_iter().flat_map(of).collect()
}

/// Runs a command and returns what it shows: the report, and the messages.
fn shown(estate: &Estate, args: &[&str], reader: &'static str) -> Vec<Shown> {
    let folder = estate.folder.path().to_str().expect("UTF-8");
    let args: Vec<String> = args.iter().map(|a| a.replace("{}", folder)).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    // Runs side by side need no threads of their own.
    let output = command(&args).env("POLARS_MAX_THREADS", "1").output().expect("the binary runs");
    let what = format!("{:?} of {:?}", &args[..args.len().min(12)], brief(&estate.names));
    let code = output.status.code().unwrap_or(-1);
    assert!(
        matches!(code, 0 | 1 | 3),
        "{what}: {code}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let messages = if code == 1 { "message" } else { "terminal" };
    [(reader, output.stdout), (messages, output.stderr)]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(reader, text)| Shown::new(reader, &what, text))
        .collect()
}

/// The beginning of each name.
fn brief(names: &[String]) -> Vec<String> {
    names.iter().map(|n| n.chars().take(12).collect()).collect()
}

/// What `explain` shows of some opportunities, risks, and anomalies, with the scripts of all.
fn explained(estate: &Estate) -> Vec<Shown> {
    let of = |args: &[&str]| -> Value {
        let shown = shown(estate, &[args, &["--format", "json"]].concat(), "json");
        serde_json::from_slice(&shown[0].text).expect("JSON")
    };
    let savings = of(&["savings", "{}/estate"]);
    let anomalies = of(&["anomalies", "{}/estate"]);
    let mut all = scripts(&savings);
    let found = [&savings["opportunities"], &anomalies["anomalies"]];
    // There are two opportunities of each name.
    let found = found.into_iter().filter_map(Value::as_array).flatten();
    for (at, found) in found.enumerate().filter(|(at, _)| at % 2 == 0) {
        let id = found["id"].as_str().expect("an ID");
        let other = [("svg", "svg"), FORMATS[at / 4 % 3], FORMATS[3 + at / 4 % 2]];
        let is_drawn = id.starts_with("an-");
        let (format, reader) = other[if at % 4 == 0 { 2 } else { usize::from(!is_drawn) }];
        all.extend(shown(estate, &["explain", id, "{}/estate", "--format", format], reader));
    }
    all
}

/// The scripts of opportunities, each different one once.
pub(super) fn scripts(savings: &Value) -> Vec<Shown> {
    let mut all = BTreeMap::new();
    for found in savings["opportunities"].as_array().expect("opportunities") {
        for key in ["commands", "rollback_commands"] {
            let lines = found["runbook"][key].as_array().into_iter().flatten();
            let lines: Vec<&str> = lines.filter_map(Value::as_str).collect();
            let text = format!("{}\n", lines.join("\n"));
            let what = format!("{key} of {} of {}", found["check"], found["title"]);
            let account = found["scope"]["sub_account_id"].as_str().map(str::to_owned);
            all.insert(text.clone(), Shown { account, ..Shown::new("shell", &what, text) });
        }
    }
    all.into_values().filter(|shown| !shown.text.is_empty()).collect()
}

/// Messages about files, folders, IDs, and options that are named so.
fn failures(estate: &Estate) -> Vec<Shown> {
    let mut all = Vec::new();
    for (at, name) in estate.names.iter().enumerate().filter(|(_, n)| !n.contains('\0')) {
        let file = format!("{}.csv", name.replace('/', "_"));
        let path = estate.path(&file);
        if fs::write(&path, format!("BilledCost,{}\n1\n", name.replace(['"', '\n', '\r'], "_")))
            .is_err()
        {
            continue;
        }
        let (location, config) = (format!("{{}}/{file}"), format!("--config={name}"));
        let places: [&[&str]; 3] = [
            &["review", &location],
            &["validate", &location, "--format", "markdown"],
            &["review", "{}/estate", &config],
        ];
        all.extend(shown(estate, places[at % 3], ["terminal", "markdown", "terminal"][at % 3]));
        fs::remove_file(&path).expect("removed");
    }
    all
}

/// Opens all outputs with their readers.
pub(super) fn read(shown: &[Shown]) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut lines = String::new();
    for (at, Shown { reader, what, text, account }) in shown.iter().enumerate() {
        let file = format!("{at}.txt");
        fs::write(folder.path().join(&file), text).expect("written");
        let account = account.as_deref().unwrap_or_default();
        let row = value!({"reader": reader, "file": file, "what": what, "account": account});
        lines.push_str(&format!("{row}\n"));
    }
    fs::write(folder.path().join("outputs.jsonl"), lines).expect("written");
    let found = readers(folder.path());
    println!("{found}");
    let findings: Vec<&str> = found.lines().filter(|l| l.starts_with("finding: ")).collect();
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

fn readers(folder: &Path) -> String {
    let script = root().join("tests/hostile/readers.py");
    let output = python().arg(script).arg(folder).output().expect("python runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}\n(`tests/run` installs what it needs)");
    String::from_utf8(output.stdout).expect("UTF-8")
}
