//! Conformance of a bill to FOCUS.

use cost_core::focus::columns::Level;
use cost_core::focus::conformance::{ColumnReport, Conformance, Example, Finding, RuleReport};
use cost_core::text::counted;

use crate::document::{Document, Item, List, Mark};
use crate::report::{Audience, Report, ReportError, ViewOptions};
use crate::table::{Cell, Table, Value};
use crate::text::Text;
use crate::to_json;

/// Report of `cost validate`.
#[derive(Clone, Copy, Debug)]
pub struct Validation<'a>(pub &'a Conformance);

impl Report for Validation<'_> {
    fn schema_name(&self) -> Option<&'static str> {
        Some("validate")
    }

    fn json(&self) -> Result<String, ReportError> {
        to_json::pretty(self.0)
    }

    fn documents(&self, view: &ViewOptions) -> Vec<Document> {
        vec![document(self.0, view.audience)]
    }
}

fn document(report: &Conformance, audience: Audience) -> Document {
    let version = report.focus_version.as_str();
    let files = match report.files.as_slice() {
        [one] => one.clone(),
        many => format!("{} files", many.len()),
    };
    let verdict = Text::from(format!("{files}: "));
    let title = audience.is_page().then(|| Text::from("Conformance to FOCUS"));
    let mut doc = Document { title, blocks: Vec::new() };
    doc.line(if report.conforms {
        verdict.good(format!("conforms to FOCUS {version}"))
    } else {
        verdict.bad(format!("does not conform to FOCUS {version}"))
    });
    doc.line(format!("{} checked", counted(report.rows, "line item")));
    if !report.made_from.is_empty() {
        let from = report.made_from.join(", ");
        doc.paragraph(format!(
            "Checked: the FOCUS rows made from the export ({from}), not the export itself. Row numbers refer to the FOCUS rows."
        ));
    }
    doc.heading("Columns");
    doc.table(columns(report));
    let absent = report.columns.iter().filter(|c| c.present_in == 0 && c.level != Level::Mandatory);
    let absent: Vec<&str> = absent.map(|c| c.column.as_str()).collect();
    if !absent.is_empty() {
        doc.heading("Optional columns that are missing");
        doc.paragraph(absent.join(", "));
    }
    rules(&mut doc, "Rules across columns", &report.cross_column);
    rules(&mut doc, "Rules across rows", &report.cross_row);
    details(&mut doc, report);
    doc
}

fn columns(report: &Conformance) -> Table {
    let mut table = Table::new(&["column", "level", ">nulls", ">violations", "verdict"]);
    for c in report.columns.iter().filter(|c| c.present_in > 0 || c.level == Level::Mandatory) {
        let violations: u64 = c.findings.iter().map(|f| f.violations).sum();
        let broken: Vec<&str> = c.findings.iter().map(|f| f.rule.as_str()).collect();
        let verdict = if broken.is_empty() { "ok".to_owned() } else { broken.join(", ") };
        let nulls = if c.present_in == 0 { Cell::unknown() } else { number(c.nulls) };
        let name = [Cell::text(&c.column), Cell::text(c.level.as_str())];
        table.row(name.into_iter().chain([nulls, number(violations), Cell::text(verdict)]));
    }
    table
}

/// Returns a count without thousands separators.
fn number(count: u64) -> Cell {
    Cell::shown_as(count, Value::Count(count))
}

fn rules(doc: &mut Document, heading: &str, rules: &[RuleReport]) {
    if rules.is_empty() {
        return;
    }
    let mut table = Table::new(&["rule", ">violations", "requirement"]);
    for r in rules {
        table.row([Cell::text(&r.rule), number(r.violations), Cell::text(&r.requirement)]);
    }
    doc.heading(heading);
    doc.table(table);
}

fn details(doc: &mut Document, report: &Conformance) {
    let of_column = |c: &ColumnReport| {
        c.findings.iter().map(|f| (c.column.clone(), f.clone())).collect::<Vec<_>>()
    };
    let mut found: Vec<(String, Finding)> = report.columns.iter().flat_map(of_column).collect();
    found.extend(report.headers.iter().map(|f| ("header".to_owned(), f.clone())));
    for r in report.cross_column.iter().chain(&report.cross_row).filter(|r| r.violations > 0) {
        let (requirement, examples) = (r.requirement.clone(), r.examples.clone());
        found.push((
            r.rule.clone(),
            Finding { rule: String::new(), requirement, violations: r.violations, examples },
        ));
    }
    if found.is_empty() {
        return;
    }
    let several = report.files.len() > 1;
    let items = found.into_iter().map(|(what, finding)| {
        let rule =
            if finding.rule.is_empty() { String::new() } else { format!(" {}", finding.rule) };
        let text = format!(
            "{what}{rule}: {} ({})",
            finding.requirement,
            counted(finding.violations, "violation")
        );
        let details = finding.examples.iter().map(|e| example(e, several).into()).collect();
        Item { details, ..Item::new(text) }
    });
    doc.heading("What does not conform");
    doc.list(List::new(Mark::None, items));
}

fn example(e: &Example, name_file: bool) -> String {
    let row = e.row.map(|r| format!("row {r}: ")).unwrap_or_default();
    let file = if name_file { format!("{}, ", e.file) } else { String::new() };
    let value = |(column, text): &(String, Option<String>)| match (text, e.row) {
        (Some(t), _) => format!("{column} = {}", cost_core::focus::quote_cell(t)),
        (None, Some(_)) => format!("{column} is null"),
        (None, None) => column.clone(),
    };
    let values: Vec<String> = e.values.iter().map(value).collect();
    let values = if values.is_empty() { "not in the header".to_owned() } else { values.join(", ") };
    format!("{file}{row}{values}")
}

#[cfg(test)]
mod tests {
    use cost_core::focus::columns::Version;

    use super::*;
    use crate::format::format;
    use crate::renderer::RenderOptions;

    #[test]
    fn rules_across_rows_have_a_table_and_examples() {
        let example = Example {
            file: "b.csv".into(),
            row: Some(7),
            values: vec![
                ("CommitmentDiscountId".into(), Some("c".into())),
                ("EffectiveCost".into(), Some("1.5".into())),
            ],
        };
        let rule = RuleReport {
            rule: "commitment-counted-once".into(),
            requirement: "a cost counts once".into(),
            columns: vec!["EffectiveCost".into()],
            checked_in: 1,
            violations: 2,
            examples: vec![example],
        };
        let report = Conformance {
            schema_version: "1.0".into(),
            generator: "test".into(),
            focus_version: Version::V1_4,
            files: vec!["b.csv".into()],
            made_from: vec!["an AWS Cost and Usage Report".into()],
            rows: 9,
            conforms: false,
            columns: Vec::new(),
            cross_column: Vec::new(),
            cross_row: vec![rule],
            headers: Vec::new(),
        };
        let options = RenderOptions { width: 80, color: false, top: 10 };
        let text =
            format("table").expect("a format").text(&Validation(&report), &options).expect("text");
        assert!(text.starts_with("b.csv: does not conform to FOCUS 1.4\n"), "{text}");
        assert!(text.contains("(an AWS Cost and Usage Report), not\nthe export itself."), "{text}");
        assert!(
            text.contains("Rules across rows\n") && !text.contains("Rules across columns"),
            "{text}"
        );
        assert!(
            text.contains("commitment-counted-once: a cost counts once (2 violations)"),
            "{text}"
        );
        assert!(
            text.contains("row 7: CommitmentDiscountId = `c`, EffectiveCost = `1.5`"),
            "{text}"
        );
    }
}
