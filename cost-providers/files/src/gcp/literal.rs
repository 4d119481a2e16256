//! Nested values in one cell of text: JSON, as `TO_JSON_STRING` of `BigQuery` writes it, and Python's spelling of the same, as koku-nise
//! does (`[{'key': 'a', 'value': None}]`). Numbers stay text, so that no digit is lost.

/// A nested value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// `null`, `None`.
    Null,
    /// `true`, `True`.
    Bool(bool),
    /// A number as it is written.
    Number(String),
    /// Text, without its escapes.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// Keys and values in their order.
    Object(Vec<(String, Value)>),
}

/// How deep values may be nested. Google's columns need 4 (`project`, `labels`, one label, its value); more is no billing export.
const DEPTH: usize = 32;

impl Value {
    /// A value by its path of keys; of a key written twice the last counts, as in JSON libraries.
    pub(super) fn at(&self, path: &[String]) -> Option<&Self> {
        let Some((key, rest)) = path.split_first() else { return Some(self) };
        match self {
            Self::Object(pairs) => pairs.iter().rev().find(|(k, _)| k == key)?.1.at(rest),
            _ => None,
        }
    }

    /// A plain value as text, a nested one as JSON; `None` for null.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Null => None,
            Self::Text(text) => Some(text.clone()),
            other => Some(other.json()),
        }
    }

    fn json(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Number(digits) => digits.clone(),
            Self::Text(text) => quoted(text),
            Self::List(values) => {
                let values: Vec<String> = values.iter().map(Self::json).collect();
                format!("[{}]", values.join(","))
            }
            Self::Object(pairs) => {
                let pairs: Vec<String> = pairs.iter().map(|(k, v)| format!("{}:{}", quoted(k), v.json())).collect();
                format!("{{{}}}", pairs.join(","))
            }
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The value a cell holds; `None` if it holds none.
pub(super) fn parse(text: &str) -> Option<Value> {
    let mut parser = Parser { rest: text };
    let value = parser.value(DEPTH)?;
    parser.space();
    parser.rest.is_empty().then_some(value)
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    /// Whether `wanted` comes next; if so, goes past it.
    fn passes(&mut self, wanted: char) -> bool {
        self.space();
        let Some(rest) = self.rest.strip_prefix(wanted) else { return false };
        self.rest = rest;
        true
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        self.space();
        match self.rest.chars().next()? {
            '{' => self.object(depth),
            '[' => self.list(depth),
            '"' | '\'' => self.string().map(Value::Text),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        let mut pairs = Vec::new();
        self.next()?;
        if self.passes('}') {
            return Some(Value::Object(pairs));
        }
        loop {
            self.space();
            let key = self.string()?;
            if !self.passes(':') {
                return None;
            }
            pairs.push((key, self.value(depth)?));
            if self.passes('}') {
                return Some(Value::Object(pairs));
            }
            if !self.passes(',') {
                return None;
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        let mut values = Vec::new();
        self.next()?;
        if self.passes(']') {
            return Some(Value::List(values));
        }
        loop {
            values.push(self.value(depth)?);
            if self.passes(']') {
                return Some(Value::List(values));
            }
            if !self.passes(',') {
                return None;
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        let quote = self.next().filter(|q| ['"', '\''].contains(q))?;
        let mut out = String::new();
        loop {
            match self.next()? {
                c if c == quote => return Some(out),
                '\\' => out.push(self.escaped()?),
                c => out.push(c),
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        match self.next()? {
            'n' => Some('\n'),
            't' => Some('\t'),
            'r' => Some('\r'),
            'b' => Some('\u{8}'),
            'f' => Some('\u{c}'),
            'x' => char::from_u32(self.code(2)?),
            'U' => char::from_u32(self.code(8)?),
            'u' => {
                let high = self.code(4)?;
                if !(0xd800..0xdc00).contains(&high) {
                    return char::from_u32(high);
                }
                // The second half of a pair follows.
                self.rest = self.rest.strip_prefix("\\u")?;
                let low = self.code(4)?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
                char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + low)
            }
            c @ ('"' | '\'' | '\\' | '/') => Some(c),
            _ => None,
        }
    }

    fn code(&mut self, digits: usize) -> Option<u32> {
        let code = u32::from_str_radix(self.rest.get(..digits)?, 16).ok()?;
        self.rest = &self.rest[digits..];
        Some(code)
    }

    fn word(&mut self) -> Option<Value> {
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        match word {
            "null" | "None" => Some(Value::Null),
            "true" | "True" => Some(Value::Bool(true)),
            "false" | "False" => Some(Value::Bool(false)),
            _ => {
                let number = word.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
                (number && word.parse::<f64>().is_ok()).then(|| Value::Number(word.to_owned()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_one_value() {
        let json =
            r#" [{"type": "PROMOTION", "amount": -0.10, "name": "It\u0027s \ud83d\ude00", "id": null, "paid": true}] "#;
        let python = r#"[{'type': 'PROMOTION', 'amount': -0.10, 'name': "It's 😀", 'id': None, 'paid': True}]"#;
        let value = parse(json).expect("JSON");
        assert_eq!(parse(python).expect("Python"), value);
        let Value::List(values) = &value else { panic!("a list: {value:?}") };
        let at = |key: &str| values[0].at(&[key.to_owned()]).and_then(Value::text);
        assert_eq!(at("amount").expect("there"), "-0.10");
        assert_eq!(at("name").expect("there"), "It's 😀");
        assert_eq!((at("id"), at("paid")), (None, Some("true".to_owned())));
        assert_eq!(values[0].text().and_then(|t| parse(&t)).expect("JSON again"), values[0]);
    }

    #[test]
    fn what_is_no_value_is_refused() {
        for bad in
            ["", "[", "[1,]", "{'a' 1}", "{a: 1}", "'a", "[1] 2", "nan", "1x", "Decimal('1')", r"'\q'", r"'\ud800x'"]
        {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert_eq!(parse(&"[".repeat(100_000)), None, "nested too deep");
        assert!(parse("[]").is_some() && parse("{}").is_some() && parse("-1.5e-7").is_some());
    }
}
