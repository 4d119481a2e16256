//! Steps for tag changes in the terms of each cloud.

use std::collections::BTreeMap;

use crate::check::{CheckError, Context, ResourceUse};
use crate::cloud::{Provider, Tagging, account_of_id, cloud};
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

/// Resources to tag.
pub(super) struct Chosen {
    /// IDs that the script names: those with the highest cost, at most [`MOST`].
    ids: Vec<String>,
    /// Number of other resources, with their cost: there are too many of them.
    more: (usize, Money),
    /// Resources whose ID the command does not take, by cost, and the cost of all of them.
    unnamed: (Vec<String>, Money),
}

/// Returns the resources with the highest cost of the month under review: those of wanted usage of a
/// provider that the account which is billed for them owns. The owner of a shared resource sets its
/// tags.
///
/// # Errors
/// [`CheckError`].
pub(super) fn most_expensive(
    cx: &Context<'_>,
    provider: Provider,
    wanted: impl Fn(&ResourceUse) -> bool,
) -> Result<Chosen, CheckError> {
    let mut costs: BTreeMap<(Option<String>, &str), Money> = BTreeMap::new();
    let is_own = |u: &ResourceUse| {
        account_of_id(&u.resource_id).is_none_or(|owner| u.sub_account_id.as_deref() == Some(owner))
    };
    let is_named = |u: &ResourceUse| !u.resource_id.is_empty() && u.provider == provider;
    for used in cx.used(|u| is_named(u) && is_own(u) && wanted(u)) {
        let account = used.sub_account_id.as_deref();
        let service = used.service_name.as_deref();
        let id = cloud(provider).taggable(&used.resource_id, service, account, &used.region_id);
        let cost = costs.entry((id, &used.resource_id)).or_insert(cx.nothing());
        *cost = cost.try_add(used.now().effective)?;
    }
    let mut all: Vec<_> = costs.into_iter().collect();
    all.sort_by(|a, b| b.1.amount().cmp(&a.1.amount()).then_with(|| a.0.cmp(&b.0)));
    let mut chosen =
        Chosen { ids: Vec::new(), more: (0, cx.nothing()), unnamed: (Vec::new(), cx.nothing()) };
    for ((id, billed), cost) in all {
        match id {
            Some(id) if chosen.ids.contains(&id) => {}
            Some(id) if chosen.ids.len() < MOST => chosen.ids.push(id),
            Some(_) => chosen.more = (chosen.more.0 + 1, chosen.more.1.try_add(cost)?),
            None => {
                chosen.unnamed.0.push(billed.to_owned());
                chosen.unnamed.1 = chosen.unnamed.1.try_add(cost)?;
            }
        }
    }
    Ok(chosen)
}

/// The most resources that the evidence names. Chosen: what fits on a few lines.
const NAMED: usize = 5;

/// Adds what the script does not tag: it is cut at [`MOST`], and some IDs are not those of its
/// command.
fn with_rest(mut draft: Draft, chosen: &Chosen) -> Draft {
    let (more, cost) = &chosen.more;
    if *more > 0 {
        draft = draft
            .rollout(&[&format!(
                "the script names the {MOST} resources with the highest cost; then tag the others: {more}, {cost} in the month"
            )])
            .evidence("resources that the script leaves out", format!("{more}: {cost}"), "bill");
    }
    let (unnamed, cost) = &chosen.unnamed;
    if !unnamed.is_empty() {
        let mut names = unnamed.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        if unnamed.len() > NAMED {
            names.push_str(", …");
        }
        let text = format!("{}: {cost} ({names})", unnamed.len());
        draft = draft
            .rollout(&["tag by hand what the script cannot name: see the evidence"])
            .evidence("resources that the script cannot name", text, "bill");
    }
    draft
}

/// Adds the steps and commands that tag resources. For a new tag, the script asks for its value,
/// and there are commands that remove the tag. Else it saves the old value of each resource, and
/// there are commands that restore it. Without IDs, it asks for them.
pub(super) fn tagged(draft: Draft, tagging: Tagging, is_new: bool, chosen: &Chosen) -> Draft {
    let steps: Vec<&str> = tagging.steps.iter().map(String::as_str).collect();
    let of_each = |lines: String| {
        let value =
            ": \"${VALUE:?set VALUE to the value of the tag, such as the name of the team}\"\n";
        let words: Vec<String> = chosen.ids.iter().map(|id| shell_word(id)).collect();
        let (ask, list) = if words.is_empty() {
            let ask = ": \"${RESOURCES:?set RESOURCES to the IDs of the resources, with a space between them}\"\n";
            (ask, "$(echo \"$RESOURCES\")".to_owned())
        } else {
            ("", words.join(" "))
        };
        let value = if lines.contains("$VALUE") { value } else { "" };
        format!("{value}{ask}for RESOURCE in {list}; do\n{lines}\ndone")
    };
    let has_script = tagging.put.is_some();
    let (put, undo) = match (is_new, tagging.old) {
        (true, _) => (tagging.put, tagging.take_off),
        (false, Some((save, restore))) => {
            (tagging.put.map(|put| format!("{save}\n{put}")), Some(restore))
        }
        (false, None) => (tagging.put, None),
    };
    let draft = if has_script { with_rest(draft, chosen) } else { draft };
    draft
        .rollout(&steps)
        .run(put.map(of_each).unwrap_or_default())
        .undo(undo.map(of_each).unwrap_or_default())
        .terraform(tagging.terraform)
}
