//! Alerts are never lost: receivers that redirect or refuse, reports that cannot be written, and
//! single rows, dates, and settings that must not silence later reports.

use std::fs::{self, File};
use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::jobs::{Answer, Job, Receiver, mail_server_but, webhook};
use crate::support::{Ran, command, cost};

/// Two services that rise on different days, and one that does not.
const TWO: [(&str, u32, u32); 3] = [("poison", 5, 6), ("spike", 10, 12), ("quiet", 0, 0)];

/// Runs a job on its bill without `--as-of`.
fn run(job: &Job, more: &[&str]) -> Ran {
    let (bill, state, config) =
        (job.path("bill.csv"), job.path("state.json"), job.path("cost.toml"));
    let args = ["anomalies", &bill, "--state", &state, "--config", &config, "--format", "json"];
    cost(&[&args[..], more].concat())
}

fn report(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {}", ran.stderr))
}

fn count(report: &Value, key: &str) -> usize {
    report["alerts"][key].as_array().map_or(0, Vec::len)
}

/// Adds rows of a service to the job's bill: day and cost.
fn add(job: &Job, rows: &[(&str, u32)]) {
    let mut bill =
        File::options().append(true).open(job.path("bill.csv")).expect("the bill is there");
    for (day, cost) in rows {
        writeln!(
            bill,
            "{cost},{cost},{cost},{cost},{cost},Units,2026-03-01T00:00:00Z,2026-04-01T00:00:00Z,{day}T00:00:00Z,{day}T01:00:00Z,\
             USD,Usage,,b,AWS,spike,AWS,a1,us-east-1,"
        )
        .expect("it can be written");
    }
}

#[test]
fn a_refused_notice_does_not_block_its_channel() {
    let receiver = Receiver::start();
    let job = Job::with(&webhook(&receiver.url), &TWO);
    receiver.answer(Answer::Refuses("poison"));
    let ran = job.run("2026-03-11");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("refused for good"), "{}", ran.stderr);
    let bodies = receiver.bodies();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    assert_eq!(bodies[0]["data"]["anomaly"]["scope"]["service_name"], "spike");
    // It is said in every run, and not sent again.
    let again = job.run("2026-03-11");
    let shown = report(&again);
    assert_eq!((again.code, count(&shown, "undelivered")), (0, 1), "{}", again.stderr);
    let said = "1 notice that a channel refused for good in earlier runs (hook): ";
    assert!(again.stderr.contains(said), "{}", again.stderr);
    assert!(shown["alerts"]["warnings"][0].as_str().is_some_and(|w| w.starts_with(said)));
    let notice = &shown["alerts"]["undelivered"][0];
    assert_eq!((&notice["refused"], &notice["reason"]), (&true.into(), &"answered 400".into()));
    let alert = notice["alert"].as_str().expect("an id").to_owned();
    receiver.answer(Answer::Ok);
    assert_eq!(job.decide(&["retry", "an-0000000000"]).code, 1);
    let said = job.decide(&["retry", &alert]);
    let listed =
        format!("1 notice will be sent again by the next run\n{alert}.raised.hook: answered 400\n");
    assert_eq!(said.stdout, listed, "{}", said.stderr);
    assert_eq!(job.run("2026-03-11").code, 0);
    assert_eq!(receiver.bodies().len(), 2);
    assert_eq!(job.decide(&["drop", "--all"]).code, 1, "nothing is left");
}

/// What a receiver answers, and what is stored and shown of it.
#[test]
fn the_answer_to_a_refused_notice_is_shown_without_secrets() {
    let long: &str = "no_text no_text no_text no_text no_text no_text no_text no_text no_text no_text no_text no_text \
                      no_text no_text no_text no_text no_text no_text no_text no_text no_text no_text no_text no_text no_text end";
    let cut = format!("answered 400: {}…", &long[..200]);
    for (answer, shown) in [
        ("channel_is_archived\n", "answered 400: channel_is_archived"),
        ("{\n  \"error\": \"\u{1b}[31mred\"\n}", r#"answered 400: { "error": "\u{1b}[31mred" }"#),
        (long, cut.as_str()),
        (
            "no route for /hook-secret-token",
            "answered 400 (its text repeats a secret, and is not shown)",
        ),
    ] {
        let receiver = Receiver::start();
        let job = Job::new(&webhook(&receiver.url));
        receiver.answer(Answer::Explains(answer));
        let first = job.run("2026-03-11");
        assert!(first.stderr.contains(&format!("retry`: {shown}")), "{}", first.stderr);
        let again = job.run("2026-03-11");
        assert_eq!(report(&again)["alerts"]["undelivered"][0]["reason"], shown);
        let said = job.decide(&["retry", "--all"]);
        assert!(said.stdout.ends_with(&format!(".raised.hook: {shown}\n")) || shown.contains('\\'));
        let state = job.ledger().to_string();
        for text in [&first.stderr, &first.stdout, &again.stdout, &said.stdout, &state] {
            assert!(!text.contains("hook-secret"), "{text}");
        }
    }
}

#[test]
fn a_job_in_csv_has_its_alerts_and_what_was_not_delivered() {
    let receiver = Receiver::start();
    let job = Job::with(&webhook(&receiver.url), &TWO);
    receiver.answer(Answer::Refuses("poison"));
    let args = job.args("2026-03-11");
    let args: Vec<&str> = args.iter().map(|a| if a == "json" { "csv" } else { a }).collect();
    let ran = cost(&args);
    let alerts = job.ledger()["alerts"].clone();
    let id = |at: usize| alerts[at]["id"].as_str().expect("an id").to_owned();
    for row in [
        format!("alert,{},new,alerts,1,,,,\n", id(0)),
        format!("alert,{},new,alerts,1,,,,\n", id(1)),
        format!("alert,{},waiting for a decision,alerts,1,,,,\n", id(1)),
        format!("notice,{},hook refused: answered 400,undelivered notices,1,,,,\n", id(0)),
    ] {
        assert!(ran.stdout.contains(&row), "{row}: {}", ran.stdout);
    }
    let again = cost(&args);
    assert!(
        again.stdout.contains("\nalerts,warning,\"1 notice that a channel refused"),
        "{}",
        again.stdout
    );
    assert!(!again.stdout.contains(",new,alerts,"), "{}", again.stdout);
}

/// The charges of an account are late: its alert stays open. A service that ends is an end.
#[test]
fn an_account_without_usage_closes_no_alert() {
    let job = Job::with("", &[("spike", 10, 31), ("quiet", 0, 0)]);
    let complete = fs::read_to_string(job.path("bill.csv")).expect("the bill is there");
    let other = complete.replace(",AWS,a1,", ",AWS,a2,");
    let other: String = other.lines().skip(1).map(|line| [line, "\n"].concat()).collect();
    let other = other.replace("400,400,400,400,400,", "100,100,100,100,100,");
    let bill = |without: &dyn Fn(&str) -> bool| {
        let rows = complete.lines().filter(|line| !without(line));
        let rows: String = rows.map(|line| [line, "\n"].concat()).collect();
        fs::write(job.path("bill.csv"), rows + &other).expect("it can be written");
    };
    let from =
        |line: &str, day: u32| (day..=31).any(|d| line.contains(&format!("Z,2026-03-{d:02}T")));
    bill(&|_| false);
    assert_eq!(job.alerts("2026-03-11"), (3, [1, 0, 1]));
    assert_eq!(job.ledger()["alerts"][0]["anomaly"]["scope"]["sub_account_id"], "a1");
    bill(&|line| line.contains(",a1,") && from(line, 11));
    let late = job.run("2026-03-18");
    let said = "accounts with open alerts have no usage in the newest days (a1 since ";
    assert!(late.stderr.contains(said), "{}", late.stderr);
    let shown = report(&late);
    assert_eq!((count(&shown, "closed"), count(&shown, "waiting")), (0, 1), "{}", late.stdout);
    bill(&|line| line.contains(",spike,") && line.contains(",a1,") && from(line, 11));
    let ended = job.run("2026-03-18");
    assert_eq!((count(&report(&ended), "closed"), ended.stderr.as_str()), (1, ""));
}

#[test]
fn a_refused_mail_does_not_block_its_channel() {
    let mail = mail_server_but("poison");
    let config = format!(
        "[[notify]]\nname = \"mail\"\nkind = \"email\"\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n\
         from = \"cost@example.com\"\nto = [\"finops@example.com\"]\n",
        mail.port
    );
    let job = Job::with(&config, &TWO);
    let ran = job.run("2026-03-11");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("the mail server answered 550"), "{}", ran.stderr);
    let alerts = job.ledger()["alerts"].clone();
    let of = |key: &str| -> usize {
        alerts
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|a| a[key].as_array())
            .map(Vec::len)
            .sum()
    };
    assert_eq!((of("outbox"), of("refused")), (0, 1), "{alerts}");
    assert!(mail.taken.lock().expect("a lock").contains("service spike"));
    let dropped = job.decide(&["drop", "mail"]);
    assert!(dropped.stdout.starts_with("1 notice removed\nan-"), "{}", dropped.stdout);
    let reason = ".raised.mail: the mail server answered 550: refused\n";
    assert!(dropped.stdout.ends_with(reason), "{}", dropped.stdout);
}

#[cfg(target_os = "linux")]
#[test]
fn what_could_not_be_reported_is_new_in_the_next_run() {
    let job = Job::new("");
    let args = job.args("2026-03-11");
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let full = File::options().write(true).open("/dev/full").expect("the device is there");
    let status = command(&args).stdout(full).stderr(Stdio::null()).status().expect("it runs");
    assert_eq!(status.code(), Some(1));
    assert_eq!(job.alerts("2026-03-11"), (3, [1, 0, 1]));
    assert_eq!(job.alerts("2026-03-11"), (0, [0, 0, 1]));

    let job = Job::new("[metrics]\npath = \"/nonexistent/cost.prom\"\n");
    for _ in 0..2 {
        assert_eq!(job.alerts("2026-03-11"), (1, [1, 0, 1]));
    }
    fs::write(job.path("cost.toml"), "").expect("it can be written");
    assert_eq!(job.alerts("2026-03-11"), (3, [1, 0, 1]));
    assert_eq!(job.alerts("2026-03-11"), (0, [0, 0, 1]));
}

#[test]
fn one_wrong_date_silences_nothing() {
    for day in ["2062-08-30", "2099-12-31", "2001-01-01"] {
        let job = Job::with("", &[("spike", 0, 0), ("quiet", 0, 0)]);
        let healthy = fs::read_to_string(job.path("bill.csv")).expect("the bill is there");
        add(&job, &[(day, 12)]);
        let first = run(&job, &["--fail"]);
        assert_eq!(first.code, 0, "{day}: {}", first.stderr);
        let notes = report(&first)["notes"].to_string();
        assert!(
            notes.contains(&format!(
                "1 line item is dated {day}, far from all others (12.00 USD of BilledCost, 12.00 USD of EffectiveCost, {}): \
                 it does not change the days of the bill",
                job.path("bill.csv")
            )),
            "{day}: {notes}"
        );
        assert_eq!(job.ledger()["seen_until"], "2026-04-01", "{day}");
        // The bill without the row, with spikes.
        fs::write(job.path("bill.csv"), healthy).expect("it can be written");
        add(&job, &[("2026-03-30", 300), ("2026-03-31", 300)]);
        let second = run(&job, &["--fail"]);
        assert_eq!((second.code, count(&report(&second), "new")), (3, 1), "{}", second.stderr);
    }
}

#[test]
fn a_charge_far_away_counts_in_the_invoice_but_not_in_the_days() {
    let job = Job::with("", &[("spike", 0, 0), ("quiet", 0, 0)]);
    add(&job, &[("2062-08-30", 12)]);
    let review = crate::support::json(&["review", &job.path("bill.csv")]);
    assert_eq!(review["month"], "2026-03");
    assert_eq!(review["estate"]["last_day"], "2026-03-31");
    // 31 days of 200, and the charge of 12 in its billing period.
    assert_eq!(review["totals"]["billed"]["this_month"]["amount"], "6212");
    let outlying = &review["data_quality"]["outlying"][0];
    assert_eq!((&outlying["line_items"], &outlying["billed"]["amount"]), (&1.into(), &"12".into()));
    let invoices = review["invoices"].as_array().expect("invoices");
    let march = invoices.iter().find(|i| i["billing_period"] == "2026-03-01").expect("March");
    assert_eq!(march["billed"]["amount"], "6212");
    let its_own = crate::support::json(&["review", &job.path("bill.csv"), "--month", "2062-08"]);
    assert_eq!(its_own["totals"]["effective"]["this_month"]["amount"], "12");
    let hidden =
        cost(&["review", &job.path("bill.csv"), "--as-of", "2026-04-02", "--format", "json"]);
    assert!(report(&hidden)["data_quality"].get("outlying").is_none(), "{}", hidden.stdout);
}

#[test]
fn settings_that_silence_everything_are_said() {
    let job = Job::new("[[anomalies.exclude]]\nsub_account_id = \"a1\"\n");
    let ran = job.run("2026-03-11");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("no usage is monitored"), "{}", ran.stderr);
    let event = "[[anomalies.events]]\nname = \"m\"\nfirst_day = \"2025-01-01\"\nlast_day = \"2099-01-01\"\n";
    let ran = Job::new(event).run("2026-03-11");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("the event `m` covers the entire estate"), "{}", ran.stderr);
    let months = "[[anomalies.events]]\nname = \"a\"\nfirst_day = \"2026-02-01\"\nlast_day = \"2026-03-05\"\n\
                  [[anomalies.events]]\nname = \"b\"\nfirst_day = \"2026-03-01\"\nlast_day = \"2026-04-01\"\n";
    let floor = "[[anomalies.rules]]\nwhere = {}\nfloor = 4000000000\n";
    for config in [months, floor] {
        let ran = Job::new(config).run("2026-03-11");
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        assert!(ran.stderr.contains("no anomaly can be raised"), "{}", ran.stderr);
    }
    let ran = Job::new("[anomalies.thresholds]\nrelative_pct = 4000000000\n").run("2026-03-11");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("at most 10000 is allowed"), "{}", ran.stderr);
    let job = Job::new("");
    assert_eq!(run(&job, &["--lookback", "0"]).code, 2);
}

#[test]
fn a_part_that_an_event_silences_for_long_is_said() {
    let event = "[[anomalies.events]]\nname = \"m\"\nfirst_day = \"2025-01-01\"\nlast_day = \"2099-01-01\"\n\
                 where = { service_name = \"spike\" }\n";
    let ran = Job::with(event, &TWO).run("2026-03-11");
    // The exit code is that of the other service's anomaly.
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("spike is not monitored since 2025-01-01"), "{}", ran.stderr);
}

#[test]
fn a_part_that_the_floor_of_a_rule_silences_is_said() {
    let rule = "[[anomalies.rules]]\nwhere = { service_name = \"spike\" }\nfloor = 4000000000\n";
    let ran = Job::with(rule, &TWO).run("2026-03-11");
    // The exit code is that of the other service's anomaly.
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let said = "no anomaly of service spike can be raised: a floor of 4000000000 a day is more than 10 times";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
}

#[test]
fn a_format_that_cannot_show_a_job_is_refused_before_notices_are_sent() {
    let job = Job::new("");
    let (bill, state) = (job.path("bill.csv"), job.path("state.json"));
    let ran = cost(&["anomalies", &bill, "--state", &state, "--format", "svg"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(!std::path::Path::new(&state).exists());
}

#[test]
fn a_job_that_did_not_run_for_weeks_reports_what_it_missed() {
    let job = Job::with("", &[("spike", 10, 12), ("quiet", 0, 0)]);
    assert_eq!(job.alerts("2026-03-05"), (0, [0, 0, 0]));
    // 16 days after the rise, with a look-back of 7.
    let (code, [new, ..]) = job.alerts("2026-03-26");
    assert_eq!((code, new), (3, 1));
    assert_eq!(job.ledger()["billing_accounts"][0], "b");
}
