//! Channels, as the configuration has them.

use cost_core::alert::ChannelRule;
use cost_core::anomaly::Severity;
use serde::Deserialize;

use crate::email::EmailConfig;
use crate::http::Retry;
use crate::secret::Secret;
use crate::{Message, NotifyError, email, slack, teams, webhook};

/// A way to tell somebody: `[[notify]]`.
#[derive(Clone, Debug, Deserialize)]
pub struct Channel {
    /// Its name, which no other has.
    pub name: String,
    /// It is told of alerts at least this severe.
    #[serde(default = "lowest")]
    pub min_severity: Severity,
    /// Which kind, and where to.
    #[serde(flatten)]
    pub kind: Kind,
}

fn lowest() -> Severity {
    Severity::Low
}

/// Kinds of channels.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Kind {
    /// A Slack incoming webhook; its URL is the secret.
    Slack {
        /// Where its URL is.
        url: Secret,
    },
    /// A webhook of Microsoft Teams (Workflows); its URL is the secret.
    Teams {
        /// Where its URL is.
        url: Secret,
    },
    /// A `CloudEvent` by HTTP POST, signed as Standard Webhooks.
    Webhook {
        /// Where its URL is.
        url: Secret,
        /// Where the signing secret is; unsigned without one.
        secret: Option<Secret>,
    },
    /// An e-mail by SMTP.
    Email(EmailConfig),
}

impl Channel {
    /// As far as the ledger needs to know it.
    #[must_use]
    pub fn rule(&self) -> ChannelRule {
        ChannelRule { name: self.name.clone(), min_severity: self.min_severity }
    }

    /// Sends a message, trying again after failures that can pass.
    ///
    /// # Errors
    /// [`NotifyError`] of the last try.
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
