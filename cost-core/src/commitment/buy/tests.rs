use proptest::prelude::*;

use super::*;

fn layer(rates: &[Option<f64>]) -> Layer {
    Layer { name: "layer".to_owned(), rates: rates.to_vec() }
}

#[test]
fn one_discount_is_a_quantile() {
    // A hundred hours of 1 to 100 USD; 30 % off: 70 % of the hours are above the commitment.
    let hours: Vec<f64> = (1..=100).map(f64::from).collect();
    let problem = Problem { groups: vec![hours], layers: vec![layer(&[Some(0.7)])] };
    let amount = one_layer(&problem, 0);
    assert!((amount - 0.7 * 30.0).abs() < 1e-9, "{amount}");
    let bought = optimize(&problem);
    assert!((bought.usd_per_hour[0] - amount).abs() < 1e-3, "{bought:?}");
    assert!(bought.cost - bought.lower_bound < 1e-6 * bought.cost, "{bought:?}");
}

#[test]
fn steady_usage_is_covered_completely_and_commitments_without_savings_are_not_bought() {
    let problem = Problem {
        groups: vec![vec![10.0; 48]],
        layers: vec![layer(&[Some(0.63)]), layer(&[Some(0.72)])],
    };
    let bought = optimize(&problem);
    assert!(
        (bought.usd_per_hour[0] - 6.3).abs() < 1e-4 && bought.usd_per_hour[1] < 1e-4,
        "{bought:?}"
    );
    let dear =
        Problem { groups: vec![vec![10.0; 48]], layers: vec![layer(&[Some(1.2)]), layer(&[None])] };
    assert_eq!(optimize(&dear).usd_per_hour, [0.0, 0.0]);
    assert!(optimize(&Problem::default()).cost.abs() < 1e-12);
}

/// Two pools with a plan of their own and one plan over both; some hours.
fn any_problem() -> impl Strategy<Value = Problem> {
    let hours = 3_usize..9;
    let usage =
        hours.prop_flat_map(|n| prop::collection::vec(prop::collection::vec(0_u32..20, n), 3));
    let pct = |from: u32, to: u32| {
        prop::option::weighted(0.9, (from..to).prop_map(|p| f64::from(p) / 100.0))
    };
    (usage, pct(40, 80), pct(40, 80), [pct(50, 90), pct(50, 90), pct(50, 90)]).prop_map(
        |(usage, first, second, [a, b, c])| Problem {
            groups: usage.into_iter().map(|g| g.into_iter().map(f64::from).collect()).collect(),
            layers: vec![
                layer(&[first, None, None]),
                layer(&[None, second, None]),
                layer(&[a, b, c]),
            ],
        },
    )
}

/// The least cost on a grid of amounts.
fn brute_force(problem: &Problem, points: u32) -> f64 {
    let of = problem.ordered(1);
    let most: Vec<f64> = (0..3).map(|l| of.most(l)).collect();
    let mut least = f64::MAX;
    for a in 0..=points {
        for b in 0..=points {
            for c in 0..=points {
                let part = |n: u32, at: usize| f64::from(n) / f64::from(points) * most[at];
                least = least.min(of.cost(&[part(a, 0), part(b, 1), part(c, 2)]));
            }
        }
    }
    least
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn nothing_on_a_grid_costs_less(problem in any_problem()) {
        let bought = optimize(&problem);
        let least = brute_force(&problem, 24);
        prop_assert!(bought.cost <= 1.001 * least + 1e-9, "{} against {least}: {:?}", bought.cost, bought);
        prop_assert!(bought.lower_bound <= bought.cost + 1e-9, "{:?}", bought);
        prop_assert!(bought.cost <= bought.on_demand + 1e-9, "{:?}", bought);
    }
}
