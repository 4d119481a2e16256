//! `--redact`: account IDs of every cloud are masked in reports, messages, and file names; amounts
//! are not.

use super::case::{Case, Kind, case};
use crate::support::bill_with;

/// Account IDs with the characters that must not be shown. Forms: AWS accounts have 12 digits
/// ("AWS account identifiers"), the console shows them in groups of four; Azure subscriptions are
/// GUIDs; Google project numbers are numbers, mostly of 12 digits.
const IDS: [(&str, &str); 9] = [
    ("123456789012", "12345678"),
    ("1234-5678-9012", "1234-5678"),
    ("12345678901", "1234567"),
    ("9876543210123", "987654321"),
    ("1a2b3c4d-1111-2222-3333-444455556666", "1a2b3c4d"),
    ("1A2B3C4D-1111-2222-3333-444455556666", "1A2B3C4D"),
    ("/subscriptions/1a2b3c4d-1111-2222-3333-444455556666", "1a2b3c4d"),
    ("arn:aws:iam::123456789012:root", "12345678"),
    ("logs.123456789012", "12345678"),
];

pub(super) fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for (id, hidden) in IDS {
        for column in ["SubAccountId", "BillingAccountId"] {
            for command in
                [&["review"][..], &["savings"], &["commitments"], &["anomalies"], &["validate"]]
            {
                for format in ["table", "json", "csv", "markdown"] {
                    let args = [command, &["{}/bill.csv", "--redact", "--format", format]].concat();
                    let name = format!("{id} as {column}: {} as {format}", command.join(" "));
                    let case = case(Kind::Redact, &name, &args, &[0, 3]);
                    all.push(case.file("bill.csv", bill_with(column, id)).hides(hidden));
                }
            }
        }
        for args in [
            &["review", "{}/TEXT.csv", "--redact"][..],
            &["review", "{}/bill.csv", "--config", "TEXT", "--redact"],
            &["explain", "TEXT", "{}/bill.csv", "--redact"],
            &["review", "{}/bill.csv", "--month", "TEXT", "--redact"],
            &["--redact", "review", "{}/bill.csv", "--TEXT"],
        ] {
            let args: Vec<String> = args.iter().map(|a| a.replace("TEXT", id)).collect();
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let name = format!("{id} in arguments: {args:?}");
            let case = case(Kind::Redact, &name, &args, &[1, 2]).hides(hidden);
            all.push(case.file("bill.csv", bill_with("SubAccountId", id)));
        }
    }
    for amount in ["123456789012", "123456789012.5", "0.123456789012"] {
        for column in ["BilledCost", "EffectiveCost"] {
            for format in ["json", "csv"] {
                let args =
                    ["review", "{}/bill.csv", "--redact", "--month", "2026-01", "--format", format];
                let name = format!("{amount} as {column} in {format}");
                let case = case(Kind::Redact, &name, &args, &[0]).hides("****");
                all.push(case.file("bill.csv", bill_with(column, amount)));
            }
        }
    }
    all
}
