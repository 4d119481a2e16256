//! Conversion of UTF-16 to UTF-8; UTF-8 is unchanged.

use std::io::Read;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;

/// Returns the UTF-16 encoding of text, with or without a byte order mark: an ASCII letter then has
/// a zero byte before or after it.
pub(crate) fn guess(head: &[u8]) -> Option<&'static Encoding> {
    if head.starts_with(&[0xff, 0xfe]) {
        return Some(UTF_16LE);
    }
    if head.starts_with(&[0xfe, 0xff]) {
        return Some(UTF_16BE);
    }
    let start = head.get(..head.len().min(64) / 2 * 2).filter(|s| s.len() >= 4)?;
    let zero = |odd: usize| start.iter().skip(odd).step_by(2).all(|b| *b == 0);
    let letter = |odd: usize| start.iter().skip(odd).step_by(2).all(|b| *b != 0 && b.is_ascii());
    if zero(1) && letter(0) {
        Some(UTF_16LE)
    } else if zero(0) && letter(1) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Returns bytes as UTF-8, without the byte order mark at their start. Bytes that are neither
/// UTF-16 nor UTF-8 are unchanged; reading such a cell as text reports the problem.
pub(crate) fn utf8(
    bytes: Box<dyn Read + Send>,
    encoding: Option<&'static Encoding>,
) -> Box<dyn Read + Send> {
    let decoder = DecodeReaderBytesBuilder::new()
        .encoding(encoding)
        .utf8_passthru(true)
        .strip_bom(true)
        .build(bytes);
    Box::new(std::io::BufReader::with_capacity(1 << 20, decoder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_is_recognized_without_a_mark() {
        let le: Vec<u8> = "Billed".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = "Billed".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!((guess(&le), guess(&be)), (Some(UTF_16LE), Some(UTF_16BE)));
        assert_eq!(guess(b"BilledCost,"), None);
        let mut text = String::new();
        utf8(Box::new(std::io::Cursor::new(le)), Some(UTF_16LE))
            .read_to_string(&mut text)
            .expect("text");
        assert_eq!(text, "Billed");
    }
}
