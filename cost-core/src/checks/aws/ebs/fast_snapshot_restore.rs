//! Snapshots with fast snapshot restore.
//!
//! In:  monthly resource rows of `EBS:FastSnapshotRestore`.
//! Out: one `Modify` opportunity per snapshot. The snapshot itself stays.
//! Not here: the storage of snapshots (see `orphaned_snapshot` and `archivable_snapshot`).

use rust_decimal::Decimal;

use crate::check::{CheckMeta, Context, Group, Threshold};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::chosen;
use crate::checks::shared::plain::{Found, PlainCheck};
use crate::cloud::Provider;
use crate::cloud::aws::filter;
use crate::inventory::short_id;
use crate::opportunity::{Action, Evidence};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

const HOURS: Threshold = chosen(
    "enabled_hours",
    168.0,
    "zone-hours",
    "EBS:FastSnapshotRestore",
    "the month under review",
    "chosen (ADR 0005): a week, as for addresses; a test or a single restore takes less",
);

static META: CheckMeta = CheckMeta {
    id: "fast_snapshot_restore",
    provider: Some(Provider::Aws),
    service: "ebs",
    title: "Fast snapshot restore that stays on",
    group: Group::Idle,
    since: "0.2.0",
    needs: &[],
    permissions: &["ec2:DescribeFastSnapshotRestores"],
    columns: &["ResourceId", "SkuMeter", "PricingQuantity"],
    history_months: 1,
    thresholds: &[HOURS],
    docs: "\
## What it finds
Snapshots for which fast snapshot restore was on for the threshold or longer, counted in hours × Availability Zones. It is billed for each zone as
long as it is on, whether or not volumes are created. Needs only the bill.
## How the saving is computed
Per month of 730 h: EffectiveCost of fast snapshot restore. The storage of the snapshot stays and is not part of it.
## Trade-offs
Volumes that are created from the snapshot read each block from S3 at its first use, so they are slow at first. Auto Scaling groups and recovery
plans that depend on fast first starts need the setting.
## Source
Amazon EBS User Guide, \"Amazon EBS fast snapshot restore\" (billing by minute, snapshot, and zone). Read 2026-11.",
};

pub(in crate::checks) static CHECK: PlainCheck = PlainCheck {
    meta: &META,
    action: Action::Modify,
    wanted: |u| kind(u) == "EBS:FastSnapshotRestore",
    look: |cx, used| {
        let hours = used
            .now()
            .quantity
            .ok_or("its hours cannot be determined: PricingQuantity is missing")?;
        Ok((hours >= cx.decimal(META.id, &HOURS)).then(|| Found {
            share: Decimal::ONE,
            uncertain: false,
            title: format!("Turn off fast restore of {}", short_id(&used.resource_id)),
            facts: vec![Evidence::new(
                "fast restore was on",
                format!("{} zone-hours in the month", hours.round_dp(0)),
                "bill",
            )],
            change: Some(("fast snapshot restore", "on".to_owned(), "off".to_owned())),
        }))
    },
    trade_off,
    runbook: |draft, _, used| {
        let short = short_id(&used.resource_id);
        let id = shell_word(short);
        let of_snapshot = filter("snapshot-id", short);
        let list = format!("aws ec2 describe-fast-snapshot-restores {of_snapshot}");
        draft
            .rollout(&["turn it off in one zone, create a volume there, and measure its first start", "then turn it off in the other zones"])
            .run(format!("save zones.json {list}"))
            .run(lines::keep("ZONES", &list, "FastSnapshotRestores[?State=='enabled'].AvailabilityZone"))
            .run(format!("aws ec2 disable-fast-snapshot-restores --source-snapshot-ids {id} --availability-zones $(echo \"$ZONES\")"))
            .undo(format!(". ./ids.sh\naws ec2 enable-fast-snapshot-restores --source-snapshot-ids {id} --availability-zones $(echo \"$ZONES\")"))
            .watch("start time of instances whose volumes come from the snapshot")
            .terraform("remove its aws_ebs_fast_snapshot_restore")
    },
};

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "new volumes from the snapshot are slow until each block was read once";
    TradeOff::new(Level::Low, Level::Medium, reason, cx.currency())
        .reliability("recovery and scaling that create volumes from the snapshot take longer; data and snapshot do not change")
        .test_first(&[
            "list launch templates, AMIs, and recovery plans that use the snapshot",
            "create a volume from a copy of the snapshot without fast restore, and measure the first start",
        ])
        .rollback(&["turn it on again for the same zones: it takes 60 minutes per TiB until volumes are fast"])
}
