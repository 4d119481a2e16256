//! What right-sizing asks of a machine type beyond its facts.

/// What a move to another type crosses, the least work first. A move that crosses nothing is a
/// stop, a change of the type, and a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Crossing {
    /// Nothing: the same image boots on it.
    Nothing,
    /// To another hypervisor: the image needs other drivers first (on AWS, from Xen to Nitro, ENA
    /// and `NVMe`), and device names change.
    Drivers,
    /// To another processor architecture: another image, built and tested for it.
    Architecture,
}

/// How much of its CPU a machine can use that does not have all of it all the time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Credits {
    /// What it can use for ever, percent of all its vCPUs. Using less earns credits, using more
    /// spends them.
    pub baseline_pct: f64,
    /// Credits are kept for so many hours of earning.
    pub kept_hours: f64,
    /// Whether it is held to the baseline once its credits are spent; otherwise only its mean
    /// counts.
    pub run_out: bool,
}
