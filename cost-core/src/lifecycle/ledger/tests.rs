use super::*;

fn tracked(found: bool, last: &str, decision: Option<Verdict>) -> Tracked {
    let day: NaiveDate = last.parse().unwrap();
    let usd = crate::money::Currency::USD;
    Tracked {
        id: "op-1".into(),
        check: "idle_volume".into(),
        title: String::new(),
        subject: "vol-1".into(),
        variant: None,
        scope: Scope::default(),
        action: Action::Remove,
        savings: Savings::zero(usd),
        planned: None,
        places: Vec::new(),
        first_found: day,
        last_found: day,
        found,
        decision: decision.map(|verdict| Decision { verdict, at: DateTime::default(), note: None }),
    }
}

#[test]
fn what_could_not_be_judged_has_not_vanished() {
    let known = tracked(true, "2026-08-01", None);
    let skip = |check: &str, subjects: &[&str]| Skip {
        check: check.into(),
        reason: String::new(),
        subjects: subjects.iter().map(|s| (*s).to_owned()).collect(),
    };
    assert!(known.is_skipped(&[skip("idle_volume", &[])]));
    assert!(known.is_skipped(&[skip("idle_volume", &["vol-0", "vol-1"])]));
    assert!(!known.is_skipped(&[skip("idle_volume", &["vol-0"]), skip("idle_cache", &[])]));
}

#[test]
fn decisions_are_written_and_read() {
    let verdicts = [
        Verdict::Accepted,
        Verdict::Dismissed { reason: "x".into(), until: "2026-09-01".parse().ok() },
        Verdict::Done { on: "2026-09-01".parse().unwrap(), replaced_by: vec!["i-2".into()] },
    ];
    for verdict in verdicts {
        let recommendations =
            [("op-1".to_owned(), tracked(true, "2026-08-01", Some(verdict)))].into();
        let ledger = SavingsLedger { recommendations, ..SavingsLedger::default() };
        assert_eq!(SavingsLedger::parse(&ledger.to_text().unwrap()).unwrap(), ledger);
    }
}
