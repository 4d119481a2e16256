//! Generators of bills: sheets of charges, and their bytes in various formats.

use std::io::Write;
use std::ops::RangeInclusive;

use chrono::{Datelike, Months, NaiveDate};
use flate2::write::GzEncoder;
use flate2::{Compression, Crc};
use polars::prelude::*;
use polars_io::parquet::write::ParquetWriter;

use crate::support::frame_of_csv;

/// A table of charges: a header, and rows of as many cells.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// A FOCUS bill: one charge of usage of `cost` USD on each of these days of a month, such as
/// `2026-05`.
pub(super) fn daily(month: &str, days: RangeInclusive<u32>, cost: &str) -> Sheet {
    charges(month, days, |from, to, first, next| {
        vec![
            ("BilledCost", cost.to_owned()),
            ("EffectiveCost", cost.to_owned()),
            ("ListCost", cost.to_owned()),
            ("ContractedCost", cost.to_owned()),
            ("BillingPeriodStart", first.to_owned()),
            ("BillingPeriodEnd", next.to_owned()),
            ("ChargePeriodStart", from.to_owned()),
            ("ChargePeriodEnd", to.to_owned()),
            ("BillingCurrency", "USD".to_owned()),
            ("ChargeCategory", "Usage".to_owned()),
            ("ChargeClass", String::new()),
            ("BillingAccountId", "harbor-1".to_owned()),
            ("SubAccountId", "ferry".to_owned()),
            ("ProviderName", "Harbor Cloud".to_owned()),
            ("ServiceName", "Compute".to_owned()),
            ("RegionId", "north".to_owned()),
            ("ResourceId", "vm-1".to_owned()),
        ]
    })
}

/// An AWS Cost and Usage Report 2.0: one line of usage of `cost` USD on each of these days of a
/// month.
pub(super) fn report_daily(month: &str, days: RangeInclusive<u32>, cost: &str) -> Sheet {
    charges(month, days, |from, to, first, next| {
        vec![
            ("bill_payer_account_id", "111122223333".to_owned()),
            ("bill_payer_account_name", "harbor".to_owned()),
            ("bill_bill_type", "Anniversary".to_owned()),
            ("bill_invoicing_entity", "Amazon Web Services, Inc.".to_owned()),
            ("bill_billing_period_start_date", first.to_owned()),
            ("bill_billing_period_end_date", next.to_owned()),
            ("line_item_usage_account_id", "444455556666".to_owned()),
            ("line_item_usage_account_name", "ferry".to_owned()),
            ("line_item_line_item_type", "Usage".to_owned()),
            ("line_item_usage_start_date", from.to_owned()),
            ("line_item_usage_end_date", to.to_owned()),
            ("line_item_product_code", "AmazonEC2".to_owned()),
            ("line_item_usage_type", "BoxUsage:t3.large".to_owned()),
            ("line_item_operation", "RunInstances".to_owned()),
            ("line_item_resource_id", "i-0f00".to_owned()),
            ("line_item_usage_amount", "24".to_owned()),
            ("line_item_currency_code", "USD".to_owned()),
            ("line_item_unblended_cost", cost.to_owned()),
            ("line_item_line_item_description", "a ferry".to_owned()),
            ("product_product_name", "Amazon Elastic Compute Cloud".to_owned()),
            ("product_region_code", "us-east-1".to_owned()),
            ("product_location", "US East (N. Virginia)".to_owned()),
            ("pricing_public_on_demand_cost", cost.to_owned()),
            ("pricing_unit", "Hrs".to_owned()),
        ]
    })
}

/// A row a day, made from the day's begin and end and those of its month, as instants in UTC.
fn charges(
    month: &str,
    days: RangeInclusive<u32>,
    row: impl Fn(&str, &str, &str, &str) -> Vec<(&'static str, String)>,
) -> Sheet {
    let first: NaiveDate = format!("{month}-01").parse().expect("a month");
    let next = first.checked_add_months(Months::new(1)).expect("a month after it");
    let instant = |day: NaiveDate| format!("{day}T00:00:00Z");
    let mut sheet = Sheet { header: Vec::new(), rows: Vec::new() };
    for day in first.iter_days().take_while(|d| *d < next).filter(|d| days.contains(&d.day())) {
        let end = day.succ_opt().expect("a day after it");
        let cells = row(&instant(day), &instant(end), &instant(first), &instant(next));
        let (header, cells): (Vec<&str>, Vec<String>) = cells.into_iter().unzip();
        sheet.header = header.into_iter().map(ToOwned::to_owned).collect();
        sheet.rows.push(cells);
    }
    sheet
}

impl Sheet {
    /// With one column the same in all rows; it is added if it is not there.
    pub(super) fn set(self, column: &str, value: &str) -> Self {
        let rows = 1..=self.rows.len();
        self.set_in(rows, column, value)
    }

    /// With one column the same in these rows, counted from 1; it is added if it is not there.
    pub(super) fn set_in(mut self, rows: RangeInclusive<usize>, column: &str, value: &str) -> Self {
        let at = self.header.iter().position(|c| c == column).unwrap_or_else(|| {
            self.header.push(column.to_owned());
            self.rows.iter_mut().for_each(|row| row.push(String::new()));
            self.header.len() - 1
        });
        for row in rows {
            value.clone_into(&mut self.rows[row - 1][at]);
        }
        self
    }

    /// With columns under other names.
    pub(super) fn rename(mut self, names: &[(&str, &str)]) -> Self {
        for (from, to) in names {
            let at = self.header.iter().position(|c| c == from).expect("the column is in the bill");
            (*to).clone_into(&mut self.header[at]);
        }
        self
    }

    /// With all columns named by `spell`.
    pub(super) fn spelled(mut self, spell: impl Fn(&str) -> String) -> Self {
        self.header.iter_mut().for_each(|name| *name = spell(name));
        self
    }

    /// Without some columns.
    pub(super) fn without(mut self, columns: &[&str]) -> Self {
        for column in columns {
            let at =
                self.header.iter().position(|c| c == column).expect("the column is in the bill");
            self.header.remove(at);
            self.rows.iter_mut().for_each(|row| {
                row.remove(at);
            });
        }
        self
    }

    /// The rows of another after these; columns that only one has are blank in the other's rows.
    pub(super) fn then(self, other: &Self) -> Self {
        let mut all = self;
        for column in &other.header {
            if !all.header.contains(column) {
                all.header.push(column.clone());
                all.rows.iter_mut().for_each(|row| row.push(String::new()));
            }
        }
        for row in &other.rows {
            let cell = |column: &String| {
                other.header.iter().position(|c| c == column).map(|at| row[at].clone())
            };
            all.rows.push(all.header.iter().map(|c| cell(c).unwrap_or_default()).collect());
        }
        all
    }

    /// With the rows in the opposite order.
    pub(super) fn reversed(mut self) -> Self {
        self.rows.reverse();
        self
    }

    /// With every row of an odd number, or of an even one.
    pub(super) fn every_other(mut self, odd: bool) -> Self {
        let mut at = 0;
        self.rows.retain(|_| {
            at += 1;
            (at % 2 == 1) == odd
        });
        self
    }

    /// The header alone.
    pub(super) fn no_rows(mut self) -> Self {
        self.rows.clear();
        self
    }

    /// How many charges.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// As CSV.
    pub(super) fn csv(&self) -> String {
        self.text(",", "\n")
    }

    /// As text with another separator and end of lines.
    pub(super) fn text(&self, separator: &str, end: &str) -> String {
        let quoted = |cell: &String| {
            let plain = !cell.contains(['"', '\n', '\r']) && !cell.contains(separator);
            if plain { cell.clone() } else { format!("\"{}\"", cell.replace('"', "\"\"")) }
        };
        let line = |cells: &Vec<String>| {
            cells.iter().map(quoted).collect::<Vec<_>>().join(separator) + end
        };
        std::iter::once(&self.header).chain(&self.rows).map(line).collect()
    }

    /// As a frame of text columns; blank is null.
    pub(super) fn frame(&self) -> DataFrame {
        frame_of_csv(&self.csv())
    }
}

/// A frame as Parquet.
pub(super) fn parquet(mut frame: DataFrame) -> Vec<u8> {
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).expect("written");
    bytes
}

/// With columns of another type.
pub(super) fn cast(frame: DataFrame, columns: &[&str], dtype: &DataType) -> DataFrame {
    let casts = columns.iter().map(|c| col(*c).cast(dtype.clone())).collect::<Vec<_>>();
    frame.lazy().with_columns(casts).collect().expect("cast")
}

/// One gzip member. Source: RFC 1952.
pub(super) fn gzip(text: &str) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(text.as_bytes()).expect("written");
    gz.finish().expect("finished")
}

/// A ZIP archive whose members are stored as they are. Source: PKWARE, APPNOTE 6.3: local header,
/// central directory, end record.
pub(super) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let small = |n: usize| u32::try_from(n).expect("small").to_le_bytes();
    let short = |n: usize| u16::try_from(n).expect("short").to_le_bytes();
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let mut crc = Crc::new();
        crc.update(content);
        // Version 2.0, no flags, stored, midnight of 1 January 1980.
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        common.extend(crc.sum().to_le_bytes());
        common.extend([small(content.len()), small(content.len())].concat());
        common.extend([short(name.len()), short(0)].concat());
        directory.extend(
            [&b"PK\x01\x02"[..], &[20, 0], &common[..], &[0; 10], &small(archive.len())].concat(),
        );
        directory.extend(name.as_bytes());
        archive.extend([&b"PK\x03\x04"[..], &common[..], name.as_bytes(), content].concat());
    }
    let count = short(members.len());
    let sizes = [small(directory.len()), small(archive.len())].concat();
    let end = [&b"PK\x05\x06"[..], &[0; 4], &count, &count, &sizes[..], &[0; 2]].concat();
    [archive, directory, end].concat()
}

/// A Zstandard frame of one raw block. Source: RFC 8878, 3.1.1.
pub(super) fn zstd(text: &str) -> Vec<u8> {
    assert!(text.len() < 1 << 17, "a block holds 128 KiB at most");
    let size = u32::try_from(text.len()).expect("small");
    // Descriptor: a single segment, the size of the content in four bytes. Block: the last, raw.
    let block = (size << 3) | 1;
    [
        &[0x28, 0xb5, 0x2f, 0xfd, 0xa0][..],
        &size.to_le_bytes(),
        &block.to_le_bytes()[..3],
        text.as_bytes(),
    ]
    .concat()
}

/// UTF-16 with a byte order mark: little-endian, as Windows writes it, or big-endian.
pub(super) fn utf16(text: &str, little: bool) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
}

/// An Excel workbook, as far as its first bytes and the names of its parts go.
pub(super) fn workbook() -> Vec<u8> {
    let types = "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
    zip(&[("[Content_Types].xml", types.as_bytes()), ("xl/workbook.xml", "<workbook/>".as_bytes())])
}
