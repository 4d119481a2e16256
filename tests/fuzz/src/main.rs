//! `cost-fuzz`: reads bills that are written, packed, split, copied and damaged in every way, and
//! holds the totals to what was put in.
//!
//! ```text
//! cost-fuzz [--seconds 60] [--seed 1] [--kind KIND] [--cases N]    # as many cases as there is time for, or N
//! cost-fuzz --seed 1 --case 42 [--kind KIND] [--into FOLDER]       # one, again; its files into a folder
//! ```
//!
//! Cases run in child processes within a memory budget: what panics, aborts, hangs, or gives a
//! wrong number without a word is a finding, and ends with exit code 1. The same seed gives the
//! same cases.
#![expect(clippy::print_stdout, reason = "a program whose output is its report")]

mod asked;
mod bill;
mod case;
mod check;
mod damage;
mod export;
mod pack;
mod parent;
mod text;
mod thrift;

use std::fs;
use std::io::Write;
use std::process::ExitCode;

use crate::asked::{Asked, asked};
use crate::pack::Result;

fn main() -> Result<ExitCode> {
    let asked = asked()?;
    if let Some(number) = asked.alone {
        return one(&asked, number);
    }
    if asked.worker {
        return work(&asked);
    }
    parent::run(&asked)
}

/// The most memory that a worker may take: a review of a small bill takes some 150 MiB.
const MEMORY: u64 = 2 << 30;

/// Works through cases until nobody listens: says each before it is run, and what came of it after.
fn work(asked: &Asked) -> Result<ExitCode> {
    #[cfg(unix)]
    rlimit::setrlimit(rlimit::Resource::DATA, MEMORY, MEMORY)?;
    check::collect_panics();
    let mut out = std::io::stdout().lock();
    let mut number = asked.from;
    while number < asked.cases {
        let case = case::case(asked.seed, number, asked.kind)?;
        writeln!(out, "case\t{number}\t{}\t{}", case.kind.as_str(), case.how.escape_debug())?;
        out.flush()?;
        match check::check(&case) {
            Ok(outcome) => writeln!(out, "done\t{outcome:?}")?,
            Err(problem) => writeln!(out, "found\t{}", problem.escape_debug())?,
        }
        out.flush()?;
        number += asked.step;
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs one case here.
fn one(asked: &Asked, number: u64) -> Result<ExitCode> {
    let case = case::case(asked.seed, number, asked.kind)?;
    println!("case {number}, {}: {}", case.kind.as_str(), case.how);
    if let Some(folder) = &asked.into {
        for (name, bytes) in &case.files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(path, bytes)?;
        }
    }
    check::collect_panics();
    match check::check(&case) {
        Ok(outcome) => {
            println!("{outcome:?}");
            Ok(ExitCode::SUCCESS)
        }
        Err(problem) => {
            println!("{problem}");
            Ok(ExitCode::FAILURE)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Kind;

    /// Splitting, renaming, packing, reordering, spelling otherwise never changes a total; a copy
    /// is never added; damage to what has a checksum is seen. (Damage to Parquet can end a process:
    /// for the program itself.)
    #[test]
    fn totals_stay_or_it_is_said() {
        let kinds =
            [Kind::Same, Kind::Copied, Kind::Text, Kind::Packed, Kind::Export, Kind::Manifest];
        let mut found = Vec::new();
        for (kind, number) in kinds.into_iter().flat_map(|kind| (0..20).map(move |n| (kind, n))) {
            let case = case::case(2026, number, Some(kind)).expect("a case");
            if let Err(problem) = check::check(&case) {
                found.push(format!("{} {number}: {}: {problem}", kind.as_str(), case.how));
            }
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}
