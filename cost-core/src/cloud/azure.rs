//! Azure: regions, finalization of months, and command line.

use super::id::is_region_id;
use super::naming::Cloud;
use super::provider::Provider;
use super::tagging::{Tag, Tagging};
use crate::shell::shell_word;

/// Microsoft Azure.
#[derive(Debug)]
pub(super) struct Azure;

impl Cloud for Azure {
    fn provider(&self) -> Provider {
        Provider::Azure
    }

    /// "Up to the fifth day after a closed month" (Microsoft Learn, Cost Management + Billing FAQ).
    fn final_after_days(&self) -> Option<u64> {
        Some(5)
    }

    /// The name without blanks (Microsoft Learn, "Azure regions").
    fn region_id(&self, name: &str) -> Option<String> {
        Some(name.replace(' ', "")).filter(|id| is_region_id(id))
    }

    /// `az account show` prints the subscription that `az` works on, its id in small letters
    /// (Microsoft Learn, Azure CLI reference, `az account`). Exports of FOCUS have
    /// `/subscriptions/` before the id.
    fn script_start(&self, account: Option<&str>, _region: Option<&str>) -> Vec<String> {
        let mut all = vec!["ACCOUNT=$(az account show --query id --output tsv)".to_owned()];
        if let Some(id) = account.and_then(|a| a.rsplit('/').next()) {
            let id = shell_word(&id.to_lowercase());
            all.push(format!(
                r#"[ "$ACCOUNT" = {id} ] || {{ echo "az is set to subscription $ACCOUNT, not "{id}": change it with az account set" >&2; exit 1; }}"#
            ));
        }
        all
    }

    fn taggable(
        &self,
        id: &str,
        _service: Option<&str>,
        _account: Option<&str>,
        _region: &str,
    ) -> Option<String> {
        id.starts_with("/subscriptions/").then(|| id.to_owned())
    }

    /// "Merge" adds a tag or updates its value, "Delete" removes one by name and value (Microsoft
    /// Learn, Azure CLI reference, `az tag update`). Not every service adds tags to its usage, and
    /// tags of groups and subscriptions reach usage only by inheritance ("Group and allocate costs
    /// using tag inheritance"). Policies: "Azure Policy built-in definitions", Tags.
    fn tagging(&self, tag: Tag<'_>) -> Tagging {
        let policy = match tag.value {
            None => "an Azure Policy that requires the tag, so that new resources have it",
            Some(_) => "an Azure Policy with the allowed values",
        };
        let update = |operation| {
            format!(
                "az tag update --resource-id \"$RESOURCE\" --operation {operation} --tags {}",
                tag.shell_word()
            )
        };
        Tagging {
            first: "check in Cost analysis, grouped by a tag, that the service's usage has tags; \
                    those of resource groups and subscriptions need tag inheritance, a setting of \
                    Cost Management",
            steps: vec![policy.to_owned()],
            put: Some(update("Merge")),
            take_off: Some(update("Delete")),
            old: None,
            terraform: "the tag in `tags` of each azurerm resource, from one local".to_owned(),
        }
    }
}
