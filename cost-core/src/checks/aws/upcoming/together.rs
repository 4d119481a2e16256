//! Members of a cluster or replication group are one cost to come, or one automatic upgrade.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::calendar::{Dates, Horizon};
use super::units::Item;
use super::version::Version;
use crate::assumptions::HOURS_PER_MONTH;
use crate::check::{Context, ResourceUse};
use crate::checks::aws::rds::aurora::known_cluster;
use crate::checks::shared::plain::name_of;
use crate::inventory::{Kind, detail};
use crate::money::{Money, MoneyError};
use crate::upcoming::{LaterPrice, UpcomingCost, UpcomingKind};

/// Additional cost of one usage per month of 730 h.
pub(super) struct Amounts {
    /// From the day on.
    pub(super) first: Money,
    /// From the day of the next price on; `None` if it is unknown or there is none.
    pub(super) later: Option<Money>,
    /// How it was computed.
    pub(super) basis: String,
}

/// One usage whose cost starts or rises, or whose resource is upgraded instead.
pub(super) struct Part<'a> {
    pub(super) used: &'a ResourceUse,
    pub(super) item: Item,
    pub(super) version: Version,
    pub(super) dates: &'a Dates,
    pub(super) from: NaiveDate,
    /// Day of the next price.
    pub(super) later_from: Option<NaiveDate>,
    /// The cost, or why it is unknown; `None` if nothing is billed.
    pub(super) amounts: Option<Result<Amounts, String>>,
}

/// Account, region, subject, version.
type Key = (Option<String>, String, String, Version);

/// Returns one cost per subject and version.
///
/// # Errors
/// [`MoneyError`].
pub(super) fn together(
    cx: &Context<'_>,
    kind: UpcomingKind,
    parts: Vec<Part<'_>>,
) -> Result<Vec<UpcomingCost>, MoneyError> {
    let mut groups: BTreeMap<Key, Vec<Part<'_>>> = BTreeMap::new();
    for part in parts {
        let used = part.used;
        let subject = group_of(cx, used).unwrap_or_else(|| used.resource_id.clone());
        let key =
            (used.sub_account_id.clone(), used.region_id.clone(), subject, part.version.clone());
        groups.entry(key).or_default().push(part);
    }
    let horizon = Horizon::of(cx);
    let costs = groups.into_iter().map(|((_, _, subject, version), parts)| {
        cost(cx, kind, (subject, &version), &parts, horizon)
    });
    costs.filter_map(Result::transpose).collect()
}

/// Returns the cluster or replication group of a resource, whose members change together.
fn group_of(cx: &Context<'_>, used: &ResourceUse) -> Option<String> {
    let known = known_cluster(cx, &used.resource_id)?;
    if known.kind == Kind::DbCluster {
        return known.name.clone();
    }
    let group = known.get(detail::CLUSTER_ID).or_else(|| known.get(detail::REPLICATION_GROUP));
    group.map(str::to_owned)
}

fn cost(
    cx: &Context<'_>,
    kind: UpcomingKind,
    (subject, version): (String, &Version),
    parts: &[Part<'_>],
    horizon: Horizon,
) -> Result<Option<UpcomingCost>, MoneyError> {
    let Some(head) = parts.first() else { return Ok(None) };
    let (noun, check) = noun_and_check(head.item);
    let name = if subject == head.used.resource_id { name_of(cx, head.used) } else { &subject };
    let mut ids: Vec<String> = parts.iter().map(|p| p.used.resource_id.clone()).collect();
    ids.sort();
    ids.dedup();
    let sum = sum(cx, parts)?;
    let unknown = parts.iter().find_map(|p| p.amounts.as_ref()?.as_ref().err().cloned());
    let until = |per_month: Money| {
        let hours = Decimal::from(horizon.days_from(head.from)) * Decimal::from(24);
        per_month.try_ratio(hours, Decimal::from(HOURS_PER_MONTH))
    };
    let Words { what, basis, avoid } = words(kind, parts, head, check);
    Ok(Some(UpcomingCost {
        from: head.from,
        kind,
        title: format!("{noun} {name}: {what} ({})", version.title()),
        resource_ids: ids,
        scope: cx.scope_of(head.used),
        version: version.title(),
        per_month: sum.as_ref().map(|s| s.first),
        unknown,
        horizon: horizon.last,
        until_horizon: sum.as_ref().map(|s| until(s.first)).transpose()?,
        later: head
            .later_from
            .map(|from| LaterPrice { from, per_month: sum.as_ref().and_then(|s| s.later) }),
        extended_ends: head.dates.extended_ends,
        basis,
        avoid,
        avoided_by: Vec::new(),
        check: check.to_owned(),
        source: head.dates.source.clone(),
        subject,
    }))
}

/// Texts of a cost to come.
struct Words {
    what: &'static str,
    basis: String,
    avoid: String,
}

fn words(kind: UpcomingKind, parts: &[Part<'_>], head: &Part<'_>, check: &str) -> Words {
    let from = head.from;
    let page = format!("`cost checks {check}` describes the upgrade");
    if kind == UpcomingKind::AutomaticUpgrade {
        return Words {
            what: "AWS upgrades it when standard support ends",
            basis: "extended support is turned off, so it is not billed; AWS upgrades the resource on the last day of standard support or shortly after".to_owned(),
            avoid: format!(
                "AWS upgrades it on {from} or shortly after: test the new version first, and upgrade at a time of your choice; {page}"
            ),
        };
    }
    let basis = parts.iter().find_map(|p| p.amounts.as_ref()?.as_ref().ok());
    Words {
        what: match kind {
            UpcomingKind::ExtendedSupportRises => "extended support costs more",
            _ => "standard support ends",
        },
        basis: basis.map(|a| a.basis.clone()).unwrap_or_default(),
        avoid: format!("upgrade to a version in standard support before {from}; {page}"),
    }
}

/// Returns the sums over the parts; `None` if one is unknown (missing is not zero), or nothing is
/// billed.
fn sum(cx: &Context<'_>, parts: &[Part<'_>]) -> Result<Option<Amounts>, MoneyError> {
    let mut all = Amounts { first: cx.nothing(), later: Some(cx.nothing()), basis: String::new() };
    for part in parts {
        let Some(Ok(of)) = &part.amounts else { return Ok(None) };
        all.first = all.first.try_add(of.first)?;
        all.later = all.later.zip(of.later).map(|(a, b)| a.try_add(b)).transpose()?;
    }
    Ok(Some(all))
}

/// Returns what texts call a resource, and the check that finds its extended support.
fn noun_and_check(item: Item) -> (&'static str, &'static str) {
    match item {
        Item::RdsVcpu | Item::ServerlessAcu => ("database", "extended_support_database"),
        Item::DocumentVcpu => ("database", "extended_support_document_database"),
        Item::Cluster => ("cluster", "extended_support_cluster"),
        Item::CacheNode => ("cache", "extended_support_cache"),
        Item::SearchNode => ("domain", "extended_support_search_domain"),
    }
}
