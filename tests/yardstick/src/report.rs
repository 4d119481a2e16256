//! Report of the anomaly benchmark.

use crate::corpus::{Base, Half, load};
use crate::inject::{KINDS, SIZES};
use crate::methods::METHODS;
use crate::score::{ABOVE_NOISE, DRAWS, Score, Scores, score};

/// Returns the complete report on one half of the series.
pub(crate) fn report(half: Half) -> String {
    let bases = load(half);
    let scores: Vec<Scores> = METHODS.iter().map(|m| score(&bases, m)).collect();
    report_of(half, &bases, &scores)
}

/// Returns the report of scores.
pub(crate) fn report_of(half: Half, bases: &[Base], scores: &[Scores]) -> String {
    let mut out = format!(
        "Anomaly benchmark, {} half: {} series, each event placed {DRAWS} times in each\n\n{}",
        if half == Half::Test { "test" } else { "development" },
        bases.len(),
        noise(bases)
    );
    out.push_str(&format!(
        "\nAll methods. F1 of events (precision, recall); false alarms per series-month in unchanged series.\n\n\
         {:<28}{:>24}{:>24}{:>24}{:>14}\n",
        "", ">= 25 %", ">= 50 %, above noise *", ">= 25 %, above noise *", "false alarms"
    ));
    for (method, s) in METHODS.iter().zip(scores) {
        let cell = |s: &Score| format!("{:.3} ({:.2}, {:.2})", s.f1(), s.precision(), s.recall());
        out.push_str(&format!(
            "{:<28}{:>24}{:>24}{:>24}{:>14.3}\n",
            method.name,
            cell(&s.total(25, false)),
            cell(&s.total(50, true)),
            cell(&s.total(25, true)),
            s.untouched().false_alarms_a_month()
        ));
    }
    out.push_str(&format!("* events of at least {ABOVE_NOISE} times the noise of their series\n"));
    if let Some(ours) = scores.first() {
        out.push_str(&details(ours));
    }
    out
}

/// Returns the noise of the series.
fn noise(bases: &[Base]) -> String {
    let mut noise: Vec<f64> = bases.iter().map(|b| b.noise * 100.0).collect();
    noise.sort_by(f64::total_cmp);
    let at = |share: usize| noise.get((noise.len() - 1) * share / 100).copied().unwrap_or_default();
    format!(
        "Noise (robust deviation from the same weekday of six weeks, % of the mean): median \
         {:.0}, quartiles {:.0} and {:.0}, maximum {:.0}\n",
        at(50),
        at(25),
        at(75),
        at(100)
    )
}

/// Returns the results of the first method by kind and size, and its false alarms.
fn details(ours: &Scores) -> String {
    let mut out = "\nThe first method by kind and size: recall, delay in days (median, 90th \
        percentile), false alarms per series-month around the event\n\n"
        .to_owned();
    out.push_str(&format!("{:<14}", ""));
    for size in SIZES {
        out.push_str(&format!("{:>22}", format!("+{size} %")));
    }
    out.push('\n');
    for kind in KINDS {
        out.push_str(&format!("{:<14}", kind.label()));
        for size in SIZES {
            let s = ours.of(kind, size);
            let delay = |q| s.delay(q).map_or_else(|| "-".to_owned(), |d: usize| d.to_string());
            let cell = format!(
                "{:.2}  {}, {}  {:.3}",
                s.recall(),
                delay(0.5),
                delay(0.9),
                s.false_alarms_a_month()
            );
            out.push_str(&format!("{cell:>22}"));
        }
        out.push('\n');
    }
    out.push_str("\nFalse alarms of the first method per series-month\n\n");
    let lines = ours.traps.iter().map(|(trap, s)| (format!("trap: {}", trap.label()), s));
    let lines =
        lines.chain(ours.untouched.iter().map(|(source, s)| (format!("unchanged: {source}"), s)));
    for (label, s) in lines {
        out.push_str(&format!("{label:<40}{:>8.3}\n", s.false_alarms_a_month()));
    }
    out
}
