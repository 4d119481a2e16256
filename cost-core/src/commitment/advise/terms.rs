//! The trade-off of a commitment: risk, effort, and rollback.
//!
//! Sources, read 2026-11: AWS Savings Plans User Guide, "Returning a purchased Savings Plan";
//! Amazon EC2 User Guide, "Sell Reserved Instances for Amazon EC2" and "Exchange Convertible
//! Reserved Instances".

use rust_decimal::Decimal;

use crate::commitment::{Product, Term};
use crate::money::Money;
use crate::tradeoff::{Level, Reversibility, TradeOff};

/// Returns the trade-off of a purchase.
pub(super) fn trade_off(
    product: Product,
    term: Term,
    upfront: Money,
    break_even_months: Option<Decimal>,
) -> TradeOff {
    let risk = match (term, product) {
        (Term::ThreeYears, _) => Level::High,
        (Term::OneYear, Product::ComputePlan | Product::DatabasePlan | Product::SageMakerPlan) => {
            Level::Low
        }
        (Term::OneYear, _) => Level::Medium,
    };
    let bound = match product {
        Product::ComputePlan | Product::DatabasePlan | Product::SageMakerPlan => {
            "usage may move to other families and Regions; the commitment is unused only if total usage falls"
        }
        Product::Ec2InstancePlan => {
            "bound to one family in one Region: a move to another family leaves it unused"
        }
        Product::ConvertibleReservation => {
            "bound to one family, but can be exchanged for others of equal or higher value"
        }
        Product::StandardReservation => {
            "bound to one family, Region, and platform: a move to another leaves it unused"
        }
    };
    let rollback: &[&str] = match product {
        Product::StandardReservation => &[
            "standard EC2 reservations can be sold on the Reserved Instance Marketplace, usually at a loss; those of other services cannot",
        ],
        Product::ConvertibleReservation => {
            &["exchange it for other instances: the paid amount stays committed"]
        }
        _ => &[
            "a plan of up to 100 USD per hour can be returned within 7 days in the same calendar month; after that it cannot be returned",
        ],
    };
    TradeOff {
        commitment_months: Some(term.months()),
        upfront,
        break_even_months,
        ..TradeOff::new(Level::Low, risk, bound, upfront.currency())
            .reliability("none: only billing changes, not the resources; no capacity is reserved")
            .undo(Reversibility::Irreversible)
            .test_first(&[
                "implement the plan first, or at least decide on it: usage that ends needs no commitment",
                "buy the first tranche, and check the utilization for a month before the next one",
            ])
            .rollback(rollback)
    }
}
