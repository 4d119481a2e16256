//! Damage to files: bytes at any position, and the structures of Parquet and JSON.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::Value as Json;

use crate::thrift;

/// Bytes with a meaning for text parsers.
const SIGNS: &[&[u8]] = &[
    b"\"",
    b",",
    b";",
    b"\n",
    b"\r",
    b"\0",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\\",
    b"'",
    b"NULL",
    b"1e400",
    b"\"\"\"",
    b"\t",
];

/// Flips, sets, inserts, removes, truncates, or repeats bytes, up to `most` times; returns a
/// description.
pub(crate) fn bytes(bytes: &mut Vec<u8>, most: usize, rng: &mut ChaCha8Rng) -> String {
    let mut how = Vec::new();
    for _ in 0..rng.random_range(1..=most) {
        if bytes.is_empty() {
            break;
        }
        let at = rng.random_range(0..bytes.len());
        let end = (at + rng.random_range(1..40_usize)).min(bytes.len());
        let what = match rng.random_range(0..7) {
            0 | 1 => {
                bytes[at] ^= 1 << rng.random_range(0..8_u32);
                "flipped"
            }
            2 => {
                bytes[at] = rng.random_range(0..=255);
                "set"
            }
            3 => {
                let sign = SIGNS[rng.random_range(0..SIGNS.len())];
                bytes.splice(at..at, sign.iter().copied());
                "inserted"
            }
            4 => {
                bytes.drain(at..end);
                "removed"
            }
            5 => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
                "repeated"
            }
            _ => {
                bytes.truncate(at);
                "cut"
            }
        };
        how.push(format!("{what} at {at}"));
    }
    how.join(", ")
}

/// Flips a bit.
pub(crate) fn flip(bytes: &mut [u8], rng: &mut ChaCha8Rng) -> String {
    let at = rng.random_range(0..bytes.len());
    bytes[at] ^= 1 << rng.random_range(0..8_u32);
    format!("a bit of byte {at}")
}

/// Returns the start and end of the footer of a Parquet file.
fn footer(bytes: &[u8]) -> Option<(usize, usize)> {
    let end = bytes.len().checked_sub(8)?;
    let len = u32::from_le_bytes(bytes.get(end..end + 4)?.try_into().ok()?);
    Some((end.checked_sub(usize::try_from(len).ok()?)?, end))
}

/// Changes values of the footer of a Parquet file, and writes it with its correct length.
pub(crate) fn parquet_footer(bytes: &mut Vec<u8>, rng: &mut ChaCha8Rng) -> Option<String> {
    let (start, end) = footer(bytes)?;
    let (mut tree, _) = thrift::read(&bytes[start..end])?;
    let how: Vec<String> = (0..rng.random_range(1..4)).map(|_| tree.damage(rng)).collect();
    bytes.truncate(start);
    let written = tree.write();
    bytes.extend(&written);
    bytes.extend(u32::try_from(written.len()).ok()?.to_le_bytes());
    bytes.extend(b"PAR1");
    Some(how.join("; "))
}

/// Changes values of a page header; the following bytes move if its length changes.
pub(crate) fn parquet_page(bytes: &mut Vec<u8>, rng: &mut ChaCha8Rng) -> Option<String> {
    let (start, end) = footer(bytes)?;
    let (tree, _) = thrift::read(&bytes[start..end])?;
    let groups = tree.field(4)?.list();
    let columns = groups.get(rng.random_range(0..groups.len().max(1)))?.field(1)?.list();
    let column = columns.get(rng.random_range(0..columns.len().max(1)))?.field(3)?;
    let offset =
        [11, 9].into_iter().find_map(|id| column.field(id)?.int()).or(column.field(9)?.int())?;
    let at = usize::try_from(offset).ok()?;
    let (mut header, len) = thrift::read(bytes.get(at..)?)?;
    let how = header.damage(rng);
    bytes.splice(at..at + len, header.write());
    Some(format!("page at {at}: {how}"))
}

/// Changes one value somewhere in a JSON document.
pub(crate) fn json(value: &mut Json, rng: &mut ChaCha8Rng) -> String {
    match value {
        Json::Object(map) if !map.is_empty() && rng.random_bool(0.9) => {
            let key = map.keys().nth(rng.random_range(0..map.len())).cloned().unwrap_or_default();
            if rng.random_bool(0.15) {
                map.remove(&key);
                return format!("without {key}");
            }
            map.get_mut(&key).map(|v| format!("{key}: {}", json(v, rng))).unwrap_or_default()
        }
        Json::Array(list) if !list.is_empty() && rng.random_bool(0.9) => {
            let at = rng.random_range(0..list.len());
            if rng.random_bool(0.15) {
                list.remove(at);
                return format!("without item {at}");
            }
            format!("{at}: {}", json(&mut list[at], rng))
        }
        other => {
            let new = [
                Json::Null,
                Json::Bool(true),
                Json::from(-1),
                Json::from(1e300),
                Json::from(""),
                Json::from("../../../etc/passwd"),
                Json::from("\u{202e}\0x"),
                Json::Array(Vec::new()),
                serde_json::json!({"a": [{}]}),
            ];
            let new = new[rng.random_range(0..new.len())].clone();
            let how = format!("{other:.40} became {new:.40}");
            *other = new;
            how
        }
    }
}
