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
        terminal_text(&format!(
            "[{}] {what}{} {excess}{pct}: {}",
            s.severity.as_str(),
            s.kind.label(),
            s.scope
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
            facts.push(("main cause", format!("{}: {}", words.join(" in "), cause.excess)));
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
        facts.into_iter().map(|(label, value)| (label, terminal_text(&value))).collect()
    }
}
