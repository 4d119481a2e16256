//! E-mail channel (SMTP).

use std::error::Error;
use std::net::IpAddr;
use std::sync::mpsc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lettre::message::{Mailbox, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{SmtpTransport, Transport};
use serde::Deserialize;

use crate::answer::said;
use crate::http::Retry;
use crate::secret::Secret;
use crate::{Message, NotifyError};

/// Permanent answers about the connection, not about a message: login required or rejected, weak
/// mechanism, encryption required, no mail accepted. Sources: RFC 4954, section 6; RFC 7504.
const OF_CONNECTION: [u16; 5] = [521, 530, 534, 535, 538];

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

impl EmailConfig {
    /// Returns what is wrong with the addresses or the encryption.
    pub(crate) fn validate(&self) -> Result<(), String> {
        address("from", &self.from)?;
        if let Some(password) = &self.password {
            password.validate("password", "the password")?;
        }
        if self.to.is_empty() {
            return Err("`to` has no address".to_owned());
        }
        self.to.iter().try_for_each(|to| address("to", to).map(|_| ()))?;
        let has_login = self.user.is_some() || self.password.is_some();
        if has_login && self.security == Security::None && !is_loopback(&self.host) {
            return Err(format!(
                "a password is not sent without encryption to {}: set `security` to \"starttls\" or \"tls\"",
                self.host
            ));
        }
        Ok(())
    }
}

fn address(what: &str, text: &str) -> Result<Mailbox, String> {
    text.parse().map_err(|_| format!("`{text}` in `{what}` is not an e-mail address"))
}

/// Returns whether a host is this machine.
fn is_loopback(host: &str) -> bool {
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.is_loopback())
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
    config.validate().map_err(NotifyError::Misconfigured)?;
    let EmailConfig { host, port, security, user, password, from, to } = config;
    let address = |what, text| address(what, text).map_err(NotifyError::Misconfigured);
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
    // A part with MIME-Version and Content-Type: names can have any characters.
    let mail = mail
        .singlepart(SinglePart::plain(text))
        .map_err(|e| NotifyError::Message(e.to_string()))?;

    let builder = match security {
        Security::Starttls => SmtpTransport::starttls_relay(host),
        Security::Tls => SmtpTransport::relay(host),
        Security::None => Ok(SmtpTransport::builder_dangerous(host)),
    };
    let limits = retry.limits();
    let mut builder = builder.map_err(|e| explain(&e, &[]))?.port(*port).timeout(Some(limits.idle));
    let mut secrets = Vec::new();
    if let Some(user) = user {
        let password = password.as_ref().map(Secret::read).transpose()?.unwrap_or_default();
        // As they are sent (RFC 4616, RFC 4954), and as they are.
        let plain = STANDARD.encode(format!("\0{user}\0{password}"));
        secrets = vec![plain, STANDARD.encode(&password), password.clone()];
        builder = builder.credentials(Credentials::new(user.clone(), password));
    }
    send_within(builder.build(), mail, limits.call, secrets)
}

/// Sends a mail within a total time. The timeout of the connection is only that of each read: a
/// server that sends a byte now and then would be waited for without end. A connection that is late
/// is left to its thread, which ends with the program.
fn send_within(
    transport: SmtpTransport,
    mail: lettre::Message,
    time: Duration,
    secrets: Vec<String>,
) -> Result<(), NotifyError> {
    let (done, result) = mpsc::channel();
    let send = move || {
        // Without a receiver, it is too late.
        let _ = done.send(transport.send(&mail).map(|_| ()).map_err(|e| explain(&e, &secrets)));
    };
    let thread = std::thread::Builder::new().name("mail".to_owned()).spawn(send);
    thread.map_err(|e| NotifyError::Unreachable(format!("no thread for the mail server: {e}")))?;
    result
        .recv_timeout(time)
        .unwrap_or_else(|_| Err(NotifyError::Unreachable("the mail server timed out".to_owned())))
}

/// Returns a subject that mail programs show as it is: text such as `=?utf-8?q?=0A?=` would be
/// decoded (RFC 2047), for example to a line break.
fn subject(title: &str) -> String {
    title.replace("=?", "= ?")
}

/// Describes an error. The server's text about a login is not used: it can repeat it.
fn explain(error: &lettre::transport::smtp::Error, secrets: &[String]) -> NotifyError {
    let answer = error.source().map(ToString::to_string).unwrap_or_default();
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    let said = said(answer.as_bytes(), &secrets);
    match error.status() {
        Some(code) if OF_CONNECTION.contains(&u16::from(code)) => NotifyError::Misconfigured(
            format!("the mail server answered {code}; check user, password, and security"),
        ),
        Some(code) if error.is_permanent() => {
            NotifyError::Refused(format!("the mail server answered {code}{said}"))
        }
        Some(code) => NotifyError::Unreachable(format!("the mail server answered {code}{said}")),
        None if error.is_timeout() => {
            NotifyError::Unreachable("the mail server timed out".to_owned())
        }
        None if error.is_client() => NotifyError::Misconfigured(
            "the mail server does not support a required feature".to_owned(),
        ),
        None => NotifyError::Unreachable("the mail server is unreachable".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(host: &str, security: Security, user: Option<&str>) -> EmailConfig {
        EmailConfig {
            host: host.to_owned(),
            port: 25,
            security,
            user: user.map(ToOwned::to_owned),
            password: None,
            from: "Cost <cost@example.com>".to_owned(),
            to: vec!["finops@example.com".to_owned()],
        }
    }

    #[test]
    fn a_password_is_not_sent_in_the_clear_and_addresses_are_checked() {
        let is_fine = |c: &EmailConfig| c.validate().is_ok();
        for host in ["localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]"] {
            assert!(is_fine(&config(host, Security::None, Some("cost"))), "{host}");
        }
        for host in ["smtp.example.com", "10.0.0.1", "localhost.example.com", "127.0.0.1.example"] {
            assert!(!is_fine(&config(host, Security::None, Some("cost"))), "{host}");
            assert!(is_fine(&config(host, Security::None, None)), "{host}");
            assert!(is_fine(&config(host, Security::Starttls, Some("cost"))), "{host}");
        }
        let mut wrong = config("localhost", Security::None, None);
        wrong.to = Vec::new();
        assert!(!is_fine(&wrong));
        wrong.to = vec!["finops".to_owned()];
        let said = wrong.validate().expect_err("no address");
        assert_eq!(said, "`finops` in `to` is not an e-mail address");
    }

    #[test]
    fn a_name_is_no_encoded_word() {
        assert_eq!(subject("x =?utf-8?q?=0ABcc:_a?="), "x = ?utf-8?q?=0ABcc:_a?=");
    }
}
