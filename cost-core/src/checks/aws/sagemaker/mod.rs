//! Checks for `SageMaker`.

mod always_on_notebook;
mod always_on_studio_app;
mod idle_inference_endpoint;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] =
    &[&idle_inference_endpoint::CHECK, &always_on_notebook::CHECK, &always_on_studio_app::CHECK];
