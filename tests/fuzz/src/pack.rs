//! Compression of bytes: gzip, ZIP, zstd, with one or several parts; and Parquet.

use std::io::{Cursor, Write};

use ::zip::write::SimpleFileOptions;
use ::zip::{CompressionMethod, ZipWriter};
use chrono::DateTime;
use flate2::Compression;
use flate2::write::GzEncoder;
use polars::prelude::*;
use polars_io::parquet::write::{ParquetCompression, ParquetWriter};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::bill::{AMOUNTS, INSTANTS, Sheet};
use crate::text::{self, Style};

/// Error of writing a file: a fault of this program.
pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// File formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Plain,
    Gzip,
    Zip,
    Zstd,
    Parquet,
}

pub(crate) const FORMS: [Form; 5] = [Form::Plain, Form::Gzip, Form::Zip, Form::Zstd, Form::Parquet];

impl Form {
    pub(crate) fn any(rng: &mut ChaCha8Rng) -> Self {
        FORMS[rng.random_range(0..FORMS.len())]
    }

    pub(crate) fn any_text(rng: &mut ChaCha8Rng) -> Self {
        [Self::Plain, Self::Gzip, Self::Zip, Self::Zstd][rng.random_range(0..4_usize)]
    }

    /// Returns the file name extension.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Plain => ".csv",
            Self::Gzip => ".csv.gz",
            Self::Zip => ".csv.zip",
            Self::Zstd => ".csv.zst",
            Self::Parquet => ".parquet",
        }
    }

    /// Returns the sheet as a file of this format.
    pub(crate) fn file(
        self,
        sheet: &Sheet,
        style: &Style,
        rng: &mut ChaCha8Rng,
    ) -> Result<Vec<u8>> {
        if self == Self::Parquet {
            parquet(sheet, rng)
        } else {
            self.pack(&text::write(sheet, style, rng), rng)
        }
    }

    /// Compresses bytes; in several members or frames if the format has them.
    pub(crate) fn pack(self, bytes: &[u8], rng: &mut ChaCha8Rng) -> Result<Vec<u8>> {
        let at = if rng.random_bool(0.3) { rng.random_range(0..=bytes.len()) } else { bytes.len() };
        let (first, second) = bytes.split_at(at);
        let parts = if second.is_empty() { vec![first] } else { vec![first, second] };
        Ok(match self {
            Self::Plain | Self::Parquet => bytes.to_vec(),
            Self::Gzip => parts.into_iter().map(gzip).collect::<Result<Vec<_>>>()?.concat(),
            Self::Zstd => parts.into_iter().map(zstd).collect::<Result<Vec<_>>>()?.concat(),
            Self::Zip => zipped(bytes, rng.random_bool(0.5))?,
        })
    }
}

pub(crate) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(bytes)?;
    Ok(gz.finish()?)
}

/// With a checksum.
pub(crate) fn zstd(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut frame = ::zstd::Encoder::new(Vec::new(), 1)?;
    frame.include_checksum(true)?;
    frame.write_all(bytes)?;
    Ok(frame.finish()?)
}

pub(crate) fn zipped(bytes: &[u8], stored: bool) -> Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let method = if stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
    archive.start_file("bill.csv", SimpleFileOptions::default().compression_method(method))?;
    archive.write_all(bytes)?;
    Ok(archive.finish()?.into_inner())
}

/// Returns the sheet as Parquet, with column types that common writers use.
pub(crate) fn parquet(sheet: &Sheet, rng: &mut ChaCha8Rng) -> Result<Vec<u8>> {
    let mut columns = Vec::new();
    for (at, name) in sheet.header.iter().enumerate() {
        let cells = sheet.rows.iter().map(|row| Some(row[at].as_str()).filter(|c| !c.is_empty()));
        let texts = Series::new(name.as_str().into(), cells.collect::<Vec<_>>());
        let typed = match name.as_str() {
            of if AMOUNTS.contains(&of) => amounts(&texts, rng)?,
            of if INSTANTS.contains(&of) => instants(&texts, rng)?,
            _ => texts,
        };
        columns.push(typed.into_column());
    }
    let mut frame = DataFrame::new(sheet.rows.len(), columns)?;
    let mut bytes = Vec::new();
    let mut writer = ParquetWriter::new(&mut bytes);
    if rng.random_bool(0.5) {
        writer = writer.with_compression(ParquetCompression::Uncompressed);
    }
    if rng.random_bool(0.3) {
        writer = writer.with_row_group_size(Some(rng.random_range(1..9)));
    }
    if rng.random_bool(0.3) {
        writer = writer.with_data_page_size(Some(rng.random_range(1..400)));
    }
    writer.finish(&mut frame)?;
    Ok(bytes)
}

/// Amounts as text, exact decimals, or floating-point numbers.
fn amounts(texts: &Series, rng: &mut ChaCha8Rng) -> Result<Series> {
    let plain: Vec<Option<String>> = texts
        .str()?
        .iter()
        .map(|c| c.map(|c| c.strip_suffix("e0").unwrap_or(c).to_owned()))
        .collect();
    let plain = Series::new(texts.name().clone(), plain);
    Ok(match rng.random_range(0..3) {
        0 => texts.clone(),
        // Amounts have at most eight digits.
        1 => plain.cast(&DataType::Float64)?,
        _ => plain.cast(&DataType::Decimal(38, 12))?,
    })
}

/// Times as text, or as time in a unit, with or without a zone.
fn instants(texts: &Series, rng: &mut ChaCha8Rng) -> Result<Series> {
    if rng.random_bool(0.4) {
        return Ok(texts.clone());
    }
    let unit = [TimeUnit::Milliseconds, TimeUnit::Microseconds, TimeUnit::Nanoseconds]
        [rng.random_range(0..3_usize)];
    let of = |cell: &str| {
        let instant = DateTime::parse_from_rfc3339(cell).ok()?;
        Some(match unit {
            TimeUnit::Milliseconds => instant.timestamp_millis(),
            TimeUnit::Microseconds => instant.timestamp_micros(),
            TimeUnit::Nanoseconds => instant.timestamp_nanos_opt()?,
        })
    };
    let numbers: Vec<Option<i64>> = texts.str()?.iter().map(|c| c.and_then(of)).collect();
    let zone = if rng.random_bool(0.5) { Some(TimeZone::UTC) } else { None };
    Ok(Series::new(texts.name().clone(), numbers).cast(&DataType::Datetime(unit, zone))?)
}
