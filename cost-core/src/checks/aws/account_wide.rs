//! Usage that belongs to an account and Region, and for which bills often have no `ResourceId`.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::check::{CheckOutput, Context, ResourceUse};
use crate::money::MoneyError;
use crate::opportunity::Claim;

/// Usage of one kind, by account and Region. Usage that ended in the month under review is added to
/// `out` as a skip.
pub(in crate::checks) fn by_account<'c>(
    cx: &'c Context<'_>,
    service: &str,
    wanted: fn(&ResourceUse) -> bool,
    out: &mut CheckOutput,
) -> Vec<Vec<&'c ResourceUse>> {
    let mut places: BTreeMap<(Option<&str>, &str), Vec<&ResourceUse>> = BTreeMap::new();
    for used in cx.used(wanted) {
        let place = (used.sub_account_id.as_deref(), used.region_id.as_str());
        places.entry(place).or_default().push(used);
    }
    let mut all: Vec<Vec<&ResourceUse>> = places.into_values().collect();
    all.retain(|uses| {
        let ended = cx.all_ended(uses.iter().copied());
        if let Some(reason) = &ended {
            out.skip(&subject(service, uses), reason);
        }
        ended.is_none()
    });
    all
}

/// Returns what an opportunity is about: the resource if the bill names a single one, else the
/// service in the Region.
pub(in crate::checks) fn subject(service: &str, uses: &[&ResourceUse]) -> String {
    match uses {
        [first, rest @ ..]
            if !first.resource_id.is_empty()
                && rest.iter().all(|u| u.resource_id == first.resource_id) =>
        {
            first.resource_id.clone()
        }
        [first, ..] => format!("{service} in {}", first.region_id),
        [] => service.to_owned(),
    }
}

/// Returns the total quantity of the month under review; `None` if a part of it is unknown.
pub(in crate::checks) fn quantity(uses: &[&ResourceUse]) -> Option<Decimal> {
    uses.iter().map(|u| u.now().quantity).sum()
}

/// Returns claims on a share of the cost of all uses, one per slice, on the subject.
///
/// # Errors
/// [`MoneyError`].
pub(in crate::checks) fn claims(
    cx: &Context<'_>,
    uses: &[&ResourceUse],
    subject: &str,
    share: Decimal,
) -> Result<Vec<Claim>, MoneyError> {
    let claim = |used: &&ResourceUse| -> Result<Claim, MoneyError> {
        Ok(Claim { resource_id: subject.to_owned(), ..cx.claim(used, share)? })
    };
    Claim::merged_by(|c| c.slice, uses.iter().map(claim))
}
