use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;

fn usd(text: &str) -> Money {
    Money::parse(text, Currency::USD).unwrap()
}

#[test]
fn displays_as_finance_people_write_it() {
    assert_eq!(usd("1234567.005").display_amount(), "1,234,567.01");
    assert_eq!(usd("-999.999").display_amount(), "-1,000.00");
    assert_eq!(usd("0.0000008").display_amount(), "<0.01");
    assert_eq!(usd("0").display_amount(), "0.00");
    assert_eq!(usd("12345.6").display_whole(), "12,346");
    assert_eq!(usd("12345.600001").display_exact(), "12,345.600001");
    assert_eq!(usd("-1936.1").display_exact(), "-1,936.10");
}

#[test]
fn json_keeps_every_digit() {
    let m = usd("0.000000800001");
    let text = serde_json::to_string(&m).unwrap();
    assert_eq!(text, r#"{"amount":"0.000000800001","currency":"USD"}"#);
    assert_eq!(serde_json::from_str::<Money>(&text).unwrap(), m);
}

proptest! {
    #[test]
    fn sums_do_not_depend_on_order(mut values in proptest::collection::vec(-10_i128.pow(20)..10_i128.pow(20), 0..40)) {
        let sum = |v: &[i128]| Money::try_sum(v.iter().map(|x| Money::from_scaled(*x, Currency::USD).unwrap()), Currency::USD).unwrap();
        let forward = sum(&values);
        values.reverse();
        prop_assert_eq!(forward, sum(&values));
        prop_assert_eq!(forward, Money::from_scaled(values.iter().sum(), Currency::USD).unwrap());
    }

    #[test]
    fn a_share_never_exceeds_its_whole(v in 0_i128..10_i128.pow(24), part in 0_u32..=1000) {
        let whole = Money::from_scaled(v, Currency::USD).unwrap();
        let share = whole.try_mul(Decimal::new(i64::from(part), 3)).unwrap();
        prop_assert!(share.amount() <= whole.amount());
    }

    #[test]
    fn currencies_never_mix(a in -1_000_000_i64..1_000_000, b in -1_000_000_i64..1_000_000) {
        let eur: Currency = "EUR".parse().unwrap();
        let left = Money::new(Decimal::from(a), Currency::USD);
        let right = Money::new(Decimal::from(b), eur);
        prop_assert!(left.try_add(right).is_err());
        prop_assert!(left.try_sub(right).is_err());
        prop_assert!(Money::try_sum([left, right], eur).is_err());
    }
}
