//! Rightsizing: finds the cheapest machine type of the catalog that fits a machine's demand with
//! headroom.
//!
//! Demand is measured in `CoreMark` iterations per second, so that cores of different generations
//! and makers are comparable: a machine of 30,000 that is 40 % busy needs 12,000. The CPU limit
//! applies to the 99th percentile of the hourly maxima, raised by the trend of the window. A
//! machine that is above the limit today may move to a cheaper type with the same speed, never to a
//! slower one. The [`cloud`](crate::cloud) module parses the name of a type.

pub mod backtest;
mod credits;
mod demand;
mod pick;

pub use credits::exhausted as credits_exhausted;
pub use demand::{Demand, Trend, ebs_mbps};
pub use pick::{Catalogue, Choice, Reach, enough, options, pick};

/// Upper limit of CPU for sizing, at the 99th percentile of hourly maxima, percent. Project rule
/// (ARCHITECTURE.md).
pub const CPU_LIMIT_PCT: f64 = 70.0;
/// Upper limit of memory for sizing, at the 99th percentile of hourly maxima, percent. Project rule
/// (ARCHITECTURE.md).
pub const MEMORY_LIMIT_PCT: f64 = 85.0;
/// Smallest EBS bandwidth for sizing, Mbit/s, unless today's is less: the 3,000 operations per
/// second of 16 KiB that every gp3 volume has. Source: AWS, Amazon EBS User Guide, "General Purpose
/// SSD volumes" (gp3 baseline, I/O size). Chosen (ADR 0016).
pub const LEAST_EBS_MBPS: f64 = 393.0;
