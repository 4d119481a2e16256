//! Limits of an answer while it is read: its size, and the time without a byte.
//!
//! The SDK limits the time of an attempt and of a connection. It holds every answer in memory,
//! however large, and waits for the next byte of a body.

use std::fmt;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::{
    RuntimeComponents, RuntimeComponentsBuilder,
};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::config_bag::ConfigBag;
use cost_core::call_limits::CallLimits;
use tokio::time::timeout;

/// Error for an answer that is larger than the limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TooLarge {
    mib: u32,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the answer is larger than {} MiB; raise the limit with --max-answer", self.mib)
    }
}

impl std::error::Error for TooLarge {}

/// Error for an answer that stopped.
#[derive(Clone, Copy, Debug)]
struct Stopped {
    seconds: u64,
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the answer stopped for {} s", self.seconds)
    }
}

impl std::error::Error for Stopped {}

/// HTTP client whose answers are complete and in memory, within the limits. Not for downloads.
#[derive(Clone, Debug)]
pub(crate) struct Bounded {
    pub(crate) client: SharedHttpClient,
    pub(crate) limits: CallLimits,
}

impl HttpClient for Bounded {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let connector = self.client.http_connector(settings, components);
        SharedHttpConnector::new(BoundedConnector { connector, limits: self.limits })
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        cfg: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.client.validate_base_client_config(components, cfg)
    }

    fn validate_final_config(
        &self,
        components: &RuntimeComponents,
        cfg: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.client.validate_final_config(components, cfg)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.client.connector_metadata()
    }
}

#[derive(Debug)]
struct BoundedConnector {
    connector: SharedHttpConnector,
    limits: CallLimits,
}

impl HttpConnector for BoundedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (answer, limits) = (self.connector.call(request), self.limits);
        HttpConnectorFuture::new(async move { read(answer.await?, &limits).await })
    }
}

/// Reads the body of an answer.
async fn read(
    mut response: HttpResponse,
    limits: &CallLimits,
) -> Result<HttpResponse, ConnectorError> {
    let most = limits.answer_bytes();
    let too_large = || ConnectorError::other(TooLarge { mib: limits.answer_mib }.into(), None);
    let mut body = ByteStream::new(response.take_body());
    let stated = usize::try_from(body.size_hint().0).unwrap_or(usize::MAX);
    if stated > most {
        return Err(too_large());
    }
    let mut all: Vec<u8> = Vec::with_capacity(stated);
    loop {
        match timeout(limits.idle, body.try_next()).await {
            Ok(Ok(Some(bytes))) if all.len() + bytes.len() > most => return Err(too_large()),
            Ok(Ok(Some(bytes))) => all.extend_from_slice(&bytes),
            Ok(Ok(None)) => break,
            Ok(Err(broken)) => return Err(ConnectorError::io(broken.into())),
            Err(_) => {
                let seconds = limits.idle.as_secs();
                return Err(ConnectorError::timeout(Stopped { seconds }.into()));
            }
        }
    }
    *response.body_mut() = SdkBody::from(all);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::http::StatusCode;

    use super::*;

    fn answer(mib: usize, limit: u32) -> Result<usize, String> {
        let mut limits = CallLimits::default();
        limits.answer_mib = limit;
        let status = StatusCode::try_from(200).map_err(|e| e.to_string())?;
        let response = HttpResponse::new(status, SdkBody::from(vec![b'x'; mib << 20]));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let read = runtime.map_err(|e| e.to_string())?.block_on(read(response, &limits));
        let read = read.map_err(|e| e.into_source().to_string())?;
        Ok(read.body().bytes().map_or(0, <[u8]>::len))
    }

    #[test]
    fn an_answer_has_at_most_the_size_of_the_limit() {
        assert_eq!(answer(2, 2), Ok(2_097_152));
        let refused = answer(3, 2).expect_err("too large");
        assert_eq!(refused, "the answer is larger than 2 MiB; raise the limit with --max-answer");
    }
}
