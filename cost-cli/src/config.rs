//! Configuration file: settings for anomalies, savings, and currencies, and notification channels.

use std::path::{Path, PathBuf};

use anyhow::Context;
use cost_core::anomaly::{Scope, Settings};
use cost_core::call_limits::CallLimits;
use cost_core::check::CheckSet;
use cost_core::commitment::SpendTarget;
use cost_core::file::read_text;
use cost_core::money::Currency;
use cost_notify::{Channel, Retry};
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::args::ConfigArgs;

/// The complete configuration file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Settings for anomaly detection.
    pub(crate) anomalies: Settings,
    /// Settings for savings checks and the plan.
    pub(crate) savings: cost_core::check::Settings,
    /// Spend agreements.
    pub(crate) commitments: Commitments,
    /// Reporting currency.
    pub(crate) currency: Reporting,
    /// Channels that receive notices of alerts.
    pub(crate) notify: Vec<Channel>,
    /// Retries of failed notices.
    pub(crate) retry: Retry,
    /// Metrics file of a scheduled job.
    pub(crate) metrics: Option<Metrics>,
    /// Limits of calls to providers.
    pub(crate) network: CallLimits,
}

/// Reporting currency and exchange rates.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Reporting {
    /// Currency to convert to; if absent, amounts stay as billed.
    pub(crate) report: Option<Currency>,
    /// File with exchange rates.
    pub(crate) rates: Option<PathBuf>,
}

/// Commitments that no bill contains.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Commitments {
    /// Spend agreements: an amount to spend in a period.
    pub(crate) spend: Vec<SpendTarget>,
}

/// Text file for the textfile collector of the Prometheus node exporter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Metrics {
    /// Path of the file, in the collector's folder.
    pub(crate) path: PathBuf,
}

/// Maximum size of the configuration file, in bytes. Chosen.
const MAX_CONFIG_BYTES: u64 = 16 << 20;

/// Reads the configuration file; without one, returns the default configuration.
pub(crate) fn load(args: &ConfigArgs) -> anyhow::Result<Config> {
    args.config.as_deref().map_or_else(|| Ok(Config::default()), read)
}

/// Returns the error with its line and column. Neither the line nor a value is shown, because it
/// may contain a secret.
fn explain(path: &Path, text: &str, wrong: &toml::de::Error) -> String {
    let place =
        wrong.span().and_then(|span| text.get(..span.start)).map_or_else(String::new, |before| {
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            format!(", line {line}, column {column}")
        });
    format!("{}{place}: {}", path.display(), without_values(wrong.message()).replace('\n', "; "))
}

/// Returns an error if settings would turn off monitoring without saying so.
fn check_muting(settings: &Settings) -> Result<(), &'static str> {
    let is_all = settings.exclude.iter().any(|scope| *scope == Scope::default());
    if is_all {
        return Err(
            "an `anomalies.exclude` without a condition excludes everything: name an account, service, region, usage type, or tag",
        );
    }
    Ok(())
}

/// Most attempts to send a notice in one run. Chosen: with the waits in between, more would only
/// delay the other channels, and the next run tries again.
const MOST_TRIES: u32 = 20;
/// Longest timeout of an attempt, in milliseconds: two minutes. Chosen: a receiver of short
/// messages answers within seconds.
const LONGEST_TIMEOUT_MS: u64 = 120_000;
/// Longest wait after the first failure, in milliseconds: one minute. Chosen: it doubles after each
/// failure.
const LONGEST_FIRST_WAIT_MS: u64 = 60_000;

/// Returns an error if a value would send no notice, or let a run wait without end.
fn check_retry(retry: &Retry) -> Result<(), String> {
    if retry.timeout_ms == 0 {
        return Err("`timeout_ms` must be above 0, or no notice could be sent".to_owned());
    }
    let all = [
        ("tries", u64::from(retry.tries), u64::from(MOST_TRIES)),
        ("timeout_ms", retry.timeout_ms, LONGEST_TIMEOUT_MS),
        ("first_wait_ms", retry.first_wait_ms, LONGEST_FIRST_WAIT_MS),
    ];
    match all.into_iter().find(|(_, value, most)| value > most) {
        Some((key, value, most)) => {
            Err(format!("`{key}` is {value}, but at most {most} is allowed"))
        }
        None => Ok(()),
    }
}

/// Returns the message of a parser without the values that it repeats: between quotes, and between
/// backticks if it cannot be a misspelled key.
fn without_values(message: &str) -> String {
    let mut out = message.to_owned();
    let quotes = out.find('"').zip(out.rfind('"')).filter(|(first, last)| first < last);
    if let Some((first, last)) = quotes {
        out.replace_range(first + 1..last, "…");
    }
    let Some(first) = out.find('`').map(|at| at + 1) else { return out };
    let end = out[first..].find("`, expected").or_else(|| out[first..].rfind('`'));
    let Some(last) = end.map(|length| first + length) else { return out };
    let is_key = |text: &str| {
        text.len() <= LONGEST_KEY
            && text.chars().all(|c| c.is_ascii_lowercase() || "_-".contains(c))
    };
    // Without an expectation, several names in backticks are parts of the message.
    let all_keys = out[first..last].split(['`', ' ', ',']).all(is_key);
    if !all_keys {
        out.replace_range(first..last, "…");
    }
    out
}

/// Longest text that is shown as a misspelled key, in characters: longer than every key. Chosen.
const LONGEST_KEY: usize = 30;

fn read(path: &Path) -> anyhow::Result<Config> {
    let name = || path.display().to_string();
    let text = read_text(path, MAX_CONFIG_BYTES)
        .with_context(|| format!("cannot read the configuration {}", path.display()))?;
    let config: Config = toml::from_str(&text)
        .map_err(|wrong| anyhow::anyhow!("{}", explain(path, &text, &wrong)))?;
    if let Some(tag) = config.anomalies.wrong_tag() {
        anyhow::bail!("{}: tag `{tag}` has no value; write it as \"key=value\"", name());
    }
    config.network.validate().map_err(anyhow::Error::msg).with_context(name)?;
    config.savings.validate(&CheckSet::built_in()).with_context(name)?;
    for event in &config.anomalies.events {
        anyhow::ensure!(
            event.first_day <= event.last_day,
            "{}: event `{}` ends on {} before it begins on {}; swap the dates",
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
            "{}: agreement `{agreement}` ends on {last} before it begins on {first}; swap the dates",
            name()
        );
        let zero = Decimal::ZERO;
        anyhow::ensure!(
            target.amount > zero && target.drawn_before.is_none_or(|drawn| drawn >= zero),
            "{}: agreement `{agreement}`: `amount` must be above 0, and `drawn_before` at least 0",
            name()
        );
    }
    config.anomalies.validate().with_context(name)?;
    check_muting(&config.anomalies).map_err(|wrong| anyhow::anyhow!("{}: {wrong}", name()))?;
    for channel in &config.notify {
        channel
            .validate()
            .map_err(|wrong| anyhow::anyhow!("{}: channel `{}`: {wrong}", name(), channel.name))?;
    }
    check_retry(&config.retry).map_err(|wrong| anyhow::anyhow!("{}: {wrong}", name()))?;
    for (at, channel) in config.notify.iter().enumerate() {
        let twice = config.notify[..at].iter().any(|c| c.name == channel.name);
        anyhow::ensure!(
            !twice,
            "{}: two channels are named `{}`; rename one",
            name(),
            channel.name
        );
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use cost_notify::Retry;

    use super::{check_retry, without_values};

    #[test]
    fn no_run_waits_without_end() {
        let retry = |tries, first_wait_ms, timeout_ms| {
            check_retry(&Retry { tries, first_wait_ms, timeout_ms })
        };
        assert_eq!(retry(20, 60_000, 120_000), Ok(()));
        let says =
            |result: Result<(), String>, text: &str| result.expect_err("an error").contains(text);
        assert!(says(retry(21, 0, 1), "`tries` is 21, but at most 20"));
        assert!(says(retry(1, 60_001, 1), "`first_wait_ms` is 60001, but at most 60000"));
        assert!(says(retry(1, 0, 120_001), "`timeout_ms` is 120001, but at most 120000"));
        assert!(says(retry(1, 0, 0), "above 0"));
    }

    #[test]
    fn a_message_repeats_no_value() {
        for (message, shown) in [
            (
                r#"invalid type: string "a\"b", expected u32"#,
                r#"invalid type: string "…", expected u32"#,
            ),
            (
                "unknown field `adress`, expected `x` or `y`",
                "unknown field `adress`, expected `x` or `y`",
            ),
            ("unknown field `xoxb-1`, expected `x`", "unknown field `…`, expected `x`"),
            ("unknown variant `a`B`, expected `x`", "unknown variant `…`, expected `x`"),
            ("invalid value `T0/K3y`", "invalid value `…`"),
            ("missing field `name`", "missing field `name`"),
            ("expected a value", "expected a value"),
        ] {
            assert_eq!(without_values(message), shown);
        }
    }
}
