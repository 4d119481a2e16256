//! Time and memory of all checks and the plan: 1,000, 10,000, and 100,000 resources with 30 days of
//! hourly utilization, and plans of 10,000 opportunities.

use std::path::Path;
use std::time::Instant;

use cost_core::check::{Check, CheckSet, Context, Facts, Settings, run_all};
use cost_core::estate::{Estate, EstateWriter, FORMAT, Manifest};
use cost_core::focus::FocusFrame;
use cost_core::inventory::{INVENTORY, Kind, Resource};
use cost_core::money::{Currency, Money, Savings};
use cost_core::opportunity::{Action, Claim, Draft, Opportunity, Scope, Slice};
use cost_core::plan::{Limits, Pool, Pools, plan};
use cost_core::rollup::roll_up;
use cost_core::table::frame_of;
use cost_core::tradeoff::{Level, TradeOff};
use cost_core::usage::UTILIZATION;
use polars::prelude::*;
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;

/// Days of hourly utilization.
const DAYS: i64 = 30;
/// Instance types.
const TYPES: [(&str, f64); 4] =
    [("m5.large", 0.096), ("c5.xlarge", 0.17), ("r5.2xlarge", 0.504), ("m4.xlarge", 0.2)];
/// The only file of the bill.
const BILL: &str = "bill.parquet";
/// The first hour: 2026-10-01, hours since 1970.
const FIRST_HOUR: i64 = 497_664;

type Failure = Box<dyn std::error::Error>;

/// Returns the curve as text. A separate process measures each size, so that its peak memory is
/// that of reading and evaluating.
pub(crate) fn curve() -> Result<String, Failure> {
    let sizes: Vec<usize> = std::env::args().skip(2).filter_map(|a| a.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1_000, 10_000, 100_000] } else { sizes };
    let mut out = String::from(
        "resources   hours of use   read, s   checks, s   plan, s   found   peak MiB\n",
    );
    for count in sizes {
        let folder = tempfile::tempdir()?;
        let root = folder.path().join("estate");
        write(&root, count)?;
        let child = std::process::Command::new(std::env::current_exe()?)
            .arg("savings-of")
            .arg(&root)
            .output()?;
        if !child.status.success() {
            return Err(String::from_utf8_lossy(&child.stderr).into_owned().into());
        }
        let hours = i64::try_from(count)? * 24 * DAYS;
        out.push_str(&format!(
            "{count:>9}   {hours:>12}   {}",
            String::from_utf8_lossy(&child.stdout)
        ));
    }
    out.push_str("\nopportunities   with commitments set free   plan, s\n");
    for (pooled, label) in [(false, "no"), (true, "yes")] {
        let (all, pools) = portfolio(10_000, pooled);
        let clock = Instant::now();
        plan(&all, &pools, &Limits::NONE, Currency::USD)?;
        out.push_str(&format!(
            "{:>13}   {label:>25}   {:>7.2}\n",
            all.len(),
            clock.elapsed().as_secs_f64()
        ));
    }
    Ok(out)
}

/// Measures one size and returns one line of the curve.
pub(crate) fn of(root: &str) -> Result<String, Failure> {
    let clock = Instant::now();
    let estate = Estate::open(root)?;
    let read = clock.elapsed().as_secs_f64();
    let file = std::fs::File::open(Path::new(&estate.billing).join(BILL))?;
    let bill = ParquetReader::new(file).finish()?;
    let rollup = roll_up(&FocusFrame::from_lazy("bill", bill.lazy(), &["team".to_owned()])?)?;
    let settings = Settings::default();
    let clock = Instant::now();
    let facts = Facts {
        inventory: estate.inventory.as_ref(),
        utilization: estate.utilization.as_ref(),
        prices: &estate.prices,
        as_of: "2026-11-01".parse()?,
    };
    let context = Context::new(&rollup, facts, "2026-10".parse()?, &settings)?;
    let checks = CheckSet::built_in();
    let checks: Vec<&dyn Check> = checks.iter().map(|check| check as &dyn Check).collect();
    let (found, _) = run_all(&context, &checks);
    let checks = clock.elapsed().as_secs_f64();
    let clock = Instant::now();
    plan(&found, &context.pools(), &settings.limits, Currency::USD)?;
    let planned = clock.elapsed().as_secs_f64();
    Ok(format!(
        "{read:>7.1}   {checks:>9.2}   {planned:>7.2}   {:>5}   {:>8}\n",
        found.len(),
        peak_mib()
    ))
}

/// Returns the peak memory of the process, MiB; 0 where the system does not report it.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Creates an estate with this number of resources, half instances and half volumes.
fn write(root: &Path, count: usize) -> Result<(), Failure> {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let estate = EstateWriter::create(root)?;
    let ids: Vec<String> = (0..count)
        .map(|n| if n % 2 == 0 { format!("i-{n:017x}") } else { format!("vol-{:017x}", n - 1) })
        .collect();
    let kinds: Vec<usize> = (0..count).map(|n| n / 2 % TYPES.len()).collect();
    estate.bill(BILL, &mut bill(&ids, &kinds)?)?;
    estate.table(&INVENTORY, &mut inventory(&ids, &kinds)?)?;
    estate.table(&UTILIZATION, &mut utilization(&ids, &mut random)?)?;
    estate.commit(&Manifest {
        format: FORMAT,
        name: "speed".into(),
        as_of: "2026-11-01".parse()?,
        tag_keys: vec!["team".into()],
        partial: Vec::new(),
        notes: Vec::new(),
    })?;
    Ok(())
}

fn inventory(ids: &[String], kinds: &[usize]) -> PolarsResult<DataFrame> {
    let resource = |(id, kind): (&String, &usize)| {
        let common = Resource {
            resource_id: id.clone(),
            sub_account_id: Some("1".to_owned()),
            region_id: Some("us-east-1".to_owned()),
            ..Resource::default()
        };
        if id.starts_with("i-") {
            let instance_type = Some(TYPES[*kind].0.to_owned());
            Resource {
                kind: Kind::Instance,
                state: Some("running".to_owned()),
                instance_type,
                ..common
            }
        } else {
            let attached_to = Some(id.replace("vol-", "i-"));
            Resource { kind: Kind::Volume, state: Some("in-use".to_owned()), attached_to, ..common }
        }
    };
    frame_of(&ids.iter().zip(kinds).map(resource).collect::<Vec<_>>())
}

/// Creates CPU with a daily rhythm and noise; operations of volumes.
fn utilization(ids: &[String], random: &mut ChaCha8Rng) -> PolarsResult<DataFrame> {
    let rows = ids.len() * 24 * usize::try_from(DAYS).unwrap_or(30);
    let mut id = StringChunkedBuilder::new("ResourceId".into(), rows);
    let mut hours = Vec::with_capacity(rows);
    let (mut mean, mut max, mut network, mut operations) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for resource in ids {
        let is_instance = resource.starts_with("i-");
        let level = f64::from(random.next_u32() % 60);
        for hour in 0..24 * DAYS {
            id.append_value(resource);
            hours.push((FIRST_HOUR + hour) * 3_600_000_000);
            let busy = if (8..18).contains(&(hour % 24)) { level } else { level / 4.0 };
            let noise = f64::from(random.random_range(0..100_u32)) / 20.0;
            mean.push(is_instance.then_some(f64::midpoint(busy, noise)));
            max.push(is_instance.then_some(busy + noise));
            network.push(is_instance.then_some(busy * 1e7));
            operations.push((!is_instance).then_some(busy * 1e3));
        }
    }
    let hours = Int64Chunked::from_vec("Hour".into(), hours)
        .into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
    let columns = vec![
        id.finish().into_series().into_column(),
        hours.into_series().into_column(),
        Column::new("CpuMeanPct".into(), mean),
        Column::new("CpuMaxPct".into(), max),
        Column::new("NetworkBytes".into(), network),
        Column::new("Operations".into(), operations),
    ];
    DataFrame::new(rows, columns)
}

fn bill(ids: &[String], kinds: &[usize]) -> PolarsResult<DataFrame> {
    let instance = |n: usize| ids[n].starts_with("i-");
    let cost = |n: usize| {
        if instance(n) { format!("{:.6}", TYPES[kinds[n]].1 * 744.0) } else { "10".to_owned() }
    };
    let text = |name: &str, get: &dyn Fn(usize) -> String| {
        Column::new(
            name.into(),
            (0..ids.len()).map(|n| Some(get(n)).filter(|c| !c.is_empty())).collect::<Vec<_>>(),
        )
    };
    let fixed = |name: &str, value: &str| text(name, &|_| value.to_owned());
    let columns = vec![
        text("BilledCost", &cost),
        text("EffectiveCost", &cost),
        text("ListCost", &cost),
        text("ContractedCost", &cost),
        text("PricingQuantity", &|n| if instance(n) { "744" } else { "100" }.to_owned()),
        text("PricingUnit", &|n| if instance(n) { "Hours" } else { "GB-Mo" }.to_owned()),
        fixed("BillingPeriodStart", "2026-10-01T00:00:00Z"),
        fixed("BillingPeriodEnd", "2026-11-01T00:00:00Z"),
        // The first one starts the month, so that the month is complete.
        fixed("ChargePeriodStart", "2026-10-01T00:00:00Z"),
        fixed("ChargePeriodEnd", "2026-11-01T00:00:00Z"),
        fixed("BillingCurrency", "USD"),
        fixed("ChargeCategory", "Usage"),
        fixed("ChargeClass", ""),
        fixed("BillingAccountId", "b1"),
        fixed("ProviderName", "AWS"),
        fixed("ServiceName", "Amazon Elastic Compute Cloud"),
        fixed("InvoiceIssuerName", "AWS"),
        fixed("SubAccountId", "1"),
        fixed("RegionId", "us-east-1"),
        text("ResourceId", &|n| ids[n].clone()),
        text("SkuMeter", &|n| {
            if instance(n) {
                format!("BoxUsage:{}", TYPES[kinds[n]].0)
            } else {
                "EBS:VolumeUsage.gp2".to_owned()
            }
        }),
        fixed("PricingCategory", "Standard"),
        text("Tags", &|n| format!("{{\"team\":\"t{}\"}}", n % 7)),
    ];
    let all = DataFrame::new(ids.len(), columns)?;
    // A charge on the last day, so that the month is complete.
    let mut last = all.slice(0, 1);
    last.replace(
        "ChargePeriodStart",
        Column::new("ChargePeriodStart".into(), ["2026-10-31T00:00:00Z"]),
    )?;
    all.vstack(&last)
}

/// Creates random opportunities on 4,000 resources: several on each, some over many of them.
fn portfolio(count: usize, pooled: bool) -> (Vec<Opportunity>, Pools) {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let actions = [
        Action::Remove,
        Action::Schedule,
        Action::Modify,
        Action::Modify,
        Action::Commit,
        Action::Spot,
    ];
    let usd = |amount: u32| Money::new(Decimal::from(amount), Currency::USD);
    let one = |n: usize| {
        let action = actions[random.random_range(0..actions.len())];
        let wide = if action == Action::Commit { 20 } else { 1 };
        let first = random.random_range(0..4_000_u32);
        let claim = |at: u32| {
            let saving = usd(random.random_range(1..100));
            let slice =
                if pooled && at.is_multiple_of(3) { Slice::Covered } else { Slice::Compute };
            Claim {
                sub_account_id: None,
                resource_id: format!("i-{}", (first + at) % 4_000),
                slice,
                spend: usd(100),
                savings: Savings { low: saving, expected: saving, high: saving },
                possible: None,
                pools: if pooled { vec!["plans".to_owned()] } else { Vec::new() },
            }
        };
        let claims: Vec<Claim> = (0..wide).map(claim).collect();
        let trade_off = TradeOff::new(Level::Low, Level::Low, "", Currency::USD);
        let draft = Draft::new("test", action, &n.to_string(), Scope::default(), trade_off);
        draft.claims(claims).finish(Currency::USD)
    };
    let all = (0..count).map(one).collect::<Result<Vec<_>, _>>().unwrap_or_default();
    let room =
        Pool { bound: false, on_demand: usd(10_000), paid_per_list: Decimal::ONE, covered: usd(0) };
    (all, Pools([("plans".to_owned(), room)].into()))
}
