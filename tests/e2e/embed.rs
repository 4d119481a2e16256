//! Use of the library by other programs, only through its public paths.

use std::collections::BTreeMap;
use std::error::Error as _;

use cost_core::check::{CheckError, CheckOutput, Context, Group, Settings, Threshold};
use cost_core::opportunity::{Action, Draft};
use cost_core::prelude::*;
use cost_core::tradeoff::{Level, TradeOff};

/// A check of a program's own: buckets that cost more a month than a threshold.
struct LargeBucket;

const MOST: Threshold = Threshold::new("monthly_cost", 40.0, "USD")
    .with_metric("EffectiveCost", "the month under review")
    .with_source("an example");

static META: CheckMeta = CheckMeta::new("large_bucket", "Buckets that cost much", Group::Storage)
    .with_cloud(Provider::Aws, "s3")
    .with_columns(&["ResourceId"])
    .with_thresholds(&[MOST]);

impl Check for LargeBucket {
    fn meta(&self) -> &CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.used(|used| used.usage_type.contains("TimedStorage")) {
            let claim = cx.claim(used, Decimal::ONE)?;
            if claim.spend.amount() < cx.decimal(META.id, &MOST) {
                out.skip(&used.resource_id, "it costs less than the threshold");
                continue;
            }
            let trade_off =
                TradeOff::new(Level::Low, Level::Low, "nothing reads it", cx.currency());
            let draft = Draft::new(
                META.id,
                Action::Remove,
                &used.resource_id,
                cx.scope_of(used),
                trade_off,
            );
            out.opportunities
                .push(draft.title("Delete the bucket").claims([claim]).finish(cx.currency())?);
        }
        Ok(out)
    }
}

fn bill() -> FocusFrame {
    cost_core::example::bill().expect("the example")
}

fn settings(monthly_cost: f64) -> Settings {
    let thresholds = BTreeMap::from([(MOST.key.to_owned(), monthly_cost)]);
    Settings { checks: BTreeMap::from([(META.id.to_owned(), thresholds)]), ..Settings::default() }
}

#[test]
fn a_check_of_its_own_takes_part_in_reports_plan_and_configuration() {
    let session = Session::builder().check(LargeBucket).open(&bill()).expect("a session");
    let savings = session.savings().expect("savings");
    let found =
        savings.opportunities.iter().find(|o| o.check == META.id).expect("the bucket is found");
    // 1.53 USD on each of the 30 days of September: what is priced by the month is not scaled to
    // 730 hours.
    assert_eq!(found.savings.expected.to_string(), "45.90 USD");
    assert!(savings.plan.step(&found.id).is_some(), "it is in the plan");
    let review = session.review().expect("a review");
    assert_eq!((&review.opportunities, &review.plan), (&savings.opportunities, &savings.plan));
    let explained = session.explain(&found.id).expect("it can be explained");
    assert!(
        matches!(explained, Some(Explained::Opportunity { opportunity, .. }) if *opportunity == *found)
    );

    let strict =
        session.with(|options| options.savings = settings(50.0)).expect("a known threshold");
    let savings = strict.savings().expect("savings");
    assert!(savings.opportunities.iter().all(|o| o.check != META.id));
    assert!(
        savings.skipped.iter().any(|s| s.check == META.id && s.subjects == ["build-artifacts"])
    );
}

#[test]
fn options_that_name_what_is_not_there_are_refused() {
    let kind =
        |builder: SessionBuilder| builder.open(&bill()).err().map(|e| (e.kind(), e.to_string()));
    let unknown = kind(Session::builder().savings_settings(settings(50.0)));
    assert_eq!(
        unknown,
        Some((
            ErrorKind::Options,
            "there is no check `large_bucket`; `cost checks` lists them".to_owned()
        ))
    );
    let twice = kind(Session::builder().check(LargeBucket).check(LargeBucket));
    assert!(
        matches!(twice, Some((ErrorKind::Options, text)) if text.starts_with("two checks have the id `large_bucket`"))
    );
    let session = Session::builder()
        .group_by([Dimension::Tag("owner".to_owned())])
        .open(&bill())
        .expect("a session");
    assert_eq!(session.review().err().map(|e| e.kind()), Some(ErrorKind::Options));
    assert!(session.savings().is_ok(), "savings are not grouped");
}

#[test]
fn an_error_has_a_kind_a_place_and_says_each_thing_once() {
    let estate = Estate::bare("bills/").expect("bundled prices");
    let month = "2031-01".parse().expect("a month");
    let session = Session::builder().estate(estate).month(month).open(&bill()).expect("a session");
    let error = session.savings().expect_err("no charges");
    assert_eq!((error.kind(), error.place()), (ErrorKind::NoCharges, Some("bills/")));
    let text = "bills/: there are no charges in 2031-01; the bill covers 2026-07-01 to 2026-09-30";
    assert_eq!(error.to_string(), text);
    assert!(error.source().is_none());
    assert!(!error.kind().hint().is_empty());
}

#[test]
fn a_session_is_shared_between_threads() {
    let session = Session::open(&bill()).expect("a session");
    let reviews = std::thread::scope(|scope| {
        let threads = [(); 4].map(|()| scope.spawn(|| session.review().expect("a review")));
        threads.map(|thread| thread.join().expect("no panic"))
    });
    assert!(reviews.iter().all(|review| *review == reviews[0]));
}

#[test]
fn sections_are_the_same_alone_and_in_a_review() {
    let alone = Session::open(&bill()).expect("a session").savings().expect("savings");
    let session = Session::open(&bill()).expect("a session");
    let (review, anomalies) =
        (session.review().expect("a review"), session.anomalies().expect("anomalies"));
    assert_eq!(session.savings().expect("savings"), alone);
    assert_eq!((&review.opportunities, &review.skipped), (&alone.opportunities, &alone.skipped));
    assert_eq!(
        (&review.anomalies, &review.completeness),
        (&anomalies.anomalies, &anomalies.completeness)
    );
    assert_eq!(review.anomalies.len(), 1);
    let days = session.days().expect("there are charges");
    assert_eq!(
        session.backtest(days).expect("a replay").anomalies[0].first_day,
        review.anomalies[0].first_day
    );
}
