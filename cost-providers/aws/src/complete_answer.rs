//! Check for incomplete answers: the SDK reads XML that ends too early as if the rest were empty.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Checks the end of every XML answer. Incomplete JSON and CBOR do not parse.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CompleteAnswer;

impl Intercept for CompleteAnswer {
    fn name(&self) -> &'static str {
        "complete answers only"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match context.response().body().bytes() {
            Some(body) if is_cut(body) => Err("the answer is incomplete".into()),
            _ => Ok(()),
        }
    }
}

/// Whether a body is XML with an unclosed root element.
fn is_cut(body: &[u8]) -> bool {
    let text = body.trim_ascii();
    let prolog = text.starts_with(b"<?").then(|| text.windows(2).position(|w| w == b"?>"));
    let text = match prolog {
        Some(Some(end)) => text[end + 2..].trim_ascii_start(),
        Some(None) => return true,
        None => text,
    };
    let Some(rest) = text.strip_prefix(b"<") else { return prolog.is_some() };
    let root = rest
        .split(|b| b.is_ascii_whitespace() || *b == b'>' || *b == b'/')
        .next()
        .unwrap_or_default();
    let closing = [b"</", root, b">"].concat();
    let empty = rest.ends_with(b"/>") && !rest.contains(&b'<');
    !(empty || text.ends_with(&closing))
}

#[cfg(test)]
mod tests {
    use super::is_cut;

    #[test]
    fn xml_is_complete_if_its_root_is_closed() {
        let complete = "<?xml version=\"1.0\"?>\n<A xmlns=\"x\"><volumeSet/><id>vol-1</id></A>\n";
        assert!(!is_cut(complete.as_bytes()));
        let text = complete.trim_end();
        for end in 1..text.len() {
            assert!(is_cut(&text.as_bytes()[..end]), "{}", &text[..end]);
        }
        for other in ["", "{\"a\":1", "<A/>", "<A b=\"c\" />"] {
            assert!(!is_cut(other.as_bytes()), "{other}");
        }
    }
}
