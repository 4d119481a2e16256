//! Bill of an alert file: its billing accounts and its currency.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::ledger::Ledger;
use super::tracked::{Alert, Status};
use crate::money::Currency;

/// Days after which a billing account that no bill has any more is forgotten. Chosen (ADR 0043): by
/// then every monthly bill has been written once.
const MISSING_DAYS: u64 = 31;

/// Most billing accounts that an error names.
const MOST_NAMED: usize = 3;

/// Error: the bill is not the one of the alert file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OtherBill {
    /// The bill has none of the billing accounts of the bills processed before.
    #[error(
        "the alert file belongs to another bill: it has alerts of billing account {known}, and this bill is of {found}; \
         use one alert file per bill"
    )]
    Accounts {
        /// Billing accounts of the ledger.
        known: String,
        /// Billing accounts of the bill.
        found: String,
    },
    /// The amounts are in another currency than those processed before.
    #[error(
        "the alert file has amounts in {known}, and this run is in {found}; use one alert file per currency, or choose \
         {known} with --currency or --report-currency"
    )]
    Currency {
        /// Currency of the ledger.
        known: Currency,
        /// Currency of the run.
        found: Currency,
    },
}

impl Ledger {
    /// Records the billing accounts and the currency of a bill before its report is added. Bills
    /// without billing accounts are not checked for them. Billing accounts that the bill lacks are
    /// missing from now on, and forgotten after 31 days. Returns the missing ones with the day
    /// since when: until they are back or forgotten, no alert is closed.
    ///
    /// # Errors
    /// [`OtherBill`] if none of the billing accounts is one of the bills processed before, or if
    /// the currency is another one. Nothing is changed.
    pub fn use_bill(
        &mut self,
        accounts: BTreeSet<String>,
        currency: Currency,
        now: DateTime<Utc>,
    ) -> Result<Vec<(String, NaiveDate)>, OtherBill> {
        // Earlier versions did not record the currency.
        let of_alerts = || self.alerts.last().map(|a| a.anomaly.excess.currency());
        let known = self.currency.or_else(of_alerts);
        if let Some(known) = known.filter(|known| *known != currency) {
            return Err(OtherBill::Currency { known, found: currency });
        }
        let is_known = self.billing_accounts.is_empty()
            || accounts.is_empty()
            || !self.billing_accounts.is_disjoint(&accounts);
        if !is_known {
            let list = |of: &BTreeSet<String>| {
                of.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", ")
            };
            let (known, found) = (list(&self.billing_accounts), list(&accounts));
            return Err(OtherBill::Accounts { known, found });
        }
        self.currency = Some(currency);
        if accounts.is_empty() {
            return Ok(Vec::new());
        }
        let today = now.date_naive();
        self.missing_accounts.retain(|account, _| !accounts.contains(account));
        for account in self.billing_accounts.difference(&accounts) {
            self.missing_accounts.entry(account.clone()).or_insert(today);
        }
        self.billing_accounts.extend(accounts);
        let gone: Vec<String> = self
            .missing_accounts
            .iter()
            .filter(|(_, since)| is_over(**since, today))
            .map(|(account, _)| account.clone())
            .collect();
        for account in gone {
            self.missing_accounts.remove(&account);
            self.billing_accounts.remove(&account);
        }
        Ok(self.missing_accounts.iter().map(|(account, since)| (account.clone(), *since)).collect())
    }

    /// Returns the accounts (`SubAccountId`) of open alerts.
    #[must_use]
    pub fn open_accounts(&self) -> BTreeSet<String> {
        let open = self.alerts.iter().filter(|a| a.status == Status::Open);
        open.filter_map(account_of).map(ToOwned::to_owned).collect()
    }

    /// Records the last days with usage before `until`, by account, before the report of these days
    /// is added ([`Rollup::last_usage_days`](crate::rollup::Rollup::last_usage_days)). An account is
    /// missing if it has no usage on the last of these days, nor on any day after an open alert of
    /// it: its charges are probably late, or left out. After 31 days it is forgotten, as a closed
    /// account. Returns the missing ones with the day since when: until they are back or forgotten,
    /// their alerts are not closed.
    ///
    /// A service or a region without usage is not missing: what no longer runs has ended.
    pub fn use_usage(
        &mut self,
        last_days: &BTreeMap<String, NaiveDate>,
        until: NaiveDate,
        now: DateTime<Utc>,
    ) -> Vec<(String, NaiveDate)> {
        let today = now.date_naive();
        let newest = until.pred_opt().unwrap_or(until);
        let is_gone = |alert: &Alert, account: &str| {
            let used = last_days.get(account);
            used.is_none_or(|used| *used < newest && *used <= alert.anomaly.last_day)
        };
        let open = self.alerts.iter().filter(|a| a.status == Status::Open);
        let gone: BTreeSet<String> = open
            .filter_map(|alert| account_of(alert).filter(|account| is_gone(alert, account)))
            .map(ToOwned::to_owned)
            .collect();
        let former = std::mem::take(&mut self.missing_sub_accounts);
        let since = |account: &String| former.get(account).copied().unwrap_or(today);
        let all = gone.into_iter().map(|account| (since(&account), account));
        let missing = all.filter(|(since, _)| !is_over(*since, today));
        self.missing_sub_accounts = missing.map(|(since, account)| (account, since)).collect();
        self.missing_sub_accounts.iter().map(|(account, since)| (account.clone(), *since)).collect()
    }

    /// Returns whether the charges of an alert are missing: those of a billing account, which can
    /// belong to any alert, or those of its account.
    pub(super) fn is_missing(&self, alert: &Alert) -> bool {
        !self.missing_accounts.is_empty()
            || account_of(alert).is_some_and(|a| self.missing_sub_accounts.contains_key(a))
    }
}

/// Returns the account of an alert, if it has one.
fn account_of(alert: &Alert) -> Option<&str> {
    alert.anomaly.scope.sub_account_id.as_deref().filter(|account| !account.is_empty())
}

/// Returns whether what is missing since a day is forgotten.
fn is_over(since: NaiveDate, today: NaiveDate) -> bool {
    since.checked_add_days(Days::new(MISSING_DAYS)).is_some_and(|end| today >= end)
}
