//! [`Ec2Type`]: properties of an EC2 instance type from its name and facts.
//!
//! Source: AWS, Amazon EC2 Instance Types guide, "Naming conventions". Read 2026-11.

use crate::price::InstanceType;

/// Properties from the name of an AWS instance type.
pub trait Ec2Type {
    /// Family, such as `m6a`.
    #[must_use]
    fn family(&self) -> &str;

    /// Size, such as `large`.
    #[must_use]
    fn size(&self) -> &str;

    /// Class letters before the generation, such as `m`.
    #[must_use]
    fn class(&self) -> &str;

    /// Generation number, such as 6 in `m6a`.
    #[must_use]
    fn generation(&self) -> u32;

    /// Letters after the generation, such as `a` (AMD), `g` (Graviton), `i` (Intel).
    #[must_use]
    fn attributes(&self) -> &str;

    /// Maker of the processors: AWS (Graviton), AMD, or Intel.
    #[must_use]
    fn maker(&self) -> &'static str;

    /// Whether it runs on the Xen hypervisor; all others run on Nitro. No family since 2017 runs on
    /// Xen, so the list is complete.
    ///
    /// Source: AWS, Amazon EC2 User Guide, "Amazon EC2 instance types", "Hypervisor type"
    /// (Xen-based). Read 2026-11.
    #[must_use]
    fn is_xen(&self) -> bool;

    /// Whether it is a Mac.
    #[must_use]
    fn is_mac(&self) -> bool;

    /// Whether it has special hardware that another type does not have: accelerators, storage,
    /// network, high memory.
    #[must_use]
    fn is_specialized(&self, beside: &Self) -> bool;

    /// Whether it has as many GPUs as another type, and the same ones if any. GPUs of another
    /// family need other drivers and code.
    #[must_use]
    fn accelerates_like(&self, other: &Self) -> bool;
}

impl Ec2Type for InstanceType {
    fn family(&self) -> &str {
        self.instance_type.split('.').next().unwrap_or("")
    }

    fn size(&self) -> &str {
        self.instance_type.split('.').nth(1).unwrap_or("")
    }

    fn class(&self) -> &str {
        let family = self.family();
        family.find(|c: char| c.is_ascii_digit()).map_or(family, |at| &family[..at])
    }

    fn generation(&self) -> u32 {
        let digits: String = self
            .family()
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse().unwrap_or(0)
    }

    fn attributes(&self) -> &str {
        let family = self.family();
        family.rfind(|c: char| c.is_ascii_digit()).map_or("", |at| &family[at + 1..])
    }

    fn maker(&self) -> &'static str {
        match self.attributes() {
            a if a.contains('g') || self.family() == "a1" => "AWS",
            a if a.contains('a') => "AMD",
            _ => "Intel",
        }
    }

    fn is_xen(&self) -> bool {
        const XEN: [&str; 29] = [
            "c1", "c3", "c4", "cc1", "cc2", "cg1", "cr1", "d2", "f1", "g2", "g3", "g3s", "h1",
            "hi1", "hs1", "i2", "i3", "m1", "m2", "m3", "m4", "p2", "p3", "r3", "r4", "t1", "t2",
            "x1", "x1e",
        ];
        self.bare_metal != Some(true) && XEN.contains(&self.family())
    }

    fn is_mac(&self) -> bool {
        self.architectures.contains("mac")
    }

    fn is_specialized(&self, beside: &Self) -> bool {
        const PLAIN: [&str; 8] = ["a", "c", "m", "r", "t", "x", "z", "i"];
        !PLAIN.contains(&self.class()) && self.class() != beside.class()
    }

    fn accelerates_like(&self, other: &Self) -> bool {
        self.gpus == other.gpus && (self.gpus.unwrap_or(0) == 0 || self.family() == other.family())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::price::PriceBook;

    #[test]
    fn a_name_contains_family_class_generation_and_attributes() {
        let book = PriceBook::bundled().unwrap();
        let of = |name| {
            let t = book.instance_type(name).unwrap();
            (t.family(), t.size(), t.class(), t.generation(), t.attributes(), t.maker())
        };
        assert_eq!(of("c6gn.large"), ("c6gn", "large", "c", 6, "gn", "AWS"));
        assert_eq!(of("m6a.xlarge"), ("m6a", "xlarge", "m", 6, "a", "AMD"));
        assert_eq!(of("t2.micro"), ("t2", "micro", "t", 2, "", "Intel"));
    }
}
