//! The built-in checks and their registry: one folder per cloud, one folder per service, one file
//! per check.

mod any;
mod aws;
mod registry;
mod risks;
mod shared;

pub(crate) use risks::find_risks;

#[cfg(test)]
use registry::registry;

#[cfg(test)]
mod tests;
