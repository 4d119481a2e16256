//! Saving against commitment, drawn.

use cost_core::money::Money;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::chart::{CurveChart, CurvePoint};
use crate::escape::xml_text;

/// Width and height, and the room around the lines.
const SIZE: (f64, f64) = (720.0, 320.0);
const LEFT: f64 = 90.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 44.0;

/// A line if usage stays, a dashed one for the scenario with least usage, and a dot for what to
/// buy.
pub(super) fn draw(chart: &CurveChart) -> String {
    let number = |d: Decimal| d.to_f64().unwrap_or(0.0);
    let all = || {
        chart
            .points
            .iter()
            .flat_map(|p| [number(p.saves.amount()), number(p.saves_in_decline.amount())])
    };
    let (low, high) = (all().fold(0.0, f64::min), all().fold(f64::MIN_POSITIVE, f64::max));
    let widest =
        chart.points.iter().map(|p| number(p.usd_per_hour)).fold(f64::MIN_POSITIVE, f64::max);
    let x = |usd: Decimal| LEFT + (SIZE.0 - LEFT - RIGHT) * number(usd) / widest;
    let y = |usd: f64| TOP + (SIZE.1 - TOP - BOTTOM) * (high - usd) / (high - low);
    let line = |of: fn(&CurvePoint) -> Money| {
        let point =
            |p: &CurvePoint| format!("{:.1},{:.1}", x(p.usd_per_hour), y(number(of(p).amount())));
        chart.points.iter().map(point).collect::<Vec<_>>().join(" ")
    };
    let currency = chart.currency;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<title>Saving against commitment</title>\n<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n\
         <text x=\"{LEFT}\" y=\"18\" fill=\"#222222\" font-weight=\"bold\">Saving against commitment, {2}, {currency} a month</text>\n\
         <text x=\"{LEFT}\" y=\"34\" fill=\"#222222\" font-size=\"11\">line: usage stays; dashed: the scenario with least usage; dot: what to buy</text>\n",
        SIZE.0,
        SIZE.1,
        xml_text(&chart.term)
    );
    let mut text = |x: f64, y: f64, anchor: &str, what: &str| {
        out.push_str(&format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"#222222\">{what}</text>\n"
        ));
    };
    let label = |usd: f64| {
        Money::new(Decimal::from_f64_retain(usd).unwrap_or_default().round_dp(2), currency)
            .display_whole()
    };
    text(LEFT - 6.0, y(high) + 4.0, "end", &label(high));
    text(LEFT - 6.0, y(0.0) + 4.0, "end", "0");
    if low < 0.0 {
        text(LEFT - 6.0, y(low) + 4.0, "end", &label(low));
    }
    let below = SIZE.1 - BOTTOM + 18.0;
    text(LEFT, below, "middle", "0");
    text(SIZE.0 - RIGHT, below, "end", &format!("{widest:.2}"));
    text(f64::midpoint(LEFT, SIZE.0 - RIGHT), SIZE.1 - 8.0, "middle", "USD an hour committed to");
    let zero = y(0.0);
    out.push_str(&format!(
        "<line x1=\"{LEFT}\" y1=\"{zero:.1}\" x2=\"{:.1}\" y2=\"{zero:.1}\" stroke=\"#999999\"/>\n\
         <polyline points=\"{}\" fill=\"none\" stroke=\"#1f5f99\" stroke-width=\"2\"/>\n\
         <polyline points=\"{}\" fill=\"none\" stroke=\"#c0392b\" stroke-width=\"1.5\" stroke-dasharray=\"5 3\"/>\n",
        SIZE.0 - RIGHT,
        line(|p| p.saves),
        line(|p| p.saves_in_decline)
    ));
    if let Some(p) = chart.points.get(chart.chosen) {
        out.push_str(&format!(
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"#1f5f99\"/>\n",
            x(p.usd_per_hour),
            y(number(p.saves.amount()))
        ));
    }
    out.push_str("</svg>\n");
    out
}
