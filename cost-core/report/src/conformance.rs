//! How a bill conforms to FOCUS: for people, and as JSON.

use super::escape::terminal_text;
use super::layout::{Grid, paint, title, wrap};
use super::{Look, ReportError, json};
use cost_core::count::counted;
use cost_core::focus::columns::Level;
use cost_core::focus::conformance::{ColumnReport, Conformance, Example, Finding, RuleReport};

/// The report as text of at most `look.width` columns where words allow.
#[must_use]
pub fn conformance_table(report: &Conformance, look: &Look) -> String {
    let version = report.focus_version.as_str();
    let verdict = if report.conforms {
        paint(look, "1;32", &format!("conforms to FOCUS {version}"))
    } else {
        paint(look, "1;31", &format!("does not conform to FOCUS {version}"))
    };
    let files = match report.files.as_slice() {
        [one] => terminal_text(one),
        many => format!("{} files", many.len()),
    };
    let mut out = format!("{files}: {verdict}\n{} checked\n", counted(report.rows, "line item"));
    if !report.made_from.is_empty() {
        let from = report.made_from.join(", ");
        let text = format!(
            "Checked is not the export itself ({from}), but the FOCUS rows made of it; row numbers are of these."
        );
        out.push_str(&wrap("", &text, look.width));
    }
    columns(&mut out, report, look);
    let absent: Vec<&str> = report
        .columns
        .iter()
        .filter(|c| c.present_in == 0 && c.level != Level::Mandatory)
        .map(|c| c.column.as_str())
        .collect();
    if !absent.is_empty() {
        out.push_str(&title(look, "Optional columns that are not there"));
        out.push_str(&wrap("", &absent.join(", "), look.width));
    }
    rules(&mut out, "Rules across columns", &report.cross_column, look);
    rules(&mut out, "Rules across rows", &report.cross_row, look);
    details(&mut out, report, look);
    out
}

fn columns(out: &mut String, report: &Conformance, look: &Look) {
    out.push_str(&title(look, "Columns"));
    let mut grid = Grid::new(&["column", "level", ">nulls", ">violations", "verdict"]);
    for c in report.columns.iter().filter(|c| c.present_in > 0 || c.level == Level::Mandatory) {
        let violations: u64 = c.findings.iter().map(|f| f.violations).sum();
        let broken: Vec<&str> = c.findings.iter().map(|f| f.rule.as_str()).collect();
        let verdict = if broken.is_empty() { "ok".to_owned() } else { broken.join(", ") };
        let nulls = if c.present_in == 0 { "–".to_owned() } else { c.nulls.to_string() };
        grid.row([c.column.clone(), c.level.as_str().into(), nulls, violations.to_string(), verdict]);
    }
    out.push_str(&grid.render(look.width));
}

fn rules(out: &mut String, heading: &str, rules: &[RuleReport], look: &Look) {
    if rules.is_empty() {
        return;
    }
    out.push_str(&title(look, heading));
    let mut grid = Grid::new(&["rule", ">violations", "asks that"]);
    for r in rules {
        grid.row([r.rule.clone(), r.violations.to_string(), r.requirement.clone()]);
    }
    out.push_str(&grid.render(look.width));
}

fn details(out: &mut String, report: &Conformance, look: &Look) {
    let of_column = |c: &ColumnReport| c.findings.iter().map(|f| (c.column.clone(), f.clone())).collect::<Vec<_>>();
    let mut found: Vec<(String, Finding)> = report.columns.iter().flat_map(of_column).collect();
    found.extend(report.headers.iter().map(|f| ("header".to_owned(), f.clone())));
    for r in report.cross_column.iter().chain(&report.cross_row).filter(|r| r.violations > 0) {
        let (requirement, examples) = (r.requirement.clone(), r.examples.clone());
        found.push((r.rule.clone(), Finding { rule: String::new(), requirement, violations: r.violations, examples }));
    }
    if found.is_empty() {
        return;
    }
    out.push_str(&title(look, "What does not conform"));
    for (what, finding) in found {
        let rule = if finding.rule.is_empty() { String::new() } else { format!(" {}", finding.rule) };
        let text = format!("{what}{rule}: {} ({})", finding.requirement, counted(finding.violations, "violation"));
        out.push_str(&wrap("", &text, look.width));
        for e in &finding.examples {
            out.push_str(&wrap("    ", &example(e, report.files.len() > 1), look.width));
        }
    }
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

/// The report as JSON.
///
/// # Errors
/// [`ReportError`].
pub fn conformance_json(report: &Conformance) -> Result<String, ReportError> {
    json::pretty(report)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cost_core::focus::columns::Version;

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
        let text = conformance_table(&report, &Look { width: 80, color: false, top: 10 });
        assert!(text.starts_with("b.csv: does not conform to FOCUS 1.4\n"), "{text}");
        assert!(text.contains("(an AWS Cost and Usage Report), but the FOCUS\nrows made of it"), "{text}");
        assert!(text.contains("Rules across rows\n") && !text.contains("Rules across columns"), "{text}");
        assert!(text.contains("commitment-counted-once: a cost counts once (2 violations)"), "{text}");
        assert!(text.contains("row 7: CommitmentDiscountId = `c`, EffectiveCost = `1.5`"), "{text}");
    }
}
