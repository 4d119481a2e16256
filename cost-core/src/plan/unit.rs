//! The resource that a change touches: changes of one resource are one step.

use crate::inventory::resource_key;
use crate::opportunity::Opportunity;

/// Account, region, service, and the key of the subject.
pub(super) type Changed<'a> = ([&'a Option<String>; 3], &'a str);

/// Returns the resource that an opportunity changes.
pub(super) fn changed_resource(o: &Opportunity) -> Changed<'_> {
    let scope = &o.scope;
    let place = [&scope.sub_account_id, &scope.region_id, &scope.service_name];
    (place, resource_key(&o.subject))
}
