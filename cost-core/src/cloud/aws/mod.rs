//! AWS naming rules. The parsers take a [`Metered`](super::Metered) or a [`UsageType`], and return
//! nothing for usage of another provider.

pub(crate) mod arn;
mod attributes;
mod commitments;
mod coverable;
mod credits;
mod crossing;
mod instance_type;
mod naming;
mod plays;
mod pools;
mod regions;
mod script;
mod slice;
mod taggable;
pub(crate) mod units;
mod usage_type;

pub use coverable::{Coverable, family};
pub use crossing::{crossed, is_current_target};
pub use instance_type::Ec2Type;
pub use naming::{Aws, ECS_SERVICE_TAG};
pub use regions::region_name;
pub(crate) use script::filter;
pub use usage_type::UsageType;
pub(crate) use usage_type::long;
