//! Runs the binary, and makes small bills.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use polars::prelude::{Column, DataFrame};

/// The repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate is in the repository")
        .to_owned()
}

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn ran(output: Output) -> Ran {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// Lets the program receive signals as usual, also if these tests run with `nohup` or in the
/// background of a shell, which ignore some. A handler here becomes the default in a new program.
fn default_signals() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT};
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        for signal in [SIGHUP, SIGINT, SIGQUIT] {
            let is_on = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
            signal_hook::flag::register_conditional_default(signal, is_on).expect("a handler");
        }
    });
}

/// The binary, in the repository, without settings of whoever runs the tests.
pub(crate) fn command(args: &[&str]) -> Command {
    default_signals();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cost"));
    command
        .args(args)
        .current_dir(root())
        .env_remove("COST_ESTATE")
        .env_remove("COST_CONFIG")
        .env_remove("COST_MEMORY")
        .env_remove("COST_STATE")
        .env_remove("COST_DECISIONS")
        .env_remove("NO_COLOR")
        .env_remove("RUST_BACKTRACE");
    command
}

/// `cost ARGS`.
pub(crate) fn cost(args: &[&str]) -> Ran {
    ran(command(args).output().expect("the binary runs"))
}

/// `cost ARGS` with one thread.
pub(crate) fn cost_with_one_thread(args: &[&str]) -> Ran {
    ran(command(args).env("POLARS_MAX_THREADS", "1").output().expect("the binary runs"))
}

/// The stdout of a run that must succeed.
pub(crate) fn stdout(args: &[&str]) -> String {
    let ran = cost(args);
    assert_eq!(ran.code, 0, "cost {args:?}: {}", ran.stderr);
    ran.stdout
}

/// The JSON of a run that must succeed.
pub(crate) fn json(args: &[&str]) -> serde_json::Value {
    let args = [args, &["--format", "json"]].concat();
    serde_json::from_str(&stdout(&args)).expect("stdout is JSON")
}

/// The real FOCUS sample.
pub(crate) const SAMPLE: &str = "datasets/focus/focus_sample_1000.csv";
/// The demo estate.
pub(crate) const DEMO: &str = "datasets/demo";

/// Columns of the smallest bill, in the order of [`ROW`].
pub(crate) const HEADER: &str = "BilledCost,EffectiveCost,ListCost,ContractedCost,PricingQuantity,PricingUnit,\
BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,BillingCurrency,ChargeCategory,ChargeClass,\
BillingAccountId,ProviderName,ServiceName,InvoiceIssuerName,SubAccountId,RegionId,Tags";
/// A row of it.
pub(crate) const ROW: &str = "1.5,1.5,1.5,1.5,1,Hours,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,2026-01-05T00:00:00Z,\
2026-01-06T00:00:00Z,USD,Usage,,b1,AWS,EC2,AWS Inc,a1,us-east-1,\"{\"\"team\"\":\"\"x\"\"}\"";

/// The smallest bill, with one cell replaced.
pub(crate) fn bill_with(column: &str, cell: &str) -> String {
    let at = HEADER.split(',').position(|c| c == column).expect("the column is in the bill");
    let mut reader = csv_cells(ROW);
    cell.clone_into(&mut reader[at]);
    let quoted: Vec<String> =
        reader.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
    format!("{HEADER}\n{ROW}\n{}\n", quoted.join(","))
}

/// The smallest bill without one column.
pub(crate) fn bill_without(column: &str) -> String {
    let at = HEADER.split(',').position(|c| c == column).expect("the column is in the bill");
    let header: Vec<&str> =
        HEADER.split(',').enumerate().filter(|(i, _)| *i != at).map(|(_, c)| c).collect();
    let cells: Vec<String> =
        csv_cells(ROW).into_iter().enumerate().filter(|(i, _)| *i != at).map(|(_, c)| c).collect();
    let quoted: Vec<String> =
        cells.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
    format!("{}\n{}\n", header.join(","), quoted.join(","))
}

fn csv_cells(row: &str) -> Vec<String> {
    // The one quoted cell is the last.
    let (plain, tags) = row.split_once(",\"").expect("the row ends in a quoted cell");
    let tags = tags.trim_end_matches('"').replace("\"\"", "\"");
    let tags = if tags.ends_with('}') { tags } else { format!("{tags}\"}}") };
    plain.split(',').map(ToOwned::to_owned).chain([tags]).collect()
}

/// A CSV text as a frame of text columns; blank is null.
pub(crate) fn frame_of_csv(text: &str) -> DataFrame {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> =
        reader.headers().expect("a header").iter().map(ToOwned::to_owned).collect();
    let rows: Vec<csv::StringRecord> =
        reader.records().map(|r| r.expect("rows are as long as the header")).collect();
    let column = |(at, name): (usize, &String)| {
        let cells = rows.iter().map(|row| row.get(at).filter(|cell| !cell.is_empty()));
        Column::new(name.as_str().into(), cells.collect::<Vec<Option<&str>>>())
    };
    DataFrame::new(rows.len(), names.iter().enumerate().map(column).collect())
        .expect("columns of one length")
}
