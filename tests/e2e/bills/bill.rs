//! Runs of a bill, compared with the expected result.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rust_decimal::Decimal;
use serde_json::Value;

use super::case::{Case, Content, Want};
use crate::support::{Ran, cost};

/// Bill of a case, with the results of its runs so far.
pub(super) struct Bill {
    location: String,
    folder: tempfile::TempDir,
    ran: RefCell<BTreeMap<Vec<String>, Ran>>,
}

impl Bill {
    /// Writes the files to a separate folder. A single file at the top level is the location
    /// itself.
    pub(super) fn of(case: &Case) -> Self {
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

    /// Returns the JSON output of a command.
    fn json(&self, args: &[&str]) -> Result<Value, String> {
        self.run(&[args, &["--format", "json"]].concat(), |ran| match ran.code {
            0 | 3 => serde_json::from_str(&ran.stdout).map_err(|e| format!("no JSON: {e}")),
            code => Err(format!("{} ended with {code}: {}", args.join(" "), ran.stderr.trim_end())),
        })
    }

    /// Returns how the result differs from the expected one.
    pub(super) fn differs(&self, want: &Want) -> Result<(), String> {
        match want {
            Want::Total(args, billed, effective) => self.has_totals(args, [billed, effective]),
            Want::Group(args, by, key, effective) => self.has_group(args, by, *key, effective),
            Want::Holds(args, what, holds) => {
                let is_so = holds(&self.json(args)?);
                is_so
                    .then_some(())
                    .ok_or_else(|| format!("{} does not say that {what}", args.join(" ")))
            }
            Want::Refused(words) => self.is_refused(words),
            Want::Said(words) => {
                let all = self.notes()?;
                let is_said = all.iter().any(|t| has(t, words));
                is_said
                    .then_some(())
                    .ok_or_else(|| format!("none of {} notes has {words:?}", all.len()))
            }
            Want::NotSaid(words) => match self.notes()?.iter().find(|t| has(t, words)) {
                None => Ok(()),
                Some(note) => Err(format!("a false alarm: {note}")),
            },
            Want::Finds(words) => self.validate_finds(words),
            Want::Conforms => self.pulled_conforms(),
            Want::Any(several) => {
                let problems: Vec<String> =
                    several.iter().filter_map(|w| self.differs(w).err()).collect();
                if problems.len() < several.len() { Ok(()) } else { Err(problems.join("; and ")) }
            }
            Want::All(several) => several.iter().try_for_each(|w| self.differs(w)),
        }
    }

    fn has_totals(&self, args: &[&str], wanted: [&str; 2]) -> Result<(), String> {
        let totals = &self.json(args)?["totals"];
        let got = ["billed", "effective"].map(|c| amount(&totals[c]["this_month"]));
        equal("billed and effective", &got, &wanted.map(|w| Some(w.to_owned())))
    }

    fn has_group(
        &self,
        args: &[&str],
        by: &str,
        key: Option<&str>,
        effective: &str,
    ) -> Result<(), String> {
        let review = self.json(args)?;
        let table =
            list(&review["groups"]).iter().find(|t| t["dimension"] == by).ok_or("no such table")?;
        let rows = list(&table["rows"]);
        let row = rows.iter().find(|r| r["key"].as_str() == key);
        let row = row.ok_or_else(|| format!("no row {key:?} by {by}: {}", keys(rows)))?;
        let got = amount(&row["effective"]["this_month"]);
        equal(&format!("{key:?} by {by}"), &got, &Some(effective.to_owned()))
    }

    fn is_refused(&self, words: &[&str]) -> Result<(), String> {
        self.run(&["review"], |ran| {
            // The message must name the problem: a word in the file name is not enough.
            let message = ran.stderr.trim_end().replace(&self.location, "BILL");
            match ran.code {
                1 if has(&message, words) && ran.stdout.is_empty() => Ok(()),
                1 => Err(format!("the refusal lacks a word of {words:?}: {message}")),
                code => Err(format!("not refused: exit code {code}")),
            }
        })
    }

    fn validate_finds(&self, words: &[&str]) -> Result<(), String> {
        let report = self.json(&["validate"])?;
        let code = self.run(&["validate", "--format", "json"], |ran| ran.code);
        let found =
            ["columns", "cross_column", "headers"].map(|part| report[part].to_string()).concat();
        if code == 3 && has(&found, words) {
            return Ok(());
        }
        Err(format!("validate ended with {code} and does not find {words:?}"))
    }

    /// Returns the notes of the review, and its stderr.
    fn notes(&self) -> Result<Vec<String>, String> {
        let mut all = Vec::new();
        notes(&self.json(&["review"])?, &mut all);
        self.run(&["review", "--format", "json"], |ran| all.push(ran.stderr.clone()));
        Ok(all)
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

    /// Returns a failure that is never allowed: a crash, or an error with many lines.
    pub(super) fn crashed(&self) -> Option<String> {
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
pub(super) fn number(value: &Value) -> Option<Decimal> {
    value.as_str().or_else(|| value["amount"].as_str())?.parse().ok()
}

/// The elements of an array of the JSON; none if there is no such array.
pub(super) fn list(value: &Value) -> &[Value] {
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
