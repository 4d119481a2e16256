//! Checks for `DocumentDB`.

mod extended_support_document_database;
mod idle_document_database;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] =
    &[&idle_document_database::CHECK, &extended_support_document_database::CHECK];
