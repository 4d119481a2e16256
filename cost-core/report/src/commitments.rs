//! What is committed to, how well it is used, and when it ends, for people and spreadsheets.

use super::csv::Rows;
use super::layout::{Grid, WIDE, cents, more, share, title, wrap};
use super::{Look, ReportError, buy};
use cost_core::commitment::{CommitmentsReport, Coverage, CoverageBy, Owned};
use cost_core::inventory::short_id;
use cost_core::money::Money;
use cost_core::month::Month;

/// The report without its head and notes.
pub(super) fn table(r: &CommitmentsReport, look: &Look, width: usize) -> String {
    let currency = r.header.currency;
    let mut out = title(look, &format!("Owned, {currency} of {}", r.header.month));
    if r.owned.is_empty() {
        out.push_str("The bill of the month names none.\n");
    } else {
        out.push_str(&owned(&r.owned, look, width).show(look, width));
        out.push_str(&more(look, r.owned.len(), "--top"));
        out.push_str(&waste(r, width));
        out.push_str(&terms(r, look, width));
    }
    out.push_str(&spend(r, look, width));
    if !r.total.effective.amount().is_zero() || r.total.list.is_some_and(|l| !l.amount().is_zero()) {
        let heading = format!("What commitments pay for or could pay for, {currency} of {}", r.header.month);
        out.push_str(&title(look, &heading));
        out.push_str(&sums(&r.total).show(look, width));
        for by in &r.by {
            out.push_str(&coverage(by, r, look, width));
        }
    }
    out.push_str(&r.buy.as_ref().map(|b| buy::table(b, &r.owned, look, width)).unwrap_or_default());
    out
}

/// Agreements to spend so much: nothing if there are none.
fn spend(r: &CommitmentsReport, look: &Look, width: usize) -> String {
    if r.spend.is_empty() {
        return String::new();
    }
    let mut out = title(look, &format!("Agreed to be spent, {}, BilledCost of usage and purchases", r.header.currency));
    let wide = width >= WIDE;
    let titles = ["agreement", ">agreed", ">drawn", ">of it", ">time gone", ">expected", ">a day", ">needed a day"];
    let mut grid = Grid::new(&titles[..if wide { 8 } else { 6 }]);
    for d in &r.spend {
        let told = [
            d.name.clone(),
            d.amount.display_amount(),
            d.drawn.display_amount(),
            share(d.drawn_pct),
            share(d.elapsed_pct),
            cents(d.expected_at_end),
        ];
        grid.row(told.into_iter().chain([cents(d.pace_per_day), cents(d.needed_per_day)].into_iter().filter(|_| wide)));
    }
    out.push_str(&grid.show(look, width));
    for d in &r.spend {
        let lead = format!("- {}, {} to {}: ", d.name, d.first_day, d.last_day);
        let text = match (&d.unknown, d.shortfall, d.expected_at_end) {
            (Some(why), _, _) => why.clone(),
            (None, Some(short), _) => format!("at this pace {short} are missing at the end: they are paid for nothing"),
            (None, None, Some(_)) => "at this pace it is fulfilled".to_owned(),
            (None, None, None) => "too few days in the bill to tell the pace".to_owned(),
        };
        out.push_str(&wrap(&lead, &text, width));
    }
    out
}

/// What people call a commitment.
fn name(o: &Owned) -> String {
    o.commitment_discount_name.clone().unwrap_or_else(|| short_id(&o.commitment_discount_id).to_owned())
}

fn kind(o: &Owned) -> String {
    o.commitment_discount_type.clone().unwrap_or_else(|| "–".to_owned())
}

fn owned(all: &[Owned], look: &Look, width: usize) -> Grid {
    let wide = width >= WIDE;
    let titles = ["commitment", "type", ">cost", ">used", ">unused", ">net saving", ">on demand", ">paid in the month"];
    let mut grid = Grid::new(&titles[..if wide { 8 } else { 6 }]);
    for o in all.iter().take(look.top) {
        let told = [
            name(o),
            kind(o),
            o.cost.display_amount(),
            share(o.utilization_pct),
            o.unused.display_amount(),
            cents(o.net_saving),
        ];
        let more = [cents(o.on_demand_equivalent), o.purchases.display_amount()].into_iter().filter(|_| wide);
        grid.row(told.into_iter().chain(more));
    }
    grid
}

/// What of all commitments nobody used.
fn waste(r: &CommitmentsReport, width: usize) -> String {
    let sum = |of: fn(&Owned) -> Money| Money::try_sum(r.owned.iter().map(of), r.header.currency);
    let (Ok(unused), Ok(cost)) = (sum(|o| o.unused), sum(|o| o.cost)) else { return String::new() };
    let part = unused.percent_of(cost).map(|p| format!(" ({p:.1} %)")).unwrap_or_default();
    wrap("", &format!("Nobody used {unused} of {cost}{part}."), width)
}

/// When terms end, the next first.
fn terms(r: &CommitmentsReport, look: &Look, width: usize) -> String {
    let mut all: Vec<(chrono::NaiveDate, &Owned)> = r.owned.iter().filter_map(|o| Some((o.ends_on?, o))).collect();
    if all.is_empty() {
        return String::new();
    }
    all.sort_by(|a, b| (a.0, &a.1.commitment_discount_id).cmp(&(b.0, &b.1.commitment_discount_id)));
    let mut grid = Grid::new(&["ends on", ">in days", "commitment", "type", ">cost", ">net saving that ends"]);
    for (day, o) in all.iter().take(look.top) {
        let left = day.signed_duration_since(r.header.estate.as_of).num_days();
        let days = if left < 0 { "ended".to_owned() } else { left.to_string() };
        grid.row([day.to_string(), days, name(o), kind(o), o.cost.display_amount(), cents(o.net_saving)]);
    }
    title(look, &format!("Terms, {} a month as of {}", r.header.currency, r.header.month)) + &grid.show(look, width)
}

/// From list prices to what is really paid.
fn sums(c: &Coverage) -> Grid {
    let mut grid = Grid::new(&["", ">amount"]);
    let mut row = |what: &str, amount: String| grid.row([what.to_owned(), amount]);
    row("at list prices", cents(c.list));
    row("  less negotiated prices", cents(c.negotiated_saving));
    row("at negotiated prices", cents(c.contracted));
    row("  less what commitments save", cents(c.commitment_saving));
    row("effective, with what is not used", c.effective.display_amount());
    row("effective savings rate", share(c.effective_savings_rate_pct));
    row("coverage", share(c.coverage_pct));
    grid
}

fn coverage(by: &CoverageBy, r: &CommitmentsReport, look: &Look, width: usize) -> String {
    let wide = width >= WIDE;
    let titles = [
        "",
        ">effective",
        ">covered",
        ">savings rate",
        ">unused",
        ">at list prices",
        ">commitments save",
        ">negotiated",
    ];
    let mut grid = Grid::new(&titles[..if wide { 8 } else { 5 }]);
    // Months are few, and in order; of the rest the largest.
    let of_months = by.dimension == "month";
    let top = if of_months { by.rows.len() } else { look.top };
    for c in by.rows.iter().take(top) {
        let key = c.key.clone().unwrap_or_else(|| "(none)".to_owned());
        let so_far = of_months && key.parse().is_ok_and(|m: Month| m.end() > r.header.estate.as_of);
        let key = if so_far { format!("{key} so far") } else { key };
        let told = [
            key,
            c.effective.display_amount(),
            share(c.coverage_pct),
            share(c.effective_savings_rate_pct),
            c.unused.display_amount(),
        ];
        let more = [cents(c.list), cents(c.commitment_saving), cents(c.negotiated_saving)];
        grid.row(told.into_iter().chain(more.into_iter().filter(|_| wide)));
    }
    let heading = title(look, &format!("By {}, {}", by.dimension, r.header.currency));
    let rest = if of_months { String::new() } else { more(look, by.rows.len(), "--top") };
    heading + &grid.show(look, width) + &rest
}

/// A figure a row.
pub(super) fn csv(r: &CommitmentsReport, rows: &mut Rows) -> Result<(), ReportError> {
    for o in &r.owned {
        let (what, detail) = (name(o), o.commitment_discount_id.as_str());
        let mut amount = |measure: &str, amount: Option<Money>| match amount {
            Some(amount) => rows.amount("commitment", &what, detail, measure, amount),
            None => Ok(()),
        };
        amount("cost", Some(o.cost))?;
        amount("used", Some(o.used))?;
        amount("unused", Some(o.unused))?;
        amount("on-demand equivalent", o.on_demand_equivalent)?;
        amount("net saving", o.net_saving)?;
        amount("BilledCost of purchases", Some(o.purchases))?;
    }
    for d in &r.spend {
        let period = format!("{} to {}", d.first_day, d.last_day);
        rows.amount("agreement", &d.name, &period, "agreed", d.amount)?;
        rows.amount("agreement", &d.name, &period, "drawn", d.drawn)?;
        for (measure, amount) in [("expected at the end", d.expected_at_end), ("shortfall", d.shortfall)] {
            if let Some(amount) = amount {
                rows.amount("agreement", &d.name, &period, measure, amount)?;
            }
        }
    }
    if let Some(b) = &r.buy {
        buy::csv(b, rows)?;
    }
    covered("total", &r.total, rows)?;
    for by in &r.by {
        for c in &by.rows {
            covered(&by.dimension, c, rows)?;
        }
    }
    Ok(())
}

fn covered(section: &str, c: &Coverage, rows: &mut Rows) -> Result<(), ReportError> {
    let key = c.key.as_deref().unwrap_or("");
    let amounts = [
        ("ListCost", c.list),
        ("ContractedCost", c.contracted),
        ("EffectiveCost", Some(c.effective)),
        ("covered", c.covered),
        ("unused", Some(c.unused)),
    ];
    for (measure, amount) in amounts {
        if let Some(amount) = amount {
            rows.amount(section, key, "coverable usage", measure, amount)?;
        }
    }
    Ok(())
}
