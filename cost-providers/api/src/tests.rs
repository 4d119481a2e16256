use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use cost_core::estate::TABLES;
use cost_core::focus::{Origin, Part};
use cost_core::inventory::{INVENTORY, Kind, Resource};
use cost_core::price::PRICES;
use cost_core::table::{Table, frame_of};
use futures::executor::block_on;
use polars::prelude::DataFrame;
use serde::{Deserialize, Serialize};

use super::*;

/// Small provider: the bill of the example, and an inventory of one volume.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Small {
    /// Price of its one paid request, in cents.
    cents: u32,
    /// Whether it has the bill.
    billing: bool,
    /// Whether it also declares prices, which it does not have.
    boasts: bool,
}

impl Small {
    fn boxed(self) -> Box<dyn Provider> {
        Box::new(self)
    }
}

const WITH_BILL: Small = Small { cents: 8, billing: true, boasts: false };

impl ProviderConfig for Small {
    fn open<'a>(&'a self, _: &'a PullScope) -> Opening<'a> {
        Box::pin(async { Ok(self.clone().boxed()) })
    }
}

impl Provider for Small {
    fn name(&self) -> &'static str {
        "small"
    }

    fn describe(&self) -> String {
        "the example".to_owned()
    }

    fn capabilities(&self) -> BTreeSet<Capability> {
        let all = [
            (Capability::Billing, self.billing),
            (Capability::Inventory, true),
            (Capability::Prices, self.boasts),
        ];
        all.into_iter().filter_map(|(can, it_does)| it_does.then_some(can)).collect()
    }

    fn plan(&self) -> RequestPlan {
        let day = |d| NaiveDate::from_ymd_opt(2026, 9, d).expect("a day");
        RequestPlan(vec![PlannedRequest {
            capability: Capability::Billing,
            operation: "small:Ask",
            what: "costs".to_owned(),
            from: day(1),
            until: day(2),
            cents: self.cents,
        }])
    }

    fn bill<'a>(&'a self, steps: &'a Steps) -> Pulling<'a, Vec<Part>> {
        if !self.billing {
            return refused(self.name(), "bills");
        }
        Box::pin(async {
            steps.report("costs", 1, 1);
            let charges = cost_core::example::charges().expect("charges");
            Ok(Pulled::complete(vec![Part::from(Origin::of_frame("the example", charges)?)]))
        })
    }

    fn table<'a>(
        &'a self,
        table: &'static Table,
        _: &'a Known,
        steps: &'a Steps,
    ) -> Pulling<'a, DataFrame> {
        if table.name != INVENTORY.name {
            return refused(self.name(), table.label);
        }
        Box::pin(async {
            steps.report("inventory", 1, 1);
            let volume = Resource {
                resource_id: "vol-0a1b2c3d4e5f60001".to_owned(),
                kind: Kind::Volume,
                sub_account_id: Some("111111111111".to_owned()),
                region_id: Some("us-east-1".to_owned()),
                ..Resource::default()
            };
            let frame = frame_of(&[volume]);
            Ok(Pulled::complete(frame.map_err(|e| ProviderError::unreadable("inventory", e))?))
        })
    }
}

fn unmet(provider: &dyn Provider) -> Result<Vec<String>, ProviderError> {
    block_on(conformance::provider(provider, Vec::new()))
}

#[test]
fn a_provider_must_offer_what_it_declares() {
    let scope = PullScope::new("estate", NaiveDate::from_ymd_opt(2026, 10, 1).expect("a day"));
    let opened = block_on(WITH_BILL.open(&scope)).expect("opened");
    assert_eq!(unmet(&*opened).expect("a bill"), Vec::<String>::new());
    let without = Small { billing: false, ..WITH_BILL };
    assert_eq!(unmet(&without).expect("an inventory"), Vec::<String>::new());
    let boasts = Small { boasts: true, ..WITH_BILL };
    assert!(matches!(unmet(&boasts), Err(ProviderError::NotOffered { .. })));
}

#[test]
fn a_configuration_with_a_secret_does_not_conform() {
    #[derive(Serialize, Deserialize)]
    struct Loose {
        access_key_id: String,
    }
    impl ProviderConfig for Loose {
        fn open<'a>(&'a self, _: &'a PullScope) -> Opening<'a> {
            Box::pin(async { Ok(WITH_BILL.boxed()) })
        }
    }
    assert_eq!(conformance::config(&WITH_BILL), Vec::<String>::new());
    let of = conformance::config(&Loose { access_key_id: "AKIA".to_owned() });
    let wanted = [
        "a configuration refuses unknown fields",
        "a configuration contains no secret: `access_key_id`",
    ];
    assert_eq!(of, wanted);
}

#[test]
fn layers_leave_a_provider_what_it_is_and_hear_its_steps() {
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let listener = Arc::clone(&heard);
    let watch = Watch::new(move |what, done, of| {
        listener.lock().expect("a lock").push(format!("{what} {done}/{of}"));
    });
    let provider = WITH_BILL.boxed().within(SpendLimit::of_cents(8)).within(watch).within(Log);
    assert_eq!(unmet(&*provider).expect("a bill"), Vec::<String>::new());
    assert_eq!((provider.name(), provider.plan().cents()), ("small", 8));
    let twice = ["costs 1/1", "costs 1/1", "inventory 1/1", "inventory 1/1"];
    assert_eq!(*heard.lock().expect("a lock"), twice, "conformance pulls each twice");
}

#[test]
fn a_pull_over_the_limit_is_not_started() {
    let provider = WITH_BILL.boxed().within(SpendLimit::of_cents(7));
    let (steps, known) = (Steps::default(), Known::default());
    let errors = [
        block_on(provider.bill(&steps)).map(|_| ()),
        block_on(provider.table(&INVENTORY, &known, &steps)).map(|_| ()),
    ];
    for error in errors {
        let error = error.expect_err("too much");
        assert_eq!(error.kind(), FailureKind::Limit);
        assert_eq!(error.to_string(), "this pull needs at least 1 paid requests for 0.08 USD");
    }
}

#[test]
fn of_joined_providers_the_first_with_the_capability_is_asked() {
    let without = Small { billing: false, ..WITH_BILL };
    let joined = Joined::new(vec![without.clone().boxed(), WITH_BILL.boxed()]);
    assert_eq!(unmet(&joined).expect("a bill"), Vec::<String>::new());
    assert_eq!((joined.name(), joined.describe().as_str()), ("small+small", "the example"));
    assert_eq!(joined.plan().cents(), 8, "only the second is asked for its bill");
    let both = Joined::new(vec![WITH_BILL.boxed(), WITH_BILL.boxed()]);
    assert_eq!(both.plan().cents(), 8, "only the first is asked for its bill");
    let none = Joined::new(vec![without.boxed()]);
    assert!(block_on(none.bill(&Steps::default())).is_err());
    let steps = Steps::default();
    for table in TABLES.iter().filter(|table| table.name != INVENTORY.name) {
        let answer = block_on(none.table(table, &Known::default(), &steps));
        assert!(matches!(answer, Err(ProviderError::NotOffered { .. })), "{}", table.name);
    }
    assert_eq!(Capability::of(&PRICES), Some(Capability::Prices));
}
