//! Size as an attack: many anomalies, opportunities, accounts, resources, tags, and days. Small
//! sizes run always and compare the time of two sizes; the sizes of the attack run by hand:
//! `cargo test … --test e2e hostile::scale -- --ignored --nocapture`.

use std::fs;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};

use crate::support::command;

/// What there is much of.
#[derive(Clone, Copy, Debug)]
enum Many {
    /// Services with one spike each, on different days.
    Anomalies,
    /// Volumes with a cheaper type each, in one account.
    Opportunities,
    Accounts,
    Resources,
    /// Values of one tag.
    Tags,
    Days,
}

const HEADER: &str = "BilledCost,EffectiveCost,ListCost,ContractedCost,PricingQuantity,PricingUnit,\
BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,BillingCurrency,ChargeCategory,ChargeClass,\
BillingAccountId,ProviderName,InvoiceIssuerName,RegionId,PricingCategory,ServiceName,SubAccountId,ResourceId,SkuMeter,Tags\n";

/// Days of a bill with spikes.
const BILL_DAYS: u64 = 40;

/// A charge: day, cost, quantity, unit, and `service,account,resource,meter,tags`.
fn row(out: &mut String, day: u64, cost: u64, usage: &str, names: &str) {
    let first = NaiveDate::from_ymd_opt(2016, 1, 1).expect("a day");
    let day = first + Days::new(day);
    let next = day + Days::new(1);
    let month = day.format("%Y-%m-01T00:00:00Z");
    out.push_str(&format!(
        "{cost},{cost},{cost},{cost},{usage},{month},2036-01-01T00:00:00Z,{day}T00:00:00Z,{next}T00:00:00Z,USD,Usage,,b,AWS,I,\
         us-east-1,Standard,{names}\n"
    ));
}

impl Many {
    fn bill(self, count: u64) -> String {
        let mut out = HEADER.to_owned();
        for n in 0..count {
            match self {
                Self::Anomalies => {
                    for day in 0..BILL_DAYS {
                        let cost = if day == 20 + n % 20 { 1000 } else { 1 };
                        row(&mut out, day, cost, "1,Units", &format!("s{n},a{},r,m,", n / 10));
                    }
                }
                Self::Opportunities => {
                    let names =
                        format!("Amazon Elastic Compute Cloud,a,vol-{n},EBS:VolumeUsage.gp2,");
                    row(&mut out, 0, 100, "1000,GB-Mo", &names);
                    row(&mut out, 30, 0, "0,GB-Mo", &names);
                }
                Self::Accounts => row(&mut out, n % 31, 1, "1,Units", &format!("s,a{n},r,m,")),
                Self::Resources => row(&mut out, n % 31, 1, "1,Units", &format!("s,a,r{n},m,")),
                Self::Tags => {
                    let tags = format!("\"{{\"\"team\"\":\"\"t{n}\"\"}}\"");
                    row(&mut out, n % 31, 1, "1,Units", &format!("s,a,r,m,{tags}"));
                }
                Self::Days => row(&mut out, n, 1 + n % 7, "1,Units", "s,a,r,m,"),
            }
        }
        out
    }

    fn args(self) -> &'static [&'static str] {
        match self {
            Self::Anomalies => &["anomalies", "--min-impact", "0"],
            Self::Opportunities => &["savings", "--month", "2016-01"],
            _ => &["review", "--month", "2016-01"],
        }
    }

    /// Time, exit code, and messages of a run on this many.
    fn run(self, count: u64) -> (Duration, i32, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let bill = folder.path().join("bill.csv");
        fs::write(&bill, self.bill(count)).expect("written");
        let bill = bill.to_str().expect("UTF-8");
        let args = [self.args(), &[bill, "--format", "json"]].concat();
        let begun = Instant::now();
        let ran = command(&args).output().expect("the binary runs");
        let errors = String::from_utf8_lossy(&ran.stderr).into_owned();
        (begun.elapsed(), ran.status.code().unwrap_or(-1), errors)
    }
}

const ALL: [Many; 6] =
    [Many::Anomalies, Many::Opportunities, Many::Accounts, Many::Resources, Many::Tags, Many::Days];

/// Four times as many take at most this many times as long: between linear (4) and quadratic (16).
/// Chosen, because runs beside other tests vary.
const MOST: f64 = 11.0;
/// Shorter runs measure the start of the program. Chosen.
const LEAST: Duration = Duration::from_millis(400);

#[test]
#[ignore = "measures time: by hand"]
fn time_grows_with_the_number_and_not_with_its_square() {
    for many in ALL {
        let size = if matches!(many, Many::Anomalies) { 400 } else { 2_000 };
        let size = if matches!(many, Many::Days) { 900 } else { size };
        // Other processes can disturb a measurement, but hardly three.
        let is_bounded = (0..3).any(|_| {
            let [small, large] = [size, size * 4].map(|count| many.run(count));
            println!("{many:?}: {size} in {:?}, {} in {:?}", small.0, size * 4, large.0);
            assert_eq!((small.1, large.1), (0, 0), "{many:?}: {}{}", small.2, large.2);
            large.0.as_secs_f64() / small.0.max(LEAST).as_secs_f64() < MOST
        });
        assert!(is_bounded, "{many:?}: more than {MOST} times as long for four times as many");
    }
}

#[test]
#[ignore = "takes minutes and gigabytes: by hand"]
fn attacks_end_in_bounded_time() {
    for (many, count) in [
        (Many::Anomalies, 100_000),
        (Many::Opportunities, 100_000),
        (Many::Accounts, 1_000_000),
        (Many::Resources, 1_000_000),
        (Many::Tags, 1_000_000),
        (Many::Days, 3_650),
    ] {
        let (time, code, errors) = many.run(count);
        println!("{many:?} {count}: {time:?}, exit code {code} {errors}");
        // A result, or a refusal that says the limit.
        assert!(
            code == 0 || (matches!(code, 1 | 4) && errors.lines().count() == 1),
            "{many:?}: {errors}"
        );
    }
}
