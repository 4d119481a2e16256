//! JSON format: exact amounts as decimal text, versioned, with a published schema.

use crate::renderer::{Format, RenderOptions, Rendered};
use crate::report::{Report, ReportError};

pub(super) struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn about(&self) -> &'static str {
        "for programs: exact amounts as decimal text"
    }

    fn render(&self, report: &dyn Report, _: &RenderOptions) -> Result<Rendered, ReportError> {
        Ok(report.json()?.into())
    }
}
