//! Spot prices: mean price of each type in use over the last days.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::operation::describe_spot_price_history::DescribeSpotPriceHistoryOutput;
use aws_sdk_ec2::types::InstanceType;
use aws_smithy_types::DateTime;
use chrono::{Days, NaiveDate};
use cost_core::price::SPOT_LINUX;
use cost_provider_api::CallError;
use rust_decimal::Decimal;

use super::price::Price;
use crate::connect::{At, client};
use crate::instant::midnight;
use crate::operation::DESCRIBE_SPOT_PRICE_HISTORY;

/// Days of history. Chosen: the same as the look-back of utilization; spot prices move over days,
/// not hours. Source: EC2 user guide, "View Spot Instance pricing history" (90 days are available),
/// read 2026-11.
const DAYS: u64 = 14;
/// Types per request. Chosen: requests stay short, and there are few.
const TYPES: usize = 100;

/// Price change: type, zone, seconds since 1970, USD per hour.
type Change = (String, String, i64, Decimal);

/// Returns mean prices of types in a region.
pub(super) async fn prices(
    at: At,
    types: &BTreeSet<String>,
    as_of: NaiveDate,
) -> Result<Vec<Price>, CallError> {
    let ec2 = client!(aws_sdk_ec2, &at);
    let (from, until) =
        (midnight(as_of.checked_sub_days(Days::new(DAYS)).unwrap_or(as_of)), midnight(as_of));
    let types: Vec<InstanceType> = types.iter().map(|t| InstanceType::from(t.as_str())).collect();
    let mut changes = Vec::new();
    for some in types.chunks(TYPES) {
        let make = |token| {
            ec2.describe_spot_price_history()
                .set_instance_types(Some(some.to_vec()))
                .product_descriptions("Linux/UNIX")
                .start_time(DateTime::from_secs(from))
                .end_time(DateTime::from_secs(until))
                .set_next_token(token)
                .send()
        };
        let split = |page: DescribeSpotPriceHistoryOutput| {
            (page.spot_price_history.unwrap_or_default(), page.next_token)
        };
        for change in at.place.pages(DESCRIBE_SPOT_PRICE_HISTORY, make, split).await? {
            let known = (
                change.instance_type,
                change.availability_zone,
                change.timestamp,
                change.spot_price,
            );
            let (Some(name), Some(zone), Some(when), Some(usd)) = known else { continue };
            let usd = usd.parse().map_err(|e| {
                at.place.unreadable(
                    DESCRIBE_SPOT_PRICE_HISTORY,
                    format!("`{usd}` is not a valid price of {}: {e}", name.as_str()),
                )
            })?;
            changes.push((name.as_str().to_owned(), zone, when.secs(), usd));
        }
    }
    let price = |(item, usd)| Price {
        region: at.region().to_owned(),
        item,
        terms: SPOT_LINUX,
        unit: "Hrs".to_owned(),
        usd,
    };
    Ok(means(changes, from, until).into_iter().map(price).collect())
}

/// Returns the mean price of each type: first per zone, weighted by time, from `from` (or the first
/// known change) to `until`; then over the zones. A price applies until the next change; the last
/// one before `from` applies at `from`.
fn means(mut changes: Vec<Change>, from: i64, until: i64) -> BTreeMap<String, Decimal> {
    changes.sort();
    let mut zones: BTreeMap<(String, String), BTreeMap<i64, Decimal>> = BTreeMap::new();
    for (name, zone, when, usd) in changes.into_iter().filter(|c| c.2 < until) {
        zones.entry((name, zone)).or_default().insert(when.max(from), usd);
    }
    let mut types: BTreeMap<String, Vec<Decimal>> = BTreeMap::new();
    for ((name, _), prices) in zones {
        let ends = prices.keys().copied().skip(1).chain([until]);
        let (mut weighted, mut seconds) = (Decimal::ZERO, 0);
        for ((start, usd), end) in prices.iter().zip(ends) {
            weighted += *usd * Decimal::from(end - start);
            seconds += end - start;
        }
        if let Some(mean) = weighted.checked_div(Decimal::from(seconds)) {
            types.entry(name).or_default().push(mean);
        }
    }
    let mean =
        |all: Vec<Decimal>| (all.iter().sum::<Decimal>() / Decimal::from(all.len())).round_dp(6);
    types.into_iter().map(|(name, all)| (name, mean(all))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_counts_for_as_long_as_it_was_valid() {
        let change = |zone: &str, when: i64, cents: i64| {
            ("m5.large".to_owned(), zone.to_owned(), when, Decimal::new(cents, 2))
        };
        // Zone a: 4 cents for 75 of 100 seconds, 8 for 25, so 5; zone b, known for the last 10
        // seconds only: 7. Their mean is 6.
        let changes = vec![
            change("a", -70, 1),
            change("a", -50, 4),
            change("a", 75, 8),
            change("b", 90, 7),
            change("b", 100, 99),
        ];
        let backwards = changes.iter().rev().cloned().collect();
        let means = means(changes, 0, 100);
        assert_eq!(means, BTreeMap::from([("m5.large".to_owned(), Decimal::new(6, 2))]));
        assert_eq!(super::means(backwards, 0, 100), means);
    }
}
