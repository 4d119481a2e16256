//! CPU credits of burstable instance types.
//!
//! Source: AWS, Amazon EC2 User Guide, "Key concepts for burstable performance instances" (credits
//! earned an hour, baseline utilization per vCPU, accrual for at most 24 hours) and "Flex
//! instances" (baseline of 40 %, full performance 95 % of the time). Read 2026-11.

use super::instance_type::Ec2Type;
use crate::cloud::machine::Credits;
use crate::price::InstanceType;

/// Baseline per vCPU by size, percent: t3, t3a, t4g.
const BASELINES: [(&str, f64); 7] = [
    ("nano", 5.0),
    ("micro", 10.0),
    ("small", 20.0),
    ("medium", 20.0),
    ("large", 30.0),
    ("xlarge", 40.0),
    ("2xlarge", 40.0),
];
/// Baseline of t2 sizes that differ, percent.
const BASELINES_T2: [(&str, f64); 3] = [("large", 30.0), ("xlarge", 22.5), ("2xlarge", 16.875)];
/// Baseline of flex types, percent of all vCPUs.
const FLEX_BASELINE: f64 = 40.0;
/// Hours of earning for which credits accrue.
const ACCRUAL_HOURS: f64 = 24.0;

/// Returns the CPU credit limits of an instance type; `None` if it can always use its full CPU.
pub(super) fn credits(machine: &InstanceType) -> Option<Credits> {
    let family = machine.family();
    let is_burstable = machine.burstable == Some(true);
    let baseline_pct = if family.ends_with("-flex") {
        FLEX_BASELINE
    } else if is_burstable {
        let size = machine.size();
        let of = |list: &[(&str, f64)]| list.iter().find(|(s, _)| *s == size).map(|(_, pct)| *pct);
        let older = if family == "t2" { of(&BASELINES_T2) } else { None };
        // An unknown size has no known baseline.
        older.or_else(|| of(&BASELINES)).unwrap_or(0.0)
    } else {
        return None;
    };
    Some(Credits { baseline_pct, accrual_hours: ACCRUAL_HOURS, run_out: is_burstable })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::price::PriceBook;

    #[test]
    fn baselines_are_those_of_the_user_guide() {
        let book = PriceBook::bundled().unwrap();
        let of =
            |name| credits(book.instance_type(name).unwrap()).map(|c| (c.baseline_pct, c.run_out));
        assert_eq!(of("t3.large"), Some((30.0, true)));
        assert_eq!(of("t2.xlarge"), Some((22.5, true)));
        assert_eq!(of("m7i-flex.large"), Some((40.0, false)));
        assert_eq!(of("m5.large"), None);
    }
}
