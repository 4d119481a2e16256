//! [`Session`]: a bill, and what is known besides, ready to be asked: the entry for programs that embed the library.
//!
//! In:  line items ([`FocusFrame`](crate::focus::FocusFrame)) and an [`Estate`](crate::estate::Estate), by way of a [`SessionBuilder`].
//! Out: reports. The line items are scanned once, when the session is opened, and once more by the hour for what commitments to buy; each analysis
//!      runs at its first use, once.

mod asked;
mod builder;
mod explain;
mod reports;
mod results;

pub use asked::Session;
pub use builder::SessionBuilder;
pub use explain::Explained;
