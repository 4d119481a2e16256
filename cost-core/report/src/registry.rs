//! Every output format there is: a new one is a file and a line here.

use super::Render;

fn registry() -> &'static [&'static dyn Render] {
    &[&super::screen::Table, &super::json::Json, &super::csv::Csv]
}

/// The renderer of a format.
#[must_use]
pub fn renderer(name: &str) -> Option<&'static dyn Render> {
    registry().iter().copied().find(|r| r.name() == name)
}

/// Names of all formats.
pub fn format_names() -> impl Iterator<Item = &'static str> {
    registry().iter().map(|r| r.name())
}
