//! Checks for Neptune.

mod idle_graph_database;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&idle_graph_database::CHECK];
