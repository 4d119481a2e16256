//! Google Cloud: finalization of months, and command line.

use super::naming::Cloud;
use super::provider::Provider;
use super::tagging::{Tag, Tagging};
use crate::shell::shell_word;

/// Google Cloud.
#[derive(Debug)]
pub(super) struct Google;

impl Cloud for Google {
    fn provider(&self) -> Provider {
        Provider::Google
    }

    /// Invoices are "generally available by the fifth business day" (Google Cloud, "Understand your
    /// invoice"), the seventh at the latest if the month starts with a weekend.
    fn final_after_days(&self) -> Option<u64> {
        Some(7)
    }

    /// `CLOUDSDK_CORE_PROJECT` sets the project of all `gcloud` commands in a shell (Google Cloud,
    /// "Manage gcloud CLI properties"). `gcloud projects describe` fails if the credentials have no
    /// access to it.
    fn script_start(&self, account: Option<&str>, _region: Option<&str>) -> Vec<String> {
        let Some(project) = account.map(shell_word) else { return Vec::new() };
        vec![
            format!("export CLOUDSDK_CORE_PROJECT={project}"),
            format!("gcloud projects describe {project} > /dev/null"),
        ]
    }

    /// Labels: each service has its own commands to set them, so that no single command works for
    /// all services (`gcloud compute instances add-labels`, `gcloud storage buckets update
    /// --update-labels`; Google Cloud, "Labels overview", also for the letters that labels may
    /// have). Terraform: provider "google" since 5.0, `default_labels`.
    fn tagging(&self, tag: Tag<'_>) -> Tagging {
        let to_come = match tag.value {
            None => "default_labels in Terraform, so that new resources have it",
            Some(_) => "a list of the allowed values, checked where Terraform runs",
        };
        Tagging {
            first: "check in Billing reports, grouped by a label, that the service's usage has labels",
            steps: vec![
                format!(
                    "set the label {} on each resource, on its page in the console or by the gcloud \
                     command of its service; a label can have no capital letters, blanks or dots",
                    tag.name()
                ),
                to_come.to_owned(),
            ],
            put: None,
            take_off: None,
            old: None,
            terraform: "the label in default_labels of the google provider".to_owned(),
        }
    }
}
