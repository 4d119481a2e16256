//! Inline text of a document: what a renderer escapes, and what it may emphasize.

/// Text in spans. It may be untrusted: each renderer escapes every span for its format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(Vec<Span>);

/// A part of a line that is shown in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Text as it is.
    Plain(String),
    /// A command, an option or an identifier to be typed; text formats show it in backticks.
    Code(String),
    /// Text that must not be overlooked.
    Strong(String),
    /// A verdict that is good news: green in a terminal.
    Good(String),
    /// A verdict or a word that warns: red in a terminal.
    Bad(String),
}

impl Span {
    /// The text of the span, with the backticks of code.
    #[must_use]
    pub fn to_plain(&self) -> String {
        match self {
            Self::Code(text) => format!("`{text}`"),
            Self::Plain(text) | Self::Strong(text) | Self::Good(text) | Self::Bad(text) => {
                text.clone()
            }
        }
    }
}

impl Text {
    /// A literal of this program, in which `` `…` `` marks code. Text from data is never parsed:
    /// see [`Text::from`].
    #[must_use]
    pub fn literal(text: &'static str) -> Self {
        let span = |(at, part): (usize, &str)| {
            if at % 2 == 0 { Span::Plain(part.to_owned()) } else { Span::Code(part.to_owned()) }
        };
        Self(text.split('`').enumerate().filter(|(_, part)| !part.is_empty()).map(span).collect())
    }

    /// This text, then `text` as it is.
    #[must_use]
    pub fn plain(self, text: impl Into<String>) -> Self {
        self.then(Span::Plain(text.into()))
    }

    /// This text, then `text` as code.
    #[must_use]
    pub fn code(self, text: impl Into<String>) -> Self {
        self.then(Span::Code(text.into()))
    }

    /// This text, then `text` emphasized.
    #[must_use]
    pub fn strong(self, text: impl Into<String>) -> Self {
        self.then(Span::Strong(text.into()))
    }

    /// This text, then `text` as good news.
    #[must_use]
    pub fn good(self, text: impl Into<String>) -> Self {
        self.then(Span::Good(text.into()))
    }

    /// This text, then `text` as a warning.
    #[must_use]
    pub fn bad(self, text: impl Into<String>) -> Self {
        self.then(Span::Bad(text.into()))
    }

    fn then(mut self, span: Span) -> Self {
        self.0.push(span);
        self
    }

    /// Its spans, in order.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    /// All of it as one string, unescaped, with the backticks of code.
    #[must_use]
    pub fn to_plain(&self) -> String {
        self.0.iter().map(Span::to_plain).collect()
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(vec![Span::Plain(text)])
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backticks_mark_code_in_literals_only() {
        let text = Text::literal("Run `cost checks`.");
        assert_eq!(text.spans()[1], Span::Code("cost checks".to_owned()));
        assert_eq!(text.to_plain(), "Run `cost checks`.");
        assert_eq!(Text::from("a `b`").spans(), [Span::Plain("a `b`".to_owned())]);
    }
}
