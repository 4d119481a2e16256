//! Characters of untrusted text that are escaped: invisible ones, and those that change how other
//! characters are displayed.
//!
//! Names of accounts, services, resources and tags can hold any character. Raw, some would drive a
//! terminal (control characters), turn the direction of what follows (a name that reads `prod` and
//! is another), or make two names look the same (a zero-width space). They are shown by their code,
//! `\u{202e}`.
//!
//! What is hidden goes by the properties of the Unicode Character Database, as the crate
//! `icu_properties` has them, so that it follows new versions of Unicode:
//!
//! - General categories `Cc` (C0, DEL and C1 controls), `Cf` (format characters: all of
//!   `Bidi_Control`, joiners, tags, soft hyphen, interlinear annotation), `Zl` and `Zp` (line and
//!   paragraph separators).
//! - `Default_Ignorable_Code_Point`: what a renderer shows as nothing, whatever its category
//!   (variation selectors, Hangul fillers, the combining grapheme joiner, and the ranges that are
//!   reserved for more of them).
//! - `Co` (private use) and `Cn` (unassigned, with the noncharacters): Unicode does not say what
//!   they look like, so a font may show them as anything, or as nothing.
//! - `Zs`, spaces, but for three that keyboards make: the space, the no-break space and the
//!   ideographic space. The others are as narrow as a hair, or are typography.
//! - `BLANKS`: signs whose glyph is empty.
//!
//! # Trade-offs
//! Emoji that are sequences hold a joiner (U+200D) or a variation selector (U+FE0F), and Persian
//! and Indic text can hold joiners (U+200C, U+200D). They are shown with the code between:
//! `☁\u{fe0f} Prod`. The same characters within other text make names look alike, and no rule tells
//! the two apart for sure; a name that can be read with some effort is better than one that
//! deceives. Letters and emoji that are newer than the Unicode version of the crate are shown by
//! their code until it is updated.

use std::borrow::Cow;

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory};
use icu_properties::{CodePointMapData, CodePointSetData};
use serde::Serialize;

/// Signs with an empty glyph that no property of Unicode names as such. Source: The Unicode
/// Standard, code charts: Braille pattern blank, object replacement character, Khitan small script
/// filler, musical symbol null notehead.
const BLANKS: [char; 4] = ['\u{2800}', '\u{fffc}', '\u{16fe4}', '\u{1d159}'];

/// Spaces that people type: no-break (Option and space on a Mac, French text) and ideographic
/// (Chinese and Japanese input).
const TYPED_SPACES: [char; 3] = [' ', '\u{a0}', '\u{3000}'];

/// Returns whether `c` is invisible or changes how the text around it is displayed.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    match CodePointMapData::<GeneralCategory>::new().get(c) {
        GeneralCategory::Control
        | GeneralCategory::Format
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator
        | GeneralCategory::PrivateUse
        | GeneralCategory::Surrogate
        | GeneralCategory::Unassigned => true,
        GeneralCategory::SpaceSeparator => !TYPED_SPACES.contains(&c),
        _ => {
            BLANKS.contains(&c) || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        }
    }
}

/// Returns `text` with each hidden character as its code: `\u{202e}`.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    replaced(text, is_hidden, |c, out| out.extend(c.escape_unicode()))
}

/// Returns text for a terminal: control characters, and characters that are invisible or change the
/// text direction, are shown as their code.
#[must_use]
pub fn terminal_text(text: &str) -> String {
    visible(text).into_owned()
}

/// Returns a value as indented JSON, with each hidden character as `\uXXXX`, or two of them (a
/// surrogate pair) above U+FFFF. Parsing it returns the same value.
///
/// # Errors
/// An error for values that JSON cannot represent, such as maps whose keys are not text.
pub fn json_text(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let json = serde_json::to_string_pretty(value)?;
    let escaped = match visible_json(&json) {
        Cow::Owned(escaped) => Some(escaped),
        Cow::Borrowed(_) => None,
    };
    Ok(escaped.unwrap_or(json))
}

/// Returns JSON with each hidden character as `\uXXXX`, or two of them (a surrogate pair) above
/// U+FFFF. Parsing it returns the same value.
#[must_use]
pub fn visible_json(json: &str) -> Cow<'_, str> {
    // Outside of strings JSON has no such character but line feeds, which stay; within them the
    // writer has escaped those.
    let hidden = |c: char| c != '\n' && is_hidden(c);
    replaced(json, hidden, |c, out| {
        for unit in c.encode_utf16(&mut [0; 2]) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    })
}

/// Returns cell text for a message, at most 60 characters, with control, invisible, and direction
/// characters as their code.
#[must_use]
pub fn quote_cell(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    let dots = if text.chars().count() > 60 { "…" } else { "" };
    // The standard library's escapes are short for the usual ones (`\n`); it leaves fillers and
    // variation selectors.
    let escaped = short.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'");
    format!("`{}{dots}`", visible(&escaped))
}

/// `text` with what `write` makes of each character that `is` names; the text itself if there is
/// none.
fn replaced(
    text: &str,
    is: impl Fn(char) -> bool,
    write: impl Fn(char, &mut String),
) -> Cow<'_, str> {
    let Some(first) = text.find(&is) else { return Cow::Borrowed(text) };
    let (before, rest) = text.split_at(first);
    let mut out = before.to_owned();
    for c in rest.chars() {
        if is(c) {
            write(c, &mut out);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::ops::RangeInclusive;

    use proptest::prelude::*;

    use super::*;

    /// What must not be seen raw. Sources: Unicode 16.0 and 17.0, `DerivedCoreProperties.txt`
    /// (`Default_Ignorable_Code_Point`), `PropList.txt` (`Bidi_Control`, `Noncharacter_Code_Point`,
    /// `White_Space`) and `UnicodeData.txt` (Cc, Cf, Zl, Zp, Co), with the blanks above.
    const HIDDEN: &[(RangeInclusive<char>, &str)] = &[
        ('\u{00}'..='\u{1f}', "C0 controls"),
        ('\u{7f}'..='\u{9f}', "DEL and C1 controls"),
        ('\u{ad}'..='\u{ad}', "soft hyphen"),
        ('\u{34f}'..='\u{34f}', "combining grapheme joiner"),
        ('\u{600}'..='\u{605}', "Arabic format characters"),
        ('\u{61c}'..='\u{61c}', "Arabic letter mark"),
        ('\u{6dd}'..='\u{6dd}', "Arabic end of ayah"),
        ('\u{70f}'..='\u{70f}', "Syriac abbreviation mark"),
        ('\u{890}'..='\u{891}', "Arabic pound and piastre marks above"),
        ('\u{8e2}'..='\u{8e2}', "Arabic disputed end of ayah"),
        ('\u{115f}'..='\u{1160}', "Hangul fillers"),
        ('\u{1680}'..='\u{1680}', "Ogham space"),
        ('\u{17b4}'..='\u{17b5}', "Khmer inherent vowels"),
        ('\u{180b}'..='\u{180f}', "Mongolian variation selectors and vowel separator"),
        ('\u{2000}'..='\u{200f}', "typographic spaces, joiners and marks of direction"),
        ('\u{2028}'..='\u{202f}', "separators, embeddings, narrow no-break space"),
        (
            '\u{205f}'..='\u{206f}',
            "mathematical space, word joiner, isolates, deprecated format characters",
        ),
        ('\u{2800}'..='\u{2800}', "Braille blank"),
        ('\u{3164}'..='\u{3164}', "Hangul filler"),
        ('\u{e000}'..='\u{f8ff}', "private use"),
        ('\u{fdd0}'..='\u{fdef}', "noncharacters"),
        ('\u{fe00}'..='\u{fe0f}', "variation selectors"),
        ('\u{feff}'..='\u{feff}', "byte order mark"),
        ('\u{ffa0}'..='\u{ffa0}', "halfwidth Hangul filler"),
        ('\u{fff0}'..='\u{fff8}', "reserved, ignorable"),
        ('\u{fff9}'..='\u{fffc}', "interlinear annotation, object replacement"),
        ('\u{fffe}'..='\u{ffff}', "noncharacters"),
        ('\u{110bd}'..='\u{110bd}', "Kaithi number sign"),
        ('\u{110cd}'..='\u{110cd}', "Kaithi number sign above"),
        ('\u{13430}'..='\u{1343f}', "Egyptian hieroglyph format controls"),
        ('\u{16fe4}'..='\u{16fe4}', "Khitan filler"),
        ('\u{1bca0}'..='\u{1bca3}', "shorthand format controls"),
        ('\u{1d159}'..='\u{1d159}', "null notehead"),
        ('\u{1d173}'..='\u{1d17a}', "musical format controls"),
        ('\u{1fffe}'..='\u{1ffff}', "noncharacters"),
        ('\u{2fffe}'..='\u{2ffff}', "noncharacters"),
        (
            '\u{e0000}'..='\u{e0fff}',
            "tags, variation selectors, and reserved code points next to them",
        ),
        ('\u{f0000}'..='\u{10ffff}', "private use and noncharacters"),
    ];

    /// Whether `c` is in [`HIDDEN`].
    fn is_listed(c: char) -> bool {
        HIDDEN.iter().any(|(range, _)| range.contains(&c))
    }

    #[test]
    fn everything_listed_is_hidden() {
        for (range, what) in HIDDEN {
            for c in range.clone() {
                assert!(is_hidden(c), "U+{:04X}, {what}", u32::from(c));
            }
        }
    }

    #[test]
    fn names_as_people_write_them_stay() {
        for name in [
            "plain, with punctuation: a/b_c-d.e (f) [g] {h} <i> #1 50 % $5 `q` \"r\" 's' ~^|\\",
            "Zürich São Paulo Łódź Đà Nẵng",
            "e\u{301} with a combining accent",
            "Москва Αθήνα თბილისი Երևան",
            "東京 大阪\u{3000}名古屋 서울 台北",
            "תל אביב القاهرة",
            "मुंबई ไทย ភ្នំពេញ",
            "no\u{a0}break",
            "🚀 🇨🇭 ☁ ⚙ € – … ×",
        ] {
            assert!(matches!(visible(name), Cow::Borrowed(_)), "{name}: {}", visible(name));
        }
    }

    /// Of assigned characters nothing is hidden but what the list above names: what else is hidden
    /// is unassigned.
    #[test]
    fn nothing_else_is_hidden_that_is_assigned() {
        let category = CodePointMapData::<GeneralCategory>::new();
        let assigned = |c: &char| category.get(*c) != GeneralCategory::Unassigned;
        let more: Vec<char> =
            ('\0'..=char::MAX).filter(|c| assigned(c) && is_hidden(*c) && !is_listed(*c)).collect();
        assert!(more.is_empty(), "{more:x?}");
    }

    #[test]
    fn the_code_takes_the_place() {
        assert_eq!(visible("a\u{1b}[31mb\u{7}"), r"a\u{1b}[31mb\u{7}");
        assert_eq!(visible("prod\u{200b}"), r"prod\u{200b}");
        assert_eq!(visible("\u{e0041}"), r"\u{e0041}");
        assert_eq!(visible("☁\u{fe0f} Prod 👩\u{200d}💻"), r"☁\u{fe0f} Prod 👩\u{200d}💻");
    }

    #[test]
    fn json_takes_the_code_in_utf_16() {
        let text = json_text(&["x\u{7f}\u{202e}\u{e0041}\n"]).expect("text");
        assert_eq!(text, "[\n  \"x\\u007f\\u202e\\udb40\\udc41\\n\"\n]");
        assert_eq!(json_text(&["Zürich 🚀"]).expect("text"), "[\n  \"Zürich 🚀\"\n]");
    }

    /// Every character that must not be seen raw, as a key and as a value: none is, and both are
    /// read back as they were.
    #[test]
    fn hidden_characters_are_written_by_their_code() {
        let all: String = HIDDEN.iter().flat_map(|(range, _)| range.clone()).collect();
        let value = BTreeMap::from([(all.as_str(), all.as_str())]);
        let text = json_text(&value).expect("text");
        assert!(!text.chars().any(|c| c != '\n' && is_listed(c)));
        let read: BTreeMap<String, String> = serde_json::from_str(&text).expect("JSON");
        assert_eq!(read, BTreeMap::from([(all.clone(), all)]));
    }

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

    proptest! {
        #[test]
        fn the_value_is_the_same(text in any::<Vec<char>>().prop_map(|all| all.into_iter().collect::<String>())) {
            let written = json_text(&[&text]).expect("text");
            prop_assert!(!written.chars().any(|c| c != '\n' && is_listed(c)), "{written:?}");
            prop_assert_eq!(serde_json::from_str::<[String; 1]>(&written).expect("JSON"), [text]);
        }

        /// Backslashes and quotes before a hidden character: what escapes what is not mixed up.
        #[test]
        fn escapes_do_not_run_together(text in "[\\\\\"nu\u{202e}\u{7f}\u{e0041}\n0-9]{0,16}") {
            let written = json_text(&[&text]).expect("text");
            prop_assert!(!written.chars().any(|c| c != '\n' && is_listed(c)), "{written:?}");
            prop_assert_eq!(serde_json::from_str::<[String; 1]>(&written).expect("JSON"), [text]);
        }
    }
}
