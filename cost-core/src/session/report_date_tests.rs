//! Reports as of a past day contain no later charges.

use chrono::{Days, NaiveDate};
use polars::prelude::{col, lit};
use proptest::prelude::*;

use super::*;
use crate::focus::FocusFrame;
use crate::review::{Review, ReviewError};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Returns the example's bill without the charges from `day` on: another way than the session's,
/// which filters typed line items.
fn cut(day: NaiveDate) -> FocusFrame {
    let charges = crate::example::charges().expect("the example");
    let before = charges.filter(col("ChargePeriodStart").lt(lit(day.to_string())));
    FocusFrame::from_lazy("cut", before, &["team".to_owned()]).expect("a bill")
}

fn as_of(bill: &FocusFrame, day: NaiveDate) -> Session {
    let month = crate::month::Month::of(day.pred_opt().expect("a day before"));
    Session::builder().month(month).as_of(day).open(bill).expect("a session")
}

/// Returns the review without the mark that charges are hidden.
fn review(session: &Session) -> Review {
    let mut review = session.review().expect("a review");
    review.header.estate.hidden_from = None;
    review
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn later_charges_do_not_change_a_report(days in 1_u64..92) {
        let on = day("2026-07-01").checked_add_days(Days::new(days)).expect("a day");
        let bill = crate::example::bill().expect("the example");
        let (hidden, removed) = (as_of(&bill, on), as_of(&cut(on), on));
        prop_assert_eq!(review(&hidden), review(&removed));
        let anomalies = |session: &Session| session.anomalies().expect("a report").anomalies;
        prop_assert_eq!(anomalies(&hidden), anomalies(&removed));
    }
}

#[test]
fn the_header_shows_the_days_that_were_known() {
    let bill = crate::example::bill().expect("the example");
    let estate = as_of(&bill, day("2026-09-11")).review().expect("a review").header.estate;
    assert_eq!(estate.last_day, day("2026-09-10"));
    assert_eq!(estate.hidden_from, Some(day("2026-09-11")));
    // 5 charges on each of the 92 days of the example: 31 + 31 + 10 days are known.
    assert_eq!(estate.line_items, 5 * 72);
    let all = as_of(&bill, day("2026-10-01")).review().expect("a review").header.estate;
    assert_eq!((all.hidden_from, all.line_items), (None, 5 * 92));
}

#[test]
fn another_report_date_hides_and_shows_charges_again() {
    let bill = crate::example::bill().expect("the example");
    let all = Session::open(&bill).expect("a session");
    let past = all.with(|o| o.as_of = Some(day("2026-09-11"))).expect("a session");
    assert_eq!(past.rollup().line_items, 5 * 72);
    let again = past.with(|o| o.as_of = None).expect("a session");
    assert_eq!(again.rollup().line_items, 5 * 92);
}

#[test]
fn a_report_date_before_the_bill_is_an_error_with_advice() {
    let bill = crate::example::bill().expect("the example");
    let error = Session::builder().as_of(day("2026-07-01")).open(&bill).expect_err("no charges");
    assert_eq!(
        error.to_string(),
        "no charges are known on the report date 2026-07-01: the bill starts on 2026-07-01; choose a report date from 2026-07-02 on"
    );
    assert!(matches!(error.downcast::<ReviewError>(), Ok(ReviewError::BeforeBill { .. })));
}

#[test]
fn a_running_month_is_compared_with_the_same_days() {
    let bill = crate::example::bill().expect("the example");
    let review = as_of(&bill, day("2026-09-11")).review().expect("a review");
    assert!(review.compared.is_running);
    let last = review.compared.last_month.expect("August is in the bill");
    assert_eq!((last.first_day, last.last_day), (day("2026-08-01"), day("2026-08-10")));
    // The same days of August, from a bill that ends with them.
    let august = as_of(&cut(day("2026-08-11")), day("2026-08-11")).review().expect("a review");
    assert_eq!(review.totals.effective.last_month, Some(august.totals.effective.this_month));
    assert_eq!(review.totals.billed.last_month, Some(august.totals.billed.this_month));
}

#[test]
fn cost_drivers_add_up_to_the_change_of_the_total() {
    let bill = crate::example::bill().expect("the example");
    for top in [0, 1, 10] {
        let session = Session::builder().top(top).open(&bill).expect("a session");
        let review = session.review().expect("a review");
        let sum = review.driver_sum.as_ref().expect("there is a previous month");
        let parts = review.cost_drivers.iter().map(|m| m.change).chain([sum.others]);
        let parts = parts.chain(sum.categories.iter().map(|c| c.change));
        let added = crate::money::Money::try_sum(parts, sum.total.currency()).expect("it fits");
        assert_eq!((Some(added), sum.total), (review.totals.effective.change, added));
        let bridge = review.bridge.expect("there is a previous month");
        // September has 30 days, August 31.
        assert_eq!((bridge.days_this_month, bridge.days_last_month), (30, 31));
        assert_eq!(bridge.total.change, sum.total);
    }
}
