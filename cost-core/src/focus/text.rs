//! Decoding of text cells: exact decimals, instants, nulls.
//!
//! An invalid cell is `None`; the caller knows its row and column.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use crate::money::SCALE;

/// Returns whether a cell of a text export means null: empty, `NULL`, or `null`.
///
/// ```
/// use cost_core::focus::text::is_null_text;
///
/// assert!(is_null_text("") && is_null_text("NULL") && !is_null_text("0"));
/// ```
#[must_use]
#[inline]
pub fn is_null_text(text: &str) -> bool {
    text.is_empty() || text == "NULL" || text == "null"
}

/// Returns whether a text is a placeholder for "no value" that tools write but FOCUS does not
/// define: `NaN` and `<NA>` (pandas), `NaT` (its instants), `None` (Python).
#[must_use]
pub(crate) fn is_nothing(text: &str) -> bool {
    ["nan", "<na>", "nat", "none"].iter().any(|word| text.trim_ascii().eq_ignore_ascii_case(word))
}

/// Decoded decimal: its value in 10⁻¹² units, and whether digits beyond 12 places were rounded
/// (half-even).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scaled {
    /// Value × 10¹².
    pub value: i128,
    /// `true` if the text had non-zero digits beyond 12 places.
    pub rounded: bool,
}

/// Largest absolute value that fits `Decimal(38, 12)`.
const LIMIT: i128 = 10_i128.pow(38) - 1;

/// Parses decimal text with an optional sign, fraction, and exponent (`-1.5`, `+.5`, `4E-7`) to
/// 10⁻¹² units.
///
/// Digits beyond 12 places are rounded half-even. No thousands separators, no currency signs: those
/// are ambiguous (`1,234` is 1.234 in half of Europe), so they do not decode.
///
/// ```
/// use cost_core::focus::text::decimal;
///
/// let price = decimal("4E-7").expect("a number");
/// assert_eq!((price.value, price.rounded), (400_000, false));
/// assert_eq!(decimal("1,234"), None);
/// ```
#[must_use]
pub fn decimal(text: &str) -> Option<Scaled> {
    let text = text.trim_ascii();
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], rest[at + 1..].parse::<i32>().ok()?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    // The digit at position `i` of whole+fraction has weight 10^(whole.len() - 1 - i + exponent).
    let places = i64::from(SCALE) + i64::from(exponent);
    let keep = i64::try_from(whole.len()).ok()?.checked_add(places)?;
    let mut value: i128 = 0;
    let mut position: i64 = 0;
    let mut round = RoundState::default();
    for byte in whole.bytes().chain(fraction.bytes()) {
        if !byte.is_ascii_digit() {
            return None;
        }
        let digit = byte - b'0';
        if position < keep {
            value = value.checked_mul(10)?.checked_add(i128::from(digit))?;
        } else {
            // A digit is the first dropped one only if none precedes it or it directly follows the
            // retained ones.
            round.push(digit, position == keep);
        }
        position += 1;
    }
    if keep > position && value != 0 {
        value = value.checked_mul(10_i128.checked_pow(u32::try_from(keep - position).ok()?)?)?;
    }
    value = value.checked_add(i128::from(round.up(value % 2 != 0)))?;
    if value > LIMIT {
        return None;
    }
    Some(Scaled { value: if negative { -value } else { value }, rounded: round.any })
}

/// What is known of the digits rounded away: the first of them, and whether any later one is not
/// zero.
#[derive(Default)]
struct RoundState {
    first: u8,
    rest: bool,
    any: bool,
}

impl RoundState {
    fn push(&mut self, digit: u8, is_first: bool) {
        self.any |= digit != 0;
        if is_first {
            self.first = digit;
        } else {
            self.rest |= digit != 0;
        }
    }

    fn up(&self, odd: bool) -> u8 {
        u8::from(self.first > 5 || (self.first == 5 && (self.rest || odd)))
    }
}

/// Converts a float to the shortest decimal that reads back as the same float: `0.1` is one tenth,
/// not 0.1000000000000000055. Exports with floats were decimal before; this recovers that decimal.
#[must_use]
pub(crate) fn decimal_from_f64(value: f64) -> Option<Scaled> {
    if !value.is_finite() {
        return None;
    }
    decimal(&format!("{value:e}"))
}

/// Parses an instant to microseconds since 1970-01-01T00:00:00Z.
///
/// Reads ISO 8601 with `T` or space, with or without seconds, fraction, and zone (`Z`, `+02:00`,
/// `+0200`, ` UTC`), and plain dates. Without a zone the text is UTC, as FOCUS has it (attribute
/// "Date/Time format").
#[must_use]
pub(crate) fn instant_us(text: &str) -> Option<i64> {
    let text = text.trim_ascii();
    if let Some(us) = plain_instant_us(text) {
        return Some(us);
    }
    let bare = text.strip_suffix('Z').or_else(|| text.strip_suffix(" UTC")).unwrap_or(text);
    if let Ok(zoned) = DateTime::parse_from_rfc3339(text) {
        return Some(zoned.timestamp_micros());
    }
    for format in ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z"] {
        if let Ok(zoned) = DateTime::parse_from_str(text, format) {
            return Some(zoned.timestamp_micros());
        }
    }
    for format in
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    {
        if let Ok(local) = NaiveDateTime::parse_from_str(bare, format) {
            return Some(local.and_utc().timestamp_micros());
        }
    }
    let day = NaiveDate::parse_from_str(bare, "%Y-%m-%d").ok()?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros())
}

/// The two forms nearly every export uses, `YYYY-MM-DD[T ]HH:MM:SS[Z]`, without the cost of a
/// general parser.
fn plain_instant_us(text: &str) -> Option<i64> {
    let b = text.strip_suffix('Z').unwrap_or(text).as_bytes();
    let shape = b.len() == 19
        && b[4] == b'-'
        && b[7] == b'-'
        && matches!(b[10], b'T' | b' ')
        && b[13] == b':'
        && b[16] == b':';
    if !shape {
        return None;
    }
    let number = |from: usize, to: usize| {
        b[from..to]
            .iter()
            .try_fold(0_u32, |n, c| c.is_ascii_digit().then(|| n * 10 + u32::from(c - b'0')))
    };
    let day =
        NaiveDate::from_ymd_opt(i32::try_from(number(0, 4)?).ok()?, number(5, 7)?, number(8, 10)?)?;
    let time = day.and_hms_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?)?;
    Some(time.and_utc().timestamp_micros())
}

/// Values of the requested keys in one tag document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TagValues {
    /// Whether there is any tag at all.
    pub(crate) tagged: bool,
    /// One value per requested key, in that order.
    pub(crate) values: Vec<Option<String>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(text: &str) -> Option<i128> {
        decimal(text).map(|s| s.value)
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(value("0.00000080000"), Some(800_000));
        assert_eq!(value("-12.5"), Some(-12_500_000_000_000));
        assert_eq!(value("4E-7"), Some(400_000));
        assert_eq!(value("1.5e3"), Some(1_500_000_000_000_000));
        assert_eq!(value(".5"), Some(500_000_000_000));
        assert_eq!(value("7."), Some(7_000_000_000_000));
        assert_eq!(value("0.0000000000005"), Some(0));
        assert_eq!(value("0.0000000000015"), Some(2));
        assert_eq!(value("0.00000000000051"), Some(1));
        assert_eq!(value("5e-14"), Some(0));
        assert_eq!(value("9e-13"), Some(1));
        assert_eq!(value("9e-14"), Some(0));
        assert!(decimal("0.0000000000001").unwrap().rounded);
        assert!(!decimal("0.1000000000000000").unwrap().rounded);
    }

    #[test]
    fn what_is_not_a_decimal_is_refused() {
        for bad in [
            "",
            "-",
            ".",
            "1,234.5",
            "$3",
            "1e",
            "NaN",
            "inf",
            "0x10",
            "1 2",
            "1.2.3",
            "١",
            "1e99999999999",
            "--1",
        ] {
            assert_eq!(decimal(bad), None, "{bad}");
        }
        assert_eq!(decimal("1e30"), None, "beyond Decimal(38, 12)");
        assert_eq!(decimal_from_f64(f64::NAN), None);
    }

    #[test]
    fn floats_mean_their_shortest_decimal() {
        assert_eq!(decimal_from_f64(0.1).unwrap().value, 100_000_000_000);
        assert_eq!(decimal_from_f64(12_345.678).unwrap().value, 12_345_678_000_000_000);
        assert_eq!(decimal_from_f64(-4e-7).unwrap().value, -400_000);
    }

    #[test]
    fn instants_in_every_common_form() {
        let expected = instant_us("2024-09-18 22:00:00");
        assert_eq!(expected, Some(1_726_696_800_000_000));
        for same in [
            "2024-09-18T22:00:00Z",
            "2024-09-18T22:00:00",
            "2024-09-18T22:00",
            "2024-09-18 22:00:00.000 UTC",
            "2024-09-18T22:00:00.000Z",
            "2024-09-19T00:00:00+02:00",
            "2024-09-18 22:00:00+00",
            "2024-09-18 17:00:00-0500",
        ] {
            assert_eq!(instant_us(same), expected, "{same}");
        }
        for bad in
            ["", "18/09/2024", "2024-13-01", "2024-09-18T25:00:00Z", "yesterday", "1726696800"]
        {
            assert_eq!(instant_us(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_decoded_or_refused_never_a_panic(text in "\\PC{0,60}") {
            let _ = decimal(&text);
            let _ = instant_us(&text);
        }

        #[test]
        fn number_like_text_never_panics(text in "[-+]?[0-9]{0,45}\\.?[0-9]{0,45}([eE][-+]?[0-9]{0,12})?") {
            let _ = decimal(&text);
        }

        #[test]
        fn what_is_written_is_read_back(v in -10_i128.pow(30)..10_i128.pow(30)) {
            let a = v.unsigned_abs();
            let text = format!("{}{}.{:012}", if v < 0 { "-" } else { "" }, a / 10_u128.pow(12), a % 10_u128.pow(12));
            prop_assert_eq!(decimal(&text), Some(Scaled { value: v, rounded: false }));
        }

        #[test]
        fn floats_with_few_digits_are_recovered(cents in -9_000_000_000_i64..9_000_000_000) {
            #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "the float is what is tested")]
            let float = cents as f64 / 100.0;
            prop_assert_eq!(decimal_from_f64(float).unwrap().value, i128::from(cents) * 10_i128.pow(10));
        }
    }
}
