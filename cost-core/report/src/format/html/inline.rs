//! Text in a line.

use crate::escape::{html_text, terminal_text, xml_text};
use crate::text::{Span, Text};

/// Returns a text with its emphasis.
pub(super) fn inline(text: &Text) -> String {
    text.spans().iter().map(span).collect()
}

fn span(span: &Span) -> String {
    match span {
        Span::Plain(text) => html_text(text),
        Span::Code(text) => format!("<code>{}</code>", html_text(text)),
        Span::Strong(text) => format!("<strong>{}</strong>", html_text(text)),
        Span::Good(text) => format!("<strong class=\"good\">{}</strong>", html_text(text)),
        Span::Bad(text) => format!("<strong class=\"bad\">{}</strong>", html_text(text)),
    }
}

/// Returns a block of lines as they are. The script adds a button to copy them.
pub(super) fn lines<'a>(lines: impl IntoIterator<Item = &'a str>, language: &str) -> String {
    let text: Vec<String> = lines.into_iter().map(|line| xml_text(&terminal_text(line))).collect();
    format!(
        "<div class=\"co\"><pre tabindex=\"0\" aria-label=\"{}\"><code>{}</code></pre></div>\n",
        if language.is_empty() { "text" } else { "commands" },
        text.join("\n")
    )
}
