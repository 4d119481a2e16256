//! Command lines shared by runbooks. Each waits until a snapshot or an image is complete before
//! the script continues.
//!
//! `keep` and `until_is` are functions that a script defines (see `crate::runbook`). Callers pass
//! names that are already escaped by `shell_word`.

pub(in crate::checks) use crate::runbook::first_step;
use crate::runbook::{Way, shell_word};

/// The longest time to wait for a snapshot or an image: one day, in minutes. Large volumes take no
/// longer as far as we know.
const DAY_MINUTES: u32 = 1440;

/// The tag of what a runbook deletes into the Recycle Bin: key and value. The retention rule of
/// [`recycle_bin`] applies to resources with it.
const RECYCLED: (&str, &str) = ("cost-runbook", "recycle-14-days");

/// How long the Recycle Bin retains what a runbook deletes, in days. Chosen: two weeks, the time that
/// other runbooks wait before they delete.
pub(in crate::checks) const RECYCLE_DAYS: u32 = 14;

/// Returns lines after which the deletion of resources moves them to the Recycle Bin for
/// [`RECYCLE_DAYS`] days: a retention rule for a tag, which is created once per account and region,
/// and the tag on each of the resources. `kind` is `EBS_SNAPSHOT` or `EC2_IMAGE`.
///
/// Source: Amazon EBS User Guide, "Recycle Bin": rules at tag level, and only for resources deleted
/// while a rule is available. Read 2026-11.
pub(in crate::checks) fn recycle_bin(kind: &str, ids: &[String]) -> String {
    let (key, value) = RECYCLED;
    let tags = format!("--resource-tags ResourceTagKey={key},ResourceTagValue={value}");
    format!(
        "aws ec2 create-tags --resources {} --tags Key={key},Value={value}\n\
         RULE=$(aws rbin list-rules --resource-type {kind} {tags} --query 'Rules[0].Identifier' --output text)\n\
         [ \"$RULE\" != None ] || RULE=$(aws rbin create-rule --resource-type {kind} {tags} \
         --retention-period RetentionPeriodValue={RECYCLE_DAYS},RetentionPeriodUnit=DAYS --query Identifier --output text)\n\
         until_is available 30 aws rbin get-rule --identifier \"$RULE\" --query Status --output text",
        ids.join(" ")
    )
}

/// Returns lines that restore a snapshot from the Recycle Bin and wait until it can be used.
pub(in crate::checks) fn restore_snapshot(id: &str) -> String {
    format!(
        "aws ec2 restore-snapshot-from-recycle-bin --snapshot-id {id}\n\
         until_is completed {DAY_MINUTES} aws ec2 describe-snapshots --snapshot-ids {id} --query 'Snapshots[0].State' --output text"
    )
}

/// Returns lines that create a snapshot of a volume, store its ID as `SNAPSHOT`, and wait until it
/// is complete.
pub(in crate::checks) fn snapshot(volume: &str) -> String {
    format!(
        "once SNAPSHOT aws ec2 create-snapshot --volume-id {volume} --description 'before a change' --query SnapshotId --output text\n\
         until_is completed {DAY_MINUTES} aws ec2 describe-snapshots --snapshot-ids \"$SNAPSHOT\" --query 'Snapshots[0].State' --output text"
    )
}

/// Returns lines that create an image of a stopped instance, store its ID as `IMAGE`, and wait
/// until it is available.
pub(in crate::checks) fn image(instance: &str) -> String {
    format!(
        "once IMAGE aws ec2 create-image --instance-id {instance} --name {instance}-\"$(date +%s)\" --query ImageId --output text\n\
         until_is available {DAY_MINUTES} aws ec2 describe-images --image-ids \"$IMAGE\" --query 'Images[0].State' --output text"
    )
}

/// Returns a line that stops if a snapshot was begun more than a day ago: data since then would be
/// lost with what the script deletes or changes. `file` is what `save` wrote. A day, and an hour for
/// the snapshot itself. Chosen.
pub(in crate::checks) fn recent(file: &str) -> String {
    format!(
        "[ -z \"$(find {file} -mmin +1500)\" ] || {{ echo '{file} is older than a day: remove it and its snapshot, and run this again' >&2; exit 1; }}"
    )
}

/// Returns a line that saves the description of a resource as the input of the command that creates
/// it again. `of` is the place of the resource in the answer of `describe` (`JMESPath`). `fields` and
/// `optional` are pairs of a field of the input and its place in the description; the input has an
/// optional field only if the description has a value for it, because the AWS CLI refuses nulls.
pub(in crate::checks) fn save_input(
    file: &str,
    describe: &str,
    of: &str,
    fields: &[(&str, &str)],
    optional: &[(&str, &str)],
) -> String {
    let query = format!("{of}.{}", input(fields, optional));
    format!("save {file} {describe} --query {}", shell_word(&query))
}

/// Returns the query (`JMESPath`) that turns the description of a resource into the input which
/// creates it again. `fields` and `optional` are as for [`save_input`].
pub(in crate::checks) fn input(fields: &[(&str, &str)], optional: &[(&str, &str)]) -> String {
    let always: Vec<String> = fields.iter().map(|(key, at)| format!("{key}: {at}")).collect();
    let often = optional.iter().map(|(key, at)| format!(", {at} && {{{key}: {at}}} || `{{}}`"));
    format!("merge({{{}}}{})", always.join(", "), often.collect::<String>())
}

/// The function of a script that prints a text as JSON.
pub(in crate::checks) const ESCAPED: &str =
    r#"escaped() { local text="${1//\\/\\\\}"; printf '"%s"' "${text//\"/\\\"}"; }"#;

/// Returns a field of an input that has the same name in the description.
pub(in crate::checks) const fn same(field: &str) -> (&str, &str) {
    (field, field)
}

/// Returns a line that saves the input that creates a volume again, from a snapshot, as `again.json`.
/// `CreateVolume` takes IOPS for three types only (Amazon EC2 API Reference. Read 2026-11).
pub(in crate::checks) fn save_volume(id: &str) -> String {
    save_input(
        "again.json",
        &format!("aws ec2 describe-volumes --volume-ids {id}"),
        "Volumes[0]",
        &[same("AvailabilityZone"), same("VolumeType")],
        &[("Iops", "contains(['gp3', 'io1', 'io2'], VolumeType) && Iops"), same("Throughput")],
    )
}

/// Returns a line that saves the input that creates an interface endpoint again, as `again.json`.
pub(in crate::checks) fn save_endpoint(id: &str) -> String {
    save_input(
        "again.json",
        &format!("aws ec2 describe-vpc-endpoints --vpc-endpoint-ids {id}"),
        "VpcEndpoints[0]",
        &[
            same("VpcEndpointType"),
            same("VpcId"),
            same("ServiceName"),
            same("SubnetIds"),
            ("SecurityGroupIds", "Groups[].GroupId"),
            same("PrivateDnsEnabled"),
        ],
        &[same("PolicyDocument")],
    )
}

/// Returns lines that store one field of a resource as it is before the change, for the rollback and
/// later lines. A second run of the script does not replace the value.
pub(in crate::checks) fn keep(variable: &str, describe: &str, query: &str) -> String {
    format!("once {variable} {describe} --query {} --output text", shell_word(query))
}

/// Returns lines that create a blue/green deployment of a database, wait until the green database
/// is ready, and switch over. `target` are the options of the change.
///
/// The old database stays under the name that the switchover gives it (`NAME-old1`).
pub(in crate::checks) fn blue_green(name: &str, arn: &str, target: &str) -> String {
    let (head, tail) = deployment(name, arn);
    format!("{head}{target}{tail}")
}

/// Returns the lines of [`blue_green`] up to the options of the change, and after them.
fn deployment(name: &str, arn: &str) -> (String, String) {
    let (old, last) =
        (shell_word(&format!("{name}-old1")), shell_word(&format!("{name}-old1-final")));
    let (name, arn) = (shell_word(name), shell_word(arn));
    let describe = "aws rds describe-blue-green-deployments --blue-green-deployment-identifier \"$DEPLOYMENT\" --query 'BlueGreenDeployments[0].Status' --output text";
    let head = format!(
        "once DEPLOYMENT aws rds create-blue-green-deployment --blue-green-deployment-name {name} --source {arn} "
    );
    let tail = format!(
        " --query BlueGreenDeployment.BlueGreenDeploymentIdentifier --output text\n\
         STATE=$({describe})\n\
         if [ \"$STATE\" = PROVISIONING ] || [ \"$STATE\" = AVAILABLE ]; then\n\
         until_is AVAILABLE {DAY_MINUTES} {describe}\n\
         : \"${{TESTED:?set TESTED to yes when the green database has passed the tests}}\"\n\
         aws rds switchover-blue-green-deployment --blue-green-deployment-identifier \"$DEPLOYMENT\"\n\
         fi\n\
         until_is SWITCHOVER_COMPLETED 60 {describe}\n\
         {}\n\
         aws rds delete-blue-green-deployment --blue-green-deployment-identifier \"$DEPLOYMENT\"\n\
         aws rds modify-db-instance --db-instance-identifier {old} --no-deletion-protection --apply-immediately\n\
         aws rds wait db-instance-available --db-instance-identifier {old}\n\
         aws rds delete-db-instance --db-instance-identifier {old} --final-db-snapshot-identifier {last}",
        first_step(
            "switched.txt",
            "echo 'both databases are billed until the old one is deleted'",
            7,
            ("it is switched over", "delete the old database"),
        )
    );
    (head, tail)
}

/// Returns the way to make several changes of a database by one blue/green deployment. `before` are
/// lines that only this change needs, and `target` are its options.
pub(in crate::checks) fn by_deployment(name: &str, arn: &str, before: &str, target: &str) -> Way {
    Way {
        before: before.to_owned(),
        command: deployment(name, arn),
        options: target.to_owned(),
        downtime: "about a minute, at the switchover of one blue/green deployment",
        rollback: "within the week after the switchover, the old database is there: point the application to it. Both are billed until it is deleted",
        ..Way::default()
    }
}

/// Returns the way to make several changes of a database in place, in one maintenance window.
/// `before` are lines that only this change needs, and `options` are its new and its old options.
pub(in crate::checks) fn by_modification(
    name: &str,
    before: &str,
    (new, old): (&str, &str),
) -> Way {
    let modify =
        format!("aws rds modify-db-instance --db-instance-identifier {} ", shell_word(name));
    Way {
        before: before.to_owned(),
        command: (modify.clone(), " --no-apply-immediately".to_owned()),
        options: new.to_owned(),
        undo: (modify, " --apply-immediately".to_owned()),
        undo_options: old.to_owned(),
        downtime: "for some minutes, during a restart; with Multi-AZ for one or two minutes, during a failover",
        ..Way::default()
    }
}

/// Returns the way to make several changes of a search domain by one update of its configuration:
/// one blue/green deployment. `before` are lines that only this change needs, in the script and in
/// its rollback, and `options` its new and its old options.
pub(in crate::checks) fn by_domain_update(
    id: &str,
    (before, undo_before): (&str, &str),
    (new, old): (&str, &str),
) -> Way {
    let describe = format!("aws opensearch describe-domain --domain-name {id}");
    let update = format!("aws opensearch update-domain-config --domain-name {id} ");
    let wait = format!(
        "\nuntil_is False {DAY_MINUTES} {describe} --query DomainStatus.Processing --output text"
    );
    Way {
        before: before.to_owned(),
        command: (format!("save domain.json {describe}\n{update}"), wait.clone()),
        options: new.to_owned(),
        undo_before: undo_before.to_owned(),
        undo: (update, wait),
        undo_options: old.to_owned(),
        rollback: "change the domain back in the same way: all shards are copied again",
        ..Way::default()
    }
}

/// Returns lines that save the properties of an instance in the format that launches it again.
pub(in crate::checks) fn save_instance(instance: &str) -> String {
    format!(
        "save instance.json aws ec2 describe-instances --instance-ids {instance}\n\
         save launch.json aws ec2 describe-instances --instance-ids {instance} --query 'Reservations[0].Instances[0].merge({{InstanceType: InstanceType, \
         SubnetId: SubnetId, SecurityGroupIds: SecurityGroups[].GroupId}}, KeyName && {{KeyName: KeyName}} || `{{}}`, \
         IamInstanceProfile && {{IamInstanceProfile: {{Arn: IamInstanceProfile.Arn}}}} || `{{}}`)'"
    )
}

/// The lines that launch an instance from the image with the properties that [`save_instance`]
/// saved.
pub(in crate::checks) const LAUNCH: &str = ". ./ids.sh\nonce AGAIN aws ec2 run-instances --cli-input-json file://launch.json --image-id \"$IMAGE\" --count 1 --query 'Instances[0].InstanceId' --output text";

/// Returns the line that replaces the instances of an Auto Scaling group by those of a version of
/// the launch template `TEMPLATE`. It rolls back automatically if members do not become healthy.
pub(in crate::checks) fn refresh(group: &str, version: &str) -> String {
    format!(
        "aws autoscaling start-instance-refresh --auto-scaling-group-name {group} \
         --preferences '{{\"MinHealthyPercentage\":90,\"AutoRollback\":true}}' \
         --desired-configuration \"{{\\\"LaunchTemplate\\\":{{\\\"LaunchTemplateId\\\":\\\"$TEMPLATE\\\",\\\"Version\\\":\\\"{version}\\\"}}}}\""
    )
}

/// The lines that collect the flow logs of a VPC: they show who sends how much to whom.
pub(in crate::checks) const FLOW_LOGS: &str = ": \"${VPC:?set VPC to the ID of the VPC that sends the traffic}\"\n: \"${BUCKET:?set BUCKET to the S3 bucket for the flow logs}\"\nonce FLOW_LOG aws ec2 create-flow-logs --resource-type VPC --resource-ids \"$VPC\" --traffic-type ALL --log-destination-type s3 --log-destination \"arn:aws:s3:::$BUCKET\" --query 'FlowLogIds[0]' --output text";
/// The lines that end the collection of [`FLOW_LOGS`].
pub(in crate::checks) const NO_FLOW_LOGS: &str =
    ". ./ids.sh\naws ec2 delete-flow-logs --flow-log-ids \"$FLOW_LOG\"";
