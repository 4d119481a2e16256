//! Chart of cost by day.

use cost_core::money::Money;
use rust_decimal::prelude::ToPrimitive;

use crate::chart::{DayChart, DayMark};
use crate::escape::xml_text;

/// Width and height, and the margins around the columns.
const SIZE: (f64, f64) = (720.0, 240.0);
const LEFT: f64 = 84.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 50.0;
/// Maximum number of characters of the scope in its line.
const FITS: usize = 100;
const BOTTOM: f64 = 28.0;

/// Draws one column per day, unusual days in another color, and expected cost as a dashed line.
pub(super) fn draw(chart: &DayChart) -> String {
    let days = &chart.days;
    let number = |money: &Money| money.amount().to_f64().unwrap_or(0.0);
    let all = days
        .iter()
        .flat_map(|d| [Some(number(&d.cost)), d.expected.as_ref().map(number)])
        .flatten();
    let most = all.fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let count = days.len().to_f64().unwrap_or(1.0).max(1.0);
    let step = (SIZE.0 - LEFT - RIGHT) / count;
    let height = SIZE.1 - TOP - BOTTOM;
    let x = |at: usize| LEFT + step * at.to_f64().unwrap_or(0.0);
    let y = |value: f64| TOP + height * (1.0 - value.max(0.0) / most);
    let mut out = head(chart);
    for (at, day) in days.iter().enumerate() {
        let color = if day.mark == DayMark::Unusual { "#c0392b" } else { "#7f9db9" };
        let top = y(number(&day.cost));
        out.push_str(&format!(
            "<rect x=\"{:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{color}\"><title>{} {}</title></rect>\n",
            x(at) + step * 0.1,
            step * 0.8,
            SIZE.1 - BOTTOM - top,
            day.day,
            day.cost.display_amount()
        ));
    }
    let line: Vec<String> = days
        .iter()
        .enumerate()
        .filter_map(|(at, d)| {
            Some(format!("{:.1},{:.1}", x(at) + step / 2.0, y(number(d.expected.as_ref()?))))
        })
        .collect();
    out.push_str(&format!(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"#222222\" stroke-width=\"1.5\" stroke-dasharray=\"4 3\"/>\n",
        line.join(" ")
    ));
    out.push_str(&labels(chart, [y(0.0), y(most)]));
    out.push_str("</svg>\n");
    out
}

/// Returns the picture up to the headline.
fn head(chart: &DayChart) -> String {
    let cut: String = chart.place.chars().take(FITS).collect();
    // The title contains the full text, and viewers show it.
    let short = if cut.len() < chart.place.len() { format!("{cut}…") } else { cut };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<title>{2}</title>\n\
         <rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n\
         <text x=\"{LEFT}\" y=\"18\" fill=\"#222222\" font-weight=\"bold\">{3}</text>\n\
         <text x=\"{LEFT}\" y=\"34\" fill=\"#222222\" font-size=\"11\">{4}</text>\n",
        SIZE.0,
        SIZE.1,
        xml_text(&chart.title),
        xml_text(&chart.headline),
        xml_text(&short)
    )
}

/// Returns the labels: the range of costs, the first and last day, and a legend.
fn labels(chart: &DayChart, [none, most]: [f64; 2]) -> String {
    let days = &chart.days;
    let mut out = String::new();
    let top = days.iter().map(|d| d.cost).max_by_key(Money::amount);
    let labels =
        [(none, "0".to_owned()), (most, top.map(|t| t.display_amount()).unwrap_or_default())];
    for (at, label) in labels {
        let at = at + 4.0;
        out.push_str(&format!(
            "<text x=\"{:.1}\" y=\"{at:.1}\" text-anchor=\"end\" fill=\"#222222\">{label}</text>\n",
            LEFT - 6.0
        ));
    }
    if let (Some(first), Some(last)) = (days.first(), days.last()) {
        let below = SIZE.1 - 8.0;
        out.push_str(&format!(
            "<text x=\"{LEFT}\" y=\"{below}\" fill=\"#222222\">{}</text>\n",
            first.day
        ));
        out.push_str(&format!(
            "<text x=\"{:.1}\" y=\"{below}\" text-anchor=\"end\" fill=\"#222222\">{}</text>\n",
            SIZE.0 - RIGHT,
            last.day
        ));
    }
    out.push_str(&format!(
        "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\" fill=\"#555555\">daily EffectiveCost, {}; dashed: expected</text>\n",
        SIZE.0 / 2.0,
        SIZE.1 - 8.0,
        chart.currency
    ));
    out
}
