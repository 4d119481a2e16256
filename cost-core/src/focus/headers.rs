//! Mapping of file headers to FOCUS columns, and the decoding of each column.

use polars::prelude::*;

use super::expr::{kernel, null_if_blank};
use super::kernels::{self, RoundedCells};
use super::optional::Optional;
use super::rows::FILE;
use super::tags::{self, TAGS_COLUMN};
use super::unread::UnreadCells;
use super::used::{CHARGE_START, OPERATION, Role, USED, Used};
use super::{FocusError, columns, fold};

/// Header of each FOCUS column in a file.
pub(super) struct Headers {
    found: std::collections::HashMap<&'static str, String>,
    meters: Vec<String>,
}

/// How a header matches a column.
struct Claim {
    /// Whether it is the column that replaced a deprecated one.
    is_heir: bool,
    how: columns::Match,
}

impl Claim {
    /// Returns whether this header wins over the other. A column wins over the deprecated one that
    /// FOCUS 1.3 keeps next to it. Of two exact names, the surer match wins. Two headers that
    /// differ only in spelling have no winner.
    fn beats(&self, other: &Self) -> bool {
        if self.is_heir != other.is_heir {
            return self.is_heir;
        }
        self.how < other.how && other.how != columns::Match::Form
    }
}

impl Headers {
    pub(super) fn read(schema: &Schema, label: &str) -> Result<Self, FocusError> {
        let mut found: std::collections::HashMap<&'static str, String> =
            std::collections::HashMap::new();
        let mut sure: std::collections::HashMap<&'static str, Claim> =
            std::collections::HashMap::new();
        let mut meters = Vec::new();
        for header in schema.iter_names().map(PlSmallStr::as_str) {
            if header == OPERATION {
                found.insert(OPERATION, header.to_owned());
            }
            let Some((spec, how)) = columns::lookup_ranked(header) else { continue };
            if spec.name == "SkuMeter" {
                meters.push(header.to_owned());
                continue;
            }
            let claim = Claim { is_heir: columns::is_heir(header, spec), how };
            let is_first = match (sure.get(spec.name), found.get(spec.name)) {
                (Some(before), _) if claim.beats(before) => true,
                (Some(before), _) if before.beats(&claim) => false,
                (Some(_), Some(first)) => {
                    return Err(FocusError::DuplicateColumn {
                        origin: label.to_owned(),
                        column: spec.name,
                        first: first.clone(),
                        second: header.to_owned(),
                    });
                }
                _ => true,
            };
            if is_first {
                sure.insert(spec.name, claim);
                found.insert(spec.name, header.to_owned());
            }
        }
        // Most informative first: AWS's usage type has region, meter, and size; a SKU ID has none.
        meters.sort_by_key(|h| {
            ["x_UsageType", "SkuMeter", "x_SkuMeterName"].iter().position(|k| k == h)
        });
        Ok(Self { found, meters })
    }

    pub(super) fn get(&self, column: &str) -> Option<&str> {
        self.found.get(column).map(String::as_str)
    }

    /// Returns the canonical columns of a file as expressions on its raw columns. A missing
    /// optional column is null and recorded in `notes`.
    pub(super) fn canonical(
        &self,
        tag_keys: &[String],
        (rounded, unread): (&RoundedCells, &UnreadCells),
        (label, schema): (&str, &Schema),
        notes: &mut Notes,
    ) -> Result<Vec<Expr>, FocusError> {
        let mut out = Vec::with_capacity(USED.len() + 1);
        for used in USED {
            let raw = if used.name == "SkuMeter" {
                self.meter(unread)
            } else {
                self.get(used.name).map(col)
            };
            out.push(match raw {
                Some(raw) => decode(raw, used, rounded, unread).alias(used.name),
                None if used.required => return Err(missing(used.name, label)),
                None => {
                    if used.reported {
                        notes.missing(used.name, label);
                    }
                    lit(NULL).cast(canonical_type(used.role)).alias(used.name)
                }
            });
        }
        if let Some(start) = self.get("ChargePeriodStart") {
            out.push(
                kernel(col(start), kernels::instant_type(), |c| kernels::to_instant(c, None))
                    .alias(CHARGE_START),
            );
        }
        let has_file = schema.contains(FILE);
        out.push(if has_file { col(FILE) } else { lit(NULL).cast(DataType::String).alias(FILE) });
        let (keys, unread) = (tag_keys.to_vec(), unread.clone());
        let no_tags = lit(NULL).cast(DataType::String);
        let tags = self.get("Tags").map_or_else(
            || {
                notes.missing("Tags", label);
                no_tags
            },
            col,
        );
        out.push(
            kernel(tags, DataType::String, move |c| tags::to_tags(c, &keys, &unread))
                .alias(TAGS_COLUMN),
        );
        Ok(out)
    }

    /// Returns the usage type: the first meter column that is not null, else the SKU ID.
    fn meter(&self, unread: &UnreadCells) -> Option<Expr> {
        let names = self.meters.iter().map(String::as_str).chain(self.get("SkuId"));
        let text = |name: &str| null_if_blank(text(col(name), "SkuMeter", Some(unread.clone())));
        names.map(text).reduce(Expr::fill_null)
    }
}

fn missing(column: &'static str, label: &str) -> FocusError {
    let aliases = columns::lookup(column).map_or(&[][..], |c| c.aliases);
    let names =
        if aliases.is_empty() { String::new() } else { format!(" (or {})", aliases.join(", ")) };
    let hint = format!(
        "FOCUS 1.0 and later require it{names}: check that the file is a FOCUS export, or run `cost validate` on it"
    );
    FocusError::MissingColumn { origin: label.to_owned(), column, hint }
}

/// Optional columns that are missing, with the files that lack them.
#[derive(Default)]
pub(super) struct Notes(std::collections::BTreeMap<&'static str, Vec<String>>);

impl Notes {
    fn missing(&mut self, column: &'static str, label: &str) {
        self.0.entry(column).or_default().push(label.to_owned());
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let line = |(column, labels): (&&str, &Vec<String>)| {
            let rest = if labels.len() > 1 {
                format!(" and {} more", labels.len() - 1)
            } else {
                String::new()
            };
            format!("column {column} is missing in {}{rest}: its values count as null", labels[0])
        };
        self.0.iter().map(line).collect()
    }
}

fn canonical_type(role: Role) -> DataType {
    match role {
        Role::Text | Role::Word | Role::Currency | Role::Identifier | Role::Account => {
            DataType::String
        }
        Role::Decimal => kernels::decimal_type(),
        Role::Day | Role::Period => DataType::Date,
        Role::End => kernels::instant_type(),
    }
}

/// `raw` as text. `unread` takes what is no text; without it, that fails.
fn text(raw: Expr, name: &'static str, unread: Option<UnreadCells>) -> Expr {
    kernel(raw, DataType::String, move |c| {
        kernels::to_text(c, unread.as_ref().map(|unread| Optional { column: name, unread }))
    })
}

/// `raw` decoded to its canonical type. Blank text stays as it is here: it is turned to null in the
/// cube, where there are few rows.
fn decode(raw: Expr, used: &Used, rounded: &RoundedCells, unread: &UnreadCells) -> Expr {
    let dtype = canonical_type(used.role);
    let (name, required) = (used.name, used.required);
    let (rounded, unread) = (rounded.clone(), unread.clone());
    let as_text = |raw| text(raw, name, (!required).then(|| unread.clone()));
    let checked = move |column: PolarsResult<Column>| kernels::refuse_null(column?, required);
    match used.role {
        Role::Text => as_text(raw),
        Role::Word => kernel(as_text(raw), dtype, move |c| fold::words(c, name)),
        Role::Currency => kernel(as_text(raw), dtype, fold::currencies),
        Role::Identifier => kernel(as_text(raw), dtype, fold::identifiers),
        Role::Account => kernel(raw, dtype, fold::accounts),
        Role::Period => kernel(raw, dtype, move |c| checked(kernels::to_period(c))),
        Role::Day => kernel(raw, dtype, move |c| checked(kernels::to_day(c))),
        Role::Decimal => kernel(raw, dtype, move |c| {
            let optional = (!required).then_some(Optional { column: name, unread: &unread });
            checked(kernels::to_decimal(c, &rounded, optional))
        }),
        Role::End => kernel(raw, dtype, move |c| {
            let optional = (!required).then_some(Optional { column: name, unread: &unread });
            checked(kernels::to_end(c, optional))
        }),
    }
}
