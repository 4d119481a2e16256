//! Check of every request against the list of operations, and a count of requests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use cost_provider_api::RequestsMade;

use crate::operation::{Operation, declared};

/// Requests by operation, including retries, which is what AWS charges for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts(Arc<Mutex<BTreeMap<&'static str, RequestsMade>>>);

impl Counts {
    fn add(&self, operation: &'static Operation) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let none = || RequestsMade::none(operation.action, operation.cents);
        counts.entry(operation.action).or_insert_with(none).count += 1;
    }

    /// Returns the requests so far, in the order of their actions.
    pub(crate) fn so_far(&self) -> Vec<RequestsMade> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}

/// Refuses undeclared operations before the request is sent.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    pub(crate) counts: Counts,
}

impl Intercept for Guard {
    fn name(&self) -> &'static str {
        "declared operations only"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(metadata) = cfg.load::<Metadata>() else {
            return Err("a request without an operation".into());
        };
        let Some(operation) = declared(metadata.service(), metadata.name()) else {
            return Err(format!(
                "{}:{} is not a declared operation; the request was not sent",
                metadata.service(),
                metadata.name()
            )
            .into());
        };
        self.counts.add(operation);
        Ok(())
    }
}
