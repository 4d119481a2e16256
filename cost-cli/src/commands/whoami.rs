//! `cost aws whoami`: who asks, where, and what is missing.

use cost_providers::api::lines;
use cost_providers::aws::{Aws, Permissions};
use cost_report::{Grid, json_text, terminal_text};
use serde_json::json;

use super::aws_session::connect;
use super::runtime::to_its_end;
use crate::args::{PlainFormat, WhoamiArgs};
use crate::exit::Exit;
use crate::output;

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
    output::print(&match args.format {
        PlainFormat::Table => table(&aws, &permissions, args.look.look(0).width),
        PlainFormat::Json => json(&aws, &permissions)?,
    })?;
    Ok(if missing > 0 || !aws.gaps.is_empty() { Exit::Crossed } else { Exit::Fine })
}

fn table(aws: &Aws, permissions: &Permissions, width: usize) -> String {
    let who = &aws.identity;
    let mut out = format!("{} of account {}, partition {}\n\n", terminal_text(&who.arn), who.account, who.partition);
    let mut accounts = Grid::new(&["account", "name", "regions"]);
    for account in &aws.accounts {
        accounts.row([account.id.clone(), account.name.clone().unwrap_or_default(), regions(&account.regions)]);
    }
    out.push_str(&accounts.render(width));
    for gap in lines(&aws.gaps) {
        out.push_str(&format!("\n{}\n", terminal_text(&gap)));
    }
    out.push('\n');
    match permissions {
        Permissions::Unknown(error) => out.push_str(&format!(
            "Permissions are not known: {}\nAllow iam:SimulatePrincipalPolicy to see them here; a pull says what it was denied.\n",
            terminal_text(&error.to_string())
        )),
        Permissions::Known(all) => {
            let mut missing = Grid::new(&["missing permission", "needed for"]);
            for p in all.iter().filter(|p| p.allowed == Some(false)) {
                missing.row([p.action.to_owned(), p.why.to_owned()]);
            }
            let open = all.iter().filter(|p| p.allowed.is_none()).map(|p| p.action).collect::<Vec<_>>().join(", ");
            if missing.is_empty() {
                out.push_str("All permissions are there.\n");
            } else {
                out.push_str(&missing.render(width));
                out.push_str("`cost aws iam-policy` prints the policy that allows them.\n");
            }
            if !open.is_empty() {
                out.push_str(&format!("It depends on the bucket or role: {open}\n"));
            }
        }
    }
    out
}

/// Regions by name, as long as they are few.
fn regions(all: &[String]) -> String {
    if all.len() > 5 { format!("{} enabled", all.len()) } else { all.join(", ") }
}

fn json(aws: &Aws, permissions: &Permissions) -> anyhow::Result<String> {
    let who = &aws.identity;
    let account = |a: &cost_providers::aws::Account| json!({ "id": a.id, "name": a.name, "regions": a.regions });
    let permissions = match permissions {
        Permissions::Unknown(error) => json!({ "unknown": error.to_string() }),
        Permissions::Known(all) => {
            all.iter().map(|p| json!({ "action": p.action, "why": p.why, "allowed": p.allowed })).collect()
        }
    };
    let whole = json!({
        "identity": { "account": who.account, "arn": who.arn, "partition": who.partition, "region": who.region },
        "accounts": aws.accounts.iter().map(account).collect::<Vec<_>>(),
        "partial": lines(&aws.gaps),
        "permissions": permissions,
    });
    Ok(json_text(&whole)? + "\n")
}
