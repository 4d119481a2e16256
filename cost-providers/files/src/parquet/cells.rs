//! Numbers of types that polars does not support, as exact text.

use half::f16;

/// Returns a 16-bit number (IEEE 754 binary16, least significant byte first) as its shortest text,
/// which is most likely the original one. From 1,024 on, all of them are integers, and exact.
pub(super) fn half(bytes: [u8; 2]) -> String {
    let value = f16::from_le_bytes(bytes);
    let exact = value.to_f64();
    if !value.is_finite() || exact.abs() >= 1024.0 {
        return exact.to_string();
    }
    // Five digits distinguish all of them.
    let shortest = (0..5).map(|digits| format!("{exact:.digits$e}"));
    let same = |text: &String| {
        text.parse::<f64>().is_ok_and(|v| f16::from_f64(v).to_bits() == value.to_bits())
    };
    shortest.into_iter().find(same).unwrap_or_else(|| exact.to_string())
}

/// Returns an integer, most significant byte first (two's complement), with `places` digits after
/// the point.
pub(super) fn wide(bytes: &[u8], places: usize) -> String {
    let is_negative = bytes.first().is_some_and(|b| *b >= 0x80);
    let digits = digits(&magnitude(bytes, is_negative));
    let sign = if is_negative { "-" } else { "" };
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// Returns the number without its sign.
fn magnitude(bytes: &[u8], is_negative: bool) -> Vec<u8> {
    if !is_negative {
        return bytes.to_vec();
    }
    let mut out: Vec<u8> = bytes.iter().map(|b| !b).collect();
    for byte in out.iter_mut().rev() {
        let (sum, is_over) = byte.overflowing_add(1);
        *byte = sum;
        if !is_over {
            return out;
        }
    }
    out.insert(0, 1);
    out
}

/// Returns decimal digits, nine at a time by division.
fn digits(number: &[u8]) -> String {
    const NINE: u64 = 1_000_000_000;
    if let Some(small) = small(number) {
        return small.to_string();
    }
    let mut number = number.to_vec();
    let mut groups = Vec::new();
    while number.iter().any(|b| *b != 0) {
        let mut rest: u64 = 0;
        for byte in &mut number {
            let here = (rest << 8) | u64::from(*byte);
            // Less than 256: the rest is less than the divisor.
            *byte = u8::try_from(here / NINE).unwrap_or(u8::MAX);
            rest = here % NINE;
        }
        groups.push(rest);
    }
    let Some(first) = groups.pop() else { return "0".to_owned() };
    groups.iter().rev().fold(first.to_string(), |text, group| format!("{text}{group:09}"))
}

/// Most amounts fit into 16 bytes.
fn small(number: &[u8]) -> Option<u128> {
    let zeros = number.iter().take_while(|b| **b == 0).count();
    let rest = &number[zeros..];
    (rest.len() <= 16).then(|| rest.iter().fold(0, |sum, b| (sum << 8) | u128::from(*b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected: numpy 2, `str(numpy.float16(…))`; integers by IEEE 754.
    #[test]
    fn halves_are_their_shortest_text() {
        let cases = [
            (0x3c00, "1"),
            (0x2e66, "0.1"),
            (0xc248, "-3.14"),
            (0x0001, "6e-8"),
            (0x7bff, "65504"),
            (0x6803, "2054"),
            (0, "0"),
        ];
        for (bits, wanted) in cases {
            let text = half(u16::to_le_bytes(bits));
            assert_eq!(text.parse::<f64>(), wanted.parse::<f64>(), "{bits:#06x} gave {text}");
        }
        assert_eq!(half(u16::to_le_bytes(0x7c00)), "inf");
    }

    /// Expected: Python, `int.from_bytes(…, 'big', signed=True)`.
    #[test]
    fn wide_numbers_are_exact() {
        assert_eq!(wide(&[0x04, 0xd2], 2), "12.34");
        assert_eq!(wide(&[0xff, 0xff], 3), "-0.001");
        assert_eq!(wide(&[0x80, 0x00], 0), "-32768");
        assert_eq!(wide(&[0x80], 0), "-128");
        assert_eq!(wide(&[], 2), "0.00");
        let mut most = [0xff; 32];
        most[0] = 0x7f;
        let digits =
            "57896044618658097711785492504343953926634992332820282019728792003956564819967";
        assert_eq!(wide(&most, 0), digits);
        let mut least = [0; 32];
        least[0] = 0x80;
        let (whole, part) =
            "57896044618658097711785492504343953926634992332820282019728792003956564819968"
                .split_at(39);
        assert_eq!(wide(&least, 38), format!("-{whole}.{part}"));
        // 10 to the 20th: with zeros inside.
        let mut round = [0; 20];
        round[11..].copy_from_slice(&[0x05, 0x6b, 0xc7, 0x5e, 0x2d, 0x63, 0x10, 0x00, 0x00]);
        assert_eq!(wide(&round, 0), "100000000000000000000");
    }
}
