//! Parser of text to a value.

use super::Value;

/// Largest nesting depth of values. Google's columns need 4 (`project`, `labels`, one label, its
/// value); deeper text is not a bill.
const DEPTH: usize = 32;

/// Parses a value in JSON or in Python's notation of it, as koku-nise writes it (`[{'key': 'a',
/// 'value': None}]`); `None` for other text.
///
/// ```
/// use cost_core::focus::written::literal;
///
/// let value = literal("{'team': 'web', 'n': None}").expect("a dictionary");
/// assert_eq!(value.json(), r#"{"team":"web","n":null}"#);
/// assert_eq!(value.at(&["team".to_owned()]).and_then(|v| v.text()).as_deref(), Some("web"));
/// ```
#[must_use]
pub fn literal(text: &str) -> Option<Value> {
    Reader { rest: text, loose: false, tuples: 0 }.read_all(|reader| reader.value(DEPTH))
}

/// Parses a value in any of the forms.
pub(super) fn loose(text: &str) -> Option<Value> {
    Reader { rest: text, loose: true, tuples: 0 }.read_all(|reader| reader.value(DEPTH))
}

/// Parses pairs without braces around them, in any of the forms.
pub(super) fn members(text: &str) -> Option<Value> {
    Reader { rest: text, loose: true, tuples: 0 }.read_all(|reader| reader.members(None, DEPTH))
}

/// Removes the escapes of quote signs and backslashes from a text.
pub(super) fn unescaped(text: &str) -> Option<String> {
    let mut reader = Reader { rest: text, loose: true, tuples: 0 };
    let mut out = String::new();
    while let Some(c) = reader.next() {
        out.push(if c == '\\' { reader.escaped()? } else { c });
    }
    Some(out)
}

/// Returns where the key of an unquoted pair ends: at its equals sign, or else at its colon.
///
/// Keys can contain colons (`aws:createdBy=me`), and values equals signs (`url: https://a.b/?c=d`).
pub(super) fn key_end(text: &str) -> Option<usize> {
    let pair = &text[..text.find([',', ';', '|', '}', '\n']).unwrap_or(text.len())];
    match (pair.find(':'), pair.find('=')) {
        (Some(colon), Some(equals)) if colon < equals => {
            let between = &pair[colon + 1..equals];
            let is_value = between.starts_with(char::is_whitespace)
                || between.contains("//")
                || between.contains('?');
            Some(if is_value { colon } else { equals })
        }
        (colon, equals) => equals.or(colon),
    }
}

struct Reader<'a> {
    rest: &'a str,
    /// Whether all forms are accepted, or only JSON and Python.
    loose: bool,
    /// Number of open lists in parentheses.
    tuples: usize,
}

/// Words for null in the loose forms.
const NOTHING: [&str; 4] = ["null", "None", "NULL", "nil"];

impl Reader<'_> {
    /// Returns the result of `read` if no other text follows.
    fn read_all(mut self, read: impl FnOnce(&mut Self) -> Option<Value>) -> Option<Value> {
        let value = read(&mut self)?;
        self.blanks();
        self.rest.is_empty().then_some(value)
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    /// Returns whether `wanted` comes next, and skips it if so.
    fn passes(&mut self, wanted: char) -> bool {
        self.blanks();
        let Some(rest) = self.rest.strip_prefix(wanted) else { return false };
        self.rest = rest;
        true
    }

    fn passes_one_of(&mut self, wanted: &[char]) -> bool {
        wanted.iter().any(|c| self.passes(*c))
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        if self.passes('{') {
            return self.members(Some('}'), depth);
        }
        if self.passes('[') {
            return self.list(']', depth);
        }
        if let Some(quote) = self.opening() {
            self.quoted(quote).map(Value::Text)
        } else {
            self.word()
        }
    }

    /// Parses pairs up to `end`, or to the end of the text.
    fn members(&mut self, end: Option<char>, depth: usize) -> Option<Value> {
        let mut pairs = Vec::new();
        let mut goes_on = self.loose;
        loop {
            if self.is_over(end) {
                return (goes_on || pairs.is_empty()).then_some(Value::Object(pairs));
            }
            let key = self.key()?;
            if !self.passes_sign() {
                return None;
            }
            pairs.push((key, self.value(depth)?));
            let is_line =
                self.loose && self.rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n');
            goes_on = self.loose;
            if !self.passes_one_of(if self.loose { &[',', ';', '|'] } else { &[','] }) && !is_line {
                return self.is_over(end).then_some(Value::Object(pairs));
            }
        }
    }

    /// Returns whether the separator of key and value comes next (`:`, `=`, `=>`), and skips it if
    /// so.
    fn passes_sign(&mut self) -> bool {
        if self.passes(':') {
            return true;
        }
        let is_there = self.loose && self.passes('=');
        if is_there {
            self.rest = self.rest.strip_prefix('>').unwrap_or(self.rest);
        }
        is_there
    }

    fn is_over(&mut self, end: Option<char>) -> bool {
        self.blanks();
        end.map_or(self.rest.is_empty(), |end| self.passes(end))
    }

    /// Parses values up to `end`. In the loose forms, the values of a list may be lists in
    /// parentheses.
    fn list(&mut self, end: char, depth: usize) -> Option<Value> {
        let mut values = Vec::new();
        if self.passes(end) {
            return Some(Value::List(values));
        }
        loop {
            let is_tuple = self.loose && self.passes('(');
            values.push(if is_tuple { self.tuple(depth)? } else { self.value(depth)? });
            if self.passes(end) {
                return Some(Value::List(values));
            }
            if !self.passes(',') {
                return None;
            }
            if self.loose && self.passes(end) {
                return Some(Value::List(values));
            }
        }
    }

    fn tuple(&mut self, depth: usize) -> Option<Value> {
        self.tuples += 1;
        let list = self.list(')', depth.checked_sub(1)?)?;
        self.tuples -= 1;
        Some(list)
    }

    fn key(&mut self) -> Option<String> {
        self.blanks();
        if let Some(quote) = self.opening() {
            return self.quoted(quote);
        }
        let end = key_end(self.rest).filter(|_| self.loose)?;
        let (key, rest) = self.rest.split_at(end);
        self.rest = rest;
        let key = key.trim();
        (!key.is_empty()).then(|| key.to_owned())
    }

    /// Returns the next quote sign, if there is one. A Python prefix letter before it (`u'team'`)
    /// is skipped.
    fn opening(&mut self) -> Option<char> {
        let is_quote = |c: &char| ['"', '\''].contains(c);
        let bare = self
            .rest
            .strip_prefix(['u', 'U', 'b', 'B'])
            .filter(|rest| rest.starts_with(['"', '\'']));
        self.rest = bare.unwrap_or(self.rest);
        self.rest.chars().next().filter(is_quote)
    }

    /// Parses quoted text.
    fn quoted(&mut self, quote: char) -> Option<String> {
        self.next()?;
        // Quote signs that another tool doubled: `""team""`.
        let ends = |rest: &str| {
            let after = rest.trim_start();
            after.is_empty() || after.starts_with([',', ':', ';', '=', '|', '}', ']', ')'])
        };
        let is_doubled =
            self.loose && self.rest.strip_prefix(quote).is_some_and(|rest| !ends(rest));
        if is_doubled {
            self.next()?;
        }
        let mut out = String::new();
        loop {
            let at = self.rest.find([quote, '\\'])?;
            out.push_str(&self.rest[..at]);
            self.rest = &self.rest[at..];
            if self.next()? == '\\' {
                out.push(self.escaped()?);
                continue;
            }
            let is_second = self.loose && self.rest.starts_with(quote);
            if is_second {
                self.next()?;
            }
            if is_doubled == is_second {
                return Some(out);
            }
            // A single quote sign in doubled text; or a doubled one, which stands for one:
            // `'it''s'`.
            out.push(quote);
        }
    }

    fn escaped(&mut self) -> Option<char> {
        match self.next()? {
            'n' => Some('\n'),
            't' => Some('\t'),
            'r' => Some('\r'),
            'b' => Some('\u{8}'),
            'f' => Some('\u{c}'),
            'x' => self.or_unknown(|reader| char::from_u32(reader.code(2)?)),
            'U' => self.or_unknown(|reader| char::from_u32(reader.code(8)?)),
            'u' => self.or_unknown(Self::utf16),
            c @ ('"' | '\'' | '\\' | '/') => Some(c),
            c => self.loose.then_some(c),
        }
    }

    /// Returns a character by its code; in the loose forms the replacement character for an invalid
    /// code.
    fn or_unknown(&mut self, read: impl FnOnce(&mut Self) -> Option<char>) -> Option<char> {
        read(self).or(self.loose.then_some(char::REPLACEMENT_CHARACTER))
    }

    fn utf16(&mut self) -> Option<char> {
        let high = self.code(4)?;
        if !(0xd800..0xdc00).contains(&high) {
            return char::from_u32(high);
        }
        // The second half of a surrogate pair follows.
        self.rest = self.rest.strip_prefix("\\u")?;
        let low = self.code(4)?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
        char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + low)
    }

    fn code(&mut self, digits: usize) -> Option<u32> {
        let code = u32::from_str_radix(self.rest.get(..digits)?, 16).ok()?;
        self.rest = &self.rest[digits..];
        Some(code)
    }

    /// Parses unquoted text: a number or a word; in the loose forms any text.
    fn word(&mut self) -> Option<Value> {
        let end =
            if self.loose { bare_end(self.rest, self.tuples > 0) } else { literal_end(self.rest) };
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        let word = word.trim_end();
        match word {
            "null" | "None" => return Some(Value::Null),
            "true" => return Some(Value::Bool(true)),
            "false" => return Some(Value::Bool(false)),
            "True" | "False" if !self.loose => return Some(Value::Bool(word == "True")),
            nothing if self.loose && NOTHING.contains(&nothing) => return Some(Value::Null),
            _ => {}
        }
        let is_number = word.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b))
            && word.parse::<f64>().is_ok();
        if is_number && (!self.loose || is_json_number(word)) {
            return Some(Value::Number(word.to_owned()));
        }
        self.loose.then(|| Value::Text(word.to_owned()))
    }
}

/// Returns whether a number is valid in JSON. `007` is not, so it is text.
fn is_json_number(word: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(word).is_ok()
}

fn literal_end(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c)).unwrap_or(text.len())
}

/// Returns where unquoted text ends: at the end of a pair, or before a bar that another pair
/// follows.
fn bare_end(text: &str, in_tuple: bool) -> usize {
    let ends = |c: char| [',', ';', '}', ']', '\n'].contains(&c) || (in_tuple && c == ')');
    let end = text.find(ends).unwrap_or(text.len());
    let text = &text[..end];
    let starts_pair = |at: &usize| key_end(&text[at + 1..]).is_some_and(|key| key > 0);
    text.match_indices('|').map(|(at, _)| at).find(starts_pair).unwrap_or(end)
}

#[cfg(test)]
mod tests;
