//! Workbooks: the same bytes for the same input, and formulas that `LibreOffice` calculates to the
//! digits of the report.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::python::python;
use crate::support::{DEMO, cost, root};

fn workbook(args: &[&str], into: &Path) -> Vec<u8> {
    let path = into.to_str().expect("UTF-8");
    let output = cost(&[args, &["--format", "xlsx", "--output", path]].concat());
    assert_eq!(output.code, 0, "{}", output.stderr);
    fs::read(into).expect("written")
}

#[test]
fn libreoffice_calculates_the_digits_of_the_report() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let review = workbook(&["review", DEMO], &path("review.xlsx"));
    assert!(review == workbook(&["review", DEMO], &path("again.xlsx")), "not the same bytes");
    workbook(&["savings", DEMO], &path("savings.xlsx"));
    workbook(&["commitments", DEMO], &path("commitments.xlsx"));
    let books = ["review.xlsx", "savings.xlsx", "commitments.xlsx"].map(path);
    let script = root().join("tests/workbook/recalculate.py");
    let ran = python().arg(script).args(&books).output().expect("python runs");
    let said = String::from_utf8_lossy(&ran.stdout);
    std::io::stderr().write_all(&ran.stderr).expect("written");
    assert!(ran.status.success(), "{said}");
}
