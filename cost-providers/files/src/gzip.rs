//! Decompression of gzip with one or more members, each optionally followed by zeros: programs for
//! tapes and tar archives pad blocks with zeros.
//!
//! Source: RFC 1952, 2.2 (several members); gzip(1) silently skips zeros after the last member.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// Decompressed bytes.
pub(crate) struct Members<R> {
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Members<R> {
    pub(crate) fn new(raw: R) -> Self {
        Self { member: Some(GzDecoder::new(raw)) }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let read = member.read(into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            let Some(mut raw) = self.member.take().map(GzDecoder::into_inner) else { break };
            if goes_on(&mut raw)? {
                self.member = Some(GzDecoder::new(raw));
            }
        }
        Ok(0)
    }
}

/// Skips zeros, and returns whether other bytes follow.
fn goes_on(raw: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let left = raw.fill_buf()?;
        if left.is_empty() {
            return Ok(false);
        }
        let zeros = left.iter().take_while(|b| **b == 0).count();
        let is_data = zeros < left.len();
        raw.consume(zeros);
        if is_data {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).expect("written");
        encoder.finish().expect("complete")
    }

    fn read(bytes: &[u8]) -> io::Result<String> {
        let mut text = String::new();
        // Few bytes at a time, so that zeros come in several pieces.
        Members::new(io::BufReader::with_capacity(16, bytes)).read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn members_are_one_text_and_zeros_after_them_nothing() {
        let (a, b, zeros) = (gzip("a\n"), gzip("b\n"), vec![0; 1000]);
        for (bytes, text) in [
            (a.clone(), "a\n"),
            ([a.clone(), b.clone()].concat(), "a\nb\n"),
            ([a.clone(), zeros.clone()].concat(), "a\n"),
            ([a.clone(), zeros.clone(), b, zeros.clone()].concat(), "a\nb\n"),
        ] {
            assert_eq!(read(&bytes).expect("complete"), text);
        }
        for damaged in [
            [&a[..], b"rest"].concat(),
            [&a[..], &zeros, b"rest"].concat(),
            a[..a.len() - 3].to_vec(),
        ] {
            read(&damaged).expect_err("damaged");
        }
    }
}
