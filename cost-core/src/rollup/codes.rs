//! Days and texts as codes: the keys of the tables during the scan.

use chrono::Datelike;

use super::numbers::index;

/// Returns a day as a code with the same sort order.
#[inline]
pub(super) fn day_code(day: i32) -> u32 {
    day.cast_unsigned() ^ 0x8000_0000
}

#[inline]
pub(super) fn day_of(code: u32) -> i32 {
    (code ^ 0x8000_0000).cast_signed()
}

/// Returns the codes of a row, from columns of codes.
#[inline]
pub(super) fn of_row<const N: usize>(columns: &[Vec<u32>], row: usize) -> [u32; N] {
    let mut codes = [0; N];
    for (at, column) in columns.iter().enumerate().take(N) {
        codes[at] = column[row];
    }
    codes
}

/// Replaces each code with the translation in `by` for its column.
#[inline]
pub(super) fn translated<const N: usize>(codes: &[u32; N], by: &[Vec<u32>]) -> [u32; N] {
    std::array::from_fn(|at| by[at][index(codes[at])])
}

/// Returns the code of the first day of a day's month.
#[inline]
pub(super) fn month_code(day: i32) -> u32 {
    let back = crate::cells::day(day).map_or(0, |d| i32::try_from(d.day0()).unwrap_or(0));
    day_code(day - back)
}

/// Returns the code of the first day of the month, for each day.
#[inline]
pub(super) fn month_codes(days: &[i32]) -> Vec<u32> {
    let mut last = None;
    days.iter()
        .map(|day| match last {
            Some((seen, code)) if seen == *day => code,
            _ => {
                let code = month_code(*day);
                last = Some((*day, code));
                code
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_sort_as_their_codes() {
        let days = [-800_000, -1, 0, 1, 20_000];
        assert!(days.windows(2).all(|d| day_code(d[0]) < day_code(d[1])));
        assert_eq!(days.map(|d| day_of(day_code(d))), days);
    }
}
