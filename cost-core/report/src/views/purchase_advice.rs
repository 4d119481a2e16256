//! Recommended commitment purchases, a part of the commitments report.

use std::collections::BTreeSet;

use cost_core::commitment::Owned;
use cost_core::commitment::advise::{self, BuyReport};
use cost_core::inventory::short_id;
use cost_core::money::Money;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::chart::{Chart, CurveChart, CurvePoint};
use crate::document::{Block, Document, Item, List, Mark};
use crate::figure::Figure;
use crate::formula::Formula;
use crate::number::rounded;
use crate::report::Audience;
use crate::table::{Cell, DASH, Table, Value};
use crate::text::Text;

/// Step between the points of the curve that the table shows.
const EVERY: usize = 2;

/// Adds the purchases recommended in addition to the owned commitments.
pub(super) fn add(doc: &mut Document, b: &BuyReport, owned: &[Owned], audience: Audience) {
    doc.heading(format!("Recommended purchases, {} per month (730 h)", b.total.saves.currency()));
    doc.paragraph(usage(b));
    doc.blocks.push(Block::Chart(chart(b)));
    if b.purchases.is_empty() {
        doc.line("None: no purchase is worthwhile.");
        notes(doc, b);
        return;
    }
    decision(doc, b, audience);
    doc.heading("All purchases");
    doc.table(purchases(b));
    summary(doc, b);
    owners(doc, b);
    scenarios(doc, b);
    ladder(doc, b);
    renewals(doc, b, owned);
    alternatives(doc, b);
    curve(doc, b);
    rules(doc, b);
    backtest(doc, b);
    trade_offs(doc, b);
    notes(doc, b);
}

/// Returns the eligible usage that the purchases are based on.
fn usage(b: &BuyReport) -> String {
    let taken = if b.taken_by_plan.is_zero_or_less() {
        String::new()
    } else {
        format!(", without {} that the plan removes", b.taken_by_plan.display_amount())
    };
    let trend = b
        .trend_pct_per_year
        .map_or_else(|| "trend unknown".to_owned(), |t| format!("trend {t:+} % per year"));
    format!(
        "Usage that commitments can cover, {} to {}: {} at on-demand prices{taken}; owned commitments leave {} of it uncovered; {trend}.",
        b.days.0,
        b.days.1,
        b.on_demand_equivalent.display_amount(),
        b.left_on_demand.display_amount()
    )
}

/// Formats USD per hour, to a tenth of a cent.
fn hourly(usd: Decimal) -> String {
    Cell::hourly(usd).text
}

/// Adds the decision: what to buy now, in which account, what it saves, and the script that buys it.
fn decision(doc: &mut Document, b: &BuyReport, audience: Audience) {
    if let Some(t) = b.after_plan {
        doc.gap();
        let mut table = Table::new(&["savings per month (730 h)", ">expected"]);
        for (label, amount) in [("plan", t.plan), ("then purchases", t.purchases)] {
            table.row([Cell::text(label), Cell::money(amount)]);
        }
        let together = Cell::money(t.together).follows(Formula::SumAbove);
        table.row([Cell::text("plan, then purchases"), together]);
        doc.table(table);
    }
    let Some(first) = b.ladder.first().filter(|_| !b.first.is_empty()) else { return };
    doc.heading(format!("Buy now, in {}", accounts(b.first.iter().map(|o| &o.sub_account_id))));
    let mut table = Table::new(&["buy", ">USD/h", ">upfront", "+term", "+account"]);
    for o in &b.first {
        table.row([
            Cell::text(&o.name),
            Cell::hourly(o.usd_per_hour),
            Cell::money(o.upfront),
            Cell::text(b.term),
            Cell::id(&o.sub_account_id),
        ]);
    }
    doc.table(table);
    let rest = b.ladder.len().saturating_sub(1);
    let later = if rest == 0 {
        String::new()
    } else {
        format!(
            " This is part 1 of {} ({} %): run this report again before each of the others.",
            b.ladder.len(),
            first.share_pct
        )
    };
    doc.paragraph(format!(
        "Carry out the plan first, or at least decide on it.{later} Purchases cannot be canceled."
    ));
    // A script must not be wrapped, so that it can be pasted.
    match audience {
        Audience::Screen => doc.paragraph(Text::literal(
            "With `--format markdown`, this report contains the script that buys these amounts.",
        )),
        Audience::Page | Audience::Interactive => {
            doc.paragraph(
                "The script buys these amounts. Its part for each account refuses other accounts.",
            );
            doc.blocks.push(Block::Code { language: "sh", lines: b.first_script.clone() });
        }
    }
}

fn purchases(b: &BuyReport) -> Table {
    let titles =
        ["buy", ">USD/h", ">upfront", ">monthly", ">savings", ">used", "+payment", "+account"];
    let mut table = Table::new(&titles);
    for p in &b.purchases {
        table.row([
            Cell::text(&p.name),
            Cell::hourly(p.usd_per_hour),
            Cell::money(p.upfront),
            Cell::money(p.monthly),
            Cell::money(p.saves),
            Cell::maybe(p.utilization_pct, Cell::share),
            Cell::text(format!("{} {}", p.term, p.payment.as_str())),
            Cell::id(&p.sub_account_id),
        ]);
    }
    let t = &b.total;
    let sums = [
        Cell::hourly(t.usd_per_hour),
        Cell::money(t.upfront),
        Cell::money(t.monthly),
        Cell::money(t.saves),
    ];
    let sums = sums.map(|cell| cell.follows(Formula::SumAbove));
    let rest = [(); 3].map(|()| Cell::empty());
    table.row(std::iter::once(Cell::text("total")).chain(sums).chain(rest));
    table
}

fn summary(doc: &mut Document, b: &BuyReport) {
    let t = &b.total;
    let paid: BTreeSet<&str> = b.purchases.iter().map(|p| p.payment.as_str()).collect();
    let paid = paid.into_iter().collect::<Vec<_>>().join(", ");
    let account = accounts(b.purchases.iter().map(|p| &p.sub_account_id));
    doc.paragraph(format!(
        "{}, {paid}, bought by {account}. Commitment over the term: {}. Discount on covered usage: {}. Risk tolerance: {}.",
        b.term,
        t.committed,
        Cell::maybe(t.discount_pct, Cell::share).text,
        b.risk.as_str()
    ));
    let months = t.break_even_months.map_or_else(|| DASH.to_owned(), |m| m.to_string());
    let worst = if t.worst_case.amount().is_sign_negative() {
        let lost = Money::new(-t.worst_case.amount(), t.worst_case.currency());
        format!("The worst scenario loses {lost} over the term")
    } else {
        format!("The worst scenario saves {} over the term", t.worst_case)
    };
    doc.paragraph(format!(
        "Break-even point: after {months} months usage could end without a loss. {worst}. In simulations with quarters like the last one, \
         {} % of the draws bring a loss.",
        t.chance_of_loss_pct
    ));
    let missed = t.bound_gap.map_or_else(String::new, |m| format!("{m} per month, "));
    doc.paragraph(format!(
        "No purchase of these instruments, in any amounts and accounts, costs less by more than {missed}{:.3} % of the cost (a lower bound for the \
         exact rules; this purchase is in whole units).",
        rounded(t.bound_gap_pct, 3)
    ));
}

/// Returns a list of accounts, each once.
fn accounts<'a>(all: impl Iterator<Item = &'a String>) -> String {
    let mut names: Vec<&str> = Vec::new();
    for account in all {
        let name = if account.is_empty() { DASH } else { account.as_str() };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let noun = if names.len() > 1 { "accounts" } else { "account" };
    format!("{noun} {}", names.join(", "))
}

/// Adds the savings by buying account, if there is a choice.
fn owners(doc: &mut Document, b: &BuyReport) {
    if b.accounts.len() < 2 {
        return;
    }
    let mut table = Table::new(&["account", ">buys USD/h", ">savings", ">in decline"]);
    for a in &b.accounts {
        table.row([
            Cell::id(&a.sub_account_id),
            Cell::hourly(a.usd_per_hour),
            Cell::money(a.saves),
            Cell::money(a.saves_in_decline),
        ]);
    }
    doc.heading("Savings per month if one account bought everything");
    doc.table(table);
    doc.paragraph(
        "Commitments apply to usage of the account that owns them first. The accounts are chosen by simulation.",
    );
}

fn scenarios(doc: &mut Document, b: &BuyReport) {
    let mut table =
        Table::new(&["if usage", ">savings per month", ">over the term", ">regret per month"]);
    for s in &b.scenarios {
        let name = match (s.scenario.name.as_str(), s.scenario.change_pct) {
            ("as now", _) => "stays".to_owned(),
            ("trend", pct) => format!("follows its trend ({pct:+} % per year)"),
            (name, _) => format!("has a {name}"),
        };
        let amounts = [s.saves, s.saves_over_term, s.regret].map(Cell::money);
        table.row(std::iter::once(Cell::text(name)).chain(amounts));
    }
    doc.heading("Savings by scenario, average over the term");
    doc.table(table);
    doc.paragraph(
        "Regret: extra savings of the best purchase for that scenario. \"In decline\" below: the scenario with the least usage.",
    );
}

fn ladder(doc: &mut Document, b: &BuyReport) {
    if b.ladder.len() < 2 {
        return;
    }
    let mut table = Table::new(&["buy on", ">share", ">USD/h", "ends on", ">cost of waiting"]);
    for t in &b.ladder {
        table.row([
            Cell::date(t.on),
            Cell::share(t.share_pct),
            Cell::hourly(t.usd_per_hour),
            Cell::date(t.ends_on),
            Cell::money(t.forgone),
        ]);
    }
    doc.heading("Purchase in parts (laddering)");
    doc.table(table);
    doc.paragraph(
        "Check utilization before each part and run this report again, so that you buy only what is still needed. Terms then end on \
         different days. Reservations are split into whole units only.",
    );
}

fn renewals(doc: &mut Document, b: &BuyReport, owned: &[Owned]) {
    if b.renewals.is_empty() {
        return;
    }
    let mut table = Table::new(&["on", "when this ends", "buy", ">USD/h", ">savings"]);
    for r in &b.renewals {
        let name = |id: &String| {
            let known = owned.iter().find(|o| o.commitment_discount_id == *id);
            known
                .and_then(|o| o.commitment_discount_name.clone())
                .unwrap_or_else(|| short_id(id).to_owned())
        };
        let ended: Vec<String> = r.ended.iter().map(name).collect();
        let what = if r.purchases.is_empty() { "none".to_owned() } else { r.purchases.join("; ") };
        let words = [Cell::date(r.on), Cell::text(ended.join(", ")), Cell::text(what)];
        table.row(words.into_iter().chain([Cell::hourly(r.usd_per_hour), Cell::money(r.saves)]));
    }
    doc.heading("Renewals when owned commitments end, as expected today");
    doc.table(table);
}

fn alternatives(doc: &mut Document, b: &BuyReport) {
    let titles =
        ["term", "payment", ">USD/h", ">upfront", ">savings", ">in decline", ">break-even"];
    let mut table = Table::new(&titles);
    for a in &b.alternatives {
        table.row([
            Cell::text(a.term),
            Cell::text(a.payment.as_str()),
            Cell::hourly(a.usd_per_hour),
            Cell::money(a.upfront),
            Cell::money(a.saves),
            Cell::money(a.saves_in_decline),
            Cell::maybe(a.break_even_months, |m| {
                Cell::shown_as(format!("{m} mo"), Value::Number(m))
            }),
        ]);
    }
    doc.heading("Other terms and payment options (--term, --payment), savings per month");
    doc.table(table);
    doc.paragraph("The amounts of other terms and payment options are found on a sample of 728 hours, those of this purchase on all hours. All savings are simulated on all hours.");
}

fn curve(doc: &mut Document, b: &BuyReport) {
    if b.curve.is_empty() {
        return;
    }
    let number = |amount: Money| amount.amount().to_f64().unwrap_or(0.0);
    let most =
        number(b.curve.iter().map(|p| p.saves).max_by_key(Money::amount).unwrap_or(b.total.saves));
    let part = |saves: Money| if most > 0.0 { number(saves).max(0.0) / most } else { 0.0 };
    let chosen = b.curve.len() / 2;
    let mut table = Table::new(&[">USD/h", ">savings", "", ">in decline", ""]);
    for (at, p) in b.curve.iter().enumerate().step_by(EVERY) {
        let mark = if at == chosen { Cell::text("← this purchase") } else { Cell::empty() };
        let (saves, decline) = (Cell::money(p.saves), Cell::money(p.saves_in_decline));
        table.row([Cell::hourly(p.usd_per_hour), saves, Cell::bar(part(p.saves)), decline, mark]);
    }
    doc.heading("Savings per month by commitment (--curve FILE writes an SVG chart)");
    doc.table(table);
}

/// Returns the chart data of the curve; it has no points if no purchase was simulated.
fn chart(b: &BuyReport) -> Chart {
    let point = |p: &advise::CurvePoint| CurvePoint {
        usd_per_hour: p.usd_per_hour,
        saves: p.saves,
        saves_in_decline: p.saves_in_decline,
    };
    Chart::Curve(CurveChart {
        term: b.term.to_string(),
        currency: b.total.saves.currency(),
        points: b.curve.iter().map(point).collect(),
        chosen: b.curve.len() / 2,
    })
}

fn rules(doc: &mut Document, b: &BuyReport) {
    let mut table = Table::new(&["rule", ">USD/h", ">savings", ">in decline"]);
    for r in &b.rules {
        let amounts = [r.saves, r.saves_in_decline].map(Cell::money);
        table.row([Cell::text(&r.rule), Cell::hourly(r.usd_per_hour)].into_iter().chain(amounts));
    }
    doc.heading("Compared with common purchase rules, per month");
    doc.table(table);
}

/// Adds the backtest of purchase policies, if requested.
fn backtest(doc: &mut Document, b: &BuyReport) {
    let Some(t) = &b.backtest else { return };
    let mut table =
        Table::new(&["policy", ">cost", ">savings", ">", ">bought", ">USD/h", ">still owed"]);
    for r in &t.rows {
        table.row([
            Cell::text(&r.policy),
            Cell::money(r.cost),
            Cell::money(r.saves),
            Cell::share(r.saves_pct),
            Cell::shown_as(format!("{}×", r.purchases), Value::Number(r.purchases.into())),
            Cell::hourly(r.usd_per_hour),
            Cell::money(r.still_owed),
        ]);
    }
    doc.heading("Backtest of purchase policies on the bill, with past data only");
    doc.table(table);
    doc.paragraph(format!(
        "{}, without any owned commitments, {} to {}. Each policy decides {} times, on the first day of a month.",
        t.instrument, t.days.0, t.days.1, t.reviews
    ));
}

/// Adds the trade-offs of each kind of purchase.
fn trade_offs(doc: &mut Document, b: &BuyReport) {
    let mut seen = Vec::new();
    let mut items = Vec::new();
    for p in &b.purchases {
        if seen.contains(&p.product) {
            continue;
        }
        seen.push(p.product);
        let t = &p.trade_off;
        let text = format!(
            "risk {}, effort {}: {}. Reliability: {}. Rollback: {}.",
            t.risk.as_str(),
            t.effort.as_str(),
            t.risk_reason,
            t.reliability,
            t.rollback.join("; ")
        );
        items.push(Item::labeled(p.product.as_str(), text));
    }
    let first = b.purchases.first().into_iter().flat_map(|p| &p.trade_off.test_first);
    items.extend(first.map(|step| Item::labeled("before", step.as_str())));
    doc.heading("Trade-offs");
    doc.list(List::new(Mark::Dash, items));
}

/// Adds the check of the simulation against the bill, and notes.
fn notes(doc: &mut Document, b: &BuyReport) {
    let c = &b.check;
    let checked = !c.billed.is_zero_or_less();
    if checked || !b.notes.is_empty() || !b.excluded.is_empty() {
        doc.gap();
    }
    if checked {
        let off = c.simulated.amount() - c.billed.amount();
        let pct = (off * Decimal::ONE_HUNDRED).checked_div(c.billed.amount()).unwrap_or_default();
        doc.paragraph(format!(
            "Check: commitments covered {} of usage in these days according to the bill, and {} in the simulation ({:+.2} %).",
            c.billed,
            c.simulated,
            rounded(pct, 2)
        ));
    }
    let notes = b.notes.iter().map(|line| Item::new(line.as_str()));
    let excluded = b.excluded.iter().map(|line| Item::labeled("excluded", line.as_str()));
    doc.list(List::new(Mark::Dash, notes.chain(excluded)));
}

/// Returns the figures of the recommended purchases.
pub(super) fn figures(b: &BuyReport) -> Vec<Figure> {
    let mut all = Vec::new();
    let mut add = |section: &str, item: &str, detail: &str, amounts: &[(&str, Money)]| {
        all.extend(
            amounts
                .iter()
                .map(|(measure, amount)| Figure::money(section, item, detail, measure, *amount)),
        );
    };
    for p in &b.purchases {
        let amounts = [("upfront", p.upfront), ("a month", p.monthly), ("saving a month", p.saves)];
        add("buy", &p.name, &format!("{} {}", p.term, p.payment.as_str()), &amounts);
    }
    for s in &b.scenarios {
        let amounts = [
            ("saving a month", s.saves),
            ("saving over the term", s.saves_over_term),
            ("regret a month", s.regret),
        ];
        add("buy scenario", &s.scenario.name, "", &amounts);
    }
    for a in &b.alternatives {
        let amounts = [
            ("upfront", a.upfront),
            ("saving a month", a.saves),
            ("saving a month in decline", a.saves_in_decline),
        ];
        let of = format!("{} USD/h", hourly(a.usd_per_hour));
        add("buy alternative", &format!("{} {}", a.term, a.payment.as_str()), &of, &amounts);
    }
    for t in &b.ladder {
        let of = format!("{} USD/h until {}", hourly(t.usd_per_hour), t.ends_on);
        add("buy ladder", &t.on.to_string(), &of, &[("waiting costs", t.forgone)]);
    }
    for r in &b.renewals {
        add(
            "buy renewal",
            &r.on.to_string(),
            &r.purchases.join("; "),
            &[("saving a month", r.saves)],
        );
    }
    for r in b.backtest.iter().flat_map(|t| &t.rows) {
        add(
            "buy backtest",
            &r.policy,
            "",
            &[("cost", r.cost), ("saving", r.saves), ("still owed", r.still_owed)],
        );
    }
    for r in &b.rules {
        let of = format!("{} USD/h", hourly(r.usd_per_hour));
        let amounts =
            [("saving a month", r.saves), ("saving a month in decline", r.saves_in_decline)];
        add("buy rule", &r.rule, &of, &amounts);
    }
    all
}
