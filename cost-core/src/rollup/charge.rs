//! [`Charge`]: a line item as fingerprints over all its columns.
//!
//! The columns of the roll-up do not distinguish all charges: two can differ in a zone, an
//! operation, or a custom column of the exporter.

use super::account;
use super::fingerprint::{DAY, Fingerprint, hours, mix};
use crate::focus::FILE;
use crate::focus::columns::lookup;
use crate::focus::text::{decimal, instant_us};

/// Columns that differ between two exports of the same charge: the time of the export, and
/// identifiers that each export creates anew. Sources: AWS Data Exports user guide,
/// `identity_line_item_id` ("unique within a given version"); Google Cloud, `export_time`. Also the
/// invoice, which a charge receives only after its month has ended, and the billing account, which
/// is compared earlier.
const OF_EXPORTS: [&str; 14] = [
    FILE,
    "BillingAccountId",
    "InvoiceDetailId",
    "InvoiceId",
    "bill/InvoiceId",
    "bill_invoice_id",
    "export_time",
    "identity/LineItemId",
    "identity_line_item_id",
    "identity/TimeInterval",
    "invoice_id",
    "x_ExportTime",
    "x_IngestionTime",
    "x_SourceName",
];

/// Fingerprints of a charge.
pub(super) struct Charge {
    /// Place: the account that uses, and the start instant. A run of an export contains all charges
    /// of a place that existed at the time.
    pub(super) place: u64,
    /// Place by day instead of instant.
    pub(super) day: u64,
    /// Key: item and time, without amounts.
    pub(super) id: u64,
    /// Key by day: service, meter, and resource.
    pub(super) id_of_day: u64,
    /// Fingerprint of all values.
    pub(super) row: u64,
    /// `EffectiveCost`, or else `BilledCost`, in 10⁻¹² units.
    pub(super) cost: i128,
    /// Fingerprint of both amounts.
    pub(super) amounts: u64,
    pub(super) has_resource: bool,
    /// Start, microseconds since 1970.
    pub(super) start: i64,
    /// Account that uses; 0 if unknown.
    pub(super) sub_account: u64,
    /// Words of the service's name, one bit each; 0 if unknown.
    pub(super) service: u64,
}

/// Role of a column in the fingerprints of a charge.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    SubAccount,
    Start,
    End,
    Billed,
    Effective,
    /// Item that is charged. It distinguishes the charges of a day.
    Item,
    Service,
    Resource,
    /// Other values that distinguish charges.
    Other,
    /// Text that may contain prices.
    Description,
    /// Property of which a resource has one at a time, and which may be filled in or renamed later:
    /// tags, a region, names. It distinguishes only charges without a resource.
    OfResource,
    /// Value that a later run may change: amounts, prices, discounts, categories.
    Restated,
}

impl Part {
    /// Returns the role of a column by its name; `None` if it has none.
    pub(super) fn of(name: &str) -> Option<Self> {
        if OF_EXPORTS.contains(&name) {
            return None;
        }
        let canonical = lookup(name).map_or(name, |c| c.name);
        let lower = canonical.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
        Some(match canonical {
            "BillingAccountId" => return None,
            "SubAccountId" => Self::SubAccount,
            "ChargePeriodStart" => Self::Start,
            "ChargePeriodEnd" => Self::End,
            "BilledCost" => Self::Billed,
            "EffectiveCost" => Self::Effective,
            "ResourceId" => Self::Resource,
            "ServiceName" => Self::Service,
            "ChargeCategory" | "SkuId" | "SkuMeter" => Self::Item,
            "ProviderName" => Self::Other,
            "ChargeDescription" => Self::Description,
            "ChargeFrequency" | "PricingCategory" | "ServiceCategory" | "ServiceSubcategory" => {
                Self::Restated
            }
            "BillingAccountName" | "InvoiceIssuerName" | "PublisherName" | "RegionId"
            | "RegionName" | "ResourceName" | "SubAccountName" => Self::OfResource,
            _ if has(&["tags", "labels"]) => Self::OfResource,
            _ if has(&["costcenter", "costcategor", "costalloc"]) => Self::Other,
            _ if has(&[
                "amount",
                "cost",
                "credit",
                "discount",
                "exchangerate",
                "price",
                "quantity",
            ]) =>
            {
                Self::Restated
            }
            _ if lower.starts_with("billingperiod") => Self::Restated,
            _ => Self::Other,
        })
    }
}

/// Fingerprints of a row under construction.
#[derive(Clone, Copy)]
pub(super) struct Gathered {
    sub_account: u64,
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) billed: i128,
    pub(super) effective: i128,
    has_resource: bool,
    item: u64,
    id: u64,
    row: u64,
    of_resource: u64,
    service: u64,
}

impl Gathered {
    pub(super) const EMPTY: Self = Self {
        sub_account: 0,
        start: i64::MIN,
        end: i64::MIN,
        billed: 0,
        effective: 0,
        has_resource: false,
        item: 1,
        id: 1,
        row: 1,
        of_resource: 1,
        service: 0,
    };

    pub(super) fn charge(self) -> Charge {
        let all =
            |parts: &[u64]| parts.iter().fold(0x4528_21e6_38d0_1377, |all, part| mix(all, *part));
        let instant = |i: i64| i.cast_unsigned();
        let hours = hours(self.start, self.end);
        let day = instant(self.start.div_euclid(DAY));
        let more = if self.has_resource { 0 } else { self.of_resource };
        let amounts = [self.billed, self.effective]
            .map(|a| u64::try_from(a.unsigned_abs() & u128::from(u64::MAX)));
        let [billed, effective] = amounts.map(Result::unwrap_or_default);
        let signs = u64::from(self.billed < 0) + 2 * u64::from(self.effective < 0);
        Charge {
            place: all(&[self.sub_account, instant(self.start)]),
            day: all(&[self.sub_account, day]),
            id: all(&[self.id, self.item, self.sub_account, instant(self.start), hours, more]),
            id_of_day: all(&[self.item, self.sub_account, day]),
            row: all(&[
                self.row,
                self.id,
                self.item,
                self.sub_account,
                instant(self.start),
                instant(self.end),
                more,
                billed,
                effective,
                signs,
            ]),
            cost: if self.effective == 0 { self.billed } else { self.effective },
            amounts: all(&[billed, effective, signs]),
            has_resource: self.has_resource,
            start: self.start,
            sub_account: self.sub_account,
            service: self.service,
        }
    }
}

impl Gathered {
    /// Adds a text cell; `hash` is its fingerprint.
    pub(super) fn add(
        &mut self,
        part: Part,
        cell: Option<&str>,
        hash: u64,
        hash_of: impl Fn(&str) -> u64,
    ) {
        match part {
            Part::SubAccount => self.sub_account = cell.map_or(0, |c| hash_of(&account::normal(c))),
            Part::Item => self.item = mix(self.item, hash),
            Part::Service => {
                self.item = mix(self.item, hash);
                self.service = cell.map_or(0, words);
            }
            Part::Resource => {
                self.has_resource = cell.is_some();
                self.item = mix(self.item, hash);
            }
            Part::Description => {
                self.id = mix(self.id, cell.map_or(0, |c| hash_of(&without_prices(c))));
                self.row = mix(self.row, hash);
            }
            Part::OfResource => self.of_resource = mix(self.of_resource, hash),
            Part::Restated => self.row = mix(self.row, cell.and_then(value).unwrap_or(hash)),
            Part::Other => self.id = mix(self.id, cell.and_then(value).unwrap_or(hash)),
            Part::Start | Part::End | Part::Billed | Part::Effective => {
                self.id = mix(self.id, hash);
            }
        }
    }
}

/// Returns the value of a number or an instant in any notation: `24` and `24.0`, with and without a
/// time zone. `None` for other text.
fn value(text: &str) -> Option<u64> {
    let begins = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.');
    let text = Some(text.trim()).filter(|t| t.starts_with(begins))?;
    let number = || {
        let mut print = Fingerprint::of(0x3f84_d5b5_b547_0917, 0);
        print.add_amount(decimal(text)?.value);
        Some(print.finish())
    };
    number().or_else(|| Some(mix(0x9216_d5d9_8979_fb1b, instant_us(text)?.cast_unsigned())))
}

/// Vendor names with which services start in some exports.
const VENDORS: [&str; 6] = ["amazon", "aws", "azure", "cloud", "google", "microsoft"];

/// Returns the words of a service's name, one bit each, without vendor names if other words remain.
fn words(name: &str) -> u64 {
    let bits = |keep: &dyn Fn(&str) -> bool| {
        let lower = name.to_lowercase();
        let words =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty() && keep(w));
        let print = |word: &str| word.bytes().fold(1, |print, byte| mix(print, u64::from(byte)));
        words.fold(0_u64, |bits, word| bits | 1 << (print(word) >> 58))
    };
    match bits(&|w| !VENDORS.contains(&w)) {
        0 => bits(&|_| true),
        own => own,
    }
}

/// Returns a description without its decimal numbers, such as the price in `$0.096 per On Demand
/// Linux m5.large Instance Hour`.
fn without_prices(text: &str) -> String {
    let is_price = |word: &&str| {
        let number = word.trim_start_matches(|c: char| !c.is_ascii_digit());
        number.contains('.') && number.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
    };
    text.split(' ').filter(|word| !is_price(word)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_the_same_in_every_spelling() {
        for (a, b) in [
            ("24", "24.0"),
            ("3.0630", "3.063E+0"),
            ("-0.5", "-.5000"),
            ("2026-09-01T00:00:00Z", "2026-09-01 00:00:00"),
            ("2026-09-01", "2026-09-01T00:00:00Z"),
        ] {
            assert_eq!(value(a), value(b), "{a} and {b}");
            assert!(value(a).is_some());
        }
        assert_ne!(value("24"), value("24.1"));
        assert_ne!(value("2026-09-01"), value("2026-09-02"));
        for text in ["i-0f00", "m5.large", "24 hours", "10.0.0.1", ""] {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn names_of_one_service_share_a_word() {
        let share = |a: &str, b: &str| words(a) & words(b) != 0;
        assert!(share("Amazon Elastic Compute Cloud", "Elastic Compute Cloud (EC2)"));
        assert!(share("AWS Lambda", "Lambda"));
        assert!(!share("Amazon Elastic Compute Cloud", "Amazon S3"));
        assert!(share("Microsoft Azure", "Azure"), "nothing but vendors");
    }

    #[test]
    fn prices_in_descriptions_do_not_count() {
        let hour = |price: &str| {
            without_prices(&format!("${price} per On Demand Linux m5.large Instance Hour"))
        };
        assert_eq!(hour("0.0960000000"), hour("0.0912"));
        assert!(hour("0.096").contains("m5.large"));
        assert_ne!(without_prices("license 17"), without_prices("license 18"));
    }
}
