//! `cost-fuzz`: reads bills that are written, packed, split, copied, and damaged in many ways, and
//! compares the totals with the original ones.
//!
//! ```text
//! cost-fuzz [--seconds 60] [--seed 1] [--kind KIND] [--cases N]    # as many cases as fit in the time, or N
//! cost-fuzz --seed 1 --case 42 [--kind KIND] [--into FOLDER]       # repeats one case; writes its files to a folder
//! ```
//!
//! Cases run in child processes with a memory budget. A panic, an abort, a hang, or a wrong number
//! without a note is a finding, and the exit code is 1. The same seed gives the same cases.
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

/// Memory limit of a worker: a review of a small bill takes some 150 MiB.
const MEMORY: u64 = 2 << 30;

/// Runs cases until the parent stops reading; prints each case before it runs, and its result
/// after.
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

/// Runs one case in this process.
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

    /// Splitting, renaming, packing, reordering, and other spellings never change a total; a copy
    /// is never added; damage to data with a checksum is detected. (Damage to Parquet can end a
    /// process, so only the program tests it.)
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
