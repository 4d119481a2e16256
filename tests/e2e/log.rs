//! Tests of the log: it is on stderr, has only events of our own crates, and does not change stdout.

use serde_json::Value;

use crate::support::{DEMO, HEADER, ROW, cost};

/// Returns the lines of a JSON log. Each is an object from one of our own crates.
pub(crate) fn events(stderr: &str) -> Vec<Value> {
    let event = |line: &str| {
        let event: Value =
            serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: no JSON: {line}"));
        let target = event["target"].as_str().unwrap_or_default();
        assert!(target.starts_with("cost"), "not of ours: {line}");
        event
    };
    stderr.lines().map(event).collect()
}

#[test]
fn a_log_changes_nothing_on_stdout() {
    let plain = cost(&["review", DEMO]);
    assert_eq!((plain.code, plain.stderr.as_str()), (0, ""));
    for (options, wanted) in [
        (&["-v"][..], &["INFO", "bill aggregated", "line_items="][..]),
        (&["-vv"], &["DEBUG", "billing/", "status=\"read\""]),
        (&["-v", "--redact"], &["bill aggregated"]),
        (&["-vv", "--log-format", "json"], &["\"bill aggregated\"", "\"line_items\":"]),
    ] {
        let logged = cost(&[&["review", DEMO], options].concat());
        // Reports show account ids, which --redact masks.
        assert!(logged.stdout == plain.stdout || options.contains(&"--redact"), "{options:?}");
        for word in wanted {
            assert!(logged.stderr.contains(word), "{word}: {}", logged.stderr);
        }
    }
    assert!(!cost(&["review", DEMO, "-v"]).stderr.contains("DEBUG"));
    let quiet = cost(&["review", DEMO, "--log-format", "json"]);
    assert_eq!((quiet.stdout, quiet.stderr.as_str()), (plain.stdout, ""));
}

#[test]
fn in_json_each_line_of_stderr_is_an_object() {
    let failing = ["review", "no-such-bill.csv"];
    let text = cost(&failing);
    let message = text.stderr.strip_prefix("error: ").expect("an error").trim_end();
    for verbose in [&[][..], &["-v"], &["-vv"]] {
        let json = cost(&[&failing, verbose, &["--log-format", "json"]].concat());
        assert_eq!(json.code, text.code);
        let events = events(&json.stderr);
        let errors: Vec<&Value> = events.iter().filter(|e| e["level"] == "ERROR").collect();
        assert!(matches!(errors.as_slice(), [one] if one["message"] == message), "{events:?}");
        // In text a message is the same with a log as without.
        let logged = cost(&[&failing, verbose].concat());
        assert!(logged.stderr.ends_with(&text.stderr), "{}", logged.stderr);
    }
    let wrong = cost(&["audit", "--log-format", "json"]);
    let events = events(&wrong.stderr);
    assert!(wrong.code == 2 && events.len() == 1, "{}", wrong.stderr);
    assert!(events[0]["message"].as_str().is_some_and(|m| m.contains("audit")), "{events:?}");
    assert_eq!(cost(&["audit"]).code, 2);
}

#[test]
fn names_in_a_log_are_escaped_and_accounts_masked() {
    let folder = tempfile::tempdir().expect("a folder");
    let name = "prod\u{202e}tset 123456789012.csv";
    std::fs::write(folder.path().join(name), format!("{HEADER}\n{ROW}\n")).expect("written");
    let place = folder.path().to_str().expect("UTF-8");
    for format in ["text", "json"] {
        let ran = cost(&["review", place, "-vv", "--redact", "--log-format", format]);
        let shown = ran.stderr.contains("202e") && ran.stderr.contains("********9012");
        assert!(shown && !ran.stderr.contains('\u{202e}'), "{}", ran.stderr);
        assert!(!ran.stderr.contains("123456789012"), "{}", ran.stderr);
        if format == "json" {
            let of_file = |e: &Value| e["path"].as_str().is_some_and(|p| p.contains('\u{202e}'));
            assert!(events(&ran.stderr).iter().any(of_file), "{}", ran.stderr);
        }
    }
}
