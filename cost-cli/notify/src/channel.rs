//! Channels, as the configuration has them.

use cost_core::alert::ChannelRule;
use cost_core::anomaly::Severity;
use serde::Deserialize;

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
    Email {
        /// The SMTP server.
        host: String,
        /// Its port.
        port: u16,
        /// How the connection is secured.
        #[serde(default)]
        security: Security,
        /// Whom to log in as; nobody if it is not said.
        user: Option<String>,
        /// Where the password is.
        password: Option<Secret>,
        /// Sender.
        from: String,
        /// Receivers.
        to: Vec<String>,
    },
}

/// How a connection to an SMTP server is secured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Security {
    /// Begins in the clear and must turn to TLS (port 587).
    #[default]
    Starttls,
    /// TLS from the start (port 465).
    Tls,
    /// None: for a relay on this machine only.
    None,
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
            Kind::Email { .. } => email::send(&self.kind, message, retry),
        })
    }
}
