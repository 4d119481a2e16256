//! Traffic to the internet that the free allowance of `CloudFront` would serve.
//!
//! In:  monthly resource rows of `DataTransfer-Out-Bytes` of buckets and load balancers, and usage
//!      of `CloudFront`.
//! Out: one `Modify` opportunity per bucket or load balancer, until the allowance is used.

use rust_decimal::Decimal;

use crate::check::{
    Check, CheckError, CheckMeta, CheckOutput, Context, Group, ResourceUse, Threshold,
};
use crate::checks::aws::lines;
use crate::checks::aws::meter::{kind, text};
use crate::checks::shared::plain::name_of;
use crate::checks::shared::uncertain::{SUCCESS, uncertain};
use crate::checks::shared::{chosen, cost_now, expected};
use crate::cloud::Provider;
use crate::opportunity::{Action, Draft};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, Reversibility, TradeOff};

const FREE: Threshold = chosen(
    "free_gb",
    1024.0,
    "GB",
    "traffic of CloudFront that is free in a month",
    "the month under review",
    "Amazon CloudFront pricing: 1 TB of data transfer out and 10,000,000 requests a month are always free, per organization",
);
const LEAST: Threshold = chosen(
    "least_gb",
    100.0,
    "GB",
    "traffic to the internet",
    "the month under review",
    "chosen: less does not pay for a distribution",
);

/// The check that [`META`] describes.
pub(in crate::checks) struct EgressWithoutCloudfront;

static META: CheckMeta = CheckMeta {
    id: "egress_without_cloudfront",
    provider: Some(Provider::Aws),
    service: "vpc",
    title: "Traffic to the internet without CloudFront",
    group: Group::Network,
    since: "0.2.0",
    needs: &[],
    permissions: &["cloudfront:ListDistributions"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[FREE, LEAST, SUCCESS],
    docs: "\
## What it finds
Buckets and Application Load Balancers that send at least 100 GB a month to the internet, while CloudFront serves less than the 1 TB a month that is always free.
Traffic from AWS to CloudFront is free too. Those with the most traffic come first, until the allowance is used. Needs only the bill.
## How the saving is computed
Per month of 730 h: EffectiveCost of the traffic × the share of it that fits into what is left of the allowance. `low` is 0, because more than
10,000,000 requests are billed. Fewer requests to the bucket and traffic above the allowance, whose price is up to 6 % lower, are not part of it.
`expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
A DNS change, and caching rules that must match the content. In exchange, pages load faster, and the origin has less load.
## Source
Amazon CloudFront pricing (always free allowance; no charge for transfer from AWS origins). Amazon EC2 pricing, \"Data Transfer OUT from Amazon EC2 To
Internet\". Read 2026-11.",
};

fn is_egress(used: &ResourceUse) -> bool {
    kind(used) == "DataTransfer-Out-Bytes" && (is_bucket(used) || is_balancer(used))
}

fn is_bucket(used: &ResourceUse) -> bool {
    used.service_name.as_deref().is_some_and(|s| s.contains("Simple Storage Service"))
}

fn is_balancer(used: &ResourceUse) -> bool {
    used.resource_id.contains(":loadbalancer/app/")
}

/// Returns whether a usage is traffic from `CloudFront` to the internet, such as
/// `US-DataTransfer-Out-Bytes`.
fn is_served(used: &ResourceUse) -> bool {
    text(used).ends_with("DataTransfer-Out-Bytes")
        && used.service_name.as_deref().is_some_and(|s| s.contains("CloudFront"))
}

impl Check for EgressWithoutCloudfront {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        let served: Option<Decimal> = cx.used(is_served).map(|u| u.now().quantity).sum();
        let Some(served) = served else {
            return Ok(CheckOutput::skip_all("PricingQuantity of CloudFront traffic is unknown"));
        };
        let mut left = cx.decimal(META.id, &FREE) - served;
        let least = cx.decimal(META.id, &LEAST);
        let mut all: Vec<(Decimal, &ResourceUse)> = Vec::new();
        for used in cx.named_once(is_egress, &mut out)? {
            let sent = cx.of_resource(&used.resource_id).iter().filter(|u| is_egress(u));
            match sent.map(|u| u.now().quantity).sum::<Option<Decimal>>() {
                Some(gb) if gb >= least => all.push((gb, used)),
                Some(_) => {}
                None => out.skip(
                    &used.resource_id,
                    "its traffic cannot be determined: PricingQuantity is missing",
                ),
            }
        }
        all.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.resource_id.cmp(&y.resource_id)));
        for (gb, used) in all {
            if left < least {
                break;
            }
            judge(cx, used, (gb, gb.min(left)), &mut out)?;
            left -= gb;
        }
        Ok(out)
    }
}

/// Evaluates one resource. `free` is the part of its traffic that the allowance serves.
fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    (gb, free): (Decimal, Decimal),
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let share = free.checked_div(gb).unwrap_or_default().round_dp(12);
    let mut claims = cx.claims(&used.resource_id, is_egress, share)?;
    let share_expected = uncertain(cx, &META, &mut claims)?;
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let draft =
        Draft::new(META.id, Action::Modify, &used.resource_id, cx.scope_of(used), trade_off(cx))
            .title(format!("Serve {} through CloudFront", name_of(cx, used)))
            .evidence("traffic to the internet, GB", gb.round_dp(0).normalize(), "bill")
            .evidence("of it free with CloudFront, GB", free.round_dp(0).normalize(), "computed")
            .facts([cost_now(cx, &claims)?])
            .facts(share_expected)
            .claims(claims);
    out.opportunities.push(script(cx, draft, used).finish(cx.currency())?);
    Ok(())
}

/// Adds the commands that create a distribution, and those that disable it.
fn script(cx: &Context<'_>, draft: Draft, used: &ResourceUse) -> Draft {
    let origin = if is_bucket(used) {
        let bucket = shell_word(name_of(cx, used));
        format!("ORIGIN={bucket}.s3.\"$AWS_REGION\".amazonaws.com")
    } else {
        lines::keep(
            "ORIGIN",
            &format!(
                "aws elbv2 describe-load-balancers --load-balancer-arns {}",
                shell_word(&used.resource_id)
            ),
            "LoadBalancers[0].DNSName",
        )
    };
    let config = "aws cloudfront get-distribution-config --id \"$DISTRIBUTION\"";
    draft
        .rollout(&[
            "create the distribution, and set its caching rules, certificate, and names",
            "test it under its own name, then change the DNS record of a small part of the traffic",
            "for a bucket: allow only the distribution to read it, after all traffic has moved",
        ])
        .run(origin)
        .run(
            "once DISTRIBUTION aws cloudfront create-distribution --origin-domain-name \"$ORIGIN\" --query Distribution.Id --output text\n\
             aws cloudfront wait distribution-deployed --id \"$DISTRIBUTION\"",
        )
        .undo(". ./ids.sh")
        .undo(format!(
            "{config} --query 'merge(DistributionConfig, `{{\"Enabled\": false}}`)' > off.json"
        ))
        .undo(format!("ETAG=$({config} --query ETag --output text)"))
        .undo("aws cloudfront update-distribution --id \"$DISTRIBUTION\" --if-match \"$ETAG\" --distribution-config file://off.json")
        .watch("CacheHitRate, 4xx and 5xx rates of the distribution, and the traffic that still goes to the origin's name")
        .terraform("aws_cloudfront_distribution with the origin; aws_route53_record of the name")
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "wrong caching rules show old or foreign content";
    TradeOff::new(Level::Medium, Level::Medium, reason, cx.currency())
        .reliability("less load on the origin; the distribution is one more part in the path")
        .no_downtime("none: names move one by one with DNS")
        .undo(Reversibility::Reversible)
        .test_first(&[
            "count the requests: more than 10,000,000 a month are billed by CloudFront",
            "check which responses may be cached: none with a session or personal data",
        ])
        .rollback(&["point the DNS record to the origin again, then disable the distribution"])
        .caveats(&["private buckets with signed URLs need signed URLs of CloudFront"])
}
