//! Checks for Amazon Elastic Container Registry.

mod growing_image_repository;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&growing_image_repository::CHECK];
