//! Escaping of untrusted text: tags, names, and file contents can contain anything.
//!
//! In every format, invisible characters and characters that change the text direction are shown as
//! their code. `cost-core/src/text/visible.rs` lists them, with reasons. Each format then escapes
//! its own special characters.

pub use cost_core::text::terminal_text;
use cost_core::text::visible;

/// Characters that start a formula, in every width, because spreadsheets with full-width input
/// treat these alike. Sources: OWASP, "CSV Injection", for the first four (its tab and carriage
/// return are shown as their code, so they start no cell); Unicode, `UnicodeData.txt`, for the
/// characters whose compatibility decomposition is one of them.
const FORMULAS: [char; 12] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫'];

/// Escapes text for a spreadsheet. Text that would run as a formula, also after leading spaces, is
/// marked as text.
#[must_use]
pub fn csv_text(text: &str) -> String {
    let text = terminal_text(text);
    if starts_formula(&text) { format!("'{text}") } else { text }
}

/// Returns whether a spreadsheet could run the text as a formula, also after leading spaces.
#[must_use]
pub(crate) fn starts_formula(text: &str) -> bool {
    text.trim_start().starts_with(FORMULAS)
}

/// Escapes text for any place in a line of Markdown: formatting, links, mentions, HTML, table
/// borders, headings, and list items. Removes surrounding spaces, which Markdown drops or treats as
/// code.
#[must_use]
pub fn markdown_text(text: &str) -> String {
    let text = visible(text);
    let text = text.trim();
    let opener = block_opener(text);
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let formats =
            matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&');
        if formats || opener == Some(at) || makes_link(&text[..at], c) {
            out.push('\\');
        }
        out.push(c);
        if let '@' | '#' | '-' = c
            && refers(&text[..at], c, &text[at + 1..])
        {
            out.push_str(NOTHING);
        }
    }
    out
}

/// Empty comment, which is not shown. It prevents mentions and references in reports that are
/// posted as issues. They are detected after Markdown escapes are resolved, so neither a backslash
/// nor an entity prevents them. Source: github/cmark-gfm, issue 181.
const NOTHING: &str = "<!-- -->";

/// Returns whether a sign between these texts mentions someone (`@name`; not in an e-mail address)
/// or refers to an issue (`#1`, `GH-1`), which would note it there. Source: GitHub Docs,
/// "Autolinked references and URLs".
fn refers(before: &str, sign: char, after: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric();
    match sign {
        '@' => after.starts_with(word) && !before.ends_with(word),
        '#' => after.starts_with(|c: char| c.is_ascii_digit()),
        _ => {
            let start = before.len().saturating_sub(2);
            let is_word = before.get(start..).is_some_and(|w| w.eq_ignore_ascii_case("GH"));
            is_word
                && after.starts_with(|c: char| c.is_ascii_digit())
                && !before.get(..start).is_some_and(|b| b.ends_with(word))
        }
    }
}

/// Returns the position of the character that turns the line into a list item, a rule, or an
/// underlined heading. Source: `CommonMark` 0.31, "List items", "Thematic breaks", and "Setext
/// headings".
fn block_opener(line: &str) -> Option<usize> {
    let digits = line.find(|c: char| !c.is_ascii_digit()).unwrap_or(line.len());
    let mut rest = line[digits..].chars();
    let (sign, next) = (rest.next()?, rest.next());
    let ends = next.is_none_or(char::is_whitespace);
    let opens = match (digits, sign) {
        (0, '-' | '=') => ends || next == Some(sign),
        (0, '+') | (1.., '.' | ')') => ends,
        _ => false,
    };
    opens.then_some(digits)
}

/// Returns whether `c` after `before` turns a bare address into a link. Source: GitHub Flavored
/// Markdown, "Autolinks (extension)".
fn makes_link(before: &str, c: char) -> bool {
    let ends = |word: &&str| {
        let at = before.len().checked_sub(word.len());
        at.and_then(|at| before.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(word))
    };
    match c {
        ':' => ["http", "https", "ftp", "mailto", "xmpp"].iter().any(ends),
        '.' => ends(&"www"),
        _ => false,
    }
}

/// Escapes text for XML and HTML, as text or in a quoted attribute.
#[must_use]
pub fn xml_text(text: &str) -> String {
    visible(text).chars().fold(String::new(), |mut out, c| {
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

/// Escapes text for the content of an HTML element, and isolates words that run from right to left,
/// so that they do not move the signs and numbers next to them. Use [`xml_text`] in attributes.
/// Source: W3C, "Inline markup and bidirectional text in HTML".
#[must_use]
pub fn html_text(text: &str) -> String {
    let escaped = xml_text(text);
    let runs_left = |word: &&str| word.chars().any(is_right_to_left);
    if !runs_left(&escaped.as_str()) {
        return escaped;
    }
    let words: Vec<&str> = escaped.split(' ').collect();
    let mut out = Vec::new();
    for run in words.chunk_by(|a, b| runs_left(a) == runs_left(b)) {
        let run_text = run.join(" ");
        let isolate = run.first().is_some_and(runs_left);
        out.push(if isolate { format!("<bdi>{run_text}</bdi>") } else { run_text });
    }
    out.join(" ")
}

/// Returns whether `c` is in a block of scripts that are written from right to left. Source: Unicode,
/// `DerivedBidiClass.txt`, default values for R and AL.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use cost_core::text::is_hidden;

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
    fn words_from_right_to_left_are_isolated_in_html() {
        assert_eq!(html_text("a <b> \"c\""), "a &lt;b&gt; &quot;c&quot;");
        assert_eq!(html_text("cost of שלום עולם: 12 USD"), "cost of <bdi>שלום עולם:</bdi> 12 USD");
        assert_eq!(html_text("<מ>"), "<bdi>&lt;מ&gt;</bdi>");
        assert_eq!(html_text("Zürich"), "Zürich");
    }

    #[test]
    fn names_begin_nothing_and_link_nowhere_in_markdown() {
        for (name, escaped) in [
            ("- item", r"\- item"),
            ("-", r"\-"),
            ("---", r"\---"),
            ("    + item ", r"\+ item"),
            ("===", r"\==="),
            ("1. item", r"1\. item"),
            ("2024) item", r"2024\) item"),
            ("-12.50 USD", "-12.50 USD"),
            ("1.5 GB", "1.5 GB"),
            ("a - b", "a - b"),
            ("see https://example.com", r"see https\://example.com"),
            ("HTTP://example.com", r"HTTP\://example.com"),
            ("www.example.com", r"www\.example.com"),
            ("mailto:a@example.com", r"mailto\:a@example.com"),
            ("arn:aws:s3:::bucket", "arn:aws:s3:::bucket"),
            ("# title", r"\# title"),
            ("#1", r"\#<!-- -->1"),
            ("org/repo#22", r"org/repo\#<!-- -->22"),
            ("GH-3", "GH-<!-- -->3"),
            ("high-3", "high-3"),
            ("@octocat", "@<!-- -->octocat"),
            ("ask @org/team", "ask @<!-- -->org/team"),
            ("team@example.com", "team@example.com"),
            ("a @ b", "a @ b"),
        ] {
            assert_eq!(markdown_text(name), escaped);
        }
    }

    #[test]
    fn formulas_do_not_reach_the_spreadsheet() {
        for (name, cell) in [
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("＝1+1", "'＝1+1"),
            ("﹫SUM(A1)", "'﹫SUM(A1)"),
            (" =1+1", "' =1+1"),
            ("\u{3000}=1+1", "'\u{3000}=1+1"),
            ("\t=1+1", r"\u{9}=1+1"),
            ("\r=1+1", r"\u{d}=1+1"),
            ("\u{feff}=1+1", r"\u{feff}=1+1"),
            ("plain", "plain"),
            ("a=b", "a=b"),
        ] {
            assert_eq!(csv_text(name), cell);
        }
    }

    /// Text in which about every second character must not appear raw. `cost_core::text` tests that
    /// all such characters are hidden; this covers some of each kind.
    fn hostile() -> impl Strategy<Value = String> {
        let hidden = prop_oneof![
            prop::char::range('\u{0}', '\u{1f}'),
            prop::char::range('\u{7f}', '\u{9f}'),
            prop::char::range('\u{600}', '\u{605}'),
            prop::char::range('\u{115f}', '\u{1160}'),
            prop::char::range('\u{180b}', '\u{180f}'),
            prop::char::range('\u{2000}', '\u{200f}'),
            prop::char::range('\u{2028}', '\u{202f}'),
            prop::char::range('\u{205f}', '\u{206f}'),
            prop::char::range('\u{fff9}', '\u{fffb}'),
            prop::char::range('\u{13430}', '\u{1343f}'),
            prop::char::range('\u{1bca0}', '\u{1bca3}'),
            prop::char::range('\u{1d173}', '\u{1d17a}'),
            prop::char::range('\u{fe00}', '\u{fe0f}'),
            prop::char::range('\u{e0000}', '\u{e007f}'),
            prop::char::range('\u{e000}', '\u{f8ff}'),
            prop::sample::select(vec![
                '\u{ad}',
                '\u{34f}',
                '\u{61c}',
                '\u{1680}',
                '\u{3164}',
                '\u{ffa0}',
                '\u{110bd}',
                '\u{16fe4}',
                '\u{1d159}',
                '\u{feff}',
                '\u{2800}',
                '\u{fffc}',
                '\u{fffe}'
            ]),
        ];
        let signs = prop::sample::select(
            "=+-@<>&\"'[]()|*_`\\#:. w1＝＋－＠﹦﹢﹣﹫\u{a0}\u{3000}".chars().collect::<Vec<_>>(),
        );
        prop::collection::vec(prop_oneof![2 => hidden, 2 => any::<char>(), 1 => signs], 0..24)
            .prop_map(|all| all.into_iter().collect())
    }

    proptest! {
        #[test]
        fn no_format_shows_what_is_hidden(text in hostile()) {
            for shown in [terminal_text(&text), csv_text(&text), markdown_text(&text), xml_text(&text), html_text(&text)] {
                prop_assert!(!shown.chars().any(is_hidden), "{shown:?}");
            }
            prop_assert!(!csv_text(&text).trim_start().starts_with(FORMULAS));
            prop_assert!(!xml_text(&text).contains(['<', '>', '"', '\'']));
            let isolated = html_text(&text).replace("<bdi>", "").replace("</bdi>", "");
            prop_assert_eq!(isolated, xml_text(&text));
        }

        #[test]
        fn what_is_safe_stays_as_it_is(text in hostile()) {
            let once = terminal_text(&text);
            prop_assert_eq!(terminal_text(&once), once.clone());
            prop_assert_eq!(csv_text(&csv_text(&text)), csv_text(&text));
        }

        #[test]
        fn other_characters_are_not_touched(text in "[a-zA-Z0-9À-ɏа-яא-ת一-龥가-힣 ]{0,24}") {
            prop_assert_eq!(terminal_text(&text), text);
        }
    }
}
