//! Commands that read AWS: `cost pull aws`, and `cost aws`, which checks access before a pull. This
//! is the only file that names the AWS provider.

use std::time::Duration;

use cost_core::call_limits::CallLimits;
use cost_providers::api::{
    Joined, Provider, ProviderConfig, PullScope, RequestPlan, SpendLimit, lines,
};
use cost_providers::aws::{
    Account, Accounts, Aws, AwsConfig, AwsProvider, Costs, Permissions, policy,
};
use cost_providers::focus::FilesConfig;
use cost_report::{Cell, Document, Report, ReportError, Table, Text, ViewOptions, json_text};
use serde_json::json;

use super::pull::{into_estate, label, usd};
use super::runtime::to_its_end;
use super::{paid, progress};
use crate::args::{self, AwsArgs, IamPolicyArgs, LimitArgs, PullAwsArgs, WhoamiArgs};
use crate::exit::Exit;
use crate::{config, output, shown};

/// `cost aws`.
pub(crate) fn run(args: &args::Aws) -> anyhow::Result<Exit> {
    match args {
        args::Aws::Whoami(args) => whoami(args),
        args::Aws::IamPolicy(args) => iam_policy(args),
    }
}

/// Returns the configuration of the provider from the arguments and the configuration file.
fn config(args: &AwsArgs) -> anyhow::Result<AwsConfig> {
    let accounts = match args.accounts.as_slice() {
        [] => Accounts::Caller,
        [one] if one == "organization" => Accounts::Organization,
        listed => Accounts::Listed(listed.to_vec()),
    };
    let limits = limits(&args.limits, config::load(&args.config)?.network);
    Ok(AwsConfig::default()
        .profile(args.profile.clone())
        .role(args.role_arn.clone(), args.external_id.clone())
        .accounts(accounts)
        .member_role(&args.member_role)
        .regions(args.regions.clone())
        .limits(limits))
}

/// Returns the limits of calls: those of the arguments, else of the configuration.
fn limits(args: &LimitArgs, mut limits: CallLimits) -> CallLimits {
    let times = [
        (args.connect_timeout, &mut limits.connect),
        (args.idle_timeout, &mut limits.idle),
        (args.call_timeout, &mut limits.call),
        (args.service_timeout, &mut limits.service),
        (args.pull_timeout, &mut limits.pull),
    ];
    for (seconds, time) in times {
        *time = seconds.map_or(*time, |s| Duration::from_secs(u64::from(s)));
    }
    limits.attempts = args.attempts.unwrap_or(limits.attempts);
    limits.answer_mib = args.max_answer.unwrap_or(limits.answer_mib);
    limits
}

/// `cost pull aws`: bills, inventory, utilization, and prices from AWS.
pub(crate) fn pull(args: &PullAwsArgs) -> anyhow::Result<Exit> {
    let label = label(&args.into);
    let scope = PullScope::new(&args.into.into, label.as_of)
        .months(args.months)
        .utilization_days(args.utilization_days);
    // Reports on disk replace the bill of AWS; the other data still comes from AWS.
    let (costs, files) = match args.reports.as_deref() {
        None => (Costs::Explorer, None),
        Some(address) if address.starts_with("s3://") => (Costs::Reports(address.to_owned()), None),
        Some(path) => (Costs::Elsewhere, Some(FilesConfig::new(path))),
    };
    let config = config(&args.aws)?.costs(costs).resource_costs(args.with_resources);
    let (steps, waits) = progress::bar();
    to_its_end(async {
        let aws = AwsProvider::connect(&config, &scope, &waits).await?;
        if args.dry_run {
            let dry_run = DryRun { aws: aws.aws(), plan: &aws.plan() };
            shown::show(&dry_run, &args.into.shown, 0)?;
            return Ok(Exit::Fine);
        }
        let provider: Box<dyn Provider> = match files {
            Some(files) => Box::new(Joined::new(vec![files.open(&scope).await?, Box::new(aws)])),
            None => Box::new(aws),
        };
        let most = SpendLimit::of_cents(args.max_request_usd.saturating_mul(100));
        let provider = provider.within(most).within(steps);
        into_estate(provider, &args.into, &label).await.map_err(paid::with_cure)
    })?
}

/// Report of the requests that a pull would send, and their cost.
struct DryRun<'a> {
    aws: &'a Aws,
    plan: &'a RequestPlan,
}

impl DryRun<'_> {
    /// Returns the number of accounts, and the total number of their regions.
    fn accounts(&self) -> (usize, usize) {
        (self.aws.accounts.len(), self.aws.accounts.iter().map(|a| a.regions.len()).sum())
    }
}

impl Report for DryRun<'_> {
    fn json(&self) -> Result<String, ReportError> {
        let (accounts, regions) = self.accounts();
        let document = json!({
            "paid_requests": paid::planned(self.plan),
            "usd": usd(self.plan.cents()),
            "accounts": accounts,
            "regions": regions,
            "inventory_calls": self.aws.collections_planned(),
        });
        Ok(json_text(&document)? + "\n")
    }

    fn documents(&self, _: &ViewOptions) -> Vec<Document> {
        let (accounts, regions) = self.accounts();
        let mut doc = paid::document(self.plan);
        doc.line(format!(
            "Free: at least {} calls for the inventory of {accounts} accounts in {regions} regions in total.",
            self.aws.collections_planned()
        ));
        doc.line(
            "Also free: list prices, spot prices, and recommendations for the resources in the inventory.",
        );
        doc.line("Utilization: 0.01 USD per 1,000 metrics, 3 per instance and 2 per volume. The inventory determines how many there are.");
        vec![doc]
    }
}

/// `cost aws iam-policy`: the policy that a pull needs.
fn iam_policy(args: &IamPolicyArgs) -> anyhow::Result<Exit> {
    let policy = policy(&args.partition, args.bucket.as_deref(), &args.member_role);
    output::print(&(json_text(&policy)? + "\n"))?;
    Ok(Exit::Fine)
}

/// `cost aws whoami`: the caller's identity, accounts, and regions, and missing permissions.
fn whoami(args: &WhoamiArgs) -> anyhow::Result<Exit> {
    let config = config(&args.aws)?;
    let (_, waits) = progress::bar();
    let (aws, permissions) = to_its_end(async {
        let aws = Aws::connect(&config, &waits).await?;
        let permissions = aws.permissions().await;
        anyhow::Ok((aws, permissions))
    })??;
    let missing = match &permissions {
        Permissions::Known(all) => all.iter().filter(|p| p.allowed == Some(false)).count(),
        Permissions::Unknown(_) => 0,
    };
    shown::show(&WhoAmI { aws: &aws, permissions: &permissions }, &args.shown, 0)?;
    Ok(if missing > 0 || !aws.gaps.is_empty() { Exit::Crossed } else { Exit::Fine })
}

/// Report of the caller's identity, accounts, regions, and missing permissions.
struct WhoAmI<'a> {
    aws: &'a Aws,
    permissions: &'a Permissions,
}

impl Report for WhoAmI<'_> {
    fn json(&self) -> Result<String, ReportError> {
        let aws = self.aws;
        let who = &aws.identity;
        let account = |a: &Account| json!({ "id": a.id, "name": a.name, "regions": a.regions });
        let permissions = match self.permissions {
            Permissions::Unknown(error) => json!({ "unknown": error.to_string() }),
            Permissions::Known(all) => all
                .iter()
                .map(|p| json!({ "action": p.action, "why": p.why, "allowed": p.allowed }))
                .collect(),
        };
        let document = json!({
            "identity": { "account": who.account, "arn": who.arn, "partition": who.partition, "region": who.region },
            "accounts": aws.accounts.iter().map(account).collect::<Vec<_>>(),
            "partial": lines(&aws.gaps),
            "permissions": permissions,
        });
        Ok(json_text(&document)? + "\n")
    }

    fn documents(&self, _: &ViewOptions) -> Vec<Document> {
        let who = &self.aws.identity;
        let mut doc = Document::new(format!(
            "{} of account {}, partition {}",
            who.arn, who.account, who.partition
        ));
        let mut accounts = Table::new(&["account", "name", "regions"]);
        for account in &self.aws.accounts {
            let name = Cell::text(account.name.as_deref().unwrap_or_default());
            accounts.row([Cell::id(&account.id), name, Cell::text(regions(&account.regions))]);
        }
        doc.gap();
        doc.table(accounts);
        for gap in lines(&self.aws.gaps) {
            doc.gap();
            doc.line(gap);
        }
        doc.gap();
        list_permissions(&mut doc, self.permissions);
        vec![doc]
    }
}

fn list_permissions(doc: &mut Document, permissions: &Permissions) {
    let all = match permissions {
        Permissions::Known(all) => all,
        Permissions::Unknown(error) => {
            doc.line(format!("Permissions are unknown: {error}"));
            doc.line("Allow iam:SimulatePrincipalPolicy to see them here. A pull reports denied requests.");
            return;
        }
    };
    let mut missing = Table::new(&["missing permission", "needed for"]);
    for p in all.iter().filter(|p| p.allowed == Some(false)) {
        missing.row([p.action, p.why].map(Cell::text));
    }
    if missing.rows.is_empty() {
        doc.line("All permissions are present.");
    } else {
        doc.table(missing);
        doc.line(Text::literal("`cost aws iam-policy` prints the policy that allows them."));
    }
    let open =
        all.iter().filter(|p| p.allowed.is_none()).map(|p| p.action).collect::<Vec<_>>().join(", ");
    if !open.is_empty() {
        doc.line(format!("Depends on the bucket or role: {open}"));
    }
}

/// Returns up to five regions by name, else their number.
fn regions(all: &[String]) -> String {
    if all.len() > 5 { format!("{} enabled", all.len()) } else { all.join(", ") }
}
