//! Text of a receiver's answer, for the person who must mend what it refused.

use cost_core::text::terminal_text;

/// Most bytes of an answer that are read. Chosen: a reason is shorter.
pub(crate) const MOST_BYTES: u64 = 1_024;
/// Most characters of it that are stored and shown. Chosen: one or two lines of a terminal.
const MOST_CHARS: usize = 200;
/// Length of a part of a secret that an answer must not repeat, in characters. Chosen: a shorter
/// part of a random token is of no use, and longer words than this are rare by chance.
const PART_CHARS: usize = 8;
/// Words in addresses that are no secret: those of Slack (`hooks.slack.com/services/…`) and of
/// Power Automate workflows (`…/workflows/…/triggers/manual/paths/invoke?api-version=…`).
const PUBLIC: [&str; 9] = [
    "services",
    "webhook",
    "webhooks",
    "workflows",
    "triggers",
    "manual",
    "paths",
    "invoke",
    "api-version",
];

/// Returns `: ` and the answer as one escaped line, cut to 200 characters; an empty text if there is
/// none. An answer that repeats a part of a secret is not shown.
pub(crate) fn said(answer: &[u8], secrets: &[&str]) -> String {
    let text = String::from_utf8_lossy(answer);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return String::new();
    }
    if secrets.iter().any(|secret| repeats(&line, secret)) {
        return " (its text repeats a secret, and is not shown)".to_owned();
    }
    let mut start: String = line.chars().take(MOST_CHARS).collect();
    if start.len() < line.len() {
        start.push('…');
    }
    format!(": {}", terminal_text(&start))
}

/// Returns the secret parts of an address: a login, and what follows the host.
pub(crate) fn secret_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let login = authority.rsplit_once('@').map(|(login, _)| login).unwrap_or_default();
    format!("{login}{path}")
}

/// Returns whether a text contains [`PART_CHARS`] characters of a part of a secret, or a shorter part
/// of at least half of that.
fn repeats(text: &str, secret: &str) -> bool {
    let text = text.to_lowercase();
    let secret = secret.to_lowercase();
    let parts = secret.split(|c: char| c.is_whitespace() || "/?&=#@:%\0".contains(c));
    parts.filter(|part| !PUBLIC.contains(part)).any(|part| {
        let chars: Vec<char> = part.chars().collect();
        chars.len() >= PART_CHARS / 2
            && chars
                .windows(PART_CHARS.min(chars.len()))
                .any(|window| text.contains(&window.iter().collect::<String>()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_one_short_escaped_line() {
        assert_eq!(said(b"", &[]), "");
        assert_eq!(said(b" \r\n\t", &[]), "");
        assert_eq!(
            said(b"{\n  \"error\": \"no channel\"\n}\n", &[]),
            r#": { "error": "no channel" }"#
        );
        assert_eq!(said(b"a\x1b[31mred", &[]), r": a\u{1b}[31mred");
        let long = said("ä".repeat(500).as_bytes(), &[]);
        assert_eq!(long, format!(": {}…", "ä".repeat(200)));
        assert_eq!(said(b"caf\xc3", &[]), ": caf\u{fffd}");
    }

    #[test]
    fn an_answer_that_repeats_a_secret_is_not_shown() {
        let url =
            "https://user:pa55word@hooks.example.com/services/T012/B345/x9YzAbCdEfGh?sig=Q-w_e";
        let secret = secret_of(url);
        let hidden = " (its text repeats a secret, and is not shown)";
        for text in [
            "no such path: /services/T012/B345/x9YzAbCdEfGh",
            "token x9yzabcd… is revoked",
            "team T012 is archived",
            "user PA55WORD",
            "sig Q-w_e is wrong",
            "<a href=\"#x9Yz\">zAbCdEfGh</a>",
        ] {
            assert_eq!(said(text.as_bytes(), &[&secret]), hidden, "{text}");
        }
        for text in ["invalid_payload", "hooks.example.com has no services", "error 400 in x9Y"] {
            assert_eq!(said(text.as_bytes(), &[&secret]), format!(": {text}"), "{text}");
        }
        assert_eq!(said(b"v1,g0hM9SsE+OTPJTGt", &["v1,g0hM9SsE+OTPJTGt="]), hidden);
    }
}
