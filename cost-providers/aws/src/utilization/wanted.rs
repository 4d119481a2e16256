//! Resources with metrics, and the requested statistics.

use cost_core::inventory::Kind;

use super::measure::Measure;

/// Bytes of a MiB, called MB by the services.
pub(super) const BYTES_OF_MIB: f64 = 1_048_576.0;

/// Resource with metrics.
#[derive(Clone, Debug, Default)]
pub(super) struct Resource {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) name: Option<String>,
    /// Storage of the resource.
    pub(super) bytes: Option<f64>,
    /// Memory of the resource; known for databases, whose metric reports free memory, and for
    /// functions.
    pub(super) memory_bytes: Option<f64>,
    pub(super) attached_to: Option<String>,
}

/// Statistic of a metric of a resource.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) resource: String,
    pub(super) measure: Measure,
    pub(super) namespace: &'static str,
    pub(super) metric: &'static str,
    pub(super) stat: &'static str,
    pub(super) dimensions: Vec<(String, String)>,
    pub(super) reading: Reading,
}

/// Meaning of a point of a metric.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reading {
    AsItIs,
    /// Free capacity of a total; the result is the used percent.
    UsedOf(f64),
    /// Multiplied by a factor.
    Times(f64),
}

impl Reading {
    pub(super) fn value(self, point: f64) -> f64 {
        match self {
            Self::AsItIs => point,
            Self::UsedOf(whole) => (100.0 - 100.0 * point / whole).clamp(0.0, 100.0),
            Self::Times(factor) => point * factor,
        }
    }
}
