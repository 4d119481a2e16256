//! Slack channel (incoming webhooks). Source: Slack developer documentation, "Sending messages
//! using incoming webhooks" and "Formatting text for app surfaces" (`&`, `<`, and `>` are escaped,
//! so that a name cannot create mentions or links).

use serde_json::{Value, json};

use crate::http::{Retry, post_json};
use crate::message::fitting;
use crate::{Message, NotifyError, Secret};

/// Most characters of the text of a section block. Source: Slack developer documentation, "Section
/// block". Read 2026-11.
const SECTION_CHARS: usize = 3_000;

pub(crate) fn send(url: &Secret, message: &Message<'_>, retry: &Retry) -> Result<(), NotifyError> {
    post_json(url, &body(message), retry)
}

fn body(message: &Message<'_>) -> Value {
    let title = escape(&message.title());
    let facts = message.facts();
    let facts = facts.iter().map(|(label, value)| format!("{label}: {}", escape(value))).collect();
    let facts = fitting(facts, SECTION_CHARS, |line| line.chars().count());
    // A name in the facts can still contain bold text, but no mentions or links.
    json!({
        "text": title,
        "blocks": [
            { "type": "section", "text": { "type": "plain_text", "text": message.title() } },
            { "type": "section", "text": { "type": "mrkdwn", "text": facts.join("\n"), "verbatim": true } },
        ],
    })
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
}
