//! The checks: a folder a cloud, in it a folder a service, one file each, and the registry.

mod any;
mod aws;
mod registry;
mod shared;

#[cfg(test)]
use registry::registry;

#[cfg(test)]
mod tests;
