//! The parts of the report: purchases, their savings, and alternatives.

use rust_decimal::Decimal;

use super::backtest;
use super::bound::Gap;
use super::choice::Choice;
use super::compared::{Compared, hourly};
use super::decide::{AS_NOW, Scenarios, decide};
use super::exact::Exact;
use super::future::{Outlook, Scenario};
use super::known::{AdviseError, Known};
use super::market::{Groups, Market, Sources, group, type_name};
use super::measure::chance_of_loss_pct;
use super::owners::by_account;
use super::purchases::{Item, items, worth};
use super::renew::Renewed;
use super::terms;
use super::types::{
    AccountOutcome, Alternative, Backtest, BuyOptions, Purchase, PurchaseTotal, Renewal,
    ScenarioOutcome,
};
use crate::assumptions::HOURS_PER_MONTH;
use crate::commitment::hours::{HourlyUsage, OwnedEstate};
use crate::commitment::simulate::{self, Simulation};
use crate::commitment::{Payment, Term, percent};
use crate::money::Money;

/// Maximum number of accounts of which the report shows the savings if they bought everything.
const MOST_ACCOUNTS: usize = 5;

/// The data shared by the parts of the report.
pub(super) struct Report<'a> {
    pub(super) known: Known<'a>,
    pub(super) options: &'a BuyOptions,
    pub(super) outlook: &'a Outlook<'a>,
    pub(super) account: &'a str,
    /// Number of hours evaluated.
    pub(super) hours: usize,
}

impl Report<'_> {
    /// Returns a statistic as money, rounded to the cent.
    fn money(&self, usd: f64) -> Money {
        Money::new(
            Decimal::from_f64_retain(usd).unwrap_or_default().round_dp(2),
            self.known.currency,
        )
    }

    /// Returns USD per hour as money per month of 730 hours.
    pub(super) fn monthly(&self, usd_per_hour: f64) -> Money {
        self.money(usd_per_hour * f64::from(HOURS_PER_MONTH))
    }

    /// Returns a sum over the evaluated hours as an amount per month of 730 hours, rounded to the
    /// cent.
    pub(super) fn a_month(&self, usd: Decimal) -> Money {
        let hours = Decimal::from(self.hours.max(1));
        Money::new((usd / hours * Decimal::from(HOURS_PER_MONTH)).round_dp(2), self.known.currency)
    }

    pub(super) fn purchases(
        &self,
        bought: &[Item],
        owned: Simulation,
    ) -> Result<Vec<Purchase>, AdviseError> {
        let (saved, outcomes) = worth(self.outlook.estate, owned, bought, self.account)?;
        let term = self.options.term;
        let hours = Decimal::from(self.hours.max(1));
        let month = Decimal::from(HOURS_PER_MONTH);
        let money = |usd: Decimal| Money::new(usd.round_dp(2), self.known.currency);
        let one = |((i, saved), outcome): ((&Item, Decimal), simulate::CommitmentOutcome)| {
            let used = outcome.cost - outcome.unused;
            let upfront = money(i.upfront(term));
            let displaced = saved / hours + i.usd_per_hour;
            let break_even =
                (i.usd_per_hour * Decimal::from(term.hours())).checked_div(displaced * month);
            Purchase {
                product: i.candidate.product,
                name: i.name(),
                count: i.reserved.as_ref().map(|(_, count)| *count),
                instance_type: i.reserved.as_ref().map(|(of, _)| type_name(of)),
                sub_account_id: i.account(self.account).to_owned(),
                term,
                payment: i.payment,
                usd_per_hour: i.usd_per_hour.normalize(),
                upfront,
                monthly: money(i.usd_per_hour * (Decimal::ONE - i.candidate.upfront) * month),
                saves: self.a_month(saved),
                utilization_pct: percent(Some(used), Some(outcome.cost)),
                trade_off: terms::trade_off(
                    i.candidate.product,
                    term,
                    upfront,
                    break_even.map(|m| m.round_dp(1)),
                ),
            }
        };
        Ok(bought.iter().zip(saved).zip(outcomes).map(one).collect())
    }

    /// Returns the savings in each scenario, from the purchase's mean savings per hour in each, and
    /// those of the best purchase for it per month.
    pub(super) fn outcomes(
        &self,
        scenarios: &Scenarios,
        ours: &[f64],
        best: &[Money],
    ) -> Vec<ScenarioOutcome> {
        let one = |((scenario, hourly), best): ((&Scenario, &f64), &Money)| {
            let saves = self.monthly(*hourly);
            let more = best.amount() - saves.amount();
            ScenarioOutcome {
                scenario: scenario.clone(),
                saves,
                saves_over_term: self.money(*hourly * f64::from(self.options.term.hours())),
                regret: Money::new(more.max(Decimal::ZERO), self.known.currency),
            }
        };
        scenarios.all.iter().zip(ours).zip(best).map(one).collect()
    }

    pub(super) fn total(
        &self,
        purchases: &[Purchase],
        by_hour: &[f64],
        outcomes: &[ScenarioOutcome],
        gap: Gap,
    ) -> Result<PurchaseTotal, AdviseError> {
        let sum = |of: fn(&Purchase) -> Money| {
            Money::try_sum(purchases.iter().map(of), self.known.currency)
        };
        let usd_per_hour: Decimal = purchases.iter().map(|p| p.usd_per_hour).sum();
        let saves = sum(|p| p.saves)?;
        let cost = usd_per_hour * Decimal::from(HOURS_PER_MONTH);
        let committed = usd_per_hour * Decimal::from(self.options.term.hours());
        let displaced = saves.amount() + cost;
        let zero = Money::zero(self.known.currency);
        Ok(PurchaseTotal {
            usd_per_hour,
            upfront: sum(|p| p.upfront)?,
            monthly: sum(|p| p.monthly)?,
            committed: Money::new(committed.round_dp(2), self.known.currency),
            saves,
            discount_pct: percent(Some(saves.amount()), Some(displaced)),
            break_even_months: committed.checked_div(displaced).map(|m| m.round_dp(1)),
            worst_case: outcomes
                .iter()
                .map(|o| o.saves_over_term)
                .min_by_key(Money::amount)
                .unwrap_or(zero),
            chance_of_loss_pct: if purchases.is_empty() {
                Decimal::ZERO
            } else {
                chance_of_loss_pct(by_hour)
            },
            bound_gap_pct: gap.pct(),
            bound_gap: Some(self.monthly(gap.usd_per_hour())),
        })
    }

    /// Returns the accounts that could buy, with the savings if each of them bought everything.
    /// Accounts that buy only some of the purchases are also listed.
    pub(super) fn accounts(
        &self,
        (exact, scenarios): (&Exact<'_>, &Scenarios),
        bought: &[Item],
        able: &[String],
    ) -> Result<Vec<AccountOutcome>, AdviseError> {
        let buys = by_account(bought, self.account);
        let mut all: Vec<&str> = able.iter().take(MOST_ACCOUNTS).map(String::as_str).collect();
        all.extend(
            buys.keys()
                .copied()
                .filter(|a| !able.iter().take(MOST_ACCOUNTS).any(|other| other == a)),
        );
        let same: Vec<Item> = bought.iter().map(|i| Item { account: None, ..i.clone() }).collect();
        let one = |account: &str| {
            let saves = |scenario: &Scenario| -> Result<Money, simulate::SimulationError> {
                Ok(self.monthly(exact.saves((&same, account), scenario, self.options.term)?))
            };
            Ok(AccountOutcome {
                sub_account_id: account.to_owned(),
                usd_per_hour: buys.get(account).copied().unwrap_or_default().normalize(),
                saves: saves(&scenarios.all[AS_NOW])?,
                saves_in_decline: saves(&scenarios.all[scenarios.adverse])?,
            })
        };
        if bought.is_empty() { Ok(Vec::new()) } else { all.into_iter().map(one).collect() }
    }

    pub(super) fn backtest(
        &self,
        history: &HourlyUsage,
        sources: Sources<'_>,
        payment: Payment,
    ) -> Result<Option<Backtest>, AdviseError> {
        let known = OwnedEstate::new(history, sources.prices, self.known.inventory)?;
        let moves = vec![false; history.lines.len()];
        let market = Market { usage: history, known: &known, moves: &moves, sources };
        Ok(backtest::backtest(&market, (self.options.term, payment), self.known.currency))
    }

    pub(super) fn renewal(&self, r: &Renewed) -> Renewal {
        Renewal {
            on: r.on,
            ended: r.ended.clone(),
            purchases: r.items.iter().map(Item::name).collect(),
            usd_per_hour: r.items.iter().map(|i| i.usd_per_hour).sum::<Decimal>().normalize(),
            saves: self.a_month(r.saved),
        }
    }

    /// Returns the best purchase for every term and payment option that is offered. The one of the
    /// recommended term and payment option is the purchase itself. The amounts of the others are
    /// found on a sample of hours. All savings are simulated exactly.
    pub(super) fn alternatives(
        &self,
        market: &Market<'_>,
        compared: &Compared<'_>,
        choice: &Choice,
    ) -> Result<Vec<Alternative>, AdviseError> {
        let mut all = Vec::new();
        for term in Term::ALL {
            for payment in Payment::ALL {
                let candidates = market.candidates(term, payment);
                if candidates.is_empty() {
                    continue;
                }
                let compared = Compared { term, ..*compared };
                if (term, payment) == (self.options.term, choice.payment) {
                    let mut own = self.alternative(&compared, payment, &choice.bought)?;
                    own.saves = compared.saves;
                    all.push(own);
                    continue;
                }
                let groups: Groups = group(market.known, &candidates);
                let outlook = Outlook { term, ..*self.outlook };
                let risk = self.options.risk;
                let decision = decide(&outlook, &groups, compared.scenarios, risk, false)?;
                let (found, _) = items(market, &candidates, &decision, payment);
                all.push(self.alternative(&compared, payment, &found)?);
            }
        }
        Ok(all)
    }

    fn alternative(
        &self,
        compared: &Compared<'_>,
        payment: Payment,
        bought: &[Item],
    ) -> Result<Alternative, AdviseError> {
        let (term, scenarios) = (compared.term, compared.scenarios);
        let saves = compared.in_scenario(bought, &scenarios.all[AS_NOW])?;
        let usd_per_hour = hourly(bought);
        let upfront: Decimal = bought.iter().map(|i| i.upfront(term)).sum();
        let displaced = saves.amount() + usd_per_hour * Decimal::from(HOURS_PER_MONTH);
        let committed = usd_per_hour * Decimal::from(term.hours());
        Ok(Alternative {
            term,
            payment,
            usd_per_hour,
            upfront: Money::new(upfront.round_dp(2), self.known.currency),
            saves,
            saves_in_decline: compared.in_scenario(bought, &scenarios.all[scenarios.adverse])?,
            break_even_months: committed
                .checked_div(displaced)
                .filter(|_| !usd_per_hour.is_zero())
                .map(|m| m.round_dp(1)),
        })
    }
}
