//! Text in arguments: IDs, dates, globs, sizes, and option values that are none.

use super::case::{Case, Kind, case};
use super::names;
use crate::support::{HEADER, ROW};

/// Arguments with a value that is not one; `{}` is the folder, `TEXT` the value.
const OPTIONS: [&[&str]; 12] = [
    &["explain", "--", "TEXT", "{}/bill.csv"],
    &["review", "{}/bill.csv", "--month=TEXT"],
    &["review", "{}/bill.csv", "--as-of=TEXT"],
    &["review", "{}/bill.csv", "--currency=TEXT"],
    &["review", "{}/bill.csv", "--format=TEXT"],
    &["review", "{}/bill.csv", "--memory=TEXT"],
    &["review", "{}/bill.csv", "--width=TEXT"],
    &["review", "{}/bill.csv", "--config=TEXT"],
    &["review", "{}/bill.csv", "--decisions={}/missing/TEXT"],
    &["anomalies", "{}/bill.csv", "--min-impact=TEXT"],
    &["anomalies", "{}/bill.csv", "--backtest=TEXT"],
    &["TEXT"],
];

/// Values that no option accepts, one of each class that could do harm.
const VALUES: [&str; 12] = [
    "\u{1b}[31mred\u{1b}]0;title\u{7}",
    "prod\u{202e}tset",
    "a\nerror: b\nc",
    "a\r\nb",
    "\u{9b}31m\u{85}",
    "\u{200b}",
    "../../etc/passwd",
    "$(touch pwned)",
    "%s%n{}{0}",
    "99999999999999999999999999",
    "2026-13-45",
    "-",
];

fn bill() -> String {
    format!("{HEADER}\n{ROW}\n")
}

pub(super) fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for (at, option) in OPTIONS.iter().enumerate() {
        for value in VALUES {
            // A dash is the name of a file, or standard input.
            let args: Vec<String> = option.iter().map(|a| a.replace("TEXT", value)).collect();
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let name = format!("{value:?} as option {at}");
            all.push(case(Kind::Arguments, &name, &args, &[0, 1, 2]).file("bill.csv", bill()));
        }
    }
    let globs =
        ["[", "***", "{", "\\", "[!", "a/**b", "?".repeat(5000).as_str()].map(str::to_owned);
    for (at, glob) in globs.iter().enumerate() {
        for option in ["--only", "--rates"] {
            let args = ["review", "{}/bill.csv", option, glob.as_str()];
            let name = format!("glob {at} of {option}");
            all.push(case(Kind::Arguments, &name, &args, &[0, 1, 2]).file("bill.csv", bill()));
        }
    }
    let long: Vec<String> = names::all().into_iter().filter(|n| n.len() > 2000).collect();
    for (at, name) in long.iter().enumerate() {
        let args = ["explain", name.as_str(), "{}/bill.csv"];
        let title = format!("long ID {at}");
        all.push(case(Kind::Arguments, &title, &args, &[1]).file("bill.csv", bill()));
    }
    all
}
