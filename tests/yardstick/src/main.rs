//! Benchmark of the anomaly detector: labeled events in real daily series, traps, and baselines in
//! the same run.
//!
//! ```text
//! cost-yardstick           the report on the test half (docs/anomaly-yardstick.md)
//! cost-yardstick dev       the same on the development half, on which the detector's numbers were chosen
//! cost-yardstick speed     time for up to 100,000 series
//! cost-yardstick commitments   commitment simulation and purchase advice for up to 5,000 lines of hourly usage
//! cost-yardstick purchases     purchase advice compared with common rules (docs/commitment-yardstick.txt)
//! cost-yardstick savings   time and memory of all checks on up to 100,000 resources, and of plans of 10,000 opportunities
//! ```

#![expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "counts of days and series are small, and this is statistics"
)]

mod advise;
mod commitments;
mod corpus;
mod inject;
mod methods;
mod purchases;
mod report;
mod savings;
mod score;
mod speed;

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let text = match std::env::args().nth(1).as_deref() {
        None | Some("test") => report::report(corpus::Half::Test),
        Some("dev") => report::report(corpus::Half::Dev),
        Some("speed") => speed::curve(),
        Some("purchases") => return print(purchases::report()),
        Some("commitments") => {
            return print(commitments::curve().and_then(|text| Ok(text + &advise::curve()?)));
        }
        Some("savings") => return print(savings::curve()),
        Some("savings-of") => {
            return print(savings::of(&std::env::args().nth(2).unwrap_or_default()));
        }
        Some(other) => {
            let _ = writeln!(
                std::io::stderr(),
                "unknown `{other}`: use test, dev, speed, savings, commitments, or purchases"
            );
            return ExitCode::from(2);
        }
    };
    print(Ok(text))
}

fn print(answer: Result<String, Box<dyn std::error::Error>>) -> ExitCode {
    let written = match answer {
        Ok(text) => std::io::stdout().write_all(text.as_bytes()).is_ok(),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            false
        }
    };
    if written { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methods::METHODS;

    /// Checks the promises of docs/adr/0010 on the test half, and that the published report is
    /// current.
    #[test]
    fn the_detector_keeps_its_promises_on_the_test_half() {
        let bases = corpus::load(corpus::Half::Test);
        let scores: Vec<score::Scores> = METHODS.iter().map(|m| score::score(&bases, m)).collect();
        let ours = &scores[0];
        assert!(ours.total(50, true).f1() >= 0.90, "{}", ours.total(50, true).f1());
        assert!(ours.total(25, true).f1() >= 0.75, "{}", ours.total(25, true).f1());
        assert!(
            ours.untouched().false_alarms_a_month() <= 0.1,
            "{}",
            ours.untouched().false_alarms_a_month()
        );
        for (method, theirs) in METHODS.iter().zip(&scores).skip(1) {
            assert!(ours.total(25, false).f1() > theirs.total(25, false).f1(), "{}", method.name);
            let (mine, other) = (ours.untouched(), theirs.untouched());
            assert!(mine.false_alarms_a_month() < other.false_alarms_a_month(), "{}", method.name);
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/anomaly-yardstick.txt");
        let text = report::report_of(corpus::Half::Test, &bases, &scores);
        if std::env::var_os("SNAPSHOTS").is_some_and(|v| v == "overwrite") {
            std::fs::write(path, &text).expect("it can be written");
        }
        assert_eq!(
            std::fs::read_to_string(path).expect("it is there"),
            text,
            "SNAPSHOTS=overwrite writes it"
        );
    }

    /// Checks that our purchase advice saves more than each rule, and that the published report is
    /// current.
    #[test]
    fn what_to_buy_is_better_than_rules() {
        let text = purchases::report().expect("a report");
        let saved =
            |line: &str| line.split_whitespace().rev().nth(1).and_then(|n| n.parse::<f64>().ok());
        for part in text.split("rule  ").skip(1) {
            let ours = part.lines().find(|l| l.starts_with("ours ")).and_then(saved).expect("ours");
            let others = part.lines().filter(|l| {
                l.starts_with("one plan") || l.starts_with("100 %") || l.starts_with("each")
            });
            let others: Vec<f64> = others.filter_map(saved).collect();
            assert!(others.len() == 3 && others.iter().all(|o| ours > *o), "{part}");
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/commitment-yardstick.txt");
        if std::env::var_os("SNAPSHOTS").is_some_and(|v| v == "overwrite") {
            std::fs::write(path, &text).expect("it can be written");
        }
        assert_eq!(
            std::fs::read_to_string(path).expect("it is there"),
            text,
            "SNAPSHOTS=overwrite writes it"
        );
    }
}
