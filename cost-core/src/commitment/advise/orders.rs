//! What to buy now: the first tranche, and the script that buys it.
//!
//! Sources, read 2026-11: AWS CLI Command Reference, `savingsplans`, `ec2`, `rds`, `elasticache`,
//! `opensearch`, and `redshift`; Amazon `DynamoDB` Developer Guide, "Reserved capacity"; RDS
//! API Reference, `ReservedDBInstancesOffering` (product descriptions and licenses).

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::engine::engine;
use super::market::{Bound, type_name};
use super::purchases::{CAPACITY_LOT, Item, PLACES};
use super::types::{Order, Tranche};
use crate::cloud::Provider;
use crate::commitment::simulate::{Attributes, Service};
use crate::commitment::{Payment, Product, Term};
use crate::inventory::Inventory;
use crate::money::{Currency, Money};
use crate::runbook::{Place, Runbook, shell_word};

/// The region in which Savings Plans are bought: they are not bound to it.
const HOME: &str = "us-east-1";

/// Who buys, when, and the inventory, which contains the engines of databases.
#[derive(Clone, Copy)]
pub(super) struct Buyer<'a> {
    /// The account that buys what has no account of its own.
    pub(super) account: &'a str,
    /// Report date.
    pub(super) as_of: NaiveDate,
    /// The inventory. `None` if the estate has none.
    pub(super) inventory: Option<&'a Inventory>,
}

/// Returns the first tranche of the purchases and the script that buys it. The script has a part for
/// each account, which refuses other accounts, and ends before any purchase if an offering does not
/// exist. After an error, a second run does not repeat the purchases of the first. Reservations are
/// bought in whole units, at least one.
pub(super) fn orders(
    bought: &[Item],
    ladder: &[Tranche],
    buyer: Buyer<'_>,
    (term, currency): (Term, Currency),
) -> (Vec<Order>, Vec<String>) {
    let account = buyer.account;
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
        let folder = words(&format!("purchases {} {account_id}", buyer.as_of), "-");
        script(commands(of_account, (term, buyer)), account_id, &folder)
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
fn script(commands: Vec<String>, account: &str, folder: &str) -> Vec<String> {
    let place = Place {
        provider: Some(Provider::Aws),
        account: Some(account).filter(|a| !a.is_empty()),
        region: None,
        folder,
    };
    Runbook { commands, ..Runbook::default() }.scripts(place).commands
}

/// Returns the lines that look all offerings up and then buy them, each once.
fn commands<'a>(
    items: impl Iterator<Item = &'a Item>,
    (term, buyer): (Term, Buyer<'_>),
) -> Vec<String> {
    let (mut lookups, mut purchases) = (Vec::new(), Vec::new());
    for (at, i) in items.enumerate() {
        let offering = format!("OFFERING_{}", at + 1);
        let deal = match &i.reserved {
            None => Some(plan(i, (term, buyer), &offering)),
            Some((of, count)) => {
                Reserving { i, of, count: *count, term, buyer, at }.deal(&offering)
            }
        };
        let Some(deal) = deal else {
            purchases.push(format!(
                "# {}: buy it in the console, because there is no command for it",
                comment(i)
            ));
            continue;
        };
        lookups.push(format!("# {}", comment(i)));
        lookups.extend(deal.engine);
        // Text would have a line for each page of the answer.
        lookups.push(format!(r#"{offering}=$({} --output json | tr -d '"')"#, deal.lookup));
        lookups.push(format!(
            r#"[ -n "${offering}" ] && [ "${offering}" != null ] || {{ echo 'no such offering' >&2; exit 1; }}"#
        ));
        purchases.push(format!(
            "once BOUGHT_{} {} --query {} --output text",
            words(&key(i), "_").to_uppercase(),
            deal.buy,
            deal.bought
        ));
    }
    lookups.extend(purchases);
    lookups
}

/// The commands of one purchase.
struct Deal {
    /// The line that sets the engine, or asks for it, if there is one.
    engine: Option<String>,
    /// The command that selects the ID of the offering.
    lookup: String,
    buy: String,
    /// The `--query` of what was bought.
    bought: &'static str,
}

/// Returns the name of a purchase for a comment, which must not contain a line break.
fn comment(i: &Item) -> String {
    i.name().chars().filter(|c| !c.is_control()).collect()
}

/// Returns the text that names what is bought, whatever the amount.
fn key(i: &Item) -> String {
    let Some((of, _)) = &i.reserved else { return i.candidate.name() };
    let tenancy = if of.dedicated { "dedicated" } else { "" };
    format!("{} {} {tenancy}", type_name(of), i.candidate.kind())
}

/// Returns the letters and digits of a text, with a separator instead of all else.
fn words(text: &str, separator: &str) -> String {
    let all = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    all.collect::<Vec<_>>().join(separator)
}

/// Returns the ID that a purchase is given. AWS refuses a second purchase with the same ID.
fn id(what: &str, buyer: Buyer<'_>) -> String {
    words(&format!("{what} {}", buyer.as_of), "-").to_lowercase()
}

/// Returns the seconds of a term, as offerings have them.
fn seconds(term: Term) -> u32 {
    term.hours() * 3_600
}

/// Returns the purchase of a Savings Plan.
fn plan(i: &Item, (term, buyer): (Term, Buyer<'_>), offering: &str) -> Deal {
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
        "aws savingsplans create-savings-plan --region {HOME} --savings-plan-offering-id \"${offering}\" --commitment {} \
         --client-token {}",
        i.usd_per_hour.round_dp(PLACES),
        id(&i.candidate.name(), buyer)
    );
    Deal { engine: None, lookup, buy, bought: "savingsPlanId" }
}

/// A purchase of reservations.
#[derive(Clone, Copy)]
struct Reserving<'a> {
    i: &'a Item,
    of: &'a Attributes,
    count: u32,
    term: Term,
    buyer: Buyer<'a>,
    /// Place in the script.
    at: usize,
}

impl Reserving<'_> {
    /// Returns the commands, or `None` if there are none.
    fn deal(self, offering: &str) -> Option<Deal> {
        match self.of.service {
            Service::Ec2 => self.instances(offering),
            Service::Rds => Some(self.databases(offering)),
            Service::ElastiCache => Some(self.caches(offering)),
            Service::OpenSearch => Some(self.search(offering)),
            Service::Redshift => Some(self.warehouses(offering)),
            _ => None,
        }
    }

    /// Returns the type, such as `m5.large`.
    fn name(self) -> String {
        format!("{}.{}", self.of.family, self.of.size)
    }

    /// Returns the ID of the reservation.
    fn id(self) -> String {
        let zones = if self.of.multi_az { "multi-az" } else { "" };
        id(&format!("{} {zones} {}", self.name(), self.of.platform), self.buyer)
    }

    /// Returns the name of the variable with the engine, and the line that sets it, or that asks for
    /// it if it is unknown.
    fn engine(self, such_as: &str) -> (String, String) {
        let name = format!("ENGINE_{}", self.at + 1);
        let line = match engine(self.of, self.buyer.inventory) {
            Some(engine) => format!("{name}={}", shell_word(&engine)),
            None => format!(
                ": \"${{{name}:?set {name} to the engine of the reservation above, such as {such_as}}}\""
            ),
        };
        (name, line)
    }

    /// Returns the purchase for EC2, or `None` if the platform is unknown.
    fn instances(self, offering: &str) -> Option<Deal> {
        let (name, count) = (shell_word(&self.name()), self.count);
        let (region, seconds) = (shell_word(&self.of.region), seconds(self.term));
        let payment = self.i.payment.as_str();
        let convertible = self.i.candidate.product == Product::ConvertibleReservation;
        let class = if convertible { "convertible" } else { "standard" };
        let system = shell_word(system(&self.of.platform)?);
        let tenancy = if self.of.dedicated { "dedicated" } else { "default" };
        let lookup = format!(
            "aws ec2 describe-reserved-instances-offerings --region {region} --no-include-marketplace --instance-type {name} \
             --offering-class {class} --offering-type '{payment}' --product-description {system} --instance-tenancy {tenancy} \
             --min-duration {seconds} --max-duration {seconds} --filters Name=scope,Values=Region \
             --query 'ReservedInstancesOfferings[0].ReservedInstancesOfferingId'"
        );
        let buy = format!(
            "aws ec2 purchase-reserved-instances-offering --region {region} --reserved-instances-offering-id \"${offering}\" --instance-count {count}"
        );
        Some(Deal { engine: None, lookup, buy, bought: "ReservedInstancesId" })
    }

    /// Returns the purchase for RDS. AWS's filter also finds engines that contain the name, such as
    /// `aurora-mysql` for `mysql`, so the query compares it.
    fn databases(self, offering: &str) -> Deal {
        let (name, count, id) = (shell_word(&self.name()), self.count, shell_word(&self.id()));
        let (region, seconds) = (shell_word(&self.of.region), seconds(self.term));
        let payment = self.i.payment.as_str();
        let (engine, line) = self.engine("mysql or postgresql");
        let zones = if self.of.multi_az { "--multi-az" } else { "--no-multi-az" };
        let lookup = format!(
            "aws rds describe-reserved-db-instances-offerings --region {region} --db-instance-class {name} --duration {seconds} \
             --product-description \"${engine}\" --offering-type '{payment}' {zones} \
             --query \"ReservedDBInstancesOfferings[?ProductDescription=='${engine}'].ReservedDBInstancesOfferingId | [0]\""
        );
        let buy = format!(
            "aws rds purchase-reserved-db-instances-offering --region {region} --reserved-db-instances-offering-id \"${offering}\" \
             --reserved-db-instance-id {id} --db-instance-count {count}"
        );
        let bought = "ReservedDBInstance.ReservedDBInstanceId";
        Deal { engine: Some(line), lookup, buy, bought }
    }

    fn caches(self, offering: &str) -> Deal {
        let (name, count, id) = (shell_word(&self.name()), self.count, shell_word(&self.id()));
        let (region, seconds) = (shell_word(&self.of.region), seconds(self.term));
        let payment = self.i.payment.as_str();
        let (engine, line) = self.engine("redis or valkey");
        let lookup = format!(
            "aws elasticache describe-reserved-cache-nodes-offerings --region {region} --cache-node-type {name} --duration {seconds} \
             --product-description \"${engine}\" --offering-type '{payment}' \
             --query \"ReservedCacheNodesOfferings[?ProductDescription=='${engine}'].ReservedCacheNodesOfferingId | [0]\""
        );
        let buy = format!(
            "aws elasticache purchase-reserved-cache-nodes-offering --region {region} --reserved-cache-nodes-offering-id \"${offering}\" \
             --reserved-cache-node-id {id} --cache-node-count {count}"
        );
        let bought = "ReservedCacheNode.ReservedCacheNodeId";
        Deal { engine: Some(line), lookup, buy, bought }
    }

    fn search(self, offering: &str) -> Deal {
        let (count, id) = (self.count, shell_word(&self.id()));
        let (region, seconds) = (shell_word(&self.of.region), seconds(self.term));
        let payment = match self.i.payment {
            Payment::NoUpfront => "NO_UPFRONT",
            Payment::PartialUpfront => "PARTIAL_UPFRONT",
            Payment::AllUpfront => "ALL_UPFRONT",
        };
        let query = format!(
            "ReservedInstanceOfferings[?InstanceType==`{}.search` && Duration==`{seconds}` && PaymentOption==`{payment}`].ReservedInstanceOfferingId | [0]",
            self.name()
        );
        let lookup = format!(
            "aws opensearch describe-reserved-instance-offerings --region {region} --query {}",
            shell_word(&query)
        );
        let buy = format!(
            "aws opensearch purchase-reserved-instance-offering --region {region} --reserved-instance-offering-id \"${offering}\" \
             --reservation-name {id} --instance-count {count}"
        );
        Deal { engine: None, lookup, buy, bought: "ReservedInstanceId" }
    }

    fn warehouses(self, offering: &str) -> Deal {
        let (region, seconds) = (shell_word(&self.of.region), seconds(self.term));
        let query = format!(
            "ReservedNodeOfferings[?NodeType==`{}` && Duration==`{seconds}` && OfferingType==`{}`].ReservedNodeOfferingId | [0]",
            self.name(),
            self.i.payment.as_str()
        );
        let lookup = format!(
            "aws redshift describe-reserved-node-offerings --region {region} --query {}",
            shell_word(&query)
        );
        let buy = format!(
            "aws redshift purchase-reserved-node-offering --region {region} --reserved-node-offering-id \"${offering}\" --node-count {}",
            self.count
        );
        Deal { engine: None, lookup, buy, bought: "ReservedNode.ReservedNodeId" }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commitment::advise::market::Candidate;

    fn reserved(of: Attributes, count: u32) -> Item {
        let product = Product::StandardReservation;
        let bound = Bound::Reservation(of.clone());
        Item {
            layer: 0,
            candidate: Candidate { product, bound, rates: Vec::new(), upfront: Decimal::ZERO },
            payment: Payment::NoUpfront,
            usd_per_hour: Decimal::ONE,
            reserved: Some((of, count)),
            account: None,
        }
    }

    #[test]
    fn all_offerings_are_looked_up_before_each_is_bought_once() {
        let of = |service, family: &str, platform: &str| {
            Attributes::new(service, "us-east-1", family, "large", platform)
        };
        let items = [
            reserved(of(Service::Rds, "db.r5", "postgres"), 2),
            reserved(of(Service::ElastiCache, "cache.r6g", "unknown"), 3),
            reserved(of(Service::Ec2, "m5", "Linux"), 4),
        ];
        let as_of = "2026-11-27".parse().expect("a day");
        let buyer = Buyer { account: "1", as_of, inventory: None };
        let (_, script) = orders(&items, &[], buyer, (Term::OneYear, Currency::USD));
        let text = script.join("\n");
        for part in [
            "mkdir -p purchases-2026-11-27-1\n",
            "\nENGINE_1=postgresql\nOFFERING_1=$(aws rds ",
            "--query \"ReservedDBInstancesOfferings[?ProductDescription=='$ENGINE_1'].",
            ": \"${ENGINE_2:?set ENGINE_2 to ",
            "--product-description \"$ENGINE_2\" ",
            "\nonce BOUGHT_DB_R5_LARGE_POSTGRES_RDS_RESERVED_DB_INSTANCES_US_EAST_1 aws rds ",
            "\"$OFFERING_1\" --reserved-db-instance-id db-r5-large-postgres-2026-11-27 ",
            "--reserved-cache-node-id cache-r6g-large-unknown-2026-11-27 --cache-node-count 3 ",
            "\nonce BOUGHT_M5_LARGE_LINUX_STANDARD_RESERVED_INSTANCES_US_EAST_1 aws ec2 ",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let is_purchase = |line: &String| line.starts_with("once BOUGHT_");
        let last_lookup = script.iter().rposition(|l| l.starts_with("OFFERING_"));
        assert!(last_lookup < script.iter().position(is_purchase), "{text}");
        assert_eq!(script.iter().filter(|l| is_purchase(l)).count(), 3);
    }
}
