//! Kubernetes clusters without nodes.
//!
//! In:  monthly resource rows of EKS cluster hours; inventory `eks-node-group` rows.
//! Out: one `Remove` opportunity per cluster.

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, Input};
use crate::checks::aws::meter::kind;
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::cloud::Provider;
use crate::inventory::{Kind, Resource, detail};
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

static META: CheckMeta = CheckMeta {
    id: "idle_kubernetes_cluster",
    provider: Some(Provider::Aws),
    service: "eks",
    title: "Kubernetes clusters without nodes",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["eks:ListClusters", "eks:ListNodegroups", "eks:DescribeNodegroup"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 2,
    thresholds: &[],
    docs: "\
## What it finds
EKS clusters billed in this month and the previous one whose managed node groups all have a desired size of 0, or that have no node groups. The
inventory must have no instance that is a node according to its tags (self-managed nodes and Karpenter nodes have such tags), and the bill no Fargate
pod. If the inventory has no node groups at all, the check is skipped, because they may not have been collected. `low` is 0.
## How the saving is computed
Per month of 730 h: EffectiveCost of the cluster's hours.
## Trade-offs
Everything stored only in the cluster is lost. Manifests must be in version control.
## Source
Amazon EKS pricing; Amazon EKS User Guide, \"Delete a cluster\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Remove,
    wanted: |u| kind(u).starts_with("AmazonEKS-Hours"),
    look: |cx, used| {
        let groups: Vec<_> =
            cx.inventory.into_iter().flat_map(|i| i.of_kind(Kind::EksNodeGroup)).collect();
        if groups.is_empty() {
            return Err(
                "the inventory has no node groups: they may not have been collected".to_owned()
            );
        }
        let name = name_of(cx, used);
        let same_account =
            |r: &Resource| r.sub_account_id.is_none() || r.sub_account_id == used.sub_account_id;
        let own = |g: &&&Resource| g.get(detail::CLUSTER) == Some(name) && same_account(g);
        let of_cluster: Vec<_> = groups.iter().filter(own).collect();
        let nodes =
            of_cluster.iter().map(|g| g.get(detail::DESIRED_SIZE)).collect::<Option<Vec<_>>>();
        let nodes: i64 = nodes
            .ok_or("the desired size of its node groups is missing from the inventory")?
            .into_iter()
            .sum();
        let mut instances = cx
            .inventory
            .into_iter()
            .flat_map(|i| i.of_kind(Kind::Instance))
            .filter(|i| same_account(i));
        let has_others = instances.any(|i| is_node(i, name)) || has_pods(cx, name);
        Ok((nodes == 0 && !has_others && used.months.len() > 1).then(|| Found {
            share: Decimal::ONE,
            uncertain: false,
            title: format!("Remove cluster {name}: it has no nodes"),
            facts: vec![
                Evidence::new("managed node groups", of_cluster.len(), "inventory"),
                Evidence::new("desired number of nodes", nodes, "inventory"),
            ],
            change: None,
        }))
    },
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(name_of(cx, used));
        draft
            .rollout(&[
                "check that no pod runs on any node",
                "delete services of type LoadBalancer first, then the cluster",
            ])
            .run(format!("aws eks update-kubeconfig --name {id} --kubeconfig \"$PWD/kubeconfig\""))
            .run("NODES=$(kubectl --kubeconfig kubeconfig get nodes -o name)")
            .run("[ -z \"$NODES\" ] || { echo 'it has nodes' >&2; exit 1; }")
            .run(format!("save cluster.json aws eks describe-cluster --name {id}"))
            .run(format!("for GROUP in $(aws eks list-nodegroups --cluster-name {id} --query 'nodegroups[]' --output text); do"))
            .run(format!("save \"group-$GROUP.json\" aws eks describe-nodegroup --cluster-name {id} --nodegroup-name \"$GROUP\""))
            .run(format!("aws eks delete-nodegroup --cluster-name {id} --nodegroup-name \"$GROUP\""))
            .run(format!("aws eks wait nodegroup-deleted --cluster-name {id} --nodegroup-name \"$GROUP\"\ndone"))
            .run(format!("for PROFILE in $(aws eks list-fargate-profiles --cluster-name {id} --query 'fargateProfileNames[]' --output text); do"))
            .run(format!("save \"profile-$PROFILE.json\" aws eks describe-fargate-profile --cluster-name {id} --fargate-profile-name \"$PROFILE\""))
            .run(format!("aws eks delete-fargate-profile --cluster-name {id} --fargate-profile-name \"$PROFILE\""))
            .run(format!("aws eks wait fargate-profile-deleted --cluster-name {id} --fargate-profile-name \"$PROFILE\"\ndone"))
            .run(format!("aws eks delete-cluster --name {id}"))
            .watch("deployments that name the cluster")
            .terraform("remove its aws_eks_cluster")
    },
};

/// Returns whether an instance is a node of a cluster, by the tags that Kubernetes and EKS require
/// or set.
/// Amazon EKS User Guide, "Maintain nodes yourself with self-managed nodes" and "Tag your Amazon
/// EKS resources".
fn is_node(instance: &Resource, cluster: &str) -> bool {
    let owned = format!("kubernetes.io/cluster/{cluster}");
    let named = ["aws:eks:cluster-name", "eks:cluster-name", "eks:eks-cluster-name"];
    instance
        .tags
        .iter()
        .any(|(key, value)| *key == owned || (named.contains(&key.as_str()) && value == cluster))
}

/// Returns whether Fargate ran pods of a cluster: `arn:aws:eks:REGION:ACCOUNT:pod/CLUSTER/…` in the
/// bill.
fn has_pods(cx: &Context<'_>, cluster: &str) -> bool {
    let part = format!(":pod/{cluster}/");
    cx.used(|u| u.resource_id.contains(&part)).next().is_some()
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "nodes whose tags do not contain the cluster's name are not detected";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability(
            "if it is a recovery cluster scaled to zero, the recovery plan loses it: ask first",
        )
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "run kubectl get nodes: it must return no nodes",
            "ask whether it is needed for recovery",
        ])
        .rollback(&["create the cluster again; its endpoint is new"])
}
