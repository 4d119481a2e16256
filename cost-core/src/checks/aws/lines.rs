//! Lines that runbooks share: a snapshot or an image is complete before anything goes on.
//!
//! `keep` and `until_is` are functions that a script defines (see `crate::runbook`). What a name
//! stands for is a `shell_word` already.

/// A day, in minutes: what a large volume takes at most, as far as is seen.
const DAY_MINUTES: u32 = 1440;

/// Makes a snapshot of a volume, leaves its id as `SNAPSHOT`, and waits until it is complete.
pub(in crate::checks) fn snapshot(volume: &str) -> String {
    format!(
        "SNAPSHOT=$(aws ec2 create-snapshot --volume-id {volume} --description 'before a change' --query SnapshotId --output text)\n\
         keep SNAPSHOT \"$SNAPSHOT\"\n\
         until_is completed {DAY_MINUTES} aws ec2 describe-snapshots --snapshot-ids \"$SNAPSHOT\" --query 'Snapshots[0].State' --output text"
    )
}

/// Makes an image of a stopped instance, leaves its id as `IMAGE`, and waits until it is available.
pub(in crate::checks) fn image(instance: &str) -> String {
    format!(
        "IMAGE=$(aws ec2 create-image --instance-id {instance} --name {instance}-\"$(date +%s)\" --query ImageId --output text)\n\
         keep IMAGE \"$IMAGE\"\n\
         until_is available {DAY_MINUTES} aws ec2 describe-images --image-ids \"$IMAGE\" --query 'Images[0].State' --output text"
    )
}

/// Saves what an instance is, in the form of what launches it again.
pub(in crate::checks) fn save_instance(instance: &str) -> String {
    format!(
        "save instance.json aws ec2 describe-instances --instance-ids {instance}\n\
         save launch.json aws ec2 describe-instances --instance-ids {instance} --query 'Reservations[0].Instances[0].merge({{InstanceType: InstanceType, \
         SubnetId: SubnetId, SecurityGroupIds: SecurityGroups[].GroupId}}, KeyName && {{KeyName: KeyName}} || `{{}}`, \
         IamInstanceProfile && {{IamInstanceProfile: {{Arn: IamInstanceProfile.Arn}}}} || `{{}}`)'"
    )
}

/// Launches what [`save_instance`] saved from the image.
pub(in crate::checks) const LAUNCH: &str = ". ./ids.sh\naws ec2 run-instances --cli-input-json file://launch.json --image-id \"$IMAGE\" --count 1";
