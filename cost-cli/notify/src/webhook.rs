//! Webhook channel for programs: a `CloudEvent` (specification 1.0.2, structured mode), signed
//! according to Standard Webhooks 1.0.0 with the headers `webhook-id`, `webhook-timestamp`, and
//! `webhook-signature`. The signature is `v1,` and the base64 of HMAC-SHA256 over
//! `id.timestamp.body`. The ID is the same for every attempt to send a notice.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cost_core::text::visible_json;
use ring::hmac;
use serde_json::{Value, json};

use crate::http::{Retry, post};
use crate::message::cut;
use crate::{Message, NotifyError, Secret};

/// Prefix of Standard Webhooks secrets. The rest is the key in base64.
const PREFIX: &str = "whsec_";

/// Most bytes of an event. Source: `CloudEvents` 1.0.2, "Size Limits": intermediaries forward events of
/// up to 64 KiB.
const EVENT_BYTES: usize = 64 * 1024;
/// Most characters of a text in a shortened event. Chosen.
const TEXT_CHARS: usize = 300;
/// Most items of a list in a shortened event. Chosen.
const MOST_ITEMS: usize = 10;

pub(crate) fn send(
    url: &Secret,
    secret: Option<&Secret>,
    message: &Message<'_>,
    retry: &Retry,
) -> Result<(), NotifyError> {
    let (id, timestamp) = (message.notice.id.clone(), message.now.timestamp().to_string());
    let body = body(message)?;
    let signature = secret.map(|s| sign(&s.read()?, &id, &timestamp, &body)).transpose()?;
    let mut headers = vec![
        ("content-type", "application/cloudevents+json; charset=utf-8"),
        ("webhook-id", id.as_str()),
        ("webhook-timestamp", timestamp.as_str()),
    ];
    headers.extend(signature.as_deref().map(|s| ("webhook-signature", s)));
    post(&url.read()?, &headers, &body, retry)
}

fn body(message: &Message<'_>) -> Result<String, NotifyError> {
    let complete = written(&event(message, false))?;
    if complete.len() <= EVENT_BYTES {
        return Ok(complete);
    }
    written(&event(message, true))
}

/// Returns the event; `is_short` cuts its lists and texts and says so with `shortened`.
fn event(message: &Message<'_>, is_short: bool) -> Value {
    let alert = message.alert;
    let mut data = json!({
        "alert_id": alert.id,
        "status": alert.status,
        "detected_at": alert.detected_at,
        "estate": message.estate,
        "anomaly": alert.anomaly,
    });
    if is_short {
        shorten(&mut data);
        data["shortened"] = Value::Bool(true);
    }
    json!({
        "specversion": "1.0",
        "id": message.notice.id,
        "source": "cost",
        "type": format!("cost.anomaly.{}", message.notice.event.as_str()),
        "subject": alert.id,
        "time": message.now.to_rfc3339(),
        "datacontenttype": "application/json",
        "data": data,
    })
}

/// Writes an event so that a name cannot deceive whoever reads it in a log.
fn written(event: &Value) -> Result<String, NotifyError> {
    let text = serde_json::to_string(event).map_err(|e| NotifyError::Message(e.to_string()))?;
    Ok(visible_json(&text).into_owned())
}

/// Cuts texts and lists to a length that always fits.
fn shorten(value: &mut Value) {
    match value {
        Value::String(text) => *text = cut(text, TEXT_CHARS),
        Value::Array(list) => {
            list.truncate(MOST_ITEMS);
            list.iter_mut().for_each(shorten);
        }
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Returns the signature of a body.
///
/// # Errors
/// [`NotifyError::Secret`] if the secret begins with `whsec_` and the rest is not base64.
fn sign(secret: &str, id: &str, timestamp: &str, body: &str) -> Result<String, NotifyError> {
    let key = match secret.strip_prefix(PREFIX) {
        Some(key) => STANDARD.decode(key).map_err(|_| {
            NotifyError::Secret(format!(
                "the signing secret begins with {PREFIX}, but the rest is not base64"
            ))
        })?,
        None => secret.as_bytes().to_vec(),
    };
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let tag = hmac::sign(&key, format!("{id}.{timestamp}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(tag.as_ref())))
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
        let signed = signed.expect("a key");
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let wrong = super::sign("whsec_not base64", "m", "1", "b").expect_err("no base64");
        assert!(matches!(wrong, crate::NotifyError::Secret(_)));
        assert!(!wrong.is_permanent());
    }

    #[test]
    fn long_texts_and_lists_are_cut() {
        let mut value = serde_json::json!({"a": "x".repeat(500), "b": vec![1; 50]});
        super::shorten(&mut value);
        assert_eq!(value["b"].as_array().map(Vec::len), Some(10));
        assert!(value["a"].as_str().is_some_and(|t| t.ends_with("… (shortened)")));
    }
}
