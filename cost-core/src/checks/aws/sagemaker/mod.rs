//! Checks of AWS: `SageMaker`.

mod idle_inference_endpoint;

use crate::check::Check;

/// Every check of this folder: a new one is a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&idle_inference_endpoint::CHECK];
