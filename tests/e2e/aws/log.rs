//! Content of the log of a pull from AWS.

use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use super::{Server, pull};
use crate::log::events;
use crate::python::script;

/// Credentials that are recognized anywhere in the log.
const SECRETS: [(&str, &str); 2] = [
    ("AWS_SECRET_ACCESS_KEY", "recognizable-secret-key"),
    ("AWS_SESSION_TOKEN", "recognizable-session-token"),
];
/// Parts of signed requests.
const SIGNED: [&str; 4] = ["Authorization", "Credential=", "x-amz-security-token", "Signature"];

#[test]
fn a_log_has_each_request_and_no_secret() {
    let moto = Server::start();
    script("world.py", &[&moto.url]);
    let folder = TempDir::new().expect("folder");
    let place = folder.path().join("fernweh").to_str().expect("UTF-8").to_owned();
    let run = |options: &[&str]| {
        let mut command = moto.cost(&[&pull(&place, "2026-11-01")[..], options].concat());
        command.envs(SECRETS).output().expect("the binary runs")
    };
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    run(&[]);
    // The first pull has sent the paid requests.
    let plain = run(&[]);
    assert!(plain.status.success() && plain.stderr.is_empty(), "{}", text(&plain.stderr));
    let logged = |of: &Output| {
        let log = text(&of.stderr);
        assert!(of.status.success() && of.stdout == plain.stdout, "{log}");
        let secret = SECRETS.iter().map(|(_, secret)| *secret).chain(SIGNED);
        let shown: Vec<&str> = secret.filter(|secret| log.contains(secret)).collect();
        assert!(shown.is_empty(), "{shown:?} in {log}");
        log
    };
    let debug = logged(&run(&["-vv"]));
    assert!(debug.contains("DescribeVolumes") && debug.contains("status=200"), "{debug}");
    let info = logged(&run(&["-v"]));
    assert!(info.contains("part=\"inventory\"") && !info.contains("DescribeVolumes"), "{info}");

    let all = events(&logged(&run(&["-vv", "--log-format", "json"])));
    let of = |e: &&Value| e["operation"] == "DescribeVolumes" && e["region"] == "eu-west-1";
    let asked = all.iter().find(of).expect("each request is logged");
    assert_eq!((&asked["attempt"], &asked["status"]), (&Value::from(1), &Value::from(200)));
    assert_eq!(asked["spans"][0]["part"], "inventory", "{asked}");
    assert!(asked["account"].is_string(), "{asked}");
    let pulled = |e: &&Value| e["message"] == "pulled" && e["spans"][0]["part"] == "inventory";
    let pulled = all.iter().find(pulled).expect("each table is logged");
    assert!(pulled["rows"].as_u64() > Some(0) && pulled["ms"].is_u64(), "{pulled}");
    assert_eq!(pulled["gaps"], 0);
}

#[test]
fn a_pull_that_would_cost_too_much_is_not_started() {
    let moto = Server::start();
    script("world.py", &[&moto.url]);
    let folder = TempDir::new().expect("folder");
    let estate = folder.path().join("fernweh");
    let args = pull(estate.to_str().expect("UTF-8"), "2026-11-01");
    let args = [&args[..], &["--max-request-usd", "0", "-vv"]].concat();
    let ran = moto.cost(&args).output().expect("the binary runs");
    let said = String::from_utf8(ran.stderr).expect("UTF-8");
    let wanted = "error: this pull needs at least 8 paid requests for 0.08 USD; allow more with --max-request-usd, or list them with --dry-run\n";
    assert!(ran.status.code() == Some(1) && said.ends_with(wanted), "{said}");
    assert!(!said.contains("GetCostAndUsage") && !estate.exists(), "{said}");
}
