//! Webhook channel for programs: a `CloudEvent` (specification 1.0.2, structured mode), signed
//! according to Standard Webhooks 1.0.0 with the headers `webhook-id`, `webhook-timestamp`, and
//! `webhook-signature`. The signature is `v1,` and the base64 of HMAC-SHA256 over
//! `id.timestamp.body`. The ID is the same for every attempt to send a notice.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cost_core::text::visible_json;
use ring::hmac;
use serde_json::json;

use crate::http::{Retry, post};
use crate::{Message, NotifyError, Secret};

/// Prefix of Standard Webhooks secrets. The rest is the key in base64.
const PREFIX: &str = "whsec_";

pub(crate) fn send(
    url: &Secret,
    secret: Option<&Secret>,
    message: &Message<'_>,
    retry: &Retry,
) -> Result<(), NotifyError> {
    let (id, timestamp) = (message.notice.id.clone(), message.now.timestamp().to_string());
    let body = body(message)?;
    let signature = secret
        .map(|s| Ok::<_, NotifyError>(sign(&s.read()?, &id, &timestamp, &body)))
        .transpose()?;
    let mut headers = vec![
        ("content-type", "application/cloudevents+json; charset=utf-8"),
        ("webhook-id", id.as_str()),
        ("webhook-timestamp", timestamp.as_str()),
    ];
    headers.extend(signature.as_deref().map(|s| ("webhook-signature", s)));
    post(&url.read()?, &headers, &body, retry)
}

fn body(message: &Message<'_>) -> Result<String, NotifyError> {
    let alert = message.alert;
    let data = json!({
        "alert_id": alert.id,
        "status": alert.status,
        "detected_at": alert.detected_at,
        "estate": message.estate,
        "anomaly": alert.anomaly,
    });
    let event = json!({
        "specversion": "1.0",
        "id": message.notice.id,
        "source": "cost",
        "type": format!("cost.anomaly.{}", message.notice.event.as_str()),
        "subject": alert.id,
        "time": message.now.to_rfc3339(),
        "datacontenttype": "application/json",
        "data": data,
    });
    let text = serde_json::to_string(&event).map_err(|e| NotifyError::Message(e.to_string()))?;
    // A name cannot deceive whoever reads the event in a log.
    Ok(visible_json(&text).into_owned())
}

fn sign(secret: &str, id: &str, timestamp: &str, body: &str) -> String {
    let key = secret.strip_prefix(PREFIX).and_then(|k| STANDARD.decode(k).ok());
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key.unwrap_or_else(|| secret.as_bytes().to_vec()));
    let tag = hmac::sign(&key, format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(tag.as_ref()))
}

#[cfg(test)]
mod tests {
    /// The example of the Standard Webhooks specification, "Verifying webhooks with symmetric
    /// signatures".
    #[test]
    fn signatures_are_those_of_the_specification() {
        let signed = super::sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "1614265330",
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
