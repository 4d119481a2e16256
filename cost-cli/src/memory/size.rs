//! [`Size`]: an amount of memory, such as `4GiB`.

use std::fmt;
use std::str::FromStr;

/// An amount of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Size(pub(crate) u64);

/// Units, longer names first. `4G` means 4 GiB, as for containers.
const UNITS: [(&str, u64); 13] = [
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
    ("k", 1 << 10),
    ("m", 1 << 20),
    ("g", 1 << 30),
    ("t", 1 << 40),
    ("b", 1),
];

/// Minimum budget. The program with its threads and an empty bill takes about 100 MiB: measured,
/// and rounded up.
const LEAST: Size = Size(256 << 20);

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let lower = text.trim().to_ascii_lowercase();
        let of_unit =
            |(unit, bytes): &(&str, u64)| Some((lower.strip_suffix(unit)?.trim_end(), *bytes));
        let (number, unit) = UNITS.iter().find_map(of_unit).ok_or_else(|| wrong(text))?;
        let (whole, tenths) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |t: &str| {
            t.bytes().all(|b| b.is_ascii_digit()).then(|| t.parse::<u64>().ok()).flatten()
        };
        let tenths = digits(tenths).filter(|t| *t < 10).ok_or_else(|| wrong(text))?;
        let bytes =
            digits(whole).and_then(|w| w.checked_mul(unit)?.checked_add(unit / 10 * tenths));
        let size = Self(bytes.ok_or_else(|| wrong(text))?);
        if size < LEAST {
            Err(format!("{size} is too little; the minimum is {LEAST}"))
        } else {
            Ok(size)
        }
    }
}

fn wrong(text: &str) -> String {
    format!("`{text}` is not an amount of memory; enter one such as 4GiB or 500MB")
}

impl fmt::Display for Size {
    /// Formats in GiB with one decimal place, rounded down; below 1 GiB in MiB.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (gib, mib) = (1 << 30, 1 << 20);
        match self.0 {
            bytes if bytes >= gib => write!(f, "{}.{} GiB", bytes / gib, bytes % gib * 10 / gib),
            bytes => write!(f, "{} MiB", bytes / mib),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("4GiB", 4_294_967_296),
            ("4g", 4_294_967_296),
            ("1.5 GiB", 1_610_612_736),
            ("500MB", 500_000_000),
            ("2TB", 2_000_000_000_000),
            ("1000000kB", 1_000_000_000),
        ] {
            let size = text.parse::<Size>().map(|s| s.0);
            // A tenth of a GiB is not an integer number of bytes.
            assert!(size.as_ref().is_ok_and(|s| s.abs_diff(bytes) < 10), "{text}: {size:?}");
        }
        for text in ["", "4", "GiB", "-1GiB", "1.55GiB", "1e3MB", "4 PB", "99999999999TiB", "1MiB"]
        {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
        assert_eq!(Size(1 << 31).to_string(), "2.0 GiB");
        assert_eq!(Size(500_000_000).to_string(), "476 MiB");
    }
}
