//! Commitments, compared with SQL of another engine over the same bill.

use serde_json::{Map, Value};

use crate::python::script;
use crate::support::{DEMO, json, root, stdout};

/// The values of a JSON object that amounts and rates are, as text without trailing zeros.
fn plain(value: &Value) -> Value {
    let amount = value.get("amount").unwrap_or(value);
    let text = amount
        .as_str()
        .map(|t| t.parse::<rust_decimal::Decimal>().expect("a number").normalize().to_string());
    text.map_or(Value::Null, Value::from)
}

/// An amount as a number.
fn number(of: &Value) -> rust_decimal::Decimal {
    of["amount"].as_str().expect("an amount").parse().expect("a number")
}

fn fields(of: &Value, names: &Map<String, Value>) -> Value {
    names.keys().map(|name| (name.clone(), plain(&of[name]))).collect()
}

fn assert_equal(ours: &Value, theirs: &Value, what: &str) {
    let theirs = theirs.as_object().expect("an object");
    let wanted: Value = theirs.iter().map(|(name, value)| (name.clone(), plain(value))).collect();
    assert_eq!(fields(ours, theirs), wanted, "{what}");
}

#[test]
fn coverage_utilization_and_savings_rate_are_those_of_sql() {
    let report = json(&["commitments", DEMO, "--month", "2026-10"]);
    let bill = root().join(DEMO).join("billing");
    let sql = script("commitments.py", &[bill.to_str().expect("UTF-8"), "2026-10"]);
    let sql: Value = serde_json::from_str(&sql).expect("JSON");
    let owned = report["owned"].as_array().expect("commitments");
    let theirs = sql["owned"].as_object().expect("commitments");
    assert_eq!(owned.len(), theirs.len());
    for o in owned {
        let id = o["commitment_discount_id"].as_str().expect("an id");
        assert_equal(o, &theirs[id], id);
    }
    assert_equal(&report["total"], &sql["by"]["total"][""], "total");
    let mut rows = 0;
    for by in report["by"].as_array().expect("tables") {
        let dimension = by["dimension"].as_str().expect("a name");
        if dimension == "family" {
            continue;
        }
        let theirs = sql["by"][dimension].as_object().expect("groups");
        let ours = by["rows"].as_array().expect("rows");
        assert_eq!(ours.len(), theirs.len(), "{dimension}");
        for row in ours {
            let key = row["key"].as_str().unwrap_or("");
            assert_equal(row, &theirs[key], &format!("{dimension} {key}"));
            rows += 1;
        }
    }
    assert!(rows > 20, "{rows} rows were compared with SQL");
}

#[test]
fn parts_add_up_to_the_total_and_commitments_to_their_cost() {
    let report = json(&["commitments", DEMO, "--month", "2026-10"]);
    let amount = |of: &Value, name: &str| number(&of[name]);
    for by in
        report["by"].as_array().expect("tables").iter().filter(|by| by["dimension"] != "month")
    {
        for name in ["list", "contracted", "effective", "covered", "unused", "commitment_saving"] {
            let sum: rust_decimal::Decimal =
                by["rows"].as_array().expect("rows").iter().map(|row| amount(row, name)).sum();
            assert_eq!(sum, amount(&report["total"], name), "{name} by {}", by["dimension"]);
        }
    }
    let owned = report["owned"].as_array().expect("commitments");
    for o in owned {
        assert_eq!(amount(o, "used") + amount(o, "unused"), amount(o, "cost"));
        assert_eq!(amount(o, "on_demand_equivalent") - amount(o, "cost"), amount(o, "net_saving"));
    }
    let saved: rust_decimal::Decimal = owned.iter().map(|o| amount(o, "net_saving")).sum();
    assert_eq!(
        saved,
        amount(&report["total"], "commitment_saving"),
        "what is not committed saves nothing"
    );
}

#[test]
fn every_format_shows_the_same() {
    let csv = stdout(&["commitments", DEMO, "--month", "2026-10", "--format", "csv"]);
    let report = json(&["commitments", DEMO, "--month", "2026-10"]);
    for o in report["owned"].as_array().expect("commitments") {
        let unused = plain(&o["unused"]);
        assert!(
            csv.contains(&format!(",unused,{},", unused.as_str().expect("a number"))),
            "{unused}\n{csv}"
        );
    }
}

#[test]
fn agreements_to_spend_are_drawn_down_by_what_was_billed() {
    let config = tempfile::NamedTempFile::new().expect("a file");
    let agreed = |name: &str, first: &str, more: &str| {
        format!(
            "[[commitments.spend]]\nname = \"{name}\"\namount = \"900000\"\nfirst_day = \"{first}\"\n\
             last_day = \"2026-12-31\"\n{more}\n"
        )
    };
    let text = [
        agreed("EDP 2026", "2026-01-01", ""),
        agreed("of others", "2026-01-01", "provider = \"Microsoft\""),
        agreed("older", "2025-01-01", ""),
    ]
    .concat();
    std::fs::write(config.path(), &text).expect("it can be written");
    let path = config.path().to_str().expect("UTF-8");
    let report = json(&["commitments", DEMO, "--config", path]);
    crate::schema::holds("commitments", &report);
    let review = |month: &str| {
        let review = json(&["review", DEMO, "--month", month]);
        let of = |category: &str| {
            let all = review["totals"]["categories"].as_array().expect("categories");
            let one = all.iter().find(|c| c["category"] == category).expect("it is there");
            number(&one["billed"]["this_month"])
        };
        let out = &review["compared"]["left_out_billed"];
        of("Usage") + of("Purchases") + if out.is_null() { 0.into() } else { number(out) }
    };
    // Ten complete months, and two days of November.
    let months: rust_decimal::Decimal = (1..=11).map(|m| review(&format!("2026-{m:02}"))).sum();
    let (edp, of_others, older) = (&report["spend"][0], &report["spend"][1], &report["spend"][2]);
    // A correction of March, billed in April, takes 250 USD of usage back: it has a category of its
    // own in the review.
    assert_eq!(number(&edp["drawn"]), months - rust_decimal::Decimal::from(250));
    assert_eq!(number(&edp["drawn"]) - number(&of_others["drawn"]), number(&edp["drawn"]));
    assert_eq!(edp["drawn_until"], "2026-11-02");
    assert_eq!(number(&edp["amount"]) - number(&edp["expected_at_end"]), number(&edp["shortfall"]));
    assert!(
        older["unknown"].as_str().is_some_and(|why| why.contains("2025-10-01"))
            && older["shortfall"].is_null()
    );
    let table = stdout(&["commitments", DEMO, "--config", path, "--width", "120"]);
    assert!(table.contains("EDP 2026") && table.contains("are missing at the end"), "{table}");
    let wrong = agreed("EDP 2026", "2027-01-01", "");
    std::fs::write(config.path(), wrong).expect("it can be written");
    let failed = crate::support::cost(&["commitments", DEMO, "--config", path]);
    let stderr = &failed.stderr;
    assert!(
        stderr.contains("`EDP 2026` ends on 2026-12-31 before it begins on 2027-01-01"),
        "{stderr}"
    );
}
