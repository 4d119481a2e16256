//! Logs and secrets.

use rust_decimal::Decimal;

use super::amounts::{usd, whole};
use super::services::{LOGS, SECRETS};
use crate::demo::thing::Thing;

/// Log groups and secrets.
pub(super) fn records() -> Vec<Thing> {
    let logs = |name: &'static str, gb: i64, intake: i64| {
        let of = Thing::of_arn("log-group", "logs", &format!("log-group:{name}"), name);
        let of = of.holds(LOGS, "TimedStorage-ByteHrs", "GB-Mo", (usd(300), whole(gb)));
        if intake == 0 {
            of
        } else {
            of.a_day(LOGS, "DataProcessing-Bytes", "GB", (usd(5_000), whole(intake)))
        }
    };
    let secret = |name: &'static str| {
        let of = Thing::of_arn("secret", "secretsmanager", &format!("secret:{name}"), name);
        // 0.40 USD a month: a twelfth of a year's.
        let a_day = (whole(12) / whole(365)).round_dp(10);
        of.a_day(SECRETS, "AWSSecretsManager-Secrets", "Secrets", (usd(4_000), a_day))
    };
    vec![
        logs("/wanderlust/forum", 400, 0).waste(
            "unused_log_group",
            usd(300) * whole(400),
            "nothing is written to it",
        ),
        logs("/wanderlust/api", 2_000, 3).waste(
            "log_retention",
            // 90 days of 3 GB, compressed to 15 %.
            usd(300) * (whole(2_000) - whole(90 * 3) * Decimal::new(15, 2)),
            "two thousand gigabytes of which 90 days take 40",
        ),
        secret("forum-password").waste(
            "unused_secret",
            usd(4_000),
            "nothing has read it in three months",
        ),
        secret("api-password").a_day(
            SECRETS,
            "AWSSecretsManagerAPIRequest",
            "API Requests",
            (Decimal::new(5, 6), whole(3_000)),
        ),
    ]
}
