//! What commitments can be bought: products, payments, and terms.

use std::fmt;

use polars::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::table::{ColumnType, ColumnValue, Place, texts};

/// What can be bought.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[non_exhaustive]
pub enum Product {
    /// Standard reserved instances; reserved nodes and instances of other services.
    #[serde(rename = "Standard Reserved Instances")]
    StandardReservation,
    /// Convertible reserved instances.
    #[serde(rename = "Convertible Reserved Instances")]
    ConvertibleReservation,
    /// EC2 Instance Savings Plans.
    #[serde(rename = "EC2 Instance Savings Plans")]
    Ec2InstancePlan,
    /// Compute Savings Plans.
    #[serde(rename = "Compute Savings Plans")]
    ComputePlan,
    /// `SageMaker` Savings Plans.
    #[serde(rename = "SageMaker Savings Plans")]
    SageMakerPlan,
    /// Database Savings Plans.
    #[serde(rename = "Database Savings Plans")]
    DatabasePlan,
}

impl Product {
    /// All of them, in the order in which they apply.
    pub const ALL: [Self; 6] = [
        Self::StandardReservation,
        Self::ConvertibleReservation,
        Self::Ec2InstancePlan,
        Self::ComputePlan,
        Self::SageMakerPlan,
        Self::DatabasePlan,
    ];

    /// AWS's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StandardReservation => "Standard Reserved Instances",
            Self::ConvertibleReservation => "Convertible Reserved Instances",
            Self::Ec2InstancePlan => "EC2 Instance Savings Plans",
            Self::ComputePlan => "Compute Savings Plans",
            Self::SageMakerPlan => "SageMaker Savings Plans",
            Self::DatabasePlan => "Database Savings Plans",
        }
    }

    /// Whether it is a reservation of instances, not a plan of USD an hour.
    #[must_use]
    pub fn is_reservation(self) -> bool {
        matches!(self, Self::StandardReservation | Self::ConvertibleReservation)
    }
}

/// How a commitment is paid.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Payment {
    /// By the month.
    #[serde(rename = "No Upfront")]
    NoUpfront,
    /// A part at once, the rest by the month.
    #[serde(rename = "Partial Upfront")]
    PartialUpfront,
    /// All at once.
    #[serde(rename = "All Upfront")]
    AllUpfront,
}

impl Payment {
    /// All of them, the least upfront first.
    pub const ALL: [Self; 3] = [Self::NoUpfront, Self::PartialUpfront, Self::AllUpfront];

    /// AWS's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoUpfront => "No Upfront",
            Self::PartialUpfront => "Partial Upfront",
            Self::AllUpfront => "All Upfront",
        }
    }
}

/// How long a commitment runs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(into = "u8", try_from = "u8")]
#[schemars(with = "u8")]
pub enum Term {
    /// One year.
    OneYear,
    /// Three years.
    ThreeYears,
}

impl Term {
    /// Both.
    pub const ALL: [Self; 2] = [Self::OneYear, Self::ThreeYears];

    /// Years.
    #[must_use]
    pub fn years(self) -> u8 {
        match self {
            Self::OneYear => 1,
            Self::ThreeYears => 3,
        }
    }

    /// Months.
    #[must_use]
    pub fn months(self) -> u32 {
        12 * u32::from(self.years())
    }

    /// Hours: a year of a term is 31,536,000 seconds (EC2 User Guide, "How you are billed"; read
    /// 2026-11).
    #[must_use]
    pub fn hours(self) -> u32 {
        8_760 * u32::from(self.years())
    }
}

impl From<Term> for u8 {
    fn from(term: Term) -> Self {
        term.years()
    }
}

impl TryFrom<u8> for Term {
    type Error = String;

    fn try_from(years: u8) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|t| t.years() == years)
            .ok_or_else(|| format!("no term has {years} years"))
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}y", self.years())
    }
}

/// A cell that names no product is none.
impl ColumnValue for Product {
    const TYPE: ColumnType = ColumnType::Text;

    fn read(text: Option<&str>, _: Place) -> PolarsResult<Option<Self>> {
        Ok(Self::ALL.into_iter().find(|p| text == Some(p.as_str())))
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series> {
        Ok(texts(values.map(|p| p.map(|p| p.as_str()))))
    }
}

/// A cell that names no payment is none.
impl ColumnValue for Payment {
    const TYPE: ColumnType = ColumnType::Text;

    fn read(text: Option<&str>, _: Place) -> PolarsResult<Option<Self>> {
        Ok(Self::ALL.into_iter().find(|p| text == Some(p.as_str())))
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series> {
        Ok(texts(values.map(|p| p.map(|p| p.as_str()))))
    }
}

/// In years; another number is no term.
impl ColumnValue for Term {
    const TYPE: ColumnType = ColumnType::Integer;

    fn read(text: Option<&str>, _: Place) -> PolarsResult<Option<Self>> {
        Ok(text.and_then(|t| Self::try_from(t.parse::<u8>().ok()?).ok()))
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series> {
        let years = values.map(|term| term.map(|t| i64::from(t.years())));
        Ok(years.collect::<Int64Chunked>().into_series())
    }
}
