//! Microsoft Teams channel (webhooks created with Workflows): an Adaptive Card. Source: Microsoft
//! Learn, "Create incoming webhooks with Workflows for Microsoft Teams"; Adaptive Cards schema 1.4.

use serde_json::{Value, json};

use crate::http::{Retry, post_json};
use crate::{Message, NotifyError, Secret};

pub(crate) fn send(url: &Secret, message: &Message<'_>, retry: &Retry) -> Result<(), NotifyError> {
    post_json(url, &body(message), retry)
}

fn body(message: &Message<'_>) -> Value {
    let facts: Vec<_> = message
        .facts()
        .iter()
        .map(|(label, value)| json!({ "title": label, "value": escape(value) }))
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
