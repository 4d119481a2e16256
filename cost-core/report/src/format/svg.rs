//! SVG format: the chart of a report.

mod bars;
mod curve;
mod days;
mod months;

use crate::chart::{Bars, Chart};
use crate::document::Block;
use crate::renderer::{Format, RenderOptions, Rendered};
use crate::report::{Audience, Report, ReportError, ViewOptions};

pub(super) struct Svg;

impl Format for Svg {
    fn name(&self) -> &'static str {
        "svg"
    }

    fn about(&self) -> &'static str {
        "chart, if the report has one"
    }

    fn render(
        &self,
        report: &dyn Report,
        options: &RenderOptions,
    ) -> Result<Rendered, ReportError> {
        let documents =
            report.documents(&ViewOptions { top: options.top, audience: Audience::Page });
        let chart =
            |block: &Block| if let Block::Chart(chart) = block { Some(draw(chart)) } else { None };
        let drawn = documents.iter().flat_map(|d| &d.blocks).find_map(chart);
        Ok(drawn.ok_or(ReportError::NoChart)?.into())
    }
}

fn draw(chart: &Chart) -> String {
    match chart {
        Chart::Days(chart) => days::draw(chart),
        Chart::Curve(chart) => curve::draw(chart),
        Chart::Months(chart) => months::draw(chart),
        Chart::Waterfall(_) | Chart::Tree(_) | Chart::Ladder(_) => {
            Bars::of(chart).map(|bars| bars::draw(&chart.title(), &bars)).unwrap_or_default()
        }
    }
}
