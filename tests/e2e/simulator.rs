//! Commitments as AWS applies them: each case of `tests/commitments` is a folder with a
//! description, tables with the expected result, and its source.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cost_core::commitment::simulate::{
    Attributes, Commitment, Estate, Instrument, Line, PlanKind, Quantities, Service, covered,
    simulate,
};
use rust_decimal::Decimal;

use crate::support::root;

/// A row of a table, by the names of its columns.
type Row = BTreeMap<String, String>;

fn rows(path: &Path) -> Vec<Row> {
    let mut reader =
        csv::Reader::from_path(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    reader
        .deserialize()
        .map(|row| row.unwrap_or_else(|e| panic!("{}: {e}", path.display())))
        .collect()
}

fn number(row: &Row, column: &str) -> Decimal {
    row[column].parse().unwrap_or_else(|e| panic!("{column} of {row:?}: {e}"))
}

fn attributes(row: &Row) -> Attributes {
    let service = match row["service"].as_str() {
        "EC2" => Service::Ec2,
        "Fargate" => Service::Fargate,
        "Lambda" => Service::Lambda,
        "RDS" => Service::Rds,
        "ElastiCache" => Service::ElastiCache,
        "OpenSearch" => Service::OpenSearch,
        "Redshift" => Service::Redshift,
        "DynamoDB" => Service::DynamoDb,
        "SageMaker" => Service::SageMaker,
        other => panic!("no such service: {other}"),
    };
    Attributes {
        service,
        region: row["region"].clone(),
        family: row["family"].clone(),
        size: row["size"].clone(),
        platform: row["platform"].clone(),
        dedicated: row["tenancy"] == "dedicated",
        multi_az: row["deployment"] == "Multi-AZ",
    }
}

fn zone(row: &Row) -> Option<String> {
    Some(row["zone"].clone()).filter(|z| !z.is_empty())
}

/// The rate cards, in the order of the columns of `usage.csv`.
const CARDS: [&str; 4] = ["compute_plan", "ec2_plan", "sagemaker_plan", "database_plan"];

fn commitment(row: &Row) -> Commitment {
    let usd_per_hour = number(row, "usd_per_hour");
    let plan = |kind, card| Instrument::SavingsPlan { kind, usd_per_hour, card };
    let instrument = match row["kind"].as_str() {
        "compute plan" => plan(PlanKind::Compute, 0),
        "ec2 plan" => plan(
            PlanKind::Ec2Instance { family: row["family"].clone(), region: row["region"].clone() },
            1,
        ),
        "sagemaker plan" => plan(PlanKind::SageMaker, 2),
        "database plan" => plan(PlanKind::Database, 3),
        "reservation" | "zonal reservation" => Instrument::Reservation {
            attributes: attributes(row),
            zone: zone(row),
            count: row["count"].parse().expect("a count"),
            usd_per_hour,
        },
        other => panic!("no such kind: {other}"),
    };
    Commitment { id: row["id"].clone(), account: row["account"].clone(), instrument, hours: 0..1 }
}

/// What is wrong with one case.
fn wrong(folder: &Path) -> Vec<String> {
    let usage = rows(&folder.join("usage.csv"));
    let line = |row: &Row| Line {
        account: row["account"].clone(),
        attributes: attributes(row),
        zone: zone(row),
        on_demand: number(row, "on_demand"),
        quantities: Quantities::try_new([number(row, "quantity")]).expect("a quantity"),
    };
    let card = |column: &&str| usage.iter().map(|row| row[*column].parse().ok()).collect();
    let alone = folder.join("not_sharing.csv");
    let not_sharing = if alone.exists() { rows(&alone) } else { Vec::new() };
    let estate = Estate {
        lines: usage.iter().map(line).collect(),
        cards: CARDS.iter().map(card).collect(),
        commitments: rows(&folder.join("commitments.csv")).iter().map(commitment).collect(),
        not_sharing: not_sharing.iter().map(|row| row["account"].clone()).collect(),
    };
    let found = simulate(&estate).expect("it can be simulated");

    let mut paid: BTreeMap<(String, String), Decimal> = BTreeMap::new();
    for c in covered(&estate, 0).expect("it can be simulated") {
        let by = (usage[c.line]["usage"].clone(), estate.commitments[c.commitment].id.clone());
        *paid.entry(by).or_default() += c.quantity;
    }
    for (row, of) in usage.iter().zip(&found.lines).filter(|(_, of)| !of.on_demand.is_zero()) {
        paid.insert((row["usage"].clone(), "on demand".to_owned()), of.on_demand);
    }
    let expected = rows(&folder.join("expected.csv"));
    let expected: BTreeMap<(String, String), Decimal> = expected
        .iter()
        .map(|row| ((row["usage"].clone(), row["paid_by"].clone()), number(row, "quantity")))
        .collect();
    let mut wrong = Vec::new();
    if paid != expected {
        wrong.push(format!("expected {expected:?}, found {paid:?}"));
    }

    let mut figures: BTreeMap<String, Decimal> = BTreeMap::new();
    figures.insert("on demand without commitments".to_owned(), found.on_demand_equivalent);
    figures.insert("left on demand".to_owned(), found.lines.iter().map(|l| l.on_demand_cost).sum());
    for (c, of) in estate.commitments.iter().zip(&found.commitments) {
        figures.insert(format!("{} costs", c.id), of.cost);
        figures.insert(format!("{} unused", c.id), of.unused);
    }
    figures.insert("cost".to_owned(), found.cost);
    for row in rows(&folder.join("totals.csv")) {
        let (figure, usd) = (&row["figure"], number(&row, "usd"));
        if figures.remove(figure) != Some(usd) {
            wrong.push(format!("{figure} is not {usd}"));
        }
    }
    wrong.extend(figures.keys().map(|figure| format!("{figure} is not expected")));
    wrong
}

#[test]
fn commitments_apply_as_aws_documents() {
    let mut folders: Vec<_> = fs::read_dir(root().join("tests/commitments"))
        .expect("the cases are there")
        .map(|entry| entry.expect("a folder").path())
        .collect();
    folders.sort();
    let mut problems = Vec::new();
    for folder in &folders {
        let words = fs::read_to_string(folder.join("README.md")).expect("a case says what it is");
        assert!(words.contains("\nSource: "), "{} has no source", folder.display());
        problems.extend(wrong(folder).into_iter().map(|p| format!("{}: {p}", folder.display())));
    }
    assert!(folders.len() >= 60, "{} cases", folders.len());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
