//! What a commitment costs besides money: risk, effort, and what can be undone.
//!
//! Sources, read 2026-11: AWS Savings Plans User Guide, "Returning a purchased Savings Plan";
//! Amazon EC2 User Guide, "Sell Reserved Instances for Amazon EC2" and "Exchange Convertible
//! Reserved Instances".

use rust_decimal::Decimal;

use crate::commitment::{Product, Term};
use crate::money::Money;
use crate::tradeoff::{Level, Reversibility, TradeOff};

/// The trade-off of a purchase.
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
            "usage may move to other families and regions; only if all of it falls is the commitment paid for nothing"
        }
        Product::Ec2InstancePlan => {
            "bound to one family in one region: a move to another family leaves it unused"
        }
        Product::ConvertibleReservation => {
            "bound to one family, but can be exchanged for others of no less value"
        }
        Product::StandardReservation => {
            "bound to one family, region and platform: a move to another leaves it unused"
        }
    };
    let rollback: &[&str] = match product {
        Product::StandardReservation => &[
            "standard EC2 reservations can be offered on the Reserved Instance Marketplace, usually at a loss; those of other services cannot",
        ],
        Product::ConvertibleReservation => {
            &["exchange it for other instances: what is paid stays committed"]
        }
        _ => &[
            "a plan of up to 100 USD an hour can be returned within 7 days of the same calendar month; after that it cannot be given back",
        ],
    };
    TradeOff {
        commitment_months: Some(term.months()),
        upfront,
        break_even_months,
        ..TradeOff::new(Level::Low, risk, bound, upfront.currency())
            .reliability("none: a term of billing, nothing changes in what runs; no capacity is reserved")
            .undo(Reversibility::Irreversible)
            .test_first(&[
                "carry out the joint plan first, or at least decide on it: what goes away needs no commitment",
                "buy the first part of the ladder, and look at utilization for a month before the next",
            ])
            .rollback(rollback)
    }
}
