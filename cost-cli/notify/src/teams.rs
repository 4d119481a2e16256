//! Microsoft Teams channel (webhooks created with Workflows): an Adaptive Card. Source: Microsoft
//! Learn, "Create incoming webhooks with Workflows for Microsoft Teams"; Adaptive Cards schema 1.4.

use serde_json::{Value, json};

use crate::http::{Retry, post_json};
use crate::{Message, NotifyError, Secret};

/// Most bytes of the facts of a card. Teams accepts messages of 28 KB. Source: Microsoft Learn,
/// "Limits and specifications for Microsoft Teams". Read 2026-11. The rest is for the frame.
const CARD_BYTES: usize = 20_000;
/// Bytes of a fact besides its texts.
const FACT_BYTES: usize = 24;

pub(crate) fn send(url: &Secret, message: &Message<'_>, retry: &Retry) -> Result<(), NotifyError> {
    post_json(url, &body(message), retry)
}

fn body(message: &Message<'_>) -> Value {
    let mut left = CARD_BYTES;
    let facts: Vec<_> = message
        .facts()
        .iter()
        .map(|(label, value)| (*label, escape(value)))
        .take_while(|(label, value)| {
            let size = json_bytes(label) + json_bytes(value) + FACT_BYTES;
            let is_fitting = size <= left;
            left = left.saturating_sub(size);
            is_fitting
        })
        .map(|(label, value)| json!({ "title": label, "value": value }))
        .collect();
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": [
                    { "type": "TextBlock", "weight": "bolder", "wrap": true, "text": escape(&message.title()) },
                    { "type": "FactSet", "facts": facts },
                ],
            },
        }],
    })
}

/// Returns the bytes of a text in JSON.
fn json_bytes(text: &str) -> usize {
    json!(text).to_string().len()
}

/// Escapes formatting and links. Cards support a subset of Markdown.
fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if matches!(c, '\\' | '*' | '_' | '[' | ']' | '(' | ')' | '`' | '~' | '#') {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_link_nowhere() {
        assert_eq!(super::escape("[x](http://y)"), r"\[x\]\(http://y\)");
    }
}
