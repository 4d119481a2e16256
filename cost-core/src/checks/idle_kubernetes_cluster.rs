//! Kubernetes clusters without nodes.
//!
//! In:  resource-by-month rows of EKS cluster hours; inventory `eks-node-group` rows.
//! Out: one `Remove` opportunity a cluster.

use rust_decimal::Decimal;

use super::plain::{Found, PlainCheck, name_of};
use crate::check::{CheckMeta, Context, Group, Input, Meter};
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

static META: CheckMeta = CheckMeta {
    id: "idle_kubernetes_cluster",
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
EKS clusters billed in this month and the one before whose managed node groups all want no node, or that have none. It is skipped where the
inventory has no node groups at all: they may not have been collected. Self-managed nodes, Karpenter and Fargate pods are not seen: `low`
is 0.
## How the saving is computed
Per month of 730 h: EffectiveCost of the cluster's hours.
## Trade-offs
Everything that only the cluster's own store holds is gone: manifests must be in version control.
## Source
Amazon EKS pricing; Amazon EKS User Guide, \"Delete a cluster\". Read 2026-11.",
};

pub(super) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Remove,
    wanted: |u| Meter::parse(&u.usage_type).kind.starts_with("AmazonEKS-Hours"),
    look: |cx, used| {
        let groups: Vec<_> = cx.inventory.into_iter().flat_map(|i| i.of_kind("eks-node-group")).collect();
        if groups.is_empty() {
            return Err("the inventory has no node groups: they may not have been collected".to_owned());
        }
        let name = name_of(cx, used);
        let of_cluster: Vec<_> = groups.iter().filter(|g| g.text("Cluster") == Some(name)).collect();
        let nodes = of_cluster.iter().map(|g| g.whole("DesiredSize")).collect::<Option<Vec<_>>>();
        let nodes: i64 = nodes.ok_or("the inventory does not say how many nodes its groups want")?.into_iter().sum();
        Ok((nodes == 0 && used.months.len() > 1).then(|| Found {
            share: Decimal::ONE,
            uncertain: true,
            title: format!("Remove cluster {name}: it has no nodes"),
            facts: vec![
                Evidence::new("managed node groups", of_cluster.len(), "inventory"),
                Evidence::new("nodes they want", nodes, "inventory"),
            ],
            change: None,
        }))
    },
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(name_of(cx, used));
        draft
            .rollout(&[
                "see that no pod runs, on whatever nodes",
                "delete services of type LoadBalancer first, then the cluster",
            ])
            .run("kubectl get nodes,pods --all-namespaces")
            .run(format!("aws eks delete-cluster --name {id}"))
            .undo("make the cluster again from Terraform and apply the manifests")
            .watch("deployments that name the cluster")
            .terraform("remove its aws_eks_cluster")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "nodes of other kinds (self-managed, Karpenter, Fargate) are not in the inventory";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("if it is a recovery cluster that is scaled to nothing, the plan loses it: ask")
        .undo(Reversibility::WithEffort)
        .test_first(&["kubectl get nodes: it must be empty", "ask whether it is kept for recovery"])
        .rollback(&["make the cluster again; its endpoint is new"])
}
