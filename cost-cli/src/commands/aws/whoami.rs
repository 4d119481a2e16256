//! `cost aws whoami`: the caller's identity, accounts, and regions, and missing permissions.

use cost_providers::api::lines;
use cost_providers::aws::{Aws, Permissions};
use cost_report::{Cell, Document, Report, ReportError, Table, Text, ViewOptions, json_text};
use serde_json::json;

use super::session::connect;
use crate::args::WhoamiArgs;
use crate::commands::runtime::to_its_end;
use crate::exit::Exit;
use crate::shown;

pub(crate) fn run(args: &WhoamiArgs) -> anyhow::Result<Exit> {
    let (aws, permissions) = to_its_end(async {
        let aws = connect(&args.aws).await?;
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
        let account = |a: &cost_providers::aws::Account| json!({ "id": a.id, "name": a.name, "regions": a.regions });
        let permissions = match self.permissions {
            Permissions::Unknown(error) => json!({ "unknown": error.to_string() }),
            Permissions::Known(all) => all
                .iter()
                .map(|p| json!({ "action": p.action, "why": p.why, "allowed": p.allowed }))
                .collect(),
        };
        let whole = json!({
            "identity": { "account": who.account, "arn": who.arn, "partition": who.partition, "region": who.region },
            "accounts": aws.accounts.iter().map(account).collect::<Vec<_>>(),
            "partial": lines(&aws.gaps),
            "permissions": permissions,
        });
        Ok(json_text(&whole)? + "\n")
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
        permissions(&mut doc, self.permissions);
        vec![doc]
    }
}

fn permissions(doc: &mut Document, permissions: &Permissions) {
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
