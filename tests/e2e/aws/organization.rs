//! One pull from an emulated organization, and all data it must contain.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use super::{Server, holds, inventory, pull, rows};
use crate::python::script;
use crate::support::{json, stdout};

/// An organization, and an estate that was pulled of it.
struct Pulled {
    moto: Server,
    /// What was put into the organization.
    world: Value,
    _folder: TempDir,
    estate: PathBuf,
    /// What the pull reported.
    report: Value,
}

#[test]
fn a_pull_finds_what_was_put_into_an_organization() {
    let pulled = Pulled::of_organization();
    crate::schema::holds("pull", &pulled.report);
    pulled.has_the_inventory();
    pulled.has_the_utilization();
    pulled.has_the_tables();
    let place = pulled.place();
    let review =
        json(&["review", place, "--month", "2026-10", "--group-by", "service,account,usage-type"]);
    pulled.has_the_costs(&review);
    pulled.says_what_is_missing(&review);
    pulled.asked_only_what_the_policy_allows();
    pulled.pays_for_nothing_twice();
}

/// The paid requests of a pull.
fn paid(report: &Value) -> u64 {
    let all = report["requests"].as_array().expect("requests");
    let paid = |r: &&Value| r["usd_each"] != "0" && r["usd_each"] != "0.00";
    all.iter().filter(paid).filter_map(|r| r["count"].as_u64()).sum::<u64>()
}

impl Pulled {
    fn of_organization() -> Self {
        let moto = Server::start();
        let world: Value = serde_json::from_str(&script("world.py", &[&moto.url])).expect("JSON");
        let folder = TempDir::new().expect("folder");
        let estate = folder.path().join("fernweh");
        let pull = pull(estate.to_str().expect("UTF-8"), "2026-11-01");
        let plan = moto.plan(&pull);
        assert!(plan.contains("At least 8 paid requests, 0.08 USD.") && !estate.exists(), "{plan}");
        let report = moto.json(&pull);
        Self { moto, world, _folder: folder, estate, report }
    }

    fn place(&self) -> &str {
        self.estate.to_str().expect("UTF-8")
    }

    fn rows(&self, file: &str) -> Vec<Value> {
        rows(&self.estate.join(format!("{file}.parquet")))
    }

    /// Rows of a kind that were put in.
    fn wanted(&self, part: &str) -> &[Value] {
        self.world[part].as_array().expect("rows")
    }

    fn has_the_inventory(&self) {
        let found = inventory(&self.estate);
        let wanted = self.wanted("resources");
        for resource in wanted {
            let same = found.iter().find(|f| f["ResourceId"] == resource["ResourceId"]);
            let same = same.unwrap_or_else(|| panic!("{resource} is not in the inventory"));
            assert!(holds(same, resource), "put in: {resource}\nfound:  {same}");
        }
        // Nothing else of these kinds was made up.
        for kind in ["instance", "address", "db-instance", "table", "load-balancer", "bucket"] {
            let count = |all: &[Value]| all.iter().filter(|r| r["Kind"] == kind).count();
            assert_eq!(count(&found), count(wanted), "{kind}");
        }
    }

    /// Hours: each that was put in, with what several samples and metrics come to.
    fn has_the_utilization(&self) {
        let hours = self.rows("utilization/hourly");
        let wanted = self.wanted("utilization");
        assert_eq!(hours.len(), wanted.len());
        for (found, hour) in hours.iter().zip(wanted) {
            assert!(holds(found, hour), "put in: {hour}\nfound:  {found}");
        }
    }

    /// Prices, commitments, offers and recommendations: each that was put in.
    fn has_the_tables(&self) {
        for (part, file) in [
            ("prices", "prices/list"),
            ("commitments", "commitments/monthly"),
            ("offers", "commitments/offers"),
            ("recommendations", "recommendations/list"),
        ] {
            let found = self.rows(file);
            for wanted in self.wanted(part) {
                let same = found.iter().filter(|f| holds(f, wanted)).count();
                assert_eq!(same, 1, "put in: {wanted}\nfound:  {found:?}");
            }
            if part != "prices" {
                assert_eq!(found.len(), self.wanted(part).len(), "{part}");
            }
        }
    }

    /// Costs: to the last digit, in the account, service and usage type they were put in.
    fn has_the_costs(&self, review: &Value) {
        assert_eq!(review["totals"]["billed"]["this_month"]["amount"], "480.500000000031");
        assert_eq!(review["totals"]["effective"]["this_month"]["amount"], "379.75");
        let groups = review["groups"].to_string();
        for name in [
            "Amazon Simple Storage Service",
            "EC2 - Other",
            self.world["shop"].as_str().expect("id"),
            "EU-BoxUsage:m5.large",
        ] {
            assert!(groups.contains(name), "{name}: {groups}");
        }
        assert!(
            !groups.contains("DataTransfer-Out-Bytes"),
            "of a shared usage type only the service is known"
        );
    }

    /// What the emulator cannot answer is said, in the estate and in each review of it.
    fn says_what_is_missing(&self, review: &Value) {
        let partial = self.report["partial"].as_array().expect("lines");
        let failed = "no recommendations of Compute Optimizer";
        assert!(
            partial.len() == 1 && partial[0].as_str().is_some_and(|l| l.starts_with(failed)),
            "{partial:?}"
        );
        assert_eq!(&review["estate"]["partial"], &self.report["partial"]);
        let table = stdout(&["review", self.place()]);
        assert!(table.contains(&format!("PARTIAL: {failed}")), "{table}");
        assert!(
            table.contains("Provider recommendations")
                && table.contains("Commitments as reported by the provider"),
            "{table}"
        );
        let needs = "needs ResourceId, SkuMeter, which no usage in 2026-10 has";
        assert!(
            review["skipped"].to_string().contains(needs),
            "the report names what cannot be evaluated: {}",
            review["skipped"]
        );
        let used = |n: usize| {
            review["commitments"][n]["utilization_pct"].as_str().and_then(|p| p.parse::<f64>().ok())
        };
        assert_eq!(
            [used(0), used(1), used(2)],
            [Some(80.0), Some(50.0), Some(95.0)],
            "{}",
            review["commitments"]
        );
    }

    /// All that was asked is in the policy, and the paid requests are those of the plan.
    fn asked_only_what_the_policy_allows(&self) {
        let policy: Value =
            serde_json::from_str(&stdout(&["aws", "iam-policy", "--bucket", "b"])).expect("JSON");
        let statements = policy["Statement"].as_array().expect("statements");
        let allowed: BTreeSet<&str> = statements
            .iter()
            .flat_map(|s| s["Action"].as_array().expect("actions"))
            .filter_map(Value::as_str)
            .collect();
        let requests = self.report["requests"].as_array().expect("requests");
        for request in requests {
            assert!(allowed.contains(request["operation"].as_str().expect("text")), "{request}");
        }
        // The eight of the plan; one of them is answered in two pages.
        assert_eq!(paid(&self.report), 9);
    }

    /// The same day again: nothing is paid for twice. The next day: only what can still change.
    fn pays_for_nothing_twice(&self) {
        let (moto, place) = (&self.moto, self.place());
        let billed = || json(&["review", place, "--month", "2026-10"])["totals"]["billed"].clone();
        let before = billed();
        assert_eq!(paid(&moto.json(&pull(place, "2026-11-01"))), 0);
        assert_eq!(billed(), before);
        let tomorrow = moto.plan(&pull(place, "2026-11-02"));
        assert!(tomorrow.contains("At least 5 paid requests, 0.05 USD."), "{tomorrow}");
        // Costs by resource, if requested: two requests, one of them with two pages; they are in no
        // sum.
        let by_resource = |day| [&pull(place, day)[..], &["--with-resources"]].concat();
        let report = moto.json(&by_resource("2026-11-01"));
        assert_eq!((paid(&report), billed()), (3, before));
        assert_eq!(self.rows("resources/daily"), self.wanted("resource_costs"));
        assert_eq!(paid(&moto.json(&by_resource("2026-11-01"))), 0);
        let tomorrow = moto.plan(&by_resource("2026-11-02"));
        assert!(tomorrow.contains("At least 7 paid requests, 0.07 USD."), "{tomorrow}");
        let next = moto.plan(&[&pull(place, "2026-11-20")[..], &["--width", "120"]].concat());
        assert!(
            next.contains("2026-10-01 to 2026-11-19") && !next.contains("2026-09"),
            "September is settled: {next}"
        );
    }
}
