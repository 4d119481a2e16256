//! Data about Azure that its cost details do not contain: units, regions, services.
//!
//! Source: open data of `microsoft/finops-toolkit` (MIT), `data/azure/SOURCES.md` of this crate.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

const UNITS: &str = include_str!("../../data/azure/pricing_units.csv");
const REGIONS: &str = include_str!("../../data/azure/regions.csv");
const SERVICES: &str = include_str!("../../data/azure/services.csv");

/// Meaning of a `UnitOfMeasure`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// Number of units that are priced together: 10000 for `10K`.
    pub(super) block: i64,
    /// Unit: `Hours`, `GB/Month`, `Units`.
    pub(super) unit: String,
}

/// Region, by any of its spellings.
#[derive(Debug)]
pub(super) struct Region {
    pub(super) id: String,
    pub(super) name: String,
}

/// Service in the words of FOCUS.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Service {
    pub(super) name: String,
    pub(super) category: String,
    pub(super) subcategory: String,
}

/// Returns the rows of a table of `N` columns. Lines with another number of columns are skipped (a
/// test counts them).
fn table<const N: usize>(text: &str) -> impl Iterator<Item = [String; N]> {
    let reader = csv::ReaderBuilder::new().has_headers(true).from_reader(text.as_bytes());
    reader.into_records().filter_map(|record| {
        let cells: Vec<String> = record.ok()?.iter().map(ToOwned::to_owned).collect();
        cells.try_into().ok()
    })
}

static UNIT: LazyLock<HashMap<String, Unit>> = LazyLock::new(|| {
    let row =
        |[key, block, unit]: [String; 3]| Some((key, Unit { block: block.parse().ok()?, unit }));
    table(UNITS).filter_map(row).collect()
});

static REGION: LazyLock<HashMap<String, Region>> =
    LazyLock::new(|| table(REGIONS).map(|[key, id, name]| (key, Region { id, name })).collect());

/// Services by each name individually, if all rows of the table with that name have the same
/// service.
struct Services {
    all: Vec<Service>,
    exact: HashMap<(String, String), usize>,
    by_type: HashMap<String, usize>,
    by_provider: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
}

static SERVICE: LazyLock<Services> = LazyLock::new(|| {
    let rows: Vec<[String; 5]> = table(SERVICES).collect();
    let mut exact = HashMap::new();
    let mut alone: [BTreeMap<&str, Vec<usize>>; 3] = Default::default();
    for (at, [provider, of_type, name, ..]) in rows.iter().enumerate() {
        exact.insert((provider.clone(), of_type.clone()), at);
        for (map, key) in alone.iter_mut().zip([of_type, provider, name]) {
            map.entry(key.as_str()).or_default().push(at);
        }
    }
    let agreed = |map: &BTreeMap<&str, Vec<usize>>| -> HashMap<String, usize> {
        let same = |ats: &&Vec<usize>| ats.iter().all(|at| rows[*at][2..] == rows[ats[0]][2..]);
        let one =
            |(key, ats): (&&str, &Vec<usize>)| same(&ats).then(|| (key.to_lowercase(), ats[0]));
        map.iter().filter(|(key, _)| !key.is_empty()).filter_map(one).collect()
    };
    let [by_type, by_provider, by_name] = [agreed(&alone[0]), agreed(&alone[1]), agreed(&alone[2])];
    let service =
        |[_, _, name, category, subcategory]: [String; 5]| Service { name, category, subcategory };
    Services { exact, by_type, by_provider, by_name, all: rows.into_iter().map(service).collect() }
});

/// Returns the meaning of a `UnitOfMeasure`; `None` if it is not in the table.
pub(super) fn unit(text: &str) -> Option<&'static Unit> {
    let key =
        text.replace('\u{a0}', " ").split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    UNIT.get(&key)
}

/// Returns the region for a spelling of a location; `None` if it is not in the table.
pub(super) fn region(location: &str) -> Option<&'static Region> {
    REGION.get(&location.trim().to_lowercase())
}

/// Returns the service of a `ConsumedService` and a resource type (lower case): by both, else by
/// the type, else by the provider alone if there is only one choice.
pub(super) fn service(
    consumed: Option<&str>,
    resource_type: Option<&str>,
) -> Option<&'static Service> {
    let provider = consumed.unwrap_or_default().trim().to_lowercase();
    let of_type = resource_type.unwrap_or_default().to_owned();
    let alone = SERVICE.by_type.get(&of_type).or_else(|| SERVICE.by_provider.get(&provider));
    let at = SERVICE.exact.get(&(provider.clone(), of_type)).or(alone)?;
    SERVICE.all.get(*at)
}

/// Returns the service with this name.
pub(super) fn service_named(name: &str) -> Option<&'static Service> {
    SERVICE.by_name.get(&name.trim().to_lowercase()).and_then(|at| SERVICE.all.get(*at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read_completely() {
        let lines = |text: &str| text.lines().count() - 1;
        assert_eq!(
            (UNIT.len(), REGION.len(), SERVICE.exact.len()),
            (lines(UNITS), lines(REGIONS), lines(SERVICES))
        );
        assert!(UNIT.values().all(|u| u.block > 0 && !u.unit.is_empty()));
        assert!(REGION.values().all(|r| !r.id.is_empty() && !r.name.is_empty()));
        let focus =
            cost_core::focus::columns::lookup("ServiceCategory").expect("a FOCUS column").allowed;
        assert!(SERVICE.all.iter().all(|s| focus.contains(&s.category.as_str())));
    }

    #[test]
    fn units_of_blocks() {
        let said = |text: &str| unit(text).map(|u| (u.block, u.unit.as_str()));
        assert_eq!(said("100 Hours"), Some((100, "Hours")));
        assert_eq!(said("10K"), Some((10_000, "Units")));
        assert_eq!(said("1M"), Some((1_000_000, "Units")));
        assert_eq!(said("10 GB"), Some((10, "GB")));
        assert_eq!(said("1\u{a0}GB/mes "), Some((1, "GB/Month")));
        assert_eq!(said("3 Unheard-Of"), None);
    }

    #[test]
    fn services_by_provider_and_type() {
        let name = |consumed: &str, of_type: &str| {
            service(
                Some(consumed).filter(|c| !c.is_empty()),
                Some(of_type).filter(|t| !t.is_empty()),
            )
            .map(|s| s.name.as_str())
        };
        assert_eq!(
            name("Microsoft.Compute", "microsoft.compute/virtualmachines"),
            Some("Virtual Machines")
        );
        assert_eq!(name("Functions", "microsoft.web/sites"), Some("Functions"));
        // The type leaves one choice, so the provider is not needed.
        assert_eq!(name("", "microsoft.compute/virtualmachines"), Some("Virtual Machines"));
        // The type leaves two choices, and so does the provider.
        assert_eq!(name("", "microsoft.web/sites"), None);
        assert_eq!(name("Microsoft.Compute", "microsoft.compute/unheardof"), None);
        assert_eq!(
            name("Microsoft.Capacity", "microsoft.capacity/reservationorders"),
            Some("Azure Reservations")
        );
        assert_eq!(service_named("virtual machines").map(|s| s.category.as_str()), Some("Compute"));
    }
}
