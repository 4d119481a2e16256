use proptest::prelude::*;

use super::*;

/// Usage and what it is like. Most of it is alike, so that commitments apply to several lines, and
/// several commitments to a line.
fn any_attributes() -> impl Strategy<Value = Attributes> {
    let of = |service, families: &'static [&'static str], platforms: &'static [&'static str]| {
        let parts = (prop::sample::select(families), prop::sample::select(platforms));
        let odd = (prop::bool::weighted(0.1), prop::bool::weighted(0.1), any::<bool>());
        let size = prop::sample::select(&["small", "large", "xlarge"][..]);
        (parts, size, odd).prop_map(
            move |((family, platform), size, (abroad, dedicated, multi_az))| Attributes {
                region: if abroad { "eu-west-1" } else { "us-east-1" }.to_owned(),
                dedicated: service == Service::Ec2 && dedicated,
                multi_az: service == Service::Rds && multi_az,
                ..Attributes::new(service, "us-east-1", family, size, platform)
            },
        )
    };
    prop_oneof![
        10 => of(Service::Ec2, &["m5", "m5", "m5", "g5"], &["Linux", "Linux", "Linux", "Windows"]),
        1 => of(Service::Fargate, &["Fargate"], &[""]),
        3 => of(Service::Rds, &["db.r5"], &["mysql", "mysql", "sqlserver-se"]),
        1 => of(Service::ElastiCache, &["cache.r6g"], &["redis"]),
        1 => of(Service::OpenSearch, &["r6g"], &[""]),
        1 => of(Service::SageMaker, &["ml.m5"], &[""]),
    ]
}

fn account() -> impl Strategy<Value = String> {
    prop::sample::select(&["a", "b"][..]).prop_map(str::to_owned)
}

fn zone() -> impl Strategy<Value = Option<String>> {
    prop::sample::select(&["1a", "1a", "1b"][..]).prop_map(|z| Some(z.to_owned()))
}

const HOURS: usize = 3;

fn line() -> impl Strategy<Value = Line> {
    let quantities = prop::collection::vec(0_i64..=12, HOURS).prop_map(|all| {
        Quantities::try_new(all.into_iter().map(|q| Decimal::new(q * 25, 2))).unwrap()
    });
    let price = prop::sample::select(&[100_i64, 200, 400, 333][..]);
    (account(), any_attributes(), zone(), price, quantities).prop_map(
        |(account, attributes, zone, price, quantities)| Line {
            account,
            attributes,
            zone,
            on_demand: Decimal::new(price, 2),
            quantities,
        },
    )
}

/// What a commitment is of: a reservation like one of the lines, or a plan.
#[derive(Clone, Debug)]
enum Of {
    Reservation { like: prop::sample::Index, size: Option<&'static str>, zonal: bool, count: u32 },
    Plan { kind: PlanKind, cents: i64, card: usize },
}

/// Account, what it is of, USD an hour of a reservation in cents, first hour.
type Sketch = (String, Of, i64, usize);

fn sketch() -> impl Strategy<Value = Sketch> {
    let size = prop::option::of(prop::sample::select(&["small", "large", "xlarge"][..]));
    let reservation = (any::<prop::sample::Index>(), size, any::<bool>(), 1_u32..4)
        .prop_map(|(like, size, zonal, count)| Of::Reservation { like, size, zonal, count });
    let ec2 = PlanKind::Ec2Instance { family: "m5".to_owned(), region: "us-east-1".to_owned() };
    let kinds = prop_oneof![
        2 => Just(ec2),
        3 => Just(PlanKind::Compute),
        1 => Just(PlanKind::SageMaker),
        1 => Just(PlanKind::Database)
    ];
    let plan = (kinds, 1_i64..800, 0_usize..2).prop_map(|(kind, cents, card)| Of::Plan {
        kind,
        cents,
        card,
    });
    (
        account(),
        prop_oneof![reservation, plan],
        1_i64..100,
        prop::sample::select(&[0_usize, 0, 0, 2][..]),
    )
}

impl Of {
    fn instrument(self, lines: &[Line], cents: i64) -> Instrument {
        match self {
            Self::Plan { kind, cents, card } => {
                Instrument::SavingsPlan { kind, usd_per_hour: Decimal::new(cents, 2), card }
            }
            Self::Reservation { like, size, zonal, count } => {
                let of = like.get(lines);
                let size = size.map_or_else(|| of.attributes.size.clone(), str::to_owned);
                Instrument::Reservation {
                    attributes: Attributes { size, ..of.attributes.clone() },
                    zone: of.zone.clone().filter(|_| zonal),
                    count,
                    usd_per_hour: Decimal::new(cents, 2),
                }
            }
        }
    }
}

fn commitment(id: String, (account, of, cents, from): Sketch, lines: &[Line]) -> Commitment {
    Commitment { id, account, instrument: of.instrument(lines, cents), hours: from..HOURS }
}

fn any_estate() -> impl Strategy<Value = Estate> {
    // Percent of the price: alike for several lines, and for some no saving.
    let pct =
        prop::option::weighted(0.9, prop::sample::select(&[50_i64, 50, 60, 75, 100, 110][..]));
    let parts = (
        prop::collection::vec(line(), 1..7),
        prop::collection::vec((pct.clone(), pct), 7),
        prop::collection::vec(sketch(), 0..6),
        prop::option::weighted(0.2, account()),
    );
    parts.prop_map(|(lines, rates, sketches, alone)| {
        let card = |pcts: Vec<Option<i64>>| -> RateCard {
            let rate = |(line, pct): (&Line, Option<i64>)| {
                pct.map(|p| line.on_demand * Decimal::new(p, 2))
            };
            lines.iter().zip(pcts).map(rate).collect()
        };
        let (one, other) = rates.into_iter().unzip();
        let cards = vec![card(one), card(other)];
        let commitments =
            sketches.into_iter().enumerate().map(|(at, s)| commitment(format!("c{at}"), s, &lines));
        Estate {
            cards,
            commitments: commitments.collect(),
            not_sharing: alone.into_iter().collect(),
            lines,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_500))]

    #[test]
    fn it_is_what_the_obvious_way_gives(estate in any_estate()) {
        let simulation = simulate(&estate).unwrap();
        let mut cost = Decimal::ZERO;
        for at in 0..HOURS {
            let (hours_cost, wanted) = reference::hour(&estate, at);
            cost += hours_cost;
            let mut found = vec![vec![Decimal::ZERO; estate.lines.len()]; estate.commitments.len()];
            for c in covered(&estate, at).unwrap() {
                found[c.commitment][c.line] += c.quantity;
            }
            prop_assert_eq!(found, wanted, "hour {}", at);
        }
        prop_assert_eq!(simulation.cost, cost.normalize());
    }

    #[test]
    fn nothing_is_lost_and_nothing_is_used_twice(estate in any_estate()) {
        let simulation = simulate(&estate).unwrap();
        for (line, of) in estate.lines.iter().zip(&simulation.lines) {
            let used: Decimal = (0..HOURS).map(|hour| line.quantities.of(hour)).sum();
            prop_assert_eq!(of.reserved + of.planned + of.on_demand, used);
            prop_assert_eq!((of.on_demand * line.on_demand).normalize(), of.on_demand_cost);
        }
        let left: Decimal = simulation.lines.iter().map(|l| l.on_demand_cost).sum();
        let paid: Decimal = simulation.commitments.iter().map(|c| c.cost).sum();
        prop_assert_eq!((left + paid).normalize(), simulation.cost);
        for c in &simulation.commitments {
            prop_assert!(Decimal::ZERO <= c.unused && c.unused <= c.cost, "{:?}", c);
        }
        let equivalent: Decimal = simulation.commitments.iter().map(|c| c.on_demand_equivalent).sum();
        prop_assert_eq!((left + equivalent).normalize(), simulation.on_demand_equivalent);
    }

    #[test]
    fn a_free_commitment_never_costs(estate in any_estate(), free in sketch()) {
        let before = simulate(&estate).unwrap().cost;
        let mut with = estate.clone();
        // Last in order, so that it takes nothing from those that are there.
        let mut free = commitment("z".to_owned(), free, &estate.lines);
        // A free plan has no commitment: a plan is what it costs.
        let (Instrument::Reservation { usd_per_hour, .. } | Instrument::SavingsPlan { usd_per_hour, .. }) =
            &mut free.instrument;
        *usd_per_hour = Decimal::ZERO;
        with.commitments.push(free);
        let after = simulate(&with).unwrap();
        prop_assert!(after.cost <= before, "{} with a free commitment, {} without", after.cost, before);
    }
}

#[test]
fn errors_are_reported() {
    let line = Line {
        account: "a".to_owned(),
        attributes: Attributes::new(Service::Ec2, "us-east-1", "m5", "large", "Linux"),
        zone: None,
        on_demand: Decimal::ONE,
        quantities: Quantities::try_new([Decimal::ONE]).unwrap(),
    };
    let estate = |line: Line, instrument| Estate {
        lines: vec![line],
        commitments: vec![Commitment {
            id: "c".to_owned(),
            account: "a".to_owned(),
            instrument,
            hours: 0..1,
        }],
        ..Estate::default()
    };
    let plan =
        Instrument::SavingsPlan { kind: PlanKind::Compute, usd_per_hour: Decimal::ONE, card: 7 };
    let wrong = simulate(&estate(line.clone(), plan.clone())).unwrap_err().to_string();
    assert_eq!(
        wrong,
        "commitment c needs rate card 7 with one entry (a rate or none) for each line"
    );
    let odd = Quantities::try_new([Decimal::ONE, Decimal::NEGATIVE_ONE]).unwrap_err().to_string();
    assert!(odd.starts_with("the quantity of hour 1 is -1"), "{odd}");
    let reservation = Instrument::Reservation {
        attributes: Attributes::new(Service::Ec2, "us-east-1", "m5", "huge", "Linux"),
        zone: None,
        count: 1,
        usd_per_hour: Decimal::ONE,
    };
    assert!(
        simulate(&estate(line.clone(), reservation))
            .unwrap_err()
            .to_string()
            .contains("`huge` of m5")
    );
    let mut two = estate(line.clone(), plan);
    two.lines.push(Line { quantities: Quantities::default(), ..line });
    assert_eq!(
        simulate(&two).unwrap_err().to_string(),
        "line 1 has 0 hours, but the first line has 1"
    );
    assert_eq!(simulate(&Estate::default()).unwrap().cost, Decimal::ZERO);
}
