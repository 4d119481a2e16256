//! Right-sizing: the cheapest machine type of the whole catalogue on which a machine's demand fits,
//! with room.
//!
//! Demand is measured in `CoreMark` iterations per second, so that cores of different generations
//! and makers can be held against each other: a machine of 30,000 that is 40 % busy needs 12,000.
//! The CPU limit holds at the 99th percentile of the hourly maxima, raised by the trend of the
//! window. A machine that is above the limit today may move to a cheaper type of the same speed,
//! never to a slower one. What the name of a type tells is asked of its [`cloud`](crate::cloud).

pub mod backtest;
mod credits;
mod demand;
mod pick;

pub use demand::{Demand, Trend};
pub use pick::{Catalogue, Choice, Reach, options, pick};

/// CPU that sizing keeps under at the 99th percentile of hourly maxima, percent. Rule of the house
/// (ARCHITECTURE.md).
pub const CPU_LIMIT_PCT: f64 = 70.0;
/// Memory that sizing keeps under at the 99th percentile of hourly maxima, percent. Rule of the
/// house (ARCHITECTURE.md).
pub const MEMORY_LIMIT_PCT: f64 = 85.0;
/// EBS bandwidth that sizing does not go below unless today's is less, Mbit/s: the 3,000 operations
/// a second that every gp3 volume has, of 16 KiB. Source: AWS, Amazon EBS User Guide, "General
/// Purpose SSD volumes" (gp3 baseline, I/O size). Chosen (ADR 0016).
pub const LEAST_EBS_MBPS: f64 = 393.0;
