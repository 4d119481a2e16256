//! Sessions from command-line arguments.

use anyhow::bail;
use chrono::NaiveDate;
use cost_core::focus::Reading;
use cost_core::month::Month;
use cost_core::review::ReviewOptions;
use cost_core::{Session, SessionBuilder};
use cost_providers::focus::{Choice, exchange_rates};
use cost_providers::{OpenOptions, open as open_at};

use crate::args::{ChooseArgs, ReadArgs};
use crate::config::{Config, Reporting};

/// Returns the review options from the command line and the configuration.
pub(crate) fn options(
    month: Option<Month>,
    as_of: Option<NaiveDate>,
    config: &Config,
) -> ReviewOptions {
    ReviewOptions {
        month,
        as_of,
        anomalies: config.anomalies.clone(),
        savings: config.savings.clone(),
        ..ReviewOptions::default()
    }
}

/// Opens the estate or bill at `location`. Returns one session in the reporting currency if there
/// is one, else one session per billing currency, in the order of their codes; at least one.
pub(crate) fn open(
    location: &str,
    options: ReviewOptions,
    read: &ReadArgs,
    reporting: &Reporting,
) -> anyhow::Result<Vec<Session>> {
    open_with(location, Session::builder().options(options), read, reporting)
}

/// Opens like [`open`], with the settings of the builder.
pub(crate) fn open_with(
    location: &str,
    mut builder: SessionBuilder,
    read: &ReadArgs,
    reporting: &Reporting,
) -> anyhow::Result<Vec<Session>> {
    let into = read.report_currency.or(reporting.report);
    if let (Some(rates), None) = (&read.rates, into) {
        bail!(
            "--rates {} has no effect without a reporting currency: add one, such as --report-currency EUR",
            rates.display()
        );
    }
    if let Some(into) = into {
        let rates = read.rates.as_ref().or(reporting.rates.as_ref());
        builder =
            builder.report_currency(into, rates.map(|path| exchange_rates(path)).transpose()?);
    }
    let reading = Reading { currency: read.currency, as_is: read.no_repair };
    Ok(open_at(location, &OpenOptions { choice: choice(&read.choose), reading }, builder)?)
}

/// Returns the only session of [`open`]. Fails for several currencies, with `what` in the message.
pub(crate) fn the_one<'a>(
    all: impl IntoIterator<Item = &'a Session>,
    what: &str,
) -> anyhow::Result<&'a Session> {
    let all: Vec<&Session> = all.into_iter().collect();
    let [one] = all.as_slice() else {
        let codes: Vec<String> = all.iter().map(|s| s.currency().to_string()).collect();
        bail!(
            "{what} needs a single currency, and the bill is in {}: choose one with --currency, or convert with --report-currency",
            codes.join(", ")
        )
    };
    Ok(one)
}

/// Returns which files to read.
fn choice(choose: &ChooseArgs) -> Choice {
    Choice { only: choose.only.clone(), newest: choose.newest, ..Choice::default() }
}
