//! How advice on tags is said in the words of the cloud of the resources.

use crate::cloud::{Provider, Tagging};
use crate::opportunity::Draft;

/// A subject of a provider. That of AWS is named by itself, so that a name stands for one cloud's.
pub(super) fn on(provider: Provider, subject: &str) -> String {
    match provider {
        Provider::Aws => subject.to_owned(),
        other => format!("{subject} on {}", other.title()),
    }
}

/// With the steps and commands that tag resources, and those that take the tag off again if nothing
/// was there before.
pub(super) fn tagged(draft: Draft, tagging: Tagging, is_new: bool) -> Draft {
    let steps: Vec<&str> = tagging.steps.iter().map(String::as_str).collect();
    draft
        .rollout(&steps)
        .run(tagging.put.unwrap_or_default())
        .undo(tagging.take_off.filter(|_| is_new).unwrap_or_default())
        .terraform(tagging.terraform)
}
