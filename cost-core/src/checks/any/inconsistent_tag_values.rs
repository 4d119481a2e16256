//! One owner under several spellings.
//!
//! In:  the cube by the values of each of the estate's tag keys.
//! Out: one `Allocate` opportunity a value; it saves nothing itself.

use std::collections::BTreeMap;

use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group};
use crate::focus::TAG_PREFIX;
use crate::money::Money;
use crate::opportunity::{Action, Draft, Scope};
use crate::rollup::{days_in, is_usage};
use crate::tradeoff::{Level, TradeOff};

/// See [`META`].
pub(in crate::checks) struct InconsistentTagValues;

static META: CheckMeta = CheckMeta {
    id: "inconsistent_tag_values",
    provider: None,
    service: "any",
    title: "One owner under several spellings",
    group: Group::Allocation,
    since: "0.2.0",
    needs: &[],
    permissions: &["tag:GetResources"],
    columns: &["Tags"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
Values of the estate's tag keys that differ only in case, blanks, dashes, underscores or dots: `Data-Platform`, `data platform`. Reports by owner show
each as an owner of its own. From the bill alone.
## How the saving is computed
It saves nothing itself.
## Trade-offs
None; policies that match the old spelling must be changed too.
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
                "the estate names no tag key: name one, such as --tag-keys team",
            ));
        }
        let mut out = CheckOutput::default();
        let usage = is_usage().and(days_in("ChargeDay", cx.month.first_day(), cx.month.end()));
        for key in keys {
            let mut spellings: BTreeMap<String, Vec<(String, Money)>> = BTreeMap::new();
            for group in cx.rollup.cube.sum_by(&[&format!("{TAG_PREFIX}{key}")], usage.clone())? {
                if let Some(value) = group.keys[0].clone() {
                    spellings
                        .entry(plain(&value))
                        .or_default()
                        .push((value, group.amounts.effective));
                }
            }
            for (_, mut values) in spellings.into_iter().filter(|(_, values)| values.len() > 1) {
                values.sort_by(|a, b| b.1.amount().cmp(&a.1.amount()).then_with(|| a.0.cmp(&b.0)));
                judge(cx, key, &values, &mut out)?;
            }
        }
        Ok(out)
    }
}

/// What is left of a value without case and separators.
fn plain(value: &str) -> String {
    value
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '_' | '.'))
        .flat_map(char::to_lowercase)
        .collect()
}

fn judge(
    cx: &Context<'_>,
    key: &str,
    values: &[(String, Money)],
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let Some(((most, _), others)) = values.split_first() else { return Ok(()) };
    let scope = Scope { owner: Some(most.clone()), ..Scope::default() };
    let names: Vec<String> = others.iter().map(|(v, _)| format!("`{v}`")).collect();
    let asks =
        TradeOff::new(Level::Low, Level::Low, "tags can be set while things run", cx.currency())
            .effect("from the next day's bill")
            .test_first(&["look for policies and automation that match the old spelling"])
            .rollback(&["set the old value again"]);
    let mut draft = Draft::new(META.id, Action::Allocate, &format!("{key}={most}"), scope, asks)
        .title(format!("Write {key} as `{most}`, not {}", names.join(", ")))
        .rollout(&[
            "the resources with the other spellings",
            "a tag policy with the values that are allowed",
        ]);
    for (value, cost) in values {
        draft = draft.evidence(&format!("{key}={value}, in the month"), cost, "bill");
    }
    let draft = draft
        .run(format!(
            "aws resourcegroupstaggingapi tag-resources --resource-arn-list ARN --tags {}",
            crate::runbook::shell_word(&format!("{key}={most}"))
        ))
        .watch("the owners of the next review")
        .terraform("a local with the owner's one spelling, used in default_tags");
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}
