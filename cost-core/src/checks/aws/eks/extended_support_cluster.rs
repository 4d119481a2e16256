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
An upgrade of control plane, add-ons, and nodes, one minor version at a time and in this order. Replace removed APIs first. Each node group is
replaced once per version. The script stops if an upgrade insight reports an error, or a node does not follow.
## Source
Amazon EKS User Guide, \"Understand the Kubernetes version lifecycle on EKS\", \"Update existing cluster to new Kubernetes version\", and \"Update an
Amazon EKS add-on\". Read 2026-11.",
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
                "upgrade a test cluster first, with the same add-ons and manifests",
                "the script upgrades one minor version at a time, each in this order: control plane, add-ons, managed node groups, and a check that all nodes have the new version",
                "in production, set TARGET to the next version only and run the script once per version, days apart: a cluster that is three versions behind needs three runs",
            ])
            .run(format!("save cluster.json aws eks describe-cluster --name {id}"))
            .run(": \"${TARGET:?set TARGET to the version of Kubernetes that the tests have passed, such as 1.34}\"")
            .run(format!("aws eks update-kubeconfig --name {id} --kubeconfig \"$PWD/kubeconfig\""))
            .run("while :; do")
            .run(format!("NOW=$(aws eks describe-cluster --name {id} --query cluster.version --output text)"))
            .run(add_ons_follow(&id))
            .run(node_groups_follow(&id))
            .run(NODES_HAVE_FOLLOWED)
            .run("[ \"${NOW#*.}\" -lt \"${TARGET#*.}\" ] || break")
            .run(next_version(&id))
            .run("done")
            .watch("API server errors, pods that do not start, deprecated API calls in audit logs")
            .terraform("aws_eks_cluster: version; aws_eks_addon: addon_version; aws_eks_node_group: version; one minor version per apply")
    },
};

/// Returns lines that update each add-on without support for the version of the control plane to the
/// default version for it, and wait.
fn add_ons_follow(id: &str) -> String {
    format!(
        "for ADDON in $(aws eks list-addons --cluster-name {id} --query 'addons[]' --output text); do\n\
         HAS=$(aws eks describe-addon --cluster-name {id} --addon-name \"$ADDON\" --query addon.addonVersion --output text)\n\
         FIT=$(aws eks describe-addon-versions --addon-name \"$ADDON\" --kubernetes-version \"$NOW\" --query \"length(addons[0].addonVersions[?addonVersion=='$HAS'])\" --output text)\n\
         if [ \"$FIT\" = 0 ]; then\n\
         NEW=$(aws eks describe-addon-versions --addon-name \"$ADDON\" --kubernetes-version \"$NOW\" --query 'addons[0].addonVersions[?compatibilities[0].defaultVersion].addonVersion | [0]' --output text)\n\
         aws eks update-addon --cluster-name {id} --addon-name \"$ADDON\" --addon-version \"$NEW\" --resolve-conflicts PRESERVE\n\
         aws eks wait addon-active --cluster-name {id} --addon-name \"$ADDON\"\n\
         fi\n\
         done"
    )
}

/// Returns lines that update each managed node group to the version of the control plane, and wait.
fn node_groups_follow(id: &str) -> String {
    format!(
        "for GROUP in $(aws eks list-nodegroups --cluster-name {id} --query 'nodegroups[]' --output text); do\n\
         HAS=$(aws eks describe-nodegroup --cluster-name {id} --nodegroup-name \"$GROUP\" --query nodegroup.version --output text)\n\
         if [ \"$HAS\" != \"$NOW\" ]; then\n\
         aws eks update-nodegroup-version --cluster-name {id} --nodegroup-name \"$GROUP\" --kubernetes-version \"$NOW\"\n\
         aws eks wait nodegroup-active --cluster-name {id} --nodegroup-name \"$GROUP\"\n\
         fi\n\
         done"
    )
}

/// Lines that end the script if a node has another version than the control plane: nodes
/// outside of managed node groups, and pods on Fargate, must follow before the next version.
const NODES_HAVE_FOLLOWED: &str = "NODES=$(kubectl --kubeconfig kubeconfig get nodes -o jsonpath='{range .items[*]}{.metadata.name} {.status.nodeInfo.kubeletVersion}{\"\\n\"}{end}')\n\
    OLD=$(grep -v \" v$NOW[.]\" <<< \"$NODES\" || true)\n\
    [ -z \"$OLD\" ] || { echo \"replace these nodes, then run this again: $OLD\" >&2; exit 1; }";

/// Returns lines that upgrade the control plane by one minor version, if no insight of EKS finds an
/// obstacle, and wait.
fn next_version(id: &str) -> String {
    format!(
        "NEXT=\"${{NOW%%.*}}.$((${{NOW#*.}} + 1))\"\n\
         ERRORS=$(aws eks list-insights --cluster-name {id} --filter \"categories=[UPGRADE_READINESS],kubernetesVersions=[$NEXT],statuses=[ERROR]\" --query 'insights[].name' --output text)\n\
         [ -z \"$ERRORS\" ] || {{ echo \"not ready for $NEXT: $ERRORS\" >&2; exit 1; }}\n\
         UPDATE=$(aws eks update-cluster-version --name {id} --kubernetes-version \"$NEXT\" --query update.id --output text)\n\
         until_is Successful 120 aws eks describe-update --name {id} --update-id \"$UPDATE\" --query update.status --output text"
    )
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "versions remove APIs, and a control plane cannot be downgraded";
    TradeOff::new(Level::High, Level::Medium, reason, cx.currency())
        .reliability("better after the upgrade: the current version gets fixes")
        .no_downtime("none for workloads that run on several nodes with disruption budgets")
        .undo(Reversibility::Irreversible)
        .caveats(&["a node group with its own image (AMI) needs a new version of its launch template first"])
        .test_first(&[
            "check EKS upgrade insights",
            "upgrade a copy of the cluster with the same manifests",
        ])
        .rollback(&["blue/green: move workloads back to a second cluster with the old version"])
}
