//! Roll-outs of one resource: an opportunity names the resource that changes, so that there is no
//! other one to start with.

use crate::opportunity::Draft;

/// Adds the steps of a removal: `notice` shows before it whether someone still needs the resource,
/// and `script` is what the script does.
pub(in crate::checks) fn removal(draft: Draft, notice: &str, script: &str) -> Draft {
    draft.rollout(&[&format!("ask the owner; {notice}"), &format!("run the script: it {script}")])
}

/// Adds the steps of a change that can be tested on a like resource, such as a `cluster` in staging.
pub(in crate::checks) fn tested(draft: Draft, resource: &str) -> Draft {
    draft.rollout(&[
        &format!("make the same change on a {resource} in staging, if there is one"),
        &format!("run the script for this {resource} outside busy hours"),
    ])
}

/// Adds the steps of a schedule that stops a resource.
pub(in crate::checks) fn schedule(draft: Draft) -> Draft {
    draft.rollout(&[
        "agree on the hours with the people who use it, and show them how to start it by hand",
        "run the script on a workday, and check on the next morning that it has started",
        "ask the same people after two weeks, and adjust the hours",
    ])
}
