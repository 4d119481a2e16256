//! What to buy now: the first tranche, and the script that buys it.
//!
//! Sources, read 2026-11: AWS CLI Command Reference, `savingsplans`, `ec2`, `rds`, `elasticache`,
//! `opensearch`, and `redshift`; Amazon `DynamoDB` Developer Guide, "Reserved capacity".

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::market::Bound;
use super::purchases::{CAPACITY_LOT, Item, PLACES};
use super::types::{Order, Tranche};
use crate::cloud::Provider;
use crate::commitment::simulate::{Attributes, Service};
use crate::commitment::{Payment, Product, Term};
use crate::money::{Currency, Money};
use crate::runbook::{Place, Runbook, shell_word};

/// The region in which Savings Plans are bought: they are not bound to it.
const HOME: &str = "us-east-1";

/// Returns the first tranche of the purchases and the script that buys it. The script has a part for
/// each account, which refuses other accounts and ends if an offering does not exist. Reservations
/// are bought in whole units, at least one.
pub(super) fn orders(
    bought: &[Item],
    ladder: &[Tranche],
    (term, account, currency): (Term, &str, Currency),
) -> (Vec<Order>, Vec<String>) {
    let share =
        if ladder.len() < 2 { Decimal::ONE } else { Decimal::ONE / Decimal::from(ladder.len()) };
    let now: Vec<Item> = bought.iter().filter_map(|i| i.scaled(share, true)).collect();
    let money = |usd: Decimal| Money::new(usd.round_dp(2), currency);
    let order = |i: &Item| Order {
        name: i.name(),
        sub_account_id: i.account(account).to_owned(),
        count: i.reserved.as_ref().map(|(_, count)| *count),
        usd_per_hour: i.usd_per_hour.normalize(),
        upfront: money(i.upfront(term)),
    };
    let script = accounts(&now, account).into_iter().flat_map(|account_id| {
        let of_account = now.iter().filter(|i| i.account(account) == account_id);
        script(of_account.flat_map(|i| commands(i, term)).collect(), account_id)
    });
    (now.iter().map(order).collect(), script.collect())
}

/// Returns the accounts that buy items, the one that buys most of them first.
fn accounts<'a>(items: &'a [Item], main: &'a str) -> Vec<&'a str> {
    let mut all = vec![main];
    for account in items.iter().map(|i| i.account(main)) {
        if !all.contains(&account) {
            all.push(account);
        }
    }
    all.retain(|account| items.iter().any(|i| i.account(main) == *account));
    all
}

/// Returns the script with commands for one account.
fn script(commands: Vec<String>, account: &str) -> Vec<String> {
    let place = Place {
        provider: Some(Provider::Aws),
        account: Some(account).filter(|a| !a.is_empty()),
        region: None,
        folder: "",
    };
    Runbook { commands, ..Runbook::default() }.scripts(place).commands
}

/// Returns the lines that look an offering up and buy it.
fn commands(i: &Item, term: Term) -> Vec<String> {
    let (lookup, buy) = match &i.reserved {
        None => plan(i, term),
        Some((of, count)) => match reservation(i, of, *count, term) {
            Some(both) => both,
            None => {
                return vec![format!(
                    "# {}: buy it in the console, because there is no command for it",
                    comment(i)
                )];
            }
        },
    };
    vec![
        format!("# {}", comment(i)),
        format!("OFFERING=$({lookup} --output text)"),
        r#"[ -n "$OFFERING" ] && [ "$OFFERING" != None ] || { echo 'no such offering' >&2; exit 1; }"#
            .to_owned(),
        buy,
    ]
}

/// Returns the name of a purchase for a comment, which must not contain a line break.
fn comment(i: &Item) -> String {
    i.name().chars().filter(|c| !c.is_control()).collect()
}

/// Returns the seconds of a term, as offerings have them.
fn seconds(term: Term) -> u32 {
    term.hours() * 3_600
}

fn plan(i: &Item, term: Term) -> (String, String) {
    let kind = match i.candidate.product {
        Product::Ec2InstancePlan => "EC2Instance",
        Product::SageMakerPlan => "SageMaker",
        Product::DatabasePlan => "Database",
        _ => "Compute",
    };
    let filters = match &i.candidate.bound {
        Bound::Family(family, region) => format!(
            " --filters name=region,values={} name=instanceFamily,values={}",
            shell_word(region),
            shell_word(family)
        ),
        _ => String::new(),
    };
    let lookup = format!(
        "aws savingsplans describe-savings-plans-offerings --region {HOME} --plan-types {kind} --durations {} --payment-options '{}' \
         --currencies USD{filters} --query 'searchResults[0].offeringId'",
        seconds(term),
        i.payment.as_str()
    );
    let buy = format!(
        "aws savingsplans create-savings-plan --region {HOME} --savings-plan-offering-id \"$OFFERING\" --commitment {}",
        i.usd_per_hour.round_dp(PLACES)
    );
    (lookup, buy)
}

/// Returns the lookup and the purchase of reservations, or `None` if there is no command.
fn reservation(i: &Item, of: &Attributes, count: u32, term: Term) -> Option<(String, String)> {
    let (region, seconds) = (shell_word(&of.region), seconds(term));
    match of.service {
        Service::Ec2 => instances(i, of, count, term),
        Service::Rds | Service::ElastiCache => Some(nodes(i, of, count, term)),
        Service::OpenSearch => {
            let payment = match i.payment {
                Payment::NoUpfront => "NO_UPFRONT",
                Payment::PartialUpfront => "PARTIAL_UPFRONT",
                Payment::AllUpfront => "ALL_UPFRONT",
            };
            let query = format!(
                "ReservedInstanceOfferings[?InstanceType==`{}.{}.search` && Duration==`{seconds}` && PaymentOption==`{payment}`].ReservedInstanceOfferingId | [0]",
                of.family, of.size
            );
            Some((
                format!(
                    "aws opensearch describe-reserved-instance-offerings --region {region} --query {}",
                    shell_word(&query)
                ),
                format!(
                    "aws opensearch purchase-reserved-instance-offering --region {region} --reserved-instance-offering-id \"$OFFERING\" \
                     --reservation-name {}-\"$(date +%Y-%m-%d)\" --instance-count {count}",
                    shell_word(&format!("{}-{}", of.family, of.size))
                ),
            ))
        }
        Service::Redshift => {
            let query = format!(
                "ReservedNodeOfferings[?NodeType==`{}.{}` && Duration==`{seconds}` && OfferingType==`{}`].ReservedNodeOfferingId | [0]",
                of.family,
                of.size,
                i.payment.as_str()
            );
            Some((
                format!(
                    "aws redshift describe-reserved-node-offerings --region {region} --query {}",
                    shell_word(&query)
                ),
                format!(
                    "aws redshift purchase-reserved-node-offering --region {region} --reserved-node-offering-id \"$OFFERING\" --node-count {count}"
                ),
            ))
        }
        _ => None,
    }
}

/// Returns the lookup and the purchase of EC2 reservations, or `None` if the platform is unknown.
fn instances(i: &Item, of: &Attributes, count: u32, term: Term) -> Option<(String, String)> {
    let name = shell_word(&format!("{}.{}", of.family, of.size));
    let (region, seconds, payment) = (shell_word(&of.region), seconds(term), i.payment.as_str());
    let convertible = i.candidate.product == Product::ConvertibleReservation;
    let class = if convertible { "convertible" } else { "standard" };
    let system = shell_word(system(&of.platform)?);
    let tenancy = if of.dedicated { "dedicated" } else { "default" };
    Some((
        format!(
            "aws ec2 describe-reserved-instances-offerings --region {region} --no-include-marketplace --instance-type {name} \
             --offering-class {class} --offering-type '{payment}' --product-description {system} --instance-tenancy {tenancy} \
             --min-duration {seconds} --max-duration {seconds} --filters Name=scope,Values=Region \
             --query 'ReservedInstancesOfferings[0].ReservedInstancesOfferingId'"
        ),
        format!(
            "aws ec2 purchase-reserved-instances-offering --region {region} --reserved-instances-offering-id \"$OFFERING\" --instance-count {count}"
        ),
    ))
}

/// Returns the lookup and the purchase of reservations of databases and caches.
fn nodes(i: &Item, of: &Attributes, count: u32, term: Term) -> (String, String) {
    let name = shell_word(&format!("{}.{}", of.family, of.size));
    let (region, seconds, payment) = (shell_word(&of.region), seconds(term), i.payment.as_str());
    let engine = if of.platform == "postgres" { "postgresql" } else { of.platform.as_str() };
    let engine = shell_word(engine);
    if of.service == Service::ElastiCache {
        return (
            format!(
                "aws elasticache describe-reserved-cache-nodes-offerings --region {region} --cache-node-type {name} --duration {seconds} \
                 --product-description {engine} --offering-type '{payment}' \
                 --query 'ReservedCacheNodesOfferings[0].ReservedCacheNodesOfferingId'"
            ),
            format!(
                "aws elasticache purchase-reserved-cache-nodes-offering --region {region} --reserved-cache-nodes-offering-id \"$OFFERING\" --cache-node-count {count}"
            ),
        );
    }
    let zones = if of.multi_az { "--multi-az" } else { "--no-multi-az" };
    (
        format!(
            "aws rds describe-reserved-db-instances-offerings --region {region} --db-instance-class {name} --duration {seconds} \
             --product-description {engine} --offering-type '{payment}' {zones} \
             --query 'ReservedDBInstancesOfferings[0].ReservedDBInstancesOfferingId'"
        ),
        format!(
            "aws rds purchase-reserved-db-instances-offering --region {region} --reserved-db-instances-offering-id \"$OFFERING\" --db-instance-count {count}"
        ),
    )
}

/// Returns the product description of an EC2 platform, or `None` if it is not known.
fn system(platform: &str) -> Option<&'static str> {
    Some(match platform {
        "Linux" => "Linux/UNIX",
        "Windows" => "Windows",
        "RHEL" => "Red Hat Enterprise Linux",
        "SUSE" => "SUSE Linux",
        _ => return None,
    })
}

impl Item {
    /// Returns a share of a purchase: plans in steps of a tenth of a cent, reservations in whole
    /// units. With `some`, at least one unit. `None` if the share is less than half a unit.
    pub(super) fn scaled(&self, share: Decimal, some: bool) -> Option<Self> {
        let Some((of, count)) = &self.reserved else {
            let usd_per_hour = (self.usd_per_hour * share).round_dp(PLACES);
            return (!usd_per_hour.is_zero()).then(|| Self { usd_per_hour, ..self.clone() });
        };
        let lot = if of.service == Service::DynamoDb { CAPACITY_LOT } else { 1 };
        let lots = Decimal::from(*count) * share / Decimal::from(lot);
        let least = u32::from(some);
        let part = lots.round().to_u32().unwrap_or(0).max(least).saturating_mul(lot);
        let each = self.usd_per_hour.checked_div(Decimal::from(*count))?;
        (part > 0).then(|| Self {
            usd_per_hour: each * Decimal::from(part),
            reserved: Some((of.clone(), part)),
            ..self.clone()
        })
    }
}
