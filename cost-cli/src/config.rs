//! The configuration file: how to look for anomalies and savings, and who is told.

use std::path::{Path, PathBuf};

use anyhow::Context;
use cost_core::anomaly::Settings;
use cost_core::check::CheckSet;
use cost_core::commitment::SpendTarget;
use cost_core::money::Currency;
use cost_notify::{Channel, Retry};
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::args::ConfigArgs;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// How to look for anomalies.
    pub(crate) anomalies: Settings,
    /// How to look for savings.
    pub(crate) savings: cost_core::check::Settings,
    /// What is agreed to be spent.
    pub(crate) commitments: Commitments,
    /// What currency amounts are reported in.
    pub(crate) currency: Reporting,
    /// Who is told of alerts.
    pub(crate) notify: Vec<Channel>,
    /// How to try again.
    pub(crate) retry: Retry,
    /// Where the metrics of a scheduled job go.
    pub(crate) metrics: Option<Metrics>,
}

/// What currency amounts are reported in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Reporting {
    /// The one to convert into; as billed if it is left out.
    pub(crate) report: Option<Currency>,
    /// File of exchange rates.
    pub(crate) rates: Option<PathBuf>,
}

/// What is committed to and no bill tells.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Commitments {
    /// Agreements to spend so much in a period.
    pub(crate) spend: Vec<SpendTarget>,
}

/// A text file for Prometheus' node exporter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Metrics {
    /// The file, in the collector's folder.
    pub(crate) path: PathBuf,
}

/// Reads the configuration that was named, or nothing.
pub(crate) fn load(args: &ConfigArgs) -> anyhow::Result<Config> {
    args.config.as_deref().map_or_else(|| Ok(Config::default()), read)
}

fn read(path: &Path) -> anyhow::Result<Config> {
    let name = || path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(name)?;
    let config: Config = toml::from_str(&text).with_context(name)?;
    if let Some(tag) = config.anomalies.wrong_tag() {
        anyhow::bail!("{}: tag `{tag}` has no value; write \"key=value\"", name());
    }
    config.savings.validate(&CheckSet::built_in()).with_context(name)?;
    for event in &config.anomalies.events {
        anyhow::ensure!(
            event.first_day <= event.last_day,
            "{}: event `{}` ends on {} before it begins on {}; swap the days",
            name(),
            event.name,
            event.last_day,
            event.first_day
        );
    }
    for target in &config.commitments.spend {
        let (agreement, first, last) = (&target.name, target.first_day, target.last_day);
        anyhow::ensure!(
            first <= last,
            "{}: agreement `{agreement}` ends on {last} before it begins on {first}; swap the days",
            name()
        );
        let zero = Decimal::ZERO;
        anyhow::ensure!(
            target.amount > zero && target.drawn_before.is_none_or(|drawn| drawn >= zero),
            "{}: agreement `{agreement}`: its amounts must be more than nothing",
            name()
        );
    }
    for (at, channel) in config.notify.iter().enumerate() {
        let twice = config.notify[..at].iter().any(|c| c.name == channel.name);
        anyhow::ensure!(
            !twice,
            "{}: two channels are called `{}`; rename one",
            name(),
            channel.name
        );
    }
    Ok(config)
}
