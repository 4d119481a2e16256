//! Usage of other clouds causes no AWS opportunities, even if its usage types and IDs look like
//! those of AWS.

use std::collections::BTreeSet;

use super::cases::{CASES, Case, S3, by_team, team};
use super::world::{Line, World, day};
use crate::checks::{any, aws, registry};
use crate::cloud::Provider;
use crate::commitment::hours::{OwnedEstate, Window, hourly};
use crate::commitment::{SCAN, charges};
use crate::money::Currency;
use crate::opportunity::Opportunity;
use crate::price::PriceBook;
use crate::rollup::{RollUpOptions, roll_up_with};

/// Names that bills have for other clouds.
const OTHERS: [&str; 5] =
    ["Microsoft", "Google Cloud", "Oracle", "Harbor Cloud", "Amazonia Hosting"];

fn is_of_aws(check: &str) -> bool {
    let found = registry().iter().find(|c| c.meta().id == check);
    found.expect("a check of the registry").meta().provider == Some(Provider::Aws)
}

/// An estate in which an AWS check fires, with all usage from another cloud.
fn as_of(case: &Case, provider: &'static str) -> World {
    let mut world = (case.fires)();
    world.lines.iter_mut().for_each(|line| line.provider = provider);
    world
}

#[test]
fn no_check_of_aws_finds_anything_in_usage_of_another_cloud() {
    for case in CASES.iter().filter(|c| is_of_aws(c.check)) {
        for provider in OTHERS {
            let (found, _) = as_of(case, provider).run_these(registry());
            let of_aws: Vec<&str> =
                found.iter().map(|o| o.check.as_str()).filter(|c| is_of_aws(c)).collect();
            assert!(of_aws.is_empty(), "{provider}, {}: {of_aws:?}", case.check);
        }
    }
}

#[test]
fn usage_of_another_cloud_beside_it_changes_nothing_for_aws() {
    for case in CASES.iter().filter(|c| is_of_aws(c.check)) {
        let alone = (case.fires)();
        let mut beside = (case.fires)();
        beside.lines.extend(as_of(case, "Microsoft").lines);
        let (found, skipped) = alone.run(case.check);
        assert!(!found.is_empty(), "{}", case.check);
        assert_eq!(beside.run(case.check), (found, skipped), "{}", case.check);
    }
}

#[test]
fn a_marketplace_sellers_or_resellers_usage_is_of_the_cloud_that_its_provider_names() {
    let case = CASES.iter().find(|c| c.check == "unattached_volume").expect("a case");
    for provider in ["AWS", "Amazon Web Services, Inc.", "AWS Marketplace", ""] {
        let mut world = as_of(case, provider);
        world.lines.iter_mut().for_each(|line| line.service = "A seller's product");
        assert_eq!(world.run(case.check).0.len(), 1, "{provider}");
    }
}

/// Instances, Fargate, a database: usage that AWS commitments could cover.
fn coverable(provider: &'static str) -> World {
    let line = |id, usage| Line { provider, ..super::world::hourly(id, usage, "74.4") };
    World::new([
        line("i-1", "USE1-BoxUsage:t3.large"),
        line("arn:aws:ecs:us-east-1:1:task/web/0123", "Fargate-vCPU-Hours:perCPU"),
        line("arn:aws:rds:us-east-1:1:db:orders", "InstanceUsage:db.r5.large"),
    ])
}

#[test]
fn no_commitment_of_aws_could_pay_for_usage_of_another_cloud() {
    let prices = PriceBook::bundled().expect("prices");
    let window = Window { from: day("2026-10-01"), until: day("2026-11-01") };
    let of = |provider: &'static str| {
        let frame = coverable(provider).frame();
        let rollup = roll_up_with(&frame, RollUpOptions { commitments: Some(SCAN) }).expect("sums");
        let charges =
            charges(&rollup.commitments.expect("requested"), Currency::USD).expect("charges").len();
        let usage = hourly(&frame, window, &BTreeSet::new()).expect("hours");
        let estate = OwnedEstate::new(&usage, &prices, None).expect("an estate");
        (charges, usage.lines.len(), estate.lines.len())
    };
    assert_eq!(of("AWS"), (9, 3, 3), "three months of three; three in the window");
    for provider in OTHERS {
        assert_eq!(of(provider), (0, 0, 0), "{provider}");
    }
}

#[test]
fn each_check_is_in_the_folder_of_its_service() {
    let folders =
        aws::SERVICES.iter().map(|(service, checks)| (Some(Provider::Aws), *service, *checks));
    let mut count = 0;
    for (provider, service, checks) in folders.chain([(None, "any", any::CHECKS)]) {
        for check in checks {
            let meta = check.meta();
            assert_eq!((meta.provider, meta.service), (provider, service), "{}", meta.id);
            count += 1;
        }
    }
    assert_eq!(count, registry().len());
}

/// Words of advice of AWS that is not for this opportunity, if it has any.
fn words_of_aws(o: &Opportunity) -> Vec<&str> {
    let Opportunity { runbook, trade_off, title, subject, .. } = o;
    let lists = [
        &runbook.rollout,
        &runbook.commands,
        &runbook.rollback_commands,
        &runbook.watch,
        &runbook.terraform,
        &trade_off.test_first,
        &trade_off.rollback,
        &trade_off.caveats,
    ];
    let texts = lists.into_iter().flatten().chain([title, subject]);
    let words = texts.flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
    let of_aws = ["aws", "arn", "default_tags", "resourcegroupstaggingapi", "payer"];
    words.filter(|word| of_aws.iter().any(|of| word.eq_ignore_ascii_case(of))).collect()
}

#[test]
fn resources_without_an_owner_are_tagged_by_the_tools_of_their_cloud() {
    let of = |provider| Line { provider, ..team("i-1", "1000", "{}") };
    let (found, skipped) = by_team(["AWS"].into_iter().chain(OTHERS).map(of)).run("untagged_spend");
    // Providers that are no known cloud are one: of the same account and service here.
    let subjects: BTreeSet<&str> = found.iter().map(|o| o.subject.as_str()).collect();
    let ec2 = "Amazon Elastic Compute Cloud";
    let wanted = ["", " on Azure", " on Google Cloud", " on Oracle Cloud", " on another provider"];
    assert_eq!(
        subjects,
        wanted.map(|on| format!("{ec2}{on}")).iter().map(String::as_str).collect()
    );
    assert_eq!(found.iter().map(|o| &o.id).collect::<BTreeSet<_>>().len(), 5, "{skipped:?}");
    let script = |lines: &[String]| lines.get(2..).unwrap_or_default().join("\n");
    for o in &found {
        let (put, undo) = (script(&o.runbook.commands), script(&o.runbook.rollback_commands));
        let steps = o.runbook.rollout.join("\n");
        match o.scope.provider.expect("the provider of the usage") {
            Provider::Aws => {
                assert!(put.contains("(aws resourcegroupstaggingapi tag-resources "), "{put}");
                continue;
            }
            Provider::Azure => {
                assert!(put.starts_with("ACCOUNT=$(az account show "), "{put}");
                let command = "\naz tag update --resource-id \"$RESOURCE\" --operation Merge --tags team=\"$VALUE\"\ndone\n)";
                assert!(put.ends_with(command), "{put}");
                assert!(undo.ends_with(&command.replace("Merge", "Delete")), "{undo}");
            }
            _ => {
                assert_eq!([&put, &undo], ["", ""]);
                assert!(steps.contains("`team` on each resource"), "{steps}");
            }
        }
        assert_eq!(words_of_aws(o), Vec::<&str>::new(), "{o:?}");
    }
}

#[test]
fn spellings_are_corrected_by_the_tools_of_the_cloud_that_has_them() {
    let of = |provider, cost, tags| Line { provider, ..team("i-1", cost, tags) };
    let (mut found, skipped) = by_team([
        of("AWS", "100", r#"{"team": "Data Platform"}"#),
        of("AWS", "10", r#"{"team": "web"}"#),
        of("Microsoft", "50", r#"{"team": "Data Platform"}"#),
        of("Microsoft", "40", r#"{"team": "data-platform"}"#),
        of("Google Cloud", "30", r#"{"team": "data_platform"}"#),
    ])
    .run("inconsistent_tag_values");
    found.sort_by(|a, b| a.subject.cmp(&b.subject));
    assert_eq!(
        found.iter().map(|o| o.title.as_str()).collect::<Vec<_>>(),
        [
            "Use `Data Platform` for tag team instead of `data-platform` on Azure",
            "Use `Data Platform` for tag team instead of `data_platform` on Google Cloud",
        ],
        "{skipped:?}"
    );
    let [azure, google] = &found[..] else { panic!("{found:?}") };
    let put =
        "az tag update --resource-id \"$RESOURCE\" --operation Merge --tags 'team=Data Platform'";
    assert!(azure.runbook.commands.iter().any(|line| line == put), "{azure:?}");
    assert!(google.runbook.commands.is_empty(), "{google:?}");
    assert!(google.runbook.rollout[1].contains("`team` to `Data Platform`"), "{google:?}");
    let spellings = azure.evidence.iter().filter(|e| e.label.starts_with("cost of team=")).count();
    assert_eq!(spellings, 3, "every spelling, whoever has it: {azure:?}");
    for o in &found {
        assert!(o.runbook.rollback_commands.is_empty(), "there was a value before: {o:?}");
        assert_eq!(words_of_aws(o), Vec::<&str>::new(), "{o:?}");
    }
}

#[test]
fn spellings_are_corrected_in_each_account_by_a_script_of_its_own() {
    let own = "arn:aws:ec2:us-east-1:1:instance/i-1";
    let other = "arn:aws:ec2:us-east-1:2:instance/i-2";
    let spelled = r#"{"team": "data-platform"}"#;
    let (mut found, skipped) = by_team([
        team("i-0", "100", r#"{"team": "Data Platform"}"#),
        team(own, "10", spelled),
        Line { account: "2", ..team(other, "10", spelled) },
        // The owner of a shared resource sets its tags.
        Line { account: "2", ..team("arn:aws:ec2:us-east-1:1:instance/i-3", "10", spelled) },
    ])
    .run("inconsistent_tag_values");
    found.sort_by(|a, b| a.scope.sub_account_id.cmp(&b.scope.sub_account_id));
    let [first, second] = &found[..] else { panic!("{found:?} {skipped:?}") };
    assert_ne!(first.id, second.id);
    for (o, account, named) in [(first, "1", own), (second, "2", other)] {
        let script = o.runbook.commands.join("\n");
        assert!(script.contains(&format!("[ \"$ACCOUNT\" = {account} ]")), "{script}");
        assert!(script.contains(&format!("for RESOURCE in {named}; do")), "{script}");
    }
}

#[test]
fn a_script_names_resources_without_an_arn_and_says_what_it_leaves_out() {
    let spelled = r#"{"team": "data-platform"}"#;
    // 22 volumes for 100 to 121 USD, a bucket, and what is billed by a name that shows no type.
    let volumes = (0..22_u32).map(|n| {
        let [id, cost] = [format!("vol-0{n:02}"), (100 + n).to_string()].map(|text| &*text.leak());
        team(id, cost, spelled)
    });
    let bucket = Line { service: S3, ..team("photos", "500", spelled) };
    let others = [team("i-0", "9000", r#"{"team": "Data Platform"}"#), team("lake", "7", spelled)];
    let others = others.into_iter().chain([bucket]);
    let (found, skipped) = by_team(volumes.chain(others)).run("inconsistent_tag_values");
    let [o] = &found[..] else { panic!("{found:?} {skipped:?}") };
    let script = o.runbook.commands.join("\n");
    let first = "for RESOURCE in arn:aws:s3:::photos arn:aws:ec2:us-east-1:1:volume/vol-021 arn:aws:ec2:us-east-1:1:volume/vol-020 ";
    assert!(script.contains(first), "{script}");
    assert!(script.contains("volume/vol-003; do"), "the last one of 20: {script}");
    let value = |label: &str| {
        o.evidence.iter().find(|e| e.label == label).map(|e| e.value.as_str()).unwrap_or_default()
    };
    let region = script.find("s3api head-bucket --bucket \"${RESOURCE##*:}\"").expect("its region");
    assert!(region < script.find("tag-resources").expect("a tag"), "{script}");
    // 100, 101, and 102 USD.
    let left_out = value("resources that the script leaves out");
    assert!(left_out.starts_with("3: 303"), "{left_out}");
    let unnamed = value("resources that the script cannot name");
    assert!(unnamed.starts_with("1: 7") && unnamed.ends_with("(lake)"), "{unnamed}");
    assert!(o.runbook.rollout.iter().any(|step| step.contains("then tag the others: 3, 303")));
    let undo = o.runbook.rollback_commands.join("\n");
    assert!(undo.contains("--cli-input-json file://\"$FILE\""), "{undo}");
    assert!(script.find("save \"$FILE\" aws") < script.find("tag-resources"), "{script}");
}
