//! FOCUS bills: columns and versions, exact decoding of cells, and [`FocusFrame`], a checked lazy frame of line items.

pub mod columns;
pub mod conformance;
mod frame;
mod kernels;
mod locate;
pub mod text;
mod typed;

pub(crate) use frame::{CHARGE_START, kernel};
pub use frame::{FocusFrame, Origin, Part, TAG_PREFIX};
pub use kernels::RoundedCells;
pub(crate) use kernels::{TAGGED_COLUMN, TAGS_COLUMN, split_tags};
pub use typed::{decimal, instant, typed};

/// Why a bill cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FocusError {
    /// A column the numbers depend on is not there.
    #[error("{origin}: column {column} is missing; {hint}")]
    MissingColumn {
        /// File or frame.
        origin: String,
        /// FOCUS column id.
        column: &'static str,
        /// What to do about it.
        hint: String,
    },
    /// The same column twice, under two headers.
    #[error("{origin}: columns {first} and {second} are both {column}; keep one of them")]
    DuplicateColumn {
        /// File or frame.
        origin: String,
        /// FOCUS column id.
        column: &'static str,
        /// Header met first.
        first: String,
        /// Header met second.
        second: String,
    },
    /// A cell does not decode, or must not be null.
    #[error("{origin}, row {row}, column {column}: {problem}")]
    BadCell {
        /// File or frame.
        origin: String,
        /// 1-based data row; a header line is not counted.
        row: u64,
        /// FOCUS column id.
        column: String,
        /// What is wrong and what to do, the cell's text included.
        problem: String,
    },
    /// Two currencies in one estate.
    #[error(
        "{origin}, row {row}, column BillingCurrency: {found} after {first}: amounts in different currencies are never \
         added; split the bill by BillingCurrency and review each part"
    )]
    MixedCurrency {
        /// File or frame.
        origin: String,
        /// 1-based data row; a header line is not counted.
        row: u64,
        /// Currency of the rows before.
        first: String,
        /// Currency of this row.
        found: String,
    },
    /// No line items at all.
    #[error("{origin}: no line items; check the path, or the export's date range")]
    Empty {
        /// Where they were looked for.
        origin: String,
    },
    /// The engine failed: a damaged file, or an unsupported encoding.
    #[error("{origin}: cannot be read: {message}")]
    Unreadable {
        /// File or frame.
        origin: String,
        /// The engine's words.
        message: String,
    },
    /// A sum that does not fit.
    #[error("{origin}: {source}")]
    Money {
        /// Where.
        origin: String,
        /// What.
        source: crate::money::MoneyError,
    },
}

/// Cell text as shown in a message, at most 60 characters: controls, and what is invisible or turns the direction of text, by their code.
#[must_use]
pub fn quote_cell(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    let dots = if text.chars().count() > 60 { "…" } else { "" };
    // The standard library's escapes are short for the usual ones (`\n`); it leaves fillers and variation selectors.
    let escaped = short.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'");
    format!("`{}{dots}`", crate::visible::visible(&escaped))
}

#[cfg(test)]
mod tests {
    use super::quote_cell;

    #[test]
    fn a_quoted_cell_hides_nothing() {
        for (cell, quoted) in [
            ("1.5", "`1.5`"),
            ("a\nb", r"`a\nb`"),
            ("\u{1b}[31m5", r"`\u{1b}[31m5`"),
            ("5\u{202e}", r"`5\u{202e}`"),
            ("5\u{fe0f}", r"`5\u{fe0f}`"),
            ("\u{3164}", r"`\u{3164}`"),
            ("\u{e0041}", r"`\u{e0041}`"),
            ("say \"it\"", "`say \"it\"`"),
        ] {
            assert_eq!(quote_cell(cell), quoted);
        }
    }
}
