//! Facts about instance types and operating systems.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;

/// Facts about one EC2 instance type, and its prices in the book's region. An empty fact is
/// unknown. Facts in the type's name are parsed in the AWS module.
#[derive(Clone, Debug, Deserialize)]
pub struct InstanceType {
    /// Name, such as `m6a.large`.
    pub instance_type: String,
    /// Virtual CPUs.
    pub vcpu: Option<u32>,
    /// Memory, MiB.
    pub memory_mib: Option<u64>,
    /// Architectures, joined by `|`.
    pub architectures: String,
    #[serde(deserialize_with = "python_bool")]
    /// Whether AWS lists it as current generation.
    pub current_generation: Option<bool>,
    #[serde(deserialize_with = "python_bool")]
    /// Whether it runs on CPU credits.
    pub burstable: Option<bool>,
    #[serde(deserialize_with = "python_bool")]
    /// Whether it is bare metal.
    pub bare_metal: Option<bool>,
    /// GPUs.
    pub gpus: Option<u32>,
    /// Instance storage, GB.
    pub local_storage_gb: Option<u64>,
    /// Baseline network bandwidth, Gbit/s.
    pub network_baseline_gbps: Option<Decimal>,
    /// Baseline EBS bandwidth, Mbit/s.
    pub ebs_baseline_mbps: Option<Decimal>,
    /// `CoreMark` iterations per second, all threads of the machine.
    pub coremark_iterations_per_s: Option<Decimal>,
    /// On-demand Linux, USD per hour.
    pub od_linux_usd_hr: Option<Decimal>,
    /// On-demand Windows, license included, USD per hour.
    pub od_windows_usd_hr: Option<Decimal>,
    /// On-demand Red Hat Enterprise Linux, USD per hour.
    pub od_rhel_usd_hr: Option<Decimal>,
    /// Standard reserved instance, Linux, 1 year, all upfront, USD per hour.
    pub ri_1y_all_upfront_linux_usd_hr: Option<Decimal>,
    /// Spot discount on the on-demand Linux price at the time of the list, percent.
    pub spot_savings_pct: Option<Decimal>,
    /// Frequency of spot interruptions: 0 under 5 % of instances per month, 1 5 to 10 %, 2 10 to 15
    /// %, 3 15 to 20 %, 4 over 20 %.
    pub spot_interruption_band: Option<u8>,
    /// Surcharge of SUSE Linux Enterprise Server on Linux, USD per hour, from a list that has both
    /// prices. Zero for types on which AWS charges nothing for it.
    pub suse_surcharge_usd_hr: Option<Decimal>,
}

/// Surcharge of SUSE on a type that the list lacks, with 2 to 4 vCPUs, USD per hour. All 471 types of
/// newer families in the list, such as r5, m5n, m6i, and m7i, have these two surcharges, rounded.
/// LeanerCloud/ec2-instances-info, 2023-08. Read 2026-11.
const SUSE_UP_TO_4_VCPUS: Decimal = Decimal::from_parts(5625, 0, 0, false, 5);
/// The same with more vCPUs.
const SUSE_ABOVE_4_VCPUS: Decimal = Decimal::from_parts(125, 0, 0, false, 3);

impl InstanceType {
    /// Returns the surcharge of SUSE on Linux, USD per hour, the same in every region: that of the
    /// list, else by the number of vCPUs. `None` for a type of one vCPU that the list lacks, because
    /// its surcharge differs by family.
    #[must_use]
    pub fn suse_surcharge(&self) -> Option<Decimal> {
        self.suse_surcharge_usd_hr.or_else(|| match self.vcpu? {
            2..=4 => Some(SUSE_UP_TO_4_VCPUS),
            5.. => Some(SUSE_ABOVE_4_VCPUS),
            _ => None,
        })
    }

    /// Returns the speed, `CoreMark` iterations per second of all threads, for statistics.
    #[must_use]
    pub fn speed(&self) -> Option<f64> {
        self.number(self.coremark_iterations_per_s).filter(|s| *s > 0.0)
    }

    /// Converts a fact to a number, for statistics.
    #[must_use]
    pub fn number(&self, fact: Option<Decimal>) -> Option<f64> {
        fact?.to_f64()
    }
}

/// Operating system of an instance, derived from its price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum System {
    /// Linux without a license.
    Linux,
    /// Windows, license included.
    Windows,
    /// Red Hat Enterprise Linux.
    Rhel,
    /// SUSE Linux Enterprise Server.
    Suse,
    /// Linux with SQL Server, license included.
    LinuxSql(Edition),
    /// Windows with SQL Server, both licenses included.
    WindowsSql(Edition),
}

/// Edition of SQL Server whose license is included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Edition {
    /// Web.
    Web,
    /// Standard.
    Standard,
    /// Enterprise.
    Enterprise,
}

/// Fewest vCPUs that a license of SQL Server is charged for. AWS, "Microsoft License Mobility, SQL
/// Server": four cores per virtual machine. Read 2026-11.
const LEAST_SQL_VCPUS: u32 = 4;

impl Edition {
    /// Returns the price of the license, USD per vCPU and hour, the same in every region: the price
    /// of Windows with SQL Server minus that of Windows. AWS, Amazon EC2 User Guide, "Optimize CPUs
    /// for License-Included instances": 0.063 (Web), 0.166 (Standard), and 0.421 (Enterprise) minus
    /// 0.046. Read 2026-11.
    fn usd_per_vcpu(self) -> Decimal {
        match self {
            Self::Web => Decimal::new(17, 3),
            Self::Standard => Decimal::new(120, 3),
            Self::Enterprise => Decimal::new(375, 3),
        }
    }

    /// Returns the price of the license for a number of vCPUs, USD per hour.
    #[must_use]
    pub fn usd_per_hour(self, vcpus: u32) -> Decimal {
        Decimal::from(vcpus.max(LEAST_SQL_VCPUS)) * self.usd_per_vcpu()
    }
}

impl System {
    /// All operating systems.
    pub const ALL: [Self; 10] = [
        Self::Linux,
        Self::Windows,
        Self::Rhel,
        Self::Suse,
        Self::LinuxSql(Edition::Web),
        Self::LinuxSql(Edition::Standard),
        Self::LinuxSql(Edition::Enterprise),
        Self::WindowsSql(Edition::Web),
        Self::WindowsSql(Edition::Standard),
        Self::WindowsSql(Edition::Enterprise),
    ];

    /// Returns the label for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Linux => "Linux",
            Self::Windows => "Windows",
            Self::Rhel => "RHEL",
            Self::Suse => "SUSE",
            Self::LinuxSql(Edition::Web) => "Linux with SQL Server Web",
            Self::LinuxSql(Edition::Standard) => "Linux with SQL Server Standard",
            Self::LinuxSql(Edition::Enterprise) => "Linux with SQL Server Enterprise",
            Self::WindowsSql(Edition::Web) => "Windows with SQL Server Web",
            Self::WindowsSql(Edition::Standard) => "Windows with SQL Server Standard",
            Self::WindowsSql(Edition::Enterprise) => "Windows with SQL Server Enterprise",
        }
    }
}

/// Parses `True` and `False` as Python writes them; empty text is unknown.
fn python_bool<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<bool>, D::Error> {
    match String::deserialize(d)?.as_str() {
        "" => Ok(None),
        "True" => Ok(Some(true)),
        "False" => Ok(Some(false)),
        other => Err(serde::de::Error::custom(format!("`{other}` is neither True nor False"))),
    }
}
