//! AWS-specific findings apply only to AWS usage, whatever the names of other usage are.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json as value};

use crate::support::{json, stdout};

/// A month of a gp2 volume and of an instance, named as AWS names them.
fn bill(folder: &Path, name: &str, providers: &[&str]) -> String {
    let mut text = "BilledCost,EffectiveCost,ListCost,ContractedCost,PricingQuantity,PricingUnit,BillingPeriodStart,BillingPeriodEnd,\
                    ChargePeriodStart,ChargePeriodEnd,BillingCurrency,ChargeCategory,ChargeClass,BillingAccountId,ProviderName,\
                    PublisherName,ServiceName,InvoiceIssuerName,SubAccountId,RegionId,ResourceId,SkuMeter,PricingCategory\n"
        .to_owned();
    let things = [
        ("100", "1000", "GB-Mo", "vol-1", "EBS:VolumeUsage.gp2"),
        ("62", "744", "Hours", "arn:aws:ec2:us-east-1:1:instance/i-1", "USE1-BoxUsage:t3.large"),
    ];
    for provider in providers {
        for (cost, quantity, unit, resource, meter) in things {
            for (day, cost, quantity) in [("01", cost, quantity), ("31", "0", "0")] {
                text.push_str(&format!(
                    "{cost},{cost},{cost},{cost},{quantity},{unit},2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-{day}T00:00:00Z,\
                     2026-11-01T00:00:00Z,USD,Usage,,b1,{provider},A seller,Amazon Elastic Compute Cloud,A reseller,1,us-east-1,\
                     {resource},{meter},Standard\n"
                ));
            }
        }
    }
    let path = folder.join(name);
    fs::write(&path, text).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

fn found(bill: &str) -> Vec<Value> {
    let report = json(&["savings", bill, "--month", "2026-10"]);
    report["opportunities"].as_array().expect("opportunities").clone()
}

#[test]
fn no_other_cloud_gets_advice_of_aws() {
    let folder = tempfile::tempdir().expect("a folder");
    let of_aws = found(&bill(folder.path(), "aws.csv", &["AWS"]));
    assert_eq!(
        of_aws.iter().map(|o| &o["check"]).collect::<Vec<_>>(),
        ["gp2_volume", "graviton_instance"]
    );
    for provider in ["Microsoft", "Google Cloud", "Oracle", "Harbor Cloud"] {
        let others = bill(folder.path(), "others.csv", &[provider]);
        assert_eq!(found(&others), Vec::<Value>::new(), "{provider}");
        let report = json(&["commitments", &others, "--month", "2026-10"]);
        assert_eq!(
            report["total"]["list"]["amount"].as_str().unwrap_or("0").trim_end_matches(['0', '.']),
            "",
            "{provider}"
        );
        let mixed = bill(folder.path(), "mixed.csv", &["AWS", provider]);
        assert_eq!(found(&mixed), of_aws, "{provider} beside AWS");
    }
}

#[test]
fn a_check_that_is_not_run_names_the_clouds_that_the_bill_has() {
    let folder = tempfile::tempdir().expect("a folder");
    let reason = |providers: &[&str]| {
        let bill = bill(folder.path(), "others.csv", providers);
        let report = json(&["savings", &bill, "--month", "2026-10"]);
        let skipped = report["skipped"].as_array().expect("skipped").clone();
        let of = skipped.iter().find(|s| s["check"] == "gp2_volume").expect("gp2_volume");
        of["reason"].as_str().expect("a reason").to_owned()
    };
    assert_eq!(reason(&["Microsoft"]), "it applies to AWS, and the usage in 2026-10 is from Azure");
    assert_eq!(
        reason(&["Google Cloud", "Microsoft Azure", "Harbor Cloud"]),
        "it applies to AWS, and the usage in 2026-10 is from Azure, Google Cloud and Harbor Cloud"
    );
}

/// Text that a shell would run if it were not quoted.
const HOSTILE: &str = "it's; touch pwned; $(touch pwned) `touch pwned` \"x\" \\ & * ~ > pwned #";

/// Text that the shorthand of the AWS CLI would read as several values and pairs.
const SHORTHAND: &str = "web, db,team=x [a] {b=c} file://pwned";

/// Usage of AWS and Azure in an account with a hostile name, with no tags and with two spellings of
/// a hostile value of a hostile key.
fn hostile_bill(folder: &Path) -> String {
    let header = "BilledCost,EffectiveCost,ListCost,ContractedCost,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,\
                  BillingCurrency,ChargeCategory,ChargeClass,BillingAccountId,ProviderName,PublisherName,ServiceName,InvoiceIssuerName,\
                  SubAccountId,RegionId,ResourceId,SkuMeter,PricingCategory,Tags\n";
    let mut text = header.to_owned();
    let tagged = |text: &str| value!({ (HOSTILE): text }).to_string();
    let cells = [
        ("100", "{}".to_owned()),
        ("60", tagged(&format!("A\n{SHORTHAND}{HOSTILE}"))),
        ("50", tagged(&format!("a\n{SHORTHAND}{HOSTILE}"))),
    ];
    for provider in ["AWS", "Microsoft"] {
        for (cost, tags) in &cells {
            let quoted = [HOSTILE, tags].map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
            let [account, tags] = quoted;
            for (day, cost) in [("01", *cost), ("31", "0")] {
                text.push_str(&format!(
                    "{cost},{cost},{cost},{cost},2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-{day}T00:00:00Z,\
                     2026-11-01T00:00:00Z,USD,Usage,,b1,{provider},P,Compute,P,{account},us-east-1,r-1,Meter,Standard,{tags}\n"
                ));
            }
        }
    }
    let path = folder.join("hostile.csv");
    fs::write(&path, text).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

/// The call that saves a tag as the input of the call that sets it again.
fn get_tag() -> String {
    let key = value!(HOSTILE).to_string();
    let literal = key.replace('`', "\\`");
    let query = format!(
        "ResourceTagMappingList[?Tags[?Key==`{literal}`]] | [0].{{ResourceARNList: [ResourceARN], Tags: {{{key}: Tags[?Key==`{literal}`].Value | [0]}}}}"
    );
    let call = ["aws", "resourcegroupstaggingapi", "get-resources", "--region", "us-east-1"];
    let of = ["--resource-arn-list", "R", "--query", &query, "--output", "json"];
    [&call[..], &of].concat().join("\0")
}

/// What a script calls the command lines of clouds with, as bash runs it in a folder.
fn called(script: &Value, folder: &Path) -> Vec<String> {
    let stand_ins = r#"called() { if [ "$2" = sts ] || [ "$2" = account ]; then printf %s "$IS"; else printf '%s\0' "$@" >> "$CALLS"; fi; }
        aws() { called aws "$@"; }; az() { called az "$@"; }"#;
    let calls_folder = tempfile::tempdir().expect("a folder");
    let calls = calls_folder.path().join("calls");
    let lines: Vec<&str> =
        script.as_array().expect("lines").iter().filter_map(Value::as_str).collect();
    let ran = Command::new("bash")
        .args(["-c", &format!("{stand_ins}\n{}", lines.join("\n"))])
        .current_dir(folder)
        .env("IS", HOSTILE)
        .env("CALLS", &calls)
        .env("VALUE", "VALUE")
        .env("RESOURCES", "R")
        .output()
        .expect("bash runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let words = fs::read_to_string(calls).expect("a call");
    // Scripts that save something have a folder: the ID of the opportunity.
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
        assert!(entry.file_name().to_string_lossy().starts_with("op-"), "nothing else was run");
        for file in fs::read_dir(entry.path()).expect("a folder") {
            let name = file.expect("a file").file_name();
            assert_eq!(name.to_string_lossy(), "old-R.json", "nothing else was run");
        }
        fs::remove_dir_all(entry.path()).expect("removed");
    }
    words.split_terminator('\0').map(str::to_owned).collect()
}

#[test]
fn names_reach_the_command_line_of_their_cloud_as_they_are_and_nothing_of_them_is_run() {
    let [folder, empty] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let bill = hostile_bill(folder.path());
    let estate = folder.path().join("estate");
    let estate = estate.to_str().expect("UTF-8");
    let pull =
        ["pull", "files", &bill, "--into", estate, "--as-of", "2026-11-01", "--tag-keys", HOSTILE];
    stdout(&pull);
    let report = json(&["savings", estate, "--month", "2026-10"]);
    let spelling = format!("A\n{SHORTHAND}{HOSTILE}");
    let tag = |value: &str| format!("{HOSTILE}={value}");
    let mut seen = 0;
    for o in report["opportunities"].as_array().expect("opportunities") {
        let is_azure = o["subject"].as_str().expect("a subject").ends_with(" on Azure");
        let is_new = o["check"] == "untagged_spend";
        let value = if is_new { "VALUE" } else { &spelling };
        let [put, take_off] = if is_azure {
            ["Merge", "Delete"].map(|operation| {
                let update = ["az", "tag", "update", "--resource-id", "R", "--operation"];
                [&update[..], &[operation, "--tags", &tag(value)]].concat().join("\0")
            })
        } else {
            // Text that the shorthand would split is JSON with one key and one value.
            let [pairs, keys] = [value!({ (HOSTILE): value }), value!([HOSTILE])];
            [("tag-resources", "--tags", pairs), ("untag-resources", "--tag-keys", keys)].map(
                |(verb, option, json)| {
                    let call = ["aws", "resourcegroupstaggingapi", verb, "--region", "us-east-1"];
                    let of = ["--resource-arn-list", "R", option, &json.to_string()];
                    let query = ["--query", "FailedResourcesMap.*.ErrorMessage"];
                    [&call[..], &of, &query, &["--output", "text"]].concat().join("\0")
                },
            )
        };
        let words = |script: &str| called(&o["runbook"][script], empty.path()).join("\0");
        let get = if is_azure || is_new { String::new() } else { get_tag() + "\0" };
        assert_eq!(words("commands"), get + &put, "{o}");
        if is_new {
            assert_eq!(words("rollback_commands"), take_off, "{o}");
        }
        seen += 1;
    }
    assert_eq!(seen, 4, "both checks, both clouds: {report}");
}
