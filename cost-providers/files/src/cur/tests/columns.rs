//! Maps, names, and types of columns, in all spellings.

use polars::prelude::*;

use super::discounts::discounted;
use super::{COST, TYPE, cells, charges, dec, every_column, numbers, report};
use crate::cur::Report;

#[test]
fn maps_of_cur_2_are_read_as_text_and_as_parquet_has_them() {
    let plain = df!(
        "line_item_line_item_type" => ["Usage", "Usage"],
        "line_item_unblended_cost" => [0.1, 0.2],
        "line_item_product_code" => ["AmazonEC2", "AmazonEC2"],
        "line_item_usage_amount" => [1.0, 2.0],
        "pricing_unit" => ["Hrs", "GB-Mo"],
        "product" => [r#"{"product_name":"Amazon Elastic Compute Cloud"}"#, "{}"],
        "resource_tags" => [r#"{"user_team":"a\"b","aws_created_by":"me"}"#, ""],
    )
    .expect("frame");
    let (charges_of_text, _) = charges(&plain);
    assert_eq!(numbers(&charges_of_text, "BilledCost"), ["0.1", "0.2"].map(dec));
    let tags = r#"{"aws:created_by":"me","team":"a\"b"}"#.to_owned();
    assert_eq!(cells(&charges_of_text, "Tags"), [Some(tags), None]);
    let services = ["Amazon Elastic Compute Cloud", "AmazonEC2"].map(|s| Some(s.to_owned()));
    assert_eq!(cells(&charges_of_text, "ServiceName"), services);
    assert_eq!(
        cells(&charges_of_text, "PricingUnit"),
        ["Hours", "GB-Months"].map(|s| Some(s.to_owned()))
    );

    let keys = Series::new("key".into(), ["user_team", "aws_created_by"]);
    let values = Series::new("value".into(), ["a\"b", "me"]);
    let pairs = DataFrame::new(2, vec![keys.into_column(), values.into_column()]).expect("pairs");
    let pairs = pairs.into_struct("pairs".into()).into_series();
    let list =
        ListChunked::from_iter([Some(pairs), None]).with_name("resource_tags".into()).into_series();
    let mut mapped = plain;
    mapped.with_column(list.into_column()).expect("replaced");
    assert_eq!(cells(&charges(&mapped).0, "Tags"), cells(&charges_of_text, "Tags"));
    let fields = [("user_team", ["a\"b", ""]), ("aws_created_by", ["me", ""])];
    let fields = fields.map(|(name, values)| Series::new(name.into(), values).into_column());
    let document = DataFrame::new(2, fields.into())
        .expect("fields")
        .into_struct("resource_tags".into())
        .into_series();
    mapped.with_column(document.into_column()).expect("replaced");
    assert_eq!(cells(&charges(&mapped).0, "Tags"), cells(&charges_of_text, "Tags"));
    let pairs = r#"[{"key":"user_team","value":"a\"b"},{"key":"aws_created_by","value":"me"}]"#;
    let written = [
        pairs,
        "{'user_team': 'a\"b', 'aws_created_by': 'me'}",
        r#""user_team":"a\"b","aws_created_by":"me""#,
    ];
    for text in written {
        mapped
            .with_column(Series::new("resource_tags".into(), [text, "[]"]).into_column())
            .expect("replaced");
        assert_eq!(cells(&charges(&mapped).0, "Tags"), cells(&charges_of_text, "Tags"), "{text}");
    }
}

#[test]
fn what_is_no_map_is_null_and_reported_and_never_fails_a_bill() {
    let frame = df!(
        "line_item_line_item_type" => ["Usage", "Usage", "Usage"],
        "line_item_unblended_cost" => ["1", "2", "3"],
        "line_item_product_code" => ["AmazonEC2", "AmazonEC2", "AmazonEC2"],
        "product" => [r#"{"product_name":"Elastic"}"#, "{", ""],
        "resource_tags" => ["no map", r#"{"user_a":"b"}"#, "[7]"],
    )
    .expect("frame");
    let (read, _) = charges(&frame);
    assert_eq!(numbers(&read, "BilledCost"), ["1", "2", "3"].map(dec));
    assert_eq!(cells(&read, "Tags"), [None, Some(r#"{"a":"b"}"#.to_owned()), None]);
    assert_eq!(
        cells(&read, "ServiceName"),
        ["Elastic", "AmazonEC2", "AmazonEC2"].map(|s| Some(s.to_owned()))
    );
    let reported = |frame: &DataFrame| {
        let report = Report::of(frame.schema()).expect("a report");
        let reported =
            report.unread_maps(frame.clone().lazy()).expect("maps").collect().expect("counts");
        let first = |column: &str| cells(&reported, column)[0].clone();
        ["resource_tags", "resource_tags example", "product", "product example"].map(first)
    };
    assert_eq!(reported(&frame), ["2", "no map", "1", "{"].map(|c| Some(c.to_owned())));
    // A list of texts is not a map either.
    let list = Series::new("".into(), ["a"]);
    let lists = ListChunked::from_iter([Some(list), None, None])
        .with_name("resource_tags".into())
        .into_series();
    let mut nested = frame;
    nested.with_column(lists.into_column()).expect("replaced");
    assert_eq!(cells(&charges(&nested).0, "Tags"), [None, None, None]);
    assert_eq!(reported(&nested)[0], Some("1".to_owned()));
    let none = report(&[&[(TYPE, "Usage"), (COST, "1")]]);
    assert!(Report::of(none.schema()).expect("a report").unread_maps(none.lazy()).is_none());
}

#[test]
fn cost_categories_keep_their_names() {
    let legacy = report(&[&[
        (TYPE, "Usage"),
        (COST, "1"),
        ("costCategory/user_type", "x"),
        ("resourceTags/user:T", "y"),
    ]]);
    let (charges, _) = charges(&legacy);
    assert_eq!(cells(&charges, "x_CostCategories"), [Some(r#"{"user_type":"x"}"#.to_owned())]);
    assert_eq!(cells(&charges, "Tags"), [Some(r#"{"T":"y"}"#.to_owned())]);
}

#[test]
fn tags_whose_keys_differ_by_case_stay_apart() {
    let frame = report(&[
        &[
            (TYPE, "Usage"),
            (COST, "1"),
            ("resourceTags/user:Name", "A"),
            ("resourceTags/user:name", ""),
        ],
        &[
            (TYPE, "Usage"),
            (COST, "1"),
            ("resourceTags/user:Name", ""),
            ("resourceTags/user:name", "b"),
        ],
    ]);
    let tags = [r#"{"Name":"A"}"#, r#"{"name":"b"}"#];
    assert_eq!(cells(&charges(&frame).0, "Tags"), tags.map(|t| Some(t.to_owned())));
}

#[test]
fn headers_and_words_are_read_however_they_are_spelled() {
    for (kind, cost, entity) in [
        ("\u{feff}lineItem/LineItemType", "lineItem/UnblendedCost", "bill/BillingEntity"),
        ("\"lineItem/LineItemType\"", " lineItem/UnblendedCost ", "BILL_BILLING_ENTITY"),
        ("LINE_ITEM_LINE_ITEM_TYPE", "lineitem_unblendedcost", "bill_billing_entity"),
    ] {
        let frame = report(&[
            &[
                (kind, " discountedusage"),
                (cost, "0"),
                (entity, "aws "),
                ("reservation_effective_cost", "7"),
                ("pricing_unit", " hrs"),
            ],
            &[
                (kind, "USAGE"),
                (cost, "1"),
                (entity, "AWS Marketplace"),
                ("line_item_currency_code", " usd "),
                ("pricing_unit", "GB-mo"),
            ],
        ]);
        let (charges, _) = charges(&frame);
        assert_eq!(numbers(&charges, "EffectiveCost"), ["7", "1"].map(dec), "{kind}");
        assert_eq!(
            cells(&charges, "PublisherName"),
            ["AWS", "AWS Marketplace"].map(|p| Some(p.to_owned()))
        );
        assert_eq!(cells(&charges, "PricingUnit"), [None, None], "nothing is counted");
        assert_eq!(cells(&charges, "BillingCurrency"), [None, Some("USD".to_owned())]);
    }
}

#[test]
fn columns_of_any_type_are_read_and_no_quantity_is_cut() {
    // A month in which all costs are integers: they are read as integers, quantities as floats, and
    // columns without a value as another type or none.
    let complete = df!(
        "line_item_line_item_type" => ["Usage", "Usage", "DiscountedUsage"],
        "line_item_unblended_cost" => [10_i64, 20, 0],
        "line_item_usage_amount" => [0.25, 1e-7, 24.0],
        "line_item_resource_id" => [None::<i32>, None, None],
        "pricing_unit" => ["Hrs", "Requests", "Hrs"],
        "bill_payer_account_id" => [12_345_678_901_i64, 12_345_678_901, 123_456_789_012],
        "reservation_effective_cost" => [0.0_f32, 0.0, 0.1],
    )
    .expect("frame");
    let nothing = Series::new_null("pricing_public_on_demand_cost".into(), 3);
    let mut frame = complete;
    frame.with_column(nothing.into_column()).expect("added");
    let (read, _) = charges(&frame);
    assert_eq!(numbers(&read, "BilledCost"), ["10", "20", "0"].map(dec));
    assert_eq!(numbers(&read, "EffectiveCost"), ["10", "20", "0.1"].map(dec));
    assert_eq!(numbers(&read, "PricingQuantity"), ["0.25", "0.0000001", "24"].map(dec));
    assert_eq!(numbers(&read, "ListCost"), [None, None, None]);
    assert_eq!(cells(&read, "ResourceId"), [None, None, None]);
    let accounts = ["012345678901", "012345678901", "123456789012"];
    assert_eq!(cells(&read, "BillingAccountId"), accounts.map(|a| Some(a.to_owned())));
    let decimals = |digits: [i128; 3], scale| {
        let values =
            Int128Chunked::from_iter_values("line_item_unblended_cost".into(), digits.into_iter());
        values.into_decimal_unchecked(38, scale).into_series().into_column()
    };
    frame.with_column(decimals([12_345, 1, -5], 4)).expect("replaced");
    assert_eq!(numbers(&charges(&frame).0, "BilledCost"), ["1.2345", "0.0001", "-0.0005"].map(dec));
}

#[test]
fn the_columns_that_are_looked_at_are_enough() {
    let frame = discounted();
    let of = Report::of(frame.schema()).expect("a report");
    let columns = of.columns();
    assert!(
        columns.contains("resource_tags_user_team") && columns.contains("line_item_line_item_type"),
        "{columns:?}"
    );
    let fewer = frame.select(columns).expect("columns of the report");
    assert!(charges(&fewer).0.equals_missing(&charges(&frame).0));
    let mut marked = frame;
    marked
        .with_column(Series::new("file".into(), vec!["a"; marked.height()]).into_column())
        .expect("added");
    let charges = of.charges_and(marked.lazy(), &["file"]).collect().expect("charges");
    assert_eq!(cells(&charges, "file")[0], Some("a".to_owned()));
}

#[test]
fn an_export_of_selected_columns_says_what_it_lacks() {
    let frame =
        report(&[&[("line_item_line_item_type", "Usage"), ("line_item_unblended_cost", "1")]]);
    let lacks = Report::of(frame.schema()).expect("a report").lacks();
    let needed = [
        "bill_billing_period_start_date",
        "bill_payer_account_id",
        "line_item_currency_code",
        "line_item_usage_start_date",
    ];
    assert_eq!(lacks, needed);
    let legacy = report(&[&every_column(&[("line_item_line_item_type", "Usage")])]);
    assert!(Report::of(legacy.schema()).expect("a report").lacks().is_empty());
}
