//! [`Cloud`]: what generic code asks of a cloud's naming.

use std::fmt;

use super::commitment::{Attributes, CommitmentPool, PlanKind, UNKNOWN_PLAN, names_plan};
use super::machine::{Credits, Crossing};
use super::metered::{Metered, PricedUsage};
use super::play::Play;
use super::provider::Provider;
use super::tagging::{Tag, Tagging};
use crate::price::{InstanceType, PriceBook};
use crate::slice::Slice;

/// What is known of one cloud's naming. Each method is asked about usage of that cloud; a cloud
/// overrides what it knows, and the answers here are those for a cloud of which nothing is known.
pub trait Cloud: Sync + fmt::Debug {
    /// Which cloud it is.
    fn provider(&self) -> Provider;

    /// What is metered, without the place and size in the usage type: prices paid for a unit are
    /// looked up by it.
    fn kind<'a>(&self, used: Metered<'a>) -> &'a str {
        used.usage_type
    }

    /// The slice of cost that usage is, if no commitment pays for it. A fee, if it is not known: no
    /// other action competes for it.
    fn slice(&self, _used: Metered<'_>) -> Slice {
        Slice::Fee
    }

    /// Whether it is known which usage on demand a commitment could pay for: without that, coverage
    /// is unknown.
    fn knows_coverable(&self) -> bool {
        false
    }

    /// Whether a commitment could pay for usage.
    fn is_coverable(&self, _used: Metered<'_>) -> bool {
        false
    }

    /// The family of usage that commitments are reported by, such as `m5` or `db.r5`.
    fn family(&self, _used: Metered<'_>) -> Option<String> {
        None
    }

    /// The pool of a commitment of a `CommitmentDiscountType` that pays for usage. Of a cloud that
    /// is not known it is bound to the usage type and the region, and can move to nothing else.
    fn pool(&self, commitment_type: &str, used: Metered<'_>, region: &str) -> CommitmentPool {
        CommitmentPool::bound(commitment_type, used.usage_type, region)
    }

    /// Those of some pools, by name, whose commitments could pay for usage on demand.
    fn could_pay(&self, _pools: &[&str], _used: Metered<'_>, _region: &str) -> Vec<String> {
        Vec::new()
    }

    /// What the simulator of commitments matches usage by; `None` if it has no such service.
    fn attributes(&self, _usage: PricedUsage<'_>, _prices: &PriceBook) -> Option<Attributes> {
        None
    }

    /// The operation (`x_Operation`) of usage on a platform or engine, by which offers are listed;
    /// `None` if it is not known.
    fn operation_of(&self, _platform: &str) -> Option<&'static str> {
        None
    }

    /// The kind of plan that a `CommitmentDiscountType` names, and why it cannot be told; `None` if
    /// it is a reservation. `most`: what the commitment covered most of.
    fn plan_kind(
        &self,
        commitment_type: &str,
        _most: Option<&Attributes>,
    ) -> Option<Result<PlanKind, &'static str>> {
        names_plan(commitment_type).then_some(Err(UNKNOWN_PLAN))
    }

    /// The tag by which the cloud names the service of a container task; `None` if there is none.
    fn service_tag(&self) -> Option<&'static str> {
        None
    }

    /// The day of the next month on which charges of a month may change for the last time; `None`
    /// if it is not known.
    fn final_after_days(&self) -> Option<u64> {
        None
    }

    /// What a machine's move from a type to another crosses; `None` if nobody should advise it, or
    /// it is not known.
    fn crossing(&self, _old: &InstanceType, _new: &InstanceType) -> Option<Crossing> {
        None
    }

    /// Whether two types are of one line: made for the same, with processors of one maker.
    fn is_one_line(&self, _one: &InstanceType, _other: &InstanceType) -> bool {
        false
    }

    /// Whether a type is made for nothing special, as accelerators and local storage are.
    fn is_general(&self, _machine: &InstanceType) -> bool {
        false
    }

    /// The generation of a type: of two that cost the same, the newer one is taken.
    fn generation(&self, _machine: &InstanceType) -> u32 {
        0
    }

    /// How much of its CPU a type can use; `None` if all, for ever.
    fn credits(&self, _machine: &InstanceType) -> Option<Credits> {
        None
    }

    /// What to do about kinds of causes of anomalies: special ones first.
    fn plays(&self) -> &'static [Play] {
        &[]
    }

    /// The id of a region that the bill has by its name, in small letters; `None` if it is not
    /// known.
    fn region_id(&self, _name: &str) -> Option<String> {
        None
    }

    /// The lines at the start of a script of the cloud's command line that make it run in an account
    /// (`SubAccountId`) and a region, and refuse another account. None, if no command line is known.
    fn script_start(&self, _account: Option<&str>, _region: Option<&str>) -> Vec<String> {
        Vec::new()
    }

    /// How a tag gets on resources: without a command, if none is known.
    fn tagging(&self, tag: Tag<'_>) -> Tagging {
        Tagging::by_hand(tag)
    }
}
