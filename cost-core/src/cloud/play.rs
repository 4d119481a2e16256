//! [`Play`]: advice for a kind of anomaly cause.

/// Advice for a kind of anomaly cause.
#[derive(Debug)]
pub struct Play {
    /// Parts of a usage type or service name that it applies to.
    pub parts: &'static [&'static str],
    /// First steps of the investigation, in order.
    pub first_steps: &'static [&'static str],
    /// How to prevent a recurrence.
    pub prevention: &'static str,
}
