//! [`Tagging`]: how a tag gets on the resources of a cloud.

use crate::shell::shell_word;

/// A tag that resources are to have.
#[derive(Clone, Copy, Debug)]
pub struct Tag<'a> {
    /// Its key.
    pub key: &'a str,
    /// Its value; `None` if each resource gets its own, which somebody has to choose.
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

    /// `key=value` as one word of a shell, with `VALUE` for a value that is not chosen yet.
    pub(super) fn shell_word(self) -> String {
        shell_word(&format!("{}={}", self.key, self.value.unwrap_or("VALUE")))
    }
}

/// How a tag gets on the resources of a cloud that are there, and on those to come: the parts of a
/// runbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tagging {
    /// What to see to before the first resource, so that bills show the tag.
    pub first: &'static str,
    /// What to do, in order: by hand where no one command tags any resource, and for resources to
    /// come.
    pub steps: Vec<String>,
    /// The command that puts the tag on a resource; `None` if there is no one for all services.
    pub put: Option<String>,
    /// The command that takes it off again.
    pub take_off: Option<String>,
    /// Where Terraform has it.
    pub terraform: String,
}

impl Tagging {
    /// For a cloud of which nothing is known.
    pub(super) fn by_hand(tag: Tag<'_>) -> Self {
        Self {
            first: "check with a tagged resource that the provider's bill shows the tag",
            steps: vec![format!(
                "set {} on each resource, in the provider's console or with its command line",
                tag.name()
            )],
            put: None,
            take_off: None,
            terraform: "the tag on each resource, from one local".to_owned(),
        }
    }
}
