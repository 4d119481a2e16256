//! What a reader should know of the numbers, and what could not be judged, for the terminal.

use super::layout::wrap;
use super::{Look, layout};
use cost_core::check::Skip;
use cost_core::inventory::resource_part;

/// What to know, a line each; nothing if there is nothing.
pub(super) fn notes<'a>(notes: impl Iterator<Item = &'a String>, look: &Look, width: usize) -> String {
    section("To know", notes.map(|note| wrap("- ", note, width)).collect(), look)
}

/// What could not be judged, a line for each reason.
pub(super) fn skipped<'a>(skipped: impl Iterator<Item = &'a Skip>, look: &Look, width: usize) -> String {
    let mut reasons: Vec<Vec<&Skip>> = Vec::new();
    for skip in skipped {
        match reasons.iter_mut().find(|alike| alike.iter().any(|s| s.reason == skip.reason)) {
            Some(alike) => alike.push(skip),
            None => reasons.push(vec![skip]),
        }
    }
    let line = |alike: Vec<&Skip>| match alike.as_slice() {
        [] => String::new(),
        [one] => format!("{}: {}{}", one.check, one.reason, subjects(&one.subjects)),
        [first, ..] => {
            let checks: Vec<String> = alike.iter().map(|s| format!("{}{}", s.check, subjects(&s.subjects))).collect();
            format!("{}: {} checks: {}", first.reason, checks.len(), checks.join(", "))
        }
    };
    section("Not judged", reasons.into_iter().map(|alike| wrap("- ", &line(alike), width)).collect(), look)
}

/// The first of what a check was skipped for, and how many more there are; nothing if it is the whole check.
fn subjects(all: &[String]) -> String {
    match all {
        [] => String::new(),
        [one] => format!(" ({})", resource_part(one)),
        [first, ..] => format!(" ({} and {} more)", resource_part(first), all.len() - 1),
    }
}

fn section(heading: &str, lines: Vec<String>, look: &Look) -> String {
    if lines.is_empty() { String::new() } else { layout::title(look, heading) + &lines.concat() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_of_one_reason_share_a_line() {
        let skip = |check: &str, reason: &str, subjects: &[&str]| Skip {
            check: check.to_owned(),
            reason: reason.to_owned(),
            subjects: subjects.iter().map(|s| (*s).to_owned()).collect(),
        };
        let all = [
            skip("idle_volume", "needs the inventory", &[]),
            skip("idle_cache", "its utilization is not known", &["a", "b", "c"]),
            skip("unused_image", "needs the inventory", &[]),
        ];
        let look = Look { width: 80, color: false, top: 10 };
        assert_eq!(
            skipped(all.iter(), &look, 80),
            "\nNot judged\n- needs the inventory: 2 checks: idle_volume, unused_image\n\
             - idle_cache: its utilization is not known (a and 2 more)\n"
        );
        assert_eq!(skipped([].iter(), &look, 80), "");
    }
}
