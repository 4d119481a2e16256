//! Kubernetes clusters that pay extended support for an old version.
//!
//! In:  monthly resource rows of EKS `extendedSupport` hours, and of standard ones.
//! Out: one `Modify` opportunity per cluster.

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, ResourceUse};
use crate::checks::aws::meter::kind;
use crate::checks::shared::cheaper;
use crate::checks::shared::plain::{Found, PlainCheck, name_of};
use crate::cloud::Provider;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

static META: CheckMeta = CheckMeta {
    id: "extended_support_cluster",
    provider: Some(Provider::Aws),
    service: "eks",
    title: "Kubernetes clusters that pay for extended support",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[],
    permissions: &["eks:DescribeCluster"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
EKS clusters with hours of `extendedSupport`. From 14 months after its release, a Kubernetes version costs several times as much per hour. Needs
only the bill.
## How the saving is computed
Per month of 730 h: EffectiveCost of these hours × (1 − price of a standard hour ÷ price of an extended support hour). The standard price is the
price in the bill, or else the list price. If the bill also has standard hours for the cluster, the extended support hours are a surcharge and are
saved completely.
## Trade-offs
An upgrade of control plane, nodes, and add-ons, one minor version at a time. Replace removed APIs first.
## Source
Amazon EKS User Guide, \"Understand the Kubernetes version lifecycle on EKS\". Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| kind(u).contains("AmazonEKS-Hours:extendedSupport"),
    look: |cx, used| {
        let now = used.now();
        let hours = now
            .quantity
            .ok_or("the price per hour cannot be determined: PricingQuantity is missing")?;
        let price = now.effective.amount().checked_div(hours).ok_or("no hours")?;
        // If these hours are a surcharge on standard hours, all of them are saved.
        let is_standard = |u: &&ResourceUse| kind(u).contains("AmazonEKS-Hours:perCluster");
        let both = cx
            .of_resource(&used.resource_id)
            .iter()
            .find(is_standard)
            .and_then(|u| u.now().quantity);
        if both.is_some_and(|standard| standard * Decimal::TWO >= hours) {
            return Ok(Some(Found {
                share: Decimal::ONE,
                uncertain: false,
                title: format!("Upgrade cluster {} out of extended support", name_of(cx, used)),
                facts: vec![Evidence::new(
                    "surcharge per hour",
                    price.round_dp(4).normalize(),
                    "bill",
                )],
                change: None,
            }));
        }
        let (standard, source) = cx
            .paid_or_list(&used.region_id, "AmazonEKS-Hours:perCluster", "eks-cluster")
            .map_err(|unknown| unknown.to_string())?;
        Ok(Some(Found {
            share: cheaper(price, standard).max(Decimal::ZERO),
            uncertain: false,
            title: format!("Upgrade cluster {} out of extended support", name_of(cx, used)),
            facts: vec![
                Evidence::new("current price per hour", price.round_dp(4).normalize(), "bill"),
                Evidence::new(
                    "price per hour in standard support",
                    standard.round_dp(4).normalize(),
                    source,
                ),
            ],
            change: None,
        }))
    },
    trade_off,
    runbook: |draft, cx, used| {
        let id = shell_word(name_of(cx, used));
        draft
            .rollout(&[
                "upgrade a development cluster first",
                "upgrade the control plane, then nodes, then add-ons, one minor version at a time",
            ])
            .run(format!("aws eks list-insights --cluster-name {id}"))
            .run(": \"${VERSION:?set VERSION to the next minor version of Kubernetes}\"")
            .run("NAME=\"UPDATE_${VERSION//./_}\"")
            .run(format!("once \"$NAME\" aws eks update-cluster-version --name {id} --kubernetes-version \"$VERSION\" --query update.id --output text"))
            .run(format!("until_is Successful 120 aws eks describe-update --name {id} --update-id \"${{!NAME}}\" --query update.status --output text"))
            .run("echo 'upgrade these node groups and add-ons next:'")
            .run(format!("aws eks list-nodegroups --cluster-name {id}"))
            .run(format!("aws eks list-addons --cluster-name {id}"))
            .run("echo 'if the cluster is still in extended support, repeat this with the next version'")
            .watch("API server errors, pods that do not start, deprecated API calls in audit logs")
            .terraform("aws_eks_cluster: version")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "versions remove APIs, and a control plane cannot be downgraded";
    TradeOff::new(Level::High, Level::Medium, reason, cx.currency())
        .reliability("better after the upgrade: the current version gets fixes")
        .no_downtime("none for workloads that run on several nodes with disruption budgets")
        .undo(Reversibility::Irreversible)
        .test_first(&[
            "check EKS upgrade insights",
            "upgrade a copy of the cluster with the same manifests",
        ])
        .rollback(&["blue/green: move workloads back to a second cluster with the old version"])
}
