//! `cost pull`: collects data from a provider into an estate.

use chrono::{NaiveDate, Utc};
use cost_core::commitment::{COMMITMENTS, OFFERS};
use cost_core::inventory::INVENTORY;
use cost_core::price::PRICES;
use cost_core::recommendation::RECOMMENDATIONS;
use cost_core::resource_cost::RESOURCE_COSTS;
use cost_core::review::invoices;
use cost_core::table::Table;
use cost_core::usage::UTILIZATION;
use cost_providers::focus::FocusFiles;
use cost_providers::pull::{Label, Sources, Summary, pull};
use cost_report::{PullReport, Requests};

use super::runtime::to_its_end;
use crate::args::{IntoArgs, PullFilesArgs};
use crate::exit::Exit;
use crate::shown;

/// Converts bills from files into an estate in FOCUS 1.2.
pub(crate) fn files(args: &PullFilesArgs) -> anyhow::Result<Exit> {
    let billing = FocusFiles::new(&args.path).choosing(crate::estate::choice(&args.choose));
    let sources = Sources::of_bill(&billing);
    let label = label(&args.into);
    let summary = to_its_end(pull(&sources, &args.into.into, &label))??;
    tell(&args.into, &label, &summary, Vec::new())
}

/// Returns the label of the estate. The core reads no clock, so the default date is set here.
pub(super) fn label(args: &IntoArgs) -> Label {
    let as_of: NaiveDate = args.as_of.unwrap_or_else(|| Utc::now().date_naive());
    Label { name: args.name.clone(), as_of, tag_keys: args.tag_keys.clone() }
}

pub(super) fn tell(
    args: &IntoArgs,
    label: &Label,
    summary: &Summary,
    requests: Vec<Requests>,
) -> anyhow::Result<Exit> {
    let (schema_version, generator) = PullReport::versions();
    let rows = |table: &Table| summary.rows(table).map(|n| u64::try_from(n).unwrap_or(u64::MAX));
    let report = PullReport {
        schema_version,
        generator,
        estate: args.into.display().to_string(),
        as_of: label.as_of,
        line_items: summary.line_items,
        resources: rows(&INVENTORY),
        utilization_hours: rows(&UTILIZATION),
        prices: rows(&PRICES),
        commitments: rows(&COMMITMENTS),
        offers: rows(&OFFERS),
        resource_costs: rows(&RESOURCE_COSTS),
        recommendations: rows(&RECOMMENDATIONS),
        not_enabled: summary.not_enabled.clone(),
        invoices: summary.rollups.iter().map(invoices).collect::<Result<Vec<_>, _>>()?.concat(),
        currency: if let [one] = summary.rollups.as_slice() {
            Some(one.cube.currency())
        } else {
            None
        },
        requests,
        partial: summary.partial.clone(),
        notes: summary.notes.clone(),
    };
    shown::show(&report, &args.shown, 0)?;
    Ok(Exit::Fine)
}
