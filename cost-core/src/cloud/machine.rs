//! Rightsizing properties of machine types beyond their facts.

/// Compatibility boundary of a change to another type, least work first. Without one, the change is
/// a stop, a type change, and a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Crossing {
    /// None: the same image boots on it.
    Nothing,
    /// To another hypervisor: the image needs other drivers first (on AWS, from Xen to Nitro, ENA
    /// and `NVMe`), and device names change.
    Drivers,
    /// To another processor architecture: another image, built and tested for it.
    Architecture,
}

/// CPU credits: limits of a machine that cannot use its full CPU all the time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Credits {
    /// Baseline that it can use permanently, percent of all its vCPUs. Lower use earns credits,
    /// higher use spends them.
    pub baseline_pct: f64,
    /// Hours of earning for which credits accrue.
    pub accrual_hours: f64,
    /// Whether it is limited to the baseline once its credits are spent; otherwise only its mean
    /// counts.
    pub run_out: bool,
}
