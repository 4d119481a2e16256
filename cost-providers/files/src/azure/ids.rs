//! Azure identifiers.
//!
//! Azure compares identifiers without case, and writes one resource in several cases in one bill:
//! all are converted to lower case. Source: Azure Resource Manager, "Naming rules and
//! restrictions"; seen in Microsoft's own sample exports.

/// Words that mean that there is no resource or group. Source: cost details schema,
/// `ResourceGroup`, `ResourceType`.
const NONE: [&str; 5] = ["unassigned", "not applicable", "others", "n/a", "null"];

/// Returns an identifier in normal form; `None` if it names no resource.
///
/// Purchases of commitments have the collection of their order without a name after it
/// (`…/reservationOrders/O/reservations/`): the result is the order.
pub(super) fn id(text: &str) -> Option<String> {
    let lower = text.trim().trim_end_matches('/').to_lowercase();
    let of_order =
        ["/reservations", "/savingsplans"].iter().find_map(|end| lower.strip_suffix(end));
    let id = of_order.filter(|o| o.contains('/')).unwrap_or(&lower);
    if id.is_empty() || NONE.contains(&id) {
        return None;
    }
    let is_path = ["subscriptions/", "providers/"].iter().any(|start| id.starts_with(start));
    Some(if is_path { format!("/{id}") } else { id.to_owned() })
}

/// Returns the identifier of a subscription. `-2` is Azure's own, for charges without a
/// subscription. Source: notes of `microsoft/finops-toolkit`'s hubs.
pub(super) fn subscription(text: &str) -> Option<String> {
    id(text).filter(|i| i != "-2")
}

/// Returns the type of a resource from its identifier:
/// `/…/providers/Microsoft.Sql/servers/S/databases/D` → `microsoft.sql/servers/databases`.
pub(super) fn resource_type(resource_id: &str) -> Option<String> {
    let id = id(resource_id)?;
    let (_, of_provider) = id.rsplit_once("/providers/")?;
    let mut segments = of_provider.split('/');
    let namespace = segments.next().filter(|n| !n.is_empty())?;
    let types: Vec<&str> = segments.step_by(2).collect();
    (!types.is_empty()).then(|| format!("{namespace}/{}", types.join("/")))
}

/// Returns the last part of an identifier, unchanged.
pub(super) fn last_segment(resource_id: &str) -> Option<&str> {
    resource_id.trim().trim_end_matches('/').rsplit('/').next().filter(|s| !s.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_lose_their_case_and_what_is_around_them() {
        for (text, expected) in [
            ("/SUBSCRIPTIONS/64E3/RESOURCEGROUPS/X/", "/subscriptions/64e3/resourcegroups/x"),
            ("subscriptions/1/resourceGroups/RG2", "/subscriptions/1/resourcegroups/rg2"),
            (
                "/providers/Microsoft.Capacity/reservationOrders/49ED/reservations/",
                "/providers/microsoft.capacity/reservationorders/49ed",
            ),
            (
                "/providers/Microsoft.Capacity/reservationOrders/49ED/reservations/F39D",
                "/providers/microsoft.capacity/reservationorders/49ed/reservations/f39d",
            ),
            ("F39D-1", "f39d-1"),
        ] {
            assert_eq!(id(text).as_deref(), Some(expected));
        }
        assert_eq!(["", "/", "Unassigned", "Not applicable"].map(id), [None, None, None, None]);
        assert_eq!([subscription("-2"), subscription("AB")], [None, Some("ab".to_owned())]);
    }

    #[test]
    fn types_are_those_of_the_last_provider() {
        for (text, expected) in [
            (
                "/subscriptions/1/resourceGroups/R/providers/Microsoft.Compute/virtualMachines/vm1",
                Some("microsoft.compute/virtualmachines"),
            ),
            (
                "/subscriptions/1/resourceGroups/R/providers/Microsoft.Sql/servers/s/databases/d",
                Some("microsoft.sql/servers/databases"),
            ),
            (
                "/a/providers/Microsoft.Compute/disks/d/providers/Microsoft.Insights/x/y",
                Some("microsoft.insights/x"),
            ),
            (
                "/providers/Microsoft.Capacity/reservationOrders/O/reservations/",
                Some("microsoft.capacity/reservationorders"),
            ),
            ("/subscriptions/1/resourceGroups/R", None),
            ("vm1", None),
        ] {
            assert_eq!(resource_type(text).as_deref(), expected, "{text}");
        }
    }
}
