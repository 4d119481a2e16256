//! Check of the permissions of the caller, through IAM.

use aws_sdk_iam::types::PolicyEvaluationDecisionType;
use cost_provider_api::CallError;

use crate::connect::{Aws, client};
use crate::operation::{OPERATIONS, On, SIMULATE_PRINCIPAL_POLICY};

/// Actions per request.
const AT_A_TIME: usize = 50;

/// Permission and its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// IAM action.
    pub action: &'static str,
    /// Data that it is needed for.
    pub why: &'static str,
    /// Whether the caller has it; `None` if that depends on the resource.
    pub allowed: Option<bool>,
}

/// Answer of IAM about the permissions.
#[derive(Clone, Debug)]
pub enum Permissions {
    /// State of each permission.
    Known(Vec<Permission>),
    /// The caller is not allowed to request this.
    Unknown(CallError),
}

impl Aws {
    /// Requests from IAM which of the declared permissions the caller has. Organization policies
    /// are included. Permissions on the bucket of cost reports and on the role of member accounts
    /// depend on the bucket and the role, and are not determined.
    pub async fn permissions(&self) -> Permissions {
        let mut actions: Vec<(&'static str, &'static str, On)> =
            OPERATIONS.iter().map(|o| (o.action, o.why, o.on)).collect();
        actions.sort_unstable_by_key(|(action, ..)| *action);
        actions.dedup_by_key(|(action, ..)| *action);
        let at = self.payer();
        let iam = client!(aws_sdk_iam, &at);
        let principal = principal(&self.identity.arn);
        let mut all = Vec::new();
        for some in actions.chunks(AT_A_TIME) {
            let names: Vec<String> = some.iter().map(|(action, ..)| (*action).to_owned()).collect();
            let make = |marker| {
                iam.simulate_principal_policy()
                    .policy_source_arn(&principal)
                    .set_action_names(Some(names.clone()))
                    .set_marker(marker)
                    .send()
            };
            let split = |p: aws_sdk_iam::operation::simulate_principal_policy::SimulatePrincipalPolicyOutput| {
                (p.evaluation_results.unwrap_or_default(), p.marker)
            };
            let results = match at.place.pages(SIMULATE_PRINCIPAL_POLICY, make, split).await {
                Ok(results) => results,
                Err(error) => return Permissions::Unknown(error),
            };
            all.extend(some.iter().map(|(action, why, on)| {
                let decided = results.iter().find(|r| r.eval_action_name == *action);
                let allowed =
                    decided.map(|r| r.eval_decision == PolicyEvaluationDecisionType::Allowed);
                Permission {
                    action,
                    why,
                    allowed: allowed.filter(|allowed| *allowed || *on == On::All),
                }
            }));
        }
        Permissions::Known(all)
    }
}

/// Returns the user or role of an identity: `arn:aws:sts::1:assumed-role/NAME/SESSION` is
/// `arn:aws:iam::1:role/NAME`. A role with a path is not found this way; IAM reports that.
fn principal(arn: &str) -> String {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [_, partition, "sts", _, account, resource] = parts.as_slice() else {
        return arn.to_owned();
    };
    match resource.split('/').collect::<Vec<_>>().as_slice() {
        ["assumed-role", name, ..] => format!("arn:{partition}:iam::{account}:role/{name}"),
        _ => arn.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::principal;

    #[test]
    fn a_session_is_of_a_role() {
        assert_eq!(
            principal("arn:aws-cn:sts::1:assumed-role/Cost/me"),
            "arn:aws-cn:iam::1:role/Cost"
        );
        assert_eq!(principal("arn:aws:iam::1:user/me"), "arn:aws:iam::1:user/me");
    }
}
