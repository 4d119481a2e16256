//! Bills as others write them.
//!
//! Each case is a small bill that shows one thing which went wrong in public: in reports of faults
//! of other cost analyzers, of the exports of AWS, Azure, Google, Oracle and vendors of software as
//! a service, in the documentation of those exports, or in the examples of the FOCUS specification.
//! The data are made up here; the right answers are worked out by hand, beside the case.
//!
//! A case is a row: the kind of fault it stands for, what it shows, its files, and what must come
//! out. Where several behaviors are right (the right total, or a refusal that says what is wrong)
//! all of them are named. A case that fails stands for its whole [`Kind`]: other providers,
//! columns, spellings have the same fault, and what looks like it and is none must come out as
//! before.

mod azure_pairs;
mod columns;
mod commitments;
mod door;
mod doubles;
mod formats;
mod make;
mod manifests;
mod money;
mod named;
mod overlaps;
mod parts;
mod repairs;
mod reports;
mod rows;
mod runs;
mod tags;
mod times;
mod versions;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::support::{Ran, cost};

/// The kinds of faults, each with a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A: the same charges in several files are added.
    Doubled,
    /// B: a file of the location is not read, and nobody is told.
    Unread,
    /// C: a known gap of a provider is taken for a fact.
    ProviderGap,
    /// D: words of closed lists are compared by letter.
    Words,
    /// E: identifiers are compared by letter where the provider does not.
    Identifiers,
    /// F: a charge of more than a day counts on its first day.
    LongCharge,
    /// G: types of line items that cancel others, or are new.
    LineTypes,
    /// H: what is made of a cost report fails the product's own rules.
    OwnRules,
    /// I: columns under other names.
    ColumnNames,
    /// J: optional columns decide whether a bill is read.
    Optional,
    /// K: types that writers use.
    Types,
    /// L: what kind of file it is, is not looked at.
    Content,
    /// M: months by UTC, even if the bill tells its own offset.
    Months,
    /// N: a rise by price is called new usage.
    Price,
    /// O: one provider alone is meant, and the report does not say so.
    OneProvider,
    /// P: discount lines of a cost report.
    Discounts,
    /// Q: small things: names that change, several currencies, dust, sums among the rows.
    Small,
}

/// Every kind, in the order of its letters.
const KINDS: [Kind; 17] = [
    Kind::Doubled,
    Kind::Unread,
    Kind::ProviderGap,
    Kind::Words,
    Kind::Identifiers,
    Kind::LongCharge,
    Kind::LineTypes,
    Kind::OwnRules,
    Kind::ColumnNames,
    Kind::Optional,
    Kind::Types,
    Kind::Content,
    Kind::Months,
    Kind::Price,
    Kind::OneProvider,
    Kind::Discounts,
    Kind::Small,
];

/// What is in a file's place.
enum Content {
    Bytes(Vec<u8>),
    /// A symbolic link to what is there under another name, relative to its own folder.
    Link(&'static str),
    /// A second name of a file that is named before it.
    HardLink(&'static str),
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::Bytes(text.into_bytes())
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::Bytes(text.as_bytes().to_vec())
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// A file of a bill: its path in the bill's folder, and what it holds.
fn file(path: impl Into<String>, content: impl Into<Content>) -> (String, Content) {
    (path.into(), content.into())
}

/// One bill, and what is right.
struct Case {
    kind: Kind,
    name: String,
    files: Vec<(String, Content)>,
    right: Want,
}

/// A row of the table.
fn case(kind: Kind, name: impl Into<String>, files: Vec<(String, Content)>, right: Want) -> Case {
    Case { kind, name: name.into(), files, right }
}

/// What must come out. Amounts are exact, as text; a word is found in any letter case, `a|b` stands
/// for either.
enum Want {
    /// Σ `BilledCost` and Σ `EffectiveCost` of a month; further arguments of the command.
    Total(&'static [&'static str], &'static str, &'static str),
    /// `EffectiveCost` of one row of a table by a dimension; `None` is the row of those without a
    /// value.
    Group(&'static [&'static str], &'static str, Option<&'static str>, &'static str),
    /// The command answers, and its JSON holds to something, which is told in words.
    Holds(&'static [&'static str], &'static str, fn(&Value) -> bool),
    /// The review refuses, with exit code 1 and one line that has all words.
    Refused(&'static [&'static str]),
    /// The review answers, and one of its notes, or stderr, has all words.
    Said(&'static [&'static str]),
    /// The review answers, and none of its notes has all words.
    NotSaid(&'static [&'static str]),
    /// `validate` ends with exit code 3, and what it found has all words.
    Finds(&'static [&'static str]),
    /// `pull files` makes an estate of it that `validate` finds nothing in.
    Conforms,
    /// Several behaviors are right.
    Any(Vec<Want>),
    /// All of these.
    All(Vec<Want>),
}

/// The totals of a month by the review.
fn total(month: &'static str, billed: &'static str, effective: &'static str) -> Want {
    Want::Total(of_month(month), billed, effective)
}

/// The arguments of a review of a month: a table, since what a case is about is written down.
fn of_month(month: &str) -> &'static [&'static str] {
    match month {
        "2026-04" => &["review", "--month", "2026-04"],
        "2026-05" => &["review", "--month", "2026-05"],
        other => panic!("bills are of April and May 2026, not of {other}"),
    }
}

/// Σ `EffectiveCost` of May 2026 of a row of the table by a dimension.
fn group(by: &'static str, key: impl Into<Option<&'static str>>, effective: &'static str) -> Want {
    let args: &'static [&'static str] = match by {
        "tag:team" => &["review", "--month", "2026-05", "--top", "1000", "--group-by", "tag:team"],
        "account" => &["review", "--month", "2026-05", "--top", "1000", "--group-by", "account"],
        "service" => &["review", "--month", "2026-05", "--top", "1000", "--group-by", "service"],
        other => panic!("tables are by tag, account and service, not by {other}"),
    };
    Want::Group(args, by, key.into(), effective)
}

/// The right total of May, or a refusal that says what is wrong.
fn read_or_refused(billed_and_effective: &'static str, words: &'static [&'static str]) -> Want {
    Want::Any(vec![
        total("2026-05", billed_and_effective, billed_and_effective),
        Want::Refused(words),
    ])
}

/// A bill that is given to the program, and what that answered so far.
struct Bill {
    location: String,
    folder: tempfile::TempDir,
    ran: RefCell<BTreeMap<Vec<String>, Ran>>,
}

impl Bill {
    /// The files in a folder of their own. A file alone at its top is the location itself.
    fn of(case: &Case) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let bill = folder.path().join("bill");
        for (name, content) in &case.files {
            let path = bill.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("created");
            match content {
                Content::Bytes(bytes) => fs::write(&path, bytes).expect("written"),
                Content::Link(target) => std::os::unix::fs::symlink(target, &path).expect("linked"),
                Content::HardLink(target) => {
                    fs::hard_link(bill.join(target), &path).expect("linked");
                }
            }
        }
        let location = match case.files.as_slice() {
            [(name, _)] if !name.contains('/') => bill.join(name),
            _ => bill,
        };
        let location = location.to_str().expect("UTF-8").to_owned();
        Self { location, folder, ran: RefCell::new(BTreeMap::new()) }
    }

    /// Runs `COMMAND LOCATION OPTIONS`, once.
    fn run<T>(&self, args: &[&str], read: impl FnOnce(&Ran) -> T) -> T {
        let line: Vec<&str> = [&args[..1], &[self.location.as_str()], &args[1..]].concat();
        let key = line.iter().map(|a| (*a).to_owned()).collect();
        read(self.ran.borrow_mut().entry(key).or_insert_with(|| cost(&line)))
    }

    /// The JSON that a command answers with.
    fn json(&self, args: &[&str]) -> Result<Value, String> {
        self.run(&[args, &["--format", "json"]].concat(), |ran| match ran.code {
            0 | 3 => serde_json::from_str(&ran.stdout).map_err(|e| format!("no JSON: {e}")),
            code => Err(format!("{} ended with {code}: {}", args.join(" "), ran.stderr.trim_end())),
        })
    }

    /// Why this is not what came out.
    fn differs(&self, want: &Want) -> Result<(), String> {
        match want {
            Want::Total(args, billed, effective) => {
                let totals = &self.json(args)?["totals"];
                let got = ["billed", "effective"].map(|c| amount(&totals[c]["this_month"]));
                let wanted = [billed, effective].map(|c| Some((*c).to_owned()));
                equal("billed and effective", &got, &wanted)
            }
            Want::Group(args, by, key, effective) => {
                let review = self.json(args)?;
                let table = list(&review["groups"])
                    .iter()
                    .find(|t| t["dimension"] == *by)
                    .ok_or("no such table")?;
                let rows = list(&table["rows"]);
                let row = rows.iter().find(|r| r["key"].as_str() == *key);
                let row = row.ok_or_else(|| format!("no row {key:?} by {by}: {}", keys(rows)))?;
                let got = amount(&row["effective"]["this_month"]);
                equal(&format!("{key:?} by {by}"), &got, &Some((*effective).to_owned()))
            }
            Want::Holds(args, what, holds) => {
                let value = self.json(args)?;
                if holds(&value) {
                    Ok(())
                } else {
                    Err(format!("{} does not say that {what}", args.join(" ")))
                }
            }
            Want::Refused(words) => self.run(&["review"], |ran| {
                // What it is must be said: that it stands in the file's own name is not enough.
                let message = ran.stderr.trim_end().replace(&self.location, "BILL");
                match ran.code {
                    1 if has(&message, words) && ran.stdout.is_empty() => Ok(()),
                    1 => Err(format!("the refusal lacks a word of {words:?}: {message}")),
                    code => Err(format!("not refused: exit code {code}")),
                }
            }),
            Want::Said(words) => {
                let told = self.told()?;
                let said = told.iter().any(|t| has(t, words));
                if said {
                    Ok(())
                } else {
                    Err(format!("none of {} notes has {words:?}", told.len()))
                }
            }
            Want::NotSaid(words) => match self.told()?.iter().find(|t| has(t, words)) {
                None => Ok(()),
                Some(note) => Err(format!("a false alarm: {note}")),
            },
            Want::Finds(words) => {
                let report = self.json(&["validate"])?;
                let code = self.run(&["validate", "--format", "json"], |ran| ran.code);
                let found = ["columns", "cross_column", "headers"]
                    .map(|part| report[part].to_string())
                    .concat();
                if code == 3 && has(&found, words) {
                    return Ok(());
                }
                Err(format!("validate ended with {code} and does not find {words:?}"))
            }
            Want::Conforms => self.pulled_conforms(),
            Want::Any(several) => {
                let problems: Vec<String> =
                    several.iter().filter_map(|w| self.differs(w).err()).collect();
                if problems.len() < several.len() { Ok(()) } else { Err(problems.join("; and ")) }
            }
            Want::All(several) => several.iter().try_for_each(|w| self.differs(w)),
        }
    }

    /// Notes of the review, and what it says on stderr.
    fn told(&self) -> Result<Vec<String>, String> {
        let mut told = Vec::new();
        notes(&self.json(&["review"])?, &mut told);
        self.run(&["review", "--format", "json"], |ran| told.push(ran.stderr.clone()));
        Ok(told)
    }

    fn pulled_conforms(&self) -> Result<(), String> {
        let estate = self.folder.path().join("estate");
        let estate = estate.to_str().expect("UTF-8");
        let pulled = cost(&["pull", "files", &self.location, "--into", estate]);
        if pulled.code != 0 {
            return Err(format!("pull files: {}", pulled.stderr));
        }
        let billing = Path::new(estate).join("billing");
        let report = cost(&["validate", billing.to_str().expect("UTF-8"), "--format", "json"]);
        let report: Value =
            serde_json::from_str(&report.stdout).map_err(|e| format!("no JSON: {e}"))?;
        let of_columns = list(&report["columns"]).iter().flat_map(|c| list(&c["findings"]));
        let all = of_columns.chain(list(&report["cross_column"])).chain(list(&report["headers"]));
        let broken: Vec<&str> = all
            .filter(|f| f["violations"] != 0)
            .filter_map(|f| f["requirement"].as_str())
            .collect();
        equal("rules that its own estate breaks", &broken, &Vec::new())?;
        equal("whether its own estate conforms", &report["conforms"], &Value::Bool(true))
    }

    /// What no run may do, whatever is right: crash, or refuse in many lines.
    fn crashed(&self) -> Option<String> {
        let bad = |ran: &Ran| !matches!(ran.code, 0..=3) || ran.stderr.contains("panicked");
        let lines = |ran: &Ran| ran.code == 1 && ran.stderr.trim_end().lines().count() != 1;
        let ran = self.ran.borrow();
        let (args, ran) = ran.iter().find(|(_, ran)| bad(ran) || lines(ran))?;
        Some(format!("cost {args:?} ended with {}: {}", ran.code, ran.stderr))
    }
}

/// An amount of the JSON; `None` if it is null.
fn amount(value: &Value) -> Option<String> {
    value["amount"].as_str().map(ToOwned::to_owned)
}

/// A number of the JSON, which is text, or an amount.
fn number(value: &Value) -> Option<Decimal> {
    value.as_str().or_else(|| value["amount"].as_str())?.parse().ok()
}

/// The elements of an array of the JSON; none if there is no such array.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, got: &T, wanted: &T) -> Result<(), String> {
    if got == wanted { Ok(()) } else { Err(format!("{what}: {got:?}, not {wanted:?}")) }
}

fn keys(rows: &[Value]) -> String {
    rows.iter().map(|r| r["key"].to_string()).collect::<Vec<_>>().join(", ")
}

/// Whether a text has all words, in any letter case; of `a|b` either.
fn has(text: &str, words: &[&str]) -> bool {
    let text = text.to_lowercase();
    words.iter().all(|word| word.split('|').any(|w| text.contains(&w.to_lowercase())))
}

/// Texts of the fields that hold notes, wherever they are.
fn notes(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if matches!(name.as_str(), "notes" | "partial" | "warnings" | "gaps") {
                    texts(field, out);
                } else {
                    notes(field, out);
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|one| notes(one, out)),
        _ => {}
    }
}

fn texts(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) => out.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|one| texts(one, out)),
        Value::Object(fields) => fields.values().for_each(|one| texts(one, out)),
        _ => {}
    }
}

/// Gives every bill to the program, and tells of all that do not come out right.
fn hold(cases: &[Case]) {
    let mut problems = Vec::new();
    for case in cases {
        let bill = Bill::of(case);
        let found = bill.differs(&case.right).err();
        if let Some(problem) = bill.crashed().or(found) {
            problems.push(format!("{:?}: {}: {problem}", case.kind, case.name));
        }
    }
    assert!(
        problems.is_empty(),
        "{} of {} bills:\n{}",
        problems.len(),
        cases.len(),
        problems.join("\n")
    );
}

#[test]
fn every_kind_has_a_bill_and_no_two_have_one_name() {
    let all: Vec<Case> = [
        azure_pairs::cases(),
        columns::cases(),
        commitments::cases(),
        door::cases(),
        doubles::cases(),
        formats::cases(),
        manifests::cases(),
        money::cases(),
        named::cases(),
        overlaps::cases(),
        parts::cases(),
        repairs::cases(),
        reports::cases(),
        runs::cases(),
        tags::cases(),
        times::cases(),
        versions::cases(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let kinds: BTreeSet<Kind> = all.iter().map(|c| c.kind).collect();
    assert_eq!(kinds, BTreeSet::from(KINDS));
    let names: BTreeSet<&str> = all.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names.len(), all.len());
}
