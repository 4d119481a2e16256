//! Content of a notice, independent of the channel.

use chrono::{DateTime, Utc};
use cost_core::alert::{Alert, Event, Notice, report_due};
use cost_core::text::terminal_text;

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
        let pct = s.excess_pct.map(|p| format!(" ({:+.0} %)", p.round())).unwrap_or_default();
        let excess = s.excess;
        let severity = s.severity.as_str();
        let text = format!("[{severity}] {what}{} {excess}{pct}: {}", s.kind.label(), s.scope);
        shortened(&text, MOST_OF_TITLE)
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
            let place = shortened(&words.join(" in "), MOST_OF_PLACE);
            facts.push(("main cause", format!("{place}: {}", cause.excess)));
        }
        for owner in &s.owners {
            let value = owner.value.as_deref().unwrap_or("(untagged)");
            facts.push(("owner", format!("{} {value}", owner.key)));
        }
        if self.notice.event != Event::Closed {
            let due = report_due(self.alert.detected_at);
            facts.push(("report due", due.format("%Y-%m-%d %H:%M UTC").to_string()));
        }
        facts.push(("investigate with", format!("cost explain {} ESTATE --format markdown", s.id)));
        facts.into_iter().map(|(label, value)| (label, shortened(&value, MOST_OF_FACT))).collect()
    }
}

/// Longest title, in characters. A line of a mail has at most 998 bytes (RFC 5322, 2.1.1), and a
/// character up to four.
const MOST_OF_TITLE: usize = 240;
/// Longest value, in characters. Some of that length fit into the 3,000 characters of a text of
/// Slack ("Section block"), and all into the 28 KB of a Teams message (Microsoft Learn, "Create
/// incoming webhooks"). Chosen.
const MOST_OF_FACT: usize = 240;
/// Longest place in a value, in characters, so that its amount is not cut. Chosen.
const MOST_OF_PLACE: usize = 160;

/// Returns text without control and invisible characters, cut at a number of characters. A receiver
/// refuses a longer text completely.
fn shortened(text: &str, most: usize) -> String {
    let text = terminal_text(text);
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_long_name_does_not_stop_a_notice() {
        assert_eq!(shortened("abc", 3), "abc");
        assert_eq!(shortened("aéc\u{7}", 3), "aéc…");
        assert_eq!(shortened(&"x".repeat(5000), 240).chars().count(), 241);
    }
}
