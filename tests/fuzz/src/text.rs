//! Sheets as text: separators, quotes, encodings, line ends, titles. All variants have the same
//! content.

use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use crate::bill::{AMOUNTS, Sheet};

/// Text style of a sheet.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    separator: char,
    end: &'static str,
    quote: Quote,
    decimal_comma: bool,
    before: &'static str,
    null: &'static str,
    encoding: Encoding,
    spelling: Spelling,
    repeats_header: bool,
    after: &'static str,
}

#[derive(Clone, Copy, Debug)]
enum Quote {
    Needed,
    All,
    Some,
}

#[derive(Clone, Copy, Debug)]
enum Encoding {
    Utf8,
    Utf8Mark,
    Utf16Le,
    Utf16Be,
    Utf16LeNoMark,
}

#[derive(Clone, Copy, Debug)]
enum Spelling {
    AsIs,
    Lower,
    Snake,
    Blanks,
}

fn any<T: Copy>(rng: &mut ChaCha8Rng, all: &[T], first: T) -> T {
    // Half of all files have the most common style.
    if rng.random_bool(0.5) { first } else { all.choose(rng).copied().unwrap_or(first) }
}

impl Style {
    /// Comma-separated UTF-8.
    pub(crate) const PLAIN: Self = Self {
        separator: ',',
        end: "\n",
        quote: Quote::Needed,
        decimal_comma: false,
        before: "",
        null: "",
        encoding: Encoding::Utf8,
        spelling: Spelling::AsIs,
        repeats_header: false,
        after: "",
    };

    pub(crate) fn any(rng: &mut ChaCha8Rng) -> Self {
        let separator = any(rng, &[',', ';', '\t', '|'], ',');
        let end = any(rng, &["\n", "\r\n"], "\n");
        let separator_line = match separator {
            ';' => "sep=;\n",
            '\t' => "sep=\t\n",
            _ => "",
        };
        Self {
            separator,
            end,
            quote: any(rng, &[Quote::Needed, Quote::All, Quote::Some], Quote::Needed),
            decimal_comma: separator != ',' && rng.random_bool(0.3),
            before: any(rng, &["", "Cost of May 2026\n", "\n", separator_line], ""),
            null: any(rng, &["", "NULL"], ""),
            encoding: any(
                rng,
                &[
                    Encoding::Utf8,
                    Encoding::Utf8Mark,
                    Encoding::Utf16Le,
                    Encoding::Utf16Be,
                    Encoding::Utf16LeNoMark,
                ],
                Encoding::Utf8,
            ),
            spelling: any(
                rng,
                &[Spelling::AsIs, Spelling::Lower, Spelling::Snake, Spelling::Blanks],
                Spelling::AsIs,
            ),
            repeats_header: rng.random_bool(0.1),
            after: any(rng, &["", "\n", "\n\n\r\n"], ""),
        }
    }
}

/// Writes a header such as `BilledCost` in another spelling.
fn spelled(name: &str, spelling: Spelling) -> String {
    let apart = |between: char| {
        let mut out = String::new();
        for (at, c) in name.char_indices() {
            if at > 0 && c.is_ascii_uppercase() {
                out.push(between);
            }
            out.push(c);
        }
        out
    };
    match spelling {
        _ if name.contains('_') => name.to_owned(),
        Spelling::AsIs => name.to_owned(),
        Spelling::Lower => name.to_ascii_lowercase(),
        Spelling::Snake => apart('_').to_ascii_lowercase(),
        Spelling::Blanks => apart(' '),
    }
}

/// Writes the sheet in a style.
pub(crate) fn write(sheet: &Sheet, style: &Style, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut sheet = sheet.clone();
    if style.decimal_comma {
        // Twelve decimal places are unambiguous.
        sheet.each(&AMOUNTS, |cell| {
            let plain = cell.strip_suffix("e0").unwrap_or(cell);
            let (whole, places) = plain.split_once('.').unwrap_or((plain, ""));
            *cell = format!("{whole},{places:0<14}");
        });
    }
    let cell = |cell: &str, rng: &mut ChaCha8Rng| {
        let text = if cell.is_empty() { style.null } else { cell };
        let needed = text.contains(['"', '\n', '\r', style.separator]);
        let quoted = match style.quote {
            Quote::Needed => needed,
            Quote::All => true,
            Quote::Some => needed || rng.random_bool(0.3),
        };
        if quoted { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
    };
    let mut line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|c| cell(c, rng)).collect();
        cells.join(&style.separator.to_string()) + style.end
    };
    let header: Vec<String> = sheet.header.iter().map(|h| spelled(h, style.spelling)).collect();
    let mut text = style.before.to_owned();
    text.push_str(&line(&header));
    for (at, row) in sheet.rows.iter().enumerate() {
        if style.repeats_header && at == sheet.rows.len() / 2 {
            text.push_str(&line(&header));
        }
        text.push_str(&line(row));
    }
    text.push_str(style.after);
    match style.encoding {
        Encoding::Utf8 => text.into_bytes(),
        Encoding::Utf8Mark => format!("\u{feff}{text}").into_bytes(),
        Encoding::Utf16Le => {
            format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
        }
        Encoding::Utf16Be => {
            format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect()
        }
        Encoding::Utf16LeNoMark => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    }
}
