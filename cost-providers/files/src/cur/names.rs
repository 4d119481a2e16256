//! Column names of Cost and Usage Reports, however they are spelled.
//!
//! CSV files of legacy reports have `lineItem/UnblendedCost`, Parquet files of legacy reports and
//! CUR 2.0 have `line_item_unblended_cost`; an ARN is `SavingsPlanARN`, `savings_plan_a_r_n` or
//! `SavingsPlanArn`; tables created from reports can have all upper or lower case. All spellings
//! share letters and digits, without case.

/// Returns the common form of all spellings of a column: `lineItem/UnblendedCost` →
/// `lineitemunblendedcost`.
pub(super) fn squashed(header: &str) -> String {
    header.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Returns a header without surrounding blanks, quotes, and byte order mark.
fn bare(header: &str) -> &str {
    header.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\u{feff}'))
}

/// Returns the key in a column of one tag (`resourceTags/user:Team`, `resource_tags_user_team`) or
/// cost category, unchanged: keys are case-sensitive.
pub(super) fn key_of<'a>(header: &'a str, prefixes: &[&str]) -> Option<&'a str> {
    let header = bare(header);
    let key = prefixes.iter().find_map(|prefix| {
        let (start, key) = header.split_at_checked(prefix.len())?;
        start.eq_ignore_ascii_case(prefix).then_some(key)
    })?;
    (!key.is_empty()).then_some(key)
}

/// Returns a tag key in FOCUS form: as the user wrote it, or with `aws:` before it if AWS defined
/// it. Source: FOCUS 1.2, column Tags: "provider-defined tag keys MUST be prefixed".
pub(super) fn tag_key(key: &str) -> String {
    let key = key_of(key, &["resourceTags/"]).unwrap_or(key);
    if let Some(user) = key.strip_prefix("user:").or_else(|| key.strip_prefix("user_")) {
        return user.to_owned();
    }
    key.strip_prefix("aws_").map_or_else(|| key.to_owned(), |aws| format!("aws:{aws}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_are_one() {
        for (header, other) in [
            ("lineItem/UnblendedCost", "line_item_unblended_cost"),
            ("LINE_ITEM_UNBLENDED_COST", "line_item_unblended_cost"),
            ("lineitem/unblendedcost", "line_item_unblended_cost"),
            ("\u{feff}\"lineItem/UnblendedCost\" ", "line_item_unblended_cost"),
            ("savingsPlan/SavingsPlanARN", "savings_plan_savings_plan_a_r_n"),
            ("reservation/ReservationARN", "reservation_reservation_arn"),
            ("pricing/publicOnDemandCost", "pricing_public_on_demand_cost"),
            ("product/regionCode", "product_region_code"),
        ] {
            assert_eq!(squashed(header), squashed(other));
        }
        assert_ne!(squashed("line_item_net_unblended_cost"), squashed("line_item_unblended_cost"));
    }

    #[test]
    fn tags_keep_the_users_key() {
        let key = |header| key_of(header, &["resourceTags/", "resource_tags_"]).map(tag_key);
        assert_eq!(key("resourceTags/user:Team"), Some("Team".to_owned()));
        assert_eq!(key("\u{feff}\"resourcetags/user:team\""), Some("team".to_owned()));
        assert_eq!(key("resource_tags_user_team"), Some("team".to_owned()));
        assert_eq!(key("resourceTags/user:Cost Center"), Some("Cost Center".to_owned()));
        assert_eq!(key("resourceTags/aws:createdBy"), Some("aws:createdBy".to_owned()));
        assert!(
            key("resource_tags").is_none() && key("resource_tags_").is_none() && key("ü").is_none()
        );
        assert_eq!(tag_key("resourceTags/user:Team"), "Team");
        assert_eq!(
            (tag_key("user_user_id"), tag_key("aws_created_by")),
            ("user_id".into(), "aws:created_by".into())
        );
    }
}
