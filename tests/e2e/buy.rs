//! Purchase advice, on the demo and where none is possible.

use std::fs;

use rust_decimal::Decimal;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{DEMO, cost, cost_with_one_thread, json, root, stdout};

fn buy(more: &[&str]) -> Value {
    let report = json(&[&["commitments", DEMO], more].concat());
    crate::schema::holds("commitments", &report);
    assert!(report["buy"].is_object(), "{}", report["notes"]);
    report["buy"].clone()
}

fn number(of: &Value) -> Decimal {
    of.as_str().or_else(|| of["amount"].as_str()).expect("a number").parse().expect("a number")
}

#[test]
fn the_best_purchase_saves_more_than_rules_and_is_within_a_bound() {
    let b = buy(&[]);
    // The bound holds for the exact rules, every account, and parts of units: one node of Redshift
    // is 4 % of the purchase.
    assert!(number(&b["total"]["bound_gap_pct"]) <= Decimal::from(8), "{}", b["total"]);
    let accounts = b["accounts"].as_array().expect("accounts");
    assert!(number(&accounts[0]["usd_per_hour"]) > Decimal::ZERO, "{accounts:?}");
    let best = accounts.iter().map(|a| number(&a["saves"])).max().expect("an account");
    assert!(number(&b["total"]["saves"]) + Decimal::TWO > best, "{accounts:?}");
    let rules = b["rules"].as_array().expect("rules");
    let of = |name: &str| {
        rules.iter().find(|r| r["rule"].as_str().is_some_and(|n| n.starts_with(name))).expect(name)
    };
    let best = of("the best if usage stays");
    for rule in ["100 %", "the average", "the best single instrument"] {
        assert!(number(&of(rule)["saves"]) < number(&best["saves"]), "{rule}: {rules:?}");
        // Medium risk gives some of it for what is lost if usage falls: only a rule that buys less
        // and saves less may lose a little less then.
        let decline = |name: &str| number(&of(name)["saves_in_decline"]);
        assert!(decline(rule) < decline("this purchase") * Decimal::new(101, 2), "{rule}");
    }
    let check = &b["check"];
    assert_eq!(
        check["billed"], check["simulated"],
        "the simulation of what is owned is what the bill says"
    );
    // Nothing can be saved of what is covered already.
    assert!(number(&b["total"]["saves"]) < number(&b["left_on_demand"]), "{}", b["total"]);
    let sum: Decimal =
        b["purchases"].as_array().expect("purchases").iter().map(|p| number(&p["saves"])).sum();
    assert_eq!(sum, number(&b["total"]["saves"]));
    for p in b["purchases"].as_array().expect("purchases") {
        let t = &p["trade_off"];
        assert_eq!(t["commitment_months"], 12);
        assert!(
            !t["rollback"].as_array().expect("steps").is_empty()
                && !t["test_first"].as_array().expect("steps").is_empty()
        );
        assert!(
            t["reliability"].as_str().is_some_and(|r| r.contains("no capacity is reserved")),
            "{t}"
        );
    }
}

#[test]
fn terms_payments_limits_and_risks_are_those_asked_for() {
    let b = buy(&["--term", "3y", "--payment", "all", "--max-upfront", "20000"]);
    assert!(number(&b["total"]["upfront"]) <= Decimal::from(20_000), "{}", b["total"]);
    for p in b["purchases"].as_array().expect("purchases") {
        assert_eq!((p["term"].as_u64(), p["payment"].as_str()), (Some(3), Some("All Upfront")));
    }
    let free = buy(&["--max-upfront", "5000"]);
    let upfront = number(&free["total"]["upfront"]);
    assert!(upfront > Decimal::from(2_500) && upfront <= Decimal::from(5_000), "{upfront}");
    let worst = |risk: &str| number(&buy(&["--risk", risk])["total"]["worst_case"]);
    assert!(worst("low") >= worst("high"), "{} {}", worst("low"), worst("high"));
    let asked = buy(&["--scenario", "decline=45%", "--scenario", "growth=10%"]);
    let names: Vec<&str> = asked["scenarios"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|s| s["scenario"]["name"].as_str())
        .collect();
    assert_eq!(names, ["as now", "trend", "decline of 45 %", "growth of 10 % per year"]);
    let bad = cost(&["commitments", DEMO, "--scenario", "doom"]);
    assert!(bad.code == 2 && bad.stderr.contains("decline=30%"), "{}", bad.stderr);
}

#[test]
fn policies_are_replayed_and_no_thread_changes_a_byte() {
    let args = ["commitments", DEMO, "--backtest", "--format", "json"];
    let text = stdout(&args);
    assert_eq!(text, cost_with_one_thread(&args).stdout);
    let report: Value = serde_json::from_str(&text).expect("JSON");
    let rows = report["buy"]["backtest"]["rows"].as_array().expect("rows");
    let saves: Vec<Decimal> = rows.iter().map(|r| number(&r["saves"])).collect();
    let [never, online, ours, hindsight] = saves[..] else { panic!("{rows:?}") };
    assert!(never.is_zero() && never < online && online < ours && ours < hindsight, "{saves:?}");
}

#[test]
fn the_curve_is_written_completely_or_not_at_all() {
    let folder = TempDir::new().expect("folder");
    let place = folder.path().join("curve.svg");
    let path = place.to_str().expect("UTF-8");
    stdout(&["commitments", DEMO, "--curve", path]);
    let svg = fs::read_to_string(&place).expect("a curve");
    assert!(
        svg.starts_with("<svg ")
            && svg.ends_with("</svg>\n")
            && svg.matches("<polyline").count() == 2,
        "{svg}"
    );
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    // Without a result there is no curve, and the reason is reported.
    let sample = root().join("datasets/focus/focus_sample_1000.csv");
    let none = folder.path().join("none.svg");
    let failed = cost(&[
        "commitments",
        sample.to_str().expect("UTF-8"),
        "--curve",
        none.to_str().expect("UTF-8"),
    ]);
    assert!(
        failed.code == 1 && failed.stderr.contains("no curve") && !none.exists(),
        "{}",
        failed.stderr
    );
}
