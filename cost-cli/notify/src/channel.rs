//! Notification channels of the configuration.

use cost_core::alert::ChannelRule;
use cost_core::anomaly::Severity;
use serde::Deserialize;

use crate::email::EmailConfig;
use crate::http::Retry;
use crate::secret::Secret;
use crate::{Message, NotifyError, email, slack, teams, webhook};

/// Notification channel: `[[notify]]` in the configuration.
#[derive(Clone, Debug, Deserialize)]
pub struct Channel {
    /// Unique name.
    pub name: String,
    /// Minimum severity of the alerts that it receives.
    #[serde(default = "lowest")]
    pub min_severity: Severity,
    /// Kind of channel and its destination.
    #[serde(flatten)]
    pub kind: Kind,
}

fn lowest() -> Severity {
    Severity::Low
}

/// Kinds of notification channels.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Kind {
    /// Slack incoming webhook. Its URL is a secret.
    Slack {
        /// Location of the URL.
        url: Secret,
    },
    /// Microsoft Teams webhook (Workflows). Its URL is a secret.
    Teams {
        /// Location of the URL.
        url: Secret,
    },
    /// `CloudEvent` sent by HTTP POST, signed according to Standard Webhooks.
    Webhook {
        /// Location of the URL.
        url: Secret,
        /// Location of the signing secret; without one, requests are not signed.
        secret: Option<Secret>,
    },
    /// E-mail sent by SMTP.
    Email(EmailConfig),
}

impl Channel {
    /// Returns the name and minimum severity, which the ledger uses.
    #[must_use]
    pub fn rule(&self) -> ChannelRule {
        ChannelRule { name: self.name.clone(), min_severity: self.min_severity }
    }

    /// Returns an error if it cannot work: an address that is none, or a password without
    /// encryption, or a secret in the place of its location. Secrets are not read.
    ///
    /// # Errors
    /// What is wrong, in one line.
    pub fn validate(&self) -> Result<(), String> {
        match &self.kind {
            Kind::Email(config) => config.validate(),
            Kind::Slack { url } | Kind::Teams { url } => url.validate("url", "the URL"),
            Kind::Webhook { url, secret } => {
                url.validate("url", "the URL")?;
                secret.as_ref().map_or(Ok(()), |s| s.validate("secret", "the signing key"))
            }
        }
    }

    /// Sends a message. Retries after temporary failures.
    ///
    /// # Errors
    /// Returns the [`NotifyError`] of the last attempt.
    pub fn send(&self, message: &Message<'_>, retry: &Retry) -> Result<(), NotifyError> {
        retry.run(|| match &self.kind {
            Kind::Slack { url } => slack::send(url, message, retry),
            Kind::Teams { url } => teams::send(url, message, retry),
            Kind::Webhook { url, secret } => webhook::send(url, secret.as_ref(), message, retry),
            Kind::Email(config) => email::send(config, message, retry),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_key_that_no_channel_has_is_refused() {
        let of = |kind: &str, more: &[(&str, serde_json::Value)]| {
            let mut channel = json!({"name": "finance", "min_severity": "high", "kind": kind});
            for (key, value) in more {
                channel[*key] = value.clone();
            }
            serde_json::from_value::<Channel>(channel)
        };
        let url = [("url", json!("env:URL"))];
        let email = [
            ("host", json!("localhost")),
            ("port", json!(587)),
            ("from", json!("a@b.c")),
            ("to", json!(["d@e.f"])),
        ];
        for (kind, keys) in
            [("slack", &url[..]), ("teams", &url), ("webhook", &url), ("email", &email)]
        {
            assert_eq!(of(kind, keys).expect(kind).name, "finance");
            let wrong = [keys, &[("adress", json!("x"))]].concat();
            let error = of(kind, &wrong).expect_err(kind).to_string();
            assert!(error.contains("unknown field `adress`"), "{kind}: {error}");
        }
    }
}
