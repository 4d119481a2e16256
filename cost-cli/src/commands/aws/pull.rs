//! `cost pull aws`: from AWS to an estate.

use anyhow::bail;
use cost_providers::api::BillingSource;
use cost_providers::aws::operation::OPERATIONS;
use cost_providers::aws::{Aws, CloudWatch, CostExplorer, Offerings, Plan, PriceList, Reports};
use cost_providers::focus::FocusFiles;
use cost_providers::pull::{Sources, pull as write};
use cost_report::Requests;

use super::dry_run::{DryRun, usd};
use super::progress;
use super::session::connect;
use crate::args::PullAwsArgs;
use crate::commands::pull::{label, tell};
use crate::commands::runtime::to_its_end;
use crate::exit::Exit;
use crate::shown;

/// Bills, inventory, utilization and prices from AWS.
pub(crate) fn pull(args: &PullAwsArgs) -> anyhow::Result<Exit> {
    let label = label(&args.into);
    to_its_end(async {
        let mut aws = connect(&args.aws).await?;
        aws.progress = Some(progress::bar());
        let explorer = CostExplorer::new(&aws, &args.into.into, label.as_of, args.months)
            .with_resources(args.with_resources);
        let plan = if args.reports.is_none() { explorer.plan() } else { Plan::default() };
        if args.dry_run {
            shown::show(&DryRun { aws: &aws, plan: &plan }, &args.into.shown, 0)?;
            return Ok(Exit::Fine);
        }
        if plan.cents() > args.max_request_usd.saturating_mul(100) {
            bail!(
                "this pull needs at least {} paid requests for {} USD; allow more with --max-request-usd, or list them with --dry-run",
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
        let files =
            args.reports.as_deref().filter(|l| !l.starts_with("s3://")).map(FocusFiles::new);
        let billing: &dyn BillingSource = match (&reports, &files) {
            (Some(reports), _) => reports,
            (_, Some(files)) => files,
            _ => &explorer,
        };
        let mut sources = Sources::of_bill(billing)
            .with(aws.inventory())
            .with(PriceList::new(&aws, label.as_of))
            .with(Offerings::new(&aws, label.as_of))
            .with(aws.recommendations());
        if args.utilization_days > 0 {
            sources = sources.with(CloudWatch::new(&aws, label.as_of, args.utilization_days));
        }
        // Cost reports name commitments themselves.
        if args.reports.is_none() {
            sources = sources.with(explorer.commitments());
        }
        if args.with_resources {
            sources = sources.with(explorer.resource_costs());
        }
        let summary = write(&sources, &args.into.into, &label).await?;
        tell(&args.into, &label, &summary, requests(&aws))
    })?
}

/// Requests made, by operation.
fn requests(aws: &Aws) -> Vec<Requests> {
    let price =
        |action: &str| OPERATIONS.iter().find(|o| o.action == action).map_or(0, |o| o.cents);
    let made = aws.counts.so_far();
    made.into_iter()
        .map(|(action, count)| Requests {
            operation: action.to_owned(),
            count,
            usd_each: usd(price(action)),
        })
        .collect()
}
