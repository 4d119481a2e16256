//! Column names of Cost and Usage Reports, however they are spelled.
//!
//! CSV files of legacy reports have `lineItem/UnblendedCost`, Parquet files of legacy reports and CUR 2.0 have
//! `line_item_unblended_cost`; an ARN is `SavingsPlanARN`, `savings_plan_a_r_n` or `SavingsPlanArn`. All become one form.

/// `lineItem/UnblendedCost` → `line_item_unblended_cost`; what is in that form already stays.
pub(super) fn normal(header: &str) -> String {
    let chars: Vec<char> = header.chars().collect();
    let mut out = String::with_capacity(header.len() + 8);
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|b| chars.get(b));
        let after = chars.get(at + 1);
        if !c.is_ascii_alphanumeric() {
            out.push('_');
        } else if c.is_ascii_uppercase() {
            let word_ends = before.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
            let acronym_ends =
                before.is_some_and(char::is_ascii_uppercase) && after.is_some_and(char::is_ascii_lowercase);
            if word_ends || acronym_ends {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
        } else {
            out.push(*c);
        }
    }
    out.replace("_a_r_n", "_arn")
}

/// The key that a column of one tag (`resourceTags/user:Team`, `resource_tags_user_team`) or cost category holds.
pub(super) fn key_of(header: &str, csv_prefix: &str, prefix: &str) -> Option<String> {
    let key = header.strip_prefix(csv_prefix).or_else(|| header.strip_prefix(prefix))?;
    (!key.is_empty()).then(|| tag_key(key))
}

/// A tag key as FOCUS has it: as the user wrote it, or with `aws:` before it if AWS made it.
/// Source: FOCUS 1.2, column Tags: "provider-defined tag keys MUST be prefixed".
pub(super) fn tag_key(key: &str) -> String {
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
        for (header, form) in [
            ("lineItem/UnblendedCost", "line_item_unblended_cost"),
            ("line_item_unblended_cost", "line_item_unblended_cost"),
            ("savingsPlan/SavingsPlanARN", "savings_plan_savings_plan_arn"),
            ("savings_plan_savings_plan_a_r_n", "savings_plan_savings_plan_arn"),
            ("reservation/ReservationARN", "reservation_reservation_arn"),
            ("pricing/publicOnDemandCost", "pricing_public_on_demand_cost"),
            ("product/regionCode", "product_region_code"),
        ] {
            assert_eq!(normal(header), form);
        }
    }

    #[test]
    fn tags_keep_the_users_key() {
        assert_eq!(key_of("resourceTags/user:Team", "resourceTags/", "resource_tags_").expect("known"), "Team");
        assert_eq!(key_of("resource_tags_user_team", "resourceTags/", "resource_tags_").expect("known"), "team");
        assert_eq!(
            key_of("resourceTags/aws:createdBy", "resourceTags/", "resource_tags_").expect("known"),
            "aws:createdBy"
        );
        assert!(key_of("resource_tags", "resourceTags/", "resource_tags_").is_none());
    }
}
