//! What is known of AWS alone: how its bills name what they charge for.

mod usage_type;

pub use usage_type::Meter;
