//! Native charts, above the table with their data.

use rust_xlsxwriter::{
    Chart as SheetChart, ChartAxisLabelPosition, ChartFormat, ChartLegendPosition, ChartLine,
    ChartLineDashType, ChartMarker, ChartMarkerType, ChartPoint, ChartSolidFill, ChartType, Color,
    XlsxError,
};

use super::chart_table;
use super::look::{Kind, Look};
use super::page::Page;
use super::placed::Placed;
use crate::chart::{Chart, CurveChart, DayChart, DayMark};

/// Rows that a chart covers, and its size in pixels. A row has 20 pixels.
const ROWS: u32 = 18;
const HEIGHT: u32 = 350;
const WIDTH: u32 = 800;

/// Colors: amounts, what they are compared with, and what is unusual.
const AMOUNT: Color = Color::RGB(0x004a_7ebb);
const COMPARED: Color = Color::RGB(0x007f_7f7f);
const UNUSUAL: Color = Color::RGB(0x00c0_392b);

impl Page<'_> {
    /// Writes a chart and its data; only the data of a chart that the workbook does not draw.
    pub(super) fn chart(&mut self, chart: &Chart) -> Result<(), XlsxError> {
        let Some(data) = chart_table::table(chart) else {
            self.gap();
            return self.table(&chart.table()).map(|_| ());
        };
        if let Chart::Days(chart) = chart {
            self.heading(Kind::Part, &chart.title)?;
            self.spanning(&chart.place, Look::default())?;
        }
        self.gap();
        let Some(top) = self.take(ROWS) else { return Ok(()) };
        self.gap();
        // The series of the chart refer to the columns of the data.
        let lead = std::mem::take(&mut self.lead);
        let placed = self.table(&data)?;
        self.lead = lead;
        let Some(placed) = placed else { return Ok(()) };
        self.gap();
        let sheet = self.sheet.name();
        if let Chart::Days(chart) = chart {
            self.sheet.insert_chart(top, 0, &days(chart, &sheet, placed))?;
        } else if let Chart::Curve(chart) = chart {
            self.sheet.insert_chart(top, 0, &curve(chart, &sheet, placed))?;
        }
        Ok(())
    }
}

/// Range of a column of the data.
type Range<'a> = (&'a str, u32, u16, u32, u16);

fn range(sheet: &str, placed: Placed, column: u16) -> Range<'_> {
    let last = placed.first + placed.rows.saturating_sub(1);
    (sheet, placed.first, column, last, column)
}

/// Titles are of this program: the writer takes text that starts with `=` for a reference.
fn framed(mut chart: SheetChart, title: &str, x: &str, y: &str) -> SheetChart {
    chart.set_width(WIDTH).set_height(HEIGHT).set_alt_text(title);
    chart.title().set_name(title);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.x_axis().set_name(x);
    chart.y_axis().set_name(y).set_num_format("#,##0");
    chart
}

fn line(color: Color, dash: Option<ChartLineDashType>) -> ChartFormat {
    let mut line = ChartLine::new();
    line.set_color(color).set_width(2);
    if let Some(dash) = dash {
        line.set_dash_type(dash);
    }
    let mut format = ChartFormat::new();
    format.set_line(&line);
    format
}

fn fill(color: Color) -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(color));
    format
}

/// Cost by day as columns, those that are unusual in red, and the expected cost as a line.
fn days(data: &DayChart, sheet: &str, placed: Placed) -> SheetChart {
    let mut chart = SheetChart::new(ChartType::Column);
    let points: Vec<ChartPoint> = data
        .days
        .iter()
        .map(|day| {
            let is_unusual = day.mark == DayMark::Unusual;
            ChartPoint::new().set_format(&mut fill(if is_unusual { UNUSUAL } else { AMOUNT }))
        })
        .collect();
    chart
        .add_series()
        .set_name("cost")
        .set_categories(range(sheet, placed, 0))
        .set_values(range(sheet, placed, 1))
        .set_format(&mut fill(AMOUNT))
        .set_points(&points)
        .set_gap(40);
    if data.days.iter().any(|day| day.expected.is_some()) {
        let mut expected = SheetChart::new(ChartType::Line);
        expected
            .add_series()
            .set_name("expected")
            .set_categories(range(sheet, placed, 0))
            .set_values(range(sheet, placed, 2))
            .set_format(&mut line(COMPARED, Some(ChartLineDashType::Dash)));
        chart.combine(&expected);
    }
    let title = format!("EffectiveCost by day, {}", data.currency);
    let mut chart = framed(chart, &title, "", data.currency.as_str());
    chart.x_axis().set_date_axis(true).set_num_format("mm-dd");
    chart
}

/// Savings by commitment: usage as it is, usage in decline, and the recommended purchase.
fn curve(data: &CurveChart, sheet: &str, placed: Placed) -> SheetChart {
    let mut chart = SheetChart::new(ChartType::ScatterStraight);
    let series = [
        ("usage stays the same", 1, line(AMOUNT, None)),
        ("lowest usage", 2, line(UNUSUAL, Some(ChartLineDashType::Dash))),
    ];
    for (name, column, mut format) in series {
        chart
            .add_series()
            .set_name(name)
            .set_categories(range(sheet, placed, 0))
            .set_values(range(sheet, placed, column))
            .set_format(&mut format);
    }
    if let Ok(chosen) = u32::try_from(data.chosen)
        && chosen < placed.rows
    {
        let row = placed.first + chosen;
        let mut marker = ChartMarker::new();
        marker.set_type(ChartMarkerType::Circle).set_size(9).set_format(&mut fill(AMOUNT));
        chart
            .add_series()
            .set_name("recommended")
            .set_categories((sheet, row, 0, row, 0))
            .set_values((sheet, row, 1, row, 1))
            .set_format(&mut line(AMOUNT, None))
            .set_marker(&marker);
    }
    let title = format!("Savings by commitment, {} per month", data.currency);
    let mut chart = framed(chart, &title, "commitment, USD per hour", data.currency.as_str());
    // Below the losses, not across them.
    chart.x_axis().set_label_position(ChartAxisLabelPosition::Low);
    chart
}
