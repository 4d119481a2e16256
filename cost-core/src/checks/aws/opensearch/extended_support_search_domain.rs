//! `OpenSearch` domains that pay extended support for an old version.
//!
//! In:  monthly resource rows of `OpenSearchExtendedSupport`.
//! Out: one `Modify` opportunity per domain.

use crate::check::{CheckMeta, Group};
use crate::checks::aws::extended_support::{is_of, upgrade, upgrade_trade_off};
use crate::checks::shared::plain::{PlainCheck, name_of};
use crate::checks::shared::rollout::tested;
use crate::cloud::Provider;
use crate::cloud::aws::arn::last_part;
use crate::opportunity::Action;
use crate::runbook::shell_word;

static META: CheckMeta = CheckMeta {
    id: "extended_support_search_domain",
    provider: Some(Provider::Aws),
    service: "opensearch",
    title: "OpenSearch domains that pay for extended support",
    group: Group::Modernization,
    since: "0.2.0",
    needs: &[],
    permissions: &["es:DescribeDomain"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[],
    docs: "\
## What it finds
OpenSearch Service domains with usage of `OpenSearchExtendedSupport`: their version of Elasticsearch or OpenSearch is past the end of standard support
(the first ones: 2025-11-07), and every normalized instance hour costs extra. Needs only the bill.
## How the saving is computed
Per month of 730 h: the EffectiveCost of this usage.
## Trade-offs
An upgrade of the domain by a blue/green deployment. It cannot be undone in place. Old clients may need a new version first.
## Source
Amazon OpenSearch Service Developer Guide, \"Supported versions of Elasticsearch and OpenSearch\" (standard and extended support) and \"Upgrading
Amazon OpenSearch Service domains\"; AWS Price List, AmazonES (usage types). Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| is_of(u, "OpenSearch"),
    look: |cx, used| Ok(Some(upgrade(cx, used, &format!("domain {}", name_of(cx, used))))),
    trade_off: |cx| {
        upgrade_trade_off(cx, "none for most upgrades; the domain has more load while the blue/green deployment copies shards")
            .caveats(&["several steps may be needed, such as Elasticsearch 6.8, then 7.10, then OpenSearch"])
    },
    runbook: |draft, _, used| {
        let id = shell_word(last_part(&used.resource_id));
        let upgrade = format!(
            "aws opensearch upgrade-domain --domain-name {id} --target-version \"$VERSION\""
        );
        let status = format!(
            "until_is 'SUCCEEDED|SUCCEEDED_WITH_ISSUES' 1440 aws opensearch get-upgrade-status --domain-name {id} --query StepStatus --output text"
        );
        tested(draft, "domain")
            .rollout(&["upgrade by one version step at a time, days apart"])
            .run(format!("save domain.json aws opensearch describe-domain --domain-name {id}"))
            .run(format!("aws opensearch get-compatible-versions --domain-name {id}"))
            .run(": \"${VERSION:?set VERSION to the next version, such as OpenSearch_2.19}\"")
            .run(": \"${SNAPSHOT_DONE:?set SNAPSHOT_DONE to yes when a snapshot of all indexes is complete in your S3 repository}\"")
            .run(format!("{upgrade} --perform-check-only"))
            .run(&status)
            .run(format!("{upgrade} --no-perform-check-only"))
            .run(status)
            .watch("failed searches and writes, JVMMemoryPressure, and latency, for a week")
            .terraform("aws_opensearch_domain: engine_version")
    },
};
