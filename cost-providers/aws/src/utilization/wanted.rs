//! What is measured, and what is asked for of it.

use cost_core::inventory::Kind;

use super::measure::Measure;

/// Bytes of a MiB, called MB by the services.
pub(super) const BYTES_OF_MIB: f64 = 1_048_576.0;

/// A resource that is measured.
#[derive(Clone, Debug, Default)]
pub(super) struct Resource {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) name: Option<String>,
    /// Its storage.
    pub(super) bytes: Option<f64>,
    /// Its memory; known of databases, whose metric tells what is free of it, and of functions.
    pub(super) memory_bytes: Option<f64>,
    pub(super) attached_to: Option<String>,
}

/// One statistic of one metric of one resource.
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

/// What a point of a metric says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reading {
    AsItIs,
    /// It tells what is free of so much, and the used part of it is wanted, in percent.
    UsedOf(f64),
    /// It is to be multiplied.
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
