//! Text of cells: made visible, and within the limits of a workbook.

use crate::escape::terminal_text;

/// Limits of a sheet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Rows of a sheet.
    pub(super) rows: u32,
    /// Length of a text, in UTF-16 code units.
    pub(super) text: usize,
}

/// Source: Microsoft, "Excel specifications and limits": worksheet size, characters in a cell.
pub(super) const LIMITS: Limits = Limits { rows: 1_048_576, text: 32_767 };

/// Returns text as a cell shows it, and whether it was cut to the longest possible text.
pub(super) fn shown(text: &str, limits: Limits) -> (String, bool) {
    let mut text = terminal_text(text);
    // The writer takes text between these tags for its own markup and would not escape it.
    if text.starts_with("<r>") && text.ends_with("</r>") {
        text.push(' ');
    }
    let is_cut = text.encode_utf16().count() > limits.text;
    if is_cut {
        // One unit for the ellipsis.
        let mut room = limits.text.saturating_sub(1);
        let fits = |c: &char| {
            let left = room.checked_sub(c.len_utf16());
            room = left.unwrap_or(0);
            left.is_some()
        };
        text = text.chars().take_while(fits).collect::<String>() + "…";
    }
    (text, is_cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut() {
        let limits = Limits { text: 6, ..LIMITS };
        assert_eq!(shown("123456", limits), ("123456".to_owned(), false));
        assert_eq!(shown("1234567", limits), ("12345…".to_owned(), true));
        // Characters outside the basic plane are two units.
        assert_eq!(shown("123😀😀", limits), ("123😀…".to_owned(), true));
    }

    #[test]
    fn text_is_never_markup_of_the_writer() {
        assert_eq!(shown("<r><t>x</t></r>", LIMITS).0, "<r><t>x</t></r> ");
        assert_eq!(shown("a\u{202e}\tb", LIMITS).0, r"a\u{202e}\u{9}b");
    }
}
