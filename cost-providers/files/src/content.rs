//! Content type of a file by its first bytes; its name is not reliable.

use std::io::{self, Read};
use std::path::Path;

use crate::unpack::{self, Packing};

/// Content type of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Apache Parquet.
    Parquet,
    /// Text table, compressed or not.
    Text(Packing),
    /// Empty file.
    Empty,
    /// Other content: a description for people, and what to do.
    Other(&'static str, &'static str),
}

/// Number of bytes to read: enough for the signatures below, the first lines of text, and the
/// format name of a tar archive.
const LOOK: usize = 4096;

const EXPORT_TEXT: &str = "save it as CSV or Parquet";
const UNPACK: &str = "unpack it, or pack it with gzip, zip or zstd";
const NO_BILL: &str = "it is not a bill; a bill is a CSV or Parquet table";
const ERROR_PAGE: &str =
    "it may be a login or error page saved in place of the file: download the file again";

/// Elements of HTML, one of which is near the start of every page. Source: HTML Living Standard,
/// "The elements of HTML". Read 2026-11.
const HTML: &[&str] = &["<!doctype html", "<html", "<head", "<body", "<title", "<script", "<meta"];
/// Elements and fields of error messages in XML and JSON, such as the `<Error>` of Amazon S3 (Amazon
/// S3 API Reference, "Error responses". Read 2026-11).
const ERRORS: &[&str] = &["<error", "<fault", "\"error", "\"fault", "\"message\""];

/// Signatures at the start of files. Sources: specifications of the formats; the magic database of
/// the `file` command agrees.
const MARKS: &[(&[u8], &str, &str)] = &[
    (b"PARE", "a Parquet file with an encrypted footer", "export it without encryption"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an Excel workbook in the format before 2007",
        EXPORT_TEXT,
    ),
    (
        b"%PDF",
        "a PDF document",
        "download the billing export as CSV or Parquet instead of the invoice",
    ),
    (b"BZh", "a bzip2 archive", UNPACK),
    (b"\xfd7zXZ\0", "an xz archive", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"Rar!", "a RAR archive", UNPACK),
    (b"\x04\x22\x4d\x18", "an lz4 archive", UNPACK),
    (b"\xff\x06\0\0sNaPpY", "a snappy stream", UNPACK),
    (b"Obj\x01", "an Avro file", EXPORT_TEXT),
    (b"ORC", "an ORC file", EXPORT_TEXT),
    (b"ARROW1", "an Arrow file", EXPORT_TEXT),
    (b"SQLite format 3\0", "an SQLite database", EXPORT_TEXT),
    (b"\x89PNG", "a PNG picture", NO_BILL),
    (b"\xff\xd8\xff", "a JPEG picture", NO_BILL),
    (b"\x7fELF", "a program", NO_BILL),
    (
        b"version https://git-lfs",
        "a Git LFS pointer, not the file itself",
        "fetch the file with git lfs pull",
    ),
    (b"\0\0\xfe\xff", "text in UTF-32", "save it as UTF-8"),
    (b"\xff\xfe\0\0", "text in UTF-32", "save it as UTF-8"),
];

/// Determines the content type of a file.
///
/// # Errors
/// I/O errors of reading it.
pub(crate) fn look(path: &Path) -> io::Result<Content> {
    let head = head(cost_core::file::open(path)?)?;
    let outside = of_bytes(&head);
    let Content::Text(packing) = outside else { return Ok(outside) };
    match packing {
        Packing::Plain => Ok(outside),
        Packing::Zip => Ok(of_zip(path)),
        Packing::Gzip | Packing::Zstd => Ok(match unpack::open(path, packing).and_then(head_of) {
            Ok(inside) => of_packed(&inside, packing),
            // The reader of the file reports what is wrong.
            Err(_) => outside,
        }),
    }
}

fn head_of(inside: Box<dyn Read + Send>) -> io::Result<Vec<u8>> {
    head(inside)
}

fn head(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(LOOK);
    reader.take(u64::try_from(LOOK).unwrap_or(u64::MAX)).read_to_end(&mut head)?;
    Ok(head)
}

/// Returns the content type of compressed bytes, which must be text; other content is named.
fn of_packed(inside: &[u8], packing: Packing) -> Content {
    match of_bytes(inside) {
        Content::Text(Packing::Plain) => Content::Text(packing),
        Content::Text(_) => Content::Other("an archive in an archive", UNPACK),
        Content::Parquet => Content::Other(
            "a compressed Parquet file",
            "unpack it: Parquet files are compressed \
                internally",
        ),
        Content::Empty => Content::Empty,
        other @ Content::Other(..) => other,
    }
}

/// A frame of Zstandard, or one to skip that some writers put first (RFC 8878, 3.1.1 and 3.1.2).
fn is_zstd(head: &[u8]) -> bool {
    head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
        || matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

fn of_bytes(head: &[u8]) -> Content {
    if head.is_empty() {
        return Content::Empty;
    }
    if head.starts_with(b"PAR1") {
        return Content::Parquet;
    }
    if head.starts_with(&[0x1f, 0x8b]) {
        return Content::Text(Packing::Gzip);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Content::Text(Packing::Zip);
    }
    if is_zstd(head) {
        return Content::Text(Packing::Zstd);
    }
    // Short signatures can be words: `PARENT_ID` is a header, not the start of encrypted Parquet.
    let is_text = !head.contains(&0) && std::str::from_utf8(head).is_ok();
    let applies = |mark: &[u8]| {
        head.starts_with(mark) && !(is_text && mark.is_ascii() && mark.len() < 5 && mark != b"%PDF")
    };
    if let Some((_, what, cure)) = MARKS.iter().find(|(mark, _, _)| applies(mark)) {
        return Content::Other(what, cure);
    }
    if head.get(257..262) == Some(b"ustar") {
        return Content::Other("a tar archive", UNPACK);
    }
    of_text(head)
}

/// Determines the content type of text by its first bytes; bytes with zeros that are not UTF-16 are
/// not text.
fn of_text(head: &[u8]) -> Content {
    let utf16 = super::text::encoding::guess(head);
    if utf16.is_none() && head.contains(&0) {
        return Content::Other("a binary file of an unknown format", NO_BILL);
    }
    let text = utf16.map_or_else(|| String::from_utf8_lossy(head), |e| e.decode(head).0);
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if let Some(markup) = of_markup(text) {
        return markup;
    }
    if text.starts_with('{')
        && [r#""as_of""#, r#""tag_keys""#].iter().all(|field| text.contains(field))
    {
        return Content::Other(
            "the manifest of an estate",
            "it lists what `cost pull` wrote here and is not a bill",
        );
    }
    if text.starts_with('{') || text.starts_with('[') {
        return Content::Other("a JSON document", cure_of(&text.to_ascii_lowercase()));
    }
    Content::Text(Packing::Plain)
}

/// Returns the content of text that begins with an element, a comment, or a declaration of HTML or
/// XML; `None` for other text.
fn of_markup(text: &str) -> Option<Content> {
    let is_tag = |c: char| c.is_ascii_alphabetic() || c == '!' || c == '?';
    text.strip_prefix('<').filter(|rest| rest.starts_with(is_tag))?;
    let lower = text.to_ascii_lowercase();
    if HTML.iter().any(|tag| lower.contains(tag)) {
        return Some(Content::Other("an HTML page", ERROR_PAGE));
    }
    let is_xml = lower.starts_with("<?xml") || lower.contains("</") || lower.contains("/>");
    is_xml.then(|| Content::Other("an XML document", cure_of(&lower)))
}

/// Returns what to do with a document in lowercase: it may be an error message.
fn cure_of(lower: &str) -> &'static str {
    if ERRORS.iter().any(|mark| lower.contains(mark)) { ERROR_PAGE } else { EXPORT_TEXT }
}

fn is_unsupported(error: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    matches!(error.downcast_ref(), Some(zip::result::ZipError::UnsupportedArchive(_)))
}

/// Determines the content of a ZIP archive: a table if it has one file and that is text. Office
/// documents are archives too.
fn of_zip(path: &Path) -> Content {
    let Ok(names) = unpack::names_in_zip(path) else { return Content::Text(Packing::Zip) };
    let has = |start: &str| names.iter().any(|n| n.starts_with(start));
    if has("xl/") {
        return Content::Other("an Excel workbook", EXPORT_TEXT);
    }
    if has("word/") || has("ppt/") || has("[Content_Types].xml") || has("mimetype") {
        return Content::Other("an office document", NO_BILL);
    }
    if names.is_empty() {
        return Content::Other("a ZIP archive without files", "download it again");
    }
    if names.len() > 1 {
        return Content::Other("a ZIP archive of several files", "unpack it");
    }
    match unpack::open(path, Packing::Zip).and_then(head_of) {
        Ok(inside) => of_packed(&inside, Packing::Zip),
        Err(e) if e.get_ref().is_some_and(is_unsupported) => Content::Other(
            "a ZIP archive with a password, or with a compression method other than deflate",
            "unpack it, or pack it with deflate and without a password",
        ),
        Err(_) => Content::Text(Packing::Zip),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_table_is_named() {
        for (bytes, what) in [
            (&b"%PDF-1.7"[..], "a PDF document"),
            (b"<!DOCTYPE html><html>", "an HTML page"),
            (b"<!-- saved -->\n<html><head>", "an HTML page"),
            (b"<head><title>302 Found</title></head>", "an HTML page"),
            (b"<\0h\0t\0m\0l\0>\0<\0h\0e\0a\0d\0>\0", "an HTML page"),
            (b"<Error><Code>AccessDenied</Code></Error>", "an XML document"),
            (b" {\"a\": 1}", "a JSON document"),
            (
                br#"{"format": 1, "name": "e", "as_of": "2026-11-26", "tag_keys": []}"#,
                "the manifest of an estate",
            ),
            (
                b"version https://git-lfs.github.com/spec/v1",
                "a Git LFS pointer, not the file itself",
            ),
            (b"ab\0\0\0cd", "a binary file of an unknown format"),
        ] {
            assert!(matches!(of_bytes(bytes), Content::Other(found, _) if found == what), "{what}");
        }
        for (bytes, cure) in [
            (&b"<Error><Code>AccessDenied</Code></Error>"[..], ERROR_PAGE),
            (b"<Rows><Row/></Rows>", EXPORT_TEXT),
            (br#"{"Error": {"code": 403}}"#, ERROR_PAGE),
            (br#"[{"cost": 1}]"#, EXPORT_TEXT),
        ] {
            assert!(matches!(of_bytes(bytes), Content::Other(_, found) if found == cure));
        }
        assert_eq!(of_bytes(b"<none>,BilledCost\n"), Content::Text(Packing::Plain));
        assert_eq!(of_bytes(b"PARENT_ID,BilledCost\n"), Content::Text(Packing::Plain));
        assert!(matches!(of_bytes(b"PARE\x00\x15\x04"), Content::Other(..)));
        assert_eq!(of_bytes(b"PAR1...."), Content::Parquet);
        assert_eq!(of_bytes(b"BilledCost,EffectiveCost\n"), Content::Text(Packing::Plain));
        assert_eq!(of_bytes(b"\xff\xfeB\0i\0l\0l\0"), Content::Text(Packing::Plain));
    }
}
