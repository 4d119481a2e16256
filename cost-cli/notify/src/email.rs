//! E-mail channel (SMTP).

use lettre::message::{Mailbox, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{SmtpTransport, Transport};
use serde::Deserialize;

use crate::http::Retry;
use crate::secret::Secret;
use crate::{Message, NotifyError};

/// SMTP server, sender, and recipients.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailConfig {
    /// Host name of the SMTP server.
    pub host: String,
    /// Port of the SMTP server.
    pub port: u16,
    /// Encryption of the connection.
    #[serde(default)]
    pub security: Security,
    /// User name; without one, the connection is not authenticated.
    pub user: Option<String>,
    /// Location of the password.
    pub password: Option<Secret>,
    /// Sender address.
    pub from: String,
    /// Recipient addresses.
    pub to: Vec<String>,
}

/// Encryption of a connection to an SMTP server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Security {
    /// Starts unencrypted and must switch to TLS (port 587).
    #[default]
    Starttls,
    /// TLS from the start (port 465).
    Tls,
    /// No encryption: only for a relay on the same machine.
    None,
}

pub(crate) fn send(
    config: &EmailConfig,
    message: &Message<'_>,
    retry: &Retry,
) -> Result<(), NotifyError> {
    let EmailConfig { host, port, security, user, password, from, to } = config;
    let wrong = |what: &str, text: &str| {
        NotifyError::Message(format!("`{text}` in `{what}` is not an e-mail address"))
    };
    let address =
        |what: &str, text: &String| text.parse::<Mailbox>().map_err(|_| wrong(what, text));
    let mut mail =
        lettre::Message::builder().from(address("from", from)?).subject(subject(&message.title()));
    for receiver in to {
        mail = mail.to(address("to", receiver)?);
    }
    // The same ID for every attempt: mail systems drop duplicates.
    let domain = from.rsplit('@').next().unwrap_or("cost").trim_end_matches('>');
    let mail = mail.message_id(Some(format!("<{}@{domain}>", message.notice.id)));
    let facts: Vec<String> =
        message.facts().iter().map(|(label, value)| format!("{label}: {value}")).collect();
    let text = format!("{}\n\n{}\n", message.title(), facts.join("\n"));
    // With its character set, so that names in other writing are shown as they are.
    let mail = mail
        .singlepart(SinglePart::plain(text))
        .map_err(|e| NotifyError::Message(e.to_string()))?;

    let builder = match security {
        Security::Starttls => SmtpTransport::starttls_relay(host),
        Security::Tls => SmtpTransport::relay(host),
        Security::None => Ok(SmtpTransport::builder_dangerous(host)),
    };
    let mut builder = builder.map_err(|e| explain(&e))?.port(*port).timeout(Some(retry.timeout()));
    if let Some(user) = user {
        let password = password.as_ref().map(Secret::read).transpose()?.unwrap_or_default();
        builder = builder.credentials(Credentials::new(user.clone(), password));
    }
    builder.build().send(&mail).map(|_| ()).map_err(|e| explain(&e))
}

/// Returns a subject that mail programs show as it is: text such as `=?utf-8?q?=0A?=` would be
/// decoded (RFC 2047), for example to a line break.
fn subject(title: &str) -> String {
    title.replace("=?", "= ?")
}

/// Describes an error without the server's text, which can repeat secrets sent to it.
fn explain(error: &lettre::transport::smtp::Error) -> NotifyError {
    match error.status() {
        Some(code) if error.is_permanent() => {
            NotifyError::Refused(format!("the mail server answered {code}"))
        }
        Some(code) => NotifyError::Unreachable(format!("the mail server answered {code}")),
        None if error.is_timeout() => {
            NotifyError::Unreachable("the mail server timed out".to_owned())
        }
        None if error.is_client() => {
            NotifyError::Refused("the mail server does not support a required feature".to_owned())
        }
        None => NotifyError::Unreachable("the mail server is unreachable".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_is_no_encoded_word() {
        assert_eq!(super::subject("x =?utf-8?q?=0ABcc:_a?="), "x = ?utf-8?q?=0ABcc:_a?=");
    }
}
