//! Small bills with problems from practice.
//!
//! Each case is a small bill that shows one problem that was reported publicly: in issues of other
//! cost analyzers; in issues of the exports of AWS, Azure, Google, Oracle, and vendors of software
//! as a service; in the documentation of those exports; or in the examples of the FOCUS
//! specification. The data is fictional; the right answers are calculated by hand, next to the
//! case.
//!
//! A case is one row: the kind of problem, a description, its files, and the expected result. If
//! several results are right (the right total, or an error that names the problem), all are listed.
//! A failing case represents its complete [`Kind`]: other providers, columns, and spellings can
//! have the same problem. Cases named "neighbor" look similar but are valid and must give the same
//! result as before.

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

/// Runs all cases, and reports those with a wrong result.
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
