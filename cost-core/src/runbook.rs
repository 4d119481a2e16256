//! How an opportunity is carried out: lines to review and run by hand. The tool itself never changes anything.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Steps and commands of one opportunity. What to test first, and the way back in words, are in its trade-off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Runbook {
    /// In which order, staging first, then gradually.
    pub rollout: Vec<String>,
    /// AWS CLI lines to review and run; what they name is quoted for a POSIX shell.
    pub commands: Vec<String>,
    /// What to watch meanwhile, and when to stop.
    pub watch: Vec<String>,
    /// AWS CLI lines of the way back.
    pub rollback_commands: Vec<String>,
    /// What to change in Terraform instead, so that it does not undo it.
    pub terraform: Vec<String>,
}

/// A word of a POSIX shell that stands for `text` and nothing else: names and ids can hold anything.
#[must_use]
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '@' | '=' | ',');
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_name_reaches_the_shell() {
        assert_eq!(shell_word("vol-0123"), "vol-0123");
        assert_eq!(shell_word("a; rm -rf /"), "'a; rm -rf /'");
        assert_eq!(shell_word("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(shell_word(""), "''");
    }
}
