//! Export of another generator, compared with an independent sum; and the page that documents the
//! mapping.

use std::path::PathBuf;

use polars::prelude::*;

use super::super::{Dataset, MAPPING, Role};
use super::{alone, dec, details, frame, sum, words};

/// Rows made by `koku-nise` 5.4.4 (`nise report azure`): `data/azure/SOURCES.md`.
const NISE: &str = include_str!("../../../data/azure/nise_excerpt.csv");

fn nise() -> DataFrame {
    let mut reader = csv::Reader::from_reader(NISE.as_bytes());
    let headers: Vec<String> =
        reader.headers().expect("a header").iter().map(ToOwned::to_owned).collect();
    let rows: Vec<Vec<String>> = reader
        .records()
        .map(|r| r.expect("a row").iter().map(ToOwned::to_owned).collect())
        .collect();
    let cells: Vec<Vec<(&str, &str)>> = rows
        .iter()
        .map(|r| headers.iter().map(String::as_str).zip(r.iter().map(String::as_str)).collect())
        .collect();
    frame(&cells.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

#[test]
fn an_export_of_another_generator_adds_up() {
    let raw = nise();
    assert_eq!(
        details(&raw).dataset(raw.clone().lazy()).expect("one data set"),
        Dataset::WithoutCommitments
    );
    let read = alone(&raw);
    assert_eq!(read.height(), raw.height());
    // Python's decimal module, over the column CostInBillingCurrency, each cell rounded half-even
    // to 12 places: see SOURCES.md.
    assert_eq!(
        (sum(&read, "BilledCost"), sum(&read, "EffectiveCost")),
        (dec("0.904844868533"), dec("0.904844868533"))
    );
    assert!(words(&read, "ProviderName").iter().all(|p| p == "Microsoft"));
    assert!(words(&read, "ListCost").iter().all(|l| l == "-"), "its PayGPrice of 0 is no price");
}

#[test]
fn every_row_adds_its_cost_once_in_every_role_that_keeps_it() {
    let raw = nise();
    for role in [
        Role::Alone(Dataset::Actual),
        Role::Alone(Dataset::WithoutCommitments),
        Role::AmortizedOfPair,
    ] {
        assert_eq!(sum(&super::charges(&raw, role), "BilledCost"), dec("0.904844868533"));
    }
    assert_eq!(super::charges(&raw, Role::PurchasesOfActual).height(), 0);
}

#[test]
fn the_mapping_is_documented_as_it_is() {
    let mut page = String::from(
        "# Azure cost exports as FOCUS 1.2\n\nGenerated from the table in \
         `cost-providers/files/src/azure/mapping.rs`, which the program uses. It applies to \
         actual and amortized cost details\nunder all agreements. Column names are those of \
         Enterprise Agreements; others spell them `costInBillingCurrency` or \
         `PreTaxCost`.\nPrices that Azure reports as 0 are unknown, not free. If both data sets \
         are read, all rows of the amortized one count, and of the actual one\nonly purchases and \
         refunds of commitments; the two are never added. Neither has tax or credits.\n\n| FOCUS \
         column | source |\n| --- | --- |\n",
    );
    for mapped in MAPPING {
        page.push_str(&format!("| {} | {} |\n", mapped.column, mapped.from.replace('|', "\\|")));
    }
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/azure-exports-to-focus.md");
    if std::env::var_os("SNAPSHOTS").is_some_and(|v| v == "overwrite") {
        std::fs::write(&path, &page).expect("written");
    }
    assert_eq!(
        std::fs::read_to_string(path).expect("the page is there"),
        page,
        "SNAPSHOTS=overwrite writes it anew"
    );
    let known =
        |column: &str| cost_core::focus::columns::lookup(column).is_some_and(|c| c.name == column);
    for mapped in MAPPING {
        assert!(
            known(mapped.column) || mapped.column.starts_with("x_"),
            "{} is no FOCUS column",
            mapped.column
        );
    }
    assert!(MAPPING.windows(2).all(|w| w[0].column < w[1].column), "by name");
}
