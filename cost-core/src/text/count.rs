//! Formatting of counts with thousands separators and their noun.

use crate::money::group_thousands;

/// Formats a count with thousands separators: `4,410`.
#[must_use]
pub fn thousands(count: u64) -> String {
    group_thousands(&count.to_string())
}

/// Formats a count with its noun, whose plural ends in `s`: `1 line item`, `4,410 line items`.
#[must_use]
pub fn counted(count: u64, one: &str) -> String {
    format!("{} {one}{}", thousands(count), if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn a_count_is_no_amount() {
        for (count, text) in [
            (0, "0 line items"),
            (1, "1 line item"),
            (999, "999 line items"),
            (4410, "4,410 line items"),
            (u64::MAX, "18,446,744,073,709,551,615 line items"),
        ] {
            assert_eq!(counted(count, "line item"), text);
        }
    }
}
