//! What a reviewer would refuse (CONTRIBUTING.md, "Advice"), as properties of random inventories.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::json;

use super::super::registry;
use super::world::{World, bare, busy, hourly, resource};
use crate::cloud::aws::Ec2Type;
use crate::inventory::Resource;
use crate::money::Currency;
use crate::opportunity::{Action, Opportunity};
use crate::plan::{JointPlan, Limits, Pools, plan};
use crate::price::{InstanceType, PriceBook};
use crate::tradeoff::Level;
use crate::usage::{Metric, Use};

/// Instance and volume IDs.
const IDS: [(&str, &str); 6] = [
    ("i-0a", "vol-0a"),
    ("i-0b", "vol-0b"),
    ("i-0c", "vol-0c"),
    ("i-0d", "vol-0d"),
    ("i-0e", "vol-0e"),
    ("i-0f", "vol-0f"),
];
/// Usage types, and what 744 hours cost on demand: 744 × the list price in us-east-1. Several
/// generations, makers, hypervisors, and architectures, with and without local disks and credits.
const MACHINES: [(&str, &str); 14] = [
    ("BoxUsage:m5.xlarge", "142.848"),
    ("BoxUsage:m5.4xlarge", "571.392"),
    ("BoxUsage:m4.xlarge", "148.8"),
    ("BoxUsage:c4.2xlarge", "296.112"),
    ("BoxUsage:c5.4xlarge", "505.92"),
    ("BoxUsage:r4.xlarge", "197.904"),
    ("BoxUsage:r5.2xlarge", "374.976"),
    ("BoxUsage:t3.medium", "30.9504"),
    ("BoxUsage:t2.large", "69.0432"),
    ("BoxUsage:m6i.large", "71.424"),
    ("BoxUsage:m6g.xlarge", "114.576"),
    ("BoxUsage:m7i.2xlarge", "299.9808"),
    ("BoxUsage:m5d.xlarge", "168.144"),
    ("BoxUsage:i3.large", "116.064"),
];

/// A random instance.
#[derive(Clone, Debug)]
struct Machine {
    kind: usize,
    /// CPU in quiet and busy hours, percent, and how many of 24 hours are busy.
    cpu: (f64, f64, i64),
    memory_pct: Option<f64>,
    /// Bytes per hour.
    network: Option<f64>,
    ebs: Option<f64>,
    group: Option<bool>,
}

fn machine() -> impl Strategy<Value = Machine> {
    let cpu = (0.0..60.0_f64, 0.0..100.0_f64, 0..24_i64);
    let bytes = || proptest::option::of((6.0..12.5_f64).prop_map(|log| 10.0_f64.powf(log)));
    (
        0..MACHINES.len(),
        cpu,
        proptest::option::of(1.0..100.0_f64),
        bytes(),
        bytes(),
        proptest::option::weighted(0.3, any::<bool>()),
    )
        .prop_map(|(kind, cpu, memory_pct, network, ebs, group)| Machine {
            kind,
            cpu: (cpu.0, cpu.1.max(cpu.0), cpu.2),
            memory_pct,
            network,
            ebs,
            group,
        })
}

impl Machine {
    fn uses(&self) -> Use {
        let (quiet, high, hours) = self.cpu;
        let at = |hour: i64| if hour % 24 < hours { high } else { quiet };
        let mut of = busy(Use::default(), 30, Metric::CpuMax, at);
        of = busy(of, 30, Metric::CpuMean, |hour| at(hour) / 2.0);
        if let Some(pct) = self.memory_pct {
            of = busy(of, 30, Metric::MemoryMax, |_| pct);
        }
        if let Some(bytes) = self.network {
            of = busy(of, 30, Metric::Network, |_| bytes);
        }
        of
    }

    fn group(&self) -> Option<&'static str> {
        self.group.map(|first| if first { "web" } else { "api" })
    }
}

/// Returns the estate of machines: instances of one group have one type.
fn world(machines: &[Machine]) -> World {
    let mut world = World::default();
    for (machine, (id, volume)) in machines.iter().zip(IDS) {
        let (usage, cost) = MACHINES[machine.kind];
        world.lines.push(hourly(id, usage, cost));
        let details = machine.group().map_or(json!({}), |g| json!({ "AutoScalingGroup": g }));
        let disk = Resource { attached_to: Some(id.to_owned()), ..bare("volume", volume) };
        world = world.with([resource("instance", id, details), disk]).seen(id, machine.uses());
        if let Some(bytes) = machine.ebs {
            world = world.seen(volume, busy(Use::default(), 30, Metric::Network, |_| bytes));
        }
    }
    world
}

/// Members of a group have the type of its first member, as its launch template says.
fn same_types(mut machines: Vec<Machine>) -> Vec<Machine> {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for machine in &mut machines {
        if let Some(group) = machine.group() {
            machine.kind = *first.entry(group).or_insert(machine.kind);
        }
    }
    machines
}

fn number(of: &InstanceType, fact: Option<rust_decimal::Decimal>) -> f64 {
    of.number(fact).unwrap_or(0.0)
}

/// Returns what a reviewer would refuse in a change of instance type.
fn refusals(o: &Opportunity, members: &[&Machine], book: &PriceBook) -> Vec<String> {
    let Some(change) = o.change.as_ref().filter(|c| c.what == "instance type") else {
        return Vec::new();
    };
    let of = |name: &str| book.instance_type(name).expect("a type of the list");
    let (old, new) = (of(&change.from), of(&change.to));
    let arm = |t: &InstanceType| t.architectures.contains("arm64");
    let script = o.runbook.commands.join("\n");
    let sized = o.check.starts_with("oversized");
    let (mib, was) = (new.memory_mib.unwrap_or(0), old.memory_mib.unwrap_or(0));
    // A type of the same size has today's memory, whatever is used of it.
    let mib_needed = |m: &&Machine| {
        let was = f64::from(u32::try_from(was).unwrap());
        let needed = m.memory_pct.map_or(was, |pct| was * pct / 85.0);
        if sized { needed } else { needed.min(was) }
    };
    let ebs = |m: &&Machine| m.ebs.map_or(0.0, |bytes| bytes * 8.0 / 3600.0 / 1e6 * 2.0);
    let ebs_old = number(old, old.ebs_baseline_mbps);
    let ebs_new = number(new, new.ebs_baseline_mbps);
    let net = |m: &&Machine| m.network.map_or(0.0, |bytes| bytes * 8.0 / 3600.0 / 1e9 * 2.0);
    let net_old = number(old, old.network_baseline_gbps);
    let net_new = number(new, new.network_baseline_gbps);
    let cpu = |m: &&Machine| {
        let (quiet, high, hours) = m.cpu;
        let p99 = if hours > 0 { high } else { quiet };
        p99 * old.speed().unwrap() / new.speed().unwrap()
    };
    // Hours are stored in two bytes: counts to 0.07 %, percentages to hundredths.
    let below = |has: f64, needs: f64| has < needs * 0.998 - 0.01;
    let mib_f = f64::from(u32::try_from(mib).unwrap());
    [
        (new.current_generation != Some(true) && new.family() != old.family(), "an old generation"),
        (!old.is_xen() && new.is_xen(), "back to Xen"),
        (arm(old) != arm(new) && o.trade_off.effort != Level::High, "a rebuild with little effort"),
        (arm(old) != arm(new) && !change.architecture_change, "a hidden change of architecture"),
        (
            arm(old) != arm(new) && script.contains("modify-instance-attribute"),
            "another architecture in place",
        ),
        (new.local_storage_gb < old.local_storage_gb, "less local storage"),
        (new.gpus < old.gpus, "fewer GPUs"),
        (members.iter().any(|m| below(mib_f, mib_needed(m))), "less memory than needed"),
        (
            members.iter().any(|m| below(ebs_new, ebs(m).min(ebs_old))),
            "less EBS bandwidth than measured",
        ),
        (
            sized && members.iter().any(|m| below(net_new, net(m))) && net_new < net_old,
            "less network than measured",
        ),
        (
            sized && members.iter().any(|m| cpu(m) > 70.1) && new.speed() < old.speed(),
            "a busy machine made slower",
        ),
    ]
    .into_iter()
    .filter(|(refused, _)| *refused)
    .map(|(_, why)| format!("{} {} to {}: {why}", o.check, old.instance_type, new.instance_type))
    .collect()
}

/// Returns steps on slices of cost that another step of the plan removes.
fn after_removal(plan: &JointPlan, all: &[Opportunity]) -> Vec<String> {
    let steps = plan.by_opportunity();
    let taken: Vec<&Opportunity> =
        all.iter().filter(|o| steps.contains_key(o.id.as_str())).collect();
    let removed: BTreeSet<_> = taken
        .iter()
        .filter(|o| o.action == Action::Remove)
        .flat_map(|o| o.claims.iter().map(crate::opportunity::Claim::key))
        .collect();
    taken
        .iter()
        .filter(|o| !matches!(o.action, Action::Remove | Action::Allocate))
        .filter(|o| o.claims.iter().any(|c| removed.contains(&c.key())))
        .map(|o| format!("{} on what another step removes: {}", o.check, o.subject))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn no_reviewer_refuses_the_advice(
        machines in proptest::collection::vec(machine(), 1..=IDS.len()).prop_map(same_types)
    ) {
        let book = PriceBook::bundled().unwrap();
        let (all, _) = world(&machines).run_these(registry());
        let mut refused = Vec::new();
        for o in &all {
            let of_subject: Vec<&Machine> = machines
                .iter()
                .zip(IDS)
                .filter(|(m, (id, _))| *id == o.subject || m.group() == Some(o.subject.as_str()))
                .map(|(m, _)| m)
                .collect();
            refused.extend(refusals(o, &of_subject, &book));
            let is_member = machines.iter().zip(IDS).any(|(m, (id, _))| *id == o.subject && m.group().is_some());
            if is_member && matches!(o.action, Action::Modify | Action::Schedule | Action::Remove | Action::Spot) {
                refused.push(format!("{} on a member of a group", o.check));
            }
        }
        let of_plan = plan(&all, &Pools::default(), &Limits::default(), Currency::USD).unwrap();
        refused.extend(after_removal(&of_plan, &all));
        prop_assert!(refused.is_empty(), "{refused:#?}");
    }
}

#[test]
fn prices_of_the_machines_are_those_of_the_list() {
    let book = PriceBook::bundled().unwrap();
    for (usage, cost) in MACHINES {
        let name = usage.strip_prefix("BoxUsage:").unwrap();
        let listed = book.on_demand_linux("us-east-1", name).unwrap();
        let cost: rust_decimal::Decimal = cost.parse().unwrap();
        assert_eq!(listed * rust_decimal::Decimal::from(744), cost, "{name}");
    }
}

/// EKS owns the Auto Scaling group of a managed node group.
#[test]
fn nodes_of_a_managed_node_group_change_through_eks() {
    let machine = Machine {
        kind: 0,
        cpu: (5.0, 10.0, 3),
        memory_pct: Some(20.0),
        network: None,
        ebs: None,
        group: Some(true),
    };
    let details = json!({ "Cluster": "shop", "AutoScalingGroups": ["web"] });
    let nodes = Resource {
        name: Some("workers".to_owned()),
        ..resource("eks-node-group", "ng-1", details)
    };
    let (all, _) = world(&[machine]).with([nodes]).run_these(registry());
    let changes: Vec<&Opportunity> = all
        .iter()
        .filter(|o| o.change.as_ref().is_some_and(|c| c.what == "instance type"))
        .collect();
    assert!(!changes.is_empty());
    for o in changes {
        let script = o.runbook.commands.join("\n");
        assert!(
            script.contains("aws eks create-nodegroup") && script.contains("--cluster-name shop"),
            "{script}"
        );
        assert!(!script.contains("start-instance-refresh"), "{script}");
    }
}
