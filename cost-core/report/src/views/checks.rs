//! The catalogue of checks: a line each on a screen, their documentation as pages.

use std::collections::BTreeMap;

use cost_core::check::{CheckMeta, Group};
use schemars::JsonSchema;
use serde::Serialize;

use crate::document::{Block, Document};
use crate::report::{Audience, Report, ReportError, ViewOptions};
use crate::table::{Cell, Table, Value};
use crate::text::Text;
use crate::to_json;

/// Version of the JSON output: the first number changes when a reader of the old one would break.
const SCHEMA_VERSION: &str = "1.0";

/// The catalogue as JSON has it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ChecksReport")]
pub(crate) struct Catalogue<'a> {
    /// Version of this output.
    schema_version: &'a str,
    /// Program and version.
    generator: &'a str,
    /// Every check.
    checks: &'a [&'a CheckMeta],
}

/// `cost checks`: on a screen a line a check, unless one is asked for; as a page all there is to
/// say of each.
#[derive(Clone, Copy, Debug)]
pub struct Checks<'a> {
    /// The checks to show.
    pub checks: &'a [&'a CheckMeta],
    /// Whether one check was asked for by its id.
    pub by_id: bool,
}

impl Report for Checks<'_> {
    fn schema_name(&self) -> Option<&'static str> {
        Some("checks")
    }

    fn json(&self) -> Result<String, ReportError> {
        let generator = cost_core::GENERATOR;
        to_json::pretty(&Catalogue {
            schema_version: SCHEMA_VERSION,
            generator,
            checks: self.checks,
        })
    }

    fn documents(&self, view: &ViewOptions) -> Vec<Document> {
        if view.audience == Audience::Screen && !self.by_id {
            return vec![list(self.checks)];
        }
        let pages: Vec<String> = self.checks.iter().map(|c| page(c)).collect();
        vec![Document { title: None, blocks: vec![Block::Markdown(pages.join("\n"))] }]
    }
}

/// A line a check, by kind of waste.
fn list(checks: &[&CheckMeta]) -> Document {
    let mut doc = Document::default();
    for (group, of_group) in by_group(checks) {
        let mut table = Table::new(&["check", "finds", "needs", ">months"]);
        for c in of_group {
            let months = Cell::shown_as(c.history_months, Value::Number(c.history_months.into()));
            table.row([Cell::id(c.id), Cell::text(c.title), Cell::text(needs(c)), months]);
        }
        doc.heading(group.title());
        doc.table(table);
    }
    doc.gap();
    doc.line(Text::literal(
        "`cost checks ID` tells what a check looks at, how it computes, and its sources.",
    ));
    doc
}

/// The checks by kind of waste, in the order of the kinds.
fn by_group<'a>(checks: &[&'a CheckMeta]) -> BTreeMap<Group, Vec<&'a CheckMeta>> {
    let mut groups: BTreeMap<Group, Vec<&CheckMeta>> = BTreeMap::new();
    for check in checks {
        groups.entry(check.group).or_default().push(check);
    }
    groups
}

fn needs(check: &CheckMeta) -> String {
    let inputs: Vec<&str> = check.needs.iter().map(|input| input.title()).collect();
    if inputs.is_empty() { "bill".to_owned() } else { format!("bill, {}", inputs.join(", ")) }
}

/// All there is to say of a check, as Markdown.
fn page(c: &CheckMeta) -> String {
    let code =
        |names: &[&str]| names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    let mut out = format!(
        "# {}: {}\n\n{}. Since {}.\n\n- Needs: {}; {} complete month{} of bills\n- FOCUS columns, besides those every bill has: \
         {}\n- Permissions to collect its data: {}\n\n{}\n",
        c.id,
        c.title,
        c.group.title(),
        c.since,
        needs(c),
        c.history_months,
        if c.history_months == 1 { "" } else { "s" },
        code(c.columns),
        code(c.permissions),
        c.docs
    );
    if !c.thresholds.is_empty() {
        out.push_str(&format!("## Thresholds\nConfigured under `[savings.checks.{}]`.\n\n", c.id));
        out.push_str(
            "| key | value | metric and statistic | window | source |\n|---|---|---|---|---|\n",
        );
        for t in c.thresholds {
            let window = if t.window.is_empty() { "–" } else { t.window };
            out.push_str(&format!(
                "| `{}` | {} {} | {} | {window} | {} |\n",
                t.key, t.value, t.unit, t.metric, t.source
            ));
        }
    }
    out
}

/// The catalogue as files of a folder: an index and a page a check.
#[must_use]
pub fn checks_pages(checks: &[&CheckMeta]) -> Vec<(String, String)> {
    let mut index =
        "# Checks\n\nMade by `cost checks --format markdown --into docs/checks`; do not edit.\n"
            .to_owned();
    for (group, of_group) in by_group(checks) {
        index.push_str(&format!(
            "\n## {}\n\n| check | finds | needs |\n|---|---|---|\n",
            group.title()
        ));
        for c in of_group {
            index.push_str(&format!("| [{}]({}.md) | {} | {} |\n", c.id, c.id, c.title, needs(c)));
        }
    }
    let pages = checks.iter().map(|c| (format!("{}.md", c.id), page(c)));
    std::iter::once(("README.md".to_owned(), index)).chain(pages).collect()
}
