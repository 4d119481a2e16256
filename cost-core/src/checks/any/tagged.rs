//! Steps for tag changes in the terms of each cloud.

use crate::cloud::{Provider, Tagging};
use crate::opportunity::Draft;

/// Returns a subject with its provider, such as `Storage on Azure`. AWS is not named, so that each
/// subject stands for one cloud.
pub(super) fn on(provider: Provider, subject: &str) -> String {
    match provider {
        Provider::Aws => subject.to_owned(),
        other => format!("{subject} on {}", other.title()),
    }
}

/// Adds the steps and commands that tag resources. For a new tag it also adds the commands that
/// remove the tag.
pub(super) fn tagged(draft: Draft, tagging: Tagging, is_new: bool) -> Draft {
    let steps: Vec<&str> = tagging.steps.iter().map(String::as_str).collect();
    draft
        .rollout(&steps)
        .run(tagging.put.unwrap_or_default())
        .undo(tagging.take_off.filter(|_| is_new).unwrap_or_default())
        .terraform(tagging.terraform)
}
