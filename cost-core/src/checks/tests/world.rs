//! A small estate for tests of checks: the month 2026-10 and the two months before, with the report
//! date 2026-11-01.

use chrono::NaiveDate;
use polars::prelude::*;
use serde_json::{Value, json};

use crate::check::{Check, Context, Facts, Settings, Skip, run_all};
use crate::focus::FocusFrame;
use crate::inventory::{Inventory, Resource};
use crate::month::Month;
use crate::opportunity::{Claim, Opportunity};
use crate::price::{PriceBook, STORAGE_TERMS};
use crate::risk::ReliabilityRisk;
use crate::rollup::roll_up;
use crate::upcoming::UpcomingCost;
use crate::usage::{Metric, Use, Utilization};

pub(super) const EC2: &str = "Amazon Elastic Compute Cloud";
/// Hours of October.
pub(super) const HOURS: &str = "744";

/// One line item per month.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) id: &'static str,
    pub(super) usage: &'static str,
    pub(super) cost: &'static str,
    pub(super) list: &'static str,
    pub(super) quantity: &'static str,
    pub(super) unit: &'static str,
    pub(super) provider: &'static str,
    pub(super) service: &'static str,
    pub(super) account: &'static str,
    pub(super) region: &'static str,
    /// `PricingCategory`; for commitments also `CommitmentDiscountType`, and if it is not `Used`,
    /// `CommitmentDiscountStatus`: `Committed:Reserved:Unused`.
    pub(super) pricing: &'static str,
    pub(super) tags: &'static str,
    /// Number of months before October with this line item.
    pub(super) since: u32,
    /// First day without it, such as `2026-10-16`; empty if it continues.
    pub(super) until: &'static str,
}

impl Line {
    /// Returns whether a month has this line item.
    fn is_in(&self, month: Month) -> bool {
        let last: Month = "2026-10".parse().unwrap();
        month >= last.minus(self.since) && month.first_day() < self.end_in(month)
    }

    /// Returns the first day after it, if it is in the month.
    fn end_in(&self, month: Month) -> NaiveDate {
        if self.until.is_empty() { month.end() } else { month.end().min(day(self.until)) }
    }
}

/// Hourly usage at list price.
pub(super) fn hourly(id: &'static str, usage: &'static str, cost: &'static str) -> Line {
    Line {
        id,
        usage,
        cost,
        list: cost,
        quantity: HOURS,
        unit: "Hours",
        provider: "AWS",
        service: EC2,
        account: "1",
        region: "us-east-1",
        pricing: "Standard",
        tags: "{}",
        since: 2,
        until: "",
    }
}

/// Something stored.
pub(super) fn stored(
    id: &'static str,
    usage: &'static str,
    cost: &'static str,
    gb: &'static str,
) -> Line {
    Line { quantity: gb, unit: "GB-Mo", ..hourly(id, usage, cost) }
}

/// Something counted.
pub(super) fn counted(
    id: &'static str,
    usage: &'static str,
    cost: &'static str,
    quantity: &'static str,
) -> Line {
    Line { quantity, unit: "Count", ..hourly(id, usage, cost) }
}

/// The estate.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    pub(super) lines: Vec<Line>,
    pub(super) inventory: Option<Vec<Resource>>,
    pub(super) uses: Option<Vec<(String, Use)>>,
    pub(super) settings: Settings,
    pub(super) tag_keys: Vec<String>,
    /// List prices of the estate in us-east-1: item and USD.
    pub(super) prices: Vec<(&'static str, &'static str)>,
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A resource, a year old.
pub(super) fn resource(kind: &str, id: &str, details: Value) -> Resource {
    Resource {
        resource_id: id.to_owned(),
        kind: kind.into(),
        sub_account_id: Some("1".to_owned()),
        region_id: Some("us-east-1".to_owned()),
        created_on: Some(day("2025-10-01")),
        details: serde_json::from_value(details).unwrap(),
        ..Resource::default()
    }
}

/// A resource without details.
pub(in crate::checks) fn bare(kind: &str, id: &str) -> Resource {
    resource(kind, id, json!({}))
}

/// Thirty days of some metrics, the same every hour.
pub(super) fn steady(metrics: &[(Metric, f64)]) -> Use {
    metrics.iter().fold(Use::default(), |of, (metric, value)| busy(of, 30, *metric, |_| *value))
}

/// With days of a metric by the hour.
pub(super) fn busy(mut of: Use, days: i64, metric: Metric, value: impl Fn(i64) -> f64) -> Use {
    let first = 24 * day("2026-10-02").signed_duration_since(NaiveDate::default()).num_days();
    for hour in 0..24 * days {
        of.put(metric, first + hour, value(hour));
    }
    of
}

impl World {
    pub(super) fn new(lines: impl IntoIterator<Item = Line>) -> Self {
        Self { lines: lines.into_iter().collect(), ..Self::default() }
    }

    pub(super) fn with(mut self, all: impl IntoIterator<Item = Resource>) -> Self {
        self.inventory.get_or_insert_default().extend(all);
        self
    }

    pub(super) fn seen(mut self, id: &str, of: Use) -> Self {
        self.uses.get_or_insert_default().push((id.to_owned(), of));
        self
    }

    pub(super) fn listed(mut self, item: &'static str, usd: &'static str) -> Self {
        self.prices.push((item, usd));
        self
    }

    fn price_book(&self) -> PriceBook {
        let all = &self.prices;
        let same = |text: &'static str| all.iter().map(|_| text).collect::<Vec<_>>();
        let usd: Vec<&str> = all.iter().map(|(_, usd)| *usd).collect();
        let frame = df!(
            "RegionId" => same("us-east-1"),
            "Item" => all.iter().map(|(item, _)| *item).collect::<Vec<_>>(),
            "Terms" => same(STORAGE_TERMS),
            "UsdPerUnit" => usd,
            "AsOf" => same("2026-11-01"),
        );
        PriceBook::bundled().unwrap().with(&frame.unwrap()).unwrap()
    }

    fn bill(&self) -> DataFrame {
        let months: [Month; 3] = ["2026-08", "2026-09", "2026-10"].map(|m| m.parse().unwrap());
        let rows = || {
            self.lines.iter().flat_map(|l| {
                months.iter().copied().filter(move |m| l.is_in(*m)).map(move |m| (l, m))
            })
        };
        // A line that makes every month complete.
        let support = Line { service: "AWS Support", usage: "Support", ..hourly("", "", "1") };
        let fill =
            || months.iter().flat_map(|m| [(m.first_day(), *m), (m.end().pred_opt().unwrap(), *m)]);
        let text = |get: &dyn Fn(&Line, Month) -> String| {
            let of_lines = rows().map(|(l, m)| get(l, m));
            Some(of_lines.chain(fill().map(|(_, m)| get(&support, m))).collect::<Vec<String>>())
        };
        let starts = rows()
            .map(|(_, m)| m.first_day())
            .chain(fill().map(|(d, _)| d))
            .map(|d| format!("{d}T00:00:00Z"));
        let column = |name: &str, get: &dyn Fn(&Line, Month) -> String| {
            let cells = text(get)
                .unwrap_or_default()
                .into_iter()
                .map(|c| Some(c).filter(|c| !c.is_empty()));
            Column::new(name.into(), cells.collect::<Vec<Option<String>>>())
        };
        let month_end = |m: Month| format!("{}T00:00:00Z", m.end());
        let columns = vec![
            column("BilledCost", &|l, _| l.cost.into()),
            column("EffectiveCost", &|l, _| l.cost.into()),
            column("ListCost", &|l, _| l.list.into()),
            column("ContractedCost", &|l, _| l.cost.into()),
            column("PricingQuantity", &|l, _| l.quantity.into()),
            column("PricingUnit", &|l, _| l.unit.into()),
            column("BillingPeriodStart", &|_, m| format!("{}T00:00:00Z", m.first_day())),
            column("BillingPeriodEnd", &|_, m| month_end(m)),
            Column::new("ChargePeriodStart".into(), starts.collect::<Vec<String>>()),
            column("ChargePeriodEnd", &|l, m| format!("{}T00:00:00Z", l.end_in(m))),
            column("BillingCurrency", &|_, _| "USD".into()),
            column("ChargeCategory", &|_, _| "Usage".into()),
            column("ChargeClass", &|_, _| String::new()),
            column("BillingAccountId", &|_, _| "b1".into()),
            column("ProviderName", &|l, _| l.provider.into()),
            column("ServiceName", &|l, _| l.service.into()),
            column("InvoiceIssuerName", &|_, _| "AWS".into()),
            column("SubAccountId", &|l, _| l.account.into()),
            column("RegionId", &|l, _| l.region.into()),
            column("ResourceId", &|l, _| l.id.into()),
            column("SkuMeter", &|l, _| l.usage.into()),
            column("PricingCategory", &|l, _| l.pricing.split(':').next().unwrap_or("").into()),
            column("CommitmentDiscountType", &|l, _| {
                l.pricing.split(':').nth(1).unwrap_or("").into()
            }),
            column("CommitmentDiscountStatus", &|l, _| {
                let used = if l.pricing.contains(':') { "Used" } else { "" };
                l.pricing.split(':').nth(2).unwrap_or(used).into()
            }),
            column("Tags", &|l, _| l.tags.into()),
        ];
        DataFrame::new(columns[0].len(), columns).unwrap()
    }

    /// The line items.
    pub(super) fn frame(&self) -> FocusFrame {
        FocusFrame::from_lazy("test", self.bill().lazy(), &self.tag_keys).unwrap()
    }

    /// Returns what one check finds, and what it does not evaluate.
    pub(super) fn run(&self, check: &str) -> (Vec<Opportunity>, Vec<Skip>) {
        let checks: Vec<_> =
            super::registry().iter().copied().filter(|c| c.meta().id == check).collect();
        assert_eq!(checks.len(), 1, "{check} is not in the registry");
        self.run_these(&checks)
    }

    /// Returns what checks find, and what they do not evaluate.
    pub(super) fn run_these(&self, checks: &[&dyn Check]) -> (Vec<Opportunity>, Vec<Skip>) {
        self.seen_by(|context| run_all(context, checks))
    }

    /// Returns the reliability risks, and what was not evaluated.
    pub(super) fn risks(&self) -> (Vec<ReliabilityRisk>, Vec<Skip>) {
        self.seen_by(crate::checks::find_risks)
    }

    /// Returns the costs to come, and what was not evaluated.
    pub(super) fn upcoming(&self) -> (Vec<UpcomingCost>, Vec<Skip>) {
        self.seen_by(crate::checks::find_upcoming)
    }

    /// Returns the claim on all of the first use of a resource.
    pub(super) fn claim(&self, id: &str) -> Claim {
        self.seen_by(|cx| cx.claim(&cx.of_resource(id)[0], rust_decimal::Decimal::ONE).unwrap())
    }

    fn seen_by<T>(&self, run: impl FnOnce(&Context<'_>) -> T) -> T {
        let rollup = roll_up(&self.frame()).unwrap();
        let inventory = self.inventory.clone().map(Inventory::new);
        let utilization = self.uses.clone().map(Utilization::new);
        let prices = self.price_book();
        let facts = Facts {
            inventory: inventory.as_ref(),
            utilization: utilization.as_ref(),
            prices: &prices,
            as_of: day("2026-11-01"),
        };
        let context =
            Context::new(&rollup, facts, "2026-10".parse().unwrap(), &self.settings).unwrap();
        run(&context)
    }
}
