//! Generated bills: rows with amounts whose totals are known.

use chrono::{Days, NaiveDate};
use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;

/// Table of text.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// Totals of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) billed: Decimal,
    pub(crate) effective: Decimal,
    pub(crate) line_items: u64,
}

/// FOCUS bill, with its totals.
#[derive(Clone, Debug)]
pub(crate) struct Bill {
    pub(crate) sheet: Sheet,
    pub(crate) sums: Sums,
}

const HEADER: [&str; 22] = [
    "BilledCost",
    "EffectiveCost",
    "ListCost",
    "ContractedCost",
    "PricingQuantity",
    "PricingUnit",
    "BillingPeriodStart",
    "BillingPeriodEnd",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "BillingCurrency",
    "ChargeCategory",
    "ChargeClass",
    "PricingCategory",
    "BillingAccountId",
    "SubAccountId",
    "ProviderName",
    "ServiceName",
    "RegionId",
    "ResourceId",
    "ChargeDescription",
    "Tags",
];
/// Amount columns.
pub(crate) const AMOUNTS: [&str; 5] =
    ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "PricingQuantity"];
/// Time columns.
pub(crate) const INSTANTS: [&str; 4] =
    ["BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd"];
/// Columns with closed lists of values, where letter case has no meaning.
pub(crate) const CLOSED: [&str; 2] = ["ChargeCategory", "PricingCategory"];

/// Text that occurs in bills and is hard to read for parsers.
const TEXTS: [&str; 10] = [
    "plain",
    "with, comma",
    "semi; colon | bar",
    "3.5\" disk",
    "two\nlines",
    "ütf-8 ✓ 語",
    " blanks around ",
    "'single'",
    "=1+1",
    "tab\there",
];

/// Creates a bill of `rows` different usage charges.
pub(crate) fn bill(rng: &mut ChaCha8Rng, rows: usize) -> Bill {
    let mut sums = Sums { billed: Decimal::ZERO, effective: Decimal::ZERO, line_items: 0 };
    let provider = *["AWS", "Harbor Cloud", "Oracle"].choose(rng).unwrap_or(&"AWS");
    // Few digits fit a floating-point number too.
    let places = *[2_u32, 6, 12].choose(rng).unwrap_or(&2);
    let rows = (0..rows).map(|at| row(rng, at, provider, places, &mut sums)).collect();
    Bill { sheet: Sheet { header: HEADER.map(str::to_owned).to_vec(), rows }, sums }
}

fn row(
    rng: &mut ChaCha8Rng,
    at: usize,
    provider: &str,
    places: u32,
    sums: &mut Sums,
) -> Vec<String> {
    let amount = |rng: &mut ChaCha8Rng| {
        Decimal::new(rng.random_range(-9_999_999_i64..99_999_999), places).normalize()
    };
    let (billed, effective) = (amount(rng), amount(rng));
    sums.billed += billed;
    sums.effective += effective;
    sums.line_items += 1;
    let month = NaiveDate::from_ymd_opt(2026, rng.random_range(4..6), 1).unwrap_or_default();
    let next = month
        .checked_add_days(Days::new(31))
        .map(|d| d - Days::new(u64::from(month.to_string().starts_with("2026-04"))));
    let next = next.unwrap_or_default();
    let start = month.checked_add_days(Days::new(rng.random_range(0..28))).unwrap_or_default();
    let end = start.checked_add_days(Days::new(1)).unwrap_or_default();
    let instant = |day: NaiveDate| format!("{day}T00:00:00Z");
    let text = TEXTS.choose(rng).copied().unwrap_or_default();
    let tags = match rng.random_range(0..4) {
        0 => String::new(),
        1 => "{}".to_owned(),
        2 => format!("{{\"team\":\"t{}\"}}", rng.random_range(0..3)),
        _ => serde_json::json!({"team": text, "k\"ey": "v,a;l"}).to_string(),
    };
    let cells = [
        billed.to_string(),
        effective.to_string(),
        effective.to_string(),
        effective.to_string(),
        Decimal::new(rng.random_range(1..10_000), 2).to_string(),
        "Hours".to_owned(),
        instant(month),
        instant(next),
        instant(start),
        instant(end),
        "USD".to_owned(),
        "Usage".to_owned(),
        String::new(),
        "Standard".to_owned(),
        "b1".to_owned(),
        format!("a{}", rng.random_range(0..3)),
        provider.to_owned(),
        ["Compute", "Storage"].choose(rng).copied().unwrap_or_default().to_owned(),
        "north-1".to_owned(),
        format!("r-{at}"),
        text.to_owned(),
        tags,
    ];
    cells.to_vec()
}

impl Sheet {
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|h| h == name)
    }

    /// Changes each cell of some columns.
    pub(crate) fn each(&mut self, columns: &[&str], mut change: impl FnMut(&mut String)) {
        for at in columns.iter().filter_map(|c| self.column(c)).collect::<Vec<_>>() {
            self.rows.iter_mut().filter_map(|row| row.get_mut(at)).for_each(&mut change);
        }
    }

    /// Writes the same charges in another form: other order of rows and columns, other letter case
    /// of closed values, amounts with zeros or an exponent, unknown columns. Header names stay.
    pub(crate) fn shuffle(&mut self, rng: &mut ChaCha8Rng) {
        self.rows.shuffle(rng);
        if rng.random_bool(0.5) {
            let mut order: Vec<usize> = (0..self.header.len()).collect();
            order.shuffle(rng);
            for row in std::iter::once(&mut self.header).chain(&mut self.rows) {
                *row = order.iter().map(|at| row[*at].clone()).collect();
            }
        }
        if rng.random_bool(0.3) {
            let at = rng.random_range(0..=self.header.len());
            self.header.insert(at, "x_Unheard".to_owned());
            self.rows.iter_mut().for_each(|row| row.insert(at, "?".to_owned()));
        }
        self.respell(rng);
    }

    /// Writes closed values and amounts in another spelling.
    pub(crate) fn respell(&mut self, rng: &mut ChaCha8Rng) {
        if rng.random_bool(0.4) {
            self.each(&CLOSED, |cell| {
                *cell = if rng.random_bool(0.5) {
                    cell.to_ascii_lowercase()
                } else {
                    cell.to_ascii_uppercase()
                };
            });
        }
        if rng.random_bool(0.4) {
            self.each(&AMOUNTS, |cell| match rng.random_range(0..4) {
                0 if cell.contains('.') && !cell.contains('e') => cell.push_str("00"),
                1 if !cell.contains('e') => cell.push_str("e0"),
                2 if !cell.starts_with('-') => cell.insert(0, '0'),
                _ => {}
            });
        }
    }

    /// Distributes the rows to `parts` sheets, none of them empty.
    pub(crate) fn split(&self, rng: &mut ChaCha8Rng, parts: usize) -> Vec<Self> {
        let mut sheets = vec![
            Self { header: self.header.clone(), rows: Vec::new() };
            parts.min(self.rows.len()).max(1)
        ];
        let len = sheets.len();
        for (at, row) in self.rows.iter().enumerate() {
            let to = if at < len { at } else { rng.random_range(0..len) };
            sheets[to].rows.push(row.clone());
        }
        sheets
    }
}
