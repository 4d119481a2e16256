//! Bills in several currencies: as separate reports, or converted to one.
//!
//! The bill: 10 USD a day in April and 11 USD in May 2026, so 300 and 341 USD; 4 EUR a day, so 120
//! and 124 EUR. An hour is 1 USD or 1 EUR.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rust_decimal::Decimal;
use serde_json::Value;
use tempfile::TempDir;

use crate::schema::holds;
use crate::support::{DEMO, Ran, cost, json, stdout};

const MAY: [&str; 4] = ["--month", "2026-05", "--as-of", "2026-06-10"];

const HEADER: &str = "BilledCost,EffectiveCost,ListCost,ContractedCost,PricingQuantity,PricingUnit,BillingPeriodStart,BillingPeriodEnd,\
ChargePeriodStart,ChargePeriodEnd,BillingCurrency,ChargeCategory,ChargeClass,BillingAccountId,SubAccountId,ProviderName,InvoiceIssuerName,\
ServiceName,RegionId,SkuMeter";

/// Usage of so many hours a day in April and May; `more` are further columns with a value.
fn bill(currency: &str, account: &str, hours: [u32; 2], more: &[(&str, &str)]) -> String {
    let mut out =
        more.iter().fold(HEADER.to_owned(), |header, (name, _)| format!("{header},{name}"));
    for (month, days, cost) in [(4, 30, hours[0]), (5, 31, hours[1])] {
        for day in 1..=days {
            let (next_month, next_day) =
                if day == days { (month + 1, 1) } else { (month, day + 1) };
            out.push_str(&format!(
                "\n{cost},{cost},{cost},{cost},{cost},Hours,2026-0{month}-01T00:00:00Z,2026-0{}-01T00:00:00Z,\
                 2026-0{month}-{day:02}T00:00:00Z,2026-0{next_month}-{next_day:02}T00:00:00Z,{currency},Usage,,{account},{account},Harbor,\
                 Harbor {currency},Compute {currency},north,vm",
                month + 1
            ));
            out.extend(more.iter().map(|(_, value)| format!(",{value}")));
        }
    }
    out + "\n"
}

/// A folder with the bill, in which the euro charges have `more` columns.
fn folder(more: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    put(folder.path(), "bill/harbor.csv", &bill_of_dollars());
    put(folder.path(), "bill/quay.csv", &bill("EUR", "quay-2", [4, 4], more));
    folder
}

/// The charges in dollars.
fn bill_of_dollars() -> String {
    bill("USD", "harbor-1", [10, 11], &[])
}

fn put(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
    fs::write(&path, text).expect("a file");
    path.to_string_lossy().into_owned()
}

fn at(folder: &TempDir) -> String {
    folder.path().join("bill").to_string_lossy().into_owned()
}

fn args<'a>(command: &'a str, location: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[command, location], &MAY[..], more].concat()
}

fn amount(value: &Value) -> &str {
    value["amount"].as_str().unwrap_or("none")
}

/// This month's and last month's Σ `BilledCost` and Σ `EffectiveCost`, which are the same here.
fn totals(review: &Value) -> (&str, &str) {
    let (billed, effective) = (&review["totals"]["billed"], &review["totals"]["effective"]);
    assert_eq!(billed, effective);
    (amount(&billed["this_month"]), amount(&billed["last_month"]))
}

/// Change, exchange rates, all else.
fn parts(review: &Value) -> [&str; 3] {
    let parts = &review["exchange"]["effective"];
    assert_eq!(parts, &review["exchange"]["billed"]);
    ["change", "exchange_rate", "rest"].map(|part| amount(&parts[part]))
}

fn refused(ran: &Ran, words: &[&str]) {
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{}", ran.stderr);
    for word in words {
        assert!(ran.stderr.contains(word), "{word}: {}", ran.stderr);
    }
}

#[test]
fn each_currency_is_shown_on_its_own() {
    let folder = folder(&[]);
    let location = at(&folder);
    let review = json(&args("review", &location, &[]));
    holds("review", &review);
    let all = review["currencies"].as_array().expect("one a currency");
    let shown: Vec<_> =
        all.iter().map(|r| (r["currency"].as_str().expect("a code"), totals(r))).collect();
    assert_eq!(shown, [("EUR", ("124", "120")), ("USD", ("341", "300"))]);
    assert!(all.iter().all(|r| r["exchange"].is_null() && r["estate"]["line_items"] == 61));

    let table = stdout(&args("review", &location, &["--width", "80"]));
    assert!(table.contains("\nTotal, EUR\n") && table.contains("\nTotal, USD\n"), "{table}");
    assert!(table.find("Total, EUR") < table.find("Total, USD"));
    let csv = stdout(&args("review", &location, &["--format", "csv"]));
    let billed: Vec<&str> =
        csv.lines().filter(|l| l.starts_with("total,all charges,,BilledCost")).collect();
    assert_eq!(
        billed,
        [
            "total,all charges,,BilledCost,124,120,4,3.3,EUR",
            "total,all charges,,BilledCost,341,300,41,13.7,USD"
        ]
    );
    assert_eq!(csv.lines().filter(|l| l.starts_with("section,")).count(), 1);

    for command in ["savings", "anomalies", "commitments"] {
        let report = json(&args(command, &location, &[]));
        holds(command, &report);
        let codes: Vec<&Value> = report["currencies"]
            .as_array()
            .expect("one a currency")
            .iter()
            .map(|r| &r["currency"])
            .collect();
        assert_eq!(codes, ["EUR", "USD"], "{command}");
    }
}

/// Line items read of a file, by its name.
fn read(file: &Value) -> (String, Option<u64>) {
    let path = file["path"].as_str().expect("a path").rsplit('/').next().expect("a name");
    (path.to_owned(), file["line_items"].as_u64())
}

#[test]
fn data_quality_is_that_of_each_currency_and_counts_no_line_item_twice() {
    let folder = folder(&[]);
    // The euros end on May 28, and there is a copy of the dollars.
    let euros = bill("EUR", "quay-2", [4, 4], &[]);
    let short: Vec<&str> = euros.lines().take(1 + 30 + 28).collect();
    put(folder.path(), "bill/quay.csv", &(short.join("\n") + "\n"));
    fs::copy(folder.path().join("bill/harbor.csv"), folder.path().join("bill/harbor copy.csv"))
        .expect("a copy");
    let location = at(&folder);
    let review = json(&args("review", &location, &[]));
    holds("review", &review);
    let quality = |currency: &str| {
        let all = review["currencies"].as_array().expect("one a currency");
        let of = all.iter().find(|r| r["currency"] == currency).expect("the currency");
        let files: Vec<_> =
            of["data_quality"]["files"].as_array().expect("files").iter().map(read).collect();
        let months = of["data_quality"]["months"].as_array().expect("months");
        let state =
            |m: &Value| (m["month"].to_string(), m["missing_days"].as_array().map_or(0, Vec::len));
        (files, months.iter().map(state).collect::<Vec<_>>())
    };
    let months = |missing| vec![("\"2026-04\"".to_owned(), 0), ("\"2026-05\"".to_owned(), missing)];
    let (files, of_euros) = quality("EUR");
    assert_eq!(of_euros, months(3));
    assert!(files.contains(&("quay.csv".to_owned(), Some(58))), "{files:?}");
    let (files_of_dollars, of_dollars) = quality("USD");
    assert_eq!(of_dollars, months(0));
    assert!(files_of_dollars.contains(&("quay.csv".to_owned(), Some(0))), "{files_of_dollars:?}");
    let sum: u64 = files.iter().chain(&files_of_dollars).filter_map(|(_, n)| *n).sum();
    assert_eq!((files.len(), sum), (3, 61 + 58));

    let table = stdout(&args("review", &location, &["--width", "80"]));
    for currency in ["EUR", "USD"] {
        let line =
            format!("\n2 files read, of which 1 has no charges in {currency}, 1 duplicate\n");
        assert!(table.contains(&line), "{line}\n{table}");
    }
    // What is true of all is said once, below them.
    let said = |words: &str| table.matches(words).count();
    assert_eq!(
        (said("All currencies"), said("idle_volume"), said("Not evaluated")),
        (1, 1, 1),
        "{table}"
    );
    assert_eq!(said("has no charges on 2026-05-29 to"), 1, "{table}");
    let euros = stdout(&args("review", &location, &["--currency", "EUR"]));
    assert!(euros.contains("Not evaluated") && !euros.contains("All currencies"), "{euros}");

    let csv = stdout(&args("review", &location, &["--format", "csv"]));
    let rows: Vec<&str> =
        csv.lines().filter(|l| l.starts_with("file,") && l.contains("quay.csv")).collect();
    assert!(
        rows[0].ends_with("LineItems,58,,,,EUR") && rows[1].ends_with("LineItems,0,,,,USD"),
        "{rows:?}"
    );
}

#[test]
fn a_bill_in_one_currency_has_one_report() {
    let folder = folder(&[]);
    let location = at(&folder);
    let one = json(&args("review", &location, &["--currency", "USD"]));
    assert_eq!((totals(&one), one["currency"].as_str()), (("341", "300"), Some("USD")));
    // Nothing to convert: nothing to say of rates.
    let same = json(&args("review", &location, &["--currency", "USD", "--report-currency", "USD"]));
    assert_eq!(same, one);
}

/// A bill, and rates by which it is converted into euros: April 0.90; May (0.80 + 0.90) ÷ 2 = 0.85.
struct InEuros {
    folder: TempDir,
    location: String,
    rates: String,
}

impl InEuros {
    fn new() -> Self {
        let folder = folder(&[]);
        let rates = "date,from,to,rate\n2026-04-01,USD,EUR,0.90\n2026-05-01,USD,EUR,0.80\n2026-05-20,USD,EUR,0.90\n";
        let rates = put(folder.path(), "rates.csv", rates);
        Self { location: at(&folder), folder, rates }
    }

    /// A command that converts the bill.
    fn args<'a>(&'a self, command: &'a str) -> Vec<&'a str> {
        args(command, &self.location, &["--report-currency", "EUR", "--rates", &self.rates])
    }
}

#[test]
fn amounts_are_converted_at_the_rate_of_their_month() {
    let bill = InEuros::new();
    let review = json(&bill.args("review"));
    holds("review", &review);
    // 341 × 0.85 + 124 and 300 × 0.90 + 120.
    assert_eq!(totals(&review), ("413.85", "390"));
    // 300 × (0.85 − 0.90) = −15; 413.85 − 390 = 23.85.
    assert_eq!(parts(&review), ["23.85", "-15", "38.85"]);
    // Of the dollars: 41 hours more at 0.85, of which some are due to one more day, and the rate; of
    // the euros: the 4 hours of one more day.
    let moved: Vec<_> = review["movers"]
        .as_array()
        .expect("movers")
        .iter()
        .map(|m| {
            let of = |part: &str| amount(&m[part]).parse::<Decimal>().expect("a number");
            let both = of("usage") + of("days");
            [of("change"), of("price"), both, of("exchange_rate")]
                .map(|n| n.normalize().to_string())
        })
        .collect();
    assert_eq!(moved, [["19.85", "0", "34.85", "-15"], ["4", "0", "4", "0"]]);
    for command in ["savings", "anomalies"] {
        let report = json(&bill.args(command));
        holds(command, &report);
        assert_eq!(report["currency"], "EUR");
    }
    let config = format!("[currency]\nreport = \"EUR\"\nrates = '{}'\n", bill.rates);
    let config = put(bill.folder.path(), "cost.toml", &config);
    assert_eq!(json(&args("review", &bill.location, &["--config", &config])), review);
}

/// A charge of 7 USD with a wrong year, for which there is no rate.
fn of_2006(billing_year: u32) -> String {
    format!(
        "7,7,7,7,7,Hours,{billing_year}-05-01T00:00:00Z,{billing_year}-06-01T00:00:00Z,2006-05-03T00:00:00Z,2006-05-04T00:00:00Z,\
         USD,Usage,,harbor-1,harbor-1,Harbor,Harbor USD,Compute USD,north,vm\n"
    )
}

#[test]
fn a_wrong_year_does_not_stop_the_conversion_of_all_others() {
    // 1 of 62 line items in USD; its billing period can be right.
    for billing_year in [2006, 2026] {
        let bill = InEuros::new();
        let dollars = bill_of_dollars() + &of_2006(billing_year);
        put(bill.folder.path(), "bill/harbor.csv", &dollars);
        let review = json(&bill.args("review"));
        assert_eq!(totals(&review), ("413.85", "390"), "{billing_year}");
        let left = &review["exchange"]["unconverted"][0];
        assert_eq!((&left["line_items"], &left["first_month"]), (&1.into(), &"2006-05".into()));
        assert_eq!((amount(&left["billed"]), &left["currency"]), ("7", &"USD".into()));
        let note = "partial: 1 line item (7.00 USD of BilledCost, 7.00 USD of EffectiveCost) is not converted";
        for command in ["review", "savings", "anomalies"] {
            let report = json(&bill.args(command)).to_string();
            assert!(report.contains(note), "{command}: {report}");
        }
        // Invoices stay as billed, and contain it.
        let invoices = review["invoices"].as_array().expect("invoices");
        assert!(invoices.iter().any(|i| ["7", "348"].contains(&amount(&i["billed"]))));
    }
}

#[test]
fn many_charges_without_a_rate_are_an_error() {
    // 7 of 68 line items in USD are more than a tenth.
    let bill = InEuros::new();
    let dollars = bill_of_dollars() + &of_2006(2006).repeat(7);
    put(bill.folder.path(), "bill/harbor.csv", &dollars);
    refused(&cost(&bill.args("review")), &["no exchange rate from USD to EUR for 2006-05"]);
}

#[test]
fn it_is_shown_what_was_converted_and_at_which_rates() {
    let bill = InEuros::new();
    let review = json(&bill.args("review"));
    let as_billed = review["exchange"]["as_billed"].as_array().expect("one a currency");
    let shown: Vec<_> = as_billed
        .iter()
        .map(|b| {
            (
                amount(&b["billed"]["this_month"]),
                amount(&b["billed"]["last_month"]),
                amount(&b["billed_converted"]),
            )
        })
        .collect();
    assert_eq!(shown, [("124", "120", "124"), ("341", "300", "289.85")]);
    let rates: Vec<_> = review["exchange"]["rates"]
        .as_array()
        .expect("one a month")
        .iter()
        .map(|r| {
            (
                r["month"].as_str().expect("a month"),
                r["rate"].as_str().expect("text"),
                r["days"].as_u64(),
            )
        })
        .collect();
    assert_eq!(rates, [("2026-04", "0.9", Some(1)), ("2026-05", "0.85", Some(2))]);
    // Invoices stay as billed.
    let invoices: Vec<_> = review["invoices"]
        .as_array()
        .expect("invoices")
        .iter()
        .map(|i| (amount(&i["billed"]), i["billed"]["currency"].as_str().expect("a code")))
        .collect();
    assert_eq!(invoices, [("120", "EUR"), ("124", "EUR"), ("300", "USD"), ("341", "USD")]);

    let table = stdout(&bill.args("review"));
    for line in [
        "USD billed        341.00   300.00  +13.7 %     289.85",
        "Billed (invoice)          +24             -15    +39",
        "2026-05: 1 USD = 0.85 EUR (mean of 2 days, 2026-05-01 to 2026-05-20;",
    ] {
        assert!(table.contains(line), "{line}\n{table}");
    }
}

#[test]
fn rates_of_the_european_central_bank_are_read() {
    let folder = folder(&[]);
    let location = at(&folder);
    let bank = "Date,USD,GBP,ISK,\n2026-05-29,1.25,0.90,N/A,\n2026-05-04,1.25,0.80,N/A,\n2026-04-01,1.20,0.84,N/A,\n";
    let rates = put(folder.path(), "eurofxref-hist.csv", bank);
    let review =
        |into| json(&args("review", &location, &["--report-currency", into, "--rates", &rates]));
    // A euro is 1.25 USD: 341 ÷ 1.25 + 124; a dollar of April is 0.833333333333 EUR, to 12 digits:
    // 300 × 0.833333333333 + 120.
    assert_eq!(totals(&review("EUR")), ("396.8", "369.9999999999"));
    // 341 + 124 × 1.25 and 300 + 120 × 1.2.
    assert_eq!(totals(&review("USD")), ("496", "444"));
    // A euro is 0.85 GBP, a dollar 0.85 ÷ 1.25 = 0.68: 341 × 0.68 + 124 × 0.85. In April 0.84 and
    // 0.7: 300 × 0.7 + 120 × 0.84.
    assert_eq!(totals(&review("GBP")), ("337.28", "310.8"));
}

#[test]
fn rates_of_the_bill_itself_are_read() {
    // Azure converted dollars into euros at 0.8.
    let folder = folder(&[("PricingCurrency", "USD"), ("x_BillingExchangeRate", "0.80")]);
    let location = at(&folder);
    let review = json(&args("review", &location, &["--report-currency", "EUR"]));
    // 341 × 0.8 + 124 and 300 × 0.8 + 120; one rate: nothing of the change is exchange.
    assert_eq!(totals(&review), ("396.8", "360"));
    assert_eq!(parts(&review), ["36.8", "0", "36.8"]);
    assert_eq!(review["exchange"]["rates"][0]["source"], "the bill's x_BillingExchangeRate");
    // 341 + 124 ÷ 0.8.
    assert_eq!(totals(&json(&args("review", &location, &["--report-currency", "USD"]))).0, "496");
    // An explicit option takes precedence over the bill.
    let rates = put(folder.path(), "rates.csv", "date,from,to,rate\n2026-05-01,USD,EUR,0.5\n");
    let review = json(&args("review", &location, &["--report-currency", "EUR", "--rates", &rates]));
    assert_eq!(totals(&review), ("294.5", "360"));

    let google = folder_of_google();
    let review = json(&args("review", &at(&google), &["--report-currency", "USD"]));
    assert_eq!(totals(&review), ("496", "450"));
}

/// Google tells what a dollar is worth.
fn folder_of_google() -> TempDir {
    folder(&[("x_CurrencyConversionRate", "8e-1")])
}

#[test]
fn a_rate_that_is_missing_is_no_guess() {
    let folder = folder(&[]);
    let location = at(&folder);
    refused(
        &cost(&args("review", &location, &["--report-currency", "EUR"])),
        &["no exchange rate from USD to EUR for 2026-04", "2026-04-01", "--rates"],
    );
    let rates = put(folder.path(), "rates.csv", "date,from,to,rate\n2026-04-20,USD,EUR,0.9\n");
    refused(
        &cost(&args("review", &location, &["--report-currency", "EUR", "--rates", &rates])),
        &["no exchange rate from USD to EUR for 2026-05", "2026-05-01", "rates.csv"],
    );
    for (text, words) in [
        (
            "date,from,to,rate\n2026-04-01,USD,EUR,zero\n",
            &["rates.csv: row 1, column rate", "`zero`"][..],
        ),
        ("day;rate\n", &["rates.csv: no exchange rates found", "date,from,to,rate"]),
    ] {
        let rates = put(folder.path(), "rates.csv", text);
        refused(
            &cost(&args("review", &location, &["--report-currency", "EUR", "--rates", &rates])),
            words,
        );
    }
    refused(
        &cost(&args("review", &location, &["--report-currency", "EUR", "--rates", "nowhere.csv"])),
        &["nowhere.csv"],
    );
}

#[test]
fn a_charge_without_a_currency_is_in_no_part() {
    let folder = folder(&[]);
    let location = at(&folder);
    put(folder.path(), "bill/rest.csv", &bill("", "rest-3", [1, 1], &[]));
    for more in [&[][..], &["--currency", "USD"], &["--report-currency", "USD"]] {
        refused(
            &cost(&args("review", &location, more)),
            &["rest.csv, row 1, column BillingCurrency", "null or blank"],
        );
    }
}

#[test]
fn what_is_of_one_currency_says_so() {
    let folder = folder(&[]);
    let location = at(&folder);
    let state = folder.path().join("alerts.json").to_string_lossy().into_owned();
    refused(
        &cost(&["anomalies", &location, "--state", &state]),
        &["--state", "EUR, USD", "--currency", "--report-currency"],
    );
    refused(&cost(&["anomalies", &location, "--tune", "3"]), &["--tune", "EUR, USD"]);
    let spend = "[[commitments.spend]]\nname = \"EDP\"\namount = \"1000\"\nfirst_day = \"2026-01-01\"\nlast_day = \"2026-12-31\"\n";
    let config = put(folder.path(), "cost.toml", spend);
    refused(
        &cost(&args("commitments", &location, &["--config", &config])),
        &["agreement `EDP`", "currency"],
    );
    put(folder.path(), "cost.toml", &format!("{spend}currency = \"USD\"\n"));
    let report = json(&args("commitments", &location, &["--config", &config]));
    let agreements: Vec<_> = report["currencies"]
        .as_array()
        .expect("one a currency")
        .iter()
        .map(|r| r["spend"].as_array().expect("agreements").len())
        .collect();
    assert_eq!(agreements, [0, 1]);
}

#[test]
fn an_estate_of_several_currencies_can_be_pulled_but_not_with_doubles() {
    let folder = folder(&[]);
    let location = at(&folder);
    let estate = folder.path().join("estate").to_string_lossy().into_owned();
    let pull = [
        "pull",
        "files",
        &location,
        "--into",
        &estate,
        "--as-of",
        "2026-06-10",
        "--format",
        "json",
    ];
    let pulled = json(&pull[..7]);
    holds("pull", &pulled);
    assert_eq!((pulled["line_items"].as_u64(), pulled["currency"].is_null()), (Some(122), true));
    assert_eq!(pulled["invoices"].as_array().expect("invoices").len(), 4);
    let review = json(&args("review", &estate, &[]));
    assert_eq!(
        review["currencies"]
            .as_array()
            .expect("one a currency")
            .iter()
            .map(totals)
            .collect::<Vec<_>>(),
        [("124", "120"), ("341", "300")]
    );

    // The first 40 days of the dollars once more.
    let again: Vec<String> =
        bill("USD", "harbor-1", [10, 11], &[]).lines().take(41).map(ToOwned::to_owned).collect();
    put(folder.path(), "bill/harbor-old.csv", &(again.join("\n") + "\n"));
    refused(&cost(&pull), &["harbor-old.csv", "harbor.csv", "contain the same charges"]);
    refused(
        &cost(&args("review", &location, &[])),
        &["harbor-old.csv", "contain the same charges"],
    );
}

#[test]
fn savings_are_found_as_billed_and_converted() {
    let folder = tempfile::tempdir().expect("a folder");
    // A euro for a dollar and a quarter, in every month of the demo.
    let months = (0..14)
        .map(|m| format!("{}-{:02}-01,USD,EUR,0.8\n", 2025 + (m + 9) / 12, (m + 9) % 12 + 1));
    let rates = put(
        folder.path(),
        "rates.csv",
        &("date,from,to,rate\n".to_owned() + &months.collect::<String>()),
    );
    let dollars = json(&["savings", DEMO]);
    let euros = json(&["savings", DEMO, "--report-currency", "EUR", "--rates", &rates]);
    let expected = |report: &Value| -> BTreeMap<String, Decimal> {
        let all = report["opportunities"].as_array().expect("opportunities");
        let of = |o: &Value| amount(&o["savings"]["expected"]).parse().expect("a decimal");
        all.iter().map(|o| (o["id"].as_str().expect("an id").to_owned(), of(o))).collect()
    };
    let (billed, converted) = (expected(&dollars), expected(&euros));
    assert!(billed.len() > 100, "{}", billed.len());
    assert_eq!(billed.keys().collect::<Vec<_>>(), converted.keys().collect::<Vec<_>>());
    for (id, saving) in &billed {
        // A claim is rounded to 10⁻¹².
        let off = (converted[id] - *saving * Decimal::new(8, 1)).abs();
        assert!(off < Decimal::new(1, 9), "{id}: {saving} USD, {} EUR", converted[id]);
    }
    assert_eq!(euros["plan"]["joint"]["expected"]["currency"], "EUR");
    // At one rate nothing of a change is exchange, to the last digit.
    let review = json(&["review", DEMO, "--report-currency", "EUR", "--rates", &rates]);
    assert_eq!(amount(&review["exchange"]["billed"]["exchange_rate"]), "0");
    assert_eq!(amount(&review["exchange"]["effective"]["exchange_rate"]), "0");
}
