//! Check of one file against every rule: headers first, then one pass that counts, one per finding
//! that collects examples, and one for the rules across rows.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::cells::{self, Problem};
use super::gathered::{Gathered, columns_of};
use super::names::{EXACT, ROW, exact_name};
use super::rules;
use super::types::Example;
use crate::focus::columns::{self, ColumnSpec, Level};
use crate::focus::failure::unreadable;
use crate::focus::{FocusError, Origin};
use crate::shield::shield;

const ROWS: &str = "rows#";

/// Target of a pass: where violations are recorded, and the row expression.
enum Target {
    Nulls(&'static ColumnSpec),
    Column { spec: &'static ColumnSpec, rule: &'static str, requirement: String },
    Rule(usize),
}

struct Probe {
    target: Target,
    violated: Expr,
    /// Columns shown in examples.
    shown: Vec<&'static str>,
}

/// Column id and the header it stands under.
type Present = BTreeMap<&'static str, (&'static ColumnSpec, String)>;

impl Gathered {
    /// Checks a file, batch by batch.
    pub(super) fn file(&mut self, origin: &Origin) -> Result<(), FocusError> {
        let present = self.headers(origin, origin.rows.schema());
        let probes = self.probes(&present);
        for target in probes.iter().map(|p| &p.target) {
            if let Target::Rule(at) = target
                && let Some((files, _)) = self.rules.get_mut(*at)
            {
                *files += 1;
            }
        }
        let wanted = present.values().map(|(_, header)| header.as_str().into()).collect();
        let has = |column: &str| present.contains_key(column);
        self.cross_row.file(&origin.label, has);
        let mut before = 0;
        for batch in origin.rows.batches_of(&wanted) {
            let batch = batch.map_err(|e| unreadable(&origin.label, &e))?;
            let typed = typed(&present, batch);
            let crossed = shield(|| self.cross_row.batch(&typed, before, has));
            crossed.map_err(|e| unreadable(&origin.label, &e))?;
            before += self.batch(origin, &typed, &probes, before)?;
        }
        Ok(())
    }

    /// Checks the rows of a batch; how many they are.
    fn batch(
        &mut self,
        origin: &Origin,
        typed: &LazyFrame,
        probes: &[Probe],
        before: u64,
    ) -> Result<u64, FocusError> {
        let failed = |e: PolarsError| unreadable(&origin.label, &e);
        let counts = probes.iter().enumerate().map(|(at, p)| {
            p.violated
                .clone()
                .fill_null(lit(false))
                .cast(DataType::UInt64)
                .sum()
                .alias(at.to_string())
        });
        let counts = counts.chain([len().cast(DataType::UInt64).alias(ROWS)]).collect::<Vec<_>>();
        let counted = shield(|| typed.clone().select(counts).collect()).map_err(failed)?;
        let count =
            |name: &str| counted.column(name).and_then(|c| c.u64().map(|c| c.get(0).unwrap_or(0)));
        let rows = count(ROWS).map_err(failed)?;
        self.rows += rows;
        for (at, probe) in probes.iter().enumerate() {
            let violations = count(&at.to_string()).map_err(failed)?;
            let wanted = violations > 0
                && !matches!(probe.target, Target::Nulls(_))
                && self.most_examples > 0;
            let examples =
                if wanted { self.examples(origin, typed, probe, before)? } else { Vec::new() };
            self.record(&probe.target, violations, examples);
        }
        Ok(rows)
    }

    /// Returns the columns of the file, and records problems of the header.
    fn headers(&mut self, origin: &Origin, schema: &Schema) -> Present {
        let example = |values| vec![Example { file: origin.label.clone(), row: None, values }];
        let mut present = Present::new();
        for header in schema.iter_names().map(PlSmallStr::as_str) {
            let found = || example(vec![(header.to_owned(), None)]);
            // The specification's own names only: those that bills have besides are custom columns.
            match columns::lookup_spelled(header) {
                Some(spec) if spec.removed.is_some_and(|(gone, _)| gone <= self.version) => {
                    self.removed.add(1, found(), self.most_examples);
                }
                Some(spec) => {
                    let named = header == spec.name;
                    if !named {
                        self.found(
                            spec.name,
                            "name",
                            &format!("is written {}", spec.name),
                            1,
                            found(),
                        );
                    }
                    if named || !present.contains_key(spec.name) {
                        present.insert(spec.name, (spec, header.to_owned()));
                    }
                }
                None if !header.starts_with("x_") => {
                    self.custom.add(1, found(), self.most_examples);
                }
                None => {}
            }
        }
        for spec in columns_of(self.version) {
            if present.contains_key(spec.name) {
                *self.present.entry(spec.name).or_default() += 1;
            } else if spec.level_in(self.version) == Level::Mandatory {
                self.found(spec.name, "presence", "is present", 1, example(Vec::new()));
            }
        }
        present
    }

    fn probes(&self, present: &Present) -> Vec<Probe> {
        let mut probes = Vec::new();
        for spec in columns_of(self.version) {
            if present.contains_key(spec.name) {
                probes.extend(column_probes(spec));
            }
        }
        for (at, rule) in rules::RULES.iter().enumerate() {
            if rule.versions.has(self.version)
                && rule.columns.iter().all(|c| present.contains_key(c))
            {
                let shown = rule.columns.to_vec();
                probes.push(Probe { target: Target::Rule(at), violated: (rule.violated)(), shown });
            }
        }
        probes
    }

    fn record(&mut self, target: &Target, violations: u64, examples: Vec<Example>) {
        match target {
            Target::Nulls(spec) => {
                *self.nulls.entry(spec.name).or_default() += violations;
            }
            Target::Column { spec, rule, requirement } if violations > 0 => {
                self.found(spec.name, rule, requirement, violations, examples);
            }
            Target::Column { .. } => {}
            Target::Rule(at) => {
                if let Some((_, tally)) = self.rules.get_mut(*at) {
                    tally.add(violations, examples, self.most_examples);
                }
            }
        }
    }

    /// Returns the first rows that violate a rule.
    fn examples(
        &self,
        origin: &Origin,
        typed: &LazyFrame,
        probe: &Probe,
        before: u64,
    ) -> Result<Vec<Example>, FocusError> {
        let failed = |e: PolarsError| unreadable(&origin.label, &e);
        let most = IdxSize::try_from(self.most_examples).unwrap_or(IdxSize::MAX);
        let names = &probe.shown;
        let columns = std::iter::once(col(ROW)).chain(names.iter().map(|c| col(raw_name(c))));
        let rows = typed
            .clone()
            .filter(probe.violated.clone().fill_null(lit(false)))
            .select(columns.collect::<Vec<_>>());
        let rows = rows.slice(0, most).collect().map_err(failed)?;
        let texts = |name: &&str| rows.column(&raw_name(name)).and_then(|c| Ok(c.str()?.clone()));
        let texts = names.iter().map(texts).collect::<PolarsResult<Vec<_>>>().map_err(failed)?;
        let index = rows.column(ROW).and_then(|c| c.cast(&DataType::UInt64)).map_err(failed)?;
        let index = index.u64().map_err(failed)?;
        let example = |row: usize| Example {
            file: origin.label.clone(),
            row: index.get(row).map(|r| before + r + 1),
            values: names
                .iter()
                .zip(&texts)
                .map(|(name, t)| ((*name).to_owned(), t.get(row).map(ToOwned::to_owned)))
                .collect(),
        };
        Ok((0..rows.height()).map(example).collect())
    }
}

fn column_probes(spec: &'static ColumnSpec) -> Vec<Probe> {
    let probe = |rule: &'static str, requirement: String, violated: Expr| Probe {
        target: Target::Column { spec, rule, requirement },
        violated,
        shown: vec![spec.name],
    };
    let null = col(null_name(spec.name));
    let mut probes =
        vec![Probe { target: Target::Nulls(spec), violated: null.clone(), shown: Vec::new() }];
    if !spec.nullable {
        probes.push(probe("nullability", "is not null".into(), null));
    }
    let problems = [("type", Problem::Type), ("format", Problem::Format)];
    for (rule, problem) in
        problems.into_iter().filter(|(_, p)| !(spec.nested && *p == Problem::Format))
    {
        let requirement = cells::requirement(spec.kind, problem).to_owned();
        probes.push(probe(rule, requirement, col(problem_name(spec.name, problem))));
    }
    if !spec.allowed.is_empty() {
        let one_of = spec.allowed.iter().map(|v| col(spec.name).eq(lit(*v))).reduce(Expr::or);
        let outside = one_of.map_or(lit(false), Expr::not).and(col(spec.name).is_not_null());
        probes.push(probe("allowed-values", one_of_text(spec.allowed), outside));
    }
    probes
}

/// Most values that a requirement names; of a longer list it gives the number. Chosen: the list of
/// categories has 19, that of subcategories 82.
const MOST_NAMED: usize = 20;

fn one_of_text(allowed: &[&str]) -> String {
    if allowed.len() > MOST_NAMED {
        return format!("is one of the {} values that the specification lists", allowed.len());
    }
    format!("is one of {}", allowed.join(", "))
}

fn raw_name(column: &str) -> String {
    format!("raw#{column}")
}
fn null_name(column: &str) -> String {
    format!("null#{column}")
}
fn problem_name(column: &str, problem: Problem) -> String {
    format!("{problem:?}#{column}")
}

/// What is made of a column's cells.
type Kernel = fn(&Column, columns::Kind) -> PolarsResult<Column>;

/// Each column as the rules see it, as text, and what is wrong with its cells, with the row's
/// number.
fn typed(present: &Present, raw: LazyFrame) -> LazyFrame {
    let mut out = vec![col(ROW)];
    for (name, (spec, header)) in present {
        let kind = spec.kind;
        let mapped = |function: Kernel, dtype: DataType| {
            col(header.as_str()).map(
                move |c| function(&c, kind),
                move |_, f| Ok(Field::new(f.name().clone(), dtype.clone())),
            )
        };
        out.push(mapped(cells::typed, cells::typed_as(kind)).alias(*name));
        out.push(mapped(|c, _| cells::shown(c), DataType::String).alias(raw_name(name)));
        out.push(mapped(|c, _| Ok(cells::is_blank(c)), DataType::Boolean).alias(null_name(name)));
        if EXACT.contains(name) {
            out.push(mapped(|c, _| cells::exact(c), cells::exact_type()).alias(exact_name(name)));
        }
        let problems: [(Problem, Kernel); 2] = [
            (Problem::Type, |c, k| Ok(cells::has_problem(c, k, Problem::Type))),
            (Problem::Format, |c, k| Ok(cells::has_problem(c, k, Problem::Format))),
        ];
        for (problem, function) in problems {
            out.push(mapped(function, DataType::Boolean).alias(problem_name(name, problem)));
        }
    }
    raw.with_row_index(ROW, None).select(out)
}
