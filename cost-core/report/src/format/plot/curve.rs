//! Savings by commitment: a line for unchanged usage, and one for the scenario with the lowest usage.

use cost_core::money::Money;
use rust_decimal::prelude::ToPrimitive;

use super::{Frame, Plot, column, label};
use crate::chart::{CurveChart, CurvePoint, number};
use crate::number::rounded;

/// Amount of a point.
type AmountOf = fn(&CurvePoint) -> Money;

/// Draws both lines and a dot for the recommended purchase.
pub(in super::super) fn draw(chart: &CurveChart) -> Plot {
    let frame =
        Frame::of(chart.points.iter().flat_map(|p| [number(p.saves), number(p.saves_in_decline)]));
    let commitment = |p: &CurvePoint| p.usd_per_hour.to_f64().unwrap_or(0.0);
    let widest = chart.points.iter().map(commitment).fold(f64::MIN_POSITIVE, f64::max);
    let x = |p: &CurvePoint| 100.0 * commitment(p) / widest;
    let lines: [(&str, AmountOf); 2] = [("ls", |p| p.saves), ("ll", |p| p.saves_in_decline)];
    let mut body = String::new();
    for pair in chart.points.windows(2) {
        let [from, to] = pair else { continue };
        for (class, of) in lines {
            body.push_str(&format!(
                "<line x1=\"{:.2}%\" x2=\"{:.2}%\" y1=\"{:.1}\" y2=\"{:.1}\" class=\"{class}\"/>",
                x(from),
                x(to),
                frame.y(number(of(from))),
                frame.y(number(of(to)))
            ));
        }
    }
    if let Some(p) = chart.points.get(chart.chosen) {
        let y = frame.y(number(p.saves));
        body.push_str(&format!(
            "<circle cx=\"{:.2}%\" cy=\"{y:.1}\" r=\"5\" class=\"dot\"/>",
            x(p)
        ));
    }
    for (at, point) in chart.points.iter().enumerate() {
        let recommended = if at == chart.chosen { "\nrecommended" } else { "" };
        let text = format!(
            "{} USD per hour{recommended}\nusage stays the same: {}\nlowest usage: {}",
            rounded(point.usd_per_hour, 3),
            point.saves,
            point.saves_in_decline
        );
        body.push_str(&column(at, chart.points.len(), &text, ""));
    }
    body.push_str(&label(0.0, 0, "0"));
    body.push_str(&label(100.0, 0, &format!("{widest:.2} USD per hour")));
    frame.plot(chart.currency, &body)
}
