//! The compact protocol of Thrift, as far as Parquet uses it, as a tree that can be changed and
//! written again, including values that no writer would write.
//!
//! Source: Apache Thrift, "Thrift Compact protocol encoding"; apache/parquet-format,
//! `parquet.thrift`.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Bool(bool),
    /// Integer, and its type: a byte (3), or 16, 32, 64 bits (4 to 6).
    Int(u8, i64),
    /// Eight bytes.
    Double([u8; 8]),
    Bytes(Vec<u8>),
    /// Type of its values, the values, and how many more it claims to have.
    List(u8, Vec<Value>, u64),
    /// Fields by their numbers.
    Struct(Vec<(i64, Value)>),
}

/// Reads a struct at the start of bytes, and returns its length in bytes. `None` if there is none.
pub(crate) fn read(bytes: &[u8]) -> Option<(Value, usize)> {
    let mut reader = Reader { bytes, at: 0 };
    let value = reader.fields(0)?;
    Some((value, reader.at))
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn zigzag(&mut self) -> Option<i64> {
        let raw = self.varint()?;
        Some((raw >> 1).cast_signed() ^ -(raw & 1).cast_signed())
    }

    fn take(&mut self, len: usize) -> Option<Vec<u8>> {
        let bytes = self.bytes.get(self.at..self.at.checked_add(len)?)?.to_vec();
        self.at += len;
        Some(bytes)
    }

    fn fields(&mut self, depth: usize) -> Option<Value> {
        let (mut fields, mut id) = (Vec::new(), 0_i64);
        loop {
            let head = self.byte()?;
            if head == 0 || depth > 32 {
                return Some(Value::Struct(fields));
            }
            id = if head >> 4 == 0 { self.zigzag()? } else { id + i64::from(head >> 4) };
            let value = match head & 0x0f {
                1 => Value::Bool(true),
                2 => Value::Bool(false),
                kind => self.value(kind, depth + 1)?,
            };
            fields.push((id, value));
        }
    }

    fn value(&mut self, kind: u8, depth: usize) -> Option<Value> {
        Some(match kind {
            1 | 2 => Value::Bool(self.byte()? == 1),
            3 => Value::Int(3, i64::from(self.byte()?)),
            4..=6 => Value::Int(kind, self.zigzag()?),
            7 => Value::Double(self.take(8)?.try_into().ok()?),
            8 => {
                let len = usize::try_from(self.varint()?).ok()?;
                Value::Bytes(self.take(len)?)
            }
            9 | 10 => {
                let head = self.byte()?;
                let len = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
                let values =
                    (0..len).map(|_| self.value(head & 0x0f, depth + 1)).collect::<Option<_>>()?;
                Value::List(head & 0x0f, values, 0)
            }
            12 => self.fields(depth)?,
            _ => return None,
        })
    }
}

impl Value {
    /// The bytes of a struct.
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.put(&mut out);
        out
    }

    fn kind(&self) -> u8 {
        match self {
            Self::Bool(true) => 1,
            Self::Bool(false) => 2,
            Self::Int(kind, _) => *kind,
            Self::Double(_) => 7,
            Self::Bytes(_) => 8,
            Self::List(..) => 9,
            Self::Struct(_) => 12,
        }
    }

    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Bool(value) => out.push(if *value { 1 } else { 2 }),
            Self::Int(3, value) => out.push(value.to_le_bytes()[0]),
            Self::Int(_, value) => zigzag(*value, out),
            Self::Double(bytes) => out.extend(bytes),
            Self::Bytes(bytes) => {
                varint(u64::try_from(bytes.len()).unwrap_or(u64::MAX), out);
                out.extend(bytes);
            }
            Self::List(kind, values, more) => {
                let len = u64::try_from(values.len()).unwrap_or(u64::MAX).saturating_add(*more);
                match u8::try_from(len) {
                    Ok(len) if len < 15 => out.push((len << 4) | kind),
                    _ => {
                        out.push(0xf0 | kind);
                        varint(len, out);
                    }
                }
                for value in values {
                    value.put(out);
                }
            }
            Self::Struct(fields) => {
                let mut last = 0;
                for (id, value) in fields {
                    match u8::try_from(id - last) {
                        Ok(step) if (1..16).contains(&step) => out.push((step << 4) | value.kind()),
                        _ => {
                            out.push(value.kind());
                            zigzag(*id, out);
                        }
                    }
                    last = *id;
                    if !matches!(value, Self::Bool(_)) {
                        value.put(out);
                    }
                }
                out.push(0);
            }
        }
    }

    /// A field of a struct.
    pub(crate) fn field(&self, id: i64) -> Option<&Self> {
        let Self::Struct(fields) = self else { return None };
        fields.iter().find(|(i, _)| *i == id).map(|(_, v)| v)
    }

    /// The values of a list.
    pub(crate) fn list(&self) -> &[Self] {
        if let Self::List(_, values, _) = self { values } else { &[] }
    }

    pub(crate) fn int(&self) -> Option<i64> {
        if let Self::Int(_, value) = self { Some(*value) } else { None }
    }

    fn nodes(&self) -> usize {
        1 + match self {
            Self::List(_, values, _) => values.iter().map(Self::nodes).sum(),
            Self::Struct(fields) => fields.iter().map(|(_, v)| v.nodes()).sum(),
            _ => 0,
        }
    }

    /// Changes one value in the tree; returns a description.
    pub(crate) fn damage(&mut self, rng: &mut ChaCha8Rng) -> String {
        let at = rng.random_range(0..self.nodes());
        self.damage_at(at, rng).unwrap_or_default()
    }

    fn damage_at(&mut self, at: usize, rng: &mut ChaCha8Rng) -> Option<String> {
        if at == 0 {
            return Some(self.damage_this(rng));
        }
        let mut left = at - 1;
        let children: Box<dyn Iterator<Item = (String, &mut Self)>> = match self {
            Self::List(_, values, _) => {
                Box::new(values.iter_mut().enumerate().map(|(i, v)| (i.to_string(), v)))
            }
            Self::Struct(fields) => {
                Box::new(fields.iter_mut().map(|(id, v)| (format!("field {id}"), v)))
            }
            _ => return None,
        };
        for (name, child) in children {
            let nodes = child.nodes();
            if left < nodes {
                return Some(format!("{name}, {}", child.damage_at(left, rng)?));
            }
            left -= nodes;
        }
        None
    }

    fn damage_this(&mut self, rng: &mut ChaCha8Rng) -> String {
        let before = format!("{self:?}");
        match self {
            Self::Bool(value) => *value = !*value,
            Self::Int(_, value) => {
                let near =
                    [*value - 1, *value + 1, value.wrapping_mul(2), *value / 2, -*value, 0, 1];
                let far = [
                    i64::MAX,
                    i64::MIN,
                    i64::from(i32::MAX),
                    i64::from(i32::MIN),
                    1 << 20,
                    1 << 40,
                    255,
                ];
                let all = [near, far];
                *value = all[rng.random_range(0..2_usize)][rng.random_range(0..7_usize)];
            }
            Self::Double(bytes) => bytes.iter_mut().for_each(|b| *b = rng.random_range(0..=255)),
            Self::Bytes(bytes) => match rng.random_range(0..5) {
                0 => bytes.clear(),
                1 => bytes.extend(vec![b'x'; 70_000]),
                2 => bytes.push(0xff),
                3 => *bytes = b"BilledCost".to_vec(),
                _ => bytes.iter_mut().take(1).for_each(|b| *b ^= 1 << rng.random_range(0..8_u32)),
            },
            Self::List(_, values, more) => match rng.random_range(0..5) {
                0 => values.clear(),
                1 => drop(values.pop()),
                2 => values.extend(values.first().cloned()),
                3 => values.reverse(),
                _ => {
                    *more =
                        [1, 1_000, 1 << 31, 1 << 40, u64::MAX >> 1][rng.random_range(0..5_usize)];
                }
            },
            Self::Struct(fields) if fields.is_empty() => fields.push((1, Self::Int(5, 1))),
            Self::Struct(fields) => {
                let at = rng.random_range(0..fields.len());
                match rng.random_range(0..4) {
                    0 => drop(fields.remove(at)),
                    1 => fields.push((fields[at].0 + 1, fields[at].1.clone())),
                    2 => fields[at].0 += rng.random_range(-2..20),
                    _ => fields[at].1 = Self::Int(6, rng.random_range(-3..300)),
                }
            }
        }
        format!("{before:.60} became {:.60}", format!("{self:?}"))
    }
}

fn varint(mut value: u64, out: &mut Vec<u8>) {
    loop {
        let low = value.to_le_bytes()[0] & 0x7f;
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

fn zigzag(value: i64, out: &mut Vec<u8>) {
    varint(((value << 1) ^ (value >> 63)).cast_unsigned(), out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_again() {
        // Field 1: i32 -1; field 3: a list of two i64; field 40: a text.
        let bytes = [0x15, 0x01, 0x29, 0x26, 0x02, 0x04, 0x08, 0x50, 0x02, b'h', b'i', 0x00];
        let (value, len) = read(&bytes).expect("a struct");
        assert_eq!((len, value.write()), (bytes.len(), bytes.to_vec()));
        assert_eq!(value.field(1), Some(&Value::Int(5, -1)));
        assert_eq!(value.field(3).map(|l| l.list().len()), Some(2));
        assert_eq!(value.field(40), Some(&Value::Bytes(b"hi".to_vec())));
    }
}
