//! Interface endpoints for S3 and `DynamoDB`, which also have free gateway endpoints.
//!
//! In:  inventory `vpc-endpoint` rows; monthly resource rows of `VpcEndpoint-Hours`.
//! Out: one `Remove` opportunity per endpoint.
//! Not here: endpoints without traffic (see `idle_vpc_endpoint`), and traffic through NAT gateways
//! (see `nat_traffic_to_endpoints`).

use rust_decimal::Decimal;

use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse};
use crate::checks::aws::lines;
use crate::checks::aws::meter::kind;
use crate::checks::shared::uncertain::{SUCCESS, uncertain};
use crate::checks::shared::{cost_now, expected};
use crate::cloud::Provider;
use crate::cloud::aws::filter;
use crate::inventory::{Resource, detail, short_id};
use crate::opportunity::{Action, Draft};
use crate::runbook::shell_word;
use crate::tradeoff::{Level, TradeOff};

/// The last part of the names of services with gateway endpoints.
const SERVICES: [&str; 2] = ["s3", "dynamodb"];

/// The check that [`META`] describes.
pub(in crate::checks) struct ReplaceableInterfaceEndpoint;

static META: CheckMeta = CheckMeta {
    id: "replaceable_interface_endpoint",
    provider: Some(Provider::Aws),
    service: "vpc",
    title: "Interface endpoints that a free gateway endpoint can replace",
    group: Group::Network,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["ec2:DescribeVpcEndpoints"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 1,
    thresholds: &[SUCCESS],
    docs: "\
## What it finds
Interface endpoints for Amazon S3 or DynamoDB. They are billed by zone and hour and by GB. A gateway endpoint does the same for resources in the VPC and
is free.
## How the saving is computed
Per month of 730 h: EffectiveCost of the endpoint's hours and bytes. `low` is 0, because callers outside the VPC need the interface endpoint.
`expected` is 50 % of what is possible (`success_pct`).
## Trade-offs
A gateway endpoint works only inside its VPC. Callers on premises, in peered VPCs, or behind a transit gateway still need the interface endpoint.
Connections that are open when the routes change are interrupted once.
## Source
Amazon S3 User Guide, \"AWS PrivateLink for Amazon S3\" (types of endpoints); AWS Prescriptive Guidance, AWS Startup Security Baseline, WKLD.12.
Read 2026-11.",
};

impl Check for ReplaceableInterfaceEndpoint {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for used in cx.named_once(|u| kind(u) == "VpcEndpoint-Hours", &mut out)? {
            let known = cx.resource(&used.resource_id);
            let has = known.and_then(|e| Some((e, e.get(detail::SERVICE_NAME)?)));
            match has {
                None => out.skip(&used.resource_id, "its service is missing from the inventory"),
                Some((endpoint, service)) if is_replaceable(endpoint, service) => {
                    judge(cx, used, endpoint, service, &mut out)?;
                }
                Some(_) => {}
            }
        }
        Ok(out)
    }
}

/// Returns whether it is an interface endpoint for a service that has gateway endpoints.
fn is_replaceable(endpoint: &Resource, service: &str) -> bool {
    let is_interface = endpoint.get(detail::ENDPOINT_TYPE) == Some("Interface");
    is_interface && service.rsplit('.').next().is_some_and(|last| SERVICES.contains(&last))
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    endpoint: &Resource,
    service: &str,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let mut claims = cx.claims(&used.resource_id, |_| true, Decimal::ONE)?;
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let certainty = uncertain(cx, &META, &mut claims)?;
    let (id, of_service) = (shell_word(short_id(&used.resource_id)), shell_word(service));
    let network = endpoint.get(detail::VPC_ID).unwrap_or("VPC");
    let draft =
        Draft::new(META.id, Action::Remove, &used.resource_id, cx.scope_of(used), trade_off(cx))
            .title(format!("Reach {service} from {network} through a free gateway endpoint"))
            .evidence("service", service, "inventory")
            .evidence("type", "Interface", "inventory")
            .facts([cost_now(cx, &claims)?])
            .facts(certainty)
            .claims(claims)
            .rollout(&[
                "create the gateway endpoint for the route tables of the subnets that use the endpoint",
                "add the other route tables: run the script again with them. It names those that are missing",
                "outside busy hours: the script then turns off private DNS of the interface endpoint, which is for the complete VPC",
                "a week later, the script deletes the interface endpoint",
            ]);
    let draft = script(draft, (&id, &of_service), network)
            .watch("errors of calls to the service from the VPC and from connected networks, for a week")
            .terraform("aws_vpc_endpoint: vpc_endpoint_type = \"Gateway\" with route_table_ids instead of subnet_ids");
    out.opportunities.push(draft.finish(cx.currency())?);
    Ok(())
}

/// Days from the first step, with the gateway endpoint and without private DNS, to the deletion.
const WEEK: u32 = 7;

/// Adds the commands: a gateway endpoint for route tables; once all tables of the VPC have it, no
/// private DNS of the interface endpoint; a week later, its deletion. The rollback restores the
/// private DNS, or creates the endpoint again.
fn script(draft: Draft, (id, service): (&str, &str), vpc: &str) -> Draft {
    let private_dns = |option: &str| {
        format!(
            "[ \"$PRIVATE_DNS\" != True ] || aws ec2 modify-vpc-endpoint --vpc-endpoint-id {id} {option}"
        )
    };
    let describe = format!("aws ec2 describe-vpc-endpoints --vpc-endpoint-ids {id}");
    draft
        .run(format!("save endpoint.json {describe}"))
        .run(lines::save_endpoint(id))
        .run(lines::keep("PRIVATE_DNS", &describe, "VpcEndpoints[0].PrivateDnsEnabled"))
        .run(lines::first_step(
            "replaced.txt",
            &format!("{}\n{}", gateway(service, vpc), private_dns("--no-private-dns-enabled")),
            WEEK,
            ("the gateway endpoint takes over", "delete the interface endpoint"),
        ))
        .run(format!("aws ec2 delete-vpc-endpoints --vpc-endpoint-ids {id}\ntouch deleted.txt"))
        .undo(". ./ids.sh")
        .undo(format!(
            "if [ -e deleted.txt ]; then\n\
             once AGAIN aws ec2 create-vpc-endpoint --cli-input-json file://again.json --query VpcEndpoint.VpcEndpointId --output text\n\
             else\n{}\nfi",
            private_dns("--private-dns-enabled")
        ))
        .undo("[ -z \"${GATEWAY:-}\" ] || aws ec2 delete-vpc-endpoints --vpc-endpoint-ids \"$GATEWAY\"")
}

/// Returns the lines that create the gateway endpoint, or add route tables to it. They end the script
/// while route tables of the VPC are missing, because their subnets would lose the service: private
/// DNS is a property of the VPC, and a gateway endpoint serves only the subnets of its route tables.
/// While private DNS is on, the gateway endpoint has no effect.
///
/// Source: Amazon VPC User Guide, AWS `PrivateLink`, "Gateway endpoints" (routes by route table; the
/// private DNS of an interface endpoint resolves to its own addresses). Read 2026-11.
fn gateway(service: &str, vpc: &str) -> String {
    let in_it = "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids \"$GATEWAY\" --query 'VpcEndpoints[0].RouteTableIds' --output text";
    format!(
        "[ -n \"${{GATEWAY:-}}\" ] || : \"${{TABLES:?set it to the route tables of the subnets that use the endpoint, with a space between them}}\"\n\
         once GATEWAY aws ec2 create-vpc-endpoint --vpc-endpoint-type Gateway --vpc-id {vpc} --service-name {service} --route-table-ids $(echo \"${{TABLES:-}}\") --query VpcEndpoint.VpcEndpointId --output text\n\
         HAS=$({in_it})\n\
         for TABLE in $(echo \"${{TABLES:-}}\"); do\n\
         printf '%s' \"$HAS\" | grep -qw -e \"$TABLE\" || aws ec2 modify-vpc-endpoint --vpc-endpoint-id \"$GATEWAY\" --add-route-table-ids \"$TABLE\"\n\
         done\n\
         HAS=$({in_it})\n\
         ALL=$(aws ec2 describe-route-tables {} --query 'RouteTables[].RouteTableId' --output text)\n\
         : \"${{ALL:?the route tables of the VPC are not visible}}\"\n\
         LEFT=''\n\
         for TABLE in $(echo \"$ALL\"); do\n\
         printf '%s' \"$HAS\" | grep -qw -e \"$TABLE\" || LEFT=\"$LEFT $TABLE\"\n\
         done\n\
         [ -z \"$LEFT\" ] || : \"${{ALL_TABLES:?these route tables lack the gateway endpoint:$LEFT. Set TABLES to those whose subnets use the service, or ALL_TABLES to yes if none of them does, and run this again}}\"",
        filter("vpc-id", vpc),
        vpc = shell_word(vpc),
    )
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "callers outside the VPC lose their way to the service";
    TradeOff::new(Level::Medium, Level::Medium, reason, cx.currency())
        .reliability("none for callers in the VPC")
        .no_downtime("none, except for connections that are open when the routes change")
        .test_first(&[
            "check DNS and flow logs of the endpoint's interfaces for callers outside the VPC",
            "search for policies with aws:SourceVpce that name the endpoint",
        ])
        .rollback(&["turn private DNS on again or, after a week, create the interface endpoint again in the saved subnets; then delete the gateway endpoint"])
}
