//! Image repositories that grow every month.
//!
//! In:  monthly resource rows of `TimedStorage-ByteHrs` of Amazon ECR.
//! Out: one `Modify` opportunity per repository: a lifecycle policy.

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, ResourceUse, Threshold};
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, Look, PlainCheck};
use crate::checks::shared::uncertain::SUCCESS;
use crate::cloud::Provider;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const SIZE: Threshold = chosen(
    "least_gb",
    50.0,
    "GB",
    "stored images",
    "the month under review",
    "chosen: 5 USD a month at the list price of 0.10 USD per GB",
);
const GROWTH: Threshold = chosen(
    "growth_pct",
    20.0,
    "%",
    "growth of the stored images",
    "from two months before to the month under review",
    "chosen: this doubles the storage within eight months",
);
/// Months that must each be larger than the one before.
const MONTHS: usize = 3;
/// Expires untagged images two weeks after they were pushed. Amazon ECR User Guide, "Examples of
/// lifecycle policies in Amazon ECR".
const POLICY: &str = r#"{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":14},"action":{"type":"expire"}}]}"#;

static META: CheckMeta = CheckMeta {
    id: "growing_image_repository",
    provider: Some(Provider::Aws),
    service: "ecr",
    title: "Image repositories that grow every month",
    group: Group::Storage,
    since: "0.2.0",
    needs: &[],
    permissions: &["ecr:DescribeRepositories", "ecr:GetLifecyclePolicy"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 3,
    thresholds: &[SIZE, GROWTH, SUCCESS],
    docs: "\
## What it finds
Amazon ECR repositories of at least the threshold's size that grew in each of the last two months, by the threshold's share in total. A lifecycle
policy that removes old images would stop this growth. Needs only the bill, which does not show whether there is a policy.
## How the saving is computed
Per month: EffectiveCost of the storage × (1 − size two months before ÷ size now). `low` is 0, because only a preview of the policy shows which
images it removes. What the growth would cost in the future is not part of it. `expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
Expired images are lost permanently. An image that a task or pod still uses by its digest can no longer be pulled.
## Source
Amazon ECR User Guide, \"Creating a lifecycle policy for a repository in Amazon ECR\"; Amazon ECR pricing. Read 2026-11.",
};

/// Returns whether a usage is the storage of a private repository.
fn is_images(used: &ResourceUse) -> bool {
    let of_registry = used
        .service_name
        .as_deref()
        .is_some_and(|s| s.contains("Container Registry") || s == "AmazonECR");
    of_registry && kind(used) == "TimedStorage-ByteHrs"
}

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: is_images,
    look,
    trade_off,
    runbook: |draft, _, used| {
        let id = shell_word(name(used));
        let policy = shell_word(POLICY);
        draft
            .rollout(&["preview the policy in one repository and look at what it would remove", "set it there; other repositories follow a week later"])
            .run(format!("aws ecr start-lifecycle-policy-preview --repository-name {id} --lifecycle-policy-text {policy}"))
            .run(format!("until_is COMPLETE 30 aws ecr get-lifecycle-policy-preview --repository-name {id} --query status --output text"))
            .run(format!("save removed.json aws ecr get-lifecycle-policy-preview --repository-name {id}"))
            .run(former(&id))
            .run(format!("aws ecr put-lifecycle-policy --repository-name {id} --lifecycle-policy-text {policy}"))
            .undo(format!("if [ \"$(cat before.txt)\" = none ]; then\naws ecr delete-lifecycle-policy --repository-name {id}\nelse"))
            .undo(format!("aws ecr put-lifecycle-policy --repository-name {id} --lifecycle-policy-text file://before.txt\nfi"))
            .watch("CannotPullContainerError of tasks and ImagePullBackOff of pods, for a week")
            .terraform("add an aws_ecr_lifecycle_policy")
    },
};

/// Returns the name of a repository: the part of its ARN after `repository/`.
fn name(used: &ResourceUse) -> &str {
    let of_arn = used.resource_id.split_once(":repository/");
    of_arn.map_or(&used.resource_id, |(_, name)| name)
}

/// Compares the sizes of the last three months.
fn look(cx: &Context<'_>, used: &ResourceUse) -> Look {
    if used.months.len() < MONTHS {
        return Ok(None);
    }
    let sizes = used.months.iter().take(MONTHS).map(|m| m.quantity).collect::<Option<Vec<_>>>();
    let sizes = sizes.ok_or("its size cannot be determined: PricingQuantity is missing")?;
    let grew = sizes.windows(2).all(|pair| pair[0] > pair[1]);
    let (Some(now), Some(then)) = (sizes.first(), sizes.last()) else { return Ok(None) };
    let least = Decimal::ONE + cx.decimal(META.id, &GROWTH) / Decimal::ONE_HUNDRED;
    if !grew || *now < cx.decimal(META.id, &SIZE) || *now < then * least {
        return Ok(None);
    }
    let gb = |size: &Decimal| format!("{} GB", size.round_dp(0));
    Ok(Some(Found {
        share: Decimal::ONE - then.checked_div(*now).unwrap_or(Decimal::ONE),
        uncertain: true,
        title: format!("Expire old images of {}", name(used)),
        facts: vec![
            Evidence::new("stored two months before", gb(then), "bill"),
            Evidence::new("stored now", gb(now), "bill"),
        ],
        change: None,
    }))
}

/// Returns the lines that save the repository's policy, which the new one replaces, once.
fn former(id: &str) -> String {
    format!(
        "if [ ! -e before.txt ]; then\n\
         if aws ecr get-lifecycle-policy --repository-name {id} --query lifecyclePolicyText --output text > policy.txt 2> error.txt; then\n\
         mv policy.txt before.txt\n\
         elif grep -q LifecyclePolicyNotFoundException error.txt; then\n\
         echo none > before.txt\n\
         else\ncat error.txt >&2\nexit 1\nfi\nfi"
    )
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "an expired image that something still uses cannot be pulled again";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .effect("within 24 hours of the policy")
        .undo(Reversibility::Irreversible)
        .test_first(&[
            "read the existing policy, which this one replaces: aws ecr get-lifecycle-policy",
            "compare the preview with the images that services and nodes use, by digest",
        ])
        .rollback(&["set the former policy again, or delete the new one: nothing more expires; expired images must be built and pushed again"])
        .caveats(&["only untagged images: tagged images need a rule that fits your release names"])
}
