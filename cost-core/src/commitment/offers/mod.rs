//! What commitments can be bought, and at what rates: those of an estate, as the provider lists
//! them.

mod lookup;
mod row;
mod terms;

pub use lookup::{Offer, Offers};
pub use row::{OFFERS, OfferRow, UpTo};
pub use terms::{Payment, Product, Term};
