//! Shared code of checks that move the nodes of a domain to another instance type of the same size.

use rust_decimal::Decimal;
use serde_json::json;

use crate::check::{Context, ResourceUse};
use crate::checks::aws::ec2::alternative::{at_least, same_size};
use crate::checks::aws::lines;
use crate::checks::aws::meter::{instance_type, kind};
use crate::checks::shared::cheaper;
use crate::checks::shared::plain::{Found, Look};
use crate::cloud::aws::arn::last_part;
use crate::cloud::aws::long;
use crate::opportunity::{Draft, Evidence};
use crate::price::{InstanceType, UnknownPrice};
use crate::runbook::shell_word;

/// The end of type names of nodes. Bills usually have them without it.
const SUFFIX: &str = ".search";

/// Returns whether a usage is hours of nodes.
pub(super) fn is_node(used: &ResourceUse) -> bool {
    kind(used) == "ESInstance"
}

/// Returns the EC2 type of the nodes, such as `m5.large`.
fn type_of(used: &ResourceUse) -> String {
    let name = instance_type(used).unwrap_or("");
    long(name.strip_suffix(SUFFIX).unwrap_or(name))
}

/// Returns whether no other node type of the domain costs more: data nodes and dedicated master
/// nodes can have different types, and one step changes one of them.
fn is_largest(cx: &Context<'_>, used: &ResourceUse) -> bool {
    let cost = |u: &ResourceUse| (u.now().effective.amount(), u.usage_type.clone());
    let of_domain = cx.of_resource(&used.resource_id).iter().filter(|u| is_node(u));
    of_domain.map(cost).max() == Some(cost(used))
}

/// Prices of two node types, USD per hour.
struct Prices {
    now: Decimal,
    then: Decimal,
    /// Whether the new price is estimated by the relation of both prices in another region.
    estimated: bool,
}

/// Returns the prices of two node types: those of the region, or the price paid now and the new one
/// by the relation in other regions.
fn prices(
    cx: &Context<'_>,
    used: &ResourceUse,
    (old, new): (&str, &str),
) -> Result<Prices, UnknownPrice> {
    let region = &used.region_id;
    let item = |name: &str| format!("{name}{SUFFIX}");
    let listed =
        cx.list(region, &item(old)).and_then(|now| Ok((now, cx.list(region, &item(new))?)));
    let unknown = match listed {
        Ok((now, then)) => return Ok(Prices { now, then, estimated: false }),
        Err(unknown) => unknown,
    };
    cx.usd_bill(new)?;
    let now = used.now().paid_unit_price().ok_or(unknown)?;
    let then = cx.prices.estimated_storage(region, (&item(old), now), &item(new))?;
    Ok(Prices { now, then: then.usd, estimated: true })
}

/// Returns the cheapest type of the same size that a check looks for and that is no worse in any
/// known property.
pub(super) fn another_node(
    cx: &Context<'_>,
    used: &ResourceUse,
    is_sought: fn(&InstanceType, &InstanceType) -> bool,
) -> Look {
    if !is_largest(cx, used) {
        return Ok(None);
    }
    let old = type_of(used);
    let today = cx.prices.instance_type(&old);
    let today = today.ok_or("the EC2 type in the name of its nodes is unknown")?;
    // Nodes with local disks have no EBS volumes, and other limits of storage.
    if today.local_storage_gb.is_some_and(|gb| gb > 0) {
        return Ok(None);
    }
    let fits = |new: &&InstanceType| {
        is_sought(new, today)
            && same_size(new, today)
            && new.local_storage_gb == today.local_storage_gb
            && at_least(
                new.coremark_iterations_per_s,
                today.coremark_iterations_per_s,
                Decimal::ONE_HUNDRED,
            )
    };
    let mut unknown = None;
    let mut found: Option<(Decimal, Prices, &str)> = None;
    for new in cx.prices.instance_types().filter(fits) {
        match prices(cx, used, (&old, &new.instance_type)) {
            Ok(of) => {
                let share = cheaper(of.now, of.then);
                if share > Decimal::ZERO && found.as_ref().is_none_or(|(best, ..)| share > *best) {
                    found = Some((share, of, &new.instance_type));
                }
            }
            // A type without a price is not offered.
            Err(e) => unknown = Some(e.why),
        }
    }
    let Some((share, of, new)) = found else {
        let listed = cx.list(&used.region_id, &format!("{old}{SUFFIX}")).is_ok();
        return match unknown {
            Some(why) if !listed => {
                Err(format!("prices of OpenSearch nodes in {} are unknown: {why}", used.region_id))
            }
            _ => Ok(None),
        };
    };
    Ok(Some(finding(used, (&old, new), share, &of)))
}

fn finding(used: &ResourceUse, (old, new): (&str, &str), share: Decimal, of: &Prices) -> Found {
    let name = last_part(&used.resource_id);
    let (old, new) = (format!("{old}{SUFFIX}"), format!("{new}{SUFFIX}"));
    let (current, source) = if of.estimated {
        ("bill", "estimated from other regions")
    } else {
        ("price list", "price list")
    };
    Found {
        share,
        uncertain: of.estimated,
        title: format!("Move the nodes of domain {name} from {old} to {new}"),
        facts: vec![
            Evidence::new("current price, USD per hour", of.now.round_dp(4).normalize(), current),
            Evidence::new("new price, USD per hour", of.then.round_dp(4).normalize(), source),
        ],
        change: Some(("node type", old, new)),
    }
}

/// Adds the lines that change the type of the data nodes or, if the old type is that of the
/// dedicated master nodes only, of these.
pub(super) fn runbook(draft: Draft, used: &ResourceUse) -> Draft {
    let id = shell_word(last_part(&used.resource_id));
    let old = shell_word(&format!("{}{SUFFIX}", type_of(used)));
    let new = shell_word(draft.changed_to());
    let describe = format!("aws opensearch describe-domain --domain-name {id}");
    let update = |to: &str| {
        format!(
            "if [ \"$DATA\" = {old} ]; then\n\
             aws opensearch update-domain-config --domain-name {id} --cluster-config InstanceType={to}\n\
             else\n\
             aws opensearch update-domain-config --domain-name {id} --cluster-config DedicatedMasterType={to}\n\
             fi\n\
             until_is False 1440 {describe} --query DomainStatus.Processing --output text"
        )
    };
    let data = lines::keep("DATA", &describe, "DomainStatus.ClusterConfig.InstanceType");
    let limits = format!(
        "VERSION=$({describe} --query DomainStatus.EngineVersion --output text)\n\
         aws opensearch describe-instance-type-limits --instance-type {new} --engine-version \"$VERSION\""
    );
    // The options are written to a file: which of them is set depends on the domain.
    let nodes = |to: &str| {
        let option = |key: &str| shell_word(&json!({ key: to }).to_string());
        format!(
            "if [ \"$DATA\" = {old} ]; then\necho {} > nodes.json\nelse\necho {} > nodes.json\nfi",
            option("InstanceType"),
            option("DedicatedMasterType")
        )
    };
    let before = format!("{limits}\n{data}\n{}", nodes(draft.changed_to()));
    let undo_before = format!(". ./ids.sh\n{}", nodes(&format!("{}{SUFFIX}", type_of(used))));
    let option = "--cluster-config file://nodes.json";
    draft
        .way(lines::by_domain_update(&id, (&before, &undo_before), (option, option)))
        .rollout(&[
            "the service copies all shards to the new nodes (blue/green): wait until it is done",
        ])
        .run(format!("save domain.json {describe}"))
        .run(limits)
        .run(data)
        .run(update(&new))
        .undo(". ./ids.sh")
        .undo(update(&old))
        .watch("SearchLatency, IndexingLatency, CPUUtilization, and JVMMemoryPressure, for a week")
        .terraform(format!("aws_opensearch_domain: cluster_config {{ instance_type = \"{new}\" }}"))
}
