//! Log of every attempt of a call: operation, account, region, and status, but never the content of
//! requests and responses.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::FinalizerInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use tracing::debug;

use crate::call::Place;

/// Interceptor that logs the attempts of calls to one account and region.
#[derive(Clone, Debug)]
pub(crate) struct AttemptLog {
    account: Option<String>,
    region: Option<String>,
}

impl AttemptLog {
    pub(crate) fn of(place: &Place) -> Self {
        Self { account: place.account.clone(), region: place.region.clone() }
    }
}

impl Intercept for AttemptLog {
    fn name(&self) -> &'static str {
        "attempts are logged"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(metadata) = cfg.load::<Metadata>() else { return Ok(()) };
        debug!(
            service = metadata.service(),
            operation = metadata.name(),
            account = self.account,
            region = self.region,
            attempt = cfg.load::<RequestAttempts>().map(RequestAttempts::attempts),
            // None without a response.
            status = context.response().map(|answer| answer.status().as_u16()),
            "request"
        );
        Ok(())
    }
}
