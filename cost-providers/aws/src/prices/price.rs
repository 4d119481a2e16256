//! [`Price`]: a row of the prices of an estate.

use rust_decimal::Decimal;

/// One price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Price {
    pub(super) region: String,
    pub(super) item: String,
    pub(super) terms: &'static str,
    pub(super) unit: String,
    pub(super) usd: Decimal,
}
