//! [`Aws`]: implementation of [`Cloud`] for AWS.

use super::coverable::Coverable;
use super::instance_type::Ec2Type;
use super::usage_type::UsageType;
use super::{
    attributes, commitments, coverable, credits, crossing, plays, pools, regions, script, slice,
    taggable,
};
use crate::cloud::commitment::{Attributes, CommitmentPool, PlanKind};
use crate::cloud::machine::{Credits, Crossing};
use crate::cloud::metered::{Metered, PricedUsage};
use crate::cloud::naming::Cloud;
use crate::cloud::play::Play;
use crate::cloud::provider::Provider;
use crate::cloud::tagging::{Tag, Tagging};
use crate::price::{InstanceType, PriceBook};
use crate::slice::Slice;

/// Tag in which ECS stores the service of a task. Source: Amazon ECS Developer Guide, "Tagging
/// Amazon ECS resources". Read 2026-11.
pub const ECS_SERVICE_TAG: &str = "aws:ecs:serviceName";

/// Amazon Web Services.
#[derive(Debug)]
pub struct Aws;

impl Cloud for Aws {
    fn provider(&self) -> Provider {
        Provider::Aws
    }

    fn kind<'a>(&self, used: Metered<'a>) -> &'a str {
        UsageType::of(used).map_or(used.usage_type, |of| of.kind)
    }

    fn slice(&self, used: Metered<'_>) -> Slice {
        UsageType::of(used).map_or(Slice::Fee, slice::slice)
    }

    fn knows_coverable(&self) -> bool {
        true
    }

    fn is_coverable(&self, used: Metered<'_>) -> bool {
        Coverable::of(used).is_some()
    }

    fn family(&self, used: Metered<'_>) -> Option<String> {
        coverable::family(used)
    }

    fn pool(&self, commitment_type: &str, used: Metered<'_>, region: &str) -> CommitmentPool {
        match UsageType::of(used) {
            Some(of) => pools::paying(commitment_type, of, region),
            None => CommitmentPool::bound(commitment_type, used.usage_type, region),
        }
    }

    fn could_pay(&self, pools: &[&str], used: Metered<'_>, region: &str) -> Vec<String> {
        UsageType::of(used).map_or_else(Vec::new, |of| pools::could_pay(pools, of, region))
    }

    fn other_service(&self, service_name: &str) -> Option<&'static str> {
        coverable::other_service(service_name)
    }

    fn attributes(&self, usage: PricedUsage<'_>, prices: &PriceBook) -> Option<Attributes> {
        attributes::attributes(usage, prices)
    }

    fn operation_of(&self, platform: &str) -> Option<&'static str> {
        attributes::operation_of(platform)
    }

    fn plan_kind(
        &self,
        commitment_type: &str,
        most: Option<&Attributes>,
    ) -> Option<Result<PlanKind, &'static str>> {
        commitments::plan_kind(commitment_type, most)
    }

    fn service_tag(&self) -> Option<&'static str> {
        Some(ECS_SERVICE_TAG)
    }

    /// Invoices are issued by the fifth, and support fees follow "on the sixth or seventh of the
    /// month" (AWS Data Exports user guide, "Viewing finalized reports").
    fn final_after_days(&self) -> Option<u64> {
        Some(7)
    }

    fn crossing(&self, old: &InstanceType, new: &InstanceType) -> Option<Crossing> {
        let may_replace = crossing::is_current_target(old, new)
            && new.accelerates_like(old)
            && !(new.is_mac() || new.is_specialized(old));
        may_replace.then(|| crossing::crossed(old, new))?
    }

    fn is_one_line(&self, one: &InstanceType, other: &InstanceType) -> bool {
        one.class() == other.class() && one.maker() == other.maker()
    }

    /// Compute optimized, general purpose, and memory optimized: c, m, r, and x.
    fn is_general(&self, machine: &InstanceType) -> bool {
        ["c", "m", "r", "x"].contains(&machine.class())
    }

    fn generation(&self, machine: &InstanceType) -> u32 {
        Ec2Type::generation(machine)
    }

    fn credits(&self, machine: &InstanceType) -> Option<Credits> {
        credits::credits(machine)
    }

    fn plays(&self) -> &'static [Play] {
        plays::PLAYS
    }

    fn region_id(&self, name: &str) -> Option<String> {
        regions::region_id(name)
    }

    fn script_start(&self, account: Option<&str>, region: Option<&str>) -> Vec<String> {
        script::start(account, region)
    }

    fn taggable(
        &self,
        id: &str,
        service: Option<&str>,
        account: Option<&str>,
        region: &str,
    ) -> Option<String> {
        taggable::taggable(id, service, account, region)
    }

    fn tagging(&self, tag: Tag<'_>) -> Tagging {
        script::tagging(tag)
    }
}
