//! [`PriceBook`]: list prices and machine facts. A price can be unknown.

mod book;
mod bundled;
mod estimate;
mod instance_type;
mod list;

pub use book::{PriceBook, UnknownPrice};
pub use bundled::PriceListError;
pub use estimate::{EstimatedPrice, OTHER_FAMILY_MARGIN_PCT, SAME_FAMILY_MARGIN_PCT, margin_pct};
pub use instance_type::{Edition, InstanceType, System};
pub use list::{
    ON_DEMAND_LINUX, PRICES, PriceRow, RESERVED_1Y_ALL_UPFRONT_LINUX, SPOT_LINUX, STORAGE_TERMS,
    Usd,
};

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use polars::prelude::*;
    use rust_decimal::Decimal;

    use super::*;

    #[test]
    fn prices_of_the_estate_come_first() {
        let usd = Series::new("UsdPerUnit".into(), ["0.1070", "0.0881"])
            .cast(&DataType::Decimal(38, 12))
            .unwrap();
        let frame = df!(
            "RegionId" => ["eu-west-1", "eu-west-1"],
            "Item" => ["m5.large", "gp3"],
            "Terms" => [ON_DEMAND_LINUX, STORAGE_TERMS],
            "Unit" => ["Hrs", "GB-Mo"],
            "UsdPerUnit" => usd,
            "AsOf" => ["2026-11-24", "2026-11-23"],
        )
        .unwrap();
        let book = PriceBook::bundled().unwrap().with(&frame).unwrap();
        assert_eq!(book.on_demand_linux("eu-west-1", "m5.large").unwrap(), Decimal::new(107, 3));
        assert_eq!(book.storage("eu-west-1", "gp3").unwrap(), Decimal::new(881, 4));
        assert_eq!(book.on_demand_linux("us-east-1", "m5.large").unwrap(), Decimal::new(96, 3));
        assert!(book.on_demand_linux("eu-west-1", "m5.xlarge").is_err());
        let origin = book.origin(NaiveDate::from_ymd_opt(2026, 11, 25).unwrap());
        assert!(
            origin.contains("of 2026-11-24, 1 day old")
                && origin.contains("of 2026-07-20, 128 days old"),
            "{origin}"
        );
        assert!(PriceBook::bundled().unwrap().with(&frame.drop("Terms").unwrap()).is_err());
    }

    #[test]
    fn the_bundled_lists_load_and_say_unknown() {
        let book = PriceBook::bundled().unwrap();
        assert_eq!(book.on_demand_linux("us-east-1", "m5.large").unwrap(), Decimal::new(96, 3));
        assert!(
            book.on_demand_linux("eu-west-1", "m5.large")
                .unwrap_err()
                .to_string()
                .contains("covers only us-east-1")
        );
        assert!(book.on_demand_linux("us-east-1", "m99.large").is_err());
        assert_eq!(book.storage("us-east-1", "gp3").unwrap(), Decimal::new(8, 2));
        assert!(book.instance_type("c6gn.large").is_some());
    }
}
