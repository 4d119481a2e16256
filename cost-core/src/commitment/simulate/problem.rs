//! Errors of estates that cannot be simulated.

use rust_decimal::Decimal;

/// Error in an estate.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum EstateProblem {
    /// Lines have different lengths.
    #[error("line {line} has {found} hours, but the first line has {expected}")]
    Hours {
        /// Index of the line, from 0.
        line: usize,
        /// Number of its hours.
        found: usize,
        /// Number of hours of the first line.
        expected: usize,
    },
    /// An amount is negative, too large, or has more digits than bills have.
    #[error(
        "{what} is {amount}: it must be 0 or more, with at most {places} decimal places, and not too large"
    )]
    Amount {
        /// Name of the amount.
        what: String,
        /// The value.
        amount: Decimal,
        /// Allowed decimal places.
        places: u32,
    },
    /// A rate card is missing or has a different number of lines.
    #[error(
        "commitment {commitment} needs rate card {card} with one entry (a rate or none) for each line"
    )]
    Card {
        /// ID of the commitment.
        commitment: String,
        /// Index of the rate card.
        card: usize,
    },
    /// A size is unknown.
    #[error("the size `{size}` of {family} is unknown: it has no normalization factor")]
    Size {
        /// Family.
        family: String,
        /// Size.
        size: String,
    },
}
