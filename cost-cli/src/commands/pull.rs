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
use cost_providers::api::{Log, Provider, ProviderConfig, PullScope};
use cost_providers::focus::FilesConfig;
use cost_providers::{Label, Summary, pull};
use cost_report::{PullReport, Requests};
use rust_decimal::Decimal;

use super::runtime::to_its_end;
use crate::args::{IntoArgs, PullFilesArgs};
use crate::exit::Exit;
use crate::shown;

/// Converts bills from files into an estate in FOCUS 1.2.
pub(crate) fn files(args: &PullFilesArgs) -> anyhow::Result<Exit> {
    let choose = &args.choose;
    let config = FilesConfig::new(&args.path).only(choose.only.clone()).newest(choose.newest);
    let label = label(&args.into);
    let scope = PullScope::new(&args.into.into, label.as_of);
    to_its_end(async {
        let provider = config.open(&scope).await?;
        into_estate(provider, &args.into, &label).await
    })?
}

/// Pulls all data that a provider supports, and prints a report of the pull.
pub(super) async fn into_estate(
    provider: Box<dyn Provider>,
    args: &IntoArgs,
    label: &Label,
) -> anyhow::Result<Exit> {
    let provider = provider.within(Log);
    let summary = pull(&*provider, &args.into, label).await?;
    report(args, label, &summary, requests(&*provider))
}

/// Returns the requests that were sent, by operation.
fn requests(provider: &dyn Provider) -> Vec<Requests> {
    let made = provider.requests().into_iter();
    made.map(|of| Requests {
        operation: of.operation.to_owned(),
        count: of.count,
        usd_each: usd(of.cents),
    })
    .collect()
}

/// Converts cents to USD.
pub(super) fn usd(cents: u32) -> Decimal {
    Decimal::new(i64::from(cents), 2)
}

/// Returns the label of the estate. The core reads no clock, so the default date is set here.
pub(super) fn label(args: &IntoArgs) -> Label {
    let as_of: NaiveDate = args.as_of.unwrap_or_else(|| Utc::now().date_naive());
    Label {
        name: args.name.clone(),
        as_of,
        tag_keys: args.tag_keys.clone(),
        allow_partial: args.allow_partial,
    }
}

fn report(
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
    Ok(if args.strict && !report.partial.is_empty() { Exit::Crossed } else { Exit::Fine })
}
