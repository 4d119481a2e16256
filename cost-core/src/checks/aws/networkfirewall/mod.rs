//! Checks for AWS Network Firewall.

mod idle_network_firewall;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&idle_network_firewall::CHECK];
