//! Chart of cost by month.

use super::super::plot;
use crate::chart::MonthChart;
use crate::escape::xml_text;

/// Width, and the places of the axis, the columns, and the legend.
const WIDTH: f64 = 720.0;
const LEFT: f64 = 12.0;
const TOP: f64 = 32.0;
const AXIS: f64 = 84.0;
const LINE: f64 = 18.0;

/// Colors of what the drawing marks with classes.
const STYLE: &str = "\
text{fill:#222222;font:11px sans-serif}.gl{stroke:#dddddd}.zl{stroke:#555555}.hit{fill:none}\
.bd{fill:none;stroke:#222222;stroke-dasharray:3 2}\
.c0{fill:#1f4e79}.c1{fill:#2f7fb8}.c2{fill:#3a9bb0}.c3{fill:#1b7f6b}.c4{fill:#6f9f3f}\
.c5{fill:#b98f14}.c6{fill:#cc6f1f}.c7{fill:#b8483a}.c8{fill:#8d5a97}.c9{fill:#868d96}";

/// Draws stacked columns with a legend.
pub(super) fn draw(chart: &MonthChart) -> String {
    let drawn = plot::months::draw(chart);
    let mut top = TOP + drawn.height + 20.0;
    let mut legend = String::new();
    for (at, series) in chart.series.iter().enumerate() {
        legend.push_str(&format!(
            "<rect x=\"{LEFT}\" y=\"{:.1}\" width=\"10\" height=\"10\" class=\"{}\"/>\
             <text x=\"{:.1}\" y=\"{top:.1}\">{}</text>\n",
            top - 9.0,
            plot::color(at),
            LEFT + 16.0,
            xml_text(&series.name)
        ));
        top += LINE;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {top}\" width=\"{WIDTH}\" height=\"{top}\" role=\"img\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n\
         <rect width=\"{WIDTH}\" height=\"{top}\" fill=\"#ffffff\"/>\n\
         <text x=\"{LEFT}\" y=\"18\" font-weight=\"bold\">{title}</text>\n\
         <svg x=\"{LEFT}\" y=\"{TOP}\" width=\"{axis:.1}\" height=\"{height:.1}\">{0}</svg>\n\
         <svg x=\"{AXIS}\" y=\"{TOP}\" width=\"{room:.1}\" height=\"{height:.1}\">{1}</svg>\n{legend}</svg>\n",
        drawn.axis,
        drawn.body,
        title = xml_text(&chart.title),
        axis = AXIS - LEFT - 6.0,
        height = drawn.height,
        room = WIDTH - AXIS - LEFT,
    )
}
