//! From a location to a roll-up.

use std::rc::Rc;

use anyhow::{Context, bail};
use chrono::NaiveDate;
use cost_core::check::Settings;
use cost_core::commitment::CommitmentsReport;
use cost_core::estate::Estate;
use cost_core::exchange::RateTable;
use cost_core::focus::{FocusFrame, Reading};
use cost_core::lifecycle::{RealisedReport, SavingsLedger};
use cost_core::month::Month;
use cost_core::review::{AnomalyOptions, AnomalyReport, CommitmentOptions, Review, ReviewOptions};
use cost_core::rollup::{Dimension, Rollup, convert, roll_up_by_currency};
use cost_providers::focus::{Choice, FocusFiles, exchange_rates, without_older};

use crate::args::{ChooseArgs, ReadArgs};
use crate::config::Reporting;

/// An estate whose line items have been rolled up: those in one currency, or all in a reporting currency.
pub(crate) struct Opened {
    pub(crate) estate: Rc<Estate>,
    pub(crate) rollup: Rollup,
    bill: FocusFrame,
}

/// Opens the estate or bare bill at `location` and rolls it up with its own tag keys and those of `group_by`: all amounts in the
/// reporting currency if there is one, else each currency on its own, in the order of their codes. There is at least one.
pub(crate) fn open(
    location: &str,
    group_by: &[Dimension],
    read: &ReadArgs,
    reporting: &Reporting,
) -> anyhow::Result<Vec<Opened>> {
    let into = read.report_currency.or(reporting.report);
    if let (Some(rates), None) = (&read.rates, into) {
        bail!(
            "--rates {} converts nothing by itself: name the currency to convert into, such as --report-currency EUR",
            rates.display()
        );
    }
    let file =
        into.and(read.rates.as_ref().or(reporting.rates.as_ref())).map(|path| exchange_rates(path)).transpose()?;
    let estate = Rc::new(Estate::open(location)?);
    let mut tag_keys = estate.manifest.as_ref().map(|m| m.tag_keys.clone()).unwrap_or_default();
    for dimension in group_by {
        if let Dimension::Tag(key) = dimension
            && !tag_keys.contains(key)
        {
            tag_keys.push(key.clone());
        }
    }
    let reading = Reading { currency: read.currency, as_is: read.no_repair };
    let (bill, all) = without_older(&choice(&read.choose), |choice| {
        let bill = FocusFiles::new(&estate.billing).choosing(choice.clone()).bill_as(&tag_keys, &reading)?;
        let all = roll_up_by_currency(&bill)?;
        Ok((bill, all))
    })?;
    let Some(into) = into else {
        let opened = |(bill, rollup)| Opened { estate: Rc::clone(&estate), rollup, bill };
        return Ok(all.into_iter().map(opened).collect());
    };
    let rollups: Vec<Rollup> = all.into_iter().map(|(_, rollup)| rollup).collect();
    if rollups.iter().all(|r| r.cube.currency() == into) {
        return Ok(rollups
            .into_iter()
            .map(|rollup| Opened { estate: Rc::clone(&estate), rollup, bill: bill.clone() })
            .collect());
    }
    let tables: Vec<RateTable> = file.into_iter().chain(RateTable::of_bill(&bill.exchange_rates()?)).collect();
    let rollup = convert(rollups, into, &tables)?;
    Ok(vec![Opened { estate, rollup, bill }])
}

/// As [`open`], for what cannot be told of several currencies at once; `what` names it.
pub(crate) fn the_one(mut all: Vec<Opened>, what: &str) -> anyhow::Result<Opened> {
    match (all.pop(), all.is_empty()) {
        (Some(one), true) => Ok(one),
        (last, _) => {
            let codes: Vec<String> = all.iter().chain(&last).map(|o| o.rollup.cube.currency().to_string()).collect();
            bail!(
                "{what} is of one currency, and the bill is in {}: choose one with --currency, or convert with --report-currency",
                codes.join(", ")
            )
        }
    }
}

/// Which files are read.
pub(crate) fn choice(choose: &ChooseArgs) -> Choice {
    Choice { only: choose.only.clone(), newest: choose.newest, ..Choice::default() }
}

impl Opened {
    /// The review of one month.
    pub(crate) fn review(&self, options: &ReviewOptions) -> anyhow::Result<Review> {
        let review = cost_core::review::review(&self.estate, &self.rollup, self.focus_version(), options);
        review.with_context(|| self.estate.billing.clone())
    }

    /// A report of anomalies.
    pub(crate) fn anomalies(&self, options: &AnomalyOptions) -> anyhow::Result<AnomalyReport> {
        let report = cost_core::review::anomalies(&self.estate, &self.rollup, self.focus_version(), options);
        report.with_context(|| self.estate.billing.clone())
    }

    /// What was done, held against the bill.
    pub(crate) fn verify(&self, decisions: &SavingsLedger, review: &Review) -> anyhow::Result<RealisedReport> {
        let report = cost_core::lifecycle::verify(&self.rollup, decisions, review.header.clone());
        report.with_context(|| self.estate.billing.clone())
    }

    /// What is committed to, how well it is used, and what to buy.
    pub(crate) fn commitments(&self, options: &CommitmentOptions) -> anyhow::Result<CommitmentsReport> {
        let report = cost_core::review::commitments(&self.estate, &self.rollup, &self.bill, options);
        report.with_context(|| self.estate.billing.clone())
    }

    fn focus_version(&self) -> &'static str {
        self.bill.version().as_str()
    }

    /// Service, account, region, and the estate's own tag keys.
    pub(crate) fn default_groups(&self) -> Vec<Dimension> {
        let mut groups = ReviewOptions::default().group_by;
        let keys = self.estate.manifest.iter().flat_map(|m| &m.tag_keys);
        groups.extend(keys.map(|k| Dimension::Tag(k.clone())));
        groups
    }

    /// The half-open range of all days with charges.
    pub(crate) fn all_days(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.rollup.cube.day_range()
    }

    /// Months with charges, newest first.
    pub(crate) fn months(&self) -> Vec<Month> {
        let Some((first, last)) = self.rollup.cube.days() else { return Vec::new() };
        let (oldest, newest) = (Month::of(first), Month::of(last));
        std::iter::successors(Some(newest), |m| Some(m.minus(1))).take_while(|m| *m >= oldest).collect()
    }
}

/// Options of a view that shows no groups.
pub(crate) fn ungrouped(month: Option<Month>, as_of: Option<NaiveDate>, savings: Settings) -> ReviewOptions {
    ReviewOptions { month, as_of, group_by: Vec::new(), savings, ..ReviewOptions::default() }
}
