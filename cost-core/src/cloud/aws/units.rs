//! Normalization factors, and size flexibility of reservations.
//!
//! Sources, read 2026-11: Amazon EC2 User Guide, "How Reserved Instance discounts are applied"
//! (factors, bare metal, families without flexibility); Amazon RDS User Guide, "Size-flexible
//! reserved DB instances" (engines, twice the units for Multi-AZ); AWS Database Blog, "New: Size
//! flexibility for Amazon `ElastiCache` reserved nodes"; `OpenSearch` Service and Redshift guides,
//! "Reserved instances" and "Reserved nodes" (no flexibility).

use crate::cloud::commitment::{Attributes, Service};

/// Normalization units in quarters: a nano is one quarter.
pub(crate) const QUARTERS: i64 = 4;

/// EC2 families whose reservations are not size-flexible.
const FIXED_FAMILIES: [&str; 13] =
    ["g4ad", "g4dn", "g5", "g5g", "g6", "g6e", "g6f", "gr6", "gr6f", "hpc7a", "p5", "inf1", "inf2"];
/// High-memory families whose reservations are not size-flexible.
const FIXED_PREFIXES: [&str; 2] = ["u7i-6tb", "u7i-8tb"];

/// RDS engines whose reservations are size-flexible.
const FLEXIBLE_ENGINES: [&str; 6] =
    ["mysql", "mariadb", "postgres", "oracle-byol", "aurora-mysql", "aurora-postgresql"];

/// Returns whether a regional reservation with these attributes applies to other sizes of the
/// family.
pub(crate) fn is_flexible(of: &Attributes) -> bool {
    match of.service {
        Service::Ec2 => {
            let fixed = FIXED_FAMILIES.contains(&of.family.as_str())
                || FIXED_PREFIXES.iter().any(|p| of.family.starts_with(p));
            of.platform == "Linux" && !of.dedicated && !fixed
        }
        Service::Rds => FLEXIBLE_ENGINES.contains(&of.platform.as_str()),
        Service::ElastiCache => true,
        _ => false,
    }
}

/// Returns the units of one instance or node, in quarters; twice as many with a standby. `None` if
/// the size is unknown.
pub(crate) fn quarters(of: &Attributes) -> Option<i64> {
    let one = match of.size.as_str() {
        "nano" => 1,
        "micro" => 2,
        "small" => QUARTERS,
        "medium" => 2 * QUARTERS,
        "large" => 4 * QUARTERS,
        "xlarge" => 8 * QUARTERS,
        "metal" => metal(&of.family)? * QUARTERS,
        size => {
            8 * QUARTERS * size.strip_suffix("xlarge")?.parse::<i64>().ok().filter(|n| *n > 0)?
        }
    };
    Some(if of.multi_az { 2 * one } else { one })
}

/// Returns the units of a bare metal instance: those of the equivalent size.
fn metal(family: &str) -> Option<i64> {
    Some(match family {
        "a1" => 32,
        "m5zn" | "z1d" => 96,
        "c6g" | "c6gd" | "i3" | "m6g" | "m6gd" | "r6g" | "r6gd" | "x2gd" => 128,
        "c5n" => 144,
        "c5" | "c5d" | "i3en" | "m5" | "m5d" | "m5dn" | "m5n" | "r5" | "r5b" | "r5d" | "r5dn"
        | "r5n" => 192,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(service: Service, family: &str, size: &str, platform: &str) -> Attributes {
        Attributes::new(service, "us-east-1", family, size, platform)
    }

    #[test]
    fn factors_are_those_of_the_table() {
        let factor = |size: &str| quarters(&of(Service::Ec2, "m5", size, "Linux"));
        let table =
            [("nano", 1), ("micro", 2), ("small", 4), ("medium", 8), ("large", 16), ("xlarge", 32)];
        for (size, quarters) in table {
            assert_eq!(factor(size), Some(quarters), "{size}");
        }
        for (size, units) in [
            ("2xlarge", 16),
            ("3xlarge", 24),
            ("9xlarge", 72),
            ("24xlarge", 192),
            ("112xlarge", 896),
        ] {
            assert_eq!(factor(size), Some(units * 4), "{size}");
        }
        assert_eq!(quarters(&of(Service::Ec2, "i3", "metal", "Linux")), factor("16xlarge"));
        assert_eq!((factor("huge"), factor("0xlarge"), factor("-2xlarge")), (None, None, None));
        let standby = Attributes { multi_az: true, ..of(Service::Rds, "db.m4", "large", "mysql") };
        assert_eq!(quarters(&standby), Some(8 * 4));
    }

    #[test]
    fn what_is_not_flexible_is_not() {
        assert!(is_flexible(&of(Service::Ec2, "m5", "large", "Linux")));
        assert!(!is_flexible(&of(Service::Ec2, "m5", "large", "Windows")));
        assert!(!is_flexible(&of(Service::Ec2, "g5", "xlarge", "Linux")));
        assert!(!is_flexible(&Attributes {
            dedicated: true,
            ..of(Service::Ec2, "m5", "large", "Linux")
        }));
        assert!(is_flexible(&of(Service::Rds, "db.r5", "large", "postgres")));
        assert!(!is_flexible(&of(Service::Rds, "db.r5", "large", "sqlserver-se")));
        assert!(is_flexible(&of(Service::ElastiCache, "cache.r6g", "large", "redis")));
        assert!(!is_flexible(&of(Service::Redshift, "ra3", "xlplus", "")));
        assert!(!is_flexible(&of(Service::OpenSearch, "r6g", "large", "")));
    }
}
