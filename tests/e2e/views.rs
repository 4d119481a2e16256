//! Other commands, exit codes, and bill formats.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::support::{DEMO, SAMPLE, command, cost, cost_with_one_thread, json, root, stdout};

#[test]
fn repeated_runs_one_thread_and_shuffled_rows_give_the_same_bytes() {
    for estate in [SAMPLE, DEMO] {
        let args = [
            "review",
            estate,
            "--format",
            "json",
            "--group-by",
            "service,usage-type,tag:team,tag:env",
        ];
        let first = stdout(&args);
        assert_eq!(first, stdout(&args));
        assert_eq!(first, cost_with_one_thread(&args).stdout);
    }
    let text = fs::read_to_string(root().join(SAMPLE)).expect("the sample is there");
    // Tag documents of the sample hold no line breaks, so that lines are rows.
    let mut lines: Vec<&str> = text.lines().collect();
    let header = lines.remove(0);
    assert_eq!(lines.len(), 1_000);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shuffled.csv");
    // 611 and 1,000 have no common divisor: every row once, far from where it was.
    let shuffled: Vec<&str> = (0..lines.len()).map(|i| lines[i * 611 % lines.len()]).collect();
    fs::write(&path, format!("{header}\n{}\n", shuffled.join("\n"))).expect("written");
    // The files are called by their paths, the only thing that differs.
    let of = |p: &str| stdout(&["review", p, "--format", "json"]).replace(p, "BILL");
    assert_eq!(of(SAMPLE), of(path.to_str().expect("UTF-8")));
}

fn totals(location: &Path) -> Value {
    json(&["review", location.to_str().expect("UTF-8")])["totals"].clone()
}

#[test]
fn a_bill_reads_the_same_in_every_form() {
    let folder = tempfile::tempdir().expect("a folder");
    let expected = totals(Path::new(SAMPLE));
    let text = fs::read_to_string(root().join(SAMPLE)).expect("the sample is there");
    let zipped = folder.path().join("bill.csv.gz");
    let mut gz = GzEncoder::new(fs::File::create(&zipped).expect("created"), Compression::fast());
    gz.write_all(text.as_bytes()).expect("written");
    gz.finish().expect("finished");
    assert_eq!(totals(&zipped), expected);

    // Two halves with different column order, in nested folders, and a partly written one next to
    // them.
    let (header, rows) = text.split_once('\n').expect("a header");
    let lines: Vec<&str> = rows.lines().collect();
    let halves = folder.path().join("halves");
    for (name, part) in [("a", &lines[..400]), ("b/c", &lines[400..])] {
        let path = halves.join(name).join("part.csv");
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        fs::write(path, format!("{header}\n{}\n", part.join("\n"))).expect("written");
    }
    fs::write(halves.join("_half.csv.tmp"), "rubbish").expect("written");
    fs::write(halves.join(".hidden.csv"), "rubbish").expect("written");
    assert_eq!(totals(&halves), expected);
    assert_eq!(totals(&halves.join("b/**/*.csv")), totals(&halves.join("b")));
    assert_eq!(totals(&halves.join("**/*.csv")), expected);
}

#[test]
fn columns_renamed_missing_or_foreign_are_handled() {
    let folder = tempfile::tempdir().expect("a folder");
    let expected = totals(Path::new(SAMPLE));
    let text = fs::read_to_string(root().join(SAMPLE)).expect("the sample is there");
    // As FOCUS 1.3 names it.
    let renamed = folder.path().join("renamed.csv");
    fs::write(&renamed, text.replacen("\"ProviderName\"", "\"ServiceProviderName\"", 1))
        .expect("written");
    let review = json(&["review", renamed.to_str().expect("UTF-8")]);
    assert_eq!(review["totals"], expected);
    assert_eq!(review["estate"]["focus_version"], "1.3");
    // An optional column that is not there is null, and said.
    let without = folder.path().join("without.csv");
    fs::write(&without, text.replacen("\"RegionId\"", "\"x_Region\"", 1)).expect("written");
    let review = json(&["review", without.to_str().expect("UTF-8")]);
    assert_eq!(review["totals"], expected);
    let notes = review["notes"].to_string();
    assert!(notes.contains("column RegionId is missing"), "{notes}");
}

#[test]
fn explain_finds_ids_of_any_month_and_refuses_others() {
    let june = json(&["anomalies", DEMO, "--month", "2026-06"]);
    let id = june["anomalies"][0]["id"].as_str().expect("an id");
    assert!(stdout(&["explain", id, DEMO]).contains("DataProcessing-Bytes"));
    assert_eq!(json(&["explain", id, DEMO])["anomaly"]["id"], id);
    let ran = command(&["explain", id]).env("COST_ESTATE", DEMO).output().expect("the binary runs");
    assert_eq!(ran.status.code(), Some(0), "the estate can come from the environment");
    let ran = cost(&["explain", "op-0000000000", DEMO]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains(
            "has no opportunity, reliability risk, or anomaly `op-0000000000` in any month"
        ),
        "{}",
        ran.stderr
    );
}

#[test]
fn exit_codes_say_how_it_went() {
    assert_eq!(cost(&["review"]).code, 2);
    assert_eq!(cost(&["review", DEMO, "--month", "June"]).code, 2);
    assert_eq!(cost(&["review", DEMO, "--group-by", "color"]).code, 2);
    assert_eq!(cost(&["review", DEMO, "--month", "2020-01"]).code, 1);
    assert_eq!(cost(&["anomalies", DEMO, "--fail"]).code, 3);
    assert_eq!(
        cost(&["anomalies", DEMO, "--month", "2026-04", "--as-of", "2026-05-01", "--fail"]).code,
        0
    );
    assert_eq!(
        cost(&["anomalies", DEMO, "--threshold", "100%", "--min-impact", "300", "--fail"]).code,
        3
    );
    assert_eq!(cost(&["anomalies", DEMO, "--min-impact", "100000", "--fail"]).code, 0);
}

#[test]
fn checks_are_documented() {
    let catalogue = json(&["checks"]);
    for check in catalogue["checks"].as_array().expect("checks") {
        let id = check["id"].as_str().expect("an id");
        let docs = stdout(&["checks", id]);
        for heading in
            ["## What it finds", "## How the saving is computed", "## Trade-offs", "## Source"]
        {
            assert!(docs.contains(heading), "{id} lacks {heading}");
        }
    }
    assert_eq!(cost(&["checks", "no_such_check"]).code, 1);
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(stdout(&["completions", shell]).contains("validate"), "{shell}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = command(&["review", DEMO, "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty());
}

#[test]
fn colors_only_when_asked_for() {
    assert!(!stdout(&["review", DEMO]).contains('\u{1b}'));
    assert!(stdout(&["review", DEMO, "--color", "always"]).contains('\u{1b}'));
}

/// One of each kind of invisible character, or that changes the direction of text: control, mark of
/// direction, override, filler, variation selector, tag, line separator, private use, Braille
/// blank.
const UNSEEN: [char; 10] = [
    '\u{1b}',
    '\u{9b}',
    '\u{61c}',
    '\u{202e}',
    '\u{3164}',
    '\u{fe0f}',
    '\u{e0041}',
    '\u{2028}',
    '\u{e000}',
    '\u{2800}',
];

#[test]
fn hostile_names_reach_neither_terminal_nor_spreadsheet() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bill.csv");
    let hostile = format!("=HYPERLINK(\"http://evil\")[31m{}", UNSEEN.iter().collect::<String>());
    fs::write(&path, crate::support::bill_with("ServiceName", &hostile)).expect("written");
    let path = path.to_str().expect("UTF-8");
    let harmless = |text: &str| assert!(!text.contains(UNSEEN), "{}", text.escape_debug());
    let table = stdout(&["review", path, "--width", "300"]);
    harmless(&table);
    assert!(table.contains(r"\u{202e}\u{3164}"), "{table}");
    let csv = stdout(&["review", path, "--format", "csv"]);
    harmless(&csv);
    assert!(csv.contains("'=HYPERLINK"), "{csv}");
    assert!(!csv.contains(",=HYPERLINK") && !csv.contains(",\"=HYPERLINK"), "{csv}");
    let text = stdout(&["review", path, "--format", "json"]);
    harmless(&text);
    let read: Value = serde_json::from_str(&text).expect("JSON");
    let groups = read["groups"].as_array().expect("groups");
    let mut keys =
        groups.iter().flat_map(|g| g["rows"].as_array().expect("rows")).map(|row| &row["key"]);
    assert!(keys.any(|key| key == hostile.as_str()), "programs read the name as it is: {text}");
}

#[test]
fn hostile_cells_reach_no_message() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bill.csv");
    let hostile = UNSEEN.iter().collect::<String>();
    fs::write(&path, crate::support::bill_with("ChargeCategory", &hostile)).expect("written");
    let path = path.to_str().expect("UTF-8");
    let ran = cost(&["review", path]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains(r"\u{202e}") && !ran.stderr.contains(UNSEEN),
        "{}",
        ran.stderr.escape_debug()
    );
    for format in ["table", "json"] {
        let ran = cost(&["validate", path, "--format", format]);
        assert_eq!(ran.code, 3, "{}", ran.stderr);
        assert!(!ran.stdout.contains(UNSEEN), "{}", ran.stdout.escape_debug());
    }
}

#[test]
fn published_pages_are_what_the_program_writes() {
    published("docs/checks", &["checks", "--format", "markdown"]);
    published("docs/man", &["man"]);
}

/// Holds a published folder to what `cost ARGS --into FOLDER` writes.
fn published(folder: &str, args: &[&str]) {
    let published = root().join(folder);
    let made = tempfile::tempdir().expect("a folder");
    stdout(&[args, &["--into", made.path().to_str().expect("a path")]].concat());
    let pages = |folder: &Path| -> BTreeMap<String, String> {
        let files = fs::read_dir(folder).expect("it is there").map(|f| f.expect("a file").path());
        let name = |f: &Path| f.file_name().expect("a name").to_string_lossy().into_owned();
        files.map(|f| (name(&f), fs::read_to_string(&f).expect("text"))).collect()
    };
    let (published, made) = (pages(&published), pages(made.path()));
    let names: BTreeSet<&String> = published.keys().chain(made.keys()).collect();
    let stale: Vec<_> =
        names.iter().filter(|name| published.get(**name) != made.get(**name)).collect();
    assert!(stale.is_empty(), "`cargo xtask generate` writes these pages of {folder}: {stale:?}");
}

#[test]
fn limits_and_settings_of_savings_count_and_wrong_ones_are_refused() {
    let planned = |args: &[&str]| json(&[&["savings", DEMO], args].concat());
    let steps = |report: &Value| report["plan"]["steps"].as_array().map_or(0, Vec::len);
    let all = planned(&[]);
    let careful = planned(&[
        "--max-risk",
        "low",
        "--max-effort",
        "low",
        "--no-downtime",
        "--max-commitment",
        "0",
        "--min-saving",
        "5",
    ]);
    assert!(steps(&careful) > 0 && steps(&careful) < steps(&all));
    assert_eq!(careful["plan"]["limits"]["min_saving"], "5");
    let opportunities = careful["opportunities"].as_array().expect("opportunities");
    for step in careful["plan"]["steps"].as_array().expect("steps") {
        let of =
            opportunities.iter().find(|o| o["id"] == step["opportunity"]).expect("an opportunity");
        assert!(of["trade_off"]["risk"] == "low" && of["trade_off"]["effort"] == "low", "{of}");
    }
    assert_eq!(cost(&["savings", DEMO, "--max-risk", "none"]).code, 2);

    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("cost.toml");
    let with = |text: &str| {
        fs::write(&config, text).expect("it can be written");
        cost(&["savings", DEMO, "--format", "json", "--config", config.to_str().expect("a path")])
    };
    let ran = with(
        "[savings]\nskip = [\"gp2_volume\"]\n[savings.checks.unattached_volume]\nunattached_days = 100\n[savings.limits]\nmin_saving = \"1.50\"\n",
    );
    let report: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let of = |check: &str| {
        report["opportunities"]
            .as_array()
            .map_or(0, |all| all.iter().filter(|o| o["check"] == check).count())
    };
    assert_eq!(
        (of("gp2_volume"), of("unattached_volume")),
        (0, 2),
        "two of the volumes are older than a hundred days"
    );
    for (wrong, message) in [
        ("[savings]\nskip = [\"no_such\"]", "there is no check `no_such`"),
        ("[savings.checks.gp2_volume]\ndays = 1", "has no threshold `days`"),
        ("[[savings.ignore]]\nreason = \"all\"", "does not name what to ignore"),
        (
            "[savings.checks.unattached_volume]\nunattached_days = -1",
            "must be a number of 0 or more",
        ),
    ] {
        let ran = with(wrong);
        assert!(ran.code == 1 && ran.stderr.contains(message), "{}", ran.stderr);
    }
}

#[test]
fn a_saving_has_a_runbook() {
    let found = json(&["savings", DEMO]);
    let id = found["plan"]["steps"][0]["opportunity"].as_str().expect("an id").to_owned();
    let text = stdout(&["explain", &id, DEMO, "--format", "markdown"]);
    for part in [
        "# op-",
        "## Evidence",
        "## Test first",
        "## Roll out",
        "```sh\n(\nset -euo pipefail\n",
        "\naws ",
        "aws sts get-caller-identity",
        "## Watch",
        "## Roll back",
        "## Terraform",
    ] {
        assert!(text.contains(part), "no {part}:\n{text}");
    }
}
