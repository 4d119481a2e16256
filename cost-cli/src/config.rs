//! The configuration file: how to look for anomalies.

use std::path::Path;

use anyhow::Context;
use chrono::NaiveDate;
use cost_core::anomaly::Settings;
use cost_core::month::Month;
use cost_core::review::AnomalyOptions;
use serde::Deserialize;

use crate::args::ConfigArgs;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// How to look for anomalies.
    pub(crate) anomalies: Settings,
}

/// Reads the configuration that was named, or nothing.
pub(crate) fn load(args: &ConfigArgs) -> anyhow::Result<Config> {
    args.config.as_deref().map_or_else(|| Ok(Config::default()), read)
}

fn read(path: &Path) -> anyhow::Result<Config> {
    let name = || path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(name)?;
    let config: Config = toml::from_str(&text).with_context(name)?;
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
    Ok(config)
}

/// Options of a report of anomalies.
pub(crate) fn anomaly_options(
    args: &ConfigArgs,
    month: Option<Month>,
    as_of: Option<NaiveDate>,
) -> anyhow::Result<AnomalyOptions> {
    Ok(AnomalyOptions { month, as_of, raised: None, settings: load(args)?.anomalies })
}
