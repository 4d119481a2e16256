//! Loading of price lists: the bundled ones and those of an estate.

use std::str::FromStr;

use polars::prelude::DataFrame;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::book::PriceBook;
use super::instance_type::InstanceType;
use super::list::{self, PRICES};

/// EC2 facts and prices bundled with the library.
const EC2: &str = include_str!("../../data/prices/aws_ec2_us-east-1.csv");
/// EBS and address prices bundled with the library.
const STORAGE: &str = include_str!("../../data/prices/aws_storage_us-east-1.csv");
/// `ElastiCache` facts and prices bundled with the library.
const CACHES: &str = include_str!("../../data/prices/aws_elasticache_us-east-1.csv");
/// `OpenSearch` prices bundled with the library.
const SEARCH: &str = include_str!("../../data/prices/aws_opensearch_us-east-1.csv");
/// Region of the bundled lists.
const BUNDLED_REGION: &str = "us-east-1";

/// Error from a price list.
#[derive(Debug, thiserror::Error)]
#[error("price list {list}: {problem}")]
pub struct PriceListError {
    /// Name of the list.
    pub list: &'static str,
    /// Problem in the list.
    pub problem: String,
}

#[derive(Deserialize)]
struct StorageRow {
    key: String,
    usd: String,
}

#[derive(Deserialize)]
struct SearchRow {
    node_type: String,
    usd: Decimal,
}

#[derive(Deserialize)]
struct CacheRow {
    node_type: String,
    memory_gib: Decimal,
    memcached: Option<Decimal>,
    redis: Option<Decimal>,
    valkey: Option<Decimal>,
}

impl PriceBook {
    /// Returns the bundled lists: us-east-1, sources in `cost-core/data/prices/SOURCES.md`.
    ///
    /// # Errors
    /// [`PriceListError`] if a list is damaged. A test rules this out for the bundled ones.
    pub fn bundled() -> Result<Self, PriceListError> {
        let mut book = Self { region: BUNDLED_REGION.to_owned(), ..Self::default() };
        for row in csv::Reader::from_reader(EC2.as_bytes()).deserialize() {
            let row: InstanceType =
                row.map_err(|e| PriceListError { list: "aws_ec2", problem: e.to_string() })?;
            book.types.insert(row.instance_type.clone(), row);
        }
        for row in csv::Reader::from_reader(STORAGE.as_bytes()).deserialize() {
            let failed = |problem: String| PriceListError { list: "aws_storage", problem };
            let row: StorageRow = row.map_err(|e| failed(e.to_string()))?;
            book.storage
                .insert(row.key, Decimal::from_str(&row.usd).map_err(|e| failed(e.to_string()))?);
        }
        for row in csv::Reader::from_reader(CACHES.as_bytes()).deserialize() {
            let row: CacheRow = row
                .map_err(|e| PriceListError { list: "aws_elasticache", problem: e.to_string() })?;
            for (engine, usd) in
                [("memcached", row.memcached), ("redis", row.redis), ("valkey", row.valkey)]
            {
                book.storage.extend(usd.map(|usd| (format!("{engine} {}", row.node_type), usd)));
            }
            book.cache_memory_gib.insert(row.node_type, row.memory_gib);
        }
        for row in csv::Reader::from_reader(SEARCH.as_bytes()).deserialize() {
            let row: SearchRow =
                row.map_err(|e| PriceListError { list: "aws_opensearch", problem: e.to_string() })?;
            book.storage.insert(row.node_type, row.usd);
        }
        Ok(book)
    }

    /// Adds the prices of an estate ([`PRICES`]), which take precedence over the bundled ones.
    ///
    /// # Errors
    /// [`PriceListError`] if a column is missing or of another type, or a price is negative.
    pub fn with(mut self, prices: &DataFrame) -> Result<Self, PriceListError> {
        let failed = |problem: String| PriceListError { list: PRICES.path, problem };
        for price in list::read(prices).map_err(|e| failed(e.to_string()))? {
            self.pulled.insert((price.region_id, price.item, price.terms), price.usd_per_unit.0);
            self.pulled_as_of = self.pulled_as_of.max(price.as_of);
        }
        Ok(self)
    }
}
