//! Inventory: the resources that exist, as the provider reported them on one day.

pub mod detail;
mod kind;
mod resource;

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::table::rows_of;

pub use crate::cloud::{resource_key, resource_part, short_id};
pub use kind::Kind;
pub use resource::{INVENTORY, Resource};

/// All resources, by the ID that bills and inventories share.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    resources: BTreeMap<String, Resource>,
    /// Keys of the resources attached to each resource.
    attached: BTreeMap<String, Vec<String>>,
}

impl Inventory {
    /// Reads the rows of [`INVENTORY`].
    ///
    /// # Errors
    /// The engine's error if a required column is missing or has another type, or if a cell of
    /// `Tags` or `Details` is not a JSON object.
    pub fn from_frame(frame: &DataFrame) -> PolarsResult<Self> {
        Ok(Self::new(rows_of(frame)?))
    }

    /// Creates an inventory of these resources.
    #[must_use]
    pub fn new(all: impl IntoIterator<Item = Resource>) -> Self {
        let mut attached: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut resources = BTreeMap::new();
        for resource in all {
            let key = resource_key(&resource.resource_id).to_owned();
            if let Some(to) = &resource.attached_to {
                attached.entry(resource_key(to).to_owned()).or_default().push(key.clone());
            }
            resources.insert(key, resource);
        }
        for keys in attached.values_mut() {
            keys.sort();
        }
        Self { resources, attached }
    }

    /// Returns the resource with `resource_id` as in the bill.
    #[must_use]
    pub fn get(&self, resource_id: &str) -> Option<&Resource> {
        self.resources.get(resource_key(resource_id))
    }

    /// Returns resources of one kind, by ID.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Resource> {
        self.resources.values().filter(move |r| r.kind == kind)
    }

    /// Returns the resources attached to a resource, by ID.
    pub fn attached_to<'a>(
        &'a self,
        resource_id: &str,
    ) -> impl Iterator<Item = &'a Resource> + use<'a> {
        let keys = self.attached.get(resource_key(resource_id));
        keys.into_iter().flatten().filter_map(|key| self.resources.get(key))
    }

    /// Returns the number of resources.
    #[must_use]
    pub fn len(&self) -> usize {
        self.resources.len()
    }

    /// Returns whether the inventory is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::frame_of;

    #[test]
    fn what_older_estates_lack_is_unknown_and_what_is_no_json_is_refused() {
        let frame = INVENTORY.empty();
        assert!(Inventory::from_frame(&frame).unwrap().is_empty());
        let mut older = frame.clone();
        for column in INVENTORY.columns.iter().filter(|c| c.optional) {
            older = older.drop(column.name).unwrap();
        }
        assert_eq!(older.width(), 12);
        assert!(Inventory::from_frame(&older).is_ok());
        assert!(Inventory::from_frame(&older.drop("State").unwrap()).is_err());
        let row = Resource { resource_id: "i-1".into(), ..Resource::default() };
        let mut frame = frame_of(&[row]).unwrap();
        frame.with_column(Column::new("Tags".into(), ["[1]"])).unwrap();
        let e = Inventory::from_frame(&frame).unwrap_err().to_string();
        assert!(e.contains("column Tags, row 1"), "{e}");
    }

    #[test]
    fn what_is_attached_is_found_from_both_ends() {
        let volume = Resource {
            resource_id: "vol-1".into(),
            kind: "volume".into(),
            attached_to: Some("arn:aws:ec2:r:1:instance/i-1".into()),
            ..Resource::default()
        };
        let instance =
            Resource { resource_id: "i-1".into(), kind: "instance".into(), ..Resource::default() };
        let inventory = Inventory::new([volume, instance]);
        assert_eq!(
            inventory.attached_to("i-1").map(|r| r.resource_id.as_str()).collect::<Vec<_>>(),
            ["vol-1"]
        );
    }
}
