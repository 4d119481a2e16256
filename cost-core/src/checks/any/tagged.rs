//! Steps for tag changes in the terms of each cloud.

use std::collections::BTreeMap;

use crate::check::{CheckError, Context, ResourceUse};
use crate::cloud::{Provider, Tagging, account_of_id};
use crate::money::Money;
use crate::opportunity::Draft;
use crate::runbook::shell_word;

/// The most resources that a script names. Chosen: as many as one can check by eye.
const MOST: usize = 20;

/// Returns a subject with its provider, such as `Storage on Azure`. AWS is not named, so that each
/// subject stands for one cloud.
pub(super) fn on(provider: Provider, subject: &str) -> String {
    match provider {
        Provider::Aws => subject.to_owned(),
        other => format!("{subject} on {}", other.title()),
    }
}

/// Returns the IDs of the resources with the highest cost of the month under review, at most
/// [`MOST`]: those of wanted usage whose IDs start with `id_start`, and that the account which is
/// billed for them owns. The owner of a shared resource sets its tags.
///
/// # Errors
/// [`CheckError`].
pub(super) fn most_expensive(
    cx: &Context<'_>,
    id_start: &str,
    wanted: impl Fn(&ResourceUse) -> bool,
) -> Result<Vec<String>, CheckError> {
    let mut costs: BTreeMap<&str, Money> = BTreeMap::new();
    let is_own = |u: &ResourceUse| {
        account_of_id(&u.resource_id).is_none_or(|owner| u.sub_account_id.as_deref() == Some(owner))
    };
    for used in cx.used(|u| u.resource_id.starts_with(id_start) && is_own(u) && wanted(u)) {
        let cost = costs.entry(&used.resource_id).or_insert(cx.nothing());
        *cost = cost.try_add(used.now().effective)?;
    }
    let mut all: Vec<(&str, Money)> = costs.into_iter().filter(|(id, _)| !id.is_empty()).collect();
    all.sort_by(|a, b| b.1.amount().cmp(&a.1.amount()).then_with(|| a.0.cmp(b.0)));
    Ok(all.into_iter().take(MOST).map(|(id, _)| id.to_owned()).collect())
}

/// Adds the steps and commands that tag resources. For a new tag, the script asks for its value,
/// and there are commands that remove the tag. Without IDs, it asks for them.
pub(super) fn tagged(draft: Draft, tagging: Tagging, is_new: bool, ids: &[String]) -> Draft {
    let steps: Vec<&str> = tagging.steps.iter().map(String::as_str).collect();
    let of_each = |lines: String| {
        let value =
            ": \"${VALUE:?set VALUE to the value of the tag, such as the name of the team}\"\n";
        let words: Vec<String> = ids.iter().map(|id| shell_word(id)).collect();
        let (ask, list) = if ids.is_empty() {
            let ask = ": \"${RESOURCES:?set RESOURCES to the IDs of the resources, with a space between them}\"\n";
            (ask, "$(echo \"$RESOURCES\")".to_owned())
        } else {
            ("", words.join(" "))
        };
        let value = if lines.contains("$VALUE") { value } else { "" };
        format!("{value}{ask}for RESOURCE in {list}; do\n{lines}\ndone")
    };
    draft
        .rollout(&steps)
        .run(tagging.put.map(of_each).unwrap_or_default())
        .undo(tagging.take_off.filter(|_| is_new).map(of_each).unwrap_or_default())
        .terraform(tagging.terraform)
}
