//! Resources that ended in the month under review: the bill has no charges for them on its last
//! days.

use chrono::NaiveDate;

use super::context::Context;
use super::uses::ResourceUse;

/// Most days without charges before the last day of the bill at which a resource is still there.
/// Chosen: a weekend.
const QUIET_DAYS: i64 = 2;

impl Context<'_> {
    /// Returns why a resource needs no change, if it ended in the month under review. Only charges
    /// by the hour or month show that: requests and traffic can also pause.
    pub(crate) fn ended(&self, resource_id: &str) -> Option<String> {
        let all = self.of_resource(resource_id);
        let lasts = |u: &ResourceUse| u.now().priced_by_hour || u.now().priced_by_month;
        all.iter().any(lasts).then(|| self.all_ended(all)).flatten()
    }

    /// Returns why uses of the month under review need no change, if all of them ended in it.
    pub(crate) fn all_ended<'u>(
        &self,
        uses: impl IntoIterator<Item = &'u ResourceUse>,
    ) -> Option<String> {
        let (mut first, mut last, mut end) = (NaiveDate::MAX, NaiveDate::MIN, NaiveDate::MIN);
        for used in uses {
            first = first.min(used.now().first_day?);
            last = last.max(used.now().last_day?);
            end = end.max(self.usage_until(used.provider)?);
        }
        // A single day can be that of a fee for the month.
        let has_ended = first < last && end.signed_duration_since(last).num_days() > QUIET_DAYS;
        has_ended.then(|| format!("it ended on {last}: the bill has no later charges"))
    }
}
