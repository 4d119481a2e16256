//! [`Play`]: what to do about a kind of cause of an anomaly.

/// Advice for a kind of cause.
#[derive(Debug)]
pub struct Play {
    /// Parts of a usage type or service name that it is for.
    pub parts: &'static [&'static str],
    /// What to look at first, in order.
    pub first_steps: &'static [&'static str],
    /// How to keep it from coming again.
    pub prevention: &'static str,
}
