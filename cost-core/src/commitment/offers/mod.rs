//! Commitment offers of an estate: products, terms, payment options, and rates, as the provider
//! lists them.

mod lookup;
mod row;
mod terms;

pub use lookup::{Offer, Offers};
pub use row::{OFFERS, OfferRow, UpTo};
pub use terms::{Payment, Product, Term};
