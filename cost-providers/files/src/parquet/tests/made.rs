//! Files created by hand, page by page, as no writer creates them: two rows of a column `Cost` of
//! doubles, 1.5 and 2.5.

use polars_parquet_format::thrift::protocol::TCompactOutputProtocol;
use polars_parquet_format::{
    ColumnChunk, ColumnMetaData, CompressionCodec, ConvertedType, DataPageHeader, DataPageHeaderV2,
    DecimalType, DictionaryPageHeader, Encoding, FieldRepetitionType, FileMetaData, IntType,
    LogicalType, MicroSeconds, PageHeader, PageType, RowGroup, SchemaElement, TimeUnit,
    TimestampType, Type,
};

use super::{first, read};

type Page = (PageHeader, Vec<u8>);

/// File under construction.
pub(super) struct File {
    columns: Vec<(SchemaElement, CompressionCodec, Vec<Page>)>,
}

fn element(name: &str, stored: Type) -> SchemaElement {
    SchemaElement::new(
        stored,
        None,
        FieldRepetitionType::REQUIRED,
        name.to_owned(),
        None,
        None,
        None,
        None,
        None,
        None,
    )
}

fn data(values: i32, bytes: Vec<u8>) -> Page {
    let size = i32::try_from(bytes.len()).expect("small");
    let of = DataPageHeader::new(values, Encoding::PLAIN, Encoding::RLE, Encoding::RLE, None);
    (PageHeader::new(PageType::DATA_PAGE, size, size, None, of, None, None, None), bytes)
}

fn dictionary(values: i32, bytes: Vec<u8>) -> Page {
    let size = i32::try_from(bytes.len()).expect("small");
    let of = DictionaryPageHeader::new(values, Encoding::PLAIN, None);
    (PageHeader::new(PageType::DICTIONARY_PAGE, size, size, None, None, None, of, None), bytes)
}

fn costs() -> Vec<u8> {
    [1.5_f64, 2.5].iter().flat_map(|v| v.to_le_bytes()).collect()
}

impl File {
    fn of_pages(pages: Vec<Page>) -> Self {
        Self {
            columns: vec![(element("Cost", Type::DOUBLE), CompressionCodec::UNCOMPRESSED, pages)],
        }
    }

    fn right() -> Self {
        Self::of_pages(vec![data(2, costs())])
    }

    /// Adds a column `Small` of unsigned 8-bit numbers: 255 and 7.
    pub(super) fn of_small_numbers() -> Self {
        let mut small = element("Small", Type::INT32);
        small.logical_type = Some(LogicalType::INTEGER(IntType { bit_width: 8, is_signed: false }));
        small.converted_type = Some(ConvertedType::UINT_8);
        let values = [255_i32, 7].iter().flat_map(|v| v.to_le_bytes()).collect();
        let mut file = Self::right();
        file.columns.push((small, CompressionCodec::UNCOMPRESSED, vec![data(2, values)]));
        file
    }

    pub(super) fn bytes(self) -> Vec<u8> {
        self.with(|_| {})
    }

    /// Returns the file with a changed footer.
    fn with(self, change: impl Fn(&mut FileMetaData)) -> Vec<u8> {
        let mut bytes = b"PAR1".to_vec();
        let mut schema = vec![element("root", Type::BOOLEAN)];
        schema[0].type_ = None;
        schema[0].repetition_type = None;
        schema[0].num_children = Some(i32::try_from(self.columns.len()).expect("few"));
        let mut chunks = Vec::new();
        for (element, codec, pages) in self.columns {
            let start = i64::try_from(bytes.len()).expect("small");
            let has_dictionary =
                pages.first().is_some_and(|(h, _)| h.type_ == PageType::DICTIONARY_PAGE);
            for (header, data) in &pages {
                header
                    .write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut bytes))
                    .expect("written");
                bytes.extend(data);
            }
            let size = i64::try_from(bytes.len()).expect("small") - start;
            let of = ColumnMetaData {
                type_: element.type_.expect("a leaf"),
                encodings: vec![Encoding::PLAIN],
                path_in_schema: vec![element.name.clone()],
                codec,
                num_values: 2,
                total_uncompressed_size: size,
                total_compressed_size: size,
                key_value_metadata: None,
                data_page_offset: start,
                index_page_offset: None,
                dictionary_page_offset: has_dictionary.then_some(start),
                statistics: None,
                encoding_stats: None,
                bloom_filter_offset: None,
                bloom_filter_length: None,
                size_statistics: None,
            };
            chunks.push(ColumnChunk::new(None, 0, of, None, None, None, None, None, None));
            schema.push(element);
        }
        let group = RowGroup::new(chunks, 0, 2, None, None, None, None);
        let mut footer = FileMetaData::new(1, schema, 2, vec![group], None, None, None, None, None);
        change(&mut footer);
        let start = bytes.len();
        footer
            .write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut bytes))
            .expect("written");
        let length = u32::try_from(bytes.len() - start).expect("small");
        bytes.extend(length.to_le_bytes());
        bytes.extend(b"PAR1");
        bytes
    }
}

fn chunk(footer: &mut FileMetaData) -> &mut ColumnMetaData {
    footer.row_groups[0].columns[0].meta_data.as_mut().expect("there")
}

#[test]
fn a_file_made_by_hand_is_read() {
    let frame = read(&File::right().bytes(), &["Cost"]).expect("read");
    assert_eq!((first(&frame, "Cost"), frame.height()), ("1.5".to_owned(), 2));
    // A dictionary, and indices of one bit: a run of eight, 0 and 1 first.
    let mut indices = data(2, vec![1, 3, 0b10]);
    indices.0.data_page_header.as_mut().expect("there").encoding = Encoding::RLE_DICTIONARY;
    let file = File::of_pages(vec![dictionary(2, costs()), indices]).with(|f| {
        let of = chunk(f);
        of.encodings.push(Encoding::RLE_DICTIONARY);
    });
    assert_eq!(first(&read(&file, &["Cost"]).expect("read"), "Cost"), "1.5");
}

/// Returns a page of two values with a changed header.
fn page(change: impl Fn(&mut PageHeader)) -> Vec<Page> {
    let (mut header, bytes) = data(2, costs());
    change(&mut header);
    vec![(header, bytes)]
}

/// Returns the same as a page of the second version.
fn page_v2(change: impl Fn(&mut DataPageHeaderV2)) -> Vec<Page> {
    page(|h| {
        let mut of = DataPageHeaderV2::new(2, 0, 2, Encoding::PLAIN, 0, 0, false, None);
        change(&mut of);
        (h.type_, h.data_page_header, h.data_page_header_v2) =
            (PageType::DATA_PAGE_V2, None, Some(of));
    })
}

/// Returns the same with an encoding.
fn encoded(encoding: Encoding) -> Vec<Page> {
    page(|h| h.data_page_header.as_mut().expect("there").encoding = encoding)
}

/// Pages that would make polars read missing data, panic, or allocate too much memory: description,
/// pages, and a word of the error.
fn pages_are_errors(cases: Vec<(&str, Vec<Page>, &str)>) {
    for (name, pages, word) in cases {
        let error = read(&File::of_pages(pages).bytes(), &["Cost"]).expect_err(name);
        for word in [word, "column Cost", "row group 1", "download it again"] {
            assert!(error.contains(word), "{name}: {word} is not in: {error}");
        }
    }
}

#[test]
fn sizes_of_pages_that_cannot_be_are_errors() {
    pages_are_errors(vec![
        ("a checksum of other bytes", page(|h| h.crc = Some(1)), "checksum"),
        (
            "a page larger than its column",
            page(|h| (h.compressed_page_size, h.uncompressed_page_size) = (17, 17)),
            "beyond",
        ),
        ("less than no bytes", page(|h| h.compressed_page_size = -1), "a negative size"),
        ("two sizes of one thing", page(|h| h.uncompressed_page_size = 1 << 20), "can hold"),
        ("two gigabytes", page(|h| h.uncompressed_page_size = i32::MAX), "the maximum is"),
    ]);
    // Sixteen bytes of Snappy cannot be a megabyte.
    let mut packed = File::of_pages(page(|h| h.uncompressed_page_size = 1 << 20));
    packed.columns[0].1 = CompressionCodec::SNAPPY;
    assert!(read(&packed.bytes(), &["Cost"]).expect_err("too much").contains("can hold"));
}

#[test]
fn counts_of_values_that_cannot_be_are_errors() {
    let one = costs()[..8].to_vec();
    pages_are_errors(vec![
        ("more values than rows", vec![data(3, [costs(), one.clone()].concat())], "more values"),
        ("fewer values than rows", vec![data(1, one.clone())], "is missing"),
        ("less than no values", vec![data(-2, costs())], "values"),
        ("more values than bytes", vec![data(2, one)], "2 values in 8 bytes"),
    ]);
}

#[test]
fn kinds_and_encodings_of_pages_that_cannot_be_are_errors() {
    pages_are_errors(vec![
        (
            "a page without what its kind needs",
            page(|h| h.data_page_header = None),
            "does not match its header",
        ),
        ("indices without a dictionary", encoded(Encoding::RLE_DICTIONARY), "encoding"),
        (
            "an encoding of numbers without a point",
            encoded(Encoding::DELTA_BINARY_PACKED),
            "encoding",
        ),
        ("an encoding that there is not", encoded(Encoding(77)), ""),
        (
            "a dictionary of millions in few bytes",
            vec![dictionary(1 << 30, costs()), data(2, costs())],
            "dictionary",
        ),
        (
            "a second dictionary",
            vec![dictionary(2, costs()), dictionary(2, costs()), data(2, costs())],
            "first page",
        ),
    ]);
}

#[test]
fn parts_of_pages_that_cannot_be_are_errors() {
    assert!(read(&File::of_pages(page_v2(|_| {})).bytes(), &["Cost"]).is_ok());
    let levels = page_v2(|of| of.definition_levels_byte_length = 1 << 20);
    pages_are_errors(vec![
        ("levels larger than the page", levels, "larger than itself"),
        ("nulls where there are none", page_v2(|of| of.num_nulls = 1), "larger than itself"),
        ("other rows than values", page_v2(|of| of.num_rows = 1), "larger than itself"),
    ]);
}

/// Change to a footer.
type Change = Box<dyn Fn(&mut FileMetaData)>;

/// Impossible footers: the problem, the change to a valid footer, and a word of the error.
fn footers_are_errors(cases: Vec<(&str, Change, &str)>) {
    for (name, change, word) in cases {
        let error = read(&File::right().with(change), &["Cost"]).expect_err(name);
        assert!(
            error.contains(word) && error.contains("download it again"),
            "{name}: {word} is not in: {error}"
        );
    }
}

#[test]
fn footers_with_counts_that_cannot_be_are_errors() {
    footers_are_errors(vec![
        ("other rows than its groups", Box::new(|f| f.num_rows = 3), "3 rows"),
        ("less than no rows", Box::new(|f| f.row_groups[0].num_rows = -2), "-2 rows"),
        (
            "rows that nobody has",
            Box::new(|f| (f.num_rows, f.row_groups[0].num_rows) = (1 << 60, 1 << 60)),
            "values for",
        ),
        ("other values than rows", Box::new(|f| chunk(f).num_values = 3), "3 values for 2 rows"),
        ("no columns", Box::new(|f| f.row_groups[0].columns.clear()), "0 columns"),
    ]);
}

#[test]
fn footers_with_places_that_cannot_be_are_errors() {
    footers_are_errors(vec![
        (
            "pages outside the file",
            Box::new(|f| chunk(f).total_compressed_size = 1 << 40),
            "outside",
        ),
        ("pages before the file", Box::new(|f| chunk(f).data_page_offset = -8), "outside"),
        (
            "another column's pages",
            Box::new(|f| chunk(f).path_in_schema = vec!["List".to_owned()]),
            "in the place of Cost",
        ),
        (
            "a column in another file",
            Box::new(|f| f.row_groups[0].columns[0].file_path = Some("x".to_owned())),
            "another file",
        ),
    ]);
}

#[test]
fn footers_with_types_that_cannot_be_are_errors() {
    let decimal = |scale| LogicalType::DECIMAL(DecimalType { scale, precision: 10 });
    let time = |unit| LogicalType::TIMESTAMP(TimestampType { is_adjusted_to_u_t_c: true, unit });
    footers_are_errors(vec![
        ("another type of values", Box::new(|f| chunk(f).type_ = Type::INT64), "two types"),
        (
            "a point at two digits",
            Box::new(move |f| {
                (f.schema[1].scale, f.schema[1].precision) = (Some(4), Some(10));
                (f.schema[1].logical_type, f.schema[1].converted_type) =
                    (Some(decimal(2)), Some(ConvertedType::DECIMAL));
            }),
            "two types",
        ),
        (
            "two units of time",
            Box::new(move |f| {
                f.schema[1].logical_type = Some(time(TimeUnit::MICROS(MicroSeconds {})));
                f.schema[1].converted_type = Some(ConvertedType::TIMESTAMP_MILLIS);
            }),
            "two types",
        ),
    ]);
}

#[test]
fn footers_with_schemas_that_cannot_be_are_errors() {
    footers_are_errors(vec![
        (
            "a schema that goes on",
            Box::new(|f| f.schema.push(element("Loose", Type::INT32))),
            "without a parent",
        ),
        ("a schema that ends", Box::new(|f| f.schema[0].num_children = Some(2)), "ends early"),
        (
            "less than no columns",
            Box::new(|f| f.schema[0].num_children = Some(-1)),
            "a negative number of children",
        ),
        (
            "a schema without a bottom",
            Box::new(|f| {
                let mut level = element("deep", Type::BOOLEAN);
                (level.type_, level.num_children) = (None, Some(1));
                f.schema.splice(1..1, std::iter::repeat_n(level, 1000));
            }),
            "levels",
        ),
    ]);
    let twice = File { columns: [File::right().columns, File::right().columns].concat() };
    let error = read(&twice.bytes(), &["Cost"]).expect_err("two of a name");
    assert!(error.contains("two columns named Cost"), "{error}");
}
