//! Content of a notice, independent of the channel.

use chrono::{DateTime, Utc};
use cost_core::alert::{Alert, Event, Notice, report_due};
use cost_core::text::terminal_text;

/// Most characters of the scope in a title. Chosen: titles are subjects of e-mails and single lines
/// of chats.
const TITLE_CHARS: usize = 200;
/// Most characters of a value. Chosen: one value cannot fill a message.
const VALUE_CHARS: usize = 300;
/// Most characters of the place in a value, so that its amount is not cut. Chosen.
const PLACE_CHARS: usize = 160;
/// Most owners in a message. Chosen.
const MOST_OWNERS: usize = 10;
/// Mark of a text that was cut.
const CUT: &str = "… (shortened)";
/// Last line of a message that was cut.
const SHORTENED: &str = "(shortened: `cost explain` shows the rest)";

/// Notice with its alert, estate, and time.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// The notice.
    pub notice: &'a Notice,
    /// The alert that the notice is about.
    pub alert: &'a Alert,
    /// Name of the estate.
    pub estate: &'a str,
    /// Time of sending.
    pub now: DateTime<Utc>,
}

impl Message<'_> {
    /// Returns a one-line title without control characters: names in a bill can contain anything.
    pub(crate) fn title(&self) -> String {
        let s = &self.alert.anomaly;
        let what = match self.notice.event {
            Event::Raised => "",
            Event::Worsened => "worse: ",
            Event::Reminded => "ongoing: ",
            Event::Closed => "ended: ",
        };
        let scope = cut(&s.scope.to_string(), TITLE_CHARS);
        let pct = s.excess_pct.map(|p| format!(" ({:+.0} %)", p.round())).unwrap_or_default();
        let excess = s.excess;
        terminal_text(&format!(
            "[{}] {what}{} {excess}{pct}: {}",
            s.severity.as_str(),
            s.kind.label(),
            scope
        ))
    }

    /// Returns the details as labels and values, without control characters.
    pub(crate) fn facts(&self) -> Vec<(&'static str, String)> {
        let s = &self.alert.anomaly;
        let mut facts = vec![
            ("estate", self.estate.to_owned()),
            ("days", format!("{} to {}, peak {}", s.first_day, s.last_day, s.peak_day)),
            ("cost", format!("{}, expected {}", s.actual, s.expected)),
        ];
        if let Some(cause) = s.causes.first() {
            let parts = [cause.usage_type.as_deref(), cause.region_id.as_deref()];
            let words: Vec<&str> = parts.into_iter().flatten().collect();
            let place = cut(&words.join(" in "), PLACE_CHARS);
            facts.push(("main cause", format!("{place}: {}", cause.excess)));
        }
        for owner in s.owners.iter().take(MOST_OWNERS) {
            let value = owner.value.as_deref().unwrap_or("(untagged)");
            facts.push(("owner", format!("{} {value}", owner.key)));
        }
        if let Some(more) = s.owners.len().checked_sub(MOST_OWNERS).filter(|n| *n > 0) {
            facts.push(("owner", format!("{more} more")));
        }
        if self.notice.event != Event::Closed {
            let due = report_due(self.alert.detected_at);
            facts.push(("report due", due.format("%Y-%m-%d %H:%M UTC").to_string()));
        }
        facts.push(("investigate with", format!("cost explain {} ESTATE --format markdown", s.id)));
        let shown = |value: String| terminal_text(&cut(&value, VALUE_CHARS));
        facts.into_iter().map(|(label, value)| (label, shown(value))).collect()
    }
}

/// Returns a text of at most `most` characters; a longer one ends with a note.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}{CUT}", &text[..at]),
        None => text.to_owned(),
    }
}

/// Returns the longest beginning of `lines` whose size is at most `most`, with a note if there are
/// more.
pub(crate) fn fitting(
    lines: Vec<String>,
    most: usize,
    size: impl Fn(&str) -> usize,
) -> Vec<String> {
    let sizes: Vec<usize> = lines.iter().map(|l| size(l) + 1).collect();
    if sizes.iter().sum::<usize>() <= most {
        return lines;
    }
    let room = most.saturating_sub(size(SHORTENED) + 1);
    let mut used = 0;
    let fits = |size: &&usize| {
        used += **size;
        used <= room
    };
    let count = sizes.iter().take_while(fits).count();
    lines.into_iter().take(count).chain([SHORTENED.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_with_a_note() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöüß", 3), "äöü… (shortened)");
        let lines = |n: usize| vec!["x".repeat(9); n];
        assert_eq!(fitting(lines(3), 30, str::len), lines(3));
        let cut = fitting(lines(30), 100, str::len);
        assert_eq!(cut.last().map(String::as_str), Some(SHORTENED));
        assert!(cut.iter().map(|l| l.len() + 1).sum::<usize>() <= 100 && cut.len() > 2);
    }
}
