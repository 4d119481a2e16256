//! Brokers of Amazon MQ: their usage types, names, and scripts, shared by the checks of this
//! folder.

use crate::check::ResourceUse;
use crate::checks::aws::lines;
use crate::checks::aws::meter::instance_type;
use crate::cloud::aws::arn::last_part;
use crate::runbook::shell_word;

/// Returns whether a usage is the hours of a broker, such as `ActiveMQ-InstanceUsage:mq.m5.large`.
pub(super) fn is_broker(used: &ResourceUse) -> bool {
    instance_type(used).is_some_and(|of| of.starts_with("mq."))
}

/// Returns the name of a broker: the part of its ARN before the ID.
pub(super) fn name(used: &ResourceUse) -> &str {
    used.resource_id.rsplit(':').nth(1).unwrap_or(&used.resource_id)
}

/// Returns the command that describes a broker.
pub(super) fn describe(used: &ResourceUse) -> String {
    format!("aws mq describe-broker --broker-id {}", shell_word(last_part(&used.resource_id)))
}

/// Returns the line that saves the input which creates a broker again, in `file`. `changed` are the
/// name, the deployment mode, and the subnets, each with its place in the description.
pub(super) fn save(used: &ResourceUse, file: &str, changed: [(&str, &str); 3]) -> String {
    let mut fields: Vec<(&str, &str)> = [
        "EngineType",
        "EngineVersion",
        "HostInstanceType",
        "PubliclyAccessible",
        "AutoMinorVersionUpgrade",
    ]
    .map(lines::same)
    .to_vec();
    fields.extend(changed);
    let optional = [
        lines::same("SecurityGroups"),
        lines::same("StorageType"),
        lines::same("EncryptionOptions"),
        ("Configuration", "Configurations.Current"),
        // RabbitMQ has no audit logs: Amazon MQ refuses the field, whatever its value is.
        (
            "Logs",
            "Logs && merge({General: not_null(Logs.General, `false`)}, EngineType=='ACTIVEMQ' && {Audit: not_null(Logs.Audit, `false`)} || `{}`)",
        ),
    ];
    lines::save_input(file, &describe(used), "@", &fields, &optional)
}

/// Returns lines that save the users of a broker of `ActiveMQ`. The API of Amazon MQ does not know
/// the users of `RabbitMQ`: Amazon MQ API Reference, "Users". Read 2026-11.
pub(super) fn save_users(used: &ResourceUse) -> String {
    format!(
        "ENGINE=$({} --query EngineType --output text)\n\
         if [ \"$ENGINE\" = ACTIVEMQ ]; then\n\
         save users.json aws mq list-users --broker-id {}\n\
         fi",
        describe(used),
        shell_word(last_part(&used.resource_id))
    )
}

/// The name, the deployment mode, and the subnets as they are.
pub(super) const AS_IT_IS: [(&str, &str); 3] =
    [lines::same("BrokerName"), lines::same("DeploymentMode"), lines::same("SubnetIds")];

/// The line that asks for the first user of a new broker, which no description contains.
pub(super) const USER: &str = ": \"${BROKER_USER:?set BROKER_USER to the name of the first user}\"\n: \"${BROKER_PASSWORD:?set BROKER_PASSWORD to its password}\"";

/// Returns lines that create a broker from a file, store its ID in a variable, and wait until it
/// runs. The password is in a file that only the user can read, because all users of a computer see
/// the arguments of its processes, and the file is deleted at once, also after an error.
pub(super) fn create(variable: &str, file: &str) -> String {
    format!(
        "{}\n\
         (\n\
         trap 'rm -f user.json' EXIT\n\
         umask 077\n\
         printf '[{{\"Username\":%s,\"Password\":%s}}]' \"$(escaped \"$BROKER_USER\")\" \"$(escaped \"$BROKER_PASSWORD\")\" > user.json\n\
         once {variable} aws mq create-broker --cli-input-json file://{file} --users file://user.json \
         --query BrokerId --output text\n\
         )\n\
         . ./ids.sh\n\
         until_is RUNNING 120 aws mq describe-broker --broker-id \"${variable}\" --query BrokerState --output text",
        lines::ESCAPED
    )
}
