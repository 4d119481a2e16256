//! Line item types of reports, and the class of each.
//!
//! Sources, read 2026-11. AWS: Data Exports user guide, "Line item columns"
//! (`line_item_line_item_type`) for the types it documents; for those it writes and does not
//! document, reports as others read them (FOCUS working group, `discount_handling` notes; Cloud
//! Intelligence Dashboards, `summary_view`; Kubecost; Netflix Ice). FOCUS: 1.2, columns
//! `ChargeCategory`, `ChargeFrequency`, `PricingCategory`, and its notes of AWS's types,
//! `supporting_content/columns/chargecategory.md`.

/// Class of a line item, for its costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Type that is not in [`LINE_ITEM_TYPES`].
    Unknown,
    /// Usage at on-demand or spot prices.
    Usage,
    /// Usage that a reservation covers.
    Reserved,
    /// Usage that a Savings Plan covers, at its on-demand price.
    Covered,
    /// Reversal of that price.
    Negation,
    /// The one-time fee of a plan.
    PlanUpfront,
    /// The recurring fee of a plan.
    PlanRecurring,
    /// The one-time fee of a reservation.
    ReservationUpfront,
    /// The recurring fee of a reservation.
    ReservationRecurring,
    /// Any other one-time fee.
    Fee,
    /// Fee of a flat-rate subscription.
    Subscription,
    /// Discount.
    Discount,
    /// A credit.
    Credit,
    /// Refund, except of commitment fees.
    Refund,
    /// Refund of the one-time fee of a plan.
    PlanRefund,
    /// Refund of the one-time fee of a reservation.
    ReservationRefund,
    /// A tax.
    Tax,
}

/// Source of `EffectiveCost`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effective {
    /// The line item's own cost, net if the report has net columns.
    Own,
    /// Its own net cost if the report has net columns, which carry the discount already; else its
    /// own cost.
    OwnNet,
    /// `reservation_effective_cost`, or its net column.
    OfReservation,
    /// `savings_plan_savings_plan_effective_cost`, or its net column.
    OfPlan,
    /// None: the covered usage has the cost.
    Nothing,
}

impl Effective {
    const fn words(self) -> &'static str {
        match self {
            Self::Own => "its own cost",
            Self::OwnNet => "its own cost; with net columns its net cost, 0 if it has none",
            Self::OfReservation => "effective cost of the reservation",
            Self::OfPlan => "effective cost of the plan",
            Self::Nothing => "0",
        }
    }
}

/// FOCUS values for the line items of a class.
pub(super) struct Rule {
    pub(super) class: Class,
    /// `ChargeCategory`.
    pub(super) category: &'static str,
    /// `ChargeFrequency`.
    pub(super) frequency: &'static str,
    /// `PricingCategory`; `None` for null.
    pub(super) pricing: Option<&'static str>,
    pub(super) effective: Effective,
}

const fn rule(
    class: Class,
    (category, frequency): (&'static str, &'static str),
    pricing: Option<&'static str>,
    effective: Effective,
) -> Rule {
    Rule { class, category, frequency, pricing, effective }
}

const USED: (&str, &str) = ("Usage", "Usage-Based");
const BOUGHT: (&str, &str) = ("Purchase", "One-Time");
const BOUGHT_AGAIN: (&str, &str) = ("Purchase", "Recurring");
const ADJUSTED: (&str, &str) = ("Adjustment", "One-Time");
const STANDARD: Option<&str> = Some("Standard");
const COMMITTED: Option<&str> = Some("Committed");

/// Rules of all classes. "Standard" becomes "Dynamic" if the usage type is a spot type.
pub(super) const RULES: &[Rule] = &[
    rule(Class::Unknown, ADJUSTED, None, Effective::Own),
    rule(Class::Usage, USED, STANDARD, Effective::Own),
    rule(Class::Reserved, USED, COMMITTED, Effective::OfReservation),
    rule(Class::Covered, USED, COMMITTED, Effective::OfPlan),
    rule(Class::Negation, USED, COMMITTED, Effective::Nothing),
    rule(Class::PlanUpfront, BOUGHT, STANDARD, Effective::Nothing),
    rule(Class::PlanRecurring, BOUGHT_AGAIN, STANDARD, Effective::Nothing),
    rule(Class::ReservationUpfront, BOUGHT, STANDARD, Effective::Nothing),
    rule(Class::ReservationRecurring, BOUGHT_AGAIN, STANDARD, Effective::Nothing),
    rule(Class::Fee, BOUGHT, STANDARD, Effective::Own),
    rule(Class::Subscription, BOUGHT_AGAIN, STANDARD, Effective::Own),
    rule(Class::Discount, USED, STANDARD, Effective::OwnNet),
    rule(Class::Credit, ("Credit", "One-Time"), None, Effective::Own),
    rule(Class::Refund, ADJUSTED, None, Effective::Own),
    rule(Class::PlanRefund, ADJUSTED, None, Effective::Nothing),
    rule(Class::ReservationRefund, ADJUSTED, None, Effective::Nothing),
    rule(Class::Tax, ("Tax", "One-Time"), None, Effective::Own),
];

impl Class {
    /// Returns its index in [`RULES`], which identifies it in frames.
    pub(super) fn code(self) -> i32 {
        let place = RULES.iter().position(|r| r.class == self);
        place.and_then(|at| i32::try_from(at).ok()).unwrap_or_default()
    }

    fn rule(self) -> &'static Rule {
        RULES.iter().find(|r| r.class == self).unwrap_or(&RULES[0])
    }
}

/// Line item type.
pub struct LineItemType {
    /// Name in the spelling of AWS (`line_item_line_item_type`).
    pub name: &'static str,
    /// Whether it is in the AWS data dictionary; the others were seen in reports.
    pub documented: bool,
    class: Class,
}

const fn documented(name: &'static str, class: Class) -> LineItemType {
    LineItemType { name, documented: true, class }
}

const fn seen(name: &'static str, class: Class) -> LineItemType {
    LineItemType { name, documented: false, class }
}

/// All known types, by name. Other types are read as adjustments at their own cost.
pub const LINE_ITEM_TYPES: &[LineItemType] = &[
    documented("BundledDiscount", Class::Discount),
    documented("Credit", Class::Credit),
    documented("Discount", Class::Discount),
    documented("DiscountedUsage", Class::Reserved),
    seen("DistributorDiscount", Class::Discount),
    seen("EdpDiscount", Class::Discount),
    seen("EnterpriseDiscountProgramDiscount", Class::Discount),
    documented("Fee", Class::Fee),
    documented("FlatRateSubscription", Class::Subscription),
    seen("PrivateRateDiscount", Class::Discount),
    documented("RIFee", Class::ReservationRecurring),
    documented("Refund", Class::Refund),
    seen("RiVolumeDiscount", Class::Discount),
    documented("SavingsPlanCoveredUsage", Class::Covered),
    documented("SavingsPlanNegation", Class::Negation),
    documented("SavingsPlanRecurringFee", Class::PlanRecurring),
    documented("SavingsPlanUpfrontFee", Class::PlanUpfront),
    seen("SolutionProviderProgramDiscount", Class::Discount),
    seen("SppDiscount", Class::Discount),
    documented("Tax", Class::Tax),
    documented("Usage", Class::Usage),
];

impl LineItemType {
    /// Returns the known type for a value in a report, for any case, blanks, and separators.
    #[must_use]
    pub fn of(word: &str) -> Option<&'static Self> {
        let exact = LINE_ITEM_TYPES.iter().find(|t| t.name == word);
        exact.or_else(|| LINE_ITEM_TYPES.iter().find(|t| folded(t.name).eq(folded(word))))
    }

    /// Returns `ChargeCategory`.
    #[must_use]
    pub fn charge_category(&self) -> &'static str {
        self.class.rule().category
    }

    /// Returns `ChargeFrequency`.
    #[must_use]
    pub fn charge_frequency(&self) -> &'static str {
        self.class.rule().frequency
    }

    /// Returns `PricingCategory`; `None` for null. "Standard" becomes "Dynamic" if the usage type
    /// is a spot type.
    #[must_use]
    pub fn pricing_category(&self) -> Option<&'static str> {
        self.class.rule().pricing
    }

    /// Describes the source of `EffectiveCost`, for people.
    #[must_use]
    pub fn effective_cost(&self) -> &'static str {
        match self.class {
            Class::Fee => "0 if it is of a reservation; else its own cost",
            Class::Refund => {
                "0 if it is of the one-time fee of a plan or reservation; else its own cost"
            }
            Class::PlanRecurring | Class::ReservationRecurring => {
                "0; a charge of its own for what nobody used"
            }
            _ => self.class.rule().effective.words(),
        }
    }
}

/// Returns letters and digits in lower case. Words of closed lists are compared by these only.
pub(super) fn folded(word: &str) -> impl Iterator<Item = char> + '_ {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// Fields of a line item that determine its class.
#[derive(Clone, Copy, Default)]
pub(super) struct ClassFields<'a> {
    pub(super) kind: Option<&'a str>,
    pub(super) description: Option<&'a str>,
    pub(super) product_code: Option<&'a str>,
    /// ARN of the Savings Plan.
    pub(super) plan: Option<&'a str>,
    /// ARN of the reservation.
    pub(super) reservation: Option<&'a str>,
    /// Whether its cost is negative.
    pub(super) negative: bool,
}

/// Returns the class of a line item. Only fees and refunds need more than their type.
pub(super) fn classify(line: &ClassFields<'_>) -> Class {
    match line.kind.and_then(LineItemType::of).map_or(Class::Unknown, |t| t.class) {
        Class::Fee => match if line.negative { line.fee_given_back() } else { line.fee_of() } {
            Some(Commitment::Plan) => Class::PlanUpfront,
            Some(Commitment::Reservation) => Class::ReservationUpfront,
            None => Class::Fee,
        },
        Class::Refund => match line.fee_given_back() {
            Some(Commitment::Plan) => Class::PlanRefund,
            Some(Commitment::Reservation) => Class::ReservationRefund,
            None => Class::Refund,
        },
        other => other,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Commitment {
    Plan,
    Reservation,
}

/// Description by AWS of the one-time fee of a reservation: "Sign up charge for subscription: …,
/// planId: …".
const SIGN_UP: &str = "sign up charge for subscription";
/// Words for Savings Plans in descriptions.
const OF_PLANS: &[&str] = &["savings plan", "savingsplan"];
/// Words for reservations of instances, nodes, and capacity in descriptions.
const OF_RESERVATIONS: &[&str] = &["reserved", "reservation", SIGN_UP];
/// Words for fees in descriptions.
const OF_FEES: &[&str] =
    &["fee", "upfront", "up-front", "one-time", "one time", "purchase", SIGN_UP];
/// Words that show that a refund is not for a one-time fee, though its product is a plan or it
/// names a reservation: a negotiated discount that is paid out as a refund; a recurring fee, whose
/// cost is on usage and the unused part; capacity reserved on demand, which has no such fee.
const OF_ELSE: &[&str] = &[
    "capacity reservation",
    "discount",
    "edp",
    "enterprise",
    "negotiated",
    "ppa",
    "private pric",
    "private rate",
    "program",
    "rebate",
    "recurring",
];

fn any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|w| text.contains(w))
}

impl ClassFields<'_> {
    fn text(&self) -> String {
        self.description.unwrap_or_default().to_lowercase()
    }

    /// Returns the commitment that identifiers or the product show.
    fn named(&self) -> Option<Commitment> {
        if self.reservation.is_some() {
            return Some(Commitment::Reservation);
        }
        (self.plan.is_some() || self.product_code.is_some_and(is_plan_product))
            .then_some(Commitment::Plan)
    }

    /// Returns the commitment of a one-time fee. A fee that only mentions reservations is not one:
    /// its cost would be lost.
    fn fee_of(&self) -> Option<Commitment> {
        self.named().or_else(|| self.text().contains(SIGN_UP).then_some(Commitment::Reservation))
    }

    /// Returns the commitment whose one-time fee is refunded: by identifiers or the product, else
    /// by a description that mentions both a commitment and a fee. Refunds of returned plans have
    /// no ARN, and the product of plans also has refunds of negotiated discounts, so that
    /// descriptions decide (Cloud Intelligence Dashboards, changes 1112 and 1515).
    fn fee_given_back(&self) -> Option<Commitment> {
        let text = self.text();
        let speaks_of_fees = any(&text, OF_FEES);
        let word = |word: &str| text.split(|c: char| !c.is_alphanumeric()).any(|w| w == word);
        let of_else = OF_ELSE.iter().any(|w| if w.len() <= 3 { word(w) } else { text.contains(w) });
        if of_else || (text.contains("usage") && !speaks_of_fees) {
            return None;
        }
        let described = || {
            let of = |words, commitment| any(&text, words).then_some(commitment);
            of(OF_PLANS, Commitment::Plan).or_else(|| of(OF_RESERVATIONS, Commitment::Reservation))
        };
        self.named().or_else(|| described().filter(|_| speaks_of_fees))
    }
}

/// Returns whether a product is a kind of Savings Plans: `ComputeSavingsPlans`,
/// `MachineLearningSavingsPlans`, `DatabaseSavingsPlans`.
fn is_plan_product(code: &str) -> bool {
    let folded: String = folded(code).collect();
    folded.ends_with("savingsplans")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_sorted_and_each_class_has_one_rule() {
        assert!(LINE_ITEM_TYPES.windows(2).all(|t| t[0].name < t[1].name));
        for rule in RULES {
            assert_eq!(
                RULES.iter().filter(|r| r.class == rule.class).count(),
                1,
                "{:?}",
                rule.class
            );
        }
        let codes: Vec<i32> = RULES.iter().map(|r| r.class.code()).collect();
        assert_eq!(codes, (0..17).collect::<Vec<_>>());
    }

    #[test]
    fn words_are_compared_without_case_blanks_and_separators() {
        for word in [
            "SavingsPlanNegation",
            "savingsplannegation",
            " Savings Plan Negation ",
            "SAVINGS_PLAN_NEGATION",
        ] {
            assert_eq!(
                LineItemType::of(word).map(|t| t.name),
                Some("SavingsPlanNegation"),
                "{word}"
            );
        }
        assert!(
            LineItemType::of("SavingsPlanNegations").is_none() && LineItemType::of("").is_none()
        );
    }

    fn refund(description: &str, product: &str) -> Class {
        let (description, product_code) =
            (Some(description), Some(product).filter(|p| !p.is_empty()));
        classify(&ClassFields {
            kind: Some("Refund"),
            description,
            product_code,
            ..ClassFields::default()
        })
    }

    #[test]
    fn refunds_of_one_time_fees_are_distinguished_from_all_others() {
        // As in live reports: Cloud Intelligence Dashboards, change 1515.
        let returned = "Refund for one-time fee for Savings Plan ID: 1a2b";
        for product in
            ["ComputeSavingsPlans", "MachineLearningSavingsPlans", "databasesavingsplans", ""]
        {
            assert_eq!(refund(returned, product), Class::PlanRefund, "{product}");
        }
        assert_eq!(refund("", "ComputeSavingsPlans"), Class::PlanRefund);
        for (text, product) in [
            ("Refund for upfront fee of Reserved Instances", "AmazonEC2"),
            ("Refund: Sign up charge for subscription: 123, planId: 456", "AmazonRDS"),
            ("Refund of the reserved node one-time fee", "AmazonElastiCache"),
        ] {
            assert_eq!(refund(text, product), Class::ReservationRefund, "{text}");
        }
        for (text, product) in [
            ("Enterprise Discount Program refund", "ComputeSavingsPlans"),
            (
                "EDP Discount refund for one-time fee for Savings Plan ID: 1a2b",
                "ComputeSavingsPlans",
            ),
            ("PPA refund for May", "ComputeSavingsPlans"),
            ("Refund for recurring fee for Savings Plan ID: 1a2b", "ComputeSavingsPlans"),
            ("Refund of EC2 usage after a Savings Plan expired", "AmazonEC2"),
            ("Refund of usage on demand", "ComputeSavingsPlans"),
            ("Refund for EC2", "AmazonEC2"),
            ("Refund of a capacity reservation fee", "AmazonEC2"),
            ("Refund of a support fee", "AWSSupportBusiness"),
            ("", "AmazonEC2"),
        ] {
            assert_eq!(refund(text, product), Class::Refund, "{text}");
        }
        // `edp` is a word, not a part of one.
        assert_eq!(
            refund("Refund for one-time fee, speedp", "ComputeSavingsPlans"),
            Class::PlanRefund
        );
        let arn = ClassFields {
            kind: Some("refund"),
            reservation: Some("arn:ri"),
            ..ClassFields::default()
        };
        assert_eq!(classify(&arn), Class::ReservationRefund);
        let arn =
            ClassFields { kind: Some("Refund"), plan: Some("arn:sp"), ..ClassFields::default() };
        assert_eq!(classify(&arn), Class::PlanRefund);
    }

    #[test]
    fn fees_of_commitments_are_distinguished_from_all_others() {
        let fee = |description, reservation, negative| {
            classify(&ClassFields {
                kind: Some("Fee"),
                description,
                reservation,
                negative,
                ..ClassFields::default()
            })
        };
        let sign_up = "Sign up charge for subscription: 123, planId: 456";
        for negative in [false, true] {
            assert_eq!(fee(None, Some("arn:ri"), negative), Class::ReservationUpfront);
            assert_eq!(fee(Some(sign_up), None, negative), Class::ReservationUpfront);
            assert_eq!(fee(Some("AWS Support (Business)"), None, negative), Class::Fee);
            assert_eq!(fee(Some("AWS Marketplace upfront fee"), None, negative), Class::Fee);
            assert_eq!(fee(None, None, negative), Class::Fee);
        }
        let given_back = Some("Reserved Instance upfront fee returned");
        assert_eq!(
            (fee(given_back, None, true), fee(given_back, None, false)),
            (Class::ReservationUpfront, Class::Fee)
        );
    }
}
