//! Owned commitments of the inventory, shared by the checks of this folder.

use rust_decimal::Decimal;

use crate::cloud::aws::arn::{Arn, last_part};
use crate::inventory::{Kind, Resource, detail, short_id};
use crate::runbook::shell_word;

/// Seconds of an hour.
const HOUR: Decimal = Decimal::from_parts(3600, 0, 0, false, 0);

/// Returns the amortized cost of a commitment per hour, USD; `None` if a part of it is unknown.
///
/// Savings Plan: the commitment. Reservation: (recurring price + upfront payment ÷ hours of the
/// term) × number of instances.
pub(super) fn usd_per_hour(of: &Resource) -> Option<Decimal> {
    if of.kind == Kind::SavingsPlan {
        return of.get(detail::COMMITMENT_USD_PER_HOUR)?.parse().ok();
    }
    let recurring: Decimal = of.get(detail::USD_PER_HOUR)?.parse().ok()?;
    let upfront: Decimal = of.get(detail::UPFRONT_USD)?.parse().ok()?;
    let hours = Decimal::from(of.get(detail::TERM_SECONDS)?).checked_div(HOUR)?;
    let count = Decimal::from(of.get(detail::COUNT)?);
    (recurring + upfront.checked_div(hours)?).checked_mul(count)
}

/// Returns whether the identifier is that of a Savings Plan.
pub(super) fn is_savings_plan(id: &str) -> bool {
    id.contains(":savingsplan/")
}

/// Returns the command that describes a commitment: a Savings Plan, or a reservation of the service
/// in its ARN. Identifiers that are no ARN are of EC2.
pub(super) fn describe(id: &str) -> String {
    if is_savings_plan(id) {
        let short = shell_word(short_id(id));
        return format!("aws savingsplans describe-savings-plans --savings-plan-ids {short}");
    }
    let of_service = match Arn::of(id).map(|arn| arn.service) {
        Some("rds") => "rds describe-reserved-db-instances --reserved-db-instance-id",
        Some("elasticache") => "elasticache describe-reserved-cache-nodes --reserved-cache-node-id",
        Some("redshift") => "redshift describe-reserved-nodes --reserved-node-id",
        Some("memorydb") => "memorydb describe-reserved-nodes --reservation-id",
        Some("es" | "opensearch") => {
            "opensearch describe-reserved-instances --reserved-instance-id"
        }
        _ => "ec2 describe-reserved-instances --reserved-instances-ids",
    };
    format!("aws {of_service} {}", shell_word(last_part(id)))
}

#[cfg(test)]
mod tests {
    use super::describe;

    #[test]
    fn a_commitment_is_described_by_its_service() {
        for (id, command) in [
            (
                "arn:aws:rds:us-east-1:1:ri:orders",
                "rds describe-reserved-db-instances --reserved-db-instance-id orders",
            ),
            (
                "arn:aws:elasticache:us-east-1:1:reserved-instance:carts",
                "elasticache describe-reserved-cache-nodes --reserved-cache-node-id carts",
            ),
            (
                "arn:aws:redshift:us-east-1:1:reservednode:n-1",
                "redshift describe-reserved-nodes --reserved-node-id n-1",
            ),
            (
                "arn:aws:memorydb:us-east-1:1:reservednode/n-1",
                "memorydb describe-reserved-nodes --reservation-id n-1",
            ),
            (
                "arn:aws:es:us-east-1:1:reserved-instance/e-1",
                "opensearch describe-reserved-instances --reserved-instance-id e-1",
            ),
            (
                "arn:aws:ec2:us-east-1:1:reserved-instances/r-1",
                "ec2 describe-reserved-instances --reserved-instances-ids r-1",
            ),
            ("r-1", "ec2 describe-reserved-instances --reserved-instances-ids r-1"),
            (
                "arn:aws:savingsplans::1:savingsplan/p-1",
                "savingsplans describe-savings-plans --savings-plan-ids p-1",
            ),
        ] {
            assert_eq!(describe(id), format!("aws {command}"));
        }
    }
}
