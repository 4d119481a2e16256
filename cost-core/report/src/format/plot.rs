//! Drawings with a vertical axis. Horizontal places are in percent and vertical places in pixels, so
//! that a drawing fits every width and its text keeps its size. Colors are classes.

pub(super) mod curve;
pub(super) mod days;
pub(super) mod months;

use cost_core::money::{Currency, Money};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use crate::escape::xml_text;

/// Drawing: the labels of the vertical axis, and the area to the right of it.
pub(super) struct Plot {
    /// Height of both, in pixels.
    pub(super) height: f64,
    /// Content of the axis, aligned to its right border.
    pub(super) axis: String,
    /// Content of the area.
    pub(super) body: String,
}

/// Number of colors for series.
const COLORS: usize = 10;

/// Returns the class of the color of a series. Further series have the last color.
pub(super) fn color(series: usize) -> String {
    format!("c{}", series.min(COLORS - 1))
}

/// Height of the area between the lowest and the highest value, and above and below it.
const HEIGHT: f64 = 220.0;
const ABOVE: f64 = 20.0;
const BELOW: f64 = 36.0;

/// Vertical scale with round values.
pub(super) struct Frame {
    low: f64,
    high: f64,
    ticks: Vec<f64>,
}

impl Frame {
    /// Returns the scale of some values. It contains zero.
    pub(super) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let (low, high) = values
            .into_iter()
            .fold((0.0, 0.0), |(low, high), x| (f64::min(low, x), f64::max(high, x)));
        let range = if high > low { high - low } else { 1.0 };
        let step = round_step(range / 4.0);
        let (first, last) = ((low / step).floor(), (high.max(low + range * 0.01) / step).ceil());
        let count = (last - first).to_usize().unwrap_or(1);
        let tick = |at: usize| (first + at.to_f64().unwrap_or(0.0)) * step;
        Self { low: first * step, high: last * step, ticks: (0..=count).map(tick).collect() }
    }

    /// Returns the place of a value, from the top.
    pub(super) fn y(&self, value: f64) -> f64 {
        ABOVE + HEIGHT * (self.high - value) / (self.high - self.low)
    }

    /// Returns the bottom of the area with values.
    pub(super) fn bottom() -> f64 {
        ABOVE + HEIGHT
    }

    /// Returns the complete drawing: grid lines and their labels, and `body` on top of the lines.
    pub(super) fn plot(&self, currency: Currency, body: &str) -> Plot {
        let mut axis = String::new();
        let mut lines = String::new();
        for tick in &self.ticks {
            let y = self.y(*tick);
            let amount = Decimal::from_f64(*tick).unwrap_or_default().round_dp(2);
            let label = if amount.is_zero() {
                "0".to_owned()
            } else {
                Money::new(amount, currency).display_whole()
            };
            axis.push_str(&format!(
                "<text x=\"100%\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
                y + 4.0
            ));
            let class = if amount.is_zero() { "zl" } else { "gl" };
            lines.push_str(&format!(
                "<line x1=\"0\" x2=\"100%\" y1=\"{y:.1}\" y2=\"{y:.1}\" class=\"{class}\"/>"
            ));
        }
        Plot { height: ABOVE + HEIGHT + BELOW, axis, body: lines + body }
    }
}

/// Returns the next larger of 1, 2, 2.5, 5, and 10 times a power of ten.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0].map(|step| step * power);
    steps.into_iter().find(|step| *step >= least * 0.999).unwrap_or(10.0 * power)
}

/// Returns `at` columns of `count` in percent.
pub(super) fn percent(at: f64, count: usize) -> f64 {
    100.0 * at / count.to_f64().unwrap_or(1.0).max(1.0)
}

/// Returns a column that readers can point at and focus, with its text. `content` is drawn in it.
/// Only the first column of a chart is in the order of the tab key; arrow keys reach the others.
pub(super) fn column(at: usize, count: usize, text: &str, content: &str) -> String {
    let x = percent(at.to_f64().unwrap_or(0.0), count);
    let tab = if at == 0 { "0" } else { "-1" };
    format!(
        "<g class=\"h\" role=\"img\" tabindex=\"{tab}\"><title>{}</title>{content}\
         <rect class=\"hit\" x=\"{x:.2}%\" y=\"0\" width=\"{:.2}%\" height=\"{:.1}\"/></g>\n",
        // Lines are this program's own; the text between them is escaped.
        text.lines().map(xml_text).collect::<Vec<_>>().join("\n"),
        percent(1.0, count),
        ABOVE + HEIGHT + BELOW - 2.0
    )
}

/// Returns a label below the area, centered at a place in percent. Labels at the borders are aligned
/// to them.
pub(super) fn label(percent: f64, line: u8, text: &str) -> String {
    let anchor = match percent {
        p if p < 2.0 => "start",
        p if p > 98.0 => "end",
        _ => "middle",
    };
    let y = Frame::bottom() + 15.0 + 14.0 * f64::from(line);
    format!(
        "<text x=\"{percent:.2}%\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>",
        xml_text(text)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_have_round_values_and_contain_all() {
        let ticks = |values: &[f64]| -> Vec<String> {
            Frame::of(values.iter().copied())
                .ticks
                .iter()
                .map(|tick| format!("{tick:.0}"))
                .collect()
        };
        assert_eq!(ticks(&[76_311.0, 1_000.0]), ["0", "20000", "40000", "60000", "80000"]);
        assert_eq!(ticks(&[-600.0, 2_300.0]), ["-1000", "0", "1000", "2000", "3000"]);
        let frame = Frame::of([]);
        assert!(frame.y(0.0).is_finite() && frame.ticks.len() > 1);
        assert!((Frame::of([5.0]).y(0.0) - Frame::bottom()).abs() < 1e-9);
    }
}
