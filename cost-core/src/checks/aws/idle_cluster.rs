//! Shared code of checks for unused clusters of databases whose API is that of RDS: `DocumentDB`
//! and Neptune. The instances of a cluster serve the same data, so a cluster is idle only if all of
//! them are, and they are removed together.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::lines;
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, ResourceUse};
use crate::checks::shared::final_snapshot::Kept;
use crate::checks::shared::idle::{IdleCheck, Seen};
use crate::checks::shared::{cost_now, covered_caveat, spend_of};
use crate::cloud::aws::arn::last_part;
use crate::inventory::{Kind, detail};
use crate::opportunity::{Action, Claim, Draft};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

/// A check for clusters without use.
pub(in crate::checks) struct IdleClusterCheck {
    /// The check of one instance; `is_there` accepts its hours.
    pub(in crate::checks) instance: IdleCheck,
    /// The final snapshot of the cluster.
    pub(in crate::checks) kept: Kept,
    /// A word in the name of the service in bills.
    pub(in crate::checks) service: &'static str,
    /// The command of the AWS CLI, such as `docdb`.
    pub(in crate::checks) command: &'static str,
    /// The Terraform resource of the cluster.
    pub(in crate::checks) terraform: &'static str,
}

/// Returns the trade-off of the removal of a cluster without connections, or without requests.
pub(in crate::checks) fn trade_off(cx: &Context<'_>, without: &str) -> TradeOff {
    let reason = format!("no {without} were measured, and a final snapshot retains the data");
    TradeOff::new(Level::Low, Level::Medium, &reason, cx.currency())
        .reliability("automated backups are deleted with it: only the final snapshot and manual snapshots stay")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "ask the owner; search configuration and secrets for its endpoints",
            "stop the cluster for up to seven days: it is started automatically after that",
        ])
        .rollback(&["restore the final snapshot and create the instances under the old identifiers, so that the endpoints are the same"])
}

/// The instances of a cluster that are billed, with the evidence of the busiest one.
struct Idle<'c> {
    members: Vec<&'c ResourceUse>,
    seen: Option<Seen>,
    in_use: bool,
}

impl Check for IdleClusterCheck {
    fn meta(&self) -> &'static CheckMeta {
        self.instance.meta
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let mut clusters: BTreeMap<(Option<&str>, &str, &str), Idle<'_>> = BTreeMap::new();
        for used in cx.named_once(self.instance.is_there, &mut out)? {
            let known = cx.resource(&used.resource_id);
            let Some(cluster) = known.and_then(|i| i.get(detail::CLUSTER_ID)) else {
                out.skip(
                    &used.resource_id,
                    "its cluster is unknown: the inventory does not show it",
                );
                continue;
            };
            let key = (used.sub_account_id.as_deref(), used.region_id.as_str(), cluster);
            let none = || Idle { members: Vec::new(), seen: None, in_use: false };
            let of = clusters.entry(key).or_insert_with(none);
            of.members.push(used);
            match self.instance.evidence(cx, used) {
                Ok(Some(seen)) => of.seen = of.seen.take().or(Some(seen)),
                Ok(None) => of.in_use = true,
                Err(reason) => {
                    of.in_use = true;
                    out.skip(&used.resource_id, reason);
                }
            }
        }
        for ((.., name), of) in clusters {
            if let Some(seen) = of.seen.filter(|_| !of.in_use) {
                self.judge(cx, (name, &of.members), seen, &mut out)?;
            }
        }
        self.kept.subtract(cx, &mut out)?;
        Ok(out)
    }
}

impl IdleClusterCheck {
    fn judge(
        &self,
        cx: &Context<'_>,
        (name, members): (&str, &[&ResourceUse]),
        seen: Seen,
        out: &mut CheckOutput,
    ) -> Result<(), CheckError> {
        let Some(first) = members.first() else { return Ok(()) };
        let mut claims: Vec<Claim> = Vec::new();
        for used in members {
            claims.extend(cx.claims(&used.resource_id, |_| true, Decimal::ONE)?);
        }
        for id in self.billed_as(cx, first, name) {
            claims.extend(cx.claims(id, |_| true, Decimal::ONE)?);
        }
        if spend_of(cx, &claims)?.is_zero_or_less() {
            return Ok(());
        }
        let asks = (self.instance.trade_off)(cx).caveat(covered_caveat(&claims));
        let draft = Draft::new(
            self.instance.meta.id,
            Action::Remove,
            &first.resource_id,
            cx.scope_of(first),
            asks,
        )
        .title(format!("Remove the idle {} {name}", self.instance.noun))
        .facts(seen.facts)
        .evidence("days measured", seen.days, "utilization")
        .evidence("instances", members.len(), "bill")
        .facts([cost_now(cx, &claims)?])
        .claims(claims);
        out.opportunities.push(self.runbook(draft, name).finish(cx.currency())?);
        Ok(())
    }

    /// Returns the IDs under which the cluster itself is billed, for its storage and I/O: with its
    /// identifier, or with its resource ID.
    fn billed_as<'c>(&self, cx: &'c Context<'_>, member: &ResourceUse, name: &str) -> Vec<&'c str> {
        let of_kind = cx.inventory.into_iter().flat_map(|i| i.of_kind(Kind::DbCluster));
        let known = of_kind.filter(|c| {
            c.name.as_deref() == Some(name) && c.sub_account_id == member.sub_account_id
        });
        let ids: Vec<&str> = known.filter_map(|c| c.get(detail::CLUSTER_RESOURCE_ID)).collect();
        let is_its = |u: &ResourceUse| {
            let id = last_part(&u.resource_id);
            u.resource_id.contains(":cluster:")
                && (&u.sub_account_id, &u.region_id) == (&member.sub_account_id, &member.region_id)
                && u.service_name.as_deref().is_some_and(|s| s.contains(self.service))
                && (id == name || ids.contains(&id))
        };
        let billed = cx.used(|u| !u.resource_id.is_empty()).filter(|u| is_its(u));
        let mut all: Vec<&str> = billed.map(|u| u.resource_id.as_str()).collect();
        all.dedup();
        all
    }

    /// Adds the lines that delete the cluster after a final snapshot, and restore it.
    fn runbook(&self, draft: Draft, name: &str) -> Draft {
        let (cli, id) = (self.command, shell_word(name));
        let last = shell_word(&format!("{name}-final"));
        let describe = format!("aws {cli} describe-db-clusters --db-cluster-identifier {id}");
        let instances =
            format!("aws {cli} describe-db-instances --filters Name=db-cluster-id,Values={id}");
        draft
            .rollout(&["ask the owner",
                "run the script: it takes a final snapshot, waits for it, and deletes the instances and the cluster",
            ])
            .run(format!("save cluster.json {describe}"))
            .run(format!(
                "save instances.txt {instances} --query 'DBInstances[].[DBInstanceIdentifier, DBInstanceClass, Engine]' --output text"
            ))
            .run(lines::save_input(
                "again.json",
                &describe,
                "DBClusters[0]",
                &[
                    ("DBClusterIdentifier", "DBClusterIdentifier"),
                    ("Engine", "Engine"),
                    ("VpcSecurityGroupIds", "VpcSecurityGroups[].VpcSecurityGroupId"),
                ],
                &[("DBSubnetGroupName", "DBSubnetGroup"), ("EngineVersion", "EngineVersion")],
            ))
            .run(format!(
                "save snapshot.json aws {cli} create-db-cluster-snapshot --db-cluster-identifier {id} --db-cluster-snapshot-identifier {last}"
            ))
            .run(format!(
                "until_is available 1440 aws {cli} describe-db-cluster-snapshots --db-cluster-snapshot-identifier {last} --query 'DBClusterSnapshots[0].Status' --output text"
            ))
            .run(format!(
                "aws {cli} modify-db-cluster --db-cluster-identifier {id} --no-deletion-protection --apply-immediately"
            ))
            .run(format!(
                "while read -r NAME _; do\n\
                 aws {cli} delete-db-instance --db-instance-identifier \"$NAME\"\n\
                 done < instances.txt"
            ))
            .run(format!(
                "until_is 0 120 {instances} --query 'length(DBInstances)' --output text"
            ))
            .run(format!("aws {cli} delete-db-cluster --db-cluster-identifier {id} --skip-final-snapshot"))
            .undo(format!(
                "aws {cli} restore-db-cluster-from-snapshot --cli-input-json file://again.json --snapshot-identifier {last}"
            ))
            .undo(format!("until_is available 240 {describe} --query 'DBClusters[0].Status' --output text"))
            .undo(format!(
                "while read -r NAME CLASS ENGINE; do\n\
                 aws {cli} create-db-instance --db-instance-identifier \"$NAME\" --db-instance-class \"$CLASS\" --engine \"$ENGINE\" --db-cluster-identifier {id}\n\
                 done < instances.txt"
            ))
            .watch("connection errors of applications, for a week")
            .terraform(format!("remove its {} with skip_final_snapshot = false", self.terraform))
    }
}
