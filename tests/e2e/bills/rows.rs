//! FOCUS bills of realistic length: thousands of charges, made row by row.

/// A charge of May 2026.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) day: u32,
    /// The hour it is of; `None` for all of the day.
    pub(super) hour: Option<u32>,
    /// In millionths of USD.
    pub(super) cost: i64,
    pub(super) payer: String,
    pub(super) account: String,
    pub(super) service: String,
    pub(super) region: String,
    pub(super) resource: String,
    pub(super) meter: String,
    pub(super) category: &'static str,
    pub(super) class: &'static str,
    pub(super) pricing: &'static str,
    pub(super) description: String,
    pub(super) tags: String,
}

impl Row {
    /// A virtual machine's charge of a day: 0.25 USD.
    pub(super) fn of(machine: u32, day: u32) -> Self {
        Self {
            day,
            hour: None,
            cost: 250_000,
            payer: "111122223333".to_owned(),
            account: format!("4444555566{:02}", machine % 5),
            service: "Compute".to_owned(),
            region: "north".to_owned(),
            resource: format!("vm-{machine}"),
            meter: "BoxUsage:m5.large".to_owned(),
            category: "Usage",
            class: "",
            pricing: "Standard",
            description: "$0.0104 per hour of m5.large".to_owned(),
            tags: r#"{"team":"ferry"}"#.to_owned(),
        }
    }

    /// Of no resource.
    pub(super) fn bare(self) -> Self {
        Self {
            resource: String::new(),
            meter: String::new(),
            tags: String::new(),
            description: String::new(),
            ..self
        }
    }

    fn cells(&self) -> [String; 21] {
        let at = |hour: u32| match hour {
            24 if self.day == 31 => "2026-06-01T00:00:00Z".to_owned(),
            24 => format!("2026-05-{:02}T00:00:00Z", self.day + 1),
            hour => format!("2026-05-{:02}T{hour:02}:00:00Z", self.day),
        };
        let (sign, cost) = (if self.cost < 0 { "-" } else { "" }, self.cost.unsigned_abs());
        let cost = format!("{sign}{}.{:06}", cost / 1_000_000, cost % 1_000_000);
        [
            cost.clone(),
            cost.clone(),
            cost.clone(),
            cost,
            "USD".to_owned(),
            "2026-05-01T00:00:00Z".to_owned(),
            "2026-06-01T00:00:00Z".to_owned(),
            at(self.hour.unwrap_or(0)),
            at(self.hour.map_or(24, |h| h + 1)),
            self.category.to_owned(),
            self.class.to_owned(),
            self.pricing.to_owned(),
            self.description.clone(),
            self.payer.clone(),
            self.account.clone(),
            "Harbor Cloud".to_owned(),
            self.service.clone(),
            self.region.clone(),
            self.resource.clone(),
            self.meter.clone(),
            self.tags.clone(),
        ]
    }
}

/// The names of the cells.
const HEADER: [&str; 21] = [
    "BilledCost",
    "EffectiveCost",
    "ListCost",
    "ContractedCost",
    "BillingCurrency",
    "BillingPeriodStart",
    "BillingPeriodEnd",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ChargeCategory",
    "ChargeClass",
    "PricingCategory",
    "ChargeDescription",
    "BillingAccountId",
    "SubAccountId",
    "ProviderName",
    "ServiceName",
    "RegionId",
    "ResourceId",
    "SkuMeter",
    "Tags",
];

/// Rows as CSV.
pub(super) fn csv<'a>(rows: impl IntoIterator<Item = &'a Row>) -> String {
    csv_as(rows, |name| Some(name.to_owned()), &[])
}

/// Rows as CSV with other columns: `name` renames or leaves out, `more` are put at the end, with a
/// value that is the same everywhere.
pub(super) fn csv_as<'a>(
    rows: impl IntoIterator<Item = &'a Row>,
    name: impl Fn(&str) -> Option<String>,
    more: &[(&str, &str)],
) -> String {
    let names: Vec<Option<String>> = HEADER.into_iter().map(name).collect();
    let line = |cells: Vec<String>, last: Vec<&str>| {
        let quoted = |cell: String| format!("\"{}\"", cell.replace('"', "\"\""));
        let cells = cells
            .into_iter()
            .zip(&names)
            .filter(|(_, name)| name.is_some())
            .map(|(cell, _)| quoted(cell));
        cells.chain(last.into_iter().map(ToOwned::to_owned)).collect::<Vec<_>>().join(",") + "\n"
    };
    let header = names.iter().map(|n| n.clone().unwrap_or_default()).collect();
    let head = line(header, more.iter().map(|(name, _)| *name).collect());
    let rows = rows
        .into_iter()
        .map(|row| line(row.cells().to_vec(), more.iter().map(|(_, value)| *value).collect()));
    std::iter::once(head).chain(rows).collect()
}

/// A charge a day of each of so many machines, in order of days.
pub(super) fn daily(machines: u32, days: std::ops::RangeInclusive<u32>) -> Vec<Row> {
    days.flat_map(|day| (0..machines).map(move |machine| Row::of(machine, day))).collect()
}

/// A charge an hour of each of so many machines, of a 24th of 0.24 USD a day.
pub(super) fn hourly(machines: u32, days: std::ops::RangeInclusive<u32>) -> Vec<Row> {
    let hours =
        |day| (0..24).flat_map(move |hour| (0..machines).map(move |machine| (day, hour, machine)));
    let row =
        |(day, hour, machine)| Row { hour: Some(hour), cost: 10_000, ..Row::of(machine, day) };
    days.flat_map(hours).map(row).collect()
}

/// The rows, changed.
pub(super) fn with(rows: &[Row], change: impl Fn(&mut Row)) -> Vec<Row> {
    let mut rows = rows.to_vec();
    rows.iter_mut().for_each(change);
    rows
}

/// Of rows in so many files, those of one: by no rule that follows from what they are.
pub(super) fn shard(rows: &[Row], shards: u64, shard: u64) -> Vec<Row> {
    let mix = |at: u64| (at ^ 0x5bd1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
    (0..)
        .zip(rows)
        .filter(|(at, _)| mix(*at) % shards == shard)
        .map(|(_, row)| row.clone())
        .collect()
}
