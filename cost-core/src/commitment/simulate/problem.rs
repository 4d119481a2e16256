//! What is wrong with an estate that cannot be simulated.

use rust_decimal::Decimal;

/// What is wrong with an estate.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum EstateProblem {
    /// Lines of different lengths.
    #[error("line {line} has {found} hours, the first has {expected}")]
    Hours {
        /// Which line, from 0.
        line: usize,
        /// Its hours.
        found: usize,
        /// Those of the first.
        expected: usize,
    },
    /// An amount that is negative, too large, or has more digits than bills have.
    #[error("{what} is {amount}: it must be from 0, with at most {places} decimal places, and fit")]
    Amount {
        /// Which.
        what: String,
        /// How much.
        amount: Decimal,
        /// Decimal places.
        places: u32,
    },
    /// A rate card that is missing or has another number of lines.
    #[error("commitment {commitment} needs rate card {card} with a rate or none for each line")]
    Card {
        /// Which commitment.
        commitment: String,
        /// Which card.
        card: usize,
    },
    /// A size of which nothing is known.
    #[error("nothing is known of the size `{size}` of {family}: it has no normalization factor")]
    Size {
        /// Family.
        family: String,
        /// Size.
        size: String,
    },
}
