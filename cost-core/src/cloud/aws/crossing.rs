//! What changes besides the size when an EC2 instance moves to another type.

use super::instance_type::Ec2Type;
use crate::cloud::machine::Crossing;
use crate::price::InstanceType;

/// Returns the compatibility boundary of a change from `old` to `new`; `None` if the change is not
/// recommended, such as from Nitro back to Xen. AWS does not change the type of an instance to
/// another architecture.
///
/// Source: AWS, Amazon EC2 User Guide, "Compatibility for changing the instance type"
/// (architecture, virtualization, drivers). Read 2026-11.
#[must_use]
pub fn crossed(old: &InstanceType, new: &InstanceType) -> Option<Crossing> {
    let arm = |t: &InstanceType| t.architectures.contains("arm64");
    match (old.is_xen(), new.is_xen()) {
        (false, true) => None,
        _ if arm(old) != arm(new) => Some(Crossing::Architecture),
        (true, false) => Some(Crossing::Drivers),
        _ => Some(Crossing::Nothing),
    }
}

/// Returns whether a type can be recommended in place of another: it is of the same family, or AWS
/// lists it as current generation. A type of unknown generation is not recommended.
#[must_use]
pub fn is_current_target(old: &InstanceType, new: &InstanceType) -> bool {
    new.family() == old.family() || new.current_generation == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::price::PriceBook;

    #[test]
    fn a_move_crosses_what_the_user_guide_says() {
        let book = PriceBook::bundled().expect("the bundled list");
        let of = |name: &str| book.instance_type(name).expect("a type");
        let cases = [
            ("m5.xlarge", "m7i.large", Some(Crossing::Nothing)),
            ("m5.xlarge", "m6a.large", Some(Crossing::Nothing)),
            ("m4.xlarge", "m4.large", Some(Crossing::Nothing)),
            ("m4.xlarge", "m6i.large", Some(Crossing::Drivers)),
            ("t2.large", "t3.large", Some(Crossing::Drivers)),
            ("z1d.large", "m6i.large", Some(Crossing::Nothing)),
            ("x2iezn.2xlarge", "r6i.2xlarge", Some(Crossing::Nothing)),
            ("m5.xlarge", "m6g.large", Some(Crossing::Architecture)),
            ("m4.xlarge", "m6g.large", Some(Crossing::Architecture)),
            ("m6g.large", "m6i.large", Some(Crossing::Architecture)),
            ("m5.xlarge", "m2.xlarge", None),
            ("t3.large", "t2.large", None),
        ];
        for (old, new, crossing) in cases {
            assert_eq!(crossed(of(old), of(new)), crossing, "{old} to {new}");
        }
        let current = |old: &str, new: &str| is_current_target(of(old), of(new));
        assert!(current("m5.xlarge", "m5.large") && current("m5.xlarge", "m7i.large"));
        assert!(
            !current("m7i.xlarge", "m5.large")
                && !current("m5.xlarge", "m2.xlarge")
                && !current("m5.large", "m9g.large")
        );
    }
}
