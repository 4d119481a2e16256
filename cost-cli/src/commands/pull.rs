//! `cost pull`: from a provider to an estate.

use anyhow::bail;
use chrono::{NaiveDate, Utc};
use cost_core::review::invoices;
use cost_providers::api::{BillingSource, CommitmentSource, UtilizationSource};
use cost_providers::aws::operation::OPERATIONS;
use cost_providers::aws::{Aws, CloudWatch, CostExplorer, Offerings, Plan, PriceList, Reports};
use cost_providers::focus::FocusFiles;
use cost_providers::pull::{Label, Sources, Summary, pull};
use cost_report::{
    Cell, Document, PullReport, Report, ReportError, Requests, Table, Text, Value, ViewOptions, json_text,
};

use rust_decimal::Decimal;
use serde_json::json;

use super::aws_session::connect;
use super::runtime::to_its_end;
use crate::args::{IntoArgs, PullAwsArgs, PullFilesArgs};
use crate::exit::Exit;
use crate::{output, shown};

/// Bills from files, as an estate of FOCUS 1.2.
pub(crate) fn files(args: &PullFilesArgs) -> anyhow::Result<Exit> {
    let billing = FocusFiles::new(&args.path).choosing(crate::estate::choice(&args.choose));
    let sources = Sources::of_bill(&billing);
    let label = label(&args.into);
    let summary = to_its_end(pull(&sources, &args.into.into, &label))??;
    tell(&args.into, &label, &summary, Vec::new())
}

/// Bills, inventory, utilization and prices from AWS.
pub(crate) fn aws(args: &PullAwsArgs) -> anyhow::Result<Exit> {
    let label = label(&args.into);
    to_its_end(async {
        let mut aws = connect(&args.aws).await?;
        aws.progress = Some(output::progress());
        let explorer =
            CostExplorer::new(&aws, &args.into.into, label.as_of, args.months).with_resources(args.with_resources);
        let plan = if args.reports.is_none() { explorer.plan() } else { Plan::default() };
        if args.dry_run {
            shown::show(&DryRun { aws: &aws, plan: &plan }, &args.into.shown, 0)?;
            return Ok(Exit::Fine);
        }
        if plan.cents() > args.max_request_usd.saturating_mul(100) {
            bail!(
                "this pull makes at least {} paid requests, {} USD; allow more with --max-request-usd, or see --dry-run",
                plan.0.len(),
                usd(plan.cents())
            );
        }
        let reports = match args.reports.as_deref() {
            Some(location) if location.starts_with("s3://") => {
                Some(Reports::new(&aws, location, &args.into.into, label.as_of, args.months)?)
            }
            _ => None,
        };
        let files = args.reports.as_deref().filter(|l| !l.starts_with("s3://")).map(FocusFiles::new);
        let billing: &dyn BillingSource = match (&reports, &files) {
            (Some(reports), _) => reports,
            (_, Some(files)) => files,
            _ => &explorer,
        };
        let watch = CloudWatch::new(&aws, label.as_of, args.utilization_days);
        let utilization: Option<&dyn UtilizationSource> = if args.utilization_days > 0 { Some(&watch) } else { None };
        let prices = PriceList::new(&aws, label.as_of);
        let offers = Offerings::new(&aws, label.as_of);
        // Cost reports name commitments themselves.
        let commitments: Option<&dyn CommitmentSource> = if args.reports.is_none() { Some(&explorer) } else { None };
        let sources = Sources {
            billing,
            inventory: Some(&aws),
            utilization,
            prices: Some(&prices),
            commitments,
            offers: Some(&offers),
            resource_costs: if args.with_resources { Some(&explorer) } else { None },
            recommendations: Some(&aws),
        };
        let summary = pull(&sources, &args.into.into, &label).await?;
        tell(&args.into, &label, &summary, requests(&aws))
    })?
}

fn usd(cents: u32) -> Decimal {
    Decimal::new(i64::from(cents), 2)
}

/// Requests made, by operation.
fn requests(aws: &Aws) -> Vec<Requests> {
    let price = |action: &str| OPERATIONS.iter().find(|o| o.action == action).map_or(0, |o| o.cents);
    let made = aws.counts.so_far();
    made.into_iter()
        .map(|(action, count)| Requests { operation: action.to_owned(), count, usd_each: usd(price(action)) })
        .collect()
}

/// What a pull would ask for, and what that costs.
struct DryRun<'a> {
    aws: &'a Aws,
    plan: &'a Plan,
}

impl DryRun<'_> {
    /// Accounts, and regions of all of them together.
    fn accounts(&self) -> (usize, usize) {
        (self.aws.accounts.len(), self.aws.accounts.iter().map(|a| a.regions.len()).sum())
    }
}

impl Report for DryRun<'_> {
    fn json(&self) -> Result<String, ReportError> {
        let requests = self.plan.0.iter().map(|p| {
            json!({ "operation": p.operation, "what": p.what, "from": p.from, "until": p.until, "usd": usd(p.cents) })
        });
        let (accounts, regions) = self.accounts();
        let whole = json!({
            "paid_requests": requests.collect::<Vec<_>>(),
            "usd": usd(self.plan.cents()),
            "accounts": accounts,
            "regions": regions,
            "inventory_calls": self.aws.collections_planned(),
        });
        Ok(json_text(&whole)? + "\n")
    }

    fn documents(&self, _: &ViewOptions) -> Vec<Document> {
        let mut paid = Table::new(&["operation", "asked for", "days", ">USD"]);
        for p in &self.plan.0 {
            let last = p.until.pred_opt().unwrap_or(p.until);
            let days = Cell::text(format!("{} to {last}", p.from));
            let cost = Cell::shown_as(usd(p.cents), Value::Number(usd(p.cents)));
            paid.row([Cell::text(p.operation), Cell::text(&p.what), days, cost]);
        }
        let (accounts, regions) = self.accounts();
        let title = "Paid requests; each further page of an answer costs the same again";
        let mut doc = Document::new(Text::from(title));
        doc.table(paid);
        doc.line(format!("At least {} paid requests, {} USD.", self.plan.0.len(), usd(self.plan.cents())));
        doc.line(format!(
            "Free: at least {} calls for the inventory of {accounts} accounts in {regions} regions together.",
            self.aws.collections_planned()
        ));
        doc.line("Free too: list and spot prices, and recommendations, for what the inventory finds.");
        doc.line("Utilization: 0.01 USD for each 1,000 metrics, 3 an instance and 2 a volume; how many there are, the inventory tells.");
        vec![doc]
    }
}

/// The core reads no clock; a pull is of the day it is made.
fn label(args: &IntoArgs) -> Label {
    let as_of: NaiveDate = args.as_of.unwrap_or_else(|| Utc::now().date_naive());
    Label { name: args.name.clone(), as_of, tag_keys: args.tag_keys.clone() }
}

fn tell(args: &IntoArgs, label: &Label, summary: &Summary, requests: Vec<Requests>) -> anyhow::Result<Exit> {
    let (schema_version, generator) = PullReport::versions();
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let report = PullReport {
        schema_version,
        generator,
        estate: args.into.display().to_string(),
        as_of: label.as_of,
        line_items: summary.line_items,
        resources: summary.resources.map(count),
        utilization_hours: summary.hours.map(count),
        prices: summary.prices.map(count),
        commitments: summary.commitments.map(count),
        offers: summary.offers.map(count),
        resource_costs: summary.resource_costs.map(count),
        recommendations: summary.recommendations.map(count),
        not_enabled: summary.not_enabled.clone(),
        invoices: summary.rollups.iter().map(invoices).collect::<Result<Vec<_>, _>>()?.concat(),
        currency: if let [one] = summary.rollups.as_slice() { Some(one.cube.currency()) } else { None },
        requests,
        partial: summary.partial.clone(),
        notes: summary.notes.clone(),
    };
    shown::show(&report, &args.shown, 0)?;
    Ok(Exit::Fine)
}
