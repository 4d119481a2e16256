//! [`Cloud`]: interface of generic code to a cloud's naming rules.

use std::fmt;

use super::commitment::{Attributes, CommitmentPool, PlanKind, UNKNOWN_PLAN, names_plan};
use super::machine::{Credits, Crossing};
use super::metered::{Metered, PricedUsage};
use super::play::Play;
use super::provider::Provider;
use super::tagging::{Tag, Tagging};
use crate::price::{InstanceType, PriceBook};
use crate::slice::Slice;

/// Naming rules of one cloud. Each method is about usage of that cloud. A cloud overrides what it
/// knows; the default implementations are for unknown clouds.
pub trait Cloud: Sync + fmt::Debug {
    /// Returns the provider.
    fn provider(&self) -> Provider;

    /// Returns the kind of usage, without the region and size in the usage type. Prices paid per
    /// unit are looked up by it.
    fn kind<'a>(&self, used: Metered<'a>) -> &'a str {
        used.usage_type
    }

    /// Returns the cost slice of usage without a commitment. Default: a fee, for which no other
    /// action competes.
    fn slice(&self, _used: Metered<'_>) -> Slice {
        Slice::Fee
    }

    /// Returns whether the coverable on-demand usage is known. Otherwise coverage is unknown.
    fn knows_coverable(&self) -> bool {
        false
    }

    /// Returns whether a commitment could cover usage.
    fn is_coverable(&self, _used: Metered<'_>) -> bool {
        false
    }

    /// Returns the family of usage for commitment reports, such as `m5` or `db.r5`.
    fn family(&self, _used: Metered<'_>) -> Option<String> {
        None
    }

    /// Returns the pool of a commitment with a `CommitmentDiscountType` that covers usage. For an
    /// unknown cloud, it is bound to the usage type and region and cannot be reapplied.
    fn pool(&self, commitment_type: &str, used: Metered<'_>, region: &str) -> CommitmentPool {
        CommitmentPool::bound(commitment_type, used.usage_type, region)
    }

    /// Returns the pools, by name, whose commitments could cover on-demand usage.
    fn could_pay(&self, _pools: &[&str], _used: Metered<'_>, _region: &str) -> Vec<String> {
        Vec::new()
    }

    /// Returns the service with a `ServiceName` if its usage types are those of another service, so
    /// that a usage type alone does not determine which commitments apply.
    fn other_service(&self, _service_name: &str) -> Option<&'static str> {
        None
    }

    /// Returns the attributes by which the commitment simulator matches usage; `None` if it does
    /// not support the service.
    fn attributes(&self, _usage: PricedUsage<'_>, _prices: &PriceBook) -> Option<Attributes> {
        None
    }

    /// Returns the operation (`x_Operation`) of usage on a platform or engine, which offers use;
    /// `None` if unknown.
    fn operation_of(&self, _platform: &str) -> Option<&'static str> {
        None
    }

    /// Returns the kind of plan of a `CommitmentDiscountType`, or why it cannot be determined;
    /// `None` for a reservation. `most` is the usage that the commitment covered most.
    fn plan_kind(
        &self,
        commitment_type: &str,
        _most: Option<&Attributes>,
    ) -> Option<Result<PlanKind, &'static str>> {
        names_plan(commitment_type).then_some(Err(UNKNOWN_PLAN))
    }

    /// Returns the tag in which the cloud stores the service of a container task; `None` if there
    /// is none.
    fn service_tag(&self) -> Option<&'static str> {
        None
    }

    /// Returns the last day of the next month on which charges of a month may change; `None` if
    /// unknown.
    fn final_after_days(&self) -> Option<u64> {
        None
    }

    /// Returns the compatibility boundary of a change from one type to another; `None` if it is not
    /// recommended or unknown.
    fn crossing(&self, _old: &InstanceType, _new: &InstanceType) -> Option<Crossing> {
        None
    }

    /// Returns whether two types belong to one line: the same purpose, and processors of one maker.
    fn is_one_line(&self, _one: &InstanceType, _other: &InstanceType) -> bool {
        false
    }

    /// Returns whether a type is general: without special hardware such as accelerators or local
    /// storage.
    fn is_general(&self, _machine: &InstanceType) -> bool {
        false
    }

    /// Returns the generation of a type. Of two types with the same cost, the newer one is taken.
    fn generation(&self, _machine: &InstanceType) -> u32 {
        0
    }

    /// Returns the CPU credit limits of a type; `None` if it can always use its full CPU.
    fn credits(&self, _machine: &InstanceType) -> Option<Credits> {
        None
    }

    /// Returns advice for kinds of anomaly causes, specific ones first.
    fn plays(&self) -> &'static [Play] {
        &[]
    }

    /// Returns the ID of a region from its name in lowercase; `None` if unknown.
    fn region_id(&self, _name: &str) -> Option<String> {
        None
    }

    /// Returns the first lines of a script for the cloud's command line. They select an account
    /// (`SubAccountId`) and a region, and refuse other accounts. Empty if no command line is known.
    fn script_start(&self, _account: Option<&str>, _region: Option<&str>) -> Vec<String> {
        Vec::new()
    }

    /// Returns the ID by which the command of [`Cloud::tagging`] takes a resource of a bill; `None` if
    /// it is unknown. `service` is its `ServiceName`, `account` its `SubAccountId`, `region` its
    /// `RegionId`.
    fn taggable(
        &self,
        id: &str,
        _service: Option<&str>,
        _account: Option<&str>,
        _region: &str,
    ) -> Option<String> {
        (!id.is_empty()).then(|| id.to_owned())
    }

    /// Returns how to tag resources; without a command if none is known.
    fn tagging(&self, tag: Tag<'_>) -> Tagging {
        Tagging::by_hand(tag)
    }
}
