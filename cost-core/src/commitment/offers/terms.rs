//! Products, payment options, and terms of commitments.

use std::fmt;

use polars::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::table::{ColumnType, ColumnValue, Place, texts};

/// A commitment product.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[non_exhaustive]
pub enum Product {
    /// Standard Reserved Instances, and reserved nodes and instances of other services.
    #[serde(rename = "Standard Reserved Instances")]
    StandardReservation,
    /// Convertible Reserved Instances.
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
    /// All products, in the order in which they apply.
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

    /// Returns whether it is a reservation of instances, not a plan in USD per hour.
    #[must_use]
    pub fn is_reservation(self) -> bool {
        matches!(self, Self::StandardReservation | Self::ConvertibleReservation)
    }
}

/// A payment option.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Payment {
    /// Monthly payments.
    #[serde(rename = "No Upfront")]
    NoUpfront,
    /// A part upfront, the rest in monthly payments.
    #[serde(rename = "Partial Upfront")]
    PartialUpfront,
    /// All upfront.
    #[serde(rename = "All Upfront")]
    AllUpfront,
}

impl Payment {
    /// All payment options, the lowest upfront payment first.
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

/// The term of a commitment.
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
    /// Both terms.
    pub const ALL: [Self; 2] = [Self::OneYear, Self::ThreeYears];

    /// Returns the term in years.
    #[must_use]
    pub fn years(self) -> u8 {
        match self {
            Self::OneYear => 1,
            Self::ThreeYears => 3,
        }
    }

    /// Returns the term in months.
    #[must_use]
    pub fn months(self) -> u32 {
        12 * u32::from(self.years())
    }

    /// Returns the term in hours. A year of a term is 31,536,000 seconds (EC2 User Guide, "How you
    /// are billed"; read 2026-11).
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
            .ok_or_else(|| format!("`{years}` is not a term: write 1 or 3 years"))
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}y", self.years())
    }
}

/// A cell with an unknown product is read as no value.
impl ColumnValue for Product {
    const TYPE: ColumnType = ColumnType::Text;

    fn read(text: Option<&str>, _: Place) -> PolarsResult<Option<Self>> {
        Ok(Self::ALL.into_iter().find(|p| text == Some(p.as_str())))
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series> {
        Ok(texts(values.map(|p| p.map(|p| p.as_str()))))
    }
}

/// A cell with an unknown payment option is read as no value.
impl ColumnValue for Payment {
    const TYPE: ColumnType = ColumnType::Text;

    fn read(text: Option<&str>, _: Place) -> PolarsResult<Option<Self>> {
        Ok(Self::ALL.into_iter().find(|p| text == Some(p.as_str())))
    }

    fn series<'a>(values: impl Iterator<Item = Option<&'a Self>>) -> PolarsResult<Series> {
        Ok(texts(values.map(|p| p.map(|p| p.as_str()))))
    }
}

/// In years. Any other number is read as no value.
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
