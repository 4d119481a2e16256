//! What to buy, for people and spreadsheets.

use super::csv::Rows;
use super::layout::{Grid, WIDE, share, title, wrap};
use super::{Look, ReportError};
use cost_core::commitment::Owned;
use cost_core::commitment::advise::{BuyReport, CurvePoint};
use cost_core::inventory::short_id;
use cost_core::money::Money;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Columns of the longest bar of the curve.
const BAR: f64 = 24.0;
/// Every so many points of the curve are shown in a terminal.
const EVERY: usize = 2;

/// The part of the report of commitments that says what to buy.
pub(super) fn table(b: &BuyReport, owned: &[Owned], look: &Look, width: usize) -> String {
    let mut out = title(look, &format!("To buy on top of it, {} a month of 730 h", b.total.saves.currency()));
    out.push_str(&usage(b, width));
    if b.purchases.is_empty() {
        out.push_str("Nothing is worth it.\n");
        out.push_str(&notes(b, width));
        return out;
    }
    out.push('\n');
    out.push_str(&purchases(b, look, width));
    out.push_str(&summary(b, width));
    out.push_str(&scenarios(b, look, width));
    out.push_str(&ladder(b, look, width));
    out.push_str(&renewals(b, owned, look, width));
    out.push_str(&alternatives(b, look, width));
    out.push_str(&curve(b, look, width));
    out.push_str(&rules(b, look, width));
    out.push_str(&backtest(b, look, width));
    out.push_str(&trade_offs(b, look, width));
    out.push_str(&notes(b, width));
    out
}

/// What it is bought for.
fn usage(b: &BuyReport, width: usize) -> String {
    let taken = if b.taken_by_plan.is_zero_or_less() {
        String::new()
    } else {
        format!(", without {} that the joint plan takes away", b.taken_by_plan.display_amount())
    };
    let trend =
        b.trend_pct_per_year.map_or_else(|| "no trend is known".to_owned(), |t| format!("its trend is {t:+} % a year"));
    let text = format!(
        "Usage that commitments can pay for, {} to {}: {} on demand{taken}; {} of it is not covered by what is owned; {trend}.",
        b.days.0,
        b.days.1,
        b.on_demand_equivalent.display_amount(),
        b.left_on_demand.display_amount()
    );
    wrap("", &text, width)
}

/// USD an hour, to a tenth of a cent.
fn hourly(usd: Decimal) -> String {
    format!("{usd:.3}")
}

fn purchases(b: &BuyReport, look: &Look, width: usize) -> String {
    let wide = width >= WIDE;
    let titles = ["buy", ">USD/h", ">upfront", ">a month", ">saves", ">used", "paid", "account"];
    let mut grid = Grid::new(&titles[..if wide { 8 } else { 6 }]);
    let mut row = |name: &str, usd: Decimal, money: [Money; 3], rest: [String; 3]| {
        let [used, paid, account] = rest;
        let cells = [name.to_owned(), hourly(usd)].into_iter().chain(money.map(|m| m.display_amount())).chain([used]);
        grid.row(cells.chain([paid, account].into_iter().filter(|_| wide)));
    };
    for p in &b.purchases {
        let paid = format!("{} {}", p.term, p.payment.as_str());
        let rest = [share(p.utilization_pct), paid, p.sub_account_id.clone()];
        row(&p.name, p.usd_per_hour, [p.upfront, p.monthly, p.saves], rest);
    }
    let t = &b.total;
    row("together", t.usd_per_hour, [t.upfront, t.monthly, t.saves], Default::default());
    grid.show(look, width)
}

fn summary(b: &BuyReport, width: usize) -> String {
    let t = &b.total;
    let first = b.purchases.first();
    let paid: std::collections::BTreeSet<&str> = b.purchases.iter().map(|p| p.payment.as_str()).collect();
    let paid = paid.into_iter().collect::<Vec<_>>().join(", ");
    let account = first.map(|p| p.sub_account_id.as_str()).filter(|a| !a.is_empty()).unwrap_or("–");
    let mut out = wrap(
        "",
        &format!(
            "{}, {paid}, bought by account {account}: {} committed over the term, {} off what it pays for. Risk {}.",
            b.term,
            t.committed,
            share(t.discount_pct),
            b.risk.as_str()
        ),
        width,
    );
    let months = t.break_even_months.map_or_else(|| "–".to_owned(), |m| m.to_string());
    let worst = if t.worst_case.amount().is_sign_negative() {
        format!(
            "In the worst scenario {} are lost over the term",
            Money::new(-t.worst_case.amount(), t.worst_case.currency())
        )
    } else {
        format!("In the worst scenario {} are saved over the term", t.worst_case)
    };
    let text = format!(
        "After {months} months the usage could vanish without a loss. {worst}. Quarters like the last bring a loss in {} % of draws. The amounts \
         before whole pieces and limits are within {:.3} % of the best there can be.",
        t.chance_of_loss_pct, t.bound_gap_pct
    );
    out.push_str(&wrap("", &text, width));
    out
}

fn scenarios(b: &BuyReport, look: &Look, width: usize) -> String {
    let mut grid = Grid::new(&["if usage", ">saves a month", ">over the term", ">the best for it saves more"]);
    for s in &b.scenarios {
        let name = match (s.scenario.name.as_str(), s.scenario.change_pct) {
            ("as now", _) => "stays".to_owned(),
            ("trend", pct) => format!("follows its trend ({pct:+} % a year)"),
            (name, _) => format!("has a {name}"),
        };
        grid.row([name, s.saves.display_amount(), s.saves_over_term.display_amount(), s.regret.display_amount()]);
    }
    title(look, "Whatever becomes of usage, in the mean of the term") + &grid.show(look, width)
}

fn ladder(b: &BuyReport, look: &Look, width: usize) -> String {
    if b.ladder.len() < 2 {
        return String::new();
    }
    let mut grid = Grid::new(&["buy on", ">of each", ">USD/h", "ends on", ">waiting costs"]);
    for t in &b.ladder {
        let cells = [t.on.to_string(), share(Some(t.share_pct)), hourly(t.usd_per_hour), t.ends_on.to_string()];
        grid.row(cells.into_iter().chain([t.forgone.display_amount()]));
    }
    let why = "Look at utilization before each part, and ask again: what is not needed then is not bought, and terms do not all end on one day. \
               Reservations as whole pieces allow.";
    title(look, "In parts, not at once") + &grid.show(look, width) + &wrap("", why, width)
}

fn renewals(b: &BuyReport, owned: &[Owned], look: &Look, width: usize) -> String {
    if b.renewals.is_empty() {
        return String::new();
    }
    let mut grid = Grid::new(&["on", "when it ends", "buy", ">USD/h", ">saves"]);
    for r in &b.renewals {
        let name = |id: &String| {
            let known = owned.iter().find(|o| o.commitment_discount_id == *id);
            known.and_then(|o| o.commitment_discount_name.clone()).unwrap_or_else(|| short_id(id).to_owned())
        };
        let ended: Vec<String> = r.ended.iter().map(name).collect();
        let what = if r.purchases.is_empty() { "nothing".to_owned() } else { r.purchases.join("; ") };
        let cells = [r.on.to_string(), ended.join(", "), what, hourly(r.usd_per_hour), r.saves.display_amount()];
        grid.row(cells);
    }
    title(look, "When present commitments end, as far as can be said now") + &grid.show(look, width)
}

fn alternatives(b: &BuyReport, look: &Look, width: usize) -> String {
    let mut grid = Grid::new(&["term", "payment", ">USD/h", ">upfront", ">saves", ">in decline", ">even after"]);
    for a in &b.alternatives {
        let months = a.break_even_months.map_or_else(|| "–".to_owned(), |m| format!("{m} mo"));
        grid.row([
            a.term.to_string(),
            a.payment.as_str().to_owned(),
            hourly(a.usd_per_hour),
            a.upfront.display_amount(),
            a.saves.display_amount(),
            a.saves_in_decline.display_amount(),
            months,
        ]);
    }
    title(look, "Other terms and payments (--term, --payment), saving a month") + &grid.show(look, width)
}

fn curve(b: &BuyReport, look: &Look, width: usize) -> String {
    if b.curve.is_empty() {
        return String::new();
    }
    let most = b.curve.iter().map(|p| p.saves.amount()).max().unwrap_or_default().to_f64().unwrap_or(0.0);
    let bar = |saves: Money| {
        let part = if most > 0.0 { saves.amount().to_f64().unwrap_or(0.0).max(0.0) / most } else { 0.0 };
        "█".repeat((part * BAR).round().to_usize().unwrap_or(0))
    };
    let bought = b.curve.len() / 2;
    let mut grid = Grid::new(&[">USD/h", ">saves", "", ">in decline", ""]);
    for (at, p) in b.curve.iter().enumerate().step_by(EVERY) {
        let mark = if at == bought { "← this purchase" } else { "" };
        let money = |m: Money| m.display_amount();
        grid.row([hourly(p.usd_per_hour), money(p.saves), bar(p.saves), money(p.saves_in_decline), mark.to_owned()]);
    }
    title(look, "Saving a month against commitment (--curve FILE: as SVG)") + &grid.show(look, width)
}

fn rules(b: &BuyReport, look: &Look, width: usize) -> String {
    let mut grid = Grid::new(&["rule", ">USD/h", ">saves", ">in decline"]);
    for r in &b.rules {
        let cells =
            [r.rule.clone(), hourly(r.usd_per_hour), r.saves.display_amount(), r.saves_in_decline.display_amount()];
        grid.row(cells);
    }
    title(look, "Held against rules that are in use, a month") + &grid.show(look, width)
}

/// Policies replayed over the bill, if that was asked for.
fn backtest(b: &BuyReport, look: &Look, width: usize) -> String {
    let Some(t) = &b.backtest else { return String::new() };
    let mut grid = Grid::new(&["policy", ">cost", ">saves", ">", ">bought", ">USD/h", ">still owed"]);
    for r in &t.rows {
        grid.row([
            r.policy.clone(),
            r.cost.display_amount(),
            r.saves.display_amount(),
            share(Some(r.saves_pct)),
            format!("{}×", r.purchases),
            hourly(r.usd_per_hour),
            r.still_owed.display_amount(),
        ]);
    }
    let what = format!(
        "{}, as if nothing had been owned, {} to {}, looked at {} times, on the first of a month.",
        t.instrument, t.days.0, t.days.1, t.reviews
    );
    title(look, "Policies replayed over the bill, without looking ahead")
        + &grid.show(look, width)
        + &wrap("", &what, width)
}

/// What each kind of purchase costs besides money.
fn trade_offs(b: &BuyReport, look: &Look, width: usize) -> String {
    let mut out = title(look, "What it costs besides money");
    let mut told: Vec<cost_core::commitment::Product> = Vec::new();
    for p in &b.purchases {
        if told.contains(&p.product) {
            continue;
        }
        told.push(p.product);
        let t = &p.trade_off;
        let lead = format!("- {}: ", p.product.as_str());
        let text = format!(
            "risk {}, effort {}: {}. Reliability: {}. Way back: {}.",
            t.risk.as_str(),
            t.effort.as_str(),
            t.risk_reason,
            t.reliability,
            t.rollback.join("; ")
        );
        out.push_str(&wrap(&lead, &text, width));
    }
    if let Some(first) = b.purchases.first() {
        for step in &first.trade_off.test_first {
            out.push_str(&wrap("- first: ", step, width));
        }
    }
    out
}

/// How far the figures can be trusted.
fn notes(b: &BuyReport, width: usize) -> String {
    let c = &b.check;
    let mut out = String::new();
    if !c.billed.is_zero_or_less() {
        let off = c.simulated.amount() - c.billed.amount();
        let pct = (off * Decimal::ONE_HUNDRED).checked_div(c.billed.amount()).unwrap_or_default();
        let text = format!(
            "Of these days the bill says that commitments paid for {}; simulated it is {} ({pct:+.2} %).",
            c.billed, c.simulated
        );
        out.push_str(&wrap("", &text, width));
    }
    for line in &b.notes {
        out.push_str(&wrap("- ", line, width));
    }
    for line in &b.left_out {
        out.push_str(&wrap("- left out: ", line, width));
    }
    if out.is_empty() { out } else { format!("\n{out}") }
}

/// A figure a row.
pub(super) fn csv(b: &BuyReport, rows: &mut Rows) -> Result<(), ReportError> {
    for p in &b.purchases {
        let paid = format!("{} {}", p.term, p.payment.as_str());
        let name = &p.name;
        for (measure, amount) in [("upfront", p.upfront), ("a month", p.monthly), ("saving a month", p.saves)] {
            rows.amount("buy", name, &paid, measure, amount)?;
        }
    }
    for s in &b.scenarios {
        rows.amount("buy scenario", &s.scenario.name, "", "saving a month", s.saves)?;
        rows.amount("buy scenario", &s.scenario.name, "", "saving over the term", s.saves_over_term)?;
        rows.amount("buy scenario", &s.scenario.name, "", "regret a month", s.regret)?;
    }
    for a in &b.alternatives {
        let name = format!("{} {}", a.term, a.payment.as_str());
        let of = format!("{} USD/h", hourly(a.usd_per_hour));
        for (measure, amount) in
            [("upfront", a.upfront), ("saving a month", a.saves), ("saving a month in decline", a.saves_in_decline)]
        {
            rows.amount("buy alternative", &name, &of, measure, amount)?;
        }
    }
    for t in &b.ladder {
        let of = format!("{} USD/h until {}", hourly(t.usd_per_hour), t.ends_on);
        rows.amount("buy ladder", &t.on.to_string(), &of, "waiting costs", t.forgone)?;
    }
    for r in &b.renewals {
        let of = r.purchases.join("; ");
        rows.amount("buy renewal", &r.on.to_string(), &of, "saving a month", r.saves)?;
    }
    for r in b.backtest.iter().flat_map(|t| &t.rows) {
        rows.amount("buy backtest", &r.policy, "", "cost", r.cost)?;
        rows.amount("buy backtest", &r.policy, "", "saving", r.saves)?;
        rows.amount("buy backtest", &r.policy, "", "still owed", r.still_owed)?;
    }
    for r in &b.rules {
        let of = format!("{} USD/h", hourly(r.usd_per_hour));
        rows.amount("buy rule", &r.rule, &of, "saving a month", r.saves)?;
        rows.amount("buy rule", &r.rule, &of, "saving a month in decline", r.saves_in_decline)?;
    }
    Ok(())
}

/// Width and height, and the room around the lines.
const SIZE: (f64, f64) = (720.0, 320.0);
const LEFT: f64 = 90.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 44.0;

/// The curve of saving against commitment as SVG: a line if usage stays, a dashed one for the scenario with least usage, and the purchase.
#[must_use]
pub fn curve_svg(b: &BuyReport) -> String {
    let number = |d: Decimal| d.to_f64().unwrap_or(0.0);
    let all = || b.curve.iter().flat_map(|p| [number(p.saves.amount()), number(p.saves_in_decline.amount())]);
    let (low, high) = (all().fold(0.0, f64::min), all().fold(f64::MIN_POSITIVE, f64::max));
    let widest = b.curve.iter().map(|p| number(p.usd_per_hour)).fold(f64::MIN_POSITIVE, f64::max);
    let x = |usd: Decimal| LEFT + (SIZE.0 - LEFT - RIGHT) * number(usd) / widest;
    let y = |usd: f64| TOP + (SIZE.1 - TOP - BOTTOM) * (high - usd) / (high - low);
    let line = |of: fn(&CurvePoint) -> Money| {
        let point = |p: &CurvePoint| format!("{:.1},{:.1}", x(p.usd_per_hour), y(number(of(p).amount())));
        b.curve.iter().map(point).collect::<Vec<_>>().join(" ")
    };
    let currency = b.total.saves.currency();
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<title>Saving against commitment</title>\n<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n\
         <text x=\"{LEFT}\" y=\"18\" fill=\"#222222\" font-weight=\"bold\">Saving against commitment, {2}, {currency} a month</text>\n\
         <text x=\"{LEFT}\" y=\"34\" fill=\"#222222\" font-size=\"11\">line: usage stays; dashed: the scenario with least usage; dot: what to buy</text>\n",
        SIZE.0, SIZE.1, b.term
    );
    let mut text = |x: f64, y: f64, anchor: &str, what: &str| {
        out.push_str(&format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"#222222\">{what}</text>\n"
        ));
    };
    let label =
        |usd: f64| Money::new(Decimal::from_f64_retain(usd).unwrap_or_default().round_dp(2), currency).display_whole();
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
    if let Some(p) = b.curve.get(b.curve.len() / 2) {
        out.push_str(&format!(
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"#1f5f99\"/>\n",
            x(p.usd_per_hour),
            y(number(p.saves.amount()))
        ));
    }
    out.push_str("</svg>\n");
    out
}
