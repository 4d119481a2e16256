//! The built-in checks and their registry: one folder per cloud, one folder per service, one file
//! per check.

mod any;
mod aws;
mod registry;
mod risks;
mod shared;
mod upcoming;

pub(crate) use risks::find_risks;
pub(crate) use upcoming::find_upcoming;

#[cfg(test)]
use registry::registry;

#[cfg(test)]
mod tests;
