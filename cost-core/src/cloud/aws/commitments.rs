//! Kinds of AWS Savings Plans.

use crate::cloud::commitment::{Attributes, PlanKind, UNKNOWN_PLAN, names_plan};

/// Returns the kind of plan of a `CommitmentDiscountType`; `None` for a reservation.
pub(super) fn plan_kind(
    kind: &str,
    most: Option<&Attributes>,
) -> Option<Result<PlanKind, &'static str>> {
    if !names_plan(kind) {
        return None;
    }
    Some(match () {
        () if kind.contains("Compute") => Ok(PlanKind::Compute),
        () if kind.contains("SageMaker") || kind.contains("Machine Learning") => {
            Ok(PlanKind::SageMaker)
        }
        () if kind.contains("Database") => Ok(PlanKind::Database),
        () if kind.contains("EC2") => most
            .map(|of| PlanKind::Ec2Instance {
                family: of.family.clone(),
                region: of.region.clone(),
            })
            .ok_or("it covered no usage, so its instance family is unknown"),
        () => Err(UNKNOWN_PLAN),
    })
}
