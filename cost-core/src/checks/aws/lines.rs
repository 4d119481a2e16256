//! Command lines shared by runbooks. Each waits until a snapshot or an image is complete before
//! the script continues.
//!
//! `keep` and `until_is` are functions that a script defines (see `crate::runbook`). Callers pass
//! names that are already escaped by `shell_word`.

/// The longest time to wait for a snapshot or an image: one day, in minutes. Large volumes take no
/// longer as far as we know.
const DAY_MINUTES: u32 = 1440;

/// Returns lines that create a snapshot of a volume, store its ID as `SNAPSHOT`, and wait until it
/// is complete.
pub(in crate::checks) fn snapshot(volume: &str) -> String {
    format!(
        "SNAPSHOT=$(aws ec2 create-snapshot --volume-id {volume} --description 'before a change' --query SnapshotId --output text)\n\
         keep SNAPSHOT \"$SNAPSHOT\"\n\
         until_is completed {DAY_MINUTES} aws ec2 describe-snapshots --snapshot-ids \"$SNAPSHOT\" --query 'Snapshots[0].State' --output text"
    )
}

/// Returns lines that create an image of a stopped instance, store its ID as `IMAGE`, and wait
/// until it is available.
pub(in crate::checks) fn image(instance: &str) -> String {
    format!(
        "IMAGE=$(aws ec2 create-image --instance-id {instance} --name {instance}-\"$(date +%s)\" --query ImageId --output text)\n\
         keep IMAGE \"$IMAGE\"\n\
         until_is available {DAY_MINUTES} aws ec2 describe-images --image-ids \"$IMAGE\" --query 'Images[0].State' --output text"
    )
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
pub(in crate::checks) const LAUNCH: &str = ". ./ids.sh\naws ec2 run-instances --cli-input-json file://launch.json --image-id \"$IMAGE\" --count 1";
