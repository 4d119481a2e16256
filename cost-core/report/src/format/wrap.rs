//! Wrapping of text to a width.

use crate::escape::terminal_text;

/// Wraps `text` to lines of at most `width` columns if words allow. The first line starts with
/// `lead`, the others are indented by its width. Both may be untrusted.
#[must_use]
pub(super) fn wrap(lead: &str, text: &str, width: usize) -> String {
    let lead = terminal_text(lead);
    let indent = " ".repeat(lead.chars().count());
    let mut lines = fold(&lead, &indent, &terminal_text(text), width, false);
    if let Some(last) = lines.last_mut() {
        last.truncate(last.trim_end().len());
    }
    lines.join("\n") + "\n"
}

/// Wraps a cell's text to lines of at most `width` columns and breaks longer words. Leading spaces
/// stay.
pub(super) fn cell_lines(cell: &str, width: usize) -> String {
    if cell.chars().count() <= width {
        return cell.to_owned();
    }
    let lead: String = cell.chars().take_while(|c| *c == ' ').collect();
    fold(&lead, "", cell, width, true).join("\n")
}

/// Returns `text` in lines of at most `width` columns. The first line starts with `lead`, the
/// others with `indent`. A word longer than a line exceeds the width, or is broken if `breaks` is
/// set.
fn fold(lead: &str, indent: &str, text: &str, width: usize, breaks: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut used, mut empty) = (lead.to_owned(), lead.chars().count(), true);
    for word in text.split_whitespace() {
        let mut rest = word;
        if !empty && used + 1 + rest.chars().count() > width {
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
            (used, empty) = (indent.chars().count(), true);
        }
        while breaks && used + rest.chars().count() > width {
            let room = width.saturating_sub(used).max(1);
            let (head, tail) =
                rest.split_at(rest.char_indices().nth(room).map_or(rest.len(), |(at, _)| at));
            line.push_str(head);
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
            (rest, used) = (tail, indent.chars().count());
        }
        if !empty {
            line.push(' ');
            used += 1;
        }
        line.push_str(rest);
        used += rest.chars().count();
        empty = false;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_wrap_at_words_and_break_what_is_longer() {
        assert_eq!(cell_lines("a bc def", 8), "a bc def");
        assert_eq!(cell_lines("Snapshot and delete 500 GB", 12), "Snapshot and\ndelete 500\nGB");
        assert_eq!(cell_lines("  indented text", 10), "  indented\ntext");
        assert_eq!(cell_lines("id arn:aws:ec2:x", 6), "id\narn:aw\ns:ec2:\nx");
    }
}
