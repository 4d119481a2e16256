//! Numbers with a decimal comma.

/// Returns the number in a cell with a decimal comma, with a decimal point and without thousands
/// separators.
pub(super) fn with_point(cell: &str) -> String {
    cell.trim()
        .chars()
        .filter(|c| !THOUSANDS.contains(c))
        .map(|c| if c == ',' { '.' } else { c })
        .collect()
}

/// Thousands separators where decimals have a comma. Source: Unicode CLDR, the group symbols of
/// such locales.
pub(super) const THOUSANDS: [char; 5] = ['.', ' ', '\u{a0}', '\u{202f}', '\''];
