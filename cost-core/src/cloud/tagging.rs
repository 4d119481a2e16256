//! [`Tagging`]: how to tag the resources of a cloud.

use crate::shell::shell_word;

/// Tag to add to resources.
#[derive(Clone, Copy, Debug)]
pub struct Tag<'a> {
    /// Tag key.
    pub key: &'a str,
    /// Tag value; `None` if someone must choose a value for each resource.
    pub value: Option<&'a str>,
}

impl Tag<'_> {
    /// For people: the key, and the value if it is chosen.
    pub(super) fn name(self) -> String {
        match self.value {
            None => format!("`{}`", self.key),
            Some(value) => format!("`{}` to `{value}`", self.key),
        }
    }

    /// `key=value` as one word of a shell. A value that is not chosen yet is the variable `VALUE`.
    pub(super) fn shell_word(self) -> String {
        match self.value {
            Some(value) => shell_word(&format!("{}={value}", self.key)),
            None => format!("{}\"$VALUE\"", shell_word(&format!("{}=", self.key))),
        }
    }
}

/// How to tag existing and future resources of a cloud: the parts of a runbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tagging {
    /// What to do before the first resource, so that bills show the tag.
    pub first: &'static str,
    /// Steps in order: manual steps if no single command tags any resource, and steps for future
    /// resources.
    pub steps: Vec<String>,
    /// Lines that tag the resource in the variable `RESOURCE`, with the value in `VALUE` if none is
    /// chosen; `None` if there is no command for all services.
    pub put: Option<String>,
    /// Lines that remove the tag from it.
    pub take_off: Option<String>,
    /// Lines that save the value of the tag before it is changed, and lines that restore it. `None` if
    /// no command is known.
    pub old: Option<(String, String)>,
    /// Location of the tag in Terraform.
    pub terraform: String,
}

impl Tagging {
    /// Returns the steps for an unknown cloud.
    pub(super) fn by_hand(tag: Tag<'_>) -> Self {
        Self {
            first: "check with a tagged resource that the provider's bill shows the tag",
            steps: vec![format!(
                "set {} on each resource, in the provider's console or with its command line",
                tag.name()
            )],
            put: None,
            take_off: None,
            old: None,
            terraform: "the tag on each resource, from one local".to_owned(),
        }
    }
}
