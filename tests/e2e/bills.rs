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
mod bill;
mod case;
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

use std::collections::BTreeSet;

use bill::{Bill, list, number};
use case::{Case, Content, KINDS, Kind, Want, case, file, group, read_or_refused, total};

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
