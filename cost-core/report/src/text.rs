//! Inline text of a document, in spans that formats escape and may emphasize.

/// Text in spans. It may be untrusted, so each format escapes every span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(Vec<Span>);

/// Part of a line with one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Plain text.
    Plain(String),
    /// Command, option, or identifier to type. Text formats show it in backticks.
    Code(String),
    /// Important text.
    Strong(String),
    /// Positive result: green in a terminal.
    Good(String),
    /// Negative result or warning: red in a terminal.
    Bad(String),
}

impl Span {
    /// Returns the text of the span. Code is in backticks.
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
    /// Parses a literal of this program, in which `` `…` `` marks code. Text from data is never
    /// parsed: see [`Text::from`].
    #[must_use]
    pub fn literal(text: &'static str) -> Self {
        let span = |(at, part): (usize, &str)| {
            if at % 2 == 0 { Span::Plain(part.to_owned()) } else { Span::Code(part.to_owned()) }
        };
        Self(text.split('`').enumerate().filter(|(_, part)| !part.is_empty()).map(span).collect())
    }

    /// Appends plain text.
    #[must_use]
    pub fn plain(self, text: impl Into<String>) -> Self {
        self.then(Span::Plain(text.into()))
    }

    /// Appends `text` as code.
    #[must_use]
    pub fn code(self, text: impl Into<String>) -> Self {
        self.then(Span::Code(text.into()))
    }

    /// Appends `text` as important text.
    #[must_use]
    pub fn strong(self, text: impl Into<String>) -> Self {
        self.then(Span::Strong(text.into()))
    }

    /// Appends `text` as a positive result.
    #[must_use]
    pub fn good(self, text: impl Into<String>) -> Self {
        self.then(Span::Good(text.into()))
    }

    /// Appends `text` as a negative result or warning.
    #[must_use]
    pub fn bad(self, text: impl Into<String>) -> Self {
        self.then(Span::Bad(text.into()))
    }

    fn then(mut self, span: Span) -> Self {
        self.0.push(span);
        self
    }

    /// Returns the spans, in order.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    /// Returns the text as one string, not escaped. Code is in backticks.
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
