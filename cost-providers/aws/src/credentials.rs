//! Words for missing and invalid credentials: what is wrong, and what to do. The text of the SDK is
//! not shown, because it can contain what a credential process wrote.

use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::causes::chain;

/// Returns the code with which AWS refused a role, which is empty without a code; `None` if no role
/// was refused.
pub(crate) fn role_refused<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a str> {
    let refused = chain(error).find_map(|e| e.downcast_ref::<AssumeRoleError>())?;
    Some(refused.code().unwrap_or_default())
}

/// Returns what to do if a role cannot be assumed.
pub(crate) fn role_denied(code: &str) -> String {
    format!(
        "{code}; the trust policy of the role must allow the caller, with --external-id if it \
         requires one, and the caller needs this permission on the role"
    )
}

/// Returns why there are no credentials, and what to do, by the words of the SDK.
pub(crate) fn missing(error: &(dyn std::error::Error + 'static)) -> String {
    let all: Vec<String> = chain(error).map(ToString::to_string).collect();
    let says = |words: &str| all.iter().any(|text| text.contains(words));
    if says("external process") || says("credential process") || says("credential_process") {
        return of_process(&all);
    }
    let profile = all.iter().find_map(|text| between(text, "profile `", "` was not defined"));
    if let Some(name) = profile {
        return format!(
            "the profile `{name}` is not defined; `aws configure list-profiles` lists all"
        );
    }
    if says("SSO") || says("sso") {
        return "the session of the profile is missing or has ended: run `aws sso login` with the \
                same --profile"
            .to_owned();
    }
    if says("no credentials found in chain") || says("not enabled") {
        return "none were found: choose a profile with --profile or AWS_PROFILE, sign in with \
                `aws sso login`, or give this machine a role"
            .to_owned();
    }
    "they could not be loaded: `aws sts get-caller-identity` with the same profile shows why"
        .to_owned()
}

/// Describes the failure of a credential process, without its output.
fn of_process(all: &[String]) -> String {
    let status = all.iter().find_map(|text| between(text, "exited with code ", "."));
    let what = match status {
        Some(status) => format!("failed ({status})"),
        None => "gave no valid credentials".to_owned(),
    };
    format!("the credential_process of the profile {what}: run its command to see why")
}

/// Returns the code with which AWS does not accept credentials, and what to do.
pub(crate) fn refused(code: &str) -> String {
    let cure = match code {
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => {
            "the session has ended: sign in again"
        }
        "SignatureDoesNotMatch" | "IncompleteSignature" => {
            "the secret key does not belong to the access key, or the clock of this machine is wrong"
        }
        "AuthFailure"
        | "InvalidAccessKeyId"
        | "InvalidClientTokenId"
        | "InvalidToken"
        | "UnrecognizedClientException" => {
            "the access key is unknown, or belongs to another partition: check the profile"
        }
        other => return other.to_owned(),
    };
    format!("{code}: {cure}")
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let rest = text.split_once(before)?.1;
    Some(rest.split_once(after).map_or(rest, |(inside, _)| inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        missing(&std::io::Error::other(text.to_owned()))
    }

    #[test]
    fn what_a_credential_process_wrote_is_not_shown() {
        let text = "Error retrieving credentials: external process exited with code exit status: \
                    3. Stderr: SECRET";
        assert_eq!(
            words(text),
            "the credential_process of the profile failed (exit status: 3): run its command to see why"
        );
        let text = "Error retrieving credentials from external process, could not parse: SECRET";
        assert!(!words(text).contains("SECRET") && words(text).contains("no valid credentials"));
    }

    #[test]
    fn missing_credentials_say_what_to_do() {
        let text = "profile `nope` was not defined: profile not found";
        assert!(words(text).starts_with("the profile `nope` is not defined;"), "{}", words(text));
        assert!(words("no credentials found in chain. Attempted:").contains("--profile"));
        assert!(words("failed to read the SSO token").contains("aws sso login"));
        assert!(words("anything").contains("aws sts get-caller-identity"));
    }
}
