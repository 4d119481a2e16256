//! Tag values that differ only in spelling.
//!
//! In:  the daily cost table by provider and the values of each of the estate's tag keys.
//! Out: one `Allocate` opportunity per value, provider, and account. It has no savings of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::tagged::{most_expensive, on, tagged};
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group};
use crate::cloud::{Provider, Tag, cloud};
use crate::focus::TAG_PREFIX;
use crate::money::Money;
use crate::opportunity::{Action, Draft, Opportunity, Scope};
use crate::rollup::{days_in, is_usage};
use crate::tradeoff::{Level, TradeOff};

/// The check that [`META`] describes.
pub(in crate::checks) struct InconsistentTagValues;

static META: CheckMeta = CheckMeta {
    id: "inconsistent_tag_values",
    provider: None,
    service: "any",
    title: "Tag values spelled in several ways",
    group: Group::Allocation,
    since: "0.2.0",
    needs: &[],
    permissions: &["tag:GetResources"],
    columns: &["Tags"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
Values of the estate's tag keys that differ only in case, blanks, dashes, underscores, or dots, such as `Data-Platform` and `data platform`.
Reports by owner show each spelling as a separate owner. Needs only the bill. There is one opportunity for each account that uses a spelling other
than the one with the highest cost: its script runs in this account only.
## How the saving is computed
The change itself saves nothing.
## Trade-offs
None. Policies that match the old spelling must also be changed.
## Source
AWS Tagging Best Practices (case-sensitive values); FinOps Foundation, Framework, capability \"Allocation\". Read 2026-11.",
};

impl Check for InconsistentTagValues {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let keys = cx.rollup.cube.tag_keys();
        if keys.is_empty() {
            return Ok(CheckOutput::skip_all(
                "there are no tag keys: set one, such as `cost pull files … --tag-keys team`",
            ));
        }
        let mut out = CheckOutput::default();
        let usage = is_usage().and(days_in("ChargeDay", cx.month.first_day(), cx.month.end()));
        for key in keys {
            let mut spellings: BTreeMap<String, BTreeMap<String, Spelling>> = BTreeMap::new();
            let by = [&format!("{TAG_PREFIX}{key}"), "ProviderName", "SubAccountId"];
            for group in cx.rollup.cube.sum_by(&by, usage.clone())? {
                let Some(value) = group.keys[0].clone() else { continue };
                let spelling = spellings.entry(plain(&value)).or_default().entry(value);
                let spelling = spelling.or_insert_with_key(|value| Spelling {
                    value: value.clone(),
                    cost: cx.nothing(),
                    of: BTreeSet::new(),
                });
                spelling.cost = spelling.cost.try_add(group.amounts.effective)?;
                let provider = Provider::of(group.keys[1].as_deref());
                spelling.of.insert((provider, group.keys[2].clone()));
            }
            for of_one in spellings.into_values().filter(|of_one| of_one.len() > 1) {
                let mut of_one: Vec<Spelling> = of_one.into_values().collect();
                of_one.sort_by(|a, b| {
                    b.cost.amount().cmp(&a.cost.amount()).then_with(|| a.value.cmp(&b.value))
                });
                let others: BTreeSet<Place> =
                    of_one.iter().skip(1).flat_map(|s| &s.of).cloned().collect();
                for place in others {
                    out.opportunities.extend(judge(cx, key, &of_one, place)?);
                }
            }
        }
        Ok(out)
    }
}

/// Returns a value in lower case without separators.
fn plain(value: &str) -> String {
    value
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '_' | '.'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// One spelling of a value.
struct Spelling {
    value: String,
    /// Effective cost of the month's usage with this spelling.
    cost: Money,
    /// The accounts whose resources use this spelling.
    of: BTreeSet<Place>,
}

/// A cloud, and an account of it (`SubAccountId`).
type Place = (Provider, Option<String>);

/// Returns the opportunity to change the spellings in one account to the first one, which has the
/// highest cost.
fn judge(
    cx: &Context<'_>,
    key: &str,
    spellings: &[Spelling],
    place: Place,
) -> Result<Option<Opportunity>, CheckError> {
    let Some((Spelling { value: most, .. }, others)) = spellings.split_first() else {
        return Ok(None);
    };
    let provider = place.0;
    let scope = Scope {
        provider: Some(provider),
        sub_account_id: place.1.clone(),
        owner: Some(most.clone()),
        ..Scope::default()
    };
    let names: Vec<String> =
        others.iter().filter(|s| s.of.contains(&place)).map(|s| format!("`{}`", s.value)).collect();
    let asks =
        TradeOff::new(Level::Low, Level::Low, "tags can be set while resources run", cx.currency())
            .effect("from the next day's bill")
            .test_first(&["look for policies and automation that match the old spelling"])
            .rollback(&["set the old value again"]);
    let subject = on(provider, &format!("{key}={most}"));
    let title = format!("Use `{most}` for tag {key} instead of {}", names.join(", "));
    let mut draft = Draft::new(META.id, Action::Allocate, &subject, scope, asks)
        .title(on(provider, &title))
        .rollout(&["the resources with the other spellings"]);
    for Spelling { value, cost, .. } in spellings {
        draft = draft.evidence(&format!("cost of {key}={value} in the month"), cost, "bill");
    }
    let draft = draft.watch("the owners in the next review");
    let tagging = cloud(provider).tagging(Tag { key, value: Some(most) });
    let chosen = most_expensive(cx, provider, |u| {
        let is_other = || others.iter().any(|s| Some(&s.value) == u.owner.as_ref());
        (u.provider, &u.sub_account_id) == (provider, &place.1)
            && cx.owner_key() == Some(key)
            && is_other()
    })?;
    Ok(Some(tagged(draft, tagging, false, &chosen).finish(cx.currency())?))
}
