//! Untrusted text made harmless for where it goes: tags, names and file contents can hold anything.

/// For a terminal: control characters, and characters that turn the direction of text, are shown as their code.
#[must_use]
pub fn terminal_text(text: &str) -> String {
    let harmful = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    if !text.chars().any(harmful) {
        return text.to_owned();
    }
    text.chars().fold(String::new(), |mut out, c| {
        if harmful(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
        out
    })
}

/// For a spreadsheet: text that it would run as a formula is marked as text. Source: OWASP, "CSV Injection".
#[must_use]
pub fn csv_text(text: &str) -> String {
    let text = terminal_text(text);
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text }
}

/// For Markdown: what would be taken for formatting, a link, HTML or a table's border is escaped.
#[must_use]
pub fn markdown_text(text: &str) -> String {
    terminal_text(text).chars().fold(String::new(), |mut out, c| {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&') {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

/// For XML and HTML, as text or in a quoted attribute.
#[must_use]
pub fn xml_text(text: &str) -> String {
    terminal_text(text).chars().fold(String::new(), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_do_not_reach_the_terminal() {
        assert_eq!(terminal_text("a\u{1b}[31mb\u{7}"), "a\\u{1b}[31mb\\u{7}");
        assert_eq!(terminal_text("x\u{202e}y"), "x\\u{202e}y");
        assert_eq!(terminal_text("Zürich"), "Zürich");
    }

    #[test]
    fn markup_reaches_neither_markdown_nor_xml() {
        assert_eq!(markdown_text("[a](b) <i>|*"), r"\[a\](b) \<i\>\|\*");
        assert_eq!(xml_text("<a href=\"b\">&'"), "&lt;a href=&quot;b&quot;&gt;&amp;&#39;");
    }

    #[test]
    fn formulas_do_not_reach_the_spreadsheet() {
        assert_eq!(csv_text("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(csv_text("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(csv_text("plain"), "plain");
    }
}
