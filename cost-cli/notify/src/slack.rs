//! Slack channel (incoming webhooks). Source: Slack developer documentation, "Sending messages
//! using incoming webhooks" and "Formatting text for app surfaces" (`&`, `<`, and `>` are escaped,
//! so that a name cannot create mentions or links).

use serde_json::{Value, json};

use crate::http::{Retry, post_json};
use crate::{Message, NotifyError, Secret};

pub(crate) fn send(url: &Secret, message: &Message<'_>, retry: &Retry) -> Result<(), NotifyError> {
    post_json(url, &body(message), retry)
}

fn body(message: &Message<'_>) -> Value {
    let title = escape(&message.title());
    let facts = joined(&message.facts());
    // A name in the facts can still contain bold text, but no mentions or links.
    json!({
        "text": title,
        "blocks": [
            { "type": "section", "text": { "type": "plain_text", "text": message.title() } },
            { "type": "section", "text": { "type": "mrkdwn", "text": facts, "verbatim": true } },
        ],
    })
}

/// Longest text of a section, in characters. Source: Slack, "Section block".
const LONGEST: usize = 3_000;

/// Returns the facts, one per line: those that fit into a section.
fn joined(facts: &[(&str, String)]) -> String {
    let mut out = String::new();
    for (label, value) in facts {
        let line = format!("{label}: {}", escape(value));
        if out.chars().count() + 1 + line.chars().count() > LONGEST {
            continue;
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&line);
    }
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_mention_nobody() {
        assert_eq!(
            super::escape("<!channel> & <http://x|y>"),
            "&lt;!channel&gt; &amp; &lt;http://x|y&gt;"
        );
    }

    #[test]
    fn facts_fit_into_a_section() {
        let facts = vec![("owner", "&".repeat(120)); 40];
        let text = super::joined(&facts);
        assert!(text.chars().count() <= 3_000 && text.lines().count() == 4, "{}", text.len());
    }
}
