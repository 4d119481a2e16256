//! Quoting for the shell.

use crate::text::is_hidden;

/// Returns a word of bash or zsh that stands for exactly `text`, because names and IDs can contain
/// any character. It is on one line and contains no invisible characters: these are written as
/// their UTF-8 bytes, which do not depend on the locale. Text that starts with a dash is quoted, so
/// that scripts can be searched for values that look like options.
#[must_use]
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '@' | '=' | ',')
    };
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        return text.to_owned();
    }
    if !text.chars().any(is_hidden) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut quoted = "$'".to_owned();
    for c in text.chars() {
        match c {
            '\'' | '\\' => quoted.extend(['\\', c]),
            c if is_hidden(c) => {
                for byte in c.to_string().bytes() {
                    quoted.push_str(&format!("\\x{byte:02x}"));
                }
            }
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

/// Returns the text of a script line outside of quotes: the program's own words, and names that
/// need no quotes.
pub(crate) fn unquoted(line: &str) -> String {
    let (mut out, mut quote, mut is_ansi) = (String::new(), None, false);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            // A backslash is plain text in single quotes only.
            (None | Some('"'), '\\') => drop(chars.next()),
            (Some('\''), '\\') if is_ansi => drop(chars.next()),
            (None, '$') if chars.peek() == Some(&'\'') => is_ansi = true,
            (None, '\'' | '"') => quote = Some(c),
            (None, _) => out.push(c),
            (Some(end), _) if end == c => (quote, is_ansi) = (None, false),
            (Some(_), _) => {}
        }
    }
    out
}

/// Returns the text of a script that the shell expands: all but what is in single quotes. In double
/// quotes, single quotes are plain text, and `$(…)` starts anew with quotes of its own.
#[cfg(test)]
pub(crate) fn expanded(script: &str) -> String {
    let mut out = String::new();
    // The contexts around the current one: `"`, or the bracket that ends `$(…)` and `${…}`.
    let mut within: Vec<char> = Vec::new();
    let mut chars = script.chars().peekable();
    while let Some(c) = chars.next() {
        // The words of a parameter in double quotes are in double quotes, too.
        let quoted = within.iter().rev().find(|end| **end != '}') == Some(&'"');
        match c {
            '\\' => drop(chars.next()),
            '\'' if !quoted => {
                let is_ansi = out.ends_with('$');
                while let Some(inner) = chars.next().filter(|inner| *inner != '\'') {
                    if is_ansi && inner == '\\' {
                        chars.next();
                    }
                }
            }
            '"' if within.last() == Some(&'"') => drop(within.pop()),
            '"' => within.push('"'),
            '(' if within.last() == Some(&')') => {
                within.push(')');
                out.push(c);
            }
            '$' if matches!(chars.peek(), Some('(' | '{')) => {
                out.push(c);
                if let Some(open) = chars.next() {
                    out.push(open);
                    within.push(if open == '(' { ')' } else { '}' });
                }
            }
            c if within.last() == Some(&c) => {
                within.pop();
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_quotes_is_not_of_the_program() {
        for name in ["a; save file://b", "it's file://b", "a\nfile://\\'b", "\\file://b\" save", ""]
        {
            let line = format!("aws x --name {} --in file://c.json", shell_word(name));
            assert_eq!(unquoted(&line), "aws x --name  --in file://c.json", "{line}");
        }
        assert_eq!(unquoted(r#"echo "a \" file://b" c"#), "echo  c");
    }

    #[test]
    fn a_word_in_single_quotes_is_expanded_in_double_quotes() {
        let name = shell_word("a$(x)b");
        for safe in [
            format!("aws x --name {name}"),
            format!("echo \"it is \"{name}\" now\""),
            format!("echo \"$(aws x --name {name})\""),
            format!("[ \"$((1 + $(aws x {name})))\" = 1 ]"),
            format!("echo \"${{A:-$(aws {name})}}\""),
            format!("echo \\\"{name}"),
            "aws x --name $'\\x0a it\\'s $(x)'".to_owned(),
            "echo \\$\\(x\\)".to_owned(),
        ] {
            assert!(!expanded(&safe).contains("$(x)"), "{safe}: {}", expanded(&safe));
        }
        for faulty in [
            format!("echo \"it is {name}\""),
            format!("cp kubeconfig \"$PWD/{name}\""),
            format!("echo \"${{A:-{name}}}\""),
            format!("echo \"$(aws x \"{name}\")\""),
            "echo a$(x)b".to_owned(),
            "echo \"it's a$(x)b\"".to_owned(),
        ] {
            assert!(expanded(&faulty).contains("$(x)"), "{faulty}: {}", expanded(&faulty));
        }
    }

    #[test]
    fn nothing_of_a_name_reaches_the_shell() {
        assert_eq!(shell_word("vol-0123"), "vol-0123");
        assert_eq!(shell_word("a; rm -rf /"), "'a; rm -rf /'");
        assert_eq!(shell_word("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(shell_word(""), "''");
        assert_eq!(shell_word("-a"), "'-a'");
        assert_eq!(shell_word("a\nrm -rf '\\"), r"$'a\x0arm -rf \'\\'");
        assert_eq!(shell_word("a\u{200b}b\u{85}"), r"$'a\xe2\x80\x8bb\xc2\x85'");
    }
}
